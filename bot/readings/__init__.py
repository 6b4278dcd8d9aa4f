"""Kept numbers: the hours of each site, and what is usual there."""

from bot.readings.days import keep, known, prune, since, watched_since
from bot.readings.usual import GRACE, Usual, Which, remember, usual

__all__ = [
    "GRACE",
    "Usual",
    "Which",
    "keep",
    "known",
    "prune",
    "remember",
    "since",
    "usual",
    "watched_since",
]
