"""What the looks ask of the simulated Pirsch, and what they then see."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.detect.spell import State
from bot.detect.verdict import Side
from bot.http.timing import Timing
from bot.pirsch.auth import Credentials
from bot.pirsch.client import Pirsch
from bot.pirsch.goals import GoalDraft
from bot.pirsch.ids import DomainId
from bot.pirsch.wire import Server
from bot.sandbox.pirsch import Incident, Limits, Settings, Simulator, Site, Trouble, start
from bot.sources.errors import Gone
from bot.sources.pirsch import PirschSource, source
from bot.watches.account import Usage, Webhooks
from bot.watches.funnels import Funnel
from bot.watches.goals import Goal
from bot.watches.look import Look
from bot.watches.looks import LOOKS
from bot.watches.opinion import Opinion
from bot.watches.values import BREAKDOWN, DIMENSIONS, VANISHED, Mixture, New
from bot.watches.watch import Beyond, Watch
from tests.looks.making import NOW, judge, watch
from tests.sources.conftest import QUICK

SHOP = "shop.example.com"
OURS = {"gap", "goal", "funnel", "new", "vanished", "breakdown", "mix", "webhooks", "usage"}


@contextmanager
def world(*incidents: Incident, visitors: float = 400) -> Iterator[tuple[Simulator, Pirsch, PirschSource]]:
    site = Site(hostname=SHOP, visitors_per_day=visitors, incidents=incidents)
    limits = Limits(security=None, configuration=None)
    settings = Settings(seed="a", start_at=NOW, speed=0, days=120, sites=(site,), limits=limits)
    with start(settings) as running:
        user = running.keys.user
        credentials = Credentials(client_id=user.client_id, client_secret=user.client_secret)
        timing = Timing(now=running.clock, sleep=lambda seconds: None)
        with Pirsch(credentials, Server(url=running.url), patience=QUICK, timing=timing) as client:
            yield running, client, source(client, SHOP, running.clock)


def looked(look: Look, asked: Watch, running: Simulator, of: PirschSource) -> tuple[Opinion, ...]:
    """Look once, and check that it asks as often as it says."""
    running.ledger.clear()
    seen = look.read(asked, of, NOW)
    assert sum(running.ledger.counts().values()) <= look.calls
    return judge(asked, seen)[1]


def incident(trouble: Trouble, *, ago: float, hours: float, label: str = "", strength: float = 1) -> Incident:
    return Incident(
        trouble=trouble,
        start_at=NOW - timedelta(hours=ago),
        length=timedelta(hours=hours),
        label=label,
        strength=strength,
    )


def test_a_link_that_begins_to_spread_is_a_new_referrer() -> None:
    spreads = incident(Trouble.VIRAL, ago=4, hours=9, label="https://news.example/item", strength=4)
    with world(spreads) as (running, _, of):
        opinions = looked(New(), watch("new"), running, of)
    assert [one.subject for one in opinions] == ["https://news.example/item"]


def test_on_an_ordinary_day_nothing_is_new_gone_or_shifted() -> None:
    with world() as (running, _, of):
        assert looked(New(), watch("new"), running, of) == ()
        assert looked(VANISHED, watch("vanished"), running, of) == ()
        [mix] = looked(Mixture(), watch("mix"), running, of)
    assert mix.judged.verdict.state is State.OK


def test_a_source_that_stopped_has_vanished() -> None:
    gone = incident(Trouble.SOURCE_GONE, ago=60, hours=60, label="https://www.google.com")
    with world(gone) as (running, _, of):
        opinions = looked(VANISHED, watch("vanished", dimension="referrer"), running, of)
    assert [one.subject for one in opinions] == ["https://www.google.com"]


def test_a_campaign_that_stopped_has_vanished() -> None:
    """It ran for weeks, and ended two days ago."""
    ran = incident(Trouble.CAMPAIGN, ago=24 * 28, hours=24 * 26, label="autumn", strength=0.5)
    with world(ran) as (running, _, of):
        opinions = looked(VANISHED, watch("vanished", dimension="utm campaign"), running, of)
    assert "autumn" in {one.subject for one in opinions}


def test_a_campaign_shifts_the_mix_of_channels() -> None:
    ran = incident(Trouble.CAMPAIGN, ago=24 * 7, hours=24 * 6, label="autumn", strength=0.8)
    with world(ran) as (running, _, of):
        [opinion] = looked(Mixture(), watch("mix"), running, of)
    verdict = opinion.judged.verdict
    assert verdict.state is State.TROUBLE
    assert verdict.evidence is not None
    assert verdict.evidence.subject == "Email"


def test_pages_out_of_the_usual_are_named() -> None:
    dead = incident(Trouble.BROKEN_LINKS, ago=40, hours=40, strength=0.5)
    with world(dead) as (running, _, of):
        opinions = looked(BREAKDOWN, watch("breakdown"), running, of)
    assert opinions


def test_a_checkout_that_broke_is_seen_in_its_funnel() -> None:
    broken = incident(Trouble.CHECKOUT_BROKEN, ago=24 * 7, hours=24 * 7)
    steps = [("Cart", {"path_pattern": "/cart"}), ("Thanks", {"path_pattern": "/checkout/thank-you"})]
    with world(broken, visitors=1200) as (running, _, of):
        fields = [{"name": name, "filter": where} for name, where in steps]
        domain = DomainId(running.domain_id(SHOP))
        running.account.shelves["funnel"].make({"name": "Checkout", "steps": fields}, domain)
        asked = watch("funnel", funnel="Checkout")
        [opinion] = looked(Funnel(), asked, running, of)
        with pytest.raises(Gone, match="no funnel called Nowhere"):
            Funnel().read(watch("funnel", funnel="Nowhere"), of, NOW)
    assert opinion.judged.verdict.state is State.TROUBLE


def test_a_goal_is_judged_by_its_name_or_its_id() -> None:
    with world() as (running, client, of):
        domain = DomainId(running.domain_id(SHOP))
        client.goals.create(domain, GoalDraft(name="Readers", path="/blog/**", visitors=100_000))
        [opinion] = looked(Goal(), watch("goal", goal="Readers"), running, of)
        with pytest.raises(Gone, match="no goal called Nothing"):
            Goal().read(watch("goal", goal="Nothing"), of, NOW)
    assert opinion.judged.verdict.state is State.TROUBLE
    assert opinion.judged.verdict.evidence is not None
    assert opinion.judged.verdict.evidence.limit == 100_000


def test_a_webhook_that_pirsch_gave_up_is_seen() -> None:
    with world() as (running, _, of):
        made = {"description": "", "event": "purchase", "endpoint": "https://b.example/h", "active": False}
        running.account.shelves["webhook"].make(made, running.domain_id(SHOP))
        opinions = looked(Webhooks(), watch("webhooks"), running, of)
    assert [one.subject for one in opinions] == ["purchase"]


def test_the_views_of_the_running_month_are_billed() -> None:
    asked = watch("usage", condition=Beyond(side=Side.UP, limit=1))
    with world() as (running, _, of):
        [opinion] = looked(Usage(), asked, running, of)
    assert opinion.judged.verdict.evidence is not None
    assert opinion.judged.verdict.evidence.value > 1000


def test_every_look_of_ours_is_in_the_table() -> None:
    assert set(LOOKS) >= OURS


DOCS = (Path(__file__).parents[2] / "docs" / "watches.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| [^|]+ \| ([^|]*)\|$", DOCS, re.MULTILINE)


@pytest.mark.parametrize("name", sorted(OURS))
def test_each_is_documented_as_it_is(name: str) -> None:
    look = LOOKS[name]
    [(reads, every, keys)] = [row[1:] for row in ROWS if row[0] == name]
    minutes = look.every // timedelta(minutes=1)
    assert reads == look.reads
    assert every == (f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min")
    assert set(re.findall(r"`(\w+)`", keys)) == look.needs | look.takes


def test_every_dimension_is_documented() -> None:
    listed = re.search(r"`dimension` is one of (.+?)\.\n", DOCS, re.DOTALL)
    assert listed
    assert set(re.findall(r"`([^`]+)`", listed[1])) == set(DIMENSIONS)
