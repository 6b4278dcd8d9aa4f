"""Above or below a number that the owner chose, with a number at which it is over."""

from dataclasses import dataclass
from datetime import datetime

from bot.detect.spell import AT_ONCE, Pace, Sign, Spell, step
from bot.detect.verdict import Evidence, Judged, Side, Why, judged, unread


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """Trouble while the value is beyond `limit`; over when it is back at `recovery` or better.

    Without `recovery` the limit itself is where it is over. Raises ValueError when `recovery` lies on the
    wrong side of the limit: the trouble could begin and end at once.
    """

    side: Side
    limit: float
    recovery: float | None = None
    pace: Pace = AT_ONCE

    def __post_init__(self) -> None:
        if self.recovery is not None and self._beyond(self.recovery, self.limit):
            raise ValueError("the recovery value lies beyond the limit")

    def sign(self, value: float) -> Sign:
        """Return what a value says: exactly the limit is not yet beyond it."""
        if self._beyond(value, self.limit):
            return Sign.BAD
        recovery = self.limit if self.recovery is None else self.recovery
        return Sign.BETWEEN if self._beyond(value, recovery) else Sign.BACK

    def _beyond(self, value: float, limit: float) -> bool:
        return value > limit if self.side is Side.UP else value < limit


def look(rule: Threshold, value: float | None, at: datetime, spell: Spell) -> Judged:
    """Judge one value of a period that was complete at `at`; None when there was none."""
    if value is None:
        return unread(Why.NOT_COMPLETE, at, spell)
    spell = step(spell, rule.sign(value), at, rule.pace)
    bad = Why.OVER_THE_LIMIT if rule.side is Side.UP else Why.UNDER_THE_LIMIT
    evidence = Evidence(value=value, limit=rule.limit)
    return judged(spell, at, bad=bad, fine=Why.INSIDE_THE_LIMIT, side=rule.side, evidence=evidence)
