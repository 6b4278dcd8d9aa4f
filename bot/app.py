"""Puts the parts together, straight from top to bottom; starts and stops what runs beside the requests."""

import logging
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from flask import Blueprint, Flask
from sqlalchemy.exc import SQLAlchemyError

from bot import audits, clock, db, events, health, leaving, log, pipeline, presses
from bot.db import Database
from bot.deliver.lanes import Lanes
from bot.deliver.looking import Seen, look_around
from bot.deliver.worker import Deliverer
from bot.explain.dashboard import Dashboard
from bot.explain.watched import Reasons
from bot.jobs import Ages, Every, Job, Ran, Runner, Schedule, watching
from bot.jobs.drift import DriftLook
from bot.judging import Judging
from bot.keeper import Keeper
from bot.leaving import Leaving
from bot.manage.drift import Drift
from bot.pages import Pages
from bot.pipeline import Judges
from bot.pipeline.measured import Bench
from bot.receive import Receiver
from bot.roads import roads
from bot.settings import BadSettings, Settings, load
from bot.signing import Signer
from bot.sites import Sites
from bot.stewards import Stewards
from bot.tenders import UnderUpkeep
from bot.upkeep.given import filled, masked, wished

lines = logging.getLogger(__name__)

APP_LOAD_ERROR = 4  # as gunicorn calls it

ROLES = frozenset({"web", "worker"})
AGAIN = 2.0
"""Seconds after which a store that was not ready is asked again."""

PATIENCE = 15.0
"""Seconds that one kind of work gets to finish when we are told to stop."""

EPHEMERAL = (
    "The store is SQLite on a dyno: its disk is emptied at every restart, at least daily, and with it every"
    " event, alert and waiting message. Add a PostgreSQL database, so that DATABASE_URL is set."
)


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


def build(settings: Settings, roles: frozenset[str] = ROLES) -> House:
    """Make every part and join them. Nothing runs yet, and nothing is asked of the world."""
    owner = f"{os.getpid()}-{secrets.token_hex(6)}"
    database = Database(settings.database_url.reveal())
    judges = Judges(
        book=settings.book,
        sites=tuple(settings.sites),
        unheard=settings.unheard,
        told=settings.bot.owner,
        channels=tuple(settings.channels),
        reaching=frozenset(
            (site, goal.name)
            for site, one in settings.managed.items()
            for goal in one.goals
            if goal.when_reached is not None
        ),
        policy=settings.policy,
        watches=frozenset(watch.place for watch in settings.watches),
    )
    deliverer = Deliverer(
        database=database,
        roads=roads(settings),
        clock=clock.now,
        owner=owner,
        lease=settings.delivery.lease,
        told=settings.bot.owner,
        policy=settings.policy,
    )
    lanes = Lanes(deliverer)
    judging = Judging(database, judges, lanes, clock.now)
    sites = Sites(settings, clock.now, masks=partial(masked, database, clock.now))
    stewards = Stewards(
        settings=settings,
        database=database,
        client=sites.client,
        owner=owner,
        wished=partial(wished, database, clock.now),
        given=partial(filled, database, clock.now),
    )
    upkeep = UnderUpkeep(settings, database, sites.client, owner)
    runner = Runner(
        database,
        [
            *jobs(settings, deliverer, sites, stewards, judges),
            *upkeep.jobs(sites),
            *audits.jobs(settings, sites, judges),
        ],
        lanes,
        clock.now,
        owner,
    )
    schedule = Schedule(
        database,
        judges,
        lanes,
        clock.now,
        owner=owner,
        lease=settings.delivery.lease,
        ages=Ages(**settings.store.keep.model_dump()),
        runner=runner,
    )
    warnings = [EPHEMERAL] if database.is_sqlite and "DYNO" in os.environ else []
    for warning in warnings:
        lines.critical(warning)
    if clock.MOVED in os.environ:
        lines.critical("time is moved, as beside a sandbox", extra={"by": clock.MOVED})
    return House(
        settings=settings,
        database=database,
        keeper=Keeper(database, judging.wake if "worker" in roles else _nothing),
        deliverer=deliverer,
        lanes=lanes,
        judging=judging,
        schedule=schedule,
        runner=runner,
        judges=judges,
        sites=sites,
        upkeep=upkeep,
        roles=roles,
        warnings=warnings,
    )


def jobs(
    settings: Settings, deliverer: Deliverer, sites: Sites, stewards: Stewards, judges: Judges
) -> list[Job]:
    """Return what this bot does again and again, by its settings."""
    boards = {name: Dashboard(hostname=site.domain) for name, site in settings.sites.items()}
    reasons = Reasons(
        boards=boards,
        siblings={name: partial(sites.open, name) for name in settings.sites},
        heard=partial(_last_heard, deliverer.database),
    )
    bench = Bench(database=deliverer.database, judges=judges, source=sites.open, explain=reasons)
    return [
        *watching.jobs(bench, settings.watches),
        *(look.job for look in drift_looks(settings, stewards)),
        Job(
            name="channels",
            about="Look whether every channel would take a message",
            timing=Every(length=timedelta(days=1)),
            run=lambda turn: _looked_around(look_around(deliverer, turn.stopping)),
        ),
        *presses.jobs(settings, sites, clock.now),
    ]


