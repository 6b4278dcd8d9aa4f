"""Funnels: how many get from step to step."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.sandbox.pirsch import globs, selection
from bot.sandbox.pirsch.selection import Filters
from bot.sandbox.pirsch.statistics.scope import Scope
from bot.sandbox.pirsch.statistics.tally import Row, share

Json = object


def steps(scope: Scope, definitions: Sequence[Filters]) -> list[Row]:
    """Return a row per step. The request's own filters apply to the first step.

    As in the core, a step counts visitors who satisfied it in the same session as the step before; the order
    in time is not enforced.
    """
    counts: list[int] = []
    kept: set[tuple[int, int]] = set()
    for place, filters in enumerate(definitions):
        step = selection.read(scope.period, filters)
        if place == 0:
            step = _both(step, scope.selection)
        found = {
            (match.session.visitor.visitor_id, match.session.session_id)
            for match in scope.over(step).matches()
        }
        kept = found & kept if place else found
        counts.append(len({visitor for visitor, _ in kept}))
    return rows(counts)


def rows(counts: Sequence[int]) -> list[Row]:
    """Return the rows for the visitors of each step.

    `relative_previous_visitors` is the previous step's share of the first, not this step's conversion.
    """
    made: list[Row] = []
    for place, visitors in enumerate(counts):
        before = counts[place - 1] if place else 0
        dropped = before - visitors if place else 0
        made.append(
            {
                "step": place + 1,
                "visitors": visitors,
                "relative_visitors": share(visitors, counts[0]),
                "previous_visitors": before,
                "relative_previous_visitors": share(before, counts[0]),
                "dropped": dropped,
                "drop_off": share(dropped, before),
            }
        )
    return made


def filters_of(step: Mapping[str, Json]) -> Filters:
    """Translate the keys of a step's definition into those of a query."""
    found: dict[str, list[str]] = {}
    for name, value in step.items():
        if name in ("tags", "event_meta") and isinstance(value, Mapping):
            prefix = "tag_" if name == "tags" else "meta_"
            for key, wanted in value.items():
                found[prefix + str(key)] = _texts(wanted)
        elif name == "path_pattern":
            found.setdefault("pattern", []).extend([globs.regex_of(glob) for glob in _texts(value)])
        elif name == "path_regex":
            found.setdefault("pattern", []).extend(_texts(value))
        else:
            found["event" if name == "event_name" else name] = _texts(value)
    return {name: values for name, values in found.items() if values}


def _both(step: selection.Selection, request: selection.Selection) -> selection.Selection:
    return replace(
        step,
        grain=max(step.grain, request.grain),
        sessions=step.sessions + request.sessions,
        pages=step.pages + request.pages,
        events=step.events + request.events,
    )


def _texts(value: Json) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    return [str(one) for one in value] if isinstance(value, list) else []
