"""What is wanted beyond the file: approved or asked for, with a reason, an author and mostly an end.

Keys are those that plans use: "ip 203.0.113.7", the name of a goal, "client@example.com every week".

The file says what the owner wants; it is never written by the bot. What a rule, a reached goal or a yes adds
stands here, and is laid over the file whenever a plan is made. So an addition that ends, or is undone, ends
as every wish does: the next plan takes it back.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from bot import db
from bot.db import Tx
from bot.manage.change import KindName
from bot.manage.wishes import FilterType, FilterWish, GoalWish, Managed, ReportWish
from bot.sources.source import Dimension


class AdditionKind(StrEnum):
    """What can be added to the file."""

    FILTER = "filter"
    GOAL = "goal"
    REPORT = "report"
    WEBHOOK = "webhook"
    SPIKE_THRESHOLD = "spike_threshold"
    MASK = "mask"  # in our own numbers only; Pirsch hears nothing of it
    ADVICE = "advice"  # what "auto" means now: of a threshold, by its kind
    HOLD = "hold"  # this object is left alone by the bot, because a person has undone what it did


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """One wish beyond the file. `key` is what makes two of a kind one; `id` is None before it is kept."""

    site: str
    kind: AdditionKind
    key: str
    why: str
    by: str
    fields: Mapping[str, object]
    until_at: datetime | None = None
    id: int | None = None
    made_at: datetime | None = None

    def stands(self, now: datetime) -> bool:
        """Whether its time is not over."""
        return self.until_at is None or now < self.until_at


def overlay(managed: Managed, additions: Iterable[Addition], now: datetime) -> Managed:
    """Return what is wanted of a site: the file, and the additions that stand (pure).

    Of two under one key the later counts.
    """
    standing = {(one.kind, one.key): one for one in additions if one.site == managed.site and one.stands(now)}
    for one in standing.values():
        managed = _laid_over(managed, one)
    return managed


def events(additions: Iterable[Addition], now: datetime) -> tuple[str, ...]:
    """Return the events for which additions want a webhook."""
    return tuple(one.key for one in additions if one.kind is AdditionKind.WEBHOOK and one.stands(now))


def masks(additions: Iterable[Addition], now: datetime) -> dict[Dimension, tuple[str, ...]]:
    """Return what is left out of our own numbers, by dimension."""
    found: dict[Dimension, tuple[str, ...]] = {}
    for one in additions:
        if one.kind is AdditionKind.MASK and one.stands(now):
            dimension = Dimension(str(one.fields["dimension"]))
            found[dimension] = (*found.get(dimension, ()), str(one.fields["value"]))
    return found


def advice(additions: Iterable[Addition], kind: KindName) -> int | None:
    """Return what "auto" means now, for one of the thresholds; None when nobody has an opinion yet."""
    found = [one for one in additions if one.kind is AdditionKind.ADVICE and one.key == kind]
    return _whole(found[-1].fields["value"]) if found else None


def held(additions: Iterable[Addition], kind: KindName, key: str) -> bool:
    """Whether an object is to be left alone, because a person has undone what the bot did to it."""
    name = hold_key(kind, key)
    return any(one.kind is AdditionKind.HOLD and one.key == name for one in additions)


def hold_key(kind: KindName, key: str) -> str:
    """Return the key under which an object is held."""
    return f"{kind}: {key}"


def _laid_over(managed: Managed, one: Addition) -> Managed:
    fields, place = one.fields, f"added by {one.by}"
    match one.kind:
        case AdditionKind.FILTER:
            wish = FilterWish(
                type=FilterType(str(fields["type"])),
                source=str(fields["filter"]),
                note=str(fields.get("note", "")),
                place=place,
            )
            there = any(_same(wish, other) for other in managed.filters)
            return managed if there else _named(managed, KindName.FILTER, filters=(*managed.filters, wish))
        case AdditionKind.GOAL:
            goals = tuple(found for goal in managed.goals if (found := _goal(goal, one)) is not None)
            return replace(managed, goals=goals)
        case AdditionKind.REPORT:
            report = ReportWish(
                to=(str(fields["to"]),), every=_whole(fields["every"]), fields={}, place=place
            )
            there = any(report.to[0] in other.to and report.every == other.every for other in managed.reports)
            return managed if there else _named(managed, KindName.REPORT, reports=(*managed.reports, report))
        case AdditionKind.SPIKE_THRESHOLD:
            raised = _named(managed, KindName.SPIKE_THRESHOLD, spike_threshold=_whole(fields["visitors"]))
            return _because(raised, KindName.SPIKE_THRESHOLD, "", place)
        case AdditionKind.WEBHOOK:
            return _because(_webhook(managed, one.key), KindName.WEBHOOK, one.key, place)
        case AdditionKind.MASK | AdditionKind.ADVICE | AdditionKind.HOLD:
            return managed


def _because(managed: Managed, kind: KindName, named: str, place: str) -> Managed:
    return replace(managed, because={**managed.because, (kind, named): place})


def _named(managed: Managed, kind: KindName, **changed: Any) -> Managed:
    return replace(managed, named=managed.named | {kind}, **changed)


def _webhook(managed: Managed, event: str) -> Managed:
    """Name one more event; where the file says "from rules", `events` hands it on instead."""
    if isinstance(managed.webhooks, str):
        return managed
    named = managed.webhooks or ()
    return managed if event in named else _named(managed, KindName.WEBHOOK, webhooks=(*named, event))


def _goal(goal: GoalWish, one: Addition) -> GoalWish | None:
    """Lay a raised target over a goal, as long as the file says what it said when it was raised.

    None: it was reached, and the file asks for it to be archived.
    """
    if goal.name != one.key or dict(goal.fields) != one.fields.get("base"):
        return goal
    if one.fields.get("archived"):
        return None
    raised = one.fields.get("fields")
    if not isinstance(raised, Mapping):
        return goal
    in_flight = one.id is None and bool(one.fields.get("rearms"))  # a round must not send a mail again
    place = f"added by {one.by}"
    return replace(goal, fields={**goal.fields, **raised}, rearms=in_flight, place=place)


def _same(wish: FilterWish, other: FilterWish) -> bool:
    return (wish.type, wish.source) == (other.type, other.source)


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value


# ---------------------------------------------------------------- the store


def add(tx: Tx, one: Addition, now: datetime) -> Addition:
    """Keep an addition in the place of the one that stood under its key."""
    end_key(tx, one.site, one.kind, one.key, one.by, now)
    row = {
        "site": one.site,
        "kind": one.kind,
        "key": one.key,
        "fields": json.dumps(dict(one.fields), sort_keys=True),
        "why": one.why,
        "by": one.by,
        "made_at": now,
        "until_at": one.until_at,
    }
    added = tx.execute(sa.insert(db.additions).values(row).returning(db.additions.c.id)).scalar_one()
    return replace(one, id=int(added), made_at=now)


def standing(tx: Tx, now: datetime, site: str | None = None) -> Sequence[Addition]:
    """Return what stands, of one site or of all, the oldest first."""
    table = db.additions
    asked = sa.select(table).where(table.c.ended_at.is_(None)).order_by(table.c.id)
    if site is not None:
        asked = asked.where(table.c.site == site)
    return [one for row in tx.execute(asked) if (one := _addition(row)).stands(now)]


def find(tx: Tx, id: int) -> Addition | None:
    """Return one that has not ended."""
    asked = sa.select(db.additions).where(db.additions.c.id == id, db.additions.c.ended_at.is_(None))
    row = tx.execute(asked).one_or_none()
    return None if row is None else _addition(row)


def end(tx: Tx, id: int, by: str, now: datetime) -> bool:
    """End one. Return False when it had ended before."""
    table = db.additions
    ended = sa.update(table).where(table.c.id == id, table.c.ended_at.is_(None))
    return tx.execute(ended.values(ended_at=now, ended_by=by)).rowcount == 1


def end_key(tx: Tx, site: str, kind: AdditionKind, key: str, by: str, now: datetime) -> bool:
    """End the one that stands under a key. Return False when there is none."""
    table = db.additions
    ended = sa.update(table).where(
        table.c.site == site, table.c.kind == kind, table.c.key == key, table.c.ended_at.is_(None)
    )
    return tx.execute(ended.values(ended_at=now, ended_by=by)).rowcount > 0


def end_overdue(tx: Tx, now: datetime) -> int:
    """End those whose time is over. Return how many."""
    table = db.additions
    over = sa.update(table).where(table.c.ended_at.is_(None), table.c.until_at <= now)
    return tx.execute(over.values(ended_at=now, ended_by="its time was over")).rowcount


def _addition(row: sa.Row[Any]) -> Addition:
    return Addition(
        id=row.id,
        site=row.site,
        kind=AdditionKind(row.kind),
        key=row.key,
        why=row.why,
        by=row.by,
        fields=json.loads(row.fields),
        until_at=row.until_at,
        made_at=row.made_at,
    )
