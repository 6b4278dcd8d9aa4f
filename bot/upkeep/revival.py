"""When a webhook that Pirsch switched off is switched on again. Pure.

Pirsch switches one off after more than a hundred failed deliveries. Whoever saves it again while the bot does
not answer burns the next hundred; so the bot first asks itself, from outside, whether it answers. And not at
every look: three times a day, further apart each time, and then a person has to see why.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

MOST_A_DAY = 3
DAY = timedelta(days=1)
APART = timedelta(minutes=15)


class Revival(StrEnum):
    """Whether it is switched on again now."""

    NOW = "the bot answers at its public address: it is switched on again"
    UNHEALTHY = "the bot does not answer at its public address"
    NOT_YET = "it was switched on a little while ago"
    ENOUGH = "it was switched on three times today, and did not stay on: a person has to see why"


def decide(answers: bool, revived_at: Sequence[datetime], now: datetime) -> Revival:
    """Say whether to switch a webhook on, given when that was done before, in order."""
    today = [at for at in revived_at if now - at < DAY]
    if len(today) >= MOST_A_DAY:
        return Revival.ENOUGH
    if today and now - today[-1] < APART * 4 ** (len(today) - 1):
        return Revival.NOT_YET
    return Revival.NOW if answers else Revival.UNHEALTHY
