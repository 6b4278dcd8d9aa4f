"""Against the simulated Pirsch: what happened to its traffic is what is named."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from bot.explain.dashboard import Dashboard
from bot.explain.gather import drivers
from bot.facts import Doubt, Explanation
from bot.http.timing import Timing
from bot.pirsch.auth import Credentials
from bot.pirsch.client import Pirsch
from bot.pirsch.wire import Server
from bot.sandbox.pirsch import Incident, Limits, Settings, Simulator, Site, Trouble, start
from bot.sandbox.pirsch.faults import server_error
from bot.sources.periods import one_day
from bot.sources.pirsch import source
from bot.sources.source import Dimension, Where
from bot.watches.calendar import PLAIN, Calendar, Occasion
from tests.sources.conftest import QUICK

SHOP = "shop.example.com"
NOW = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)  # a Wednesday
BEGAN = NOW - timedelta(hours=6)


@contextmanager
def world(*incidents: Incident, visitors: float = 600) -> Iterator[Simulator]:
    site = Site(hostname=SHOP, visitors_per_day=visitors, incidents=incidents)
    settings = Settings(
        seed="a",  # on its last day as many come as in the weeks before
        start_at=NOW,
        speed=0,
        days=120,
        sites=(site,),
        limits=Limits(security=None, configuration=None),
    )
    with start(settings) as running:
        yield running


def incident(trouble: Trouble, *, strength: float = 1.0, label: str = "") -> Incident:
    return Incident(
        trouble=trouble, start_at=BEGAN, length=timedelta(hours=6), strength=strength, label=label
    )


def explained(
    running: Simulator, *where: Where, since_at: datetime = BEGAN, calendar: Calendar = PLAIN
) -> Explanation:
    user = running.keys.user
    credentials = Credentials(client_id=user.client_id, client_secret=user.client_secret)
    timing = Timing(now=running.clock, sleep=lambda seconds: None)
    with Pirsch(credentials, Server(url=running.url), patience=QUICK, timing=timing) as client:
        board = Dashboard(hostname=SHOP)
        numbers = source(client, SHOP, running.clock)
        return drivers(numbers, since_at, NOW, where=where, board=board, calendar=calendar)


def test_a_search_engine_that_lost_the_site() -> None:
    with world(incident(Trouble.SOURCE_GONE, label="https://www.google.com")) as running:
        found = explained(running)
    [cause, *_] = found.causes
    assert cause.dimension == "referrer"
    assert cause.drivers[0].value == "https://www.google.com"
    assert cause.drivers[0].got <= 1  # who came before and still reads
    assert cause.rest_usual
    assert found.change < -20
    assert "country" in found.alike
    assert cause.drivers[0].link is not None
    assert "referrer=https%3A%2F%2Fwww.google.com" in cause.drivers[0].link
    assert "from=2026-11-18&to=2026-11-18" in cause.drivers[0].link


def test_a_link_that_spreads() -> None:
    viral = incident(Trouble.VIRAL, strength=3, label="https://news.example/item")
    with world(viral) as running:
        found = explained(running)
    assert found.causes[0].drivers[0].value == "https://news.example/item"
    assert found.causes[0].drivers[0].expected == 0
    assert found.causes[0].rest_usual


def test_a_campaign_is_named_by_its_campaign_and_not_as_direct_traffic() -> None:
    with world(incident(Trouble.CAMPAIGN, strength=1.5, label="autumn-sale")) as running:
        found = explained(running)
    assert (found.causes[0].dimension, found.causes[0].drivers[0].value) == ("utm campaign", "autumn-sale")


def test_machines_are_named_by_what_they_have_in_common() -> None:
    with world(incident(Trouble.BOTS, strength=3)) as running:
        found = explained(running)
    named = {cause.dimension: cause.drivers[0].value for cause in found.causes}
    assert named["country"] == "us"


def test_a_broken_tracker_has_no_source() -> None:
    with world(incident(Trouble.TRACKER_BROKEN)) as running:
        found = explained(running)
    assert (found.causes, found.doubt) == ((), Doubt.ALIKE)
    assert {"referrer", "country", "browser"} <= set(found.alike)


def test_an_ordinary_day_has_no_causes() -> None:
    with world() as running:
        found = explained(running)
    assert found.causes == ()
    assert found.doubt is not None


def test_over_midnight_the_pieces_are_added_up() -> None:
    length = timedelta(hours=20)
    gone = Incident(
        trouble=Trouble.SOURCE_GONE, start_at=NOW - length, length=length, label="https://www.google.com"
    )
    with world(gone) as running:
        found = explained(running, since_at=NOW - length)
    assert found.causes[0].drivers[0].value == "https://www.google.com"


def test_a_part_of_the_traffic_is_not_cut_by_itself() -> None:
    gone = incident(Trouble.SOURCE_GONE, label="https://www.google.com")
    only = Where(dimension=Dimension.COUNTRY, value="de")
    with world(gone, visitors=1500) as running:
        found = explained(running, only)
    assert found.causes[0].dimension == "referrer"
    assert "country" not in found.alike
    assert found.link is not None
    assert "country=de" in found.link


def test_what_cannot_be_had_is_left_out() -> None:
    with world(incident(Trouble.SOURCE_GONE, label="https://www.google.com")) as running:
        running.faults.plan(server_error(500).to("GET", "/statistics/country", times=1000))
        found = explained(running)
        running.faults.clear()
        running.faults.plan(server_error(500).to("GET", "/statistics/total", times=1000))
        unknown = explained(running)
    assert found.causes[0].drivers[0].value == "https://www.google.com"
    assert "country" not in found.alike
    assert (unknown.causes, unknown.doubt) == ((), Doubt.UNKNOWN)


def test_a_week_with_an_occasion_is_not_what_is_usual() -> None:
    """A campaign of last week would make today a fall: less came by it than a week ago."""
    week_ago = BEGAN - timedelta(days=7)
    campaign = Incident(
        trouble=Trouble.CAMPAIGN, start_at=week_ago, length=timedelta(hours=6), strength=6.0, label="sale"
    )
    sale = Occasion(name="Sale", days=(one_day(week_ago.date()),))
    with world(campaign) as running:
        plain, known = explained(running), explained(running, calendar=Calendar(occasions=(sale,)))
    assert plain.expected > 1.5 * known.expected
    assert any(cause.drivers[0].value == "sale" for cause in plain.causes)
    assert not any(one.value == "sale" for cause in known.causes for one in cause.drivers)
