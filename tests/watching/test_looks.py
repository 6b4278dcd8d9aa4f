"""Each look on the simulated Pirsch: what it reads is what its docs say, and what it sees is there."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import readings, verdicts
from bot.detect.chance import Budget
from bot.detect.verdict import Side
from bot.facts import Measured, Reason
from bot.jobs.watching import calls_an_hour
from bot.sandbox.pirsch.settings import Trouble
from bot.settings.watches import _WRITTEN
from bot.verdicts import Stand
from bot.watches.looks import LOOKS
from bot.watches.watch import Beyond, Changed, Silent, Unusual
from tests.watching.conftest import DAY, HOUR, MakePost, Post, watch

DOCS = (Path(__file__).parents[2] / "docs" / "watches.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| [^|]+ \| ([^|]*)\|$", DOCS, re.MULTILINE)
RISES = Unusual(side=Side.UP)

EACH = {
    "visitors": watch("w", "visitors", Unusual()),
    "views": watch("w", "views", Unusual()),
    "sessions": watch("w", "sessions", Changed(share=0.9)),
    "silence": watch("w", "silence", Silent()),
    "spike": watch("w", "spike", Unusual()),
    "active": watch("w", "active", Beyond(side=Side.UP, limit=10_000)),
    "bounce_rate": watch("w", "bounce_rate", Unusual()),
    "session_duration": watch("w", "session_duration", Unusual()),
    "growth": watch("w", "growth", Changed(share=3.0, side=Side.UP), period="week"),
    "event": watch("w", "event", Silent(), event="purchase"),
    "revenue": watch("w", "revenue", Beyond(side=Side.UP, limit=1e9), event="purchase", meta="amount"),
    "gap": watch("w", "gap", event="purchase"),
    "new": watch("w", "new"),
    "vanished": watch("w", "vanished"),
    "breakdown": watch("w", "breakdown"),
    "mix": watch("w", "mix"),
    "webhooks": watch("w", "webhooks"),
    "usage": watch("w", "usage", Beyond(side=Side.UP, limit=1e9)),
}
NEEDING_MORE = {"goal", "funnel"}  # something has to be made at Pirsch first: tests/looks


def stand(post: Post, name: str = "w") -> Stand:
    with post.database.reading() as tx:
        return verdicts.everywhere(tx)[name, "shop"]


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("name", sorted(EACH))
def test_a_calm_site_is_judged_by_every_look_and_nothing_is_told(post: MakePost, name: str) -> None:
    shop = post(EACH[name])
    shop.fetch()
    shop.simulator.ledger.clear()
    looked = shop.look()
    asked = [one for one in shop.simulator.ledger.calls() if one.path.startswith("/statistics")]
    parts = len(shop.round.parts)
    assert len(asked) <= LOOKS[name].calls + 2 * parts  # at first, yesterday's hours too
    assert not looked.failed
    assert stand(shop).state == "ok", looked.said
    assert shop.told() == []


def test_every_look_is_tried_and_documented_as_it_is() -> None:
    written = {name: (reads.strip(), every.strip(), keys) for name, reads, every, keys in ROWS}
    assert {name for name in LOOKS if name in written} == set(EACH) | NEEDING_MORE
    for name in EACH:
        look, (reads, every, keys) = LOOKS[name], written[name]
        assert reads == look.reads
        minutes = look.every // timedelta(minutes=1)
        assert every == (f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min")
        assert set(re.findall(r"`(\w+)`", keys)) == look.needs | look.takes
        assert all(one is None or one in _WRITTEN for one in look.conditions)


def test_what_watches_share_is_counted_once() -> None:
    alone = calls_an_hour([EACH["visitors"]])
    assert alone == 3
    other = watch("other", "views", Unusual())
    assert calls_an_hour([EACH["visitors"], other]) == 3
    assert calls_an_hour([EACH["visitors"], watch("else", "visitors", Unusual(), site="blog")]) == 6
    assert calls_an_hour([watch("now", "active", EACH["active"].condition, every=timedelta(minutes=5))]) == 12


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_spike_is_told_while_it_lasts(post: MakePost) -> None:
    shop = post(watch("Spike", "spike", RISES, every=timedelta(minutes=5)))
    shop.fetch()
    shop.look()
    shop.happen(Trouble.VIRAL, 3 * HOUR, strength=8)
    shop.watch_for(HOUR, timedelta(minutes=10))
    (told,) = shop.told_because(Reason.OPENED)
    assert isinstance(told.content, Measured)
    assert told.content.side == "up"
    assert told.content.value > 1.5 * (told.content.expected or 0)
    shop.watch_for(12 * HOUR, timedelta(minutes=30))
    assert len(shop.told_because(Reason.RESOLVED)) == 1


@pytest.mark.parametrize(("below", "opened"), [(-1, 0), (0, 0), (1, 1)])
@pytest.mark.parametrize("backend", ["sqlite"])
def test_exactly_the_limit_is_not_yet_beyond_it(post: MakePost, below: int, opened: int) -> None:
    shop = post(watch("w", "visitors", Beyond(side=Side.DOWN, limit=0), within=24 * HOUR))
    shop.fetch()
    shop.look()
    seen = stand(shop)
    with shop.database.reading() as tx:
        (record,) = verdicts.history(tx, seen.place)
    value = float(re.findall(r'"value":([\d.]+)', record.inputs)[0])
    shop.watches[:] = [watch("w", "visitors", Beyond(side=Side.DOWN, limit=value + below), within=24 * HOUR)]
    shop.look()
    assert len(shop.told_because(Reason.OPENED)) == opened


@pytest.mark.parametrize("backend", ["sqlite"])
def test_it_must_last_as_long_as_for_says(post: MakePost) -> None:
    lasting = watch("w", "active", Beyond(side=Side.DOWN, limit=10_000), hold=timedelta(minutes=15))
    shop = post(lasting)
    shop.look()
    assert stand(shop).state == "pending"
    shop.watch_for(timedelta(minutes=14), timedelta(minutes=14))
    assert stand(shop).state == "pending"
    assert shop.told_because(Reason.OPENED) == []
    shop.watch_for(timedelta(minutes=1), timedelta(minutes=1))
    assert len(shop.told_because(Reason.OPENED)) == 1


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_pirsch_refuses_is_told_to_the_owner_once_and_is_no_outage(post: MakePost) -> None:
    shop = post(EACH["visitors"], watch("Nothing", "event", Unusual(), event="never happened"))
    shop.fetch()
    shop.look()
    assert stand(shop).state == "ok"
    assert stand(shop, "Nothing").state in ("too_small", "learning", "ok")
    assert shop.told("owner") == []


@pytest.mark.parametrize("backend", ["sqlite"])
def test_rare_events_are_judged_by_the_time_since_the_last(post: MakePost) -> None:
    rare = watch("w", "event", Silent(budget=Budget.read("1 per week")), event="purchase")
    shop = post(rare, visitors=20)
    shop.fetch()
    shop.look()
    shop.happen(Trouble.CHECKOUT_BROKEN, 20 * DAY)
    shop.watch_for(15 * DAY, 12 * HOUR)
    assert shop.told_because(Reason.OPENED)


@pytest.mark.parametrize(
    ("zone", "begins_at", "day", "hours"),
    [
        ("Europe/Berlin", datetime(2026, 10, 24, 21, 6, tzinfo=UTC), "2026-10-25", 25),
        ("Europe/Berlin", datetime(2026, 3, 28, 22, 6, tzinfo=UTC), "2026-03-29", 23),
        ("America/New_York", datetime(2026, 11, 1, 3, 6, tzinfo=UTC), "2026-11-01", 25),
        ("America/New_York", datetime(2026, 3, 8, 4, 6, tzinfo=UTC), "2026-03-08", 23),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 12, 6, tzinfo=UTC), "2026-04-05", 25),
        ("Australia/Lord_Howe", datetime(2026, 10, 3, 13, 6, tzinfo=UTC), "2026-10-04", 24),
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_day_on_which_the_clocks_change_has_other_hours_and_is_no_trouble(
    post: MakePost, zone: str, begins_at: datetime, day: str, hours: int
) -> None:
    shop = post(EACH["visitors"], EACH["silence"], at=begins_at, zone=zone)
    shop.watches[1:] = [watch("Silence", "silence", Silent())]
    shop.fetch()
    shop.watch_for(30 * HOUR)
    assert shop.told() == []
    with shop.database.reading() as tx:
        kept = readings.since(tx, "shop", "", begins_at.date())
    assert {one.day.isoformat(): len(one.hours) for one in kept}[day] == hours
