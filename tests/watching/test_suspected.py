"""One trouble is one message: a dead tracker, or a vendor that records nothing, explains what is missing."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot import alerts, verdicts
from bot.db import Tx
from bot.explain.dashboard import Board
from bot.explain.watched import Reasons, silent_since
from bot.facts import Explanation, Measured, Reason, Suspect, Trouble
from bot.http.timing import Timing
from bot.pirsch.auth import Credentials
from bot.pirsch.client import Pirsch
from bot.pirsch.wire import Server
from bot.sandbox.pirsch import Site
from bot.sandbox.pirsch import Trouble as Happening
from bot.sources.pirsch import source
from bot.sources.source import Source
from bot.watches.watch import Silent, Unusual
from tests.detect.building import hours
from tests.sources.conftest import QUICK
from tests.spine.making import begin
from tests.watching.conftest import HOUR, MakePost, Post, watch

BLOG = "blog.example.com"
SILENCE, VISITORS = watch("Silence", "silence", Silent()), watch(condition=Unusual())


@pytest.fixture(params=["sqlite"])  # the far side varies here, not the store
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def silent(post: Post, length: timedelta = 9 * HOUR) -> None:
    """Let the shop fall silent."""
    post.fetch()
    post.look()
    post.happen(Happening.TRACKER_BROKEN, length)
    post.watch_for(length)


def explain_as(suspected: Suspect) -> Callable[..., Explanation]:
    def explain(*asked: object) -> Explanation:
        return Explanation(got=0, expected=9.0, suspect=suspected)

    return explain


def what(post: Post, channel: str = "sales") -> list[str]:
    """Return what was said of troubles as they began and ended; reminders come between."""
    told = [one for one in post.told(channel) if one.reason in (Reason.OPENED, Reason.RESOLVED)]
    return [one.content.what for one in told if isinstance(one.content, Trouble)]


def test_a_dead_tracker_is_one_message_and_so_is_its_end(post: MakePost) -> None:
    shop = post(SILENCE, VISITORS, explain=explain_as(Suspect.TRACKER))
    silent(shop)
    assert what(shop) == ["No page views of shop are counted any more"]
    assert [one for one in shop.told() if isinstance(one.content, Measured)] == []
    shop.watch_for(24 * HOUR)
    assert what(shop)[-1] == "Page views of shop are counted again"
    ends = [one for one in shop.told_because(Reason.RESOLVED) if isinstance(one.content, Trouble)]
    assert len(ends) == 1


def test_a_vendor_that_records_nothing_is_the_owner_s_message(post: MakePost) -> None:
    shop = post(SILENCE, VISITORS, explain=explain_as(Suspect.RECORDING))
    silent(shop)
    assert what(shop, "owner") == ["Pirsch answers, and counts nobody on any site"]
    assert [one for one in shop.told() if isinstance(one.content, Measured)] == []
    shop.watch_for(24 * HOUR)
    assert what(shop, "owner")[-1] == "Pirsch counts visitors again"


def test_visitors_who_stay_away_are_told_as_a_number(post: MakePost) -> None:
    shop = post(VISITORS, explain=explain_as(Suspect.VISITORS))
    silent(shop)
    assert what(shop) == []
    [opened] = shop.told_because(Reason.OPENED)
    assert isinstance(opened.content, Measured)
    assert opened.content.explanation is not None
    assert opened.content.explanation.suspect is Suspect.VISITORS


def test_what_is_asked_tells_them_apart(post: MakePost) -> None:
    """The shop alone is silent, and so the explanation says, with its last page."""
    shop = post(SILENCE)
    sibling = partial(_blog, shop)
    heard = shop.now - timedelta(days=1)
    reasons = Reasons(board=_none, siblings=lambda site: {"blog": sibling}, heard=lambda site: heard)
    shop = replace(shop, bench=replace(shop.bench, explain=reasons))
    silent(shop)
    told = next(one.content for one in shop.told() if isinstance(one.content, Trouble))
    assert told.what == "No page views of shop are counted any more"
    counted, event = told.moments
    assert "most of them on /" in counted.what
    assert counted.at < shop.now
    assert (event.what, event.at) == ("The last event came", heard)


def test_without_another_site_nothing_is_blamed(post: MakePost) -> None:
    shop = post(SILENCE, explain=Reasons(board=_none))
    silent(shop)
    assert what(shop) == []
    [opened] = shop.told_because(Reason.OPENED)
    assert isinstance(opened.content, Measured)
    said = opened.content.explanation
    assert said is not None
    assert said.suspect is Suspect.ALONE
    assert said.silence is not None
    assert said.silence.last_event_at is None


def test_silence_begins_where_the_last_visitor_was() -> None:
    one = hours((3, 1, 0, 0), datetime(2026, 1, 5, tzinfo=UTC))
    assert silent_since(one) == datetime(2026, 1, 5, 2, tzinfo=UTC)
    assert silent_since(hours((3, 0, 1))) is None
    assert silent_since(hours((0, None))) is None


def _none(site: str) -> Board | None:
    return None


def _blog(shop: Post) -> Source:
    """Return another site of the simulated account: as busy as the shop, and never silent."""
    simulator = shop.simulator
    if BLOG not in {one.fields["hostname"] for one in simulator.account.shelves["domain"]}:
        site = Site(hostname=BLOG, visitors_per_day=300, incidents=())
        simulator.account.open_domain({"hostname": BLOG, "timezone": "Europe/Berlin"}, site)
    user = simulator.keys.user
    pirsch = Pirsch(
        Credentials(client_id=user.client_id, client_secret=user.client_secret),
        Server(url=simulator.url),
        patience=QUICK,
        timing=Timing(now=simulator.clock, sleep=lambda seconds: None),
    )
    return source(pirsch, BLOG, simulator.clock)


def test_a_tracker_that_nobody_suspects_any_more_is_closed_at_the_next_start(post: MakePost) -> None:
    """The watch is gone from the file while its trouble lasts: without this it would never end."""
    shop = post(SILENCE, explain=explain_as(Suspect.TRACKER))
    silent(shop)
    known = replace(shop.bench.judges, watches=frozenset({SILENCE.place}))
    begin(shop.database, known, shop.now)
    assert open_keys(shop) >= {"site/tracker/shop"}
    begin(shop.database, replace(known, watches=frozenset()), shop.now)
    assert open_keys(shop) == set()


@pytest.mark.parametrize("backend", ["postgresql"])  # SQLite has one writer at a time
def test_two_rounds_that_see_the_end_at_once_do_not_miss_it(post: MakePost) -> None:
    """Each looks at its own watch, and both of them are the last."""
    shop = post(SILENCE, explain=explain_as(Suspect.TRACKER))
    other = replace(shop, watches=[watch("Other", "silence", Silent())])
    silent(shop)
    other.look()
    with shop.database.reading() as tx:
        assert {stand.state for stand in verdicts.everywhere(tx).values() if stand.name} == {"trouble"}
    assert "site/tracker/shop" in open_keys(shop)
    shop.simulator.advance(6 * HOUR, send=False, settle=False)
    together = threading.Barrier(2)

    @contextmanager
    def door() -> Iterator[Tx]:
        with shop.database.transaction() as tx:
            together.wait()  # both have asked, and both begin to write
            yield tx

    def look(one: Post) -> None:
        one.look(door)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(look, (shop, other)))
    assert "site/tracker/shop" not in open_keys(shop)


def open_keys(post: Post) -> set[str]:
    with post.database.reading() as tx:
        return {alert.key for alert in alerts.standing(tx)}
