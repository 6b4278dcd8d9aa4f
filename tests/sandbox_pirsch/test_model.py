"""The traffic: a function of the seed, with the rhythm it promises."""

import random
import statistics
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.sandbox.pirsch.chance import around_one, gamma_around_one, poisson
from bot.sandbox.pirsch.record import Record
from bot.sandbox.pirsch.rhythm import HOUR_SHARE, WEEKDAY_FACTOR, Rhythm, usual_incidents
from bot.sandbox.pirsch.rows import Session
from bot.sandbox.pirsch.settings import Incident, Settings, Site, Trouble

FIRST, TODAY = date(2026, 7, 21), date(2026, 11, 18)
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
SITE = Site(hostname="shop.example.com", visitors_per_day=100, incidents=())


def record(seed: str = "s", site: Site = SITE, *incidents: Incident, budget: int = 100_000) -> Record:
    return Record(Rhythm(seed, site, FIRST, TODAY), incidents, budget)


def day_of(record: Record, day: date) -> list[Session]:
    since, until = record.rhythm.bounds(day)
    return [one for one in record.sessions(since, until, 2**40) if since <= one.start < until]


def test_the_same_seed_gives_the_same_sessions_whatever_is_asked_first() -> None:
    one, other = record(), record(budget=1)
    days = [TODAY - timedelta(days=ago) for ago in (3, 30, 3, 90)]
    for day in days:
        assert day_of(one, day) == day_of(other, day) == day_of(record(), day)


def test_another_seed_gives_others() -> None:
    assert day_of(record("s"), TODAY) != day_of(record("t"), TODAY)


def test_memory_is_bounded() -> None:
    kept = record(budget=400)
    for ago in range(20):
        day_of(kept, TODAY - timedelta(days=ago))
    assert kept._held <= 400
    assert len(kept._days) <= 4


def test_what_happens_later_does_not_change_what_was() -> None:
    kept, start_at = record(), NOON + timedelta(minutes=20)
    before = day_of(kept, TODAY)
    trouble = Incident(
        trouble=Trouble.VIRAL,
        start_at=start_at,
        length=timedelta(hours=3),
        strength=6,
        label="https://n.example/",
    )
    kept.happen(trouble)
    after = day_of(kept, TODAY)
    early = start_at.timestamp()
    assert [one for one in after if one.start < early] == [one for one in before if one.start < early]
    came = [one for one in after if one.source.referrer == "https://n.example/"]
    assert len(came) > 20
    assert min(one.start for one in came) >= early


@pytest.mark.parametrize("trouble", [Trouble.SITE_DOWN, Trouble.TRACKER_BROKEN])
def test_outages_leave_nothing(trouble: Trouble) -> None:
    down = Incident(trouble=trouble, start_at=NOON, length=timedelta(hours=2))
    starts = [one.start for one in day_of(record("s", SITE, down), TODAY)]
    assert starts
    assert not [at for at in starts if NOON.timestamp() <= at < NOON.timestamp() + 7200]


def test_a_source_that_is_gone_sends_nobody_and_the_others_go_on() -> None:
    gone = Incident(
        trouble=Trouble.SOURCE_GONE, start_at=NOON, length=timedelta(hours=8), label="https://www.google.com"
    )
    since, until = NOON.timestamp(), NOON.timestamp() + 8 * 3600

    def came(kept: Record) -> list[str]:
        return [one.source.referrer for one in day_of(kept, TODAY) if since <= one.start < until]

    before, after = came(record("s", SITE)), came(record("s", SITE, gone))
    assert "https://www.google.com" in before
    assert after == [one for one in before if one != "https://www.google.com"]


def test_a_broken_checkout_sells_nothing() -> None:
    site = replace(SITE, visitors_per_day=600)
    broken = Incident(trouble=Trouble.CHECKOUT_BROKEN, start_at=NOON, length=timedelta(hours=8))
    since = NOON.timestamp()

    def orders(kept: Record) -> int:
        events = [event for one in day_of(kept, TODAY) for event in one.events]
        return sum(event.name == "purchase" and since + 3600 < event.at < since + 28_800 for event in events)

    assert orders(record("s", site)) > 3
    assert orders(record("s", site, broken)) == 0


def test_clocks_change() -> None:
    rhythm = record().rhythm
    lengths = {day: len(rhythm.slots(day)) for day in (date(2026, 10, 24), date(2026, 10, 25))}
    assert list(lengths.values()) == [24, 25]
    spring = Rhythm("s", SITE, date(2026, 1, 1), TODAY)
    assert len(spring.slots(date(2026, 3, 29))) == 23
    since, until = spring.bounds(date(2026, 3, 29))
    assert until - since == 23 * 3600


def test_nobody_came_before_the_first_day() -> None:
    assert record().rhythm.slots(FIRST - timedelta(days=1)) == []


def test_rhythm_of_day_and_week() -> None:
    site = replace(SITE, visitors_per_day=400)
    kept = record("s", site)
    counts = [len(day_of(kept, TODAY - timedelta(days=ago))) for ago in range(28)]
    assert statistics.mean(counts) == pytest.approx(400 * 1.11, rel=0.25)
    assert sum(HOUR_SHARE) == pytest.approx(1)
    assert statistics.mean(WEEKDAY_FACTOR) == pytest.approx(1)
    hours = [datetime.fromtimestamp(one.start, kept.rhythm.zone).hour for one in day_of(kept, TODAY)]
    assert hours.count(3) < hours.count(11)


def test_draws_have_the_means_they_promise() -> None:
    rng = random.Random(1)
    for mean in (0.3, 4, 80):
        drawn = [poisson(rng, mean) for _ in range(4_000)]
        assert statistics.mean(drawn) == pytest.approx(mean, rel=0.08)
        assert statistics.variance(drawn) == pytest.approx(mean, rel=0.12)
    assert statistics.mean(around_one(rng, 0.18) for _ in range(4_000)) == pytest.approx(1, abs=0.02)
    gammas = [gamma_around_one(rng, 0.15) for _ in range(4_000)]
    assert statistics.mean(gammas) == pytest.approx(1, abs=0.02)
    assert statistics.stdev(gammas) == pytest.approx(0.15, rel=0.08)
    assert poisson(rng, 0) == 0


def test_usual_incidents_lie_in_the_past() -> None:
    usual = usual_incidents("s", SITE, NOON, 240)
    assert {one.trouble for one in usual} == set(Trouble) - {Trouble.SOURCE_GONE}
    assert all(one.start_at + one.length < NOON - timedelta(days=2) for one in usual)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Settings(days=119),
        lambda: Settings(sites=()),
        lambda: Settings(sites=(SITE, SITE)),
        lambda: Site(hostname="a", visitors_per_day=-1),
        lambda: Incident(trouble=Trouble.SPAM, start_at=datetime(2026, 1, 1), length=timedelta(1)),  # noqa: DTZ001
    ],
)
def test_settings_refuse_what_makes_no_sense(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(ValueError, match=r"."):
        wrong()
