"""The calls about a website, by version: what is asked, and what is answered. A `No` is an answer, too."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.pirsch.attributes import value_of
from bot.sandbox.umami import counting
from bot.sandbox.umami.counting import Part
from bot.sandbox.umami.frame import MOST_ROWS, NAMES, SAME, Asked, Frame, No, Website, largest
from bot.sandbox.umami.reports import Reports

MOST_VALUES = 100
_TYPES = (*SAME, "entry", "exit", "language", "screen", "channel", "event", "tag")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Answers for one version and one database."""

    frame: Frame
    reports: Reports

    def of_website(self, site: Website, asked: Asked) -> object:
        """Answer a GET below /websites/<id>."""
        answers: Mapping[str, Callable[[Website, Mapping[str, str]], object]] = {
            "": lambda site, _: site.row(),
            "/stats": self._stats,
            "/pageviews": self._pageviews,
            "/metrics": self._metrics,
            "/events/series": self._event_series,
            "/event-data/values": self._event_values,
            "/reports": self._saved,
            "/active": self._active,
        }
        if asked.what not in answers:
            raise No(404)
        return answers[asked.what](site, asked.query)

    def _stats(self, site: Website, query: Mapping[str, str]) -> object:
        found = counting.totals(self.frame.part(site, query).views())
        if self.frame.old:
            return {name: {"value": value, "prev": 0} for name, value in found.items()}
        return {**found, "comparison": dict.fromkeys(found, 0)}

    def _pageviews(self, site: Website, query: Mapping[str, str]) -> object:
        unit, zone = self.frame.unit(query)
        views: dict[str, int] = {}
        who: dict[str, set[int]] = {}
        for session, view in self.frame.part(site, query).views():
            key = self.frame.bucket(view.at, unit, zone)
            views[key] = views.get(key, 0) + 1
            who.setdefault(key, set()).add(session.visitor.visitor_id)
        return {
            "pageviews": [{"x": key, "y": views[key]} for key in sorted(views)],
            "sessions": [{"x": key, "y": len(who[key])} for key in sorted(who)],
        }

    def _active(self, site: Website, query: Mapping[str, str]) -> object:
        now = int(self.frame.now().timestamp())
        part = Part(record=site.record, since=now - 300, until=now, now=now)
        return {"visitors": counting.totals(part.views())["visitors"]}

    def _metrics(self, site: Website, query: Mapping[str, str]) -> object:
        told = query.get("type", "")
        field = NAMES[self.frame.settings.version].get(told, told if told in _TYPES else "")
        if not field:
            raise No(400, "Bad request")
        part, most = self.frame.part(site, query), int(query.get("limit", MOST_ROWS))
        if field == "tag":
            return []
        if field == "event":
            names: dict[str, int] = {}
            for _, event in part.events():
                names[event.name] = names.get(event.name, 0) + 1
            return largest(names, most)
        if field in ("region", "city"):  # two countries may have one of the same name
            return _places(part, field, most, nameless=self.frame.old)
        counts_views = self.frame.old and field in ("path", "entry", "exit", "referrer")
        found = dict((counting.counted if counts_views else counting.distinct)(part.views(), field))
        if field == "channel" and self.frame.old:
            found = {**dict.fromkeys(counting.CHANNELS, 0), **found}
        if field == "referrer" or not self.frame.old:
            found.pop("", None)
        return largest(found, most)

    def _event_series(self, site: Website, query: Mapping[str, str]) -> object:
        unit, zone = self.frame.unit(query)
        found: dict[tuple[str, str], int] = {}
        for _, event in self.frame.part(site, query).events():
            key = self.frame.bucket(event.at, unit, zone), event.name
            found[key] = found.get(key, 0) + 1
        return [{"x": name, "t": at, "y": found[at, name]} for at, name in sorted(found)]

    def _event_values(self, site: Website, query: Mapping[str, str]) -> object:
        name, key = query.get("eventName" if self.frame.old else "event"), query.get("propertyName")
        if not key or not name:
            raise No(400, "propertyName: Required")
        found: dict[str, int] = {}
        for _, event in self.frame.part(site, query).events():
            value = value_of(event.meta, key)
            if event.name == name and value:
                value = self.frame.decimal(value)
                found[value] = found.get(value, 0) + 1
        return [{"value": row["x"], "total": row["y"]} for row in largest(found, MOST_VALUES)]

    def _saved(self, site: Website, query: Mapping[str, str]) -> object:
        """Answer as 3.0.3 does, which fails here, or as version 2, which does so without a page's size."""
        if not self.frame.old or "pageSize" not in query:
            raise No(500)
        return self.reports.saved(site)


def _places(part: Part, field: str, most: int, *, nameless: bool) -> list[dict[str, Any]]:
    who: dict[tuple[str, str], set[int]] = {}
    for session, _ in part.views():
        place = counting.OF_SESSION[field](session), session.visitor.country.upper()
        if place[0] or nameless:
            who.setdefault(place, set()).add(session.visitor.visitor_id)
    ranked = sorted(who, key=lambda place: (-len(who[place]), place))
    return [{"x": name or None, "y": len(who[name, of]), "country": of} for name, of in ranked[:most]]
