"""Real processes under load: killed, or told to stop; afterwards everything is there, and once."""

import json
import re
from collections import Counter

import sqlalchemy as sa

from bot import db, events, outbox
from bot.db import Database
from bot.sandbox.slack import Slack
from tests.process.flood import Flood
from tests.process.running import Place
from tests.waiting import SOON, until

ENOUGH = 150


def kept(database: Database) -> Counter[str]:
    """The keys of the orders in the store, and how often each is there."""
    with database.reading() as tx:
        return Counter(json.loads(one.body)["event_meta"]["key"] for one in events.seen(tx, most=100_000))


def told(slack: Slack) -> Counter[str]:
    """The keys that came into Slack, and how often each did."""
    return Counter(re.findall(r"order-\d+-\d+", json.dumps([one.blocks for one in slack.messages("sales")])))


def all_is_told(database: Database) -> bool:
    with database.reading() as tx:
        return events.KEPT not in events.counts(tx) and outbox.WAITING not in outbox.counts(tx)


def test_a_kill_in_the_middle_of_a_flood_loses_nothing(here: Place, slack: Slack, fresh: Database) -> None:
    """SIGKILL for master and worker: at most the one message that was in flight is told twice."""
    first = here.serve()
    first.wait_until_started()
    flood = Flood(first.hook)
    flood.wait_for(ENOUGH)
    slack.wait_for(10, SOON, "sales")
    first.kill()
    flood.stop()
    second = here.serve()
    second.wait_until_started()
    until(lambda: all_is_told(fresh))
    there, came = kept(fresh), told(slack)
    assert set(there.values()) == {1}
    assert flood.acknowledged <= set(there) <= flood.asked
    assert set(came) == set(there)
    assert sum(came.values()) - len(came) <= 1
    assert second.terminate() == 0


def test_a_stop_in_the_middle_of_a_flood_loses_and_doubles_nothing(
    here: Place, slack: Slack, fresh: Database
) -> None:
    """SIGTERM, as at every restart of a dyno; the next process goes on at once."""
    first = here.serve()
    first.wait_until_started()
    flood = Flood(first.hook)
    flood.wait_for(ENOUGH)
    assert first.terminate(within=25) == 0
    flood.stop()
    assert flood.acknowledged <= set(kept(fresh))
    assert [line["finished"] for line in first.lines("stopped")] == [True]
    with fresh.reading() as tx:
        assert set(tx.execute(sa.select(db.lanes.c.owner)).scalars()) == {None}  # free for the next at once
    second = here.serve()
    second.wait_until_started()
    until(lambda: all_is_told(fresh))
    there, came = kept(fresh), told(slack)
    assert set(there.values()) == {1}
    assert set(there) <= flood.asked
    assert came == there
