"""A broken tracker, vanished visitors, and a vendor that records nothing are told apart."""

import pytest

from bot.explain.suspects import ENOUGH_BEFORE, Known, Sibling, suspect
from bot.facts import Suspect

FINE, SILENT, SMALL = Sibling(now=9, before=11), Sibling(now=0, before=11), Sibling(now=0, before=1)


@pytest.mark.parametrize(
    ("known", "behind"),
    [
        pytest.param(Known(silent=False, active=None), Suspect.VISITORS, id="fewer, not none"),
        pytest.param(Known(silent=True, active=3), Suspect.VISITORS, id="somebody is there by now"),
        pytest.param(Known(silent=True, active=None), None, id="nobody answers who is there"),
        pytest.param(Known(silent=True, active=0, siblings=(FINE, SILENT)), Suspect.TRACKER, id="only this"),
        pytest.param(Known(silent=True, active=0, siblings=(SILENT,)), Suspect.RECORDING, id="all silent"),
        pytest.param(Known(silent=True, active=0, siblings=(SMALL,)), Suspect.ALONE, id="the other is small"),
        pytest.param(Known(silent=True, active=0), Suspect.ALONE, id="there is no other"),
        pytest.param(
            Known(silent=True, active=0, heard=True, siblings=(SILENT,)),
            Suspect.EVENTS_ONLY,
            id="events still come, whatever the others do",
        ),
    ],
)
def test_what_is_behind_it(known: Known, behind: Suspect | None) -> None:
    assert suspect(known) is behind


@pytest.mark.parametrize(("before", "silent"), [(ENOUGH_BEFORE - 1, False), (ENOUGH_BEFORE, True)])
def test_silence_of_a_small_site_says_nothing(before: int, silent: bool) -> None:
    assert Sibling(now=0, before=before).silent is silent
