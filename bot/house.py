"""The running bot: what it is made of, and the way to start and to stop it."""

import logging
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot import clock, db, pipeline
from bot.db import Database
from bot.deliver.lanes import Lanes
from bot.deliver.looking import look_around
from bot.deliver.worker import Deliverer
from bot.jobs import Runner, Schedule
from bot.judging import Judging
from bot.keeper import Keeper
from bot.pipeline import Judges
from bot.settings import Settings
from bot.sites import Sites
from bot.tenders import UnderUpkeep

lines = logging.getLogger(__name__)

AGAIN = 2.0
"""Seconds after which a store that was not ready is asked again."""

PATIENCE = 15.0
"""Seconds that one kind of work gets to finish when we are told to stop."""


@dataclass(slots=True)
class House:
    """The running bot: what it is made of, and the way to start and to stop it."""

    settings: Settings
    database: Database
    keeper: Keeper
    deliverer: Deliverer
    lanes: Lanes
    judging: Judging
    schedule: Schedule
    runner: Runner
    judges: Judges
    sites: Sites
    upkeep: UnderUpkeep
    roles: frozenset[str]
    warnings: list[str] = field(default_factory=list)
    _started: bool = False
    _stopping: threading.Event = field(default_factory=threading.Event)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Begin to judge, deliver and tick, in the process that does it: threads survive no fork.

        A store that is away, or not set up, is asked again until it is there. A process that ended instead
        would be restarted by the platform, each time later than the time before.
        """
        _migrate_embedded(self.database)
        if "worker" in self.roles and not self._began():
            threading.Thread(target=self._begin_later, name="beginning", daemon=True).start()

    def _begin_later(self) -> None:
        while not self._stopping.wait(AGAIN) and not self._began():
            pass

    def _began(self) -> bool:
        """Begin, unless told to stop meanwhile. Return False when the store is not ready."""
        with self._turn:
            if self._stopping.is_set():
                return True
            try:
                with self.database.transaction() as tx:
                    told = pipeline.begin(tx, self.judges, clock.now(), self.warnings)
                self.schedule.start()
            except SQLAlchemyError:
                lines.exception("the store is not ready; nothing is judged or sent until it is")
                return False
            self._started = True
            self.lanes.start()
            self.judging.start()
        self.lanes.wake(told.channels)
        threading.Thread(target=self._look_at_channels, name="looking", daemon=True).start()
        lines.info("started", extra={"roles": sorted(self.roles), "pid": os.getpid()})
        return True

    def _look_at_channels(self) -> None:
        """See at once whether the channels are as the settings say, not when the first message is refused."""
        try:
            self.lanes.wake(look_around(self.deliverer, self._stopping).channels)
        except SQLAlchemyError:  # the daily look comes, too
            lines.exception("channels not looked at")

    def stop(self) -> None:
        """Finish what is at hand and give back what is held. Safe to call twice, and before `start`.

        In the order of the way: no new judgements, no new messages, then the leases go, so that the process
        that follows need not wait for them to run out.
        """
        self._stopping.set()
        with self._turn:
            started, self._started = self._started, False
        if started:
            began = time.monotonic()
            finished = self.judging.stop(PATIENCE)
            finished &= self.lanes.stop(max(1.0, PATIENCE - (time.monotonic() - began)))
            finished &= self.schedule.stop(max(1.0, PATIENCE - (time.monotonic() - began)))
            lines.info("stopped", extra={"finished": finished, "seconds": round(time.monotonic() - began, 2)})
        self.keeper.close()
        self.sites.close()
        self.database.close()


def _migrate_embedded(database: Database) -> None:
    """Set up an embedded store that is new or old: a release phase runs elsewhere and cannot reach its file.

    In a process of its own: the migration tool would stay in our memory for good.
    """
    if not database.is_sqlite:
        return
    with database.reading() as tx:
        if db.schema(tx) == db.SCHEMA:
            return
    here = Path(__file__).resolve().parent.parent
    config = Path(os.environ.get("BOT_CONFIG", "config.toml")).resolve()
    environ = os.environ | {"DATABASE_URL": str(database.url)}
    subprocess.run(  # noqa: S603 - our own command on our own settings
        [sys.executable, "-m", "bot", "db", "upgrade", "--config", str(config)],
        check=True,
        cwd=here,
        env=environ,
    )
