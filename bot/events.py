"""Received events, and those that the bot makes itself: keep, take, read, settle.

A body is kept as it came. Reading it is a separate, pure step that ends in an `Event` or in `Unreadable`
with words for a person; nothing that a stranger can send ends in anything else.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import db
from bot.append import Appender
from bot.db import Database, Tx
from bot.facts import OUR_NAMES, Event, Reason
from bot.record import clean

LONGEST_BODY = 256 * 1024
"""Bytes that are kept of one body. Pirsch allows 20 pairs of 100 + 2,000 characters: about 170 KiB."""

DEEPEST = 16
LONGEST_NAME = 1_000
MOST_META = 100
LONGEST_KEY = 500
LONGEST_VALUE = 20_000
LONGEST_DURATION = 2**32 - 1  # the sender's own type is uint32

KEPT, DONE, QUARANTINED = "kept", "done", "quarantined"
WEBHOOK, GOAL = "webhook", "goal"
"""Where an event comes from. Only the bot writes the second, in the transaction with what proves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A body at the door. `size` is what the sender sent; `body` is cut at LONGEST_BODY."""

    site: str
    body: bytes
    size: int
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A body in the store that nobody has read yet."""

    id: int
    site: str
    body: bytes
    size: int
    received_at: datetime
    origin: str = WEBHOOK


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An event that the bot makes, because it found out that something happened."""

    site: str
    name: str
    made_at: datetime
    meta: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What came of a kept event: what each rule said, or why nobody could read it."""

    id: int
    state: str
    name: str | None = None
    verdicts: tuple[tuple[str, Reason], ...] = ()
    why: str | None = None


class Unreadable(Exception):
    """A body is no event; the text tells a person why."""


def shelf(database: Database) -> Appender:
    """Return where arrivals are put: `keep` uses it."""
    return Appender(database, db.events, ("site", "body", "size", "received_at"))


def keep(shelf: Appender, arrivals: Sequence[Arrival]) -> None:
    """Write bodies as they came, in order of arrival. They are on disk when this returns."""
    shelf.append([(one.site, one.body, one.size, one.received_at) for one in arrivals])


def keep_made(tx: Tx, made: Sequence[Made]) -> None:
    """Keep events of our own: they are judged like any other, if and only if this transaction ends well."""
    rows = []
    for one in made:
        meta = {key[:LONGEST_KEY]: value[:LONGEST_VALUE] for key, value in one.meta.items()}
        body = json.dumps({"event_name": one.name, "event_meta": meta}).encode()
        rows.append(
            {
                "site": one.site,
                "body": body,
                "size": len(body),
                "received_at": one.made_at,
                "origin": GOAL,
            }
        )
    if rows:
        tx.execute(sa.insert(db.events), rows)


def take(tx: Tx, most: int, event_id: int | None = None) -> list[Kept]:
    """Lock the oldest kept events, up to `most`, or this one only, until the transaction ends.

    Those that another transaction holds are left out.
    """
    table = db.events
    asked = sa.select(*(table.c[column] for column in Kept.__slots__))
    asked = asked.where(table.c.state == KEPT).order_by(table.c.id).limit(most)
    if event_id is not None:
        asked = asked.where(table.c.id == event_id)
    rows = tx.execute(asked.with_for_update(skip_locked=True))  # SQLite leaves this out: it has one writer
    return [Kept(**row._mapping) for row in rows]


def waiting(tx: Tx, most: int) -> list[int]:
    """Return the ids of the oldest kept events, up to `most`, without taking them."""
    table = db.events
    asked = sa.select(table.c.id).where(table.c.state == KEPT).order_by(table.c.id).limit(most)
    return list(tx.execute(asked).scalars())


def oldest_kept(tx: Tx) -> datetime | None:
    """Return when the oldest event was received that nobody has judged; None when all are."""
    at: datetime | None = tx.execute(
        sa.select(sa.func.min(db.events.c.received_at)).where(db.events.c.state == KEPT)
    ).scalar()
    return at


