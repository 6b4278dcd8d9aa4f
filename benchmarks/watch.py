"""What a look costs: `python -m benchmarks.watch [SITES] [DAYS]`.

One look at 100 sites × 10 watches through the agenda, with a year of hours in the store, on SQLite and on
PostgreSQL: the CPU time of this process, for claiming, recalling, judging and writing. The far side answers
at once, from memory. Then the same with two months of hours: what a look costs must not grow with their age.

Learning what is usual happens once a day and site, in the first look after midnight; it is shown by itself.
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NoReturn, cast
from zoneinfo import ZoneInfo

from bot import migrations, readings
from bot.db import Database
from bot.deliver.lanes import Lanes
from bot.deliver.worker import Deliverer
from bot.detect.chance import Budget
from bot.detect.verdict import Side
from bot.jobs import Runner, watching
from bot.pipeline import Judges
from bot.pipeline.measured import Bench
from bot.rules.book import RuleBook
from bot.sources.periods import DAY, HOUR, real_hours
from bot.sources.source import Bucket, Series, Source, Traffic, Where
from bot.watches.days import DayOfHours, of_series
from bot.watches.explaining import unexplained
from bot.watches.watch import Beyond, Changed, Condition, Silent, Unusual, Watch
from tests.postgresql import cluster

NOON = datetime(2026, 11, 18, 12, 6, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
YEARLY = Budget.read("1 per year")
TEN: tuple[tuple[str, Condition], ...] = (
    ("visitors", Unusual()),
    ("visitors", Unusual(side=Side.DOWN, budget=YEARLY)),
    ("views", Unusual()),
    ("sessions", Unusual(side=Side.UP)),
    ("silence", Silent()),
    ("visitors", Silent(within=12 * HOUR)),
    ("visitors", Beyond(side=Side.UP, limit=10_000)),
    ("sessions", Beyond(side=Side.UP, limit=10_000)),
    ("views", Changed(share=3.0, side=Side.UP)),
    ("visitors", Changed(share=3.0, side=Side.UP)),
)


class Time:
    """An hour passes between two looks, so that each look judges new hours and writes new verdicts."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class FromMemory:
    """A source that answers at once: the hours of any day, the same ones each time."""

    zone = ZONE

    def __init__(self, seed: int, clock: Time) -> None:
        self._seed, self._clock = seed, clock

    def today(self) -> date:
        """Return the local day that is not over yet."""
        return self._clock().astimezone(ZONE).date()

    def hours(self, day: date, where: Sequence[Where] = ()) -> Series:
        """Return the hours that have begun."""
        dice = random.Random(self._seed * 10_000 + day.toordinal())
        buckets = []
        for hour in real_hours(day, ZONE):
            visitors = dice.randint(4, 10)
            traffic = Traffic(visitors=visitors, views=3 * visitors, sessions=visitors, bounces=visitors // 2)
            if hour.starts_at <= self._clock():
                buckets.append(
                    Bucket(
                        starts_at=hour.starts_at,
                        ends_at=hour.ends_at,
                        day=day,
                        hour=hour.hour,
                        traffic=traffic,
                        complete=hour.ends_at < self._clock(),
                    )
                )
        return Series(zone=ZONE, buckets=tuple(buckets))


def main() -> None:
    """Print what a look costs on each store, with a year and with two months of hours."""
    sites, days = (int(sys.argv[n]) if len(sys.argv) > n else default for n, default in ((1, 100), (2, 365)))
    print(f"one look, {sites} sites x {len(TEN)} watches                CPU seconds")
    with tempfile.TemporaryDirectory() as folder:
        _both("SQLite", [f"sqlite:///{Path(folder) / f'{age}.sqlite3'}" for age in (days, 60)], sites, days)
    with cluster(_unable) as running:
        _both("PostgreSQL", [running.fresh(), running.fresh()], sites, days)


def _both(name: str, urls: Sequence[str], sites: int, days: int) -> None:
    costs = []
    for url, age in zip(urls, (days, 60), strict=True):
        database = Database(url)
        migrations.upgrade(database)
        learning, looking = _cost(database, sites, age)
        database.close()
        costs.append(looking)
        learns = f"the first of a day, which learns: {learning:6.2f}"
        print(f"  {name:12} {age:4} days kept   {looking:6.2f}   {learns}")
    print(f"  {name:12} {days} days cost {costs[0] / costs[1]:.2f} times what 60 do")


def _cost(database: Database, sites: int, days: int) -> tuple[float, float]:
    names = [f"site-{number}" for number in range(sites)]
    sources: dict[str, FromMemory] = {}
    clock = Time()
    for number, name in enumerate(names):
        sources[name] = source = FromMemory(number, clock)
        with database.transaction() as tx:
            readings.keep(tx, name, "", _kept(source, days))
    judges = Judges(book=RuleBook(()), sites=tuple(names))
    bench = Bench(
        database=database, judges=judges, source=lambda site: cast(Source, sources[site]), explain=unexplained
    )
    jobs = watching.jobs(bench, [watch for name in names for watch in _ten(name)])
    lease = timedelta(seconds=20)
    lanes = Lanes(Deliverer(database=database, roads={}, clock=clock, owner="bench", lease=lease))
    runner = Runner(database, jobs, lanes, clock, "bench")
    with database.transaction() as tx:
        runner.plan(tx, NOON)
    learning = _run(runner, clock)
    return learning, min(_run(runner, clock) for _ in range(3))


def _run(runner: Runner, clock: Time) -> float:
    clock.now += HOUR
    began = time.process_time()
    for name in runner.jobs:
        if name.startswith("watch/"):
            ran = runner.run_now(name)
            if ran is None or ran.failed:
                raise SystemExit(f"{name}: {ran}")
    return time.process_time() - began


def _kept(source: FromMemory, days: int) -> Iterator[DayOfHours]:
    for back in range(1, days + 1):
        day = source.today() - back * DAY
        yield of_series(day, source.hours(day), NOON)


def _ten(site: str) -> Iterator[Watch]:
    for number, (look, condition) in enumerate(TEN):
        yield Watch(
            name=f"{look} {number}",
            site=site,
            look=look,
            condition=condition,
            every=timedelta(minutes=20),
            notify=("owner",),
        )


def _unable(why: str) -> NoReturn:
    raise SystemExit(why)


if __name__ == "__main__":
    main()
