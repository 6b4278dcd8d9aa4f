"""The numbers that nearly every row of statistics has."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.sandbox.pirsch.attributes import has_key, value_of
from bot.sandbox.pirsch.selection import Match

Row = dict[str, object]


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts matches. `metric` is the key and type of a custom metric."""

    metric: tuple[str, str] | None = None
    visitors: set[int] = field(default_factory=set)
    views: int = 0
    sessions: int = 0
    bounces: int = 0
    seconds: int = 0
    amounts: float = 0.0
    measured: int = 0

    def add(self, match: Match) -> None:
        """Count one session's match."""
        self.visitors.add(match.session.visitor.visitor_id)
        self.views += len(match.views)
        self.sessions += 1
        self.bounces += match.session.bounced
        if self.metric:
            for event in match.events:
                if has_key(event.meta, self.metric[0]):
                    self.amounts += number(value_of(event.meta, self.metric[0]), self.metric[1])
                    self.measured += 1

    @property
    def bounce_rate(self) -> float:
        """Bounces per session."""
        return share(self.bounces, self.sessions)

    @property
    def metric_average(self) -> float:
        """Mean of the custom metric."""
        return share(self.amounts, self.measured)

    def row(self, everybody: int = 0) -> Row:
        """Return the fields that `/total` answers; `everybody` are the unique visitors of the period.

        `cr` stays 0 without it: the vendor's is meaningless when nothing is filtered.
        """
        return {
            "visitors": len(self.visitors),
            "views": self.views,
            "sessions": self.sessions,
            "bounces": self.bounces,
            "bounce_rate": self.bounce_rate,
            "cr": share(len(self.visitors), everybody),
            "custom_metric_avg": self.metric_average,
            "custom_metric_total": self.amounts,
        }


def tallied(matches: Iterable[Match], metric: tuple[str, str] | None = None) -> Tally:
    """Count all matches."""
    tally = Tally(metric=metric)
    for match in matches:
        tally.add(match)
    return tally


def share(part: float, whole: float) -> float:
    """Divide, and call nothing of nothing 0."""
    return part / whole if whole else 0.0


def number(text: str, kind: str) -> float:
    """Read a custom metric as the vendor's database does: what is no number counts as 0 ("or zero")."""
    try:
        value = int(text) if kind == "integer" else float(text)
    except ValueError:
        return 0.0
    return value if abs(value) < 1e300 else 0.0
