"""Whatever findings, people and time do: states stay consistent, and nobody is told the same thing twice."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot import alerts
from bot.alerts import Around, Cause, Deed, Life, Mute, Policy, Silence, Span, Subject, Timer, Weekly
from bot.detect.flapping import Flapping
from bot.facts import AlertState, Finding, Inhibits, Reason, Severity
from tests.alerts.making import DAY, HOUR, finding
from tests.stores.making import NOON

MINUTE = timedelta(minutes=1)
PAUSES = st.lists(st.sampled_from([5 * MINUTE, HOUR, 4 * HOUR, DAY]), max_size=3).map(
    lambda found: tuple(sorted(found))
)
TIMERS = PAUSES.flatmap(
    lambda pauses: st.integers(max(1, len(pauses)), 5).map(lambda most: Timer(pauses=pauses, most=most))
)
GAPS = st.sampled_from([timedelta(0), MINUTE, 5 * MINUTE, HOUR - MINUTE, HOUR, 4 * HOUR, DAY, 3 * DAY])


class Lives(RuleBasedStateMachine):
    """One alert, and everything that may happen to it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.life: Life | None = None
        self.silences: tuple[Silence, ...] = ()
        self.causes: tuple[Cause, ...] = ()
        self.policy = Policy()
        self.said: list[tuple[datetime, Reason]] = []
        self.ended_quietly = False

    @initialize(timer=TIMERS, changes=st.integers(2, 6), weekly=st.booleans())
    def begin(self, timer: Timer, changes: int, weekly: bool) -> None:
        night = Weekly(
            begins=(NOON + 10 * HOUR).time(),
            ends=(NOON + 18 * HOUR).time(),
            zone=ZoneInfo("UTC"),
            days=frozenset({5, 6, 0}),
        )
        silences = (Silence(name="Nights", when=night),) if weekly else ()
        self.policy = Policy(
            timer=timer, flapping=Flapping(changes=changes, within=6 * HOUR), settle=HOUR, silences=silences
        )

    @property
    def around(self) -> Around:
        return Around(policy=self.policy, silences=self.silences, causes=self.causes)

    @rule(gap=GAPS, holds=st.booleans(), wavering=st.booleans(), severity=st.sampled_from(Severity))
    def look(self, gap: timedelta, holds: bool, wavering: bool, severity: Severity) -> None:
        self.wait(gap)
        self._decide(finding(holds=holds, wavering=wavering, severity=severity, seen_at=self.now))

    @rule(gap=GAPS)
    def wait(self, gap: timedelta) -> None:
        """Time passes, and the schedule ticks whenever something is due."""
        until = self.now + gap
        for _ in range(200):
            due = None if self.life is None else alerts.due_at(self.life, self.around, self.now)
            if due is None or due > until:
                break
            assert due > self.now
            self.now = due
            self._decide(None)
        else:
            raise AssertionError("the schedule would never rest")
        self.now = until

    @rule(length=GAPS)
    def silence(self, length: timedelta) -> None:
        span = Span(from_at=self.now, until_at=self.now + length)
        self.silences = (*self.silences, Silence(name="Once", when=span))[-3:]
        self._decide(None)

    @rule()
    def somebody_ends_all_silences(self) -> None:
        self.silences = ()
        self._decide(None)

    @rule()
    def the_tracker_dies(self) -> None:
        self.causes = (Cause(alert="c", subject=Subject(key="c", site="shop", inhibits=Inhibits.DROPS)),)
        self._decide(None)

    @rule()
    def the_tracker_lives(self) -> None:
        self.causes = tuple(replace(one, ended_at=one.ended_at or self.now) for one in self.causes)
        self._decide(None)

    @precondition(lambda self: self.life is not None and not self.life.over)
    @rule()
    def acknowledge(self) -> None:
        assert self.life is not None
        self.life = replace(self.life, acknowledged=self.life.acknowledged or Deed(by="ada", at=self.now))
        self._settle(Reason.ACKNOWLEDGED, None)

    @precondition(lambda self: self.life is not None and not self.life.over)
    @rule(length=st.sampled_from([MINUTE, HOUR, DAY]))
    def mute(self, length: timedelta) -> None:
        assert self.life is not None
        self.life = replace(self.life, mute=Mute(by="ada", at=self.now, until_at=self.now + length))
        self._settle(Reason.MUTED, None)

    def _decide(self, found: Finding | None) -> None:
        if found is None and self.life is None:
            return
        reason = alerts.decide(self.life, found, self.around, self.now)
        if not (reason is Reason.WAS_NOT_OPEN and (self.life is None or self.life.over)):
            self._settle(reason, found)
            # The same look once more says nothing.
            again = alerts.decide(self.life, found, self.around, self.now)
            assert not again.speaks, (reason, again)

    def _settle(self, reason: Reason, found: Finding | None) -> None:
        before = self.life
        self.life = alerts.after(self.life, reason, found, self.around, self.now)
        hush = self.around.hush(self.life.subject, self.life.mute, self.now)
        if reason.speaks:
            assert hush is None, "nobody speaks in a silence"
            self.said.append((self.now, reason))
        if reason is Reason.REMINDED:
            assert before is not None
            assert before.told_at is not None
            assert before.acknowledged is None
            pause = self.policy.timer_of(self.life.subject).pause(before.reminded)
            assert pause is not None
            assert self.now - before.told_at >= pause
        self.ended_quietly = self.ended_quietly or reason is Reason.ENDED_QUIETLY
        if reason is Reason.RESOLVED:
            assert before is not None
            assert before.told > 0
        assert Life.from_json(self.life.to_json()) == self.life

    @invariant()
    def what_is_remembered_is_consistent(self) -> None:
        life = self.life
        if life is None:
            return
        timer = self.policy.timer_of(life.subject)
        assert life.reminded <= max(5, timer.most)
        assert life.reminded <= life.told
        assert (life.told > 0) == (life.told_at is not None)
        if life.over:
            assert not life.unstable
            assert alerts.due_at(life, self.around, self.now) is None
        if life.state is AlertState.PENDING:
            assert not life.told
            assert not life.holds
        if life.state in (AlertState.OPEN, AlertState.ACKNOWLEDGED):
            assert life.holds
            assert life.told
            assert not life.wavering
        if life.state is AlertState.ACKNOWLEDGED:
            assert life.acknowledged is not None
        assert len(life.turned_at) <= self.policy.flapping.changes

    @invariant()
    def beginnings_and_ends_take_turns(self) -> None:
        """Between two messages that it began lies one that it ended, or nobody was to hear of its end."""
        spoken = [reason for _, reason in self.said]
        for one, other in pairwise(spoken):
            assert (one, other) != (Reason.RESOLVED, Reason.RESOLVED)
            assert (one, other) != (Reason.OPENED, Reason.OPENED) or self.ended_quietly


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)


@given(TIMERS, st.lists(GAPS, min_size=1, max_size=60))
def test_nobody_is_told_twice_within_the_repeat_time_while_nothing_changes(
    timer: Timer, gaps: list[timedelta]
) -> None:
    around = Around(policy=Policy(timer=timer))
    now, life = NOON, None
    said: list[datetime] = []
    for gap in gaps:
        now += gap
        found = finding(seen_at=now)
        reason = alerts.decide(life, found, around, now)
        life = alerts.after(life, reason, found, around, now)
        said += [now] if reason.speaks else []
    for number, (one, other) in enumerate(pairwise(said)):
        pause = timer.pause(number)
        assert pause is not None
        assert other - one >= pause
    assert len(said) <= 1 + timer.most
