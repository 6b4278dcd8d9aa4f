"""Several processes on one store: one leads, all share the work, roles may live apart."""

import json
from collections import Counter

import pytest
import requests
import sqlalchemy as sa

from bot import db, events, outbox
from bot.db import Database
from bot.sandbox.slack import Slack
from tests.process.flood import Flood
from tests.process.running import Bot, Place
from tests.waiting import SOON, until

LEADS = "this process runs the schedule"


def order(number: int) -> bytes:
    return json.dumps({"event_name": "purchase", "event_meta": {"key": f"order-0-{number}"}}).encode()


def leaders(*bots: Bot) -> list[Bot]:
    return [bot for bot in bots if bot.lines(LEADS)]


@pytest.mark.parametrize("backend", ["postgresql"])
def test_of_two_processes_one_leads_and_the_other_takes_over(
    here: Place, slack: Slack, fresh: Database
) -> None:
    bots = [here.serve(), here.serve()]
    for bot in bots:
        bot.wait_until_started()
    (leader,) = leaders(*bots)
    (other,) = [bot for bot in bots if bot is not leader]
    flood = Flood(other.hook)
    flood.wait_for(60)
    leader.kill()
    with fresh.transaction() as tx:  # its lease runs out: the seconds for which this test does not wait
        tx.execute(sa.update(db.leases).values(until=db.leases.c.until - 15))
    until(lambda: other.lines(LEADS))
    assert other.lines(LEADS)[0]["term"] == leader.lines(LEADS)[0]["term"] + 1
    assert other.ready()["ready"]
    flood.stop()
    until(lambda: _all_is_told(fresh))
    came = Counter(str(message.metadata) for message in slack.messages("sales"))
    assert len(came) == len(slack.messages("sales")) or sum(came.values()) - len(came) == 1
    assert flood.acknowledged <= _kept(fresh)


def _all_is_told(database: Database) -> bool:
    with database.reading() as tx:
        return events.KEPT not in events.counts(tx) and outbox.WAITING not in outbox.counts(tx)


def _kept(database: Database) -> set[str]:
    with database.reading() as tx:
        return {json.loads(one.body)["event_meta"]["key"] for one in events.seen(tx, most=100_000)}


def test_roles_may_live_apart(here: Place, slack: Slack, fresh: Database) -> None:
    """The one receives and neither judges nor sends, the other does that without a web server."""
    web = here.serve(BOT_ROLES="web")
    web.wait_until_alive()
    assert web.ready()["checks"]["scheduler"] == "no process runs the schedule"
    for number in range(3):
        assert requests.post(web.hook, order(number), timeout=30).status_code == 204
    with fresh.reading() as tx:
        assert events.counts(tx) == {events.KEPT: 3}
    worker = here.work()
    worker.wait_until_started()
    assert len(slack.wait_for(3, SOON, "sales")) == 3
    assert requests.post(web.hook, order(3), timeout=30).status_code == 204
    assert len(slack.wait_for(4, SOON, "sales")) == 4  # found by looking, without being told
    assert web.ready()["ready"]
    assert (web.terminate(), worker.terminate()) == (0, 0)
    assert worker.lines("stopped")
    assert web.lines("started") == web.lines(LEADS) == []
