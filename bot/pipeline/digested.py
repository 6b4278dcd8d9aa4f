"""A digest's time has come: what was gathered becomes a notice, once for each destination."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import outbox
from bot.db import Tx
from bot.digests import book, records, write
from bot.digests.editions import Edition
from bot.digests.outline import Outline, Part, WhenUsual
from bot.facts import Digest
from bot.outbox import Held
from bot.pipeline.step import Progress

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The edition that is to be told, and those that its turn came too late for."""

    outline: Outline
    edition: Edition
    too_old: Sequence[Edition] = ()


def tell_digest(tx: Tx, due: Due, digest: Digest, now: datetime) -> Progress:
    """Let a digest wait for each destination that has not had this edition; write down which had it.

    All in one transaction with the outbox: an edition is in the book if and only if its notice waits.
    """
    outline = due.outline
    for edition in due.too_old:
        _skip(tx, outline, edition, now)
    told: set[str] = set()
    for channel in outline.notify:
        if _tell(tx, due, digest, channel, now):
            told.add(channel)
    return Progress(taken=len(told), channels=frozenset(told))


def _tell(tx: Tx, due: Due, digest: Digest, channel: str, now: datetime) -> bool:
    """Let it wait for one destination, with what that was spared; return False when nothing is said."""
    outline = due.outline
    left = _left_to_digests(tx, channel, now) if Part.SUPPRESSED in outline.parts else []
    if left:
        spared = records.over_budget(left, channel)
        digest = replace(digest, held_back=(spared, *(digest.held_back or ())))
    usual = outline.when_usual is WhenUsual.SKIP and digest.quiet
    outcome = book.USUAL if usual else book.TOLD
    if not book.enter(tx, outline.name, due.edition, [channel], outcome, now) or usual:
        return False
    outbox.collect(tx, [one.id for one in left], now)
    outbox.put(tx, [channel], write.notice(digest, outline.key, now), now)
    return True


def _left_to_digests(tx: Tx, channel: str, now: datetime) -> list[Held]:
    """Return what waits longer than until tomorrow: it waits for us."""
    return [one for one in outbox.take_held(tx, channel) if one.due_at > now + records.TOMORROW]


def _skip(tx: Tx, outline: Outline, edition: Edition, now: datetime) -> None:
    if book.enter(tx, outline.name, edition, outline.notify, book.SKIPPED, now):
        log.warning(
            "digest skipped: a later one is due already",
            extra={"digest": outline.name, "period": edition.period, "due_at": edition.due_at.isoformat()},
        )