def drift_looks(settings: Settings, stewards: Stewards) -> Iterator[DriftLook]:
    """Give the nightly look at each site under management."""
    owner = () if settings.bot.owner is None else (settings.bot.owner,)
    for site, managed in settings.managed.items():
        yield DriftLook(
            site=site,
            zone=settings.bot.timezone,
            channels=owner if managed.notify is None else managed.notify,
            drift=partial(_drift, stewards, site),
        )


def _drift(stewards: Stewards, site: str) -> Sequence[Drift]:
    return stewards.of(site).drift()


def _last_heard(database: Database, site: str) -> datetime | None:
    with database.reading() as tx:
        return events.last_heard(tx, site)


def _looked_around(seen: Seen) -> Ran:
    closed = f"; closed: {', '.join(seen.closed)}" if seen.closed else ""
    return Ran(said=f"{seen.well} would take a message{closed}.", channels=seen.channels)


def create_app(settings: Settings | None = None, roles: frozenset[str] | None = None) -> Flask:
    """Return the web application. Its `extensions["house"]` is what runs beside the requests.

    Without arguments as gunicorn calls it: the settings from BOT_CONFIG, the roles from BOT_ROLES. Ends the
    process with every mistake of the settings when there is one.
    """
    settings = settings or settings_of_process()
    house = build(settings, roles or roles_of(os.environ))
    app = Flask("bot", static_folder=None, template_folder=None)
    app.extensions["house"] = house
    app.register_blueprint(health.pages(house.database, clock.now, lambda: house.warnings))
    if (proposals := house.upkeep.pages()) is not None:
        app.register_blueprint(proposals)
    if (page := _leaving(settings, house)) is not None:
        app.register_blueprint(page)
    app.wsgi_app = Receiver(app.wsgi_app, _tokens(settings), house.keeper, clock.now)  # type: ignore[method-assign]
    return app


def _leaving(settings: Settings, house: House) -> Blueprint | None:
    """Return the page by which people leave a channel; None where its links cannot be signed."""
    secret = settings.bot.link_secret
    if secret is None or settings.bot.public_url is None:
        return None
    folders = [] if settings.bot.templates is None else [settings.folder / settings.bot.templates]
    return leaving.blueprint(
        Leaving(
            database=house.database,
            signer=Signer(secret.reveal(), clock.now),
            pages=Pages(folders, settings.formats()),
            addresses={name: road.addresses for name, road in house.deliverer.roads.items()},
            owner=house.deliverer.told_of_troubles,
            clock=clock.now,
            wake=house.lanes.wake if "worker" in house.roles else _nobody,
        )
    )


def settings_of_process() -> Settings:
    """Load the settings named by the environment and set the log up; end with words when they are wrong."""
    try:
        settings = load(Path(os.environ.get("BOT_CONFIG", "config.toml")))
    except BadSettings as bad:
        raise _unusable(*bad.lines(), str(bad)) from None
    log.set_up(settings.secrets())
    return settings


def roles_of(environ: Mapping[str, str]) -> frozenset[str]:
    """Read BOT_ROLES, such as `web,worker`. Raise SystemExit for a role that there is not."""
    named = frozenset(
        word.strip() for word in environ.get("BOT_ROLES", "web,worker").split(",") if word.strip()
    )
    if not named or named - ROLES:
        raise _unusable(
            f"BOT_ROLES is {environ.get('BOT_ROLES')!r}; it takes web, worker, or both: web,worker"
        )
    return named


def _unusable(*words: str) -> SystemExit:
    """Say what is wrong. With any other code, gunicorn would begin again every second."""
    sys.stderr.write("\n".join([*words, ""]))
    return SystemExit(APP_LOAD_ERROR)


def work_until(stop: threading.Event, settings: Settings) -> None:
    """Judge, deliver and tick without serving requests, until told to stop."""
    house = build(settings, frozenset({"worker"}))
    house.start()
    try:
        stop.wait()
    finally:
        house.stop()


def _tokens(settings: Settings) -> dict[str, list[str]]:
    return {
        name: [token.reveal() for token in (site.hook_token, site.hook_token_old) if token is not None]
        for name, site in settings.sites.items()
    }


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


def _nobody(channels: Iterable[str]) -> None:
    """Nobody in this process delivers; the one who does looks by itself."""


def _nothing() -> None:
    """Nobody in this process judges; the one who does looks by itself."""
