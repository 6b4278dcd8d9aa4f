"""What is wanted and what is there become a plan. Pure, and the same for the same values in any order."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.manage.change import Change, Desired, Fields, KindName, Owner, Plan, Thing, Verb, Wanted, state_of
from bot.manage.fingerprints import canonical
from bot.manage.heirs import inherited
from bot.manage.memory import NOTHING, Memory

_ORDER = {Verb.CREATE: 0, Verb.UPDATE: 1, Verb.DELETE: 2}


class Comparing(Protocol):
    """What a plan asks of a kind of objects."""

    def differs(self, wanted: Wanted, thing: Thing) -> Sequence[str]:
        """Return the names of the fields that would have to change."""

    def judged(self, change: Change) -> Change:
        """Return a change with its risk and its warnings."""


def plan(
    desired: Desired,
    actual: Sequence[Thing],
    kinds: Mapping[KindName, Comparing],
    now: datetime,
    memory: Memory = NOTHING,
) -> Plan:
    """Return what has to be done so that the account is as wanted. What is not ours is never deleted."""
    changes = [
        kinds[kind].judged(change)
        for kind in sorted(desired.kinds)
        for change in _of_kind(kind, desired, actual, kinds[kind], memory)
    ]
    touched = {one.kind for one in changes}
    return Plan(
        site=desired.site,
        made_at=now,
        changes=tuple(sorted(changes, key=_place)),
        state=state_of([one for one in actual if one.kind in touched]),
    )


def _place(change: Change) -> tuple[int, str, str, str]:
    return _ORDER[change.verb], change.kind, change.key, change.id or ""


def _of_kind(
    kind: KindName, desired: Desired, actual: Sequence[Thing], compared: Comparing, memory: Memory
) -> list[Change]:
    left = sorted((one for one in actual if one.kind is kind), key=_preferred)
    vanished = memory.vanished(kind, {one.id for one in left if one.id})
    changes, new = [], []
    for wanted in (one for one in desired.things if one.kind is kind):
        thing = next((one for one in left if one.key == wanted.key), None)
        if thing is None:
            new.append(wanted)
            continue
        left.remove(thing)
        if names := compared.differs(wanted, thing):
            changes.append(_update(desired.site, wanted, thing, names))
    going = [one for one in left if _may_go(one, desired)]
    changes += [_create(desired.site, one, inherited(one, going), gone=one.key in vanished) for one in new]
    return changes + [_delete(desired.site, one) for one in going]


def _preferred(thing: Thing) -> tuple[bool, str]:
    """Of two with one key, ours is the one that is wanted; then always the same."""
    return thing.owner is not Owner.OURS, canonical([thing.id, thing.fields])


def _create(site: str, wanted: Wanted, before: Fields, *, gone: bool) -> Change:
    return Change(
        site=site,
        kind=wanted.kind,
        verb=Verb.CREATE,
        key=wanted.key,
        before=None,
        after={**wanted.when_new, **before, **wanted.fields},
        why=wanted.why,
        origin=wanted.origin,
        drifted=gone,
        warnings=("somebody deleted it in the dashboard, or Pirsch did when it was reached",) if gone else (),
    )


def _update(site: str, wanted: Wanted, thing: Thing, names: Sequence[str]) -> Change:
    before = thing.fields
    return Change(
        site=site,
        kind=wanted.kind,
        verb=Verb.UPDATE,
        key=wanted.key,
        id=thing.id,
        before=before,
        after={**before, **{name: wanted.fields[name] for name in names}},
        why=wanted.why,
        owner=thing.owner,
        origin=wanted.origin,
        hands_off=thing.hands_off,
        drifted=thing.drifted,
        rearming_meant=wanted.rearms,
    )


def _delete(site: str, thing: Thing) -> Change:
    return Change(
        site=site,
        kind=thing.kind,
        verb=Verb.DELETE,
        key=thing.key,
        id=thing.id,
        before=thing.fields,
        after=None,
        why="ours, and no longer wanted",
        owner=thing.owner,
        origin=thing.origin,
        hands_off=thing.hands_off,
        drifted=thing.drifted,
    )


def _may_go(thing: Thing, desired: Desired) -> bool:
    """Only what is ours and has an id, and not while the source that it came from cannot be asked.

    With an emptied store nobody knows from which source a filter came: then none goes while one is silent.
    """
    silent = bool(desired.held) and (not thing.origin or thing.origin in desired.held)
    return thing.owner is Owner.OURS and thing.id is not None and not silent


def without(plan: Plan, *changes: Change) -> Plan:
    """Return a plan without some of its changes, resting on the same state."""
    return replace(plan, changes=tuple(one for one in plan.changes if one not in changes))
