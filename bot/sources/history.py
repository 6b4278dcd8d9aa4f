"""The hours of the last weeks, so that a detector knows on its first day what is usual.

One question for each day, a few at a time, so that it can run behind everything else. What was got is kept by
the caller and handed back in as `known`: a fetch that was cut short goes on where it ended.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.sources.errors import Misconfigured, SourceError, Unavailable
from bot.sources.periods import completed
from bot.sources.source import EVERYTHING, Bucket, Series, Source, Where

WEEKS = 8
AT_ONCE = 3
HOPELESS = 5
"""After so many failures in a row the far side is down, and is left alone until the next time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One more day is there, or is not: exactly one of `series` and `error` is set.

    `done` of `total` days are there, among them those that were known.
    """

    day: date
    done: int
    failed: int
    total: int
    series: Series | None = None
    error: SourceError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The hours of completed days, and the days that could not be had, each with its reason."""

    days: Mapping[date, Series]
    failed: Mapping[date, SourceError] = field(default_factory=dict)

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        """The hours in order, beginning with the day of the first visitor.

        Before that nobody knows whether anything was counted at all. A failed day is missing: compare by
        instant, never by position.
        """
        ordered = [self.days[day] for day in sorted(self.days)]
        empty = next((n for n, one in enumerate(ordered) if _visited(one)), len(ordered))
        return tuple(bucket for series in ordered[empty:] for bucket in series.buckets)

    @property
    def begins_at(self) -> datetime | None:
        """The instant from which on something is known; None when nobody ever came."""
        return next((bucket.starts_at for bucket in self.buckets), None)


def ignore(progress: Progress) -> None:
    """Tell nobody."""


def history(
    source: Source,
    *,
    weeks: int = WEEKS,
    known: Mapping[date, Series] | None = None,
    on_progress: Callable[[Progress], None] = ignore,
    at_once: int = AT_ONCE,
    where: Sequence[Where] = EVERYTHING,
) -> History:
    """Fetch the hours of the last completed weeks, the latest day first, except those already `known`.

    Never raises a SourceError: a day that could not be had is named in `failed`. When a person must act
    first (`Misconfigured`), or nothing came several times in a row, the remaining days fail with that reason
    and are not asked for.
    `on_progress` is called in this thread, after each day.
    """
    wanted = list(completed(source.today(), weeks * 7))
    days = {day: known[day] for day in wanted if day in known} if known else {}
    missing = [day for day in reversed(wanted) if day not in days]
    failed: dict[date, SourceError] = {}
    in_a_row = 0
    with ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="history") as pool:
        flying: dict[Future[Series], date] = {}
        while missing or flying:
            while missing and len(flying) < at_once:
                day = missing.pop(0)
                flying[pool.submit(source.hours, day, where)] = day
            for landed in wait(flying, return_when=FIRST_COMPLETED).done:
                day = flying.pop(landed)
                error = _outcome(landed, day, days, failed)
                in_a_row = in_a_row + 1 if error else 0
                on_progress(_progress(day, days, failed, len(wanted)))
                if error and (isinstance(error, Misconfigured) or in_a_row == HOPELESS):
                    failed |= dict.fromkeys(missing, error)
                    missing.clear()
    return History(days=days, failed=failed)


def _outcome(
    landed: Future[Series], day: date, days: dict[date, Series], failed: dict[date, SourceError]
) -> SourceError | None:
    try:
        series = landed.result()
    except SourceError as error:
        failed[day] = error
        return error
    if len(series.completed().buckets) < len(series.buckets):
        failed[day] = Unavailable("the day has ended this minute, and may still be counted")
        return failed[day]
    days[day] = series
    return None


def _progress(
    day: date, days: Mapping[date, Series], failed: Mapping[date, SourceError], total: int
) -> Progress:
    return Progress(
        day=day,
        done=len(days),
        failed=len(failed),
        total=total,
        series=days.get(day),
        error=failed.get(day),
    )


def _visited(series: Series) -> bool:
    return any(bucket.traffic.visitors for bucket in series.buckets)
