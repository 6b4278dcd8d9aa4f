"""Notice in, words out: the templates of each target, and plain words where a template is broken."""

from bot.render.renderer import MailWords, Renderer, SlackWords, in_dark, shipped

__all__ = ["MailWords", "Renderer", "SlackWords", "in_dark", "shipped"]
