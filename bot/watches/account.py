"""What the account says of itself: webhooks that were given up, and how much is billed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.detect import threshold
from bot.detect.spell import Pace, Sign, Spell, State, step
from bot.detect.threshold import Threshold
from bot.detect.verdict import Evidence, Side, Why, judged
from bot.facts import Line, Trouble
from bot.sources.periods import Days
from bot.sources.source import Hook, Source
from bot.watches.look import Kept
from bot.watches.memory import Memory
from bot.watches.opinion import Opinion, Thought
from bot.watches.watch import Beyond, Condition, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class HooksSeen:
    """The webhooks of a site."""

    hooks: tuple[Hook, ...]

    def judge(self, watch: Watch, kept: Kept, memory: Memory) -> Thought:
        """Open a trouble for each event whose webhooks were all given up, until one is on or none is left."""
        off = _off(self.hooks)
        known = {subject for subject, spell in memory.spells.items() if spell.state is not State.OK}
        opinions = (self._opinion(watch, event, event in off, kept, memory) for event in sorted(off | known))
        return Thought(opinions=tuple(opinions), note=memory.note)

    def _opinion(self, watch: Watch, event: str, off: bool, kept: Kept, memory: Memory) -> Opinion:
        spell = step(memory.spell(event), Sign.BAD if off else Sign.BACK, kept.now, Pace(hold=watch.hold))
        evidence = Evidence(value=0 if off else 1, subject=event)
        answer = judged(
            spell if spell.state is not State.OK else Spell(),
            kept.now,
            bad=Why.SILENT,
            fine=Why.HEARD,
            side=Side.DOWN,
            evidence=evidence,
        )
        number = "working webhooks"
        return Opinion(judged=answer, number=number, subject=event, content=_said(event, off=off))

    def picture(self, watch: Watch, kept: Kept, opinion: Opinion) -> Line | None:
        """Return none."""
        return None


def _off(hooks: tuple[Hook, ...]) -> set[str]:
    """Return the events that reach nobody any more."""
    on = {hook.event for hook in hooks if hook.active is not False}
    return {hook.event for hook in hooks} - on


def _said(event: str, *, off: bool) -> Trouble:
    if off:
        return Trouble(
            what=f"The webhook of “{event}” is switched off",
            why="Pirsch gives one up after more than a hundred failed deliveries, and repeats none of them.",
            remedy="Save it again at Pirsch, under Integration, when the bot is well: `pirsch-bot doctor`.",
        )
    return Trouble(
        what=f"The webhook of “{event}” is no longer switched off",
        why="Pirsch says that it is on, or that it is gone.",
        remedy="Nothing to do. `pirsch-bot losses` has what did not come meanwhile.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhooks:
    """Webhooks that the vendor has given up."""

    name: str = "webhooks"
    conditions: tuple[type[Condition] | None, ...] = (None,)
    reads: str = "the list of webhooks"
    every: timedelta = timedelta(minutes=30)
    calls: int = 1
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()

    def mistakes(self, watch: Watch) -> list[tuple[str, str]]:
        """Return nothing: it takes no keys."""
        return []

    def part(self, watch: Watch) -> None:
        """Keep no hours."""

    def read(self, watch: Watch, source: Source, now: datetime) -> HooksSeen:
        """Ask for all of them."""
        return HooksSeen(hooks=source.hooks())


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageSeen:
    """What is billed in the running month."""

    views: int

    def judge(self, watch: Watch, kept: Kept, memory: Memory) -> Thought:
        """Judge the number against the owner's limit."""
        if not isinstance(watch.condition, Beyond):
            raise TypeError(f"usage is not judged by {watch.condition}")
        rule = Threshold(
            side=watch.condition.side,
            limit=watch.condition.limit,
            recovery=watch.condition.recovery,
            pace=Pace(hold=watch.hold),
        )
        answer = threshold.look(rule, self.views, kept.now, memory.spell())
        return Thought(opinions=(Opinion(judged=answer, number="billed page views this month"),))

    def picture(self, watch: Watch, kept: Kept, opinion: Opinion) -> Line | None:
        """Return none."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """The page views that are billed in the running month."""

    name: str = "usage"
    conditions: tuple[type[Condition] | None, ...] = (Beyond,)
    reads: str = "the billed page views of the running month"
    every: timedelta = timedelta(hours=6)
    calls: int = 1
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()

    def mistakes(self, watch: Watch) -> list[tuple[str, str]]:
        """Return nothing: the limit says it all."""
        return []

    def part(self, watch: Watch) -> None:
        """Keep no hours."""

    def read(self, watch: Watch, source: Source, now: datetime) -> UsageSeen:
        """Ask for the month up to today."""
        today = source.today()
        return UsageSeen(views=source.billed(Days(first=today.replace(day=1), last=today)))
