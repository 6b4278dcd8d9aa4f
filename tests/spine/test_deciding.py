"""What to do after a try: pure, and right at every boundary."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deliver.channel import Closed, Permanent, Receipt, Temporary, Undelivered
from bot.deliver.decide import (
    LONGEST_RETRY_AFTER,
    PROBE_EVERY,
    Bury,
    Policy,
    PutOff,
    Sent,
    Shut,
    Step,
    after,
    pause,
)
from tests.stores.making import NOON, SECOND

HOUR = timedelta(hours=1)
POLICY = Policy(
    pace=SECOND,
    patience=6 * HOUR,
    first_pause=5 * SECOND,
    longest_pause=timedelta(minutes=30),
    share=lambda: 0.0,
)
TAKEN = Receipt(ref="1731585600.000100")
BUSY = Temporary("Slack answers HTTP 502")
HOPELESS = Permanent("Slack refuses the message: no_text")
CLOSED = Closed("Slack refuses #sales: not_in_channel", "Type /invite @bot.")


def decided(came: Receipt | Undelivered, *, age: timedelta = SECOND, failures: int = 0) -> Step:
    return after(came, put_at=NOON - age, failures=failures, now=NOON, policy=POLICY)


PROBE = NOON + PROBE_EVERY
OLD, YOUNG = 6 * HOUR, 6 * HOUR - timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("came", "age", "step"),
    [
        pytest.param(TAKEN, SECOND, Sent(NOON + SECOND), id="taken: go on at the pace"),
        pytest.param(TAKEN, 99 * OLD, Sent(NOON + SECOND), id="taken: however late"),
        pytest.param(BUSY, SECOND, PutOff(NOON + 5 * SECOND), id="busy: pause"),
        pytest.param(BUSY, YOUNG, PutOff(NOON + 5 * SECOND), id="busy, just young enough"),
        pytest.param(BUSY, OLD, Bury(NOON + SECOND), id="busy for as long as anybody's patience"),
        pytest.param(HOPELESS, SECOND, Bury(NOON + SECOND), id="refused for good"),
        pytest.param(CLOSED, SECOND, Shut(CLOSED.remedy, PROBE), id="closed"),
        pytest.param(CLOSED, YOUNG, Shut(CLOSED.remedy, PROBE), id="closed, just young enough"),
        pytest.param(CLOSED, OLD, Shut(CLOSED.remedy, PROBE, gives_up=True), id="closed and too old"),
        pytest.param(
            Temporary("?", ambiguous=True),
            SECOND,
            PutOff(NOON + 5 * SECOND),
            id="perhaps taken: rather twice",
        ),
        pytest.param(
            Undelivered("?"), SECOND, PutOff(NOON + 5 * SECOND), id="neither temporary nor permanent"
        ),
    ],
)
def test_what_comes_after_a_try(came: Receipt | Undelivered, age: timedelta, step: Step) -> None:
    assert decided(came, age=age) == step


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 5), (1, 10), (2, 20), (8, 1280), (9, 1800), (20, 1800), (10**9, 1800)]
)
def test_the_pause_doubles_up_to_the_longest(failures: int, seconds: int) -> None:
    assert pause(failures, None, POLICY) == seconds * SECOND


@pytest.mark.parametrize(
    ("named", "kept"),
    [
        (timedelta(0), SECOND),
        (SECOND / 2, SECOND),
        (7 * SECOND, 7 * SECOND),
        (LONGEST_RETRY_AFTER, HOUR),
        (LONGEST_RETRY_AFTER + SECOND, HOUR),
        (timedelta(days=10_000), HOUR),
        (-SECOND, SECOND),
    ],
)
def test_the_far_side_s_own_word_counts_within_reason(named: timedelta, kept: timedelta) -> None:
    assert pause(9, named, POLICY) == kept
    assert decided(Temporary("429", named), failures=9) == PutOff(NOON + kept)


def test_half_of_a_pause_is_left_to_chance() -> None:
    luckiest = replace(POLICY, share=lambda: 0.999999)
    assert timedelta(minutes=15) <= pause(20, None, luckiest) < timedelta(minutes=15, seconds=1)


SHARE = st.floats(0, 1, exclude_max=True)
LENGTH = st.timedeltas(timedelta(milliseconds=1), timedelta(days=3660))


@given(first=LENGTH, longest=LENGTH, pace=LENGTH, share=SHARE, failures=st.integers(0, 10**6))
def test_a_pause_keeps_its_bounds(
    first: timedelta, longest: timedelta, pace: timedelta, share: float, failures: int
) -> None:
    policy = replace(POLICY, pace=pace, first_pause=first, longest_pause=longest, share=lambda: share)
    paused = pause(failures, None, policy)
    assert paused >= pace
    assert paused <= max(longest, pace)
    assert paused >= min(min(first, longest) / 2, longest)


@given(named=st.timedeltas(), pace=st.timedeltas(timedelta(0), timedelta(days=1)))
def test_no_header_makes_a_channel_faster_than_its_pace_or_silences_it_for_days(
    named: timedelta, pace: timedelta
) -> None:
    paused = pause(0, named, replace(POLICY, pace=pace))
    assert pace <= paused <= max(pace, LONGEST_RETRY_AFTER)


@given(failures=st.integers(0, 60), share=SHARE)
def test_pauses_grow(failures: int, share: float) -> None:
    policy = replace(POLICY, share=lambda: share)
    assert pause(failures, None, policy) <= pause(failures + 1, None, policy)
