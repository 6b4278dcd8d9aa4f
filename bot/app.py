"""Puts the parts together, straight from top to bottom, and serves them."""

import logging
import os
import secrets
import sys
import threading
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from flask import Blueprint, Flask

from bot import clock, duties, health, leaving, log
from bot.db import Database
from bot.deliver.lanes import Lanes
from bot.deliver.worker import Deliverer
from bot.house import House
from bot.jobs import Ages, Runner, Schedule
from bot.judging import Judging
from bot.keeper import Keeper
from bot.leaving import Leaving
from bot.pages import Pages
from bot.pipeline import Judges
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
EPHEMERAL = (
    "The store is SQLite on a dyno: its disk is emptied at every restart, at least daily, and with it every"
    " event, alert and waiting message. Add a PostgreSQL database, so that DATABASE_URL is set."
)


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
        vendors=settings.vendors,
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
    sites = Sites(settings, clock.now, masks=partial(masked, database, clock.now), database=database)
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
            *duties.jobs(settings, deliverer, sites, stewards, judges),
            *upkeep.jobs(sites),
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


def _nobody(channels: Iterable[str]) -> None:
    """Nobody in this process delivers; the one who does looks by itself."""


def _nothing() -> None:
    """Nobody in this process judges; the one who does looks by itself."""
