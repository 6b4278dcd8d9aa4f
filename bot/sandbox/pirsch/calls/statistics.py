"""GET /statistics/…: the numbers."""

from collections.abc import Callable

from bot.sandbox.pirsch import period, selection
from bot.sandbox.pirsch.calls.call import READ_STATISTICS, Call, Route
from bot.sandbox.pirsch.calls.paging import page
from bot.sandbox.pirsch.documents import Document
from bot.sandbox.pirsch.limits import Class
from bot.sandbox.pirsch.refusal import invalid, missing
from bot.sandbox.pirsch.statistics import (
    active,
    breakdown,
    events,
    funnels,
    goals,
    growth,
    options,
    pages,
    series,
    sessions,
)
from bot.sandbox.pirsch.statistics.breakdown import Table
from bot.sandbox.pirsch.statistics.scope import Scope
from bot.sandbox.pirsch.statistics.tally import Row

Count = Callable[[Scope], list[Row]]


def scope_of(call: Call) -> Scope:
    """Read the domain, the time and the filters of a call."""
    domain = call.asked_domain("id")
    asked = period.read(call.query, domain.text("timezone"), call.now)
    filters = {name: values for name, values in call.query.lists() if any(values)}
    return Scope(record=call.record(domain), now=call.now, selection=selection.read(asked, filters))


def total(call: Call) -> Row:
    """Answer the totals of a period."""
    scope = scope_of(call)
    return scope.tally().row(scope.everybody() if scope.selection.filtered else 0)


def visitor(call: Call) -> list[Row]:
    """Answer visitors over time."""
    return series.over_time(scope_of(call), scale(call), sunday=_sunday(call))


def session_durations(call: Call) -> list[Row]:
    """Answer the length of sessions over time."""
    return series.durations(scope_of(call), scale(call), sunday=_sunday(call))


def page_durations(call: Call) -> list[Row]:
    """Answer the time on pages over time."""
    return series.page_durations(scope_of(call), scale(call), sunday=_sunday(call))


def weekdays(call: Call) -> list[Row]:
    """Answer visitors by weekday and hour."""
    return series.weekdays(scope_of(call), sunday=_sunday(call))


def now_active(call: Call) -> Row:
    """Answer who is active; without `start`, within the dashboard's own window."""
    domain = call.asked_domain("id")
    asked = call.query.get("start") or str(domain.fields["active_visitors_seconds"] or 600)
    try:
        seconds = max(0, min(int(asked), period.LONGEST_START))
    except ValueError:
        raise invalid(start="The start must be a number of seconds.") from None
    now = int(call.now.timestamp())
    found = active.active(call.record(domain), now - seconds, now)
    if not call.account.settings.null_lists:
        return found
    return {name: None if value == [] else value for name, value in found.items()}


def goal_list(call: Call) -> list[Row]:
    """Answer every goal with what it reached; filters of the request that are about sessions apply."""
    scope = scope_of(call)
    wanted = call.query.get("search", "").lower()
    found = [one for one in call.shelf("goal").of(call.query["id"]) if wanted in one.text("name").lower()]
    return [{"page_goal": one.wire(), "stats": goals.reached_by(scope, one.fields)} for one in found]


def funnel(call: Call) -> Row:
    """Answer how many got from step to step of one funnel."""
    call.needs_plus()
    scope = scope_of(call)
    found = call.owned("funnel", call.query.get("funnel_id"))
    steps = found.fields["steps"]
    filters = [funnels.filters_of(step["filter"]) for step in steps] if isinstance(steps, list) else []
    return {"definition": found.wire(), "data": funnels.steps(scope, filters)}


def event_meta(call: Call) -> list[Row]:
    """Answer the values of a meta key; without `event` and `event_meta_key` there are none."""
    key = call.query.get("event_meta_key", "")
    if not call.query.get("event") or not key:
        return []
    return page(call, events.by_meta(scope_of(call), key), search_in=("meta_value",))


def event_pages(call: Call) -> list[Row]:
    """Answer the pages on which an event happened; without `event` there are none."""
    if not call.query.get("event"):
        return []
    return page(call, pages.seen(scope_of(call)), search_in=("path", "title"))


