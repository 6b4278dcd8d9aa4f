"""How trouble begins and ends, at each boundary."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.detect.spell import AT_ONCE, Pace, Sign, Spell, State, step
from tests.detect.building import MONDAY

BAD, BETWEEN, BACK = Sign.BAD, Sign.BETWEEN, Sign.BACK
SIGNS = {"!": BAD, "-": BETWEEN, ".": BACK}
LETTERS = {State.OK: "o", State.PENDING: "p", State.TROUBLE: "T", State.RECOVERING: "r"}


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def states(signs: str, pace: Pace) -> str:
    """Return the state after each hourly sign."""
    spell, found = Spell(), ""
    for hour, sign in enumerate(signs):
        spell = step(spell, SIGNS[sign], at(hour), pace)
        found += LETTERS[spell.state]
    return found


HELD = Pace(hold=timedelta(hours=2), calm=timedelta(hours=2))
QUIET = Pace(calm=timedelta(hours=2), quiet=timedelta(hours=3))


@pytest.mark.parametrize(
    ("signs", "pace", "wanted"),
    [
        pytest.param(".!.!", AT_ONCE, "oToT", id="at once, both ways"),
        pytest.param("!-.", AT_ONCE, "TTo", id="between neither begins nor ends"),
        pytest.param("-", AT_ONCE, "o", id="between does not begin"),
        pytest.param("!!!", HELD, "ppT", id="held for two hours"),
        pytest.param("!!.!!!", HELD, "ppoppT", id="the wait begins anew"),
        pytest.param("!!-!", HELD, "ppop", id="between breaks the wait"),
        pytest.param("!!!...", HELD, "ppTrro", id="calm for two hours"),
        pytest.param("!!!..!..", HELD, "ppTrrTrr", id="a relapse needs no wait, recovery begins anew"),
        pytest.param("!!!.-...", HELD, "ppTrTrro", id="between breaks the recovery"),
        pytest.param("!---", QUIET, "TTTo", id="quiet for three hours"),
        pytest.param("!--!---", QUIET, "TTTTTTo", id="bad again: quiet begins anew"),
        pytest.param("!...", QUIET, "Trro", id="back is sooner than quiet"),
    ],
)  # fmt: skip
def test_a_story_of_signs(signs: str, pace: Pace, wanted: str) -> None:
    assert states(signs, pace) == wanted


def test_the_wait_ends_at_the_instant_and_not_before() -> None:
    pace = Pace(hold=timedelta(minutes=60))
    spell = step(Spell(), BAD, at(0), pace)
    assert step(spell, BAD, at(0.99), pace).state is State.PENDING
    assert step(spell, BAD, at(1), pace).state is State.TROUBLE


def test_a_trouble_remembers_when_it_began_and_ended() -> None:
    spell = Spell()
    for hour, sign in enumerate((BAD, BAD, BAD)):
        spell = step(spell, sign, at(hour), HELD)
    assert (spell.since_at, spell.bad_at) == (at(0), at(2))
    for hour in (3, 4, 5):
        spell = step(spell, BACK, at(hour), HELD)
    assert spell == Spell(ended_at=at(5))
    assert step(spell, BACK, at(6), HELD).ended_at == at(5)


@given(st.lists(st.sampled_from(list(Sign))), st.integers(0, 5), st.integers(0, 5))
def test_looking_twice_changes_nothing(signs: list[Sign], hold: int, calm: int) -> None:
    pace = Pace(hold=timedelta(hours=hold), calm=timedelta(hours=calm))
    spell = Spell()
    for hour, sign in enumerate(signs):
        once = step(spell, sign, at(hour), pace)
        assert step(once, sign, at(hour), pace) == once
        assert once.open == (once.state in (State.TROUBLE, State.RECOVERING))
        spell = once
