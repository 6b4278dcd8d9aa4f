"""A goal that is reached is an event: kept with what proves it, judged like any other, and never forged."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from bot import db, pipeline
from bot.db import Database, Tx
from bot.events import DONE, KEPT, QUARANTINED
from bot.facts import EventHeard, Trouble
from bot.goals import Look
from bot.pipeline import Judges, Progress
from bot.rules.expression import compile_condition
from tests.goals.making import goal, look, look_at
from tests.spine.making import body, hear, judges, rule, seen, told
from tests.stores.making import NOON, keep

REACHED = rule("Reached", event="goal.reached")
PROGRESS = rule("Progress", event="goal.progress")
EVERYTHING = rule("Everything", event="*")


def learn(database: Database, one: Look, site: str = "shop") -> int:
    with database.transaction() as tx:
        return pipeline.learn_goals(tx, site, one)


class Killed(Exception):
    """The process ends here."""


@contextmanager
def killed(database: Database) -> Iterator[Tx]:
    """Give a transaction that never ends well."""
    try:
        with database.transaction() as tx:
            yield tx
            raise Killed
    except Killed:
        pass


def judge(database: Database, judges: Judges) -> Progress:
    with database.transaction() as tx:
        return pipeline.judge_events(tx, judges, NOON, 100)


def metas(database: Database) -> list[dict[str, str]]:
    contents = [notice.content for notice in told(database)]
    return [dict(one.event.meta) for one in contents if isinstance(one, EventHeard)]


def test_a_reached_goal_is_an_event_for_a_rule(database: Database) -> None:
    learn(database, look(0, goal(90)))
    assert learn(database, look(1, goal(104))) == 1
    judge(database, judges(REACHED))
    [meta] = metas(database)
    assert (meta["goal"], meta["visitors"], meta["target_visitors"]) == ("Signups", "104", "100")
    [event] = seen(database)
    assert (event.state, event.received_at) == (DONE, look_at(1))


def test_a_rule_may_have_conditions_on_it(database: Database) -> None:
    large = compile_condition("number(meta.target_visitors) >= 1000 or contains(meta.goal, 'Sign')")
    other = compile_condition("meta.goal == 'Purchases'")
    learn(database, look(0, goal(90)))
    learn(database, look(1, goal(104)))
    asked = judges(
        rule("Large", event="goal.*", condition=large), rule("Other", event="goal.reached", condition=other)
    )
    judge(database, asked)
    assert [notice.rule for notice in told(database)] == ["Large"]


def test_all_that_a_site_sends_is_not_what_the_bot_makes(database: Database) -> None:
    learn(database, look(0, goal(90)))
    learn(database, look(1, goal(104)))
    hear(database, judges(EVERYTHING), body("signup"))
    assert [notice.rule for notice in told(database)] == ["Everything"]
    assert [meta.get("goal") for meta in metas(database)] == [None]


@pytest.mark.parametrize("name", ["goal.reached", "goal.progress"])
@pytest.mark.parametrize("event", ["goal.reached", "goal.progress", "goal.*", "*"])
def test_a_stranger_cannot_reach_a_goal(database: Database, name: str, event: str) -> None:
    """Whoever can call the webhook, or has the site send an event of that name, is told no rule."""
    hear(database, judges(rule(event=event)), body(name, goal="Signups", goal_id="g1", proof="counted"))
    assert told(database) == []
    [kept] = seen(database)
    assert kept.state == QUARANTINED
    assert "only the bot itself" in (kept.outcome or "")
    [warning] = told(database, "owner")
    assert isinstance(warning.content, Trouble)


def test_a_body_cannot_say_where_it_comes_from(database: Database) -> None:
    forged = {"event_name": "goal.reached", "origin": "goal", "ours": True, "event_meta": {"origin": "goal"}}
    hear(database, judges(rule(event="goal.reached")), json.dumps(forged).encode())
    assert told(database) == []


def test_a_look_that_is_not_kept_reaches_nothing_and_the_next_one_does(database: Database) -> None:
    learn(database, look(0, goal(90)))
    with killed(database) as tx:
        assert pipeline.learn_goals(tx, "shop", look(1, goal(104))) == 1
    assert seen(database) == []
    assert learn(database, look(2, goal(104))) == 1
    assert learn(database, look(3, goal(104))) == 0
    assert len(seen(database)) == 1


def test_two_processes_that_look_at_once_reach_it_once(database: Database) -> None:
    learn(database, look(0, goal(90)))
    together = threading.Barrier(4)

    def process(number: int) -> int:
        together.wait()
        return learn(database, look(1 + number, goal(104)))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(process, range(4))) == 1
    assert len(seen(database)) == 1


def test_two_processes_that_look_first_at_once_tell_no_old_news(database: Database) -> None:
    together = threading.Barrier(3)

    def process(number: int) -> int:
        together.wait()
        return learn(database, look(number, goal(104)))

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(process, range(3))) == 0


def test_an_older_look_that_comes_late_changes_nothing(database: Database) -> None:
    learn(database, look(0, goal(90)))
    learn(database, look(2, goal(104)))
    assert learn(database, look(1, goal(90))) == 0
    assert learn(database, look(3, goal(104))) == 0


def test_a_goal_that_vanished_says_that_it_was_probably_reached(database: Database) -> None:
    learn(database, look(0, goal(98, vanishes=True)))
    learn(database, look(1))
    assert learn(database, look(2)) == 1
    judge(database, judges(REACHED))
    assert [meta["proof"] for meta in metas(database)] == ["vanished"]
    with database.reading() as tx:
        assert tx.execute(sa.select(db.goals.c.goal)).scalars().all() == [""]


def test_goals_of_sites_do_not_know_each_other(database: Database) -> None:
    learn(database, look(0, goal(90)))
    learn(database, look(0, goal(90)), site="blog")
    assert learn(database, look(1, goal(104)), site="blog") == 1
    assert learn(database, look(1, goal(104))) == 1


# ---------------------------------------------------------------- progress


def test_each_event_that_counts_towards_a_goal_is_progress_once(database: Database) -> None:
    learn(database, look(0, goal(90), goal(5, id="g2", name="Pro", event_meta=("plan", "pro"))))
    asked = judges(PROGRESS)
    first = hear(database, asked, body("signup", plan="pro", goal="mine"), body("signup", plan="free"))
    assert (first.taken, first.made) == (2, 3)
    second = judge(database, asked)
    assert (second.taken, second.made) == (3, 0)
    assert judge(database, asked) == Progress()
    assert [(meta["goal"], meta["plan"]) for meta in metas(database)] == [
        ("Signups", "pro"),
        ("Pro", "pro"),
        ("Signups", "free"),
    ]
    assert {meta["event"] for meta in metas(database)} == {"signup"}


def test_where_nobody_asks_for_progress_none_is_made(database: Database) -> None:
    learn(database, look(0, goal(90)))
    assert hear(database, judges(EVERYTHING, REACHED), body("signup")).made == 0
    elsewhere = judges(rule(event="goal.progress", site="blog"), sites=("shop", "blog"))
    assert hear(database, elsewhere, body("signup")).made == 0


def test_progress_is_made_if_and_only_if_its_event_is_settled(database: Database) -> None:
    learn(database, look(0, goal(90)))
    keep(database, body("signup"))
    with killed(database) as tx:
        assert pipeline.judge_events(tx, judges(PROGRESS), NOON, 100).made == 1
    assert [one.state for one in seen(database)] == [KEPT]
    assert judge(database, judges(PROGRESS)).made == 1
    assert judge(database, judges(PROGRESS)).taken == 1


def test_a_goal_that_is_gone_makes_no_progress(database: Database) -> None:
    learn(database, look(0, goal(90)))
    learn(database, look(1))
    assert hear(database, judges(PROGRESS), body("signup")).made == 0


def test_long_names_and_odd_letters_are_kept_as_any_event_is(database: Database) -> None:
    learn(database, look(0, goal(90, name="a\x00b" + "x" * 30_000)))
    learn(database, look(1, goal(104, name="a\x00b" + "x" * 30_000)))
    judge(database, judges(REACHED))
    [meta] = metas(database)
    assert meta["goal"].startswith("a�bxxx")
