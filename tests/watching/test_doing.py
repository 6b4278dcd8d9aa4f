"""What a watch wants done is asked for when its alert opens, in the same transaction, and only then."""

from datetime import timedelta

import pytest

from bot import errands
from bot.db import Database
from bot.facts import Deed, Do
from bot.sandbox.pirsch.settings import Trouble
from bot.watches.watch import Silent, Watch
from tests.spine.making import body, hear, judges, rule
from tests.watching.conftest import MakePost, Post, watch

HOUR = timedelta(hours=1)
ACTING = watch(condition=Silent(), do=Do(deed=Deed.SPIKE_THRESHOLD, by=0.5, lasts=timedelta(days=1)))


def asked(database: Database) -> list[errands.Errand]:
    with database.reading() as tx:
        return list(errands.latest(tx, 10))


def silent(post: MakePost, acting: Watch = ACTING) -> Post:
    """Return a post whose shop has just gone silent."""
    here = post(acting)
    here.fetch()
    here.look()
    here.happen(Trouble.SITE_DOWN, 12 * HOUR)
    return here


def test_it_is_asked_for_once_when_the_alert_opens(post: MakePost, database: Database) -> None:
    here = silent(post)
    assert asked(database) == []
    here.watch_for(10 * HOUR)
    (errand,) = asked(database)
    assert (errand.site, errand.asker, errand.deed, errand.why) == (
        "shop",
        "watch Visitors",
        Deed.SPIKE_THRESHOLD,
        "watch Visitors",
    )
    assert (errand.detail["by"], errand.detail["lasts"]) == (0.5, 86_400)
    assert not errand.from_event


def test_who_was_replaced_asks_for_nothing(post: MakePost, database: Database) -> None:
    class Replaced(Exception):
        pass

    def door() -> None:
        raise Replaced

    here = silent(post)
    here.simulator.advance(10 * HOUR, send=False, settle=False)
    with pytest.raises(Replaced):
        here.look(door)  # type: ignore[arg-type]
    assert asked(database) == []
    here.look()
    assert len(asked(database)) == 1


def test_a_rule_and_a_watch_of_one_name_each_have_their_own_day(post: MakePost, database: Database) -> None:
    once = Do(deed=Deed.SPIKE_THRESHOLD, by=0.5, at_most=1)
    here = silent(post, watch(condition=Silent(), do=once))
    hear(database, judges(rule("Visitors", do=once)), body(), at=here.now)
    here.watch_for(10 * HOUR)
    assert sorted(one.asker for one in asked(database)) == ["rule Visitors", "watch Visitors"]
