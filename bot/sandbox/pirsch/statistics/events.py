"""Custom events: by name, by a meta value, and one by one."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.sandbox.pirsch.attributes import has_key, value_of
from bot.sandbox.pirsch.rows import Event, Pairs
from bot.sandbox.pirsch.selection import Grain, Match
from bot.sandbox.pirsch.statistics.scope import Scope
from bot.sandbox.pirsch.statistics.series import mean
from bot.sandbox.pirsch.statistics.tally import Row, Tally, share


@dataclass(slots=True)
class _Kind:
    tally: Tally = field(default_factory=Tally)
    count: int = 0
    durations: list[int] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)


def by_name(scope: Scope) -> list[Row]:
    """Return every event that happened."""
    kinds, everybody = _kinds(scope, lambda event: (event.name,)), scope.everybody()
    return [_row(name, kind, everybody) | {"meta_keys": sorted(kind.keys)} for (name,), kind in kinds.items()]


def by_meta(scope: Scope, key: str) -> list[Row]:
    """Return the values of one meta key of the events selected."""

    def name_and_value(event: Event) -> tuple[str, ...] | None:
        return (event.name, value_of(event.meta, key)) if has_key(event.meta, key) else None

    kinds, everybody = _kinds(scope, name_and_value), scope.everybody()
    return [_row(name, kind, everybody) | {"meta_value": value} for (name, value), kind in kinds.items()]


def one_by_one(scope: Scope) -> list[Row]:
    """Return events with equal names and meta as one row each."""
    counts: Counter[tuple[str, Pairs]] = Counter()
    visitors: dict[tuple[str, Pairs], set[int]] = {}
    for match in scope.by(Grain.EVENTS).matches():
        for event in match.events:
            key = (event.name, tuple(sorted(event.meta)))
            counts[key] += 1
            visitors.setdefault(key, set()).add(match.session.visitor.visitor_id)
    return [
        {"name": key[0], "meta": dict(key[1]), "visitors": len(visitors[key]), "count": count}
        for key, count in counts.items()
    ]


def meta_keys(matches: Iterable[Match]) -> set[str]:
    """Return every meta key in use."""
    return {key for match in matches for event in match.events for key, _ in event.meta}


def _kinds(scope: Scope, key_of: Callable[[Event], tuple[str, ...] | None]) -> dict[tuple[str, ...], _Kind]:
    kinds: dict[tuple[str, ...], _Kind] = {}
    for match in scope.by(Grain.EVENTS).matches():
        touched: set[tuple[str, ...]] = set()
        for event in match.events:
            key = key_of(event)
            if key is not None:
                kind = kinds.setdefault(key, _Kind())
                kind.count += 1
                kind.durations.append(event.duration)
                kind.keys.update(name for name, _ in event.meta)
                touched.add(key)
        for key in touched:
            kinds[key].tally.add(match)
    return kinds


def _row(name: str, kind: _Kind, everybody: int) -> Row:
    return {
        "name": name,
        "count": kind.count,
        "visitors": len(kind.tally.visitors),
        "views": kind.tally.views,
        "cr": share(len(kind.tally.visitors), everybody),
        "average_duration_seconds": mean(kind.durations),
    }
