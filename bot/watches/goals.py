"""A conversion goal within its week or month: will it be met, at this pace?

So far S visitors came in a part of the period, so the rest brings as many by the rate, and how many exactly
is as uncertain as S is small: a negative binomial of size S + 1/2. Of days that swing, a spread of their own
is added. Trouble is when what is missing is this improbable. Nothing is said in the first fifth of a period.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.detect import threshold
from bot.detect.spell import Pace, Sign, Spell, step
from bot.detect.tails import tails
from bot.detect.threshold import Threshold
from bot.detect.verdict import Evidence, Judged, Side, Why, judged, unread
from bot.facts import Line
from bot.sources.errors import Gone
from bot.sources.periods import DAY, Days, stretch
from bot.sources.source import GoalState, Source, Target
from bot.watches.look import Kept
from bot.watches.memory import Memory
from bot.watches.opinion import Opinion, Stretch, Thought
from bot.watches.watch import Beyond, Condition, Watch

MISSED_BELOW = 0.05
"""The chance of still reaching it below which a goal is called missed; it is over above a quarter."""

BACK_ABOVE = 0.25
FIRST_PART = 0.2
_DAYS_SWING = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A goal within a period of so many days, of which so many are over."""

    goal: GoalState
    period: Days
    over: int
    stretch: Stretch

    @property
    def part(self) -> float:
        """How much of the period is over."""
        return self.over / len(self.period)

    @property
    def expected(self) -> float | None:
        """How many visitors it comes to, at this pace."""
        return self.goal.visitors / self.part if self.over else None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalSeen:
    """The goal as it stands after the last whole day; None when the period has just begun."""

    course: Course | None

    def judge(self, watch: Watch, kept: Kept, memory: Memory) -> Thought:
        """Judge the number against a limit, or else the pace against the goal's own target."""
        spell, course = memory.spell(), self.course
        if course is None:
            answer = unread(Why.NOT_COMPLETE, kept.now, spell)
        elif isinstance(watch.condition, Beyond):
            rule = Threshold(
                side=watch.condition.side,
                limit=watch.condition.limit,
                recovery=watch.condition.recovery,
                pace=Pace(hold=watch.hold),
            )
            answer = threshold.look(rule, course.goal.visitors, course.stretch.until_at, spell)
        else:
            answer = pace(course, spell, Pace(hold=watch.hold))
        number = f"visitors who reached “{watch.goal}”"
        over = None if course is None else course.stretch
        return Thought(opinions=(Opinion(judged=answer, number=number, over=over),), note=memory.note)

    def picture(self, watch: Watch, kept: Kept, opinion: Opinion) -> Line | None:
        """Return none: a goal is no course of hours."""
        return None


def pace(course: Course, spell: Spell, how: Pace) -> Judged:
    """Judge whether a goal will be met at the end of its period."""
    at, target = course.stretch.until_at, course.goal.visitors_target
    if target is None or course.part < FIRST_PART:
        return unread(Why.TOO_FEW, at, spell)
    chance = still(course, target)
    sign = Sign.BAD if chance < MISSED_BELOW else Sign.BACK if chance >= BACK_ABOVE else Sign.BETWEEN
    evidence = Evidence(
        value=course.goal.visitors,
        expected=target.wanted * course.part,
        limit=target.wanted,
        window=course.over * DAY,
        chance=chance,
    )
    spell = step(spell, sign, at, how)
    return judged(spell, at, bad=Why.FELL, fine=Why.USUAL, side=Side.DOWN, evidence=evidence)


def still(course: Course, target: Target) -> float:
    """Return the chance that the rest of the period brings what is missing."""
    missing = round(target.wanted) - course.goal.visitors
    if missing <= 0:
        return 1.0
    if course.part >= 1:
        return 0.0
    size = course.goal.visitors + 0.5
    mean = size * (1 - course.part) / course.part
    left = len(course.period) - course.over
    return tails(missing, mean, 1 / size + _DAYS_SWING / left).high


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One goal, counted within its week or month and judged once a day."""

    name: str = "goal"
    conditions: tuple[type[Condition] | None, ...] = (None, Beyond)
    reads: str = "all goals within the running week or month"
    every: timedelta = timedelta(hours=6)
    calls: int = 1
    needs: frozenset[str] = frozenset({"goal"})
    takes: frozenset[str] = frozenset({"period"})

    def mistakes(self, watch: Watch) -> list[tuple[str, str]]:
        """Return what is wrong with `period`."""
        short = [("period", "a goal is counted within a week or a month")]
        return short if watch.period == "day" else []

    def part(self, watch: Watch) -> None:
        """Keep no hours."""

    def read(self, watch: Watch, source: Source, now: datetime) -> GoalSeen:
        """Ask for the goals of the period, up to yesterday. Raise Gone when there is no such goal."""
        today = source.today()
        period = running(today, watch.period or "month")
        if period.first == today:
            return GoalSeen(course=None)
        over = Days(first=period.first, last=today - DAY)
        goal = next((one for one in source.goals(over) if watch.goal in (one.name, one.id)), None)
        if goal is None:
            raise Gone(f"there is no goal called {watch.goal}")
        since_at, until_at = stretch(over, source.zone)
        between = Stretch(since_at=since_at, until_at=until_at)
        return GoalSeen(course=Course(goal=goal, period=period, over=len(over), stretch=between))


def running(today: date, period: str) -> Days:
    """Return the week (from Monday) or the month that `today` belongs to."""
    if period == "week":
        first = today - today.weekday() * DAY
        return Days(first=first, last=first + 6 * DAY)
    first = today.replace(day=1)
    return Days(first=first, last=first + (monthrange(first.year, first.month)[1] - 1) * DAY)
