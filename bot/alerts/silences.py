"""Who wants to hear nothing of what, and when."""

from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from bot.alerts.subject import Subject
from bot.alerts.weekly import Weekly
from bot.facts import Severity

_LOUDNESS = list(Severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Once, from an instant until another."""

    from_at: datetime
    until_at: datetime

    def ends_at(self, now: datetime) -> datetime | None:
        """Return when it is over, if `now` lies in it."""
        return self.until_at if self.from_at <= now < self.until_at else None

    def next_at(self, now: datetime) -> datetime | None:
        """Return when it begins, if it has not yet."""
        return self.from_at if now < self.from_at < self.until_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Keeps quiet what it matches, while it lasts. What it leaves open matches everything.

    `rule` is the name of a rule or a watch, or a glob. `severity` means this one and whatever is less severe.
    """

    name: str
    when: Span | Weekly
    site: str | None = None
    rule: str | None = None
    severity: Severity | None = None

    def matches(self, subject: Subject) -> bool:
        """Whether it means this trouble. The bot's own are never meant."""
        return (
            not subject.ours
            and (self.site is None or self.site == subject.site)
            and (self.rule is None or fnmatchcase(subject.rule or "", self.rule))
            and (self.severity is None or _loudness(subject.severity) <= _loudness(self.severity))
        )


def _loudness(severity: Severity) -> int:
    return _LOUDNESS.index(severity)
