"""What a job is, and what one run of it may rely on."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import agenda
from bot.agenda import Claim
from bot.clock import Clock
from bot.db import Database, Tx
from bot.jobs.timing import Timing


class Superseded(Exception):
    """The claim was lost, because we paused for long: somebody else runs this job now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a run went: one sentence about what it saw or did, and the channels for which something waits now.

    `failed` runs are repeated after a pause; `said` tells why, in words fit for a list.
    """

    said: str
    channels: frozenset[str] = frozenset()
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One run of a job.

    `due_at` is the instant that it is for, `now` when it began: after a restart that can be much later. A run
    that takes long looks at `stopping` between its steps and returns when it is set.
    """

    due_at: datetime
    now: datetime
    clock: Clock
    database: Database
    claim: Claim
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def late(self) -> timedelta:
        """How long after its instant the run began."""
        return max(timedelta(0), self.now - self.due_at)

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Write as long as the claim is ours; raise Superseded when it is not."""
        with self.database.transaction() as tx:
            if not agenda.holds(tx, self.claim):
                raise Superseded
            yield tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something that is done again and again. `name` is its row, such as `watch/shop/20m`.

    A new job is due at its first time, or, with `soon`, when it is first seen.

    `run` is called in a thread, at most once at a time over all processes. What it does twice, because a
    process died in between, must be the same as done once.
    """

    name: str
    about: str
    timing: Timing
    run: Callable[[Turn], Ran]
    soon: bool = False
