"""What a statistics call looks at: one site's record, a moment, and the rows selected."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot.sandbox.pirsch import selection
from bot.sandbox.pirsch.period import Period
from bot.sandbox.pirsch.record import Record
from bot.sandbox.pirsch.selection import Grain, Match, Selection
from bot.sandbox.pirsch.statistics.tally import Tally, tallied


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A selection over a record as it stands at `now`."""

    record: Record
    now: datetime
    selection: Selection

    @property
    def period(self) -> Period:
        """The time in question."""
        return self.selection.period

    def matches(self) -> Iterator[Match]:
        """Yield what is selected."""
        period = self.period
        return self.selection.of(self.record.sessions(period.since, period.until, int(self.now.timestamp())))

    def tally(self) -> Tally:
        """Count what is selected."""
        return tallied(self.matches(), self.selection.metric)

    def everybody(self) -> int:
        """Count the unique visitors of the period, whatever the filters."""
        return len(self.over(selection.everything(self.period)).tally().visitors)

    def over(self, other: Selection) -> "Scope":
        """Look at the same record through another selection."""
        return replace(self, selection=other)

    def during(self, period: Period) -> "Scope":
        """Look at another time through the same filters."""
        return self.over(replace(self.selection, period=period))

    def by(self, grain: Grain) -> "Scope":
        """Look at single views or events, unless the filters already ask for events."""
        if self.selection.grain is Grain.EVENTS:
            return self
        return self.over(replace(self.selection, grain=grain))