def settle(tx: Tx, settled: Sequence[Settled]) -> None:
    """Record what came of events that were taken."""
    if not settled:
        return
    tx.execute(
        sa.update(db.events)
        .where(db.events.c.id == sa.bindparam("event_id"))
        .values(
            state=sa.bindparam("new_state"),
            name=sa.bindparam("new_name"),
            outcome=sa.bindparam("new_outcome"),
        ),
        [
            {"event_id": one.id, "new_state": one.state, "new_name": one.name, "new_outcome": _outcome(one)}
            for one in settled
        ],
    )


def _outcome(settled: Settled) -> str | None:
    if settled.why is not None:
        return settled.why
    return json.dumps(settled.verdicts, ensure_ascii=False) if settled.verdicts else None


def read(kept: Kept) -> Event:
    """Read a body. Raise Unreadable with a sentence that a person can act on.

    The wire (docs.pirsch.io, "Webhooks"): an object with `event_name`, `event_duration` in whole seconds and
    `event_meta`, a flat object of strings. Numbers and booleans are taken as the text that JavaScript makes
    of them, null as absent; nested values stay as compact JSON, so that nothing is lost.
    """
    if kept.size > LONGEST_BODY:
        raise Unreadable(
            f"longer than {LONGEST_BODY // 1024} KiB ({kept.size:,} bytes); only the beginning is kept"
        )
    try:
        data = _JSON.decode(kept.body.decode())
    except RecursionError:
        raise Unreadable("nested too deeply") from None
    except ValueError as error:  # also UnicodeDecodeError, and numbers with more digits than int() takes
        raise Unreadable(f"not JSON: {error}") from None
    if not isinstance(data, dict):
        raise Unreadable(f"not an object, but {_kind(data)}")
    if _depth(data) > DEEPEST:
        raise Unreadable(f"nested more than {DEEPEST} levels deep")
    name, ours = _name(data), kept.origin != WEBHOOK
    if name in OUR_NAMES and not ours:
        raise Unreadable(f"only the bot itself makes events named {name}; call the site's own otherwise")
    return Event(
        id=kept.id,
        site=kept.site,
        name=name,
        ours=ours,
        received_at=kept.received_at,
        duration=_duration(data.get("event_duration")),
        meta=_meta(data.get("event_meta")),
    )


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is not a JSON value")


_JSON = json.JSONDecoder(parse_constant=_no_constant)


def _kind(value: object) -> str:
    kinds = {list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}
    return kinds.get(type(value), "null")


def _depth(value: object) -> int:
    """How many objects and lists lie inside each other, without recursion of our own."""
    level, inside = 0, [value]
    while inside := [one for one in inside if isinstance(one, dict | list)]:
        level += 1
        if level > DEEPEST:
            break
        inside = [inner for one in inside for inner in (one.values() if isinstance(one, dict) else one)]
    return level


def _name(data: Mapping[str, Any]) -> str:
    if "event_name" not in data:
        raise Unreadable("there is no event_name")
    name = data["event_name"]
    if not isinstance(name, str):
        raise Unreadable(f"event_name is not a text, but {_kind(name)}")
    name = clean(name).strip()
    if not name:
        raise Unreadable("event_name is empty")
    if len(name) > LONGEST_NAME:
        raise Unreadable(f"event_name is longer than {LONGEST_NAME:,} characters")
    return name


