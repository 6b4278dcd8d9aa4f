"""The ledger: rows that are only added, what follows from them, and what may go when it is old."""

import ast
import inspect
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

import bot.manage
from bot import db
from bot.db import Database
from bot.manage import ledger, plans
from bot.manage.change import Change, KindName, Owner, Plan, Thing, Verb
from bot.manage.outcome import Outcome, Step
from bot.manage.plans import NoPlan
from tests.manage.keeping import ANNA, BOT, NOON

DAY = timedelta(days=1)
MAKE = Change(
    site="shop",
    kind=KindName.GOAL,
    verb=Verb.CREATE,
    key="Signup",
    before=None,
    after={"visitors": 5},
    why="the file",
)
RAISE = replace(MAKE, verb=Verb.UPDATE, id="g1", before={"visitors": 5}, after={"visitors": 9})
DROP = replace(MAKE, verb=Verb.DELETE, id="g1", before={"visitors": 9}, after=None)
SPIKE = replace(
    MAKE,
    kind=KindName.SPIKE_THRESHOLD,
    verb=Verb.UPDATE,
    key="",
    before={"visitors": None},
    after={"visitors": 40},
)


def note(
    database: Database, change: Change, outcome: Outcome | None, id: str | None = None, days: int = 0
) -> None:
    """Write an intent, and its outcome if there is one."""
    now = NOON + days * DAY
    with database.transaction() as tx:
        intent = ledger.intend(tx, change, BOT, "a plan", now)
    if outcome is not None:
        with database.transaction() as tx:
            step = Step(change=change, outcome=outcome, answer="so it was", id=id)
            ledger.settle(tx, intent, step, BOT, "a plan", now)


def test_what_was_made_is_ours_as_it_was_written_last(database: Database) -> None:
    note(database, MAKE, Outcome.DONE, "g1")
    note(database, RAISE, Outcome.DONE)
    with database.reading() as tx:
        known = ledger.memory(tx, "shop").of(KindName.GOAL, "g1")
        assert ledger.memory(tx, "blog").things == {}
    assert known is not None
    assert (known.ours, known.fields, known.claimed) == (True, {"visitors": 9}, False)


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.PUT_OFF, Outcome.MOVED, Outcome.NOT_DONE])
def test_what_did_not_happen_changes_nothing_that_is_known(database: Database, outcome: Outcome) -> None:
    note(database, MAKE, Outcome.DONE, "g1")
    note(database, RAISE, outcome)
    note(database, DROP, outcome)
    with database.reading() as tx:
        found = ledger.memory(tx, "shop")
    known = found.of(KindName.GOAL, "g1")
    assert known is not None
    assert known.fields == {"visitors": 5}
    assert found.doubts == ()


def test_what_somebody_else_made_meanwhile_is_not_ours(database: Database) -> None:
    note(database, MAKE, Outcome.ALREADY, "g1")
    with database.reading() as tx:
        assert ledger.memory(tx, "shop").things == {}


@pytest.mark.parametrize("outcome", [None, Outcome.UNSURE])
def test_what_was_begun_and_not_settled_is_a_doubt(database: Database, outcome: Outcome | None) -> None:
    note(database, MAKE, outcome)
    with database.transaction() as tx:
        (doubt,) = ledger.memory(tx, "shop").doubts
        assert (doubt.change.verb, doubt.change.after) == (Verb.CREATE, {"visitors": 5})
        step = Step(change=doubt.change, outcome=Outcome.DONE, answer="as a later look showed", id="g1")
        ledger.settle(tx, doubt.intent, step, BOT, "", NOON)
    with database.reading() as tx:
        found = ledger.memory(tx, "shop")
    assert found.doubts == ()
    assert [one.ours for one in found.things.values()] == [True]


def test_a_threshold_is_remembered_until_nobody_knows(database: Database) -> None:
    note(database, SPIKE, Outcome.SAID_YES)
    with database.reading() as tx:
        assert ledger.memory(tx, "shop").settings[KindName.SPIKE_THRESHOLD].fields == {"visitors": 40}
    note(database, SPIKE, Outcome.NOT_AS_WISHED)
    with database.reading() as tx:
        assert ledger.memory(tx, "shop").settings[KindName.SPIKE_THRESHOLD].fields is None


def test_what_was_claimed_can_be_given_back(database: Database) -> None:
    thing = Thing(kind=KindName.GOAL, key="Signup", id="g1", fields={"visitors": 5}, owner=Owner.SOMEBODYS)
    with database.transaction() as tx:
        ledger.claim(tx, "shop", thing, ANNA, "named in the file", NOON)
        assert [one.claimed for one in ledger.memory(tx, "shop").things.values()] == [True]
        ledger.disclaim(tx, "shop", thing, ANNA, "no longer", NOON)
        assert ledger.memory(tx, "shop").things == {}


