"""Pages: seen, entered by, left from."""

from collections.abc import Callable, Iterator

from bot.sandbox.pirsch.rows import View
from bot.sandbox.pirsch.selection import Grain, Match
from bot.sandbox.pirsch.statistics.breakdown import numbers
from bot.sandbox.pirsch.statistics.scope import Scope
from bot.sandbox.pirsch.statistics.series import mean, stays
from bot.sandbox.pirsch.statistics.tally import Row, Tally, share

Name = tuple[str, str]  # path and title

_SHOWN = ("visitors", "views", "sessions", "bounces", "relative_visitors", "relative_views", "bounce_rate")


def seen(scope: Scope) -> list[Row]:
    """Return every page that was viewed (or, with an event filter, on which the event happened)."""
    tallies: dict[Name, Tally] = {}
    times: dict[Name, list[int]] = {}
    whole = Tally()
    for match in scope.by(Grain.VIEWS).matches():
        whole.add(match)
        for name, piece in _by_page(match):
            tallies.setdefault(name, Tally()).add(piece)
        for _, name, seconds in stays(match):
            times.setdefault(name, []).append(seconds)
    return [
        _named(name)
        | numbers(tally, whole, _SHOWN)
        | {"average_time_spent_seconds": mean(times.get(name, []))}
        for name, tally in tallies.items()
    ]


def entries(scope: Scope) -> list[Row]:
    """Return the pages on which sessions began."""
    rows = _ends(scope, lambda match: match.session.views[0], "entries", "entry_rate")
    times: dict[Name, list[int]] = {}
    for match in scope.by(Grain.VIEWS).matches():
        for _, name, seconds in stays(match):
            times.setdefault(name, []).append(seconds)
    return [
        row | {"average_time_spent_seconds": mean(times.get((str(row["path"]), str(row["title"])), []))}
        for row in rows
    ]


def exits(scope: Scope) -> list[Row]:
    """Return the pages on which sessions ended."""
    return _ends(scope, lambda match: match.session.views[-1], "exits", "exit_rate")


def _ends(scope: Scope, end: Callable[[Match], View], count: str, rate: str) -> list[Row]:
    """Return pages by the sessions that have them at one end; `sessions` counts all that saw the page."""
    tallies: dict[Name, Tally] = {}
    seen_in: dict[Name, int] = {}
    sessions = 0
    for match in scope.matches():
        sessions += 1
        page = end(match).page
        tallies.setdefault((page.path, page.title), Tally()).add(match)
        for name in {(view.page.path, view.page.title) for view in match.session.views}:
            seen_in[name] = seen_in.get(name, 0) + 1
    return [
        _named(name)
        | {"visitors": len(tally.visitors), "sessions": seen_in[name], count: tally.sessions}
        | {rate: share(tally.sessions, sessions)}
        for name, tally in tallies.items()
    ]


def _by_page(match: Match) -> Iterator[tuple[Name, Match]]:
    """Divide a match by page: those viewed, or, with an event filter, those on which the event happened."""
    pages: dict[Name, list[View]] = {(event.page.path, event.page.title): [] for event in match.events}
    for view in match.views:
        name = (view.page.path, view.page.title)
        if name in pages:
            pages[name].append(view)
        elif not match.events:
            pages[name] = [view]
    for name, views in pages.items():
        yield name, match._replace(views=views)


def _named(name: Name) -> Row:
    return {"path": name[0], "title": name[1]}
