"""Several who work on one store: threads with connections of their own, as processes would have them."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot import alerts, clock, db, events, outbox, pipeline
from bot.db import Database
from bot.deliver.lanes import Lanes
from bot.deliver.worker import Deliverer
from bot.events import DONE
from bot.facts import Reason
from bot.judging import TOGETHER, Judging
from bot.pipeline import Judges
from bot.rules.book import RuleBook
from bot.rules.expression import compile_key
from bot.rules.rule import Rule
from tests.stores.making import NOON, keep, note, trouble
from tests.waiting import until

WORKERS = 4


@pytest.fixture
def several(store_url: str) -> Iterator[list[Database]]:
    """The same store, opened as often as there are workers."""
    with ExitStack() as stack:
        yield [stack.enter_context(closing(Database(store_url))) for _ in range(WORKERS)]


def all_at_once(several: list[Database], work: Callable[[Database, int], object]) -> list[object]:
    """Let each worker work on a connection of its own, all beginning at the same instant."""
    together = threading.Barrier(len(several))

    def begin(numbered: tuple[int, Database]) -> object:
        number, database = numbered
        together.wait()
        return work(database, number)

    with ThreadPoolExecutor(len(several)) as pool:
        return list(pool.map(begin, enumerate(several)))


@contextmanager
def judging(several: list[Database], judges: Judges) -> Iterator[None]:
    """Let a thread of each worker judge what is there."""
    lease = timedelta(seconds=20)
    workers = []
    for database in several:
        deliverer = Deliverer(database=database, roads={}, clock=clock.now, owner="nobody", lease=lease)
        workers.append(Judging(database, judges, Lanes(deliverer), clock.now, poll=0.05))
        workers[-1].start()
    try:
        yield
    finally:
        stopped = [worker.stop(5) for worker in workers]
    assert all(stopped)


def order(number: int) -> bytes:
    return json.dumps({"event_name": "purchase", "event_meta": {"number": str(number)}}).encode()


def notices(database: Database) -> list[outbox.Entry]:
    with database.reading() as tx:
        return outbox.entries(tx, most=10_000)


def counted(database: Database) -> dict[str, int]:
    with database.reading() as tx:
        return events.counts(tx)


def test_many_judges_settle_each_event_once(several: list[Database]) -> None:
    judges = Judges(book=RuleBook([Rule(name="Order", event="purchase", notify=("sales", "owner"))]))
    number = 300
    keep(several[0], *map(order, range(number)))
    with judging(several, judges):
        until(lambda: counted(several[0]) == {DONE: number})
    told = Counter((one.channel, one.notice.key) for one in notices(several[0]))
    assert len(told) == 2 * number
    assert set(told.values()) == {1}


def test_a_frequency_that_several_judges_count_opens_once(several: list[Database]) -> None:
    rule = Rule(name="Flood", event="purchase", at_least=10, within=timedelta(days=1), notify=("sales",))
    judges = Judges(book=RuleBook([rule]))
    for _ in range(WORKERS):
        keep(several[0], *map(order, range(30)))
    all_at_once(several, lambda database, _: _judge_all(database, judges, most=7))
    assert counted(several[0]) == {DONE: 30 * WORKERS}
    with several[0].reading() as tx:
        said = Counter(reason for one in events.seen(tx, most=1000) for _, reason in one.verdicts)
    assert said == {Reason.COUNTED: 9, Reason.OPENED: 1, Reason.STILL_OPEN: 30 * WORKERS - 10}
    assert [one.notice.reason for one in notices(several[0])] == [Reason.OPENED]


def _judge_all(database: Database, judges: Judges, most: int) -> None:
    taken = 1
    while taken:
        with database.transaction() as tx:
            taken = pipeline.judge_events(tx, judges, NOON, most).taken


def test_keys_that_come_in_opposite_order_are_told_once_each(several: list[Database]) -> None:
    """Judges on PostgreSQL that met them in another order would wait for each other."""
    rule = Rule(name="Once", event="purchase", once_per=compile_key("meta.number"), notify=("sales",))
    judges = Judges(book=RuleBook([rule]))
    for _ in range(WORKERS // 2):
        keep(several[0], *(order(n) for n in range(TOGETHER)))
        keep(several[0], *(order(n) for n in reversed(range(TOGETHER))))
    with judging(several, judges):
        until(lambda: counted(several[0]) == {DONE: WORKERS * TOGETHER}, within=15)
    assert len(notices(several[0])) == TOGETHER


def test_an_event_that_another_transaction_holds_is_neither_judged_nor_set_aside(
    several: list[Database], backend: str
) -> None:
    if backend == "sqlite":
        return  # it has one writer: nobody can hold one event while another writes
    here, there, *_ = several
    keep(here, order(1), order(2))
    judges = Judges(book=RuleBook([]))
    with there.transaction() as held:
        (first,) = events.take(held, 1)
        with here.transaction() as tx:
            assert pipeline.judge_event(tx, judges, NOON, first.id).taken == 0
            assert pipeline.set_aside(tx, judges, NOON, first.id, ValueError()).taken == 0
            assert pipeline.judge_event(tx, judges, NOON, first.id + 1).taken == 1


def test_workers_with_one_trouble_speak_once(several: list[Database]) -> None:
    def say(database: Database, number: int) -> Reason:
        with database.transaction() as tx:
            return note(tx, trouble()).reason

    said = all_at_once(several, say)
    assert Counter(said) == {Reason.OPENED: 1, Reason.STILL_OPEN: WORKERS - 1}


def test_workers_with_one_key_tell_it_once(several: list[Database]) -> None:
    def ask(database: Database, number: int) -> bool:
        with database.transaction() as tx:
            return alerts.first_time(tx, "r", "s", "k", NOON)

    assert sorted(all_at_once(several, ask), key=str) == [False] * (WORKERS - 1) + [True]


def test_a_lane_has_one_owner_from_its_first_message_on(several: list[Database]) -> None:
    with several[0].transaction() as tx:
        outbox.put(tx, ["sales"], note(tx, trouble()).notice, NOON)

    def claim(database: Database, number: int) -> object:
        with database.transaction() as tx:
            return type(outbox.claim(tx, "sales", f"worker-{number}", NOON, timedelta(seconds=20)))

    assert Counter(all_at_once(several, claim)) == {outbox.Claimed: 1, outbox.Later: WORKERS - 1}


def test_time_is_judged_once_whoever_looks(several: list[Database]) -> None:
    rule = Rule(name="Silence", event="purchase", none_within=timedelta(minutes=1), notify=("sales",))
    judges = Judges(book=RuleBook([rule]), sites=("shop", "blog", "press"))
    with several[0].transaction() as tx:
        pipeline.begin(tx, judges, NOON, [])

    def tick(database: Database, number: int) -> int:
        with database.transaction() as tx:
            return pipeline.judge_time(tx, judges, NOON + timedelta(minutes=5)).taken

    assert sum(map(int, map(str, all_at_once(several, tick)))) == 3
    assert sorted(str(one.notice.site) for one in notices(several[0])) == ["blog", "press", "shop"]


def test_one_forgets_while_others_keep_and_judge(several: list[Database]) -> None:
    judges = Judges(book=RuleBook([Rule(name="Order", event="purchase", notify=("sales",))]))

    def work(database: Database, number: int) -> None:
        for step in range(10):
            if number == 0:
                with database.transaction() as tx:
                    events.prune(tx, [DONE], NOON - timedelta(days=1), 5)
            elif number == 1:
                _judge_all(database, judges, most=5)
            else:
                keep(database, *(order(100 * number + 10 * step + n) for n in range(5)))

    keep(several[0], *map(order, range(20)), at=NOON - timedelta(days=2))
    all_at_once(several, work)
    _judge_all(several[0], judges, most=100)
    assert len({one.notice.key for one in notices(several[0])}) == 20 + 100
    with several[0].reading() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(db.events)).scalar_one() >= 100