def test_what_was_written_in_a_day_is_counted(database: Database) -> None:
    for outcome in (Outcome.DONE, Outcome.UNSURE, Outcome.NOT_AS_WISHED, Outcome.REFUSED, Outcome.ALREADY):
        note(database, MAKE, outcome, "g1")
    with database.reading() as tx:
        assert ledger.written_since(tx, "shop", NOON) == 3
        assert ledger.written_since(tx, "shop", NOON + timedelta(seconds=1)) == 0
        assert ledger.written_since(tx, "blog", NOON) == 0


def test_age_takes_what_is_old_but_never_the_last_word(database: Database) -> None:
    note(database, MAKE, Outcome.DONE, "g1")
    note(database, replace(RAISE, after={"visitors": 7}), Outcome.DONE)
    note(database, RAISE, Outcome.DONE)  # the last word about g1
    note(database, replace(MAKE, key="Gone"), Outcome.DONE, "g2")
    note(database, replace(DROP, key="Gone", id="g2"), Outcome.DONE)  # about what is gone, none is needed
    note(database, SPIKE, Outcome.SAID_YES)
    note(database, replace(MAKE, key="Doubt"), None)
    note(database, replace(RAISE, key="New"), Outcome.REFUSED, days=2)
    with database.transaction() as tx:
        before = ledger.memory(tx, "shop")
        assert ledger.age(tx, NOON) == 0  # what is exactly so old stays
        assert ledger.age(tx, NOON + DAY) == 6  # of g1, what made it ours stays, too
        assert ledger.memory(tx, "shop") == before
        assert ledger.age(tx, NOON + DAY) == 0
        assert len(ledger.entries(tx)) == 9


def test_entries_are_told_the_newest_first_and_as_they_are_asked_for(database: Database) -> None:
    note(database, MAKE, Outcome.DONE, "g1")
    note(database, replace(SPIKE, site="blog"), Outcome.SAID_YES, days=1)
    with database.reading() as tx:
        assert [one.kind for one in ledger.entries(tx)] == ["spike_threshold"] * 2 + ["goal"] * 2
        assert [one.site for one in ledger.entries(tx, site="blog", most=1)] == ["blog"]
        assert len(ledger.entries(tx, kind="goal")) == len(ledger.entries(tx, since=NOON + DAY)) == 2
        row = ledger.entries(tx, site="shop", most=1)[0]
    assert (row.who, row.authority, row.why, row.plan) == ("nightly", "bot", "the file", "a plan")
    assert (row.before, row.after, row.answer) == (None, {"visitors": 5}, "so it was")


def test_nothing_in_the_program_changes_a_row_or_takes_one_away_but_age() -> None:
    root = Path(inspect.getfile(bot.manage)).parent.parent
    found = []
    for path in root.rglob("*.py"):
        text = path.read_text()
        if "db.ledger" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            source = ast.get_source_segment(text, node) if isinstance(node, ast.FunctionDef) else None
            if source and "db.ledger" in source and re.search(r"\b(update|delete)\(", source):
                found.append((path.name, node.name))  # type: ignore[attr-defined]
    assert found == [("ledger.py", "age")]


# ---------------------------------------------------------------- plans


PLAN = Plan(site="shop", made_at=NOON, changes=(MAKE, RAISE, DROP, SPIKE), state="as it was")


def test_a_plan_is_found_by_the_beginning_of_its_id(database: Database) -> None:
    with database.transaction() as tx:
        id = plans.save(tx, PLAN, NOON)
        assert plans.save(tx, PLAN, NOON) == id
        assert plans.find(tx, id[:4]) == plans.find(tx, id) == PLAN
        for beginning in ("", id[:3], "zzzz", "%", id + "0"):
            with pytest.raises(NoPlan):
                plans.find(tx, beginning)
        assert plans.age(tx, NOON) == 0
        assert plans.age(tx, NOON + DAY) == 1
        assert tx.execute(sa.select(sa.func.count()).select_from(db.plans)).scalar() == 0


def test_a_plan_that_is_read_is_the_plan_that_was_written() -> None:
    assert plans.read(plans.write(PLAN)) == PLAN
    assert plans.read(plans.write(PLAN)).hash == PLAN.hash


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"plan": {}}', "[" * 100_000, plans.write(PLAN)[:-40]])
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(NoPlan):
        plans.read(text)


@pytest.mark.parametrize(
    ("one", "undone"),
    [
        (MAKE, Verb.DELETE),
        (RAISE, Verb.UPDATE),
        (DROP, Verb.CREATE),
        (SPIKE, None),  # nobody knows what it was before
        (replace(RAISE, undoable=False), None),
    ],
)
def test_a_change_knows_what_undoes_it(one: Change, undone: Verb | None) -> None:
    inverse = one.inverse
    assert (inverse and inverse.verb) == undone
    if inverse is not None:
        assert (inverse.before, inverse.after) == (one.after, one.before)
