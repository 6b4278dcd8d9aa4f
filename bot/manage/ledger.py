"""Everything that was done to an account, as rows: written, never changed, taken away when they are old.

An intent is written before the call and its outcome after it. What lies between the two, a dead process or
a cut line, is a doubt: the next run looks at the account before it does anything else.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from bot import db
from bot.db import Tx
from bot.manage.change import Actor, Change, Fields, KindName, Thing, Verb
from bot.manage.fingerprints import canonical
from bot.manage.memory import Doubt, Memory, Remembered
from bot.manage.outcome import Outcome, Step

INTENT, OUTCOME, CLAIM, DISCLAIM, IGNORE = "intent", "outcome", "claim", "disclaim", "ignore"
_KINDS = {kind.value for kind in KindName}
_Key = TypeVar("_Key")
_WROTE = tuple(one.value for one in Outcome if one.wrote)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of the ledger."""

    id: int
    at: datetime
    site: str
    entry: str
    intent: int | None
    kind: str
    key: str
    object_id: str | None
    verb: str
    who: str
    authority: str
    why: str
    before: Fields | None
    after: Fields | None
    origin: str
    plan: str | None
    outcome: str | None
    answer: str | None


# ---------------------------------------------------------------- writing


def intend(tx: Tx, change: Change, actor: Actor, plan: str, now: datetime) -> int:
    """Write that a change is about to be made. Return the intent's id, which its outcome names."""
    return _add(
        tx,
        entry=INTENT,
        at=now,
        site=change.site,
        kind=change.kind,
        key=change.key,
        object_id=change.id,
        verb=change.verb,
        who=actor.who,
        authority=actor.authority,
        why=change.why,
        before=_json(change.before),
        after=_json(change.after),
        origin=change.origin,
        plan=plan,
    )


def settle(tx: Tx, intent: int, step: Step, actor: Actor, plan: str, now: datetime) -> int:
    """Write what became of an intent."""
    change = step.change
    return _add(
        tx,
        entry=OUTCOME,
        at=now,
        site=change.site,
        intent=intent,
        kind=change.kind,
        key=change.key,
        object_id=step.id or change.id,
        verb=change.verb,
        who=actor.who,
        authority=actor.authority,
        why=change.why,
        before=_json(change.before),
        after=_json(change.after),
        origin=change.origin,
        plan=plan,
        outcome=step.outcome,
        answer=step.answer,
    )


def claim(tx: Tx, site: str, thing: Thing, actor: Actor, why: str, now: datetime) -> int:
    """Write that an object is ours from now on, as it stands."""
    return _about(tx, CLAIM, site, thing, actor, why, now)


def disclaim(tx: Tx, site: str, thing: Thing, actor: Actor, why: str, now: datetime) -> int:
    """Write that an object is not ours any more: it stays, and we leave it alone."""
    return _about(tx, DISCLAIM, site, thing, actor, why, now)


def ignore(tx: Tx, site: str, thing: Thing, actor: Actor, why: str, now: datetime) -> int:
    """Write that what others made of our object is to be let be: it is told no more, and not undone.

    A thing that they deleted is shown without fields.
    """
    return _about(tx, IGNORE, site, thing, actor, why, now)


def _about(tx: Tx, entry: str, site: str, thing: Thing, actor: Actor, why: str, now: datetime) -> int:
    return _add(
        tx,
        entry=entry,
        at=now,
        site=site,
        kind=thing.kind,
        key=thing.key,
        object_id=thing.id,
        verb=entry,
        who=actor.who,
        authority=actor.authority,
        why=why,
        after=_json(thing.fields),
        origin=thing.origin,
    )


def _add(tx: Tx, **values: object) -> int:
    added = tx.execute(sa.insert(db.ledger).values(**values).returning(db.ledger.c.id))
    return int(added.scalar_one())


# ---------------------------------------------------------------- reading


def entries(
    tx: Tx,
    *,
    site: str | None = None,
    kind: str | None = None,
    since: datetime | None = None,
    most: int | None = None,
) -> Sequence[Entry]:
    """Return rows, the newest first."""
    table = db.ledger
    asked = sa.select(table).order_by(table.c.id.desc()).limit(most)
    if site is not None:
        asked = asked.where(table.c.site == site)
    if kind is not None:
        asked = asked.where(table.c.kind == kind)
    if since is not None:
        asked = asked.where(table.c.at >= since)
    return [_entry(row) for row in tx.execute(asked)]


def written_since(tx: Tx, site: str, since: datetime) -> int:
    """Count the changes of a site that were written, or may have been, since an instant."""
    table = db.ledger
    asked = (
        sa.select(sa.func.count())
        .select_from(table)
        .where(table.c.site == site, table.c.at >= since, table.c.outcome.in_(_WROTE))
    )
    return int(tx.execute(asked).scalar_one())


