"""Looks what changes did to the traffic, and undoes what took away more than was foretold."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.facts import Severity, Upkept
from bot.jobs import Ran, Turn
from bot.manage.change import Actor, Authority
from bot.manage.steward import Busy, Stale
from bot.pirsch.errors import PirschError
from bot.sources.errors import SourceError
from bot.sources.periods import DAY
from bot.sources.source import Source
from bot.upkeep import aftermath_book
from bot.upkeep.aftermath import FIRST_LOOK, Counted, Seen, judge
from bot.upkeep.aftermath_book import Watched
from bot.upkeep.tending import Tender
from bot.upkeep.undoing import CannotUndo, undo

WATCHER = Actor(who="upkeep: watched after applying", authority=Authority.PERSON)
"""The owner let the bot make the change on the condition that it is taken back when it harms."""

Numbers = Callable[[], Source]
"""Returns the site's numbers, unmasked; raises SourceError."""

WEEK = timedelta(days=7)


def count(source: Source, since_at: datetime, until_at: datetime) -> int:
    """Count visitors of whole hours between two instants, from the first full hour on. Raise SourceError."""
    first, last = since_at.astimezone(source.zone).date(), until_at.astimezone(source.zone).date()
    days = [first + number * DAY for number in range((last - first).days + 1)]
    return sum(
        bucket.traffic.visitors
        for day in days
        for bucket in source.hours(day).buckets
        if since_at <= bucket.starts_at and bucket.ends_at <= until_at
    )


def counted(source: Source, change: Watched, now: datetime) -> Counted:
    """Compare the hours since a change with the same hours of the week before. Raise SourceError."""
    until_at = min(now, change.until_at)
    return Counted(
        since=count(source, change.since_at, until_at),
        before=count(source, change.since_at - WEEK, until_at - WEEK),
        foretold=change.foretold,
    )


def watch(tender: Tender, numbers: Numbers, turn: Turn) -> Ran:
    """Look at every change that is watched on a site."""
    with turn.database.reading() as tx:
        watched = [one for one in aftermath_book.watched(tx, tender.site) if _is_due(one, turn.now)]
    told, undone = frozenset[str](), 0
    for one in watched:
        try:
            found = counted(numbers(), one, turn.now)
            seen = judge(found)
            if seen is Seen.WORSE:
                told |= _take_back(tender, one, found, turn)
                undone += 1
            elif turn.now >= one.until_at:
                state = aftermath_book.WELL if seen is Seen.WELL else aftermath_book.UNSEEN
                with turn.transaction() as tx:
                    aftermath_book.settle(tx, one.intent, state, f"{seen}: {found}")
        except (SourceError, PirschError, Busy, Stale) as error:
            return Ran(said=f"Put off: {error}", channels=told, failed=True)
    return Ran(said=f"{len(watched)} watched, {undone} undone.", channels=told)


def _is_due(one: Watched, now: datetime) -> bool:
    return now - one.since_at >= FIRST_LOOK


def _take_back(tender: Tender, one: Watched, found: Counted, turn: Turn) -> frozenset[str]:
    try:
        done = undo(tender, one.intent, WATCHER, turn.transaction)
        good, said = done.good, done.said
    except CannotUndo as why:
        good, said = False, str(why)
    with turn.transaction() as tx:
        aftermath_book.settle(tx, one.intent, aftermath_book.UNDONE, f"{found}; {said}")
        content = Upkept(
            what="A filter was undone" if good else "A filter should be undone, and could not be",
            why=f"Far fewer visitors than foretold: {found}. {said}",
            good=False,
            changes=(one.change.title,),
        )
        return tender.audience.told(tx, f"undone/{one.intent}", content, turn.now, Severity.PAGE)
