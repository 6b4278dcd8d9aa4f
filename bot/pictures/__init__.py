"""Pictures drawn: one drawing for mails, Slack and pages, and one sentence with the same facts."""

from bot.pictures.bars import labelled
from bot.pictures.draw import png, svg
from bot.pictures.sentence import sentence
from bot.pictures.terminal import bars, funnel, sparkline

__all__ = ["bars", "funnel", "labelled", "png", "sentence", "sparkline", "svg"]
