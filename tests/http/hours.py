"""Time that passes only when somebody sleeps."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.http.timing import Timing

NOON = datetime(2026, 5, 11, 12, 0, tzinfo=UTC)


@dataclass(slots=True)
class Hours:
    """A clock for one test. Sleeping moves it on and takes no time."""

    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return 1_000.0 + self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def middle(self, low: float, high: float) -> float:
        return (low + high) / 2

    @property
    def timing(self) -> Timing:
        return Timing(now=self.now, monotonic=self.monotonic, sleep=self.sleep, dice=self.middle)
