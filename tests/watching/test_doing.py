"""What a watch wants done is asked for when its alert opens, in the same transaction, and only then."""

from datetime import timedelta

import pytest

from bot import errands
from bot.db import Database
from bot.facts import Deed, Do
from bot.sandbox.pirsch.settings import Trouble
from bot.watches.watch import Silent
from tests.watching.conftest import MakePost, Post, watch

HOUR = timedelta(hours=1)
ACTING = watch(condition=Silent(), do=Do(deed=Deed.SPIKE_THRESHOLD, by=0.5, lasts=timedelta(days=1)))


def asked(database: Database) -> list[errands.Errand]:
    with database.reading() as tx:
        return list(errands.latest(tx, 10))


def silent(post: MakePost) -> Post:
    """Return a post whose shop has just gone silent."""
    here = post(ACTING)
    here.fetch()
    here.look()
    here.happen(Trouble.SITE_DOWN, 12 * HOUR)
    return here


def test_it_is_asked_for_once_when_the_alert_opens(post: MakePost, database: Database) -> None:
    here = silent(post)
    assert asked(database) == []
    here.watch_for(10 * HOUR)
    (errand,) = asked(database)
    assert (errand.site, errand.rule, errand.deed, errand.why) == (
        "shop",
        "Visitors",
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
