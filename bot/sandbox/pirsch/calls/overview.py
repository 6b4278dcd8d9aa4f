"""GET /statistics/overview, the Search Console lists, the CSV export, and the deletion of statistics."""

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from werkzeug.wrappers import Response

from bot.sandbox.pirsch import period, selection
from bot.sandbox.pirsch.calls.call import READ_STATISTICS, WRITE, Call, Route
from bot.sandbox.pirsch.calls.paging import page
from bot.sandbox.pirsch.calls.statistics import scope_of
from bot.sandbox.pirsch.fields import read, text
from bot.sandbox.pirsch.limits import Class
from bot.sandbox.pirsch.refusal import invalid
from bot.sandbox.pirsch.sieve import Kind, Stretch
from bot.sandbox.pirsch.statistics import breakdown, events, growth, pages, series
from bot.sandbox.pirsch.statistics.scope import Scope
from bot.sandbox.pirsch.statistics.tally import Row, share

_KEYWORDS = (
    ("paper kite", 9, 3.2),
    ("kite line", 6, 5.1),
    ("mend a kite", 3, 8.4),
    ("wind meter", 2, 12.7),
)


@dataclass(slots=True)
class Overviews:
    """Overviews as they were last computed: the vendor keeps them for up to 30 minutes."""

    kept: dict[str, tuple[datetime, Row]] = field(default_factory=dict)

    def answer(self, call: Call) -> Row:
        """Answer the last seven days. Dates and filters of the request are ignored."""
        domain = call.asked_domain("id")
        made_at, row = self.kept.get(domain.id, (None, {}))
        if made_at is None or call.now - made_at >= call.account.settings.overview_cached:
            row = _overview(call)
            self.kept[domain.id] = (call.now, row)
        return row


def keywords(call: Call) -> list[Row]:
    """Answer the Search Console's keywords; null unless it is connected."""
    return page(call, _searched(call, lambda word: [word]), by="clicks")


def keyword_pages(call: Call) -> list[Row]:
    """Answer the pages found by one keyword."""
    wanted = call.query.get("keyword", "")
    hostname = call.asked_domain("id").text("hostname")
    rows = _searched(call, lambda word: [word, f"https://{hostname}/products"])
    return page(
        call, [row for row in rows if row["keys"] == [wanted, f"https://{hostname}/products"]], by="clicks"
    )


def export(call: Call) -> Response:
    """Answer a ZIP archive with one CSV file per section whose flag is `true` or `1`."""
    scope, packed = scope_of(call), io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, count in _SECTIONS.items():
            if call.query.get(name) in ("true", "1"):
                archive.writestr(f"{name}.csv", _csv(count(scope)))
    return Response(packed.getvalue(), mimetype="application/zip")


def delete(call: Call) -> None:
    """Forget the sessions of some days. Here at once, at the vendor some time later."""
    found = read(
        call.body(), (text("id"), text("kind"), text("from", required=True), text("to", required=True))
    )
    domain = call.domain(found["id"])
    try:
        first, last = (date.fromisoformat(str(found[name])) for name in ("from", "to"))
    except ValueError:
        raise invalid(**{"from": "The dates must be written as YYYY-MM-DD."}) from None
    record = call.record(domain)
    days = period.whole_days(min(first, last), max(first, last), record.rhythm.zone)
    record.erase(Stretch(kind=Kind.EVERYTHING, value="", since=days.since, until=days.until))


def _overview(call: Call) -> Row:
    domain = call.asked_domain("id")
    record = call.record(domain)
    today = call.now.astimezone(record.rhythm.zone).date()
    week = period.whole_days(today - timedelta(days=6), today, record.rhythm.zone)
    scope = Scope(record=record, now=call.now, selection=selection.everything(week))
    members = len(call.shelf("member").of(domain.id))
    rows = series.over_time(scope, "day", sunday=False)
    return growth.overview(scope) | {"visitors_time_series": rows, "member": members}


def _searched(call: Call, keys: Callable[[str], list[str]]) -> list[Row]:
    domain = call.asked_domain("id")
    if not domain.fields["gsc_domain"]:
        return []
    scope = scope_of(call)
    found = sum(match.session.source.name == "Google" for match in scope.matches())
    rows: list[Row] = []
    for word, weight, position in _KEYWORDS:
        clicks = found * weight // 40
        shown = clicks * (3 + int(position))
        rows.append(
            {
                "keys": keys(word),
                "clicks": clicks,
                "impressions": shown,
                "ctr": share(clicks, shown),
                "position": position,
            }
        )
    return rows


def _csv(rows: list[Row]) -> str:
    written = io.StringIO()
    if rows:
        writer = csv.DictWriter(written, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return written.getvalue()


def _by_day(scope: Scope) -> list[Row]:
    return series.over_time(scope, "day", sunday=False)


def _section(name: str) -> Callable[[Scope], list[Row]]:
    return lambda scope: breakdown.rows_of(scope, breakdown.TABLES[name])


_SECTIONS: dict[str, Callable[[Scope], list[Row]]] = {
    "visitors": _by_day,
    "pages": pages.seen,
    "entry_pages": pages.entries,
    "exit_pages": pages.exits,
    "events": events.by_name,
    "tags": breakdown.tags,
    **{name.replace("/", "_"): _section(name) for name in breakdown.TABLES},
}


def routes_with(overviews: Overviews) -> tuple[Route, ...]:
    """Return the routes of this module."""
    table: dict[str, Callable[[Call], object]] = {
        "/statistics/overview": overviews.answer,
        "/statistics/keywords": keywords,
        "/statistics/pages": keyword_pages,
        "/statistics": export,
    }
    deletion = Route(
        method="DELETE", path="/statistics", answer=delete, needs=WRITE, limited=Class.CONFIGURATION
    )
    reads = tuple(
        Route(
            method="GET",
            path=path,
            answer=answer,
            needs=READ_STATISTICS,
            limited=Class.STATISTICS,
            open=path == "/statistics",
        )
        for path, answer in table.items()
    )
    return (*reads, deletion)
