"""A digest's time has come: what was gathered becomes a notice, once for each destination."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import outbox
from bot.db import Tx
from bot.digests import book, write
from bot.digests.editions import Edition
from bot.digests.outline import Outline, WhenUsual
from bot.facts import Digest
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
    usual = outline.when_usual is WhenUsual.SKIP and digest.quiet
    outcome = book.USUAL if usual else book.TOLD
    channels = book.enter(tx, outline.name, due.edition, outline.notify, outcome, now)
    if usual or not channels:
        return Progress(taken=len(channels))
    outbox.put(tx, channels, write.notice(digest, outline.key, now), now)
    return Progress(taken=len(channels), channels=frozenset(channels))


def _skip(tx: Tx, outline: Outline, edition: Edition, now: datetime) -> None:
    if book.enter(tx, outline.name, edition, outline.notify, book.SKIPPED, now):
        log.warning(
            "digest skipped: a later one is due already",
            extra={"digest": outline.name, "period": edition.period, "due_at": edition.due_at.isoformat()},
        )
