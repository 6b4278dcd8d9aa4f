"""/report, /link and /view: mails that Pirsch sends, short links, and saved views."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from bot.sandbox.pirsch.calls.call import READ, WRITE, Call, routes, search, wired
from bot.sandbox.pirsch.calls.hooks import check_endpoint
from bot.sandbox.pirsch.documents import Document, Fields, moment
from bot.sandbox.pirsch.fields import Field, Kind, flag, of, read, text
from bot.sandbox.pirsch.refusal import invalid
from bot.sandbox.pirsch.statistics.options import offered

LONGEST_INTERVAL = 4  # 0 is daily, else weeks

_FLAGS = ("visitor_graph", "summary", "top_pages", "top_referrer", "top_events", "hide_dashboard_button")
_REPORT = (text("reply_to"), *of(Kind.WHOLE, "interval"), text("link_to"), *(flag(name) for name in _FLAGS))
_REPORT_LISTED = ("id", "def_time", "mod_time", "domain_id", "email", "interval", "link_to", "next_report")
_TEXTS = (
    "referrer",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "expired_url",
    "title",
    "description",
    "image",
)
_LINK = (
    text("id"),
    text("domain_id"),
    text("name", required=True),
    text("event_name"),
    *(text(name) for name in _TEXTS),
    *of(Kind.NULLABLE, "expires_at"),
    text("password"),
    flag("clear_password"),
    text("webhook_endpoint"),
    flag("allow_indexing"),
    *of(Kind.TEXTS, "tags"),
    Field(name="urls", kind=Kind.OBJECTS, required=True),
)
_VIEW_LISTS = (
    *(
        "path",
        "entry_path",
        "exit_path",
        "pattern",
        "language",
        "country",
        "city",
        "referrer",
        "referrer_name",
    ),
    *("os", "browser", "platform", "screen_class", "utm_source", "utm_medium", "utm_campaign", "utm_content"),
    *("utm_term", "event", "event_meta_key", "event_meta_value", "tag", "tag_key", "tag_value"),
)
_VIEW = (
    text("name", required=True),
    *of(Kind.NULLABLE, "from", "to", "from_time", "to_time"),
    *of(Kind.ANY, "period", "compare", "compare_from", "compare_to", "visitor_id", "session_id"),
    flag("compare_weekday"),
    *of(Kind.ANY, *_VIEW_LISTS),
)


def list_reports(call: Call) -> list[Fields]:
    """Answer the reports of a domain (`id`), with fewer fields than the answers to their making."""
    found = call.shelf("report").of(call.asked_domain("id").id)
    return [{name: one.wire()[name] for name in _REPORT_LISTED} for one in found]


def create_reports(call: Call) -> list[Fields]:
    """Make one report for each address."""
    wanted = (text("domain_id"), Field(name="emails", kind=Kind.TEXTS, required=True), *_REPORT)
    found = read(call.body(), (*wanted, *of(Kind.NULLABLE, "start_date")))
    domain, emails = call.domain(found.pop("domain_id")), found.pop("emails")
    first = _first(call, found.pop("start_date"), _interval(found))
    bad = [email for email in emails if "@" not in email] if isinstance(emails, list) else ["?"]
    if bad or not isinstance(emails, list):
        raise invalid(emails="An email address is invalid.")
    shelf = call.shelf("report")
    return [
        shelf.make({"email": email} | found | {"next_report": first}, domain.id).wire() for email in emails
    ]


def update_report(call: Call) -> Fields:
    """Replace everything of a report but its address."""
    body = call.body()
    found = read(body, _REPORT)
    _interval(found)
    return call.shelf("report").change(call.owned("report", body.get("id")), found).wire()


def delete_report(call: Call) -> None:
    """Remove a report."""
    call.shelf("report").drop(call.owned("report", call.query.get("id")).id)


def list_links(call: Call) -> list[Fields]:
    """Answer the short links of a domain (`id`)."""
    return wired(search(call, call.shelf("link").of(call.asked_domain("id").id), "name"))


def save_link(call: Call) -> Fields:
    """Make a short link, or replace the one with this `id`. An endpoint makes a webhook behind the scenes."""
    found = read(call.body(), _LINK)
    id, domain = found.pop("id"), call.domain(found.pop("domain_id"))
    password, clear = found.pop("password"), found.pop("clear_password")
    endpoint, urls = str(found.pop("webhook_endpoint")), found.pop("urls")
    if endpoint:
        call.needs_plus()
        check_endpoint(call, endpoint, "webhook_endpoint")
    found["event_name"] = found["event_name"] or f"Link: {found['name']}"
    found["tags"] = found["tags"] or []
    shelf = call.shelf("link")
    link = shelf.change(call.owned("link", id), found) if id else shelf.make(found, domain.id)
    if password or clear:
        link.hidden["password"] = "" if clear else password
    link.fields["has_password"] = bool(link.hidden.get("password"))
    link.fields["urls"] = [_url(call, link, url) for url in urls] if isinstance(urls, list) else []
    _hook(call, link, endpoint)
    return link.wire()


def delete_link(call: Call) -> None:
    """Remove a short link and its webhook."""
    link = call.owned("link", call.query.get("id"))
    call.shelf("link").drop(link.id)
    _hook(call, link, "")


def link_tags(call: Call) -> list[str]:
    """Answer the tags of a domain's short links."""
    found: list[str] = []
    for link in call.shelf("link").of(call.asked_domain("id").id):
        tags = link.fields["tags"]
        found.extend(tags if isinstance(tags, list) else [])
    return offered(found, call.query.get("search", ""))


