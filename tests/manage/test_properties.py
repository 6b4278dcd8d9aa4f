"""Whatever is wished after whatever was there: applying it makes it so, and then nothing is left to do."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.manage.change import KindName
from bot.manage.outcome import Step
from bot.manage.wishes import Managed
from bot.pirsch.ids import DomainId
from tests.manage.keeping import BOT, Town
from tests.manage.worlds import THEIRS, WISHES, expected

FEW = settings(
    max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def begin_anew(town: Town) -> None:
    town.clean()
    with town.database.transaction() as tx:
        tx.exec_driver_sql("DELETE FROM ledger")


def found(town: Town, kind: KindName) -> dict[tuple[KindName, str], dict[str, object]]:
    return {(one.kind, one.key): dict(one.fields) for one in town.things() if one.kind is kind}


@pytest.mark.parametrize("kind", list(WISHES))
@given(data=st.data())
@FEW
def test_applying_makes_it_so_and_a_second_plan_is_empty(
    town: Town, kind: KindName, data: st.DataObject
) -> None:
    begin_anew(town)
    first, second = data.draw(WISHES[kind]), data.draw(WISHES[kind])
    theirs = THEIRS.get(kind)
    if theirs is not None:
        theirs.make(town.pirsch, DomainId(town.domain))
    before = found(town, kind)
    for wish in (first, second):
        steps = town.keep(wish, BOT)
        refused = [one for one in steps if not isinstance(one, Step) or not one.outcome.good]
        assert all(not isinstance(one, Step) and one.change.rearms for one in refused)
        if refused:
            steps += town.keep(wish)  # a person may arm a mail again
        assert town.look(wish, BOT).plan.changes == ()
    _check(town, kind, second, before)


def _check(town: Town, kind: KindName, wish: Managed, before: object) -> None:
    now, wished = found(town, kind), expected(wish)
    if kind is KindName.SPIKE_THRESHOLD:
        assert town.simulator.account.switch(town.domain, "spike").threshold == wish.spike_threshold
        assert town.simulator.account.switch(town.domain, "spike").on is False
        return
    if kind is KindName.WARNING_DAYS:
        assert town.simulator.account.switch(town.domain, "warning").threshold == wish.warning_days
        assert town.simulator.account.switch(town.domain, "warning").on is False
        return
    if kind is KindName.WEBHOOK:
        ours = [one for one in town.shelf("webhook") if "theirs" not in str(one["endpoint"])]
        assert sorted(str(one["event"]) for one in ours) == sorted(wish.webhooks or ())
        assert len(now) == len(ours) + 1
        return
    assert isinstance(before, dict)
    assert {key: now[key] for key in before} == before  # theirs, untouched
    assert set(now) == {*before, *wished}
    for key, fields in wished.items():
        told = {name: value for name, value in fields.items() if now[key].get(name) is not None}
        assert {name: _plain(now[key][name]) for name in told} == {n: _plain(v) for n, v in told.items()}


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else value


@pytest.mark.parametrize("kind", list(WISHES))
@given(data=st.data())
@FEW
def test_a_plan_is_the_same_whenever_it_is_made(town: Town, kind: KindName, data: st.DataObject) -> None:
    begin_anew(town)
    wish = data.draw(WISHES[kind])
    one, other = town.look(wish).plan, town.look(wish).plan
    assert (one.changes, one.hash) == (other.changes, other.hash)
