"""The values that a filter can take: what the dashboard offers while one types."""

from collections.abc import Callable, Iterable, Mapping

from bot.sandbox.pirsch.attributes import OF_SESSION, value_of
from bot.sandbox.pirsch.selection import Grain, Match
from bot.sandbox.pirsch.statistics.scope import Scope

MOST = 200

Values = Callable[[Match], Iterable[str]]


def _attribute(name: str) -> Values:
    attribute = OF_SESSION[name]
    return lambda match: (attribute(match.session),)


OF_SESSIONS: Mapping[str, Values] = {
    "referrer/name": _attribute("referrer_name"),
    **{name: _attribute(name) for name in ("hostname", "referrer", "channel", "country", "region", "city")},
    **{name: _attribute(name) for name in ("language", "browser", "os")},
    **{
        f"utm/{name}": _attribute(f"utm_{name}")
        for name in ("source", "medium", "campaign", "content", "term")
    },
}
OF_VIEWS: Mapping[str, Values] = {
    "page": lambda match: (view.page.path for view in match.views),
    "tag": lambda match: (key for view in match.views for key, _ in view.page.tags),
}
OF_EVENTS: Mapping[str, Values] = {
    "event": lambda match: (event.name for event in match.events),
    "metadata/keys": lambda match: (key for event in match.events for key, _ in event.meta),
    "metadata": lambda match: (value for event in match.events for _, value in event.meta),
}


def options(scope: Scope, dimension: str, search: str) -> list[str]:
    """Return the values in use that hold a text, sorted, at most 200."""
    for grain, table in ((Grain.SESSIONS, OF_SESSIONS), (Grain.VIEWS, OF_VIEWS), (Grain.EVENTS, OF_EVENTS)):
        if dimension in table:
            seen = scope if grain is Grain.SESSIONS else scope.by(grain)
            return offered((value for match in seen.matches() for value in table[dimension](match)), search)
    raise LookupError(dimension)


def tag_values(scope: Scope, tag: str, search: str) -> list[str]:
    """Return the values of one tag."""
    found = (
        value_of(view.page.tags, tag) for match in scope.by(Grain.VIEWS).matches() for view in match.views
    )
    return offered(found, search)


def offered(values: Iterable[str], search: str) -> list[str]:
    """Sort, drop empty ones and repeats, keep what holds the text."""
    return sorted({value for value in values if value and search.lower() in value.lower()})[:MOST]