def tag_details(call: Call) -> list[Row]:
    """Answer the values of one tag; without `tag` there are none."""
    call.needs_plus()
    tag = call.query.get("tag", "")
    return page(call, breakdown.tag_values(scope_of(call), tag), search_in=("value",)) if tag else []


def session_list(call: Call) -> list[Row]:
    """Answer single sessions, the latest first."""
    return page(call, sessions.listed(scope_of(call)), by="time", search_in=("entry_path", "exit_path"))


def session_details(call: Call) -> list[Row]:
    """Answer what happened in one session; needs `visitor_id` and `session_id`."""
    if not call.query.get("visitor_id") or not call.query.get("session_id"):
        raise invalid(session_id="The visitor ID and session ID are required.")
    found = next(iter(scope_of(call).matches()), None)
    if found is None:
        raise missing("Session")
    return sessions.told(found.session)


def option_list(dimension: str) -> Callable[[Call], object]:
    """Make the handler that answers the values of one filter."""

    def answer(call: Call) -> list[str]:
        return options.options(scope_of(call), dimension, call.query.get("search", ""))

    return answer


def tag_value_options(call: Call) -> list[str]:
    """Answer the values of the one tag that is asked for."""
    asked = call.query.getlist("tag")
    if len(asked) != 1:
        return []
    return options.tag_values(scope_of(call), asked[0], call.query.get("search", ""))


def table_rows(table: Table) -> Callable[[Call], object]:
    """Make the handler that answers one breakdown."""
    names = [name for name, _ in table.columns]

    def answer(call: Call) -> list[Row]:
        return page(call, breakdown.rows_of(scope_of(call), table), search_in=names)

    return answer


def listing(count: Count, *search_in: str) -> Callable[[Call], object]:
    """Make the handler that answers one page of rows."""

    def answer(call: Call) -> list[Row]:
        return page(call, count(scope_of(call)), search_in=search_in)

    return answer


def scale(call: Call) -> str:
    """Return the scale that is asked for, or days. Raises Refused (400) for another word."""
    asked = call.query.get("scale") or "day"
    if asked not in series.SCALES:
        raise invalid(scale="The scale must be day, week, month, or year.")
    return asked


def _sunday(call: Call) -> bool:
    domain: Document = call.asked_domain("id")
    return call.account.switch(domain.id, "start_week_sunday").on


_TABLE: dict[str, Callable[[Call], object]] = {
    "total": total,
    "visitor": visitor,
    "growth": lambda call: growth.rates(scope_of(call)),
    "active": now_active,
    "hours": lambda call: series.hours(scope_of(call)),
    "minutes": lambda call: series.minutes(scope_of(call)),
    "weekdays": weekdays,
    "duration/session": session_durations,
    "duration/page": page_durations,
    "page": listing(pages.seen, "path", "title"),
    "page/entry": listing(pages.entries, "path", "title"),
    "page/exit": listing(pages.exits, "path", "title"),
    "event/page": event_pages,
    "event/meta": event_meta,
    "event/list": listing(events.one_by_one, "name"),
    "events": listing(events.by_name, "name"),
    "goals": goal_list,
    "funnel": funnel,
    "platform": lambda call: breakdown.platforms(scope_of(call)),
    "tags": listing(breakdown.tags, "key"),
    "tag/details": tag_details,
    "session/list": session_list,
    "session/details": session_details,
    **{name: table_rows(table) for name, table in breakdown.TABLES.items()},
    **{
        f"options/{name}": option_list(name)
        for name in (*options.OF_SESSIONS, *options.OF_VIEWS, *options.OF_EVENTS)
    },
    "options/tag/value": tag_value_options,
}

ROUTES = tuple(
    Route(
        method="GET",
        path=f"/statistics/{name}",
        answer=answer,
        needs=READ_STATISTICS,
        limited=Class.STATISTICS,
        open=name.startswith("options/"),
    )
    for name, answer in _TABLE.items()
)