def memory(tx: Tx, site: str) -> Memory:
    """Return what is known of a site from all that was done to it."""
    return _fold(_oldest_first(tx, site)).memory


def age(tx: Tx, before: datetime) -> int:
    """Take away rows from before an instant, but never the last word about an object. Return how many."""
    table = db.ledger
    sites = tx.execute(sa.select(table.c.site).where(table.c.at < before).distinct()).scalars().all()
    gone = 0
    for site in sites:
        rows = _oldest_first(tx, site)
        needed = _fold(rows).needed
        old = [row.id for row in rows if row.at < before and row.id not in needed]
        for start in range(0, len(old), 500):
            tx.execute(sa.delete(table).where(table.c.id.in_(old[start : start + 500])))
        gone += len(old)
    return gone


def _oldest_first(tx: Tx, site: str) -> list[Entry]:
    table = db.ledger
    asked = sa.select(table).where(table.c.site == site).order_by(table.c.id)
    return [_entry(row) for row in tx.execute(asked)]


def _entry(row: sa.Row[Any]) -> Entry:
    values = {**row._mapping, "before": _read(row.before), "after": _read(row.after)}
    return Entry(**values)


def _json(fields: Fields | None) -> str | None:
    return None if fields is None else canonical(fields)


def _read(text: object) -> Fields | None:
    return None if text is None else json.loads(str(text))


# ---------------------------------------------------------------- what follows from the rows


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folded:
    memory: Memory
    needed: Collection[int]


def _fold(rows: Sequence[Entry]) -> _Folded:
    """Go through the rows as they were written; remember the last word about each object."""
    things: dict[tuple[KindName, str], Remembered] = {}
    settings: dict[KindName, Remembered] = {}
    open_: dict[int, Entry] = {}
    words: dict[object, set[int]] = {}  # the last word about each object
    roots: dict[object, set[int]] = {}  # and the one that made it ours
    for row in rows:
        if row.kind not in _KINDS:
            continue  # a switch, or of a newer version
        if row.entry == INTENT:
            open_[row.id] = row
            continue
        kind = KindName(row.kind)
        if row.entry == OUTCOME and row.outcome != Outcome.UNSURE and row.intent is not None:
            open_.pop(row.intent, None)
        known = things.get((kind, row.object_id)) if row.object_id else settings.get(kind)
        found = _after(row, known)
        if found is not known:  # a refusal, say, is no word about the object
            about: object = (kind, row.object_id) if row.object_id else kind
            words[about] = {row.id} | ({row.intent} if row.intent else set())
            if found is not None and found.ours and not (known is not None and known.ours):
                roots[about] = words[about]
        if row.object_id is None:
            _put(settings, kind, found)
        else:
            _put(things, (kind, row.object_id), found)
    live = {*things, *settings}
    kept = (ids for of in (words, roots) for about, ids in of.items() if about in live)
    needed = set(open_).union(*kept)
    doubts = tuple(Doubt(intent=id, change=_change(row)) for id, row in open_.items())
    return _Folded(memory=Memory(things=things, settings=settings, doubts=doubts), needed=needed)


def _put(known: dict[_Key, Remembered], about: _Key, found: Remembered | None) -> None:
    if found is None:
        known.pop(about, None)
    else:
        known[about] = found


def _after(row: Entry, known: Remembered | None) -> Remembered | None:
    """Return what is remembered of an object once a row about it was read; None: nothing any more."""
    ours = known is not None and known.ours
    match row.entry, row.outcome:
        case "claim", _:
            return Remembered(key=row.key, ours=True, fields=row.after, origin=row.origin, claimed=True)
        case "ignore", _:
            return None if known is None else replace(known, ignored=row.after or {})
        case "disclaim", _:
            return None
        case _, Outcome.DONE | Outcome.SAID_YES | Outcome.ALREADY if row.verb == Verb.DELETE:
            return None
        case _, Outcome.ALREADY if row.verb == Verb.CREATE and row.object_id is not None:
            return known  # somebody else made it
        case _, Outcome.DONE | Outcome.SAID_YES | Outcome.ALREADY:
            made = row.verb == Verb.CREATE or row.object_id is None
            return Remembered(key=row.key, ours=made or ours, fields=row.after, origin=row.origin)
        case _, Outcome.NOT_AS_WISHED if row.object_id is None:
            return Remembered(key=row.key, ours=True, fields=None)  # a setting, or nothing to speak of
        case _, Outcome.NOT_AS_WISHED if row.verb == Verb.CREATE:
            return Remembered(key=row.key, ours=True, fields=row.after, origin=row.origin)
    return known  # what is unsure stays a doubt until somebody has looked


def _change(row: Entry) -> Change:
    return Change(
        site=row.site,
        kind=KindName(row.kind),
        verb=Verb(row.verb),
        key=row.key,
        id=row.object_id,
        before=row.before,
        after=row.after,
        why=row.why,
        origin=row.origin,
    )
