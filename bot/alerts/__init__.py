"""Lasting troubles: when a finding is news (`decide`, pure), remembering it, and looking at what is open."""

from bot.alerts.book import Alert, close, standing
from bot.alerts.decide import OPEN, RESOLVED, decide
from bot.alerts.note import note
from bot.alerts.once import first_time, first_today, told_before
from bot.alerts.pruning import prune

__all__ = [
    "OPEN",
    "RESOLVED",
    "Alert",
    "close",
    "decide",
    "first_time",
    "first_today",
    "note",
    "prune",
    "standing",
    "told_before",
]
