"""What made a watch speak: the reasons for an opinion about how many came."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.detect.hours import HOUR, Hours
from bot.detect.verdict import Side
from bot.explain.dashboard import Board
from bot.explain.gather import drivers
from bot.explain.suspects import Known, Sibling, suspect
from bot.explain.window import earlier, pieces
from bot.facts import Explanation, Silence
from bot.sources.errors import SourceError
from bot.sources.source import Dimension, Source
from bot.watches.look import Kept
from bot.watches.opinion import Opinion, Stretch
from bot.watches.watch import Watch

OF_VISITORS = frozenset({"visitors", "views", "sessions", "silence", "spike", "growth", "event"})
"""The looks whose number can be told apart by page, referrer and country."""

OF_SILENCE = frozenset({"visitors", "views", "sessions", "silence"})
"""The looks whose zero is a site on which nothing is counted."""

RIGHT_NOW = timedelta(minutes=30)
MOST_SIBLINGS = 4
Heard = Callable[[str], datetime | None]


def never_heard(site: str) -> None:
    """Know of no event."""


def alone(site: str) -> Mapping[str, Callable[[], Source]]:
    """Know of no other site."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Explains opinions. `board` gives the page that links of a site lead to, if there is one.

    `siblings` are the other sites that the same vendor counts, by site; `heard` says when an event came from
    a site last.
    """

    board: Callable[[str], Board | None]
    siblings: Callable[[str], Mapping[str, Callable[[], Source]]] = alone
    heard: Heard = never_heard

    def __call__(self, watch: Watch, kept: Kept, opinion: Opinion, source: Source) -> Explanation | None:
        """Return what made the difference; None for a number that is no count of visitors."""
        if watch.look not in OF_VISITORS or opinion.over is None:
            return None
        over = opinion.over
        board = self.board(watch.site)
        found = drivers(
            source,
            over.since_at,
            over.until_at,
            where=opinion.where,
            board=board,
            calendar=kept.calendar,
        )
        if opinion.judged.verdict.side is not Side.DOWN or watch.look not in OF_SILENCE:
            return found
        return self._suspected(found, watch, kept, source)

    def _suspected(self, found: Explanation, watch: Watch, kept: Kept, source: Source) -> Explanation:
        """Add what is behind a fall: at most ten calls more."""
        since_at = None if kept.hours is None else silent_since(kept.hours)
        heard_at = self.heard(watch.site)
        known = Known(
            silent=since_at is not None,
            active=_active(source) if since_at is not None else None,
            heard=since_at is not None and heard_at is not None and heard_at > since_at + HOUR,
            siblings=() if since_at is None else self._siblings(watch.site, since_at, kept.now),
        )
        if since_at is None:
            return replace(found, suspect=suspect(known))
        last_page = _last_page(source, since_at)
        silence = Silence(since_at=since_at, last_page=last_page, last_event_at=heard_at)
        return replace(found, suspect=suspect(known), silence=silence)

    def _siblings(self, site: str, since_at: datetime, until_at: datetime) -> tuple[Sibling, ...]:
        """Ask how some other sites are doing in the same hours. Who does not answer says nothing."""
        found: list[Sibling] = []
        for _, opened in sorted(self.siblings(site).items()):
            if len(found) == MOST_SIBLINGS:
                break
            try:
                found.append(_sibling(opened(), Stretch(since_at=since_at, until_at=until_at)))
            except SourceError:
                continue
        return tuple(found)


def silent_since(hours: Hours) -> datetime | None:
    """Return the end of the last hour in which anything was counted, if the latest one was empty."""
    quiet = 0
    for count in reversed(hours.counts):
        if count != 0:
            break
        quiet += 1
    return hours.end_at - quiet * HOUR if quiet else None


def _active(source: Source) -> int | None:
    try:
        return source.active(RIGHT_NOW).visitors
    except SourceError:
        return None


def _last_page(source: Source, since_at: datetime) -> str | None:
    """Return the page that most saw in the last hour in which there was one."""
    try:
        for piece in pieces(since_at - HOUR, since_at, source.zone):
            for row in source.breakdown(Dimension.PAGE, piece, most=1).rows:
                return row.value
    except SourceError:
        return None
    return None


def _sibling(source: Source, over: Stretch) -> Sibling:
    asked = pieces(over.since_at, over.until_at, source.zone)
    return Sibling(
        now=sum(source.totals(piece).traffic.visitors for piece in asked),
        before=sum(source.totals(earlier(piece, 1)).traffic.visitors for piece in asked),
    )
