"""What counts for alerts besides themselves: how people want to be told, silences, and what explains what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.alerts.inhibition import Cause, explaining
from bot.alerts.life import Hush, Mute
from bot.alerts.silences import Silence
from bot.alerts.subject import Subject
from bot.alerts.timers import NEVER, Timer
from bot.detect.flapping import Flapping
from bot.facts import Reason, Severity, Vendor


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How the owner wants to be told.

    `timers` are those of single rules, by name; `watch_timers` are those of watches, apart from them because
    a watch may have the name of a rule. `settle` is how long what another alert explained may take to
    recover after that one ended. `vendors` count the sites: one that is away explains nothing of another's.
    """

    timer: Timer = field(default_factory=Timer)
    timers: Mapping[str, Timer] = field(default_factory=dict)
    watch_timers: Mapping[str, Timer] = field(default_factory=dict)
    flapping: Flapping = field(default_factory=lambda: Flapping(changes=5, within=timedelta(hours=6)))
    settle: timedelta = timedelta(hours=1)
    silences: tuple[Silence, ...] = ()
    vendors: Mapping[str, Vendor] = field(default_factory=dict)

    def timer_of(self, subject: Subject) -> Timer:
        """Return the one timer of an alert. Nobody is reminded of what is only for information."""
        if subject.severity is Severity.INFO:
            return NEVER
        timers = self.watch_timers if subject.measured else self.timers
        return timers.get(subject.rule or "", self.timer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The policy, the silences that people made besides it, and the alerts that explain others."""

    policy: Policy = field(default_factory=Policy)
    silences: tuple[Silence, ...] = ()
    causes: tuple[Cause, ...] = ()

    def hush(self, subject: Subject, mute: Mute | None, now: datetime) -> Hush | None:
        """Return what keeps an alert quiet now: a person, or else a silence, or else what explains it."""
        if mute is not None and now < mute.until_at:
            return Hush(reason=Reason.MUTED, why=f"muted by {mute.by}", until_at=mute.until_at)
        return self._silenced(subject, now) or self._inhibited(subject, now)

    def next_silence_at(self, subject: Subject, now: datetime) -> datetime | None:
        """Return when the next silence that means this alert begins."""
        begin = [at for one in self._meant(subject) if (at := one.when.next_at(now)) is not None]
        return min(begin, default=None)

    def _silenced(self, subject: Subject, now: datetime) -> Hush | None:
        ends = [(at, one.name) for one in self._meant(subject) if (at := one.when.ends_at(now)) is not None]
        if not ends:
            return None
        until_at, name = max(ends)
        return Hush(reason=Reason.SILENCED, why=f"silence “{name}”", until_at=until_at)

    def _inhibited(self, subject: Subject, now: datetime) -> Hush | None:
        found = explaining(subject, self.causes, self.policy.settle, now, self.policy.vendors)
        if found is None:
            return None
        cause, name = found
        until_at = None if cause.ended_at is None else cause.ended_at + self.policy.settle
        return Hush(reason=Reason.INHIBITED, why=name, until_at=until_at, cause=cause.alert)

    def _meant(self, subject: Subject) -> Iterator[Silence]:
        return (one for one in (*self.policy.silences, *self.silences) if one.matches(subject))
