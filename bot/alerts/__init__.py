"""Lasting troubles, from their beginning to their end.

Pure: what is remembered of one (`life`), what counts besides it (`around`: `timers`, `silences`, `weekly`,
`inhibition`), and when it is news (`decide`). In the store: deciding and remembering (`note`), what people do
(`deeds`, `silencing`), what happened (`history`), and looking (`book`, `looking`).
"""

from bot.alerts.around import Around, Policy
from bot.alerts.book import Alert, find, is_first, latest, standing, within
from bot.alerts.decide import after, decide, due_at
from bot.alerts.deeds import Done, acknowledge, mute, unmute
from bot.alerts.inhibition import Cause
from bot.alerts.life import Deed, Life, Mute
from bot.alerts.looking import look_around
from bot.alerts.note import Noted, attend, close, note
from bot.alerts.once import first_time, first_today, told_before
from bot.alerts.pruning import prune
from bot.alerts.saying import notice_of, standing_of
from bot.alerts.silences import Silence, Span
from bot.alerts.subject import Subject
from bot.alerts.timers import NEVER, Timer
from bot.alerts.waking import wake_all
from bot.alerts.weekly import Weekly

__all__ = [
    "NEVER",
    "Alert",
    "Around",
    "Cause",
    "Deed",
    "Done",
    "Life",
    "Mute",
    "Noted",
    "Policy",
    "Silence",
    "Span",
    "Subject",
    "Timer",
    "Weekly",
    "acknowledge",
    "after",
    "attend",
    "close",
    "decide",
    "due_at",
    "find",
    "first_time",
    "first_today",
    "is_first",
    "latest",
    "look_around",
    "mute",
    "note",
    "notice_of",
    "prune",
    "standing",
    "standing_of",
    "told_before",
    "unmute",
    "wake_all",
    "within",
]
