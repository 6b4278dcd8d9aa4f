"""/goal and /funnel: what visitors should do."""

from collections.abc import Mapping

from bot.sandbox.pirsch import globs
from bot.sandbox.pirsch.calls.call import READ, WRITE, Call, routes, search, wired
from bot.sandbox.pirsch.documents import Document, Fields, moment
from bot.sandbox.pirsch.fields import Field, Kind, flag, of, read, text
from bot.sandbox.pirsch.refusal import Refused, invalid
from bot.sandbox.pirsch.statistics.options import offered

_GOAL = (
    text("name", required=True, longest=200),
    text("path_pattern"),
    Field(name="tags", kind=Kind.TEXTS),
    text("event_name"),
    text("event_meta_key"),
    text("event_meta_value"),
    text("custom_metric_key"),
    text("custom_metric_type"),
    *of(Kind.WHOLE, "visitors"),
    *of(Kind.NUMBER, "cr", "custom_metric_total_goal", "custom_metric_avg_goal"),
    flag("delete_reached"),
    flag("email_reached"),
)
_TARGETS = {
    "visitors": "visitor_goal",
    "cr": "cr_goal",
    "custom_metric_total_goal": "custom_metric_total_goal",
    "custom_metric_avg_goal": "custom_metric_avg_goal",
}
LEAST_STEPS, MOST_STEPS = 2, 8
_STEP_LISTS = (
    *(
        "path",
        "entry_path",
        "exit_path",
        "path_pattern",
        "path_regex",
        "language",
        "country",
        "region",
        "city",
    ),
    *("referrer", "referrer_name", "channel", "hostname", "os", "os_version", "browser", "browser_version"),
    *("screen_class", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"),
    *("tag", "event_name", "event_meta_key"),
)
_STEP = (*of(Kind.TEXTS, *_STEP_LISTS), text("platform"), *of(Kind.OBJECT, "tags", "event_meta"))


def list_goals(call: Call) -> list[Fields]:
    """Answer the goals of a domain; `id` means the domain here."""
    return wired(search(call, call.shelf("goal").of(call.asked_domain("id").id), "name"))


def create_goal(call: Call) -> Fields:
    """Make a goal, always another one."""
    body = call.body()
    fields = _goal(body)
    return call.shelf("goal").make(fields, call.domain(body.get("domain_id")).id).wire()


def update_goal(call: Call) -> Fields:
    """Replace a goal as a whole: what is not sent becomes zero, and the mail is armed again if asked for."""
    body = call.body()
    goal = call.owned("goal", body.get("id"))
    return call.shelf("goal").change(goal, _goal(body)).wire()


def delete_goal(call: Call) -> None:
    """Remove a goal."""
    call.shelf("goal").drop(call.owned("goal", call.query.get("id")).id)


def try_regex(call: Call) -> Fields:
    """Answer whether a regular expression finds something in a sample."""
    found = read(call.body(), (text("regex", required=True), text("sample")))
    try:
        return {"match": globs.matches(str(found["regex"]), str(found["sample"]))}
    except globs.BadPattern:
        raise invalid(regex="The regular expression is invalid.") from None


def list_funnels(call: Call) -> list[Fields]:
    """Answer the funnels of a domain; `id` means the domain here."""
    return wired(search(call, call.shelf("funnel").of(call.asked_domain("id").id), "name"))


def save_funnel(call: Call) -> Fields:
    """Make a funnel, or replace the one with this `id`; its steps then get new ids."""
    call.needs_plus()
    wanted = (
        text("id"),
        text("domain_id"),
        text("name", required=True),
        Field(name="steps", kind=Kind.OBJECTS),
    )
    found = read(call.body(), wanted)
    domain, steps = call.domain(found["domain_id"]), found["steps"] or []
    if not isinstance(steps, list) or not LEAST_STEPS <= len(steps) <= MOST_STEPS:
        raise invalid(steps=f"A funnel must have {LEAST_STEPS} to {MOST_STEPS} steps.")
    if found["id"]:
        funnel = call.shelf("funnel").change(call.owned("funnel", found["id"]), {"name": found["name"]})
    else:
        funnel = call.shelf("funnel").make({"name": found["name"]}, domain.id)
    funnel.fields["steps"] = [_step(call, funnel, place, step) for place, step in enumerate(steps)]
    return funnel.wire()


def delete_funnel(call: Call) -> None:
    """Remove a funnel."""
    call.shelf("funnel").drop(call.owned("funnel", call.query.get("id")).id)


def funnel_tags(call: Call) -> list[str]:
    """Answer the tags that steps of a domain's funnels name."""
    found: set[str] = set()
    for funnel in call.shelf("funnel").of(call.asked_domain("id").id):
        steps = funnel.fields["steps"]
        for step in steps if isinstance(steps, list) else []:
            for name in ("tag", "tags"):
                found.update(step["filter"].get(name) or ())
    return offered(found, call.query.get("search", ""))


def _goal(body: Mapping[str, object]) -> Fields:
    found = read(body, _GOAL)
    if not found["path_pattern"] and not found["event_name"]:
        raise Refused(
            400,
            fields={
                "path_pattern": "The path or event name must be set.",
                "event_name": "The path or event name must be set.",
            },
        )
    if found["custom_metric_type"] not in ("", "integer", "float"):
        raise invalid(custom_metric_type="The type must be integer or float.")
    made: Fields = {name: value for name, value in found.items() if name not in _TARGETS}
    made["tags"] = found["tags"] or []
    made["pattern"] = globs.regex_of(str(found["path_pattern"])) if found["path_pattern"] else ""
    return made | {shown: found[sent] or None for sent, shown in _TARGETS.items()}


def _step(call: Call, funnel: Document, place: int, step: Mapping[str, object]) -> Fields:
    filters = step.get("filter") or {}
    if not isinstance(filters, dict):
        raise invalid(steps="The filter of a step must be an object.")
    known = read(filters, _STEP)  # the names of a query ("event", "pattern") are not known here, and lost
    empty: Fields = {"tags": {}, "event_meta": {}}
    kept = {name: empty.get(name, []) if value is None else value for name, value in known.items()}
    return {
        "id": call.account.ids.new(),
        "def_time": moment(funnel.def_at),
        "mod_time": moment(funnel.mod_at),
        "funnel_id": funnel.id,
        "name": str(step.get("name") or ""),
        "step": place,
        "filter": kept,
    }


ROUTES = (
    *routes(
        READ,
        {
            "GET /goal": list_goals,
            "POST /goal/regex": try_regex,
            "GET /funnel": list_funnels,
            "GET /funnel/tags": funnel_tags,
        },
    ),
    *routes(
        WRITE,
        {
            "POST /goal": create_goal,
            "PUT /goal": update_goal,
            "DELETE /goal": delete_goal,
            "POST /funnel": save_funnel,
            "DELETE /funnel": delete_funnel,
        },
    ),
)
