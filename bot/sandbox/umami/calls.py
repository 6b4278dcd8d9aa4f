"""The calls, by version: what is asked, and what is answered. A `No` is an answer, too."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.sandbox.pirsch.attributes import value_of
from bot.sandbox.pirsch.record import Record
from bot.sandbox.umami import counting
from bot.sandbox.umami.counting import Part, Seen, Test
from bot.sandbox.umami.settings import Kind, SavedReport, Settings, Store

MOST_VALUES, MOST_ROWS = 100, 500
_NAMES = {2: {"url": "path", "host": "hostname"}, 3: {"path": "path", "hostname": "hostname"}}
_SAME = ("referrer", "country", "region", "city", "browser", "os", "device")
_TYPES = (*_SAME, "entry", "exit", "language", "screen", "channel", "event", "tag")


class No(Exception):
    """The call is refused with a status. Version 2 says what is wrong as a list, version 3 as an object."""

    def __init__(self, status: int, why: str = "") -> None:
        super().__init__(why)
        self.status, self.why = status, why


class Asked(NamedTuple):
    """A call: the path behind the website's id, or the name of a report, its query and its body."""

    what: str
    query: Mapping[str, str]
    body: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Website:
    """A website: its id, its domain, its rows and its saved reports."""

    id: str
    domain: str
    record: Record
    reports: tuple[SavedReport, ...]

    def row(self) -> dict[str, object]:
        """Return it as a list shows it."""
        return {"id": self.id, "name": self.domain, "domain": self.domain, "resetAt": None, "teamId": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Answers for one version and one database."""

    settings: Settings
    now: Callable[[], datetime]

    @property
    def _old(self) -> bool:
        return self.settings.version == 2

    @property
    def _texts(self) -> bool:
        """Whether decimals are written as texts."""
        return self.settings.store is Store.POSTGRESQL

    # ------------------------------------------------------------ of a website

    def of_website(self, site: Website, asked: Asked) -> object:
        """Answer a GET below /websites/<id>."""
        answers: Mapping[str, Callable[[Website, Mapping[str, str]], object]] = {
            "": lambda site, _: site.row(),
            "/stats": self._stats,
            "/pageviews": self._pageviews,
            "/metrics": self._metrics,
            "/events/series": self._event_series,
            "/event-data/values": self._event_values,
            "/reports": self._reports_of_website,
            "/active": self._active,
        }
        if asked.what not in answers:
            raise No(404)
        return answers[asked.what](site, asked.query)

    def _stats(self, site: Website, query: Mapping[str, str]) -> object:
        found = counting.totals(self._part(site, query).views())
        if self._old:
            return {name: {"value": value, "prev": 0} for name, value in found.items()}
        return {**found, "comparison": dict.fromkeys(found, 0)}

    def _pageviews(self, site: Website, query: Mapping[str, str]) -> object:
        unit, zone = self._unit(query)
        views: dict[str, int] = {}
        who: dict[str, set[int]] = {}
        for session, view in self._part(site, query).views():
            key = self._bucket(view.at, unit, zone)
            views[key] = views.get(key, 0) + 1
            who.setdefault(key, set()).add(session.visitor.visitor_id)
        return {
            "pageviews": [{"x": key, "y": views[key]} for key in sorted(views)],
            "sessions": [{"x": key, "y": len(who[key])} for key in sorted(who)],
        }

    def _active(self, site: Website, query: Mapping[str, str]) -> object:
        now = int(self.now().timestamp())
        part = Part(record=site.record, since=now - 300, until=now, now=now)
        return {"visitors": counting.totals(part.views())["visitors"]}

    def _metrics(self, site: Website, query: Mapping[str, str]) -> object:
        told = query.get("type", "")
        field = _NAMES[self.settings.version].get(told, told if told in _TYPES else "")
        if not field:
            raise No(400, "Bad request")
        part, most = self._part(site, query), int(query.get("limit", MOST_ROWS))
        if field == "tag":
            return []
        if field == "event":
            names: dict[str, int] = {}
            for _, event in part.events():
                names[event.name] = names.get(event.name, 0) + 1
            return _largest(names, most)
        if field in ("region", "city"):  # two countries may have one of the same name
            return _places(part, field, most, nameless=self._old)
        counts_views = self._old and field in ("path", "entry", "exit", "referrer")
        found = dict((counting.counted if counts_views else counting.distinct)(part.views(), field))
        if field == "channel" and self._old:
            found = {**dict.fromkeys(counting.CHANNELS, 0), **found}
        if field == "referrer" or not self._old:
            found.pop("", None)
        return _largest(found, most)

    def _event_series(self, site: Website, query: Mapping[str, str]) -> object:
        unit, zone = self._unit(query)
        found: dict[tuple[str, str], int] = {}
        for _, event in self._part(site, query).events():
            key = self._bucket(event.at, unit, zone), event.name
            found[key] = found.get(key, 0) + 1
        return [{"x": name, "t": at, "y": found[at, name]} for at, name in sorted(found)]

    def _event_values(self, site: Website, query: Mapping[str, str]) -> object:
        name, key = query.get("eventName" if self._old else "event"), query.get("propertyName")
        if not key or not name:
            raise No(400, "propertyName: Required")
        found: dict[str, int] = {}
        for _, event in self._part(site, query).events():
            value = value_of(event.meta, key)
            if event.name == name and value:
                value = self._decimal(value)
                found[value] = found.get(value, 0) + 1
        return [{"value": row["x"], "total": row["y"]} for row in _largest(found, MOST_VALUES)]

    # ------------------------------------------------------------ reports

    def _reports_of_website(self, site: Website, query: Mapping[str, str]) -> object:
        if not self._old or "pageSize" not in query:
            raise No(500)
        return self._saved(site)

    def saved(self, site: Website) -> object:
        """Answer GET /reports?websiteId=…"""
        return self._saved(site)

    def _saved(self, site: Website) -> object:
        rows = [self._row(site, one) for one in site.reports]
        return {"data": rows, "count": len(rows), "page": 1, "pageSize": 100}

    def _row(self, site: Website, saved: SavedReport) -> dict[str, object]:
        page = "url" if self._old else "path"
        steps = [{"type": "event" if step.event else page, "value": step.value} for step in saved.steps]
        parameters: dict[str, object] = {"steps": steps, "window": saved.window}
        if saved.kind is Kind.GOAL:
            first = steps[0]
            parameters = {"goals": [{**first, "goal": saved.target}]} if self._old else dict(first)
        kind = "goals" if saved.kind is Kind.GOAL and self._old else saved.kind.value
        id = str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{site.id} {saved.name}"))
        return {
            "id": id,
            "type": kind,
            "name": saved.name,
            "description": "",
            "parameters": parameters,
            "createdAt": saved.made_at.isoformat().replace("+00:00", "Z"),
        }

    def report(self, site: Website, asked: Asked) -> object:
        """Answer POST /reports/<name>."""
        reports: Mapping[str, Callable[[Website, Part, Mapping[str, Any]], object]] = {
            "funnel": self._funnel,
            "utm": self._utm,
            **(
                {"insights": self._pages, "goals": self._goals}
                if self._old
                else {"breakdown": self._pages, "goal": self._goal}
            ),
        }
        if asked.what not in reports:  # taken for the id of a saved report, which lacks everything
            raise No(400, "type: Required")
        body = asked.body if isinstance(asked.body, dict) else {}
        if self._old:
            if not isinstance(body.get("dateRange"), dict):
                raise No(400, "dateRange: Required")
            return reports[asked.what](site, self._dated(site, body["dateRange"], []), body)
        if "type" not in body or not isinstance(body.get("filters"), dict):
            raise No(400, "filters: expected object")
        told = body.get("parameters") if isinstance(body.get("parameters"), dict) else {}
        tests = [test for name, value in body["filters"].items() if (test := self._test(name, value))]
        return reports[asked.what](site, self._dated(site, told or {}, tests), told or {})

    def _pages(self, site: Website, part: Part, told: Mapping[str, Any]) -> object:
        fields = [one.get("name") if isinstance(one, dict) else one for one in told.get("fields", [])]
        page = "url" if self._old else "path"
        if fields != [page] or (self._old and not isinstance(told.get("filters"), list)):
            raise No(400, "fields: Invalid input")
        told_by = told["filters"] if self._old else []
        found = counting.by_page(
            seen
            for seen in part.views()
            if all(_fits(_value(seen, one["name"]), one["operator"], one["value"]) for one in told_by)
        )
        return [
            {
                "views": self._number(one["pageviews"]),
                "visitors": one["visitors"],
                "visits": one["visits"],
                "bounces": one["bounces"],
                "totaltime": self._number(one["totaltime"]),
                page: path,
            }
            for path, one in sorted(found.items(), key=lambda item: -item[1]["visitors"])[:MOST_ROWS]
        ]

    def _utm(self, site: Website, part: Part, told: Mapping[str, Any]) -> object:
        found: dict[str, dict[str, int]] = {}
        for session, view in part.views():
            if view is not session.views[0]:
                continue
            for name in ("source", "medium", "campaign", "content", "term"):
                if value := getattr(session.source, f"utm_{name}"):
                    mine = found.setdefault(f"utm_{name}", {})
                    mine[value] = mine.get(value, 0) + 1
        if self._old:
            return found
        return {
            f"utm_{name}": [
                {"utm": row["x"], "views": row["y"]} for row in _largest(found.get(f"utm_{name}", {}), 50)
            ]
            for name in ("source", "medium", "campaign", "term", "content")
        }

    def _funnel(self, site: Website, part: Part, told: Mapping[str, Any]) -> object:
        steps, window = told.get("steps"), told.get("window")
        if not isinstance(steps, list) or len(steps) < 2 or not isinstance(window, int) or window <= 0:
            raise No(400, "steps: Array must contain at least 2 element(s)")
        page = "url" if self._old else "path"
        if not self._old and any(step["type"] not in ("path", "event") for step in steps):
            raise No(400, "steps: Invalid option")
        # version 2 takes any other word for an event's
        wanted = [("page" if step["type"] == page else "event", step["value"]) for step in steps]
        reached = counting.came(part, wanted, window * 60)
        before = [0, *reached]
        return [
            {**step, "visitors": count, "previous": earlier, "dropped": max(0, earlier - count)}
            for step, count, earlier in zip(steps, reached, before, strict=False)
        ]

    def _goal(self, site: Website, part: Part, told: Mapping[str, Any]) -> object:
        kind = "page" if told.get("type") == "path" else "event"
        reached = counting.came(part, [(kind, str(told.get("value")))], 0)[0]
        return {"num": reached, "total": counting.totals(part.views())["visitors"]}

    def _goals(self, site: Website, part: Part, told: Mapping[str, Any]) -> object:
        goals = told.get("goals")
        if not isinstance(goals, list) or not goals:
            raise No(400, "goals: Array must contain at least 1 element(s)")
        views = [view.page.path for _, view in part.views()]
        events = [event.name for _, event in part.events()]
        return [
            {**one, "result": (views if one["type"] == "url" else events).count(one["value"])}
            for one in sorted(goals, key=lambda goal: goal["type"] != "url")
        ]

    # ------------------------------------------------------------ what is asked

    def _part(self, site: Website, query: Mapping[str, str]) -> Part:
        try:
            since, until = int(query["startAt"]), int(query["endAt"])
        except (KeyError, ValueError):
            raise No(400, "startAt: Expected number, received nan") from None
        tests = [test for name, value in query.items() if (test := self._test(name, value))]
        return self._made(site, since // 1000, until // 1000, tests)

    def _dated(self, site: Website, told: Mapping[str, Any], tests: list[Test]) -> Part:
        try:
            since, until = (datetime.fromisoformat(told[name]) for name in ("startDate", "endDate"))
        except (KeyError, TypeError, ValueError):
            raise No(400, "startDate: Invalid date") from None
        return self._made(site, int(since.timestamp()), int(until.timestamp()), tests)

    def _made(self, site: Website, since: int, until: int, tests: list[Test]) -> Part:
        now = int(self.now().timestamp())
        return Part(record=site.record, since=since, until=until, now=now, tests=tuple(tests))

    def _test(self, name: str, value: str) -> Test | None:
        """Return the test of a filter. Names that this version does not know are passed over."""
        field = _NAMES[self.settings.version].get(name, name if name in _SAME else "")
        if not field:
            return None
        operator, wanted = _read_v2(value) if self._old else _read_v3(value)
        return lambda seen: _fits(_value(seen, field), operator, wanted)

    def _unit(self, query: Mapping[str, str]) -> tuple[str, ZoneInfo]:
        if query.get("unit") not in ("hour", "day"):
            raise No(400, "unit: Invalid unit")
        try:
            zone = ZoneInfo(query.get("timezone", ""))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise No(400, "timezone: Invalid timezone") from None
        hours = (int(query["endAt"]) - int(query["startAt"])) / 3_600_000
        return ("day" if hours > 48 else query["unit"]), zone

    # ------------------------------------------------------------ how it is written

    def _bucket(self, at: int, unit: str, zone: ZoneInfo) -> str:
        return counting.bucket(at, unit, zone, instants=self.settings.store is Store.CLICKHOUSE)

    def _number(self, count: int) -> object:
        return str(count) if self._texts else count

    def _decimal(self, text: str) -> str:
        """Return a value as it is kept: numbers with four places, where they have any."""
        try:
            value = float(text)
        except ValueError:
            return text
        return f"{value:.4f}" if value != int(value) and self._texts else text


def _largest(counts: Mapping[str, int], most: int) -> list[dict[str, Any]]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"x": name or None, "y": count} for name, count in ranked[:most]]


def _places(part: Part, field: str, most: int, *, nameless: bool) -> list[dict[str, Any]]:
    who: dict[tuple[str, str], set[int]] = {}
    for session, _ in part.views():
        place = counting.OF_SESSION[field](session), session.visitor.country.upper()
        if place[0] or nameless:
            who.setdefault(place, set()).add(session.visitor.visitor_id)
    ranked = sorted(who, key=lambda place: (-len(who[place]), place))
    return [{"x": name or None, "y": len(who[name, of]), "country": of} for name, of in ranked[:most]]


def _value(seen: Seen, field: str) -> str:
    if field in ("path", "url"):
        return seen.view.page.path
    return counting.OF_SESSION[{"host": "hostname"}.get(field, field)](seen.session)


def _read_v2(value: str) -> tuple[str, str]:
    for sign, operator in (("!~", "dnc"), ("!", "neq"), ("~", "c")):
        if value.startswith(sign):
            return operator, value.removeprefix(sign)
    return "eq", value


def _read_v3(value: str) -> tuple[str, str]:
    head, dot, rest = value.partition(".")
    return (head, rest) if dot and head in ("eq", "neq", "c", "dnc") else ("eq", value)


def _fits(value: str, operator: str, wanted: str) -> bool:
    match operator:
        case "eq":
            return value in wanted.split(",")
        case "neq":
            return value not in wanted.split(",")
        case "c":
            return wanted in value
        case _:
            return wanted not in value
