"""Looks at lists, through the whole way: told once, opened and ended, and remembered over restarts."""

from datetime import timedelta

import pytest

from bot.facts import Measured, Reason, Trouble
from bot.sandbox.pirsch import Incident
from bot.sandbox.pirsch import Trouble as Happening
from tests.watching.conftest import DAY, HOUR, SHOP, MakePost, Post, watch


@pytest.fixture(params=["sqlite"])  # the far side varies here, not the store
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def happen(post: Post, trouble: Happening, label: str, length: timedelta, strength: float = 1.0) -> None:
    incident = Incident(trouble=trouble, start_at=post.now, length=length, label=label, strength=strength)
    post.simulator.happen(SHOP, incident)


def subjects(post: Post, reason: Reason) -> list[str | None]:
    contents = [one.content for one in post.told_because(reason)]
    return [one.subject for one in contents if isinstance(one, Measured)]


def test_a_new_referrer_is_told_once(post: MakePost) -> None:
    shop = post(watch("New", "new"), visitors=400)
    shop.look()
    assert shop.told() == []
    happen(shop, Happening.VIRAL, "https://news.example/item", 6 * HOUR, strength=4)
    shop.watch_for(12 * HOUR)
    assert subjects(shop, Reason.TOLD) == ["https://news.example/item"]
    assert shop.told_because(Reason.OPENED) == []


def test_a_source_that_vanishes_is_a_trouble_until_it_is_back(post: MakePost) -> None:
    shop = post(watch("Gone", "vanished", dimension="referrer"), visitors=400)
    shop.look()
    happen(shop, Happening.SOURCE_GONE, "https://www.google.com", 3 * DAY)
    shop.watch_for(4 * DAY, 12 * HOUR)
    assert subjects(shop, Reason.OPENED) == ["https://www.google.com"]
    shop.watch_for(3 * DAY, 12 * HOUR)
    assert subjects(shop, Reason.RESOLVED) == ["https://www.google.com"]


def test_a_webhook_that_was_given_up_is_told_until_it_is_revived(post: MakePost) -> None:
    shop = post(watch("Hooks", "webhooks"))
    fields = {"description": "", "event": "purchase", "endpoint": "https://b.example/h", "active": True}
    made = shop.simulator.account.shelves["webhook"].make(fields, shop.simulator.domain_id(SHOP))
    shop.watch_for(2 * HOUR)
    assert shop.told() == []
    made.fields["active"] = False
    shop.watch_for(2 * HOUR)
    made.fields["active"] = True
    shop.watch_for(2 * HOUR)
    told = [(one.reason, one.content) for one in shop.told()]
    assert [reason for reason, _ in told] == [Reason.OPENED, Reason.RESOLVED]
    contents = [content for _, content in told]
    assert all(isinstance(one, Trouble) for one in contents)


def test_a_goal_that_nobody_made_is_said_to_the_owner(post: MakePost) -> None:
    shop = post(watch("Goal", "goal", goal="Nothing"))
    shop.look()
    assert shop.told() == []
    [told] = shop.told("owner")
    assert isinstance(told.content, Trouble)
    assert "cannot be judged" in told.content.what


def test_a_rare_event_that_stays_away_is_told(post: MakePost) -> None:
    shop = post(watch("Orders", "gap", event="purchase"), visitors=60)
    shop.fetch()
    shop.look()
    assert shop.told() == []
    shop.happen(Happening.CHECKOUT_BROKEN, 30 * DAY)
    for _ in range(10):
        shop.simulator.advance(2 * DAY, send=False, settle=False)
        shop.fetch()
        shop.look()
    [told] = shop.told_because(Reason.OPENED)
    assert isinstance(told.content, Measured)
    assert told.content.why == "silent"