def _duration(value: object) -> timedelta:
    """Seconds; whatever is no sensible number counts as none: an odd duration must not lose an event."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return timedelta(0)
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return timedelta(0)
    return timedelta(seconds=int(seconds)) if 0 <= seconds <= LONGEST_DURATION else timedelta(0)


def _meta(value: object) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unreadable(f"event_meta is not an object, but {_kind(value)}")
    if len(value) > MOST_META:
        raise Unreadable(f"event_meta has {len(value):,} keys; {MOST_META} are the most")
    meta = {
        clean(key)[:LONGEST_KEY]: clean(_text(inner)) for key, inner in value.items() if inner is not None
    }
    for key, text in meta.items():
        if len(text) > LONGEST_VALUE:
            raise Unreadable(
                f"the value of {key[:40]!r} in event_meta is longer than {LONGEST_VALUE:,} characters"
            )
    return meta


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))  # 5.0 is "5" in the sender's language
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A line of the list of events."""

    id: int
    site: str
    received_at: datetime
    state: str
    name: str | None
    size: int
    body: bytes
    outcome: str | None

    @property
    def verdicts(self) -> list[tuple[str, Reason]]:
        """What each rule said, in the order of the file."""
        if self.state != DONE or not self.outcome:
            return []
        return [(rule, Reason(reason)) for rule, reason in json.loads(self.outcome)]


def seen(
    tx: Tx,
    *,
    site: str | None = None,
    name: str | None = None,
    state: str | None = None,
    since: datetime | None = None,
    most: int = 50,
) -> list[Seen]:
    """Return the newest events first."""
    table = db.events
    asked = sa.select(*(table.c[column] for column in Seen.__slots__)).order_by(table.c.id.desc()).limit(most)
    for column, value in (("site", site), ("name", name), ("state", state)):
        if value is not None:
            asked = asked.where(table.c[column] == value)
    if since is not None:
        asked = asked.where(table.c.received_at >= since)
    return [Seen(**row._mapping) for row in tx.execute(asked)]


def heard_since(tx: Tx, since: datetime, after: int, most: int) -> list[Kept]:
    """Return events received since an instant in order of arrival, from behind id `after`: for a replay."""
    table = db.events
    rows = tx.execute(
        sa.select(*(table.c[column] for column in Kept.__slots__))
        .where(table.c.received_at >= since, table.c.id > after)
        .order_by(table.c.id)
        .limit(most)
    )
    return [Kept(**row._mapping) for row in rows]


def counts(tx: Tx) -> dict[str, int]:
    """Return how many events are in each state. Reads the whole table."""
    rows = tx.execute(
        sa.select(db.events.c.state, sa.func.count().label("number")).group_by(db.events.c.state)
    )
    return {row.state: row.number for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many events came through webhooks, by name, and how many bodies had none that could be read."""

    names: Mapping[str, int]
    unreadable: int


def counted(tx: Tx, site: str, since: datetime, until: datetime) -> Counted:
    """Count what came from a site within [since, until) and was judged."""
    table = db.events
    asked = (
        sa.select(table.c.name, table.c.state, sa.func.count().label("number"))
        .where(table.c.received_at >= since, table.c.received_at < until)
        .where(table.c.site == site, table.c.origin == WEBHOOK)
        .group_by(table.c.name, table.c.state)
    )
    names, unreadable = dict[str, int](), 0
    for row in tx.execute(asked):
        if row.state == DONE and row.name is not None:
            names[row.name] = row.number
        elif row.state == QUARANTINED:
            unreadable += row.number
    return Counted(names=names, unreadable=unreadable)


def last_heard(tx: Tx, site: str) -> datetime | None:
    """Return when something came from a site last, whatever it was."""
    table = db.events
    asked = sa.select(table.c.received_at).where(table.c.site == site, table.c.origin == WEBHOOK)
    at: datetime | None = tx.execute(asked.order_by(table.c.received_at.desc()).limit(1)).scalar()
    return at


def unsettled(tx: Tx) -> dict[str, int]:
    """Return how many events wait to be judged, and how many nobody could read. Reads nothing else."""
    return db.count_by_state(tx, db.events, (KEPT, QUARANTINED))


def prune(tx: Tx, states: Iterable[str], before: datetime, most: int) -> int:
    """Forget at most `most` settled events received before an instant; return how many went."""
    old = (
        sa.select(db.events.c.id)
        .where(db.events.c.received_at < before, db.events.c.state.in_(list(states)))
        .limit(most)
    )
    return tx.execute(sa.delete(db.events).where(db.events.c.id.in_(old.scalar_subquery()))).rowcount
