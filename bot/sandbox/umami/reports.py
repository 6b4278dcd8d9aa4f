"""The reports, saved and asked for, by version."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.umami import counting
from bot.sandbox.umami.counting import Part
from bot.sandbox.umami.frame import MOST_ROWS, Asked, Frame, No, Website, fits, largest, value
from bot.sandbox.umami.settings import Kind, SavedReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Answers for one version and one database."""

    frame: Frame

    def saved(self, site: Website) -> object:
        """Answer with the list of saved ones."""
        rows = [self._row(site, one) for one in site.reports]
        return {"data": rows, "count": len(rows), "page": 1, "pageSize": 100}

    def _row(self, site: Website, saved: SavedReport) -> dict[str, object]:
        page = "url" if self.frame.old else "path"
        steps = [{"type": "event" if step.event else page, "value": step.value} for step in saved.steps]
        parameters: dict[str, object] = {"steps": steps, "window": saved.window}
        if saved.kind is Kind.GOAL:
            first = steps[0]
            parameters = {"goals": [{**first, "goal": saved.target}]} if self.frame.old else dict(first)
        kind = "goals" if saved.kind is Kind.GOAL and self.frame.old else saved.kind.value
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
                if self.frame.old
                else {"breakdown": self._pages, "goal": self._goal}
            ),
        }
        if asked.what not in reports:  # taken for the id of a saved report, which lacks everything
            raise No(400, "type: Required")
        body = asked.body if isinstance(asked.body, dict) else {}
        if self.frame.old:
            if not isinstance(body.get("dateRange"), dict):
                raise No(400, "dateRange: Required")
            return reports[asked.what](site, self.frame.dated(site, body["dateRange"], []), body)
        if "type" not in body or not isinstance(body.get("filters"), dict):
            raise No(400, "filters: expected object")
        told = body.get("parameters") if isinstance(body.get("parameters"), dict) else {}
        tests = [test for name, value in body["filters"].items() if (test := self.frame.test(name, value))]
        return reports[asked.what](site, self.frame.dated(site, told or {}, tests), told or {})

    def _pages(self, site: Website, part: Part, told: Mapping[str, Any]) -> object:
        fields = [one.get("name") if isinstance(one, dict) else one for one in told.get("fields", [])]
        page = "url" if self.frame.old else "path"
        if fields != [page] or (self.frame.old and not isinstance(told.get("filters"), list)):
            raise No(400, "fields: Invalid input")
        told_by = told["filters"] if self.frame.old else []
        found = counting.by_page(
            seen
            for seen in part.views()
            if all(fits(value(seen, one["name"]), one["operator"], one["value"]) for one in told_by)
        )
        return [
            {
                "views": self.frame.number(one["pageviews"]),
                "visitors": one["visitors"],
                "visits": one["visits"],
                "bounces": one["bounces"],
                "totaltime": self.frame.number(one["totaltime"]),
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
        if self.frame.old:
            return found
        return {
            f"utm_{name}": [
                {"utm": row["x"], "views": row["y"]} for row in largest(found.get(f"utm_{name}", {}), 50)
            ]
            for name in ("source", "medium", "campaign", "term", "content")
        }

    def _funnel(self, site: Website, part: Part, told: Mapping[str, Any]) -> object:
        steps, window = told.get("steps"), told.get("window")
        if not isinstance(steps, list) or len(steps) < 2 or not isinstance(window, int) or window <= 0:
            raise No(400, "steps: Array must contain at least 2 element(s)")
        page = "url" if self.frame.old else "path"
        if not self.frame.old and any(step["type"] not in ("path", "event") for step in steps):
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
