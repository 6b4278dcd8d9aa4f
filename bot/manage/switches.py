"""Pirsch's own mails about spikes and silence: on, off, or nobody knows. Only for a person's command.

The one call that there is turns on what is off and off what is on, and no call tells the position. So what a
person has seen in the dashboard is written into the ledger, a flip turns the remembered position round, and
whatever leaves a doubt makes it unknown. Nothing here is ever repeated, and no job comes here.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from bot import db
from bot.db import Database, Tx
from bot.manage.change import Actor
from bot.manage.fingerprints import canonical
from bot.pirsch.errors import NotReadable, PirschError, Unsure
from bot.pirsch.ids import DomainId
from bot.pirsch.narrow import Narrow
from bot.pirsch.traffic import Traffic

FLIPS = frozenset({"traffic.flip_spike_mails", "traffic.flip_silence_mails"})
"""The calls of this module; nothing else in managing can make them."""


class Switch(StrEnum):
    """Which mails."""

    SPIKE = "spike_mails"
    SILENCE = "silence_mails"


class Position(StrEnum):
    """What is known of a switch."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"

    @property
    def flipped(self) -> "Position":
        """The other position; of an unknown one nothing is known."""
        turned = {Position.ON: Position.OFF, Position.OFF: Position.ON}
        return turned.get(self, Position.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flipped:
    """What came of a flip: what is known now, and a sentence."""

    position: Position
    answer: str
    sent: bool


def position(tx: Tx, site: str, switch: Switch) -> Position:
    """Return what is known. A flip that was begun and never finished leaves it unknown."""
    table = db.ledger
    asked = (
        sa.select(table.c.entry, table.c.after)
        .where(table.c.site == site, table.c.kind == switch.value)
        .order_by(table.c.id.desc())
        .limit(1)
    )
    row = tx.execute(asked).one_or_none()
    if row is None or row.entry == "intent":
        return Position.UNKNOWN
    return Position(json.loads(row.after))


def saw(tx: Tx, site: str, switch: Switch, seen: Position, actor: Actor, now: datetime) -> None:
    """Write down what a person has seen in the dashboard."""
    _note(tx, site, switch, actor, now, entry="seen", verb="see", after=seen, answer="seen in the dashboard")


def flip(
    database: Database, wire: Narrow, site: str, domain: DomainId, switch: Switch, actor: Actor, now: datetime
) -> Flipped:
    """Flip once. The intent stands in the ledger before; whatever is not a clean yes or no is unknown."""
    with database.transaction() as tx:
        before = position(tx, site, switch)
        _note(tx, site, switch, actor, now, entry="intent", verb="flip", after=before.flipped)
    came = _flipped(Traffic(wire), domain, switch, before)
    with database.transaction() as tx:
        _note(
            tx,
            site,
            switch,
            actor,
            now,
            entry="outcome",
            verb="flip",
            after=came.position,
            answer=came.answer,
        )
    return came


def _flipped(traffic: Traffic, domain: DomainId, switch: Switch, before: Position) -> Flipped:
    call = traffic.flip_spike_mails if switch is Switch.SPIKE else traffic.flip_silence_mails
    try:
        call(domain)
    except Unsure as error:
        answer = f"cut short, so nobody knows: look into the dashboard ({error})"
        return Flipped(position=Position.UNKNOWN, answer=answer, sent=True)
    except NotReadable as error:
        return Flipped(position=before.flipped, answer=f"Pirsch said yes ({error})", sent=True)
    except PirschError as error:
        return Flipped(position=before, answer=f"not flipped: {error}", sent=False)
    return Flipped(position=before.flipped, answer="Pirsch said yes", sent=True)


def _note(
    tx: Tx,
    site: str,
    switch: Switch,
    actor: Actor,
    now: datetime,
    *,
    entry: str,
    verb: str,
    after: Position,
    answer: str | None = None,
) -> None:
    tx.execute(
        sa.insert(db.ledger).values(
            at=now,
            site=site,
            entry=entry,
            kind=switch.value,
            key="",
            verb=verb,
            who=actor.who,
            authority=actor.authority,
            why="a person's command",
            after=canonical(after.value),
            origin="",
            answer=answer,
        )
    )
