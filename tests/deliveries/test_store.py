"""A day is compared once and told once, and what is known of our own absence is told with it."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from bot import db, events, leases, pipeline
from bot.db import Database
from bot.deliveries import book
from bot.deliveries.compare import EDGE, Sent
from bot.facts import Away, DeliveriesLost
from bot.goals import Look
from tests.goals.making import goal
from tests.spine.making import body, hear, judges, rule, told
from tests.stores.making import NOON

DAY = date(2026, 11, 13)
START = datetime(2026, 11, 12, 23, tzinfo=UTC)  # midnight in Berlin
END = START + timedelta(days=1)
SECOND = timedelta(seconds=1)
JUDGES = judges(rule())


def sent(**counts: int) -> Sent:
    return Sent(day=DAY, starts_at=START, ends_at=END, counts=counts)


def compare(database: Database, one: Sent) -> int:
    with database.transaction() as tx:
        return pipeline.compare_day(tx, JUDGES, "shop", one, NOON).taken


def content(database: Database) -> DeliveriesLost:
    contents = [notice.content for notice in told(database, "owner")]
    [found] = [one for one in contents if isinstance(one, DeliveriesLost)]
    return found


def test_a_day_is_counted_from_midnight_to_midnight_of_the_site(database: Database) -> None:
    for at in (START - SECOND, START, END - SECOND, END, END + EDGE - SECOND, END + EDGE):
        hear(database, JUDGES, body("purchase"), at=at)
    assert compare(database, sent(purchase=6)) == 2
    with database.reading() as tx:
        [one] = book.since(tx, DAY)
    assert (one.event.received, one.event.lost) == (2, 2)


def test_only_what_came_through_webhooks_counts(database: Database) -> None:
    hear(database, JUDGES, body("purchase"), b"{}", at=START)
    hear(database, JUDGES, body("purchase"), at=START, site="blog")
    with database.transaction() as tx:
        pipeline.learn_goals(tx, "shop", Look(at=START, goals=(goal(1),)))
        pipeline.learn_goals(tx, "shop", Look(at=START + SECOND, goals=(goal(100),)))
        pipeline.judge_events(tx, JUDGES, START, 9)
    assert compare(database, sent(purchase=3, **{"goal.reached": 1})) == 3
    assert content(database).unreadable == 1


def test_a_loss_is_told_once_however_often_it_is_compared(database: Database) -> None:
    assert [compare(database, sent(purchase=3)) for _ in range(2)] == [3, 3]
    assert content(database).lost == 3
    hear(database, JUDGES, body("purchase"), at=START)  # what was written down stays as it was told
    compare(database, sent(purchase=3))
    with database.reading() as tx:
        assert [one.event.received for one in book.since(tx, DAY)] == [0]


def test_nothing_missing_is_written_down_and_not_told(database: Database) -> None:
    hear(database, JUDGES, body("purchase"), at=START)
    assert compare(database, sent(purchase=1)) == 0
    assert told(database, "owner") == []
    with database.reading() as tx:
        assert book.last_day(tx, "shop") == DAY
        assert book.last_day(tx, "blog") is None


def beat(database: Database, at: datetime) -> None:
    """As `jobs.schedule.Schedule.beat` does."""
    with database.transaction() as tx:
        if pipeline.deaf(tx, at):
            leases.note_absence(tx, at)
        leases.lead(tx, leases.SCHEDULE, "me", 15, at)


def test_the_time_in_which_the_bot_was_away_is_told_with_the_loss(database: Database) -> None:
    born, gone, back = START - timedelta(days=9), START + timedelta(hours=2), START + timedelta(hours=5)
    beat(database, born)
    with database.transaction() as tx:
        leases.lead(tx, leases.SCHEDULE, "me", 15, gone)
    beat(database, back)
    beat(database, back + SECOND)
    compare(database, sent(purchase=3))
    assert content(database).away == (Away(since_at=gone, until_at=back),)


def test_an_absence_is_cut_to_the_day(database: Database) -> None:
    beat(database, START - timedelta(days=9))
    beat(database, START + timedelta(hours=1))
    with database.reading() as tx:
        assert leases.absences(tx, START, END) == [Away(since_at=START, until_at=START + timedelta(hours=1))]
        assert leases.absences(tx, START + timedelta(hours=1), END) == []


def test_a_store_knows_since_when_it_is_there_and_never_forgets(database: Database) -> None:
    with database.reading() as tx:
        assert leases.born_at(tx) is None
    beat(database, START)
    beat(database, START + timedelta(hours=1))
    with database.transaction() as tx:
        assert leases.forget_absences(tx, END) == 1
        assert leases.born_at(tx) == START


def test_old_days_are_forgotten(database: Database) -> None:
    compare(database, sent(purchase=3))
    with database.transaction() as tx:
        assert book.prune(tx, DAY) == 0
        assert book.prune(tx, DAY + timedelta(days=1)) == 1
        assert tx.execute(sa.select(db.deliveries)).all() == []


def test_events_that_wait_are_not_counted_as_unreadable(database: Database) -> None:
    with database.transaction() as tx:
        events.keep_made(tx, [])
        assert events.counted(tx, "shop", START, END) == events.Counted(names={}, unreadable=0)
