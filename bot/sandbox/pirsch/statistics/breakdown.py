"""Visitors by one or more attributes: referrer, channel, country, browser, UTM parameters, tags ..."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.sandbox.pirsch.attributes import OF_SESSION, Attribute
from bot.sandbox.pirsch.rows import Session
from bot.sandbox.pirsch.selection import Grain, Match
from bot.sandbox.pirsch.statistics.scope import Scope
from bot.sandbox.pirsch.statistics.tally import Row, Tally, share


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One breakdown: its columns and where they come from, and the numbers that its rows show."""

    columns: tuple[tuple[str, str], ...]  # name in the answer, attribute
    numbers: tuple[str, ...] = ("visitors", "relative_visitors")
    skips_empty: bool = False


_WIDE = ("visitors", "views", "sessions", "relative_visitors", "relative_views", "bounces", "bounce_rate")
_REFERRER = ("visitors", "sessions", "relative_visitors", "bounces", "bounce_rate")


def _utm(name: str) -> Table:
    return Table(columns=((f"utm_{name}", f"utm_{name}"),), skips_empty=True)


TABLES: Mapping[str, Table] = {
    "hostname": Table(columns=(("hostname", "hostname"),), numbers=_WIDE),
    "language": Table(columns=(("language", "language"),)),
    "referrer": Table(
        columns=(("referrer", "referrer"), ("referrer_name", "referrer_name"), ("referrer_icon", "icon")),
        numbers=_REFERRER,
    ),
    "channel": Table(columns=(("channel", "channel"),), numbers=_WIDE),
    "os": Table(columns=(("os", "os"),)),
    "os/version": Table(columns=(("os", "os"), ("os_version", "os_version"))),
    "browser": Table(columns=(("browser", "browser"),)),
    "browser/version": Table(columns=(("browser", "browser"), ("browser_version", "browser_version"))),
    "country": Table(columns=(("country_code", "country"),)),
    "region": Table(columns=(("country_code", "country"), ("region", "region"))),
    "city": Table(columns=(("country_code", "country"), ("region", "region"), ("city", "city"))),
    "screen": Table(columns=(("screen_class", "screen_class"),)),
    "utm/source": _utm("source"),
    "utm/medium": _utm("medium"),
    "utm/campaign": _utm("campaign"),
    "utm/content": _utm("content"),
    "utm/term": _utm("term"),
}


def _icon(session: Session) -> str:
    return session.source.icon


_ATTRIBUTES: Mapping[str, Attribute] = {**OF_SESSION, "icon": _icon}


def rows_of(scope: Scope, table: Table) -> list[Row]:
    """Return the rows of a breakdown, unsorted. Shares are of all that is selected."""
    attributes = [_ATTRIBUTES[attribute] for _, attribute in table.columns]

    def key(match: Match) -> tuple[str, ...]:
        return tuple(attribute(match.session) for attribute in attributes)

    tallies, whole = grouped(scope.matches(), key)
    names = [name for name, _ in table.columns]
    return [
        dict(zip(names, values, strict=True)) | numbers(tally, whole, table.numbers)
        for values, tally in tallies.items()
        if not table.skips_empty or any(values)
    ]


def platforms(scope: Scope) -> Row:
    """Return the one object of `/platform`."""
    tallies, whole = grouped(scope.matches(), lambda match: (match.session.visitor.platform,))
    counts = {name: len(tallies.get((name,), Tally()).visitors) for name in ("desktop", "mobile", "unknown")}
    return {f"platform_{name}": count for name, count in counts.items()} | {
        f"relative_platform_{name}": share(count, len(whole.visitors)) for name, count in counts.items()
    }


def tags(scope: Scope) -> list[Row]:
    """Return the keys of page tags with the visitors who saw a page that has them."""
    return _tag_rows(scope, None)


def tag_values(scope: Scope, tag: str) -> list[Row]:
    """Return the values of one tag."""
    return _tag_rows(scope, tag)


def _tag_rows(scope: Scope, tag: str | None) -> list[Row]:
    tallies: dict[tuple[str, ...], Tally] = {}
    whole = Tally()
    for match in scope.by(Grain.VIEWS).matches():
        whole.add(match)
        found: dict[tuple[str, ...], list[int]] = {}
        for place, view in enumerate(match.views):
            for key, value in view.page.tags:
                if tag is None or key == tag:
                    found.setdefault((key,) if tag is None else (key, value), []).append(place)
        for key_and_value, places in found.items():
            piece = match._replace(views=[match.views[place] for place in places])
            tallies.setdefault(key_and_value, Tally()).add(piece)
    shown = ("visitors", "views", "relative_visitors", "relative_views")
    return [
        dict(zip(("key", "value"), key, strict=False)) | numbers(tally, whole, shown)
        for key, tally in tallies.items()
    ]


def grouped(
    matches: Iterable[Match], key: Callable[[Match], tuple[str, ...]]
) -> tuple[dict[tuple[str, ...], Tally], Tally]:
    """Count matches by a key, and all together."""
    tallies: dict[tuple[str, ...], Tally] = {}
    whole = Tally()
    for match in matches:
        whole.add(match)
        tallies.setdefault(key(match), Tally()).add(match)
    return tallies, whole


def numbers(tally: Tally, whole: Tally, shown: Sequence[str]) -> Row:
    """Return the numbers of a row; views are relative to all views, as in the core."""
    values = tally.row() | {
        "relative_visitors": share(len(tally.visitors), len(whole.visitors)),
        "relative_views": share(tally.views, whole.views),
    }
    return {name: values[name] for name in shown}
