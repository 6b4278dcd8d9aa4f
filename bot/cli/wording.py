"""What a message says, in one line: the owner's words, or plain ones where those are broken."""

from jinja2 import TemplateError

from bot.facts import Notice
from bot.render import builtin, shipped
from bot.render.environments import environments
from bot.settings import Settings
from bot.writing.text import cut, oneline

HEADLINE = "words/headline.txt"
LONGEST = 150
BROKEN = (TemplateError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class Wording:
    """Headlines of notices. `broken` holds what is wrong with the owner's templates."""

    def __init__(self, settings: Settings) -> None:
        folders = [settings.bot.templates] if settings.bot.templates is not None else []
        self._environment = environments([*folders, shipped()], settings.formats()).text
        self.broken: set[str] = set()

    def line(self, notice: Notice) -> str:
        """Return the line that says it all."""
        try:
            template = self._environment.get_template(HEADLINE)
            words = oneline(template.render(notice=notice, content=notice.content, late=None))
        except BROKEN as error:
            self.broken.add(f"{HEADLINE} for {notice.kind}: {oneline(error)}")
            words = ""
        return cut(words or builtin.headline(notice), LONGEST)
