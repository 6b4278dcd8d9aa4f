"""Numbers over time: by day, week, month, year, hour of day, minute of the hour, and weekday."""

from collections.abc import Callable, Hashable, Iterator
from datetime import date, datetime, timedelta
from typing import TypeVar

from bot.sandbox.pirsch import selection
from bot.sandbox.pirsch.selection import Grain, Match
from bot.sandbox.pirsch.statistics.scope import Scope
from bot.sandbox.pirsch.statistics.tally import Row, Tally, share

Key = TypeVar("Key", bound=Hashable)

SCALES = ("day", "week", "month", "year")


def over_time(scope: Scope, scale: str, *, sunday: bool) -> list[Row]:
    """Return one row per day, week, month or year of the whole period, zeros included.

    `to` may be tomorrow, so the last row can lie in the future and be empty. The date means the local
    calendar day although it is written with a Z.
    """
    zone = scope.period.zone

    def bucket(at: int) -> date:
        return first_of(datetime.fromtimestamp(at, zone).date(), scale, sunday=sunday)

    keys = dict.fromkeys(first_of(day, scale, sunday=sunday) for day in scope.period.days)
    tallies, everybody = _grouped(scope, bucket), _everybody(scope, bucket)
    return [stamp(key, scale) | _row(scope, tallies, everybody, key) | {"minute": None} for key in keys]


def hours(scope: Scope) -> list[Row]:
    """Return 24 rows: the hours of the day, summed over all days of the period."""
    zone = scope.period.zone

    def bucket(at: int) -> int:
        return datetime.fromtimestamp(at, zone).hour

    tallies, everybody = _grouped(scope, bucket), _everybody(scope, bucket)
    return [{"hour": hour} | _row(scope, tallies, everybody, hour) for hour in range(24)]


def minutes(scope: Scope) -> list[Row]:
    """Return 60 rows: the minutes of the hour, so that a window over the full hour is not in order."""

    def bucket(at: int) -> int:
        return at // 60 % 60

    tallies, everybody = _grouped(scope, bucket), _everybody(scope, bucket)
    return [{"minute": minute} | _row(scope, tallies, everybody, minute) for minute in range(60)]


def weekdays(scope: Scope, *, sunday: bool) -> list[Row]:
    """Return 168 rows by weekday and hour; 0 is Monday, or Sunday when the dashboard's weeks begin there."""
    zone = scope.period.zone

    def bucket(at: int) -> tuple[int, int]:
        local = datetime.fromtimestamp(at, zone)
        return (local.weekday() + sunday) % 7, local.hour

    tallies, empty = _grouped(scope, bucket), Tally()
    rows: list[Row] = []
    for weekday in range(7):
        for hour in range(24):
            counted = tallies.get((weekday, hour), empty).row()
            kept = {name: counted[name] for name in ("visitors", "views", "sessions", "bounces")}
            rows.append({"weekday": weekday, "hour": hour} | kept)
    return rows


def durations(scope: Scope, scale: str, *, sunday: bool) -> list[Row]:
    """Return the mean length of sessions that were more than a glance, zeros included."""
    zone, found = scope.period.zone, dict[date, list[int]]()
    for match in scope.matches():
        if match.session.seconds:
            day = first_of(datetime.fromtimestamp(match.session.last, zone).date(), scale, sunday=sunday)
            found.setdefault(day, []).append(match.session.seconds)
    keys = dict.fromkeys(first_of(day, scale, sunday=sunday) for day in scope.period.days)
    return [stamp(key, scale) | {"average_time_spent_seconds": mean(found.get(key, []))} for key in keys]


def page_durations(scope: Scope, scale: str, *, sunday: bool) -> list[Row]:
    """Return the mean time on each page by day, week ...; only views that were left for another page."""
    zone, found = scope.period.zone, dict[tuple[date, str, str], list[int]]()
    for match in scope.by(Grain.VIEWS).matches():
        for at, page, seconds in stays(match):
            day = first_of(datetime.fromtimestamp(at, zone).date(), scale, sunday=sunday)
            found.setdefault((day, page[0], page[1]), []).append(seconds)
    return [
        stamp(day, scale) | {"path": path, "title": title, "average_time_spent_seconds": mean(seconds)}
        for (day, path, title), seconds in sorted(found.items())
    ]


def stays(match: Match) -> Iterator[tuple[int, tuple[str, str], int]]:
    """Yield when, where and how long a visitor stayed, for each matching view that another followed."""
    selected = {
        id(view) for view in match.views
    }  # the same objects as the session's, and quicker than equality
    for view, following in zip(match.session.views, match.session.views[1:], strict=False):
        if id(view) in selected:
            yield view.at, (view.page.path, view.page.title), following.at - view.at


def mean(seconds: list[int]) -> int:
    """Return the mean as whole seconds; 0 of nothing."""
    return round(share(sum(seconds), len(seconds)))


def first_of(day: date, scale: str, *, sunday: bool) -> date:
    """Return the first day of the week, month or year that holds a day."""
    match scale:
        case "week":
            return day - timedelta(days=(day.weekday() + sunday) % 7)
        case "month":
            return day.replace(day=1)
        case "year":
            return day.replace(month=1, day=1)
        case _:
            return day


def stamp(day: date, scale: str) -> Row:
    """Return the four date fields of a row, three of them null."""
    return {name: f"{day}T00:00:00Z" if name == scale else None for name in SCALES}


def _grouped(scope: Scope, bucket: Callable[[int], Key]) -> dict[Key, Tally]:
    tallies: dict[Key, Tally] = {}
    for match in scope.matches():
        for key, piece in _pieces(match, bucket, scope.selection.grain):
            if key not in tallies:
                tallies[key] = Tally(metric=scope.selection.metric)
            tallies[key].add(piece)
    return tallies


def _everybody(scope: Scope, bucket: Callable[[int], Key]) -> dict[Key, Tally]:
    if not scope.selection.filtered:
        return {}
    return _grouped(scope.over(selection.everything(scope.period)), bucket)


def _row(scope: Scope, tallies: dict[Key, Tally], everybody: dict[Key, Tally], key: Key) -> Row:
    whole = len(everybody[key].visitors) if key in everybody else 0
    return tallies.get(key, Tally(metric=scope.selection.metric)).row(whole)


def _pieces(match: Match, bucket: Callable[[int], Key], grain: Grain) -> Iterator[tuple[Key, Match]]:
    """Divide a match among the buckets in which its rows lie."""
    if grain is Grain.EVENTS:
        events: dict[Key, list[int]] = {}
        for place, event in enumerate(match.events):
            events.setdefault(bucket(event.at), []).append(place)
        for key, places in events.items():
            yield key, match._replace(events=[match.events[place] for place in places])
    elif grain is Grain.SESSIONS:
        yield bucket(match.session.last), match
    else:
        views: dict[Key, list[int]] = {}
        for place, view in enumerate(match.views):
            views.setdefault(bucket(view.at), []).append(place)
        for key, places in views.items():
            yield key, match._replace(views=[match.views[place] for place in places])
