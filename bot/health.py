"""GET /healthz: alive. GET /readyz: database, migrations, schedule, and how long the oldest notice waits."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from bot import db, events, leases, outbox
from bot.clock import Clock
from bot.db import Database
from bot.jobs import LEAD
from bot.leases import SCHEDULE

log = logging.getLogger(__name__)

LATE = 600.0
"""Seconds after which a waiting notice is worth a warning."""


@dataclass(slots=True)
class Report:
    """What /readyz says. `ready` is False when something that the bot cannot do without is missing."""

    ready: bool = True
    checks: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def missing(self, check: str, why: str) -> None:
        """Something indispensable is not there."""
        self.ready = False
        self.checks[check] = why


def report(database: Database, clock: Clock, warnings: Callable[[], list[str]]) -> Report:
    """Look at everything that readiness depends on."""
    found = Report(warnings=list(warnings()))
    try:
        with database.reading() as tx:
            found.checks["database"] = "ok"
            if (at := db.schema(tx)) != db.SCHEMA:
                found.missing(
                    "migrations", f"at {at or 'nothing'}, {db.SCHEMA} is needed: pirsch-bot db upgrade"
                )
                return found
            found.checks["migrations"] = "ok"
            _look(found, tx, clock)
    except SQLAlchemyError:
        log.exception("database not readable")
        found.missing("database", "not reachable")
    return found


def _look(found: Report, tx: db.Tx, clock: Clock) -> None:
    now = clock()
    beaten_at = leases.beaten_at(tx, SCHEDULE)
    silent = None if beaten_at is None else (now - beaten_at).total_seconds()
    if silent is None or silent > 3 * LEAD:
        found.missing("scheduler", "no process runs the schedule")
    else:
        found.checks["scheduler"] = "ok"
    oldest_at = outbox.oldest_waiting(tx)
    waits = None if oldest_at is None else round((now - oldest_at).total_seconds(), 1)
    found.checks["oldest_waiting_notice_seconds"] = waits
    found.checks["notices"] = outbox.unsettled(tx)
    found.checks["events"] = events.unsettled(tx)
    if waits is not None and waits > LATE:
        found.warnings.append(f"the oldest notice waits for {waits:.0f} s: pirsch-bot outbox lanes")
    if any(lane.closed_why for lane in outbox.lanes(tx)):
        found.warnings.append("a channel is closed: pirsch-bot outbox lanes")


def pages(database: Database, clock: Clock, warnings: Callable[[], list[str]]) -> Blueprint:
    """Return the two pages. They name no channel, no address and no secret: they are open to everybody."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @blueprint.get("/readyz")
    def readyz() -> tuple[Response, int]:
        found = report(database, clock, warnings)
        answer = {"ready": found.ready, "checks": found.checks, "warnings": found.warnings}
        return jsonify(answer), 200 if found.ready else 503

    return blueprint
