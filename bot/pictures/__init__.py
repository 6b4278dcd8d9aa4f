"""Pictures drawn: one drawing for mails, Slack and pages, and one sentence with the same facts."""

from bot.pictures.draw import png, svg
from bot.pictures.sentence import sentence
from bot.pictures.terminal import sparkline

__all__ = ["png", "sentence", "sparkline", "svg"]
