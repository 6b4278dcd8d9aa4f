"""An edition is told once to each destination, whatever is restarted, asleep, run twice, or down."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot import outbox
from bot.db import Database
from bot.deliver.lanes import Lanes
from bot.deliver.worker import Deliverer
from bot.digests import book, editions
from bot.digests.gather import Stopped
from bot.digests.outline import Part, WhenUsual
from bot.facts import Digest, Severity
from bot.jobs import Job, OnWall, Ran, Runner
from bot.jobs.digests import job
from bot.pipeline import Due, tell_digest
from bot.sandbox.pirsch import Fault
from tests.digests.conftest import BERLIN, MONDAY, WEEKLY, World

LEASE = timedelta(seconds=20)
DAILY = OnWall(at=time(8), zone=BERLIN)

Make = Callable[..., Runner]


@pytest.fixture
def make(database: Database, world: World) -> Iterator[Make]:
    """Makes the runner of a process, with its jobs on the agenda."""
    made = list[Runner]()

    def runner(*jobs: Job, owner: str = "me", on: Database | None = None) -> Runner:
        store = on or database
        deliverer = Deliverer(database=store, roads={}, clock=world.now, owner=owner, lease=LEASE)
        made.append(Runner(store, jobs, Lanes(deliverer), world.now, owner))
        with store.transaction() as tx:
            made[-1].plan(tx, world.now())
        return made[-1]

    yield runner
    stopped = [one.stop(20) for one in made]
    assert all(stopped)


def run(runner: Runner, name: str = "digest/Monday") -> Ran:
    ran = runner.run_now(name)
    assert ran is not None
    return ran


def told(database: Database) -> list[tuple[str, Digest]]:
    """Every digest in the outbox, with its channel, in order."""
    with database.reading() as tx:
        found = [(entry.channel, entry.notice.content) for entry in outbox.entries(tx)]
    return [(channel, content) for channel, content in found if isinstance(content, Digest)]


def outcomes(database: Database, name: str = "Monday") -> list[tuple[str, str]]:
    """What the book says, as (period, outcome) of one destination."""
    edition = editions.latest(WEEKLY, BERLIN, MONDAY)
    with database.reading() as tx:
        assert book.missing(tx, name, edition, ["nobody"]) == ["nobody"]
        entry = book.last(tx, name)
    return [] if entry is None else [(entry.period, entry.outcome)]


def test_an_edition_goes_to_each_destination_once(database: Database, world: World, make: Make) -> None:
    runner = make(job(world.press(), WEEKLY))
    ran = run(runner)
    assert ran.channels == {"owner", "sales"}
    assert not ran.failed
    assert {channel for channel, _ in told(database)} == {"owner", "sales"}
    again = run(runner)
    assert (again.channels, again.said) == (
        frozenset(),
        "The edition of 2026-11-09 to 2026-11-15 was told already.",
    )
    assert len(told(database)) == 2
    (content, *_) = (content for _, content in told(database))
    assert (content.name, content.late, content.quiet) == ("Monday", None, True)


def test_it_is_a_notice_that_yields_to_alerts(database: Database, world: World, make: Make) -> None:
    run(make(job(world.press(notify=("owner",)), WEEKLY)))
    with database.reading() as tx:
        (entry,) = outbox.entries(tx)
    assert entry.notice.severity is Severity.INFO
    assert (entry.notice.key, entry.notice.site) == ("digest/Monday", "calm")


def test_the_next_edition_comes_in_its_turn(database: Database, world: World, make: Make) -> None:
    runner = make(job(world.press(notify=("owner",)), WEEKLY))
    run(runner)
    world.now.at = MONDAY + timedelta(days=7)
    run(runner)
    assert {str(content.span.first) for _, content in told(database)} == {"2026-11-09", "2026-11-16"}


def test_a_new_destination_gets_the_edition_that_the_others_had(
    database: Database, world: World, make: Make
) -> None:
    run(make(job(world.press(notify=("owner",)), WEEKLY)))
    ran = run(make(job(world.press(notify=("owner", "sales")), WEEKLY)))
    assert ran.channels == {"sales"}


def test_what_died_before_it_was_written_down_is_told_by_the_next_process(
    database: Database, world: World, make: Make
) -> None:
    press = world.press(notify=("owner",))
    stopping = threading.Event()
    stopping.set()
    edition = editions.latest(WEEKLY, BERLIN, world.now())
    with pytest.raises(Stopped):
        press.gather(edition, stopping=stopping)
    assert told(database) == []
    assert run(make(job(press, WEEKLY))).channels == {"owner"}
    assert len(told(database)) == 1


def test_of_two_processes_one_tells(database: Database, store_url: str, world: World) -> None:
    """Both have gathered, and both write at once: the row of the edition decides."""
    press = world.press(notify=("owner", "sales"))
    edition = editions.latest(WEEKLY, BERLIN, world.now())
    reports = press.gather(edition)
    digest = press.digest(edition, reports, press.records(database, edition, world.now()), world.now())
    due, ready = Due(outline=press.outline, edition=edition), threading.Barrier(4)

    def process(_: int) -> frozenset[str]:
        own = Database(store_url)
        try:
            ready.wait()
            with own.transaction() as tx:
                return tell_digest(tx, due, digest, world.now()).channels
        finally:
            own.close()

    with ThreadPoolExecutor(4) as pool:
        channels = list(pool.map(process, range(4)))
    assert sorted(map(len, channels)) == [0, 0, 0, 2]
    assert len(told(database)) == 2


def test_two_runners_share_the_work(database: Database, world: World, make: Make) -> None:
    press = world.press(notify=("owner",))
    one, other = make(job(press, WEEKLY)), make(job(press, WEEKLY), owner="other")
    with ThreadPoolExecutor(2) as pool:
        ran = [
            future.result()
            for future in [pool.submit(each.run_now, "digest/Monday") for each in (one, other)]
        ]
    assert sum(len(each.channels) for each in ran if each is not None) == 1
    assert len(told(database)) == 1


def test_what_comes_late_says_so(database: Database, world: World, make: Make) -> None:
    world.now.at = MONDAY + timedelta(hours=3)
    run(make(job(world.press(notify=("owner",)), WEEKLY)))
    ((_, content),) = told(database)
    assert content.late == timedelta(hours=3)


def test_after_a_sleep_the_latest_comes_late_and_the_others_are_written_down(
    database: Database, world: World, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    world.now.at = MONDAY
    runner = make(job(world.press(notify=("owner",), name="Daily"), DAILY))
    run(runner, "digest/Daily")
    world.now.at = MONDAY + timedelta(days=4, hours=5)
    run(runner, "digest/Daily")
    days = [str(content.span.last) for _, content in told(database)]
    assert sorted(days) == ["2026-11-15", "2026-11-19"]
    late = {content.late for _, content in told(database)}
    assert late == {None, timedelta(hours=5)}
    skipped = [record.__dict__["period"] for record in caplog.records if "digest skipped" in record.message]
    assert skipped == [f"2026-11-{day}/2026-11-{day}" for day in (16, 17, 18)]
    with database.reading() as tx:
        edition = editions.edition(DAILY, BERLIN, MONDAY + timedelta(days=2))
        assert book.missing(tx, "Daily", edition, ["owner"]) == []


def test_while_no_source_answers_it_waits_and_then_says_what_is_missing(
    database: Database, world: World, make: Make
) -> None:
    world.simulator.faults.plan(Fault(status=503, times=10_000))
    runner = make(job(world.press(notify=("owner",), parts=(Part.SUMMARY, Part.PAGES)), WEEKLY))
    ran = run(runner)
    assert ran.failed
    assert "No source answers" in ran.said
    assert told(database) == []
    world.now.at = MONDAY + timedelta(hours=1, minutes=59, seconds=59)
    assert run(runner).failed
    world.now.at = MONDAY + timedelta(hours=2)
    assert not run(runner).failed
    ((_, content),) = told(database)
    assert not content.quiet
    assert content.failures[0].sections == ("summary", "pages")


def test_when_all_is_usual_it_can_be_skipped_and_is_not_made_again(
    database: Database, world: World, make: Make
) -> None:
    runner = make(job(world.press(when_usual=WhenUsual.SKIP), WEEKLY))
    ran = run(runner)
    assert ran.channels == frozenset()
    assert ran.said == "The edition of 2026-11-09 to 2026-11-15 says nothing unusual; nobody is told."
    assert told(database) == []
    assert outcomes(database) == [("2026-11-09/2026-11-15", book.USUAL)]
    assert run(runner).said.endswith("was told already.")


def test_what_is_unusual_is_never_skipped(database: Database, world: World, make: Make) -> None:
    parts = (Part.SUMMARY, Part.UNUSUAL)
    run(make(job(world.press("shop", when_usual=WhenUsual.SKIP, parts=parts, notify=("owner",)), WEEKLY)))
    ((_, content),) = told(database)
    assert not content.quiet


@pytest.mark.parametrize(
    ("due", "clock"),
    [
        pytest.param(datetime(2026, 10, 25, 7, tzinfo=UTC), "08:00 CET", id="the clocks went back"),
        pytest.param(datetime(2026, 10, 24, 6, tzinfo=UTC), "08:00 CEST", id="the day before"),
    ],
)
def test_on_days_on_which_the_clocks_change_it_comes_once_at_its_time(
    database: Database, world: World, make: Make, due: datetime, clock: str
) -> None:
    assert due.astimezone(BERLIN).strftime("%H:%M %Z") == clock
    world.now.at = due
    runner = make(job(world.press(notify=("owner",), name="Daily"), DAILY))
    assert run(runner, "digest/Daily").channels == {"owner"}
    for later in (timedelta(hours=1), timedelta(hours=2), timedelta(hours=23)):
        world.now.at = due + later
        assert run(runner, "digest/Daily").channels == frozenset()
    ((_, content),) = told(database)
    assert content.late is None


def test_old_editions_are_forgotten(database: Database, world: World) -> None:
    edition = editions.latest(WEEKLY, BERLIN, MONDAY)
    with database.transaction() as tx:
        assert book.enter(tx, "Monday", edition, ["a", "b"], book.TOLD, MONDAY) == ["a", "b"]
        assert book.enter(tx, "Monday", edition, ["b", "c"], book.TOLD, MONDAY) == ["c"]
    with database.transaction() as tx:
        assert book.prune(tx, MONDAY, 10) == 0
        assert book.prune(tx, MONDAY + timedelta(seconds=1), 2) == 2
        assert book.prune(tx, MONDAY + timedelta(seconds=1), 2) == 1
        assert book.last(tx, "Monday") is None


def test_a_digest_of_the_store_alone_needs_no_source(database: Database, world: World, make: Make) -> None:
    press = world.press(parts=(Part.ALERTS, Part.MAINTENANCE), notify=("owner",))

    def nobody(site: str) -> None:
        raise AssertionError(site)

    run(make(job(replace(press, open=nobody), WEEKLY)))  # type: ignore[arg-type]
    ((_, content),) = told(database)
    assert content.alerts is not None
    assert content.maintenance is not None
