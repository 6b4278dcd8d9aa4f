"""Conversion goals as events: what was seen of them (`book`), and what became of one (`decide`, pure).

A vendor tells nobody but by mail that a goal was reached, and may delete it in that moment. So goals are
looked at again and again, and what is found out is an event of our own, in one transaction with what was
known before and after.
"""

from bot.goals.book import learn, lock, tied
from bot.goals.decide import Known, Look, Reached, Seen, decide

__all__ = ["Known", "Look", "Reached", "Seen", "decide", "learn", "lock", "tied"]
