"""Asks the sources for a digest: every section of every site by itself, a few side by side.

One that fails or takes too long stops none of the others, and is named. Statistics have no limit of calls at
Pirsch; a few threads keep the sites from waiting for each other, and the memory small.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from bot.clock import Clock
from bot.digests import editions
from bot.digests.asking import SETTLED, Asking, Explain, Once
from bot.digests.outline import OF_THE_BOT, Outline, Part
from bot.digests.sections import SECTIONS
from bot.facts import Failed, Section, SiteReport
from bot.sources.errors import SourceError
from bot.sources.growth import comparable
from bot.sources.periods import Days
from bot.sources.source import Source

log = logging.getLogger(__name__)

AT_ONCE = 8
TOO_LONG = timedelta(minutes=3)
"""How long one section may take from its beginning."""

_LOOK = 0.5  # seconds between looks for those that take too long
_SLOW = "it took too long"
_BUG = "a mistake of the bot, which is in its log"

Open = Callable[[str], Source]
"""Gives the numbers of a site by its name. Raises SourceError."""


class Stopped(Exception):
    """The process is to end: what was gathered is gone, and is gathered again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """What is asked for, of whom, and how patiently. `progress` hears how many of how many are done."""

    outline: Outline
    days: Days
    open: Open
    clock: Clock
    explain: Explain | None = None
    at_once: int = AT_ONCE
    too_long: timedelta = TOO_LONG
    progress: Callable[[int, int], None] | None = None
    stopping: threading.Event | None = None


class _Task(NamedTuple):
    site: str
    part: Part


_Made = Section | Failed | None


def gather(gathering: Gathering) -> tuple[SiteReport, ...]:
    """Return what each site says, before it is decided what is worth saying. Raise Stopped."""
    outline = gathering.outline
    askings = {site: Once(partial(_opened, gathering, site)) for site in outline.sites}
    tasks = [_Task(site, part) for part in outline.parts if part not in OF_THE_BOT for site in outline.sites]
    made: dict[_Task, _Made] = {}
    began: dict[_Task, float] = {}
    pool = ThreadPoolExecutor(gathering.at_once, thread_name_prefix="digest")
    try:
        flying = {pool.submit(_make, task, askings[task.site], began): task for task in tasks}
        for task, what in _landing(gathering, flying, began):
            made[task] = what
            if gathering.progress is not None:
                gathering.progress(len(made), len(tasks))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return tuple(_report(gathering, site, askings[site], made) for site in outline.sites)


def _opened(gathering: Gathering, site: str) -> Asking:
    source = gathering.open(site)
    today = (gathering.clock() - SETTLED).astimezone(source.zone).date()
    days = editions.for_site(gathering.days, today)
    return Asking(site, source, days, gathering.outline, gathering.explain)


def _make(task: _Task, asking: Once[Asking], began: dict[_Task, float]) -> _Made:
    """Make one section. Never raises: what went wrong is what is told of it."""
    began[task] = time.monotonic()
    try:
        return SECTIONS[task.part](asking())
    except SourceError as error:
        log.warning("a section failed", extra={"site": task.site, "section": task.part, "why": error.why})
        return _failed(task, error.why)
    except Exception:  # one section's mistake must not take the others with it
        log.exception("a section crashed", extra={"site": task.site, "section": task.part})
        return _failed(task, _BUG)


def _landing(
    gathering: Gathering, flying: Mapping[Future[_Made], _Task], began: Mapping[_Task, float]
) -> Iterator[tuple[_Task, _Made]]:
    """Give what is made as it comes, and a failure for what takes too long."""
    waiting, lost = set(flying), 0
    while waiting:
        done, waiting = wait(waiting, timeout=_LOOK, return_when=FIRST_COMPLETED)
        yield from ((flying[one], one.result()) for one in done)
        if gathering.stopping is not None and gathering.stopping.is_set():
            raise Stopped
        late = {one for one in waiting if _overdue(began.get(flying[one]), gathering.too_long)}
        lost += len(late)
        if lost >= gathering.at_once:  # no thread is left for those that wait
            late = waiting
        waiting = waiting - late
        yield from ((flying[one], _failed(flying[one], _SLOW)) for one in late)


def _overdue(began: float | None, too_long: timedelta) -> bool:
    return began is not None and time.monotonic() - began > too_long.total_seconds()


def _failed(task: _Task, why: str) -> Failed:
    return Failed(sections=(task.part.value,), why=why, site=task.site)


# ---------------------------------------------------------------- put together


def _report(gathering: Gathering, site: str, asking: Once[Asking], made: Mapping[_Task, _Made]) -> SiteReport:
    parts = [made.get(_Task(site, part)) for part in gathering.outline.parts]
    known = asking.found()
    comparison = comparable(gathering.days) if known is None else known.comparison
    return SiteReport(
        site=site,
        span=editions.span(comparison.now),
        before=editions.span(comparison.before),
        sections=tuple(one for one in parts if one is not None and not isinstance(one, Failed)),
        failed=together(one for one in parts if isinstance(one, Failed)),
        masked=None if known is None else known.masked,
    )


def together(failures: Iterator[Failed]) -> tuple[Failed, ...]:
    """Say once what several sections failed of."""
    found: dict[str, Failed] = {}
    for one in failures:
        before = found.get(one.why)
        sections = (*(before.sections if before else ()), *one.sections)
        found[one.why] = Failed(sections=sections, why=one.why, site=one.site)
    return tuple(found.values())
