"""Digests as jobs: each comes at its own times, gathers without a transaction, and is told in one."""

from dataclasses import dataclass
from datetime import timedelta

from bot import pipeline
from bot.digests import book, editions, write
from bot.digests.gather import Stopped
from bot.digests.press import Press
from bot.jobs.job import Job, Ran, Turn
from bot.jobs.timing import OnWall
from bot.pipeline import Due

_INSTANT = timedelta(microseconds=1)


def job(press: Press, timing: OnWall) -> Job:
    """Return the job that tells each edition of a digest once."""
    outline = press.outline
    about = f"Tells {', '.join(outline.notify)} of {', '.join(outline.sites)}"
    return Job(name=outline.key, about=about, timing=timing, run=_Telling(press=press, timing=timing).run)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    press: Press
    timing: OnWall

    def run(self, turn: Turn) -> Ran:
        """Tell the edition that was due last, unless it was told.

        1. Look into the book: what was told is not gathered again.
        2. Ask the sources, with no transaction open.
        3. Put it into the outbox and into the book, in one transaction.

        Whoever dies before the third does it again; whoever comes second finds it done.
        """
        press, outline = self.press, self.press.outline
        edition = editions.latest(self.timing, self.timing.zone, turn.now)
        with turn.database.reading() as tx:
            missing = book.missing(tx, outline.name, edition, outline.notify)
            last = book.last(tx, outline.name)
        if not missing:
            return Ran(said=f"The edition of {edition.days} was told already.")
        try:
            reports = press.gather(edition, stopping=turn.stopping)
        except Stopped:
            return Ran(said="Stopped before everything was gathered.", failed=True)
        now = turn.clock()
        why = write.told_nothing(outline, reports)
        if why is not None and now - edition.due_at < write.PATIENCE:
            return Ran(said=f"No source answers: {why}. It is tried again.", failed=True)
        digest = press.digest(edition, reports, press.records(turn.database, edition, now), now)
        since = turn.due_at - _INSTANT if last is None else last.due_at
        too_old = editions.too_old(self.timing, self.timing.zone, since, edition)
        with turn.transaction() as tx:
            due = Due(outline=outline, edition=edition, too_old=too_old)
            told = pipeline.tell_digest(tx, due, digest, now)
        return Ran(said=_said(edition.days, told.channels, digest.quiet), channels=told.channels)


def _said(days: object, channels: frozenset[str], quiet: bool) -> str:
    what = "nothing unusual" if quiet else "something unusual"
    if not channels:
        return f"The edition of {days} says {what}; nobody is told."
    return f"The edition of {days} says {what}; told to {', '.join(sorted(channels))}."
