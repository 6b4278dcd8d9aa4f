"""Who is there now: a limit on the active visitors, and spikes as they happen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.detect import threshold
from bot.detect.chance import once_in
from bot.detect.expected import Baseline
from bot.detect.hours import HOUR
from bot.detect.spell import Pace, Sign, Spell, step
from bot.detect.swings import swinging
from bot.detect.tails import plausible
from bot.detect.verdict import Evidence, Judged, Side, Why, judged, unread
from bot.facts import Line
from bot.sources.source import Active as ActiveNow
from bot.sources.source import Source
from bot.watches.drawing import last_hours
from bot.watches.hourly import threshold_rule, unusual_rule
from bot.watches.look import Kept, Part
from bot.watches.memory import Memory
from bot.watches.opinion import Opinion, Stretch, Thought
from bot.watches.watch import Beyond, Condition, Unusual, Watch

EVERY = timedelta(minutes=5)
WITHIN = timedelta(minutes=10)
_LOOKS_A_DAY = 288
_BACK_RATIO = 1.25
_NUMBER = "active visitors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Active:
    """The visitors of the last minutes, against a limit."""

    name: str = "active"
    conditions: tuple[type[Condition] | None, ...] = (Beyond,)
    reads: str = "the active visitors"
    every: timedelta = EVERY
    calls: int = 1
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset({"within"})

    def mistakes(self, watch: Watch) -> list[tuple[str, str]]:
        """Return what is wrong with `within`."""
        within = watch.within or WITHIN
        if not timedelta(minutes=1) <= within <= HOUR:
            return [("within", "active visitors are told for 1m to 1h")]
        return []

    def part(self, watch: Watch) -> Part | None:
        """Return none: the moment is enough."""
        return None

    def read(self, watch: Watch, source: Source, now: datetime) -> "SeenNow":
        """Ask who is there."""
        return SeenNow(active=source.active(watch.within or WITHIN))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spike:
    """More visitors within the last hour than chance brings at this hour of the week; told while it lasts."""

    name: str = "spike"
    conditions: tuple[type[Condition] | None, ...] = (Unusual,)
    reads: str = "the visitors of the last hour, and the hours of today"
    every: timedelta = EVERY
    calls: int = 1
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()

    def mistakes(self, watch: Watch) -> list[tuple[str, str]]:
        """Return what is wrong with a side: a spike is a rise."""
        if isinstance(watch.condition, Unusual) and watch.condition.side is Side.DOWN:
            return [("unusual", 'a spike is a rise: leave side = "down" out, or watch visitors')]
        return []

    def part(self, watch: Watch) -> Part:
        """Return the visitors: what is usual at this hour."""
        return Part(days=3)

    def read(self, watch: Watch, source: Source, now: datetime) -> "SeenNow":
        """Ask who was there within the last hour."""
        return SeenNow(active=source.active(HOUR))


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenNow:
    """Who was there within the last minutes."""

    active: ActiveNow

    def judge(self, watch: Watch, kept: Kept, memory: Memory) -> Thought:
        """Judge the moment."""
        at, spell = self.active.at, memory.spell()
        match watch.condition:
            case Beyond() as wanted:
                rule = threshold_rule(wanted, watch.hold)
                judged_ = threshold.look(rule, float(self.active.visitors), at, spell)
            case Unusual() as wanted:
                judged_ = self._spike(wanted, watch.hold, kept.baseline, spell)
            case _:
                raise ValueError(f"the moment is not judged by {watch.condition}")
        over = Stretch(since_at=at - self.active.within, until_at=at)
        return Thought(opinions=(Opinion(judged=judged_, number=_NUMBER, over=over),))

    def picture(self, watch: Watch, kept: Kept, opinion: Opinion) -> Line | None:
        """Return the last two days, where they are kept."""
        return None if kept.hours is None else last_hours("visitors", kept.hours, kept.baseline, opinion)

    def _spike(self, wanted: Unusual, hold: timedelta, baseline: Baseline | None, spell: Spell) -> Judged:
        """Judge the last hour, which lies across two hours of the wall.

        A site is asked twelve times an hour and each hour counts once: the looks of one hour see almost the
        same visitors, so alpha is that of one look an hour.
        """
        at, got = self.active.at, self.active.visitors
        if baseline is None:
            return unread(Why.HISTORY_TOO_SHORT, at, spell)
        rule = unusual_rule(wanted, hold)
        mean = _expected(baseline, at)
        chance = swinging(got, mean, baseline.spread(1)).high
        large = got >= rule.ratio * mean and got - mean >= rule.least_difference
        news = large and chance < rule.alpha(Side.UP, 1, baseline.days)
        sign = Sign.BAD if news else Sign.BACK if got <= _BACK_RATIO * mean or not large else Sign.BETWEEN
        low, high = plausible(mean, baseline.spread(1))
        evidence = Evidence(
            value=got,
            expected=mean,
            window=HOUR,
            plausible_low=low,
            plausible_high=high,
            chance=chance,
            once_in=once_in(chance, _LOOKS_A_DAY / 12),
        )
        pace = Pace(hold=hold, calm=HOUR / 2)
        after = step(spell, sign, at, pace)
        return judged(after, at, bad=Why.UNUSUALLY_HIGH, fine=Why.USUAL, side=Side.UP, evidence=evidence)


def _expected(baseline: Baseline, at: datetime) -> float:
    """Return how many visitors are usual in the hour before an instant."""
    share = (at - at.replace(minute=0, second=0, microsecond=0)) / HOUR
    return baseline.expected(at) * share + baseline.expected(at - HOUR) * (1 - share)
