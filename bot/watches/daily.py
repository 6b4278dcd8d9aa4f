"""Numbers of whole days: bounce rate and length of sessions, yesterday beside the four weeks before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.detect import level, proportion, threshold
from bot.detect.level import Level
from bot.detect.proportion import Proportion
from bot.detect.rates import Part as Share
from bot.detect.spell import Pace
from bot.detect.verdict import Judged, Why, unread
from bot.facts import Line, Point
from bot.sources.periods import DAY, bounds, completed
from bot.sources.source import Bucket, Source
from bot.watches.hourly import threshold_rule
from bot.watches.look import Kept, Part
from bot.watches.memory import Memory
from bot.watches.opinion import Opinion, Stretch, Thought
from bot.watches.watch import Beyond, Condition, Unusual, Watch

USUAL_DAYS = 28
READ_DAYS = USUAL_DAYS + 1
EVERY = timedelta(hours=6)
_RATIO, _LEAST_SESSIONS = 1.25, 30
_MOST_ALPHA = 0.01
_DAYS_A_MONTH = 365.25 / 12


def alpha(wanted: Unusual) -> float:
    """Return how improbable a day must be, so that days alone spend the budget."""
    return min(_MOST_ALPHA, wanted.budget.per_month / _DAYS_A_MONTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceRate:
    """The share of sessions that saw one page and went."""

    name: str = "bounce_rate"
    conditions: tuple[type[Condition] | None, ...] = (Unusual, Beyond)
    reads: str = "the last 29 days"
    every: timedelta = EVERY
    calls: int = 1
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()

    def mistakes(self, watch: Watch) -> list[tuple[str, str]]:
        """Return what is wrong with a limit that is no share."""
        if isinstance(watch.condition, Beyond) and watch.condition.limit > 1:
            key = "above" if watch.condition.side == "up" else "below"
            return [(key, 'a share is needed, such as "60%" or 0.6')]
        return []

    def part(self, watch: Watch) -> Part | None:
        """Return none: days are enough."""
        return None

    def read(self, watch: Watch, source: Source, now: datetime) -> "Bounces":
        """Read the days."""
        days = source.sessions(completed(source.today(), READ_DAYS)).completed()
        return Bounces(days=days.buckets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounces:
    """Completed days with their sessions and bounces."""

    days: tuple[Bucket, ...]

    def judge(self, watch: Watch, kept: Kept, memory: Memory) -> Thought:
        """Judge the last day."""
        spell = memory.spell()
        if not self.days:
            return _thought(unread(Why.NOT_COMPLETE, kept.now, spell), watch, None)
        last = self.days[-1]
        before = tuple(one for one in self.days[:-1] if kept.calendar.on(one.day) is None)
        now, usual = _share([last]), _share(before)
        match watch.condition:
            case Beyond() as wanted:
                rate = now.share if now is not None else None
                rule = threshold_rule(wanted, watch.hold)
                judged = threshold.look(rule, rate, last.ends_at, spell)
            case Unusual() as wanted:
                judged = proportion.look(_proportion(wanted, watch.hold), now, usual, last.ends_at, spell)
            case _:
                raise ValueError(f"a bounce rate is not judged by {watch.condition}")
        return _thought(judged, watch, last)

    def picture(self, watch: Watch, kept: Kept, opinion: Opinion) -> Line | None:
        """Return the four weeks."""
        rates = {one.day: one.traffic.bounce_rate for one in self.days}
        return _line("Bounce rate", "%", rates, kept.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDuration:
    """How long a session lasts on average."""

    name: str = "session_duration"
    conditions: tuple[type[Condition] | None, ...] = (Unusual, Beyond)
    reads: str = "the average of each of the last 29 days"
    every: timedelta = EVERY
    calls: int = 1
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()

    def mistakes(self, watch: Watch) -> list[tuple[str, str]]:
        """Return nothing: any number of seconds is a limit."""
        return []

    def part(self, watch: Watch) -> Part | None:
        """Return none: days are enough."""
        return None

    def read(self, watch: Watch, source: Source, now: datetime) -> "Durations":
        """Read the days."""
        return Durations(days=source.session_durations(completed(source.today(), READ_DAYS)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Durations:
    """The average length of the sessions of completed days; days without sessions have none."""

    days: Mapping[date, timedelta]

    def judge(self, watch: Watch, kept: Kept, memory: Memory) -> Thought:
        """Judge the last day."""
        spell, yesterday = memory.spell(), kept.now.astimezone(kept.zone).date() - DAY
        at = bounds(yesterday, kept.zone)[1]
        lengths = {day: length.total_seconds() for day, length in self.days.items()}
        value = lengths.get(yesterday)
        usual = (day for day in lengths if day < yesterday and kept.calendar.on(day) is None)
        before = [lengths[day] for day in usual]
        match watch.condition:
            case Beyond() as wanted:
                judged = threshold.look(threshold_rule(wanted, watch.hold), value, at, spell)
            case Unusual() as wanted:
                judged = level.look(_level(wanted, watch.hold), value, before, at, spell)
            case _:
                raise ValueError(f"a length is not judged by {watch.condition}")
        over = Stretch(since_at=at - DAY, until_at=at)
        number = "for an average session"
        return Thought(opinions=(Opinion(judged=judged, number=number, unit="s", over=over),))

    def picture(self, watch: Watch, kept: Kept, opinion: Opinion) -> Line | None:
        """Return the four weeks."""
        seconds = {day: length.total_seconds() for day, length in self.days.items()}
        return _line("Length of sessions", "s", seconds, kept.zone)


def _share(days: tuple[Bucket, ...] | list[Bucket]) -> Share | None:
    sessions = sum(one.traffic.sessions or 0 for one in days)
    bounces = sum(one.traffic.bounces or 0 for one in days)
    return Share(hits=min(bounces, sessions), trials=sessions) if sessions else None


def _proportion(wanted: Unusual, hold: timedelta) -> Proportion:
    return Proportion(
        side=wanted.side,
        share=(_RATIO if wanted.ratio is None else wanted.ratio) - 1,
        least_trials=wanted.least or _LEAST_SESSIONS,
        confidence=1 - alpha(wanted),
        pace=Pace(hold=hold),
    )


def _level(wanted: Unusual, hold: timedelta) -> Level:
    ratio = _RATIO if wanted.ratio is None else wanted.ratio
    return Level(alpha=alpha(wanted), side=wanted.side, ratio=ratio, pace=Pace(hold=hold))


def _thought(judged: Judged, watch: Watch, last: Bucket | None) -> Thought:
    over = None if last is None else Stretch(since_at=last.starts_at, until_at=last.ends_at)
    opinion = Opinion(judged=judged, number="of the sessions bounced", unit="%", over=over)
    return Thought(opinions=(opinion,))


def _line(title: str, unit: str, values: Mapping[date, float | None], zone: ZoneInfo) -> Line:
    points = tuple(
        Point(at=bounds(day, zone)[0], value=value, marked=day == max(values))
        for day, value in sorted(values.items())
    )
    return Line(title=title, unit=unit, points=points, hourly=False)
