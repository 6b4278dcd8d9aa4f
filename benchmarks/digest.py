"""What a large digest costs: `python -m benchmarks.digest [--sites 50] [--visitors 60] [--twice]`.

A simulated Pirsch runs in a process of its own, so that the memory measured is the bot's alone. One press
gathers every section of every site, weighs the numbers and puts the message into words for Slack and mail.
Printed are wall time and processor time, the calls that Pirsch got, how many were under way at once, and the
peak of the bot's memory; the command exits 1 when that is 200 MB or more, or when a section is missing.

The simulated Pirsch counts each answer anew from its sessions, on the same machine: most of the wall time is
its own. `--twice` gathers again, now that it remembers its days, which is closer to a Pirsch that answers at
once.
"""

import argparse
import multiprocessing
import resource
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import time as wall
from multiprocessing.connection import Connection
from zoneinfo import ZoneInfo

from bot.digests import editions, write
from bot.digests.gather import AT_ONCE, Gathering, gather
from bot.digests.outline import Money, Outline, Part
from bot.digests.records import Records
from bot.explain.gather import drivers
from bot.facts import SiteReport
from bot.jobs import OnWall
from bot.pirsch.auth import Credentials
from bot.pirsch.client import Pirsch
from bot.pirsch.wire import Server
from bot.render import Renderer
from bot.sandbox.pirsch import Limits, Settings, Site, start
from bot.sources.pirsch import source
from bot.writing.formats import Formats

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
WEEKLY = OnWall(at=wall(8), zone=BERLIN, weekdays=frozenset({0}))
MOST_MEMORY = 200.0  # MB


@dataclass(frozen=True, slots=True)
class Far:
    """Where the simulated Pirsch is, and what it knows us by."""

    url: str
    client_id: str
    client_secret: str


def serve(sites: int, visitors: float, pipe: Connection) -> None:
    """Run the simulated Pirsch until told to stop; then say which calls it got."""
    settings = Settings(
        start_at=NOW,
        speed=0,
        days=140,
        session_budget=2_000_000,
        limits=Limits(security=None, configuration=None),
        sites=tuple(
            Site(hostname=f"site-{number}.example.com", visitors_per_day=visitors) for number in range(sites)
        ),
    )
    with start(settings) as running:
        user = running.keys.user
        pipe.send(Far(running.url, user.client_id, user.client_secret))
        while pipe.recv() != "stop":
            pipe.send(Counter(running.ledger.counts()))
            running.ledger.clear()


@contextmanager
def far_side(sites: int, visitors: float) -> Iterator[tuple[Far, Connection]]:
    """Give the simulated Pirsch, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(sites, visitors, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        ours.send("stop")
        process.join(30)


class Watcher:
    """Counts how many of our threads wait for Pirsch at once."""

    def __init__(self) -> None:
        self.most = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Return the most that were seen."""
        self._stop.set()
        self._thread.join()
        return self.most

    def _look(self) -> None:
        while not self._stop.wait(0.05):
            self.most = max(self.most, sum(one.name.startswith("digest") for one in threading.enumerate()))


def press(far: Far, sites: int) -> tuple[SiteReport, ...]:
    """Gather every section of every site."""
    outline = Outline(
        name="Everything",
        sites=tuple(f"site-{number}" for number in range(sites)),
        parts=tuple(Part),
        revenue=(Money(event="purchase", key="amount", currency="USD"),),
    )
    edition = editions.latest(WEEKLY, BERLIN, NOW)
    credentials = Credentials(client_id=far.client_id, client_secret=far.client_secret)
    with Pirsch(credentials, Server(url=far.url)) as pirsch:
        reports = gather(
            Gathering(
                outline=outline,
                days=edition.days,
                open=lambda site: source(pirsch, f"{site}.example.com", lambda: NOW),
                clock=lambda: NOW,
                explain=lambda _, numbers, since, until: drivers(numbers, since, until),
            )
        )
    digest = write.write(outline, edition, reports, Records(), NOW)
    renderer = Renderer([], Formats(zone=BERLIN))
    notice = write.notice(digest, outline.key, NOW)
    mail, slack = renderer.mail(notice), renderer.slack(notice)
    print(f"  in words: {len(mail.html.encode()):,} bytes of HTML, {len(mail.plain):,} characters plain,")
    print(
        f"            {len(slack.blocks)} blocks for Slack; broken: {mail.broken or slack.broken or 'none'}"
    )
    return reports


def measured(far: Far, pipe: Connection, sites: int) -> bool:
    """Gather once and print what it took. Return whether nothing is missing."""
    watcher, began, worked = Watcher(), time.perf_counter(), time.process_time()
    reports = press(far, sites)
    seconds, processor, most = time.perf_counter() - began, time.process_time() - worked, watcher.stop()
    pipe.send("count")
    calls: Counter[str] = pipe.recv()
    total = calls.total()
    sections = sum(len(one.sections) for one in reports)
    missing = [(one.site, each.sections, each.why) for one in reports for each in one.failed]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {sites} sites, {sections} sections, {len(missing)} missing")
    print(f"  {seconds:.1f} s, {processor:.1f} s of our processor; threads at once: {most} of {AT_ONCE}")
    print(f"  {total:,} calls, {total / sites:.1f} a site, {total / seconds:.0f} a second")
    for path, count in calls.most_common(6):
        print(f"    {count:5,}  {path}")
    print(f"  peak memory: {peak:.0f} MB")
    for one in missing[:5]:
        print("  missing:", *one)
    return not missing and peak < MOST_MEMORY


def main() -> None:
    """Measure, and say whether it holds what is promised."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sites", type=int, default=50)
    parser.add_argument("--visitors", type=float, default=60, help="a day and site (default: 60)")
    parser.add_argument("--twice", action="store_true", help="gather again, from a Pirsch that remembers")
    asked = parser.parse_args()
    with far_side(asked.sites, asked.visitors) as (far, pipe):
        good = True
        for turn in range(2 if asked.twice else 1):
            print("Gathered again:" if turn else "Gathered:")
            good &= measured(far, pipe, asked.sites)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