def list_views(call: Call) -> list[Fields]:
    """Answer the saved views of a domain."""
    return wired(search(call, call.shelf("view").of(call.asked_domain("domain_id").id), "name"))


def save_view(call: Call) -> Fields:
    """Save a view, or replace the one with this `id`."""
    body = call.body()
    found = read(body, _VIEW) | {"user_id": call.account.user["id"]}
    domain, shelf = call.domain(body.get("domain_id")), call.shelf("view")
    if body.get("id"):
        return shelf.change(call.owned("view", body["id"]), found).wire()
    return shelf.make(found, domain.id).wire()


def delete_view(call: Call) -> None:
    """Remove a view."""
    call.shelf("view").drop(call.owned("view", call.query.get("id")).id)


def next_report(after: datetime, interval: object) -> datetime:
    """Return when a report is due again."""
    return after + (
        timedelta(weeks=interval) if isinstance(interval, int) and interval else timedelta(days=1)
    )


def _interval(found: Fields) -> int:
    interval = found["interval"]
    if not isinstance(interval, int) or not 0 <= interval <= LONGEST_INTERVAL:
        raise invalid(interval="The interval must be between 0 and 4.")
    return interval


def _first(call: Call, start: object, interval: int) -> str:
    if not start:
        return moment(next_report(call.now, interval))
    try:
        return moment(datetime.combine(date.fromisoformat(str(start)[:10]), time(), UTC))
    except ValueError:
        raise invalid(start_date="The date must be written as YYYY-MM-DD.") from None


def _url(call: Call, link: Document, url: Mapping[str, object]) -> Fields:
    found = read(
        url, (text("id"), text("url", required=True), *(text(name) for name in ("country", "language", "os")))
    )
    times = {"def_time": moment(link.def_at), "mod_time": moment(link.mod_at), "link_id": link.id}
    return {"id": found.pop("id") or call.account.ids.new(), **times, **found}


def _hook(call: Call, link: Document, endpoint: str) -> None:
    shelf = call.shelf("webhook")
    present = next((hook for hook in shelf if hook.id == link.fields.get("webhook_id")), None)
    fields = {
        "description": f"Link: {link.text('name')}",
        "event": link.fields["event_name"],
        "endpoint": endpoint,
        "active": True,
    }
    if present and not endpoint:
        shelf.drop(present.id)
        present = None
    elif present:
        shelf.change(present, fields)
    elif endpoint:
        present = shelf.make(fields, link.domain_id)
    link.fields["webhook_id"] = present.id if present else None
    link.fields["webhook_endpoint"] = endpoint


ROUTES = (
    *routes(
        READ,
        {
            "GET /report": list_reports,
            "GET /link": list_links,
            "GET /link/tags": link_tags,
            "GET /view": list_views,
        },
    ),
    *routes(
        WRITE,
        {
            "POST /report": create_reports,
            "PUT /report": update_report,
            "DELETE /report": delete_report,
            "POST /link": save_link,
            "DELETE /link": delete_link,
            "POST /view": save_view,
            "DELETE /view": delete_view,
        },
    ),
)
