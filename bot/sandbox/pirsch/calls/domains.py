"""/domain: the dashboards, their settings, and the switches on them."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.sandbox.pirsch.calls.call import READ, WRITE, Answer, Call, Route, routes, search, wired
from bot.sandbox.pirsch.documents import Document, Fields
from bot.sandbox.pirsch.fields import Field, Kind, flag, of, read, text
from bot.sandbox.pirsch.limits import Class
from bot.sandbox.pirsch.refusal import Refused, invalid, missing
from bot.sandbox.pirsch.sieve import Kind as Dropped
from bot.sandbox.pirsch.sieve import Stretch

_LOOKUPS = ("id", "subdomain", "domain", "access")
_NEW = (
    text("hostname", required=True, longest=253),
    text("subdomain", longest=100),
    text("timezone"),
    *of(Kind.NULLABLE, "organization_id", "theme_id"),
    flag("public"),
    flag("group_by_title"),
    flag("disable_scripts"),
    text("display_name"),
    *of(Kind.WHOLE, "active_visitors_seconds", "traffic_spike_threshold", "traffic_warning_threshold_days"),
    Field(name="settings", kind=Kind.OBJECT),
)


def get(call: Call) -> object:
    """Answer one domain by `id`, `subdomain`, `domain` or `access`; else the list."""
    for name in _LOOKUPS:
        if name in call.query:
            return _look_up(call, name, call.query[name]).wire()
    if call.client is None:
        raise Refused(401, ["Unauthorized"])
    own = call.client.domain_id
    visible = [one for one in call.shelf("domain") if own is None or one.id == own]
    return wired(search(call, visible, "hostname", "display_name", "subdomain"))


def create(call: Call) -> Fields:
    """Make a dashboard; only a user client may. Thresholds above 0 turn the notifications on."""
    if call.client is None or call.client.domain_id is not None:
        raise Refused(403, ["Forbidden"])
    found = read(call.body(), _NEW)
    _zone_checked(found, default="UTC")
    _free(call, found)
    spike, warning = found.pop("traffic_spike_threshold"), found.pop("traffic_warning_threshold_days")
    if not found["settings"]:
        del found["settings"]
    if not found["active_visitors_seconds"]:
        found["active_visitors_seconds"] = 600
    made = call.account.open_domain(found)
    for name, threshold in (("spike", spike), ("warning", warning)):
        if isinstance(threshold, int) and threshold > 0:
            switch = call.account.switch(made.id, name)
            switch.on, switch.threshold = True, threshold
    return made.wire()


def reset_code(call: Call) -> Fields:
    """Change the identification code. The site still carries the old one: nothing is recorded any more."""
    found = _body_domain(call, "id")
    call.shelf("domain").change(found, {"identification_code": call.account.ids.new(32)})
    call.record(found).keep_out(
        Stretch(kind=Dropped.EVERYTHING, value="", since=call.now.timestamp()),
    )
    return {"identification_code": found.fields["identification_code"]}


def delete(call: Call) -> None:
    """Remove a dashboard with everything on it."""
    found = call.asked_domain("id")
    call.shelf("domain").drop(found.id)
    for shelf in call.account.shelves.values():
        for document in shelf.of(found.id):
            document.locked = False
            shelf.drop(document.id)


def hostname(call: Call) -> None:
    """Change the hostname."""
    found = read(call.body(), (text("domain_id"), text("hostname", required=True, longest=253)))
    domain = call.domain(found["domain_id"])
    _free(call, found)
    call.shelf("domain").change(domain, {"hostname": found["hostname"]})


def timezone(call: Call) -> None:
    """Change the time zone of the dashboard."""
    found = read(call.body(), (text("domain_id"), text("timezone", required=True)))
    domain = call.domain(found["domain_id"])
    _zone_checked(found, default="")
    call.shelf("domain").change(domain, {"timezone": found["timezone"]})


def active(call: Call) -> None:
    """Change for how many seconds a visitor counts as active."""
    found = read(call.body(), (text("domain_id"), *of(Kind.WHOLE, "time")))
    domain, seconds = call.domain(found["domain_id"]), found["time"]
    if not isinstance(seconds, int) or not 0 < seconds <= 3600:
        raise invalid(time="The time must be between 1 and 3600 seconds.")
    call.shelf("domain").change(domain, {"active_visitors_seconds": seconds})


def setting(name: str, kind: Kind, *, required: bool = False) -> Answer:
    """Make the handler that writes one field of a domain."""

    def answer(call: Call) -> None:
        wanted = (text("domain_id"), Field(name=name, kind=kind, required=required))
        found = read(call.body(), wanted)
        domain = call.domain(found["domain_id"])
        call.shelf("domain").change(domain, {name: {} if found[name] is None else found[name]})

    return answer


def toggle(name: str) -> Answer:
    """Make the handler that flips a field which the domain shows."""

    def answer(call: Call) -> object:
        domain = _body_domain(call, "domain_id")
        call.shelf("domain").change(domain, {name: not domain.fields[name]})
        return {"domain_id": domain.id} if name == "public" else None

    return answer


def hidden_toggle(name: str) -> Answer:
    """Make the handler that flips a switch whose position no call shows."""

    def answer(call: Call) -> None:
        switch = call.account.switch(_body_domain(call, "domain_id").id, name)
        switch.on = not switch.on

    return answer


def threshold(name: str) -> Answer:
    """Make the handler that sets the threshold of a notification, without turning it on or off."""

    def answer(call: Call) -> None:
        found = read(call.body(), (text("domain_id"), *of(Kind.WHOLE, "threshold")))
        domain, value = call.domain(found["domain_id"]), found["threshold"]
        if not isinstance(value, int) or value < 1:
            raise invalid(threshold="The threshold must be at least 1.")
        call.account.switch(domain.id, name).threshold = value

    return answer


def theme(call: Call) -> Fields:
    """Set the theme of a dashboard, or its own settings on top."""
    call.needs_plus()
    body = call.form_or_body()
    domain = call.domain(body.get("domain_id"))
    if isinstance(body.get("theme_id"), str):
        found = call.owned("theme", body["theme_id"])
        call.shelf("domain").change(domain, {"theme_id": found.id, "theme": found.wire()})
    if isinstance(body.get("settings"), dict):
        call.shelf("domain").change(domain, {"theme_settings": body["settings"]})
    return domain.wire()


def has_custom(call: Call) -> None:
    """Answer 200 when a dashboard has this custom domain, else 404."""
    wanted = call.query.get("domain", "")
    if not wanted or not any(one.fields["custom_domain"] == wanted for one in call.shelf("domain")):
        raise missing("Domain")


def set_custom(call: Call) -> None:
    """Set the custom domain of a dashboard."""
    call.needs_plus()
    found = read(call.body(), (text("domain_id"), text("hostname", longest=253)))
    domain = call.domain(found["domain_id"])
    call.shelf("domain").change(domain, {"custom_domain": found["hostname"] or None})


def _look_up(call: Call, name: str, value: str) -> Document:
    if name == "id" and call.client is not None:
        return call.domain(value)
    if name == "access":
        link = next((one for one in call.shelf("access") if value and one.fields["code"] == value), None)
        if link is None:
            raise missing("Domain")
        return call.shelf("domain").find(link.domain_id or "")
    if call.client is None:
        raise Refused(401, ["Unauthorized"])
    field = {"subdomain": "subdomain", "domain": "custom_domain"}.get(name, "id")
    found = next((one for one in call.shelf("domain") if value and one.fields.get(field) == value), None)
    if found is None:
        raise missing("Domain")
    return call.domain(found.id)


def _body_domain(call: Call, name: str) -> Document:
    return call.domain(call.body().get(name))


def _zone_checked(found: Fields, *, default: str) -> None:
    found["timezone"] = found["timezone"] or default
    try:
        ZoneInfo(str(found["timezone"]))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise invalid(timezone="The time zone is unknown.") from None


def _free(call: Call, found: Fields) -> None:
    if any(one.fields["hostname"] == found["hostname"] for one in call.shelf("domain")):
        raise invalid(hostname="The hostname is already in use.")


ROUTES = (
    Route(method="GET", path="/domain", answer=get, needs=READ, limited=Class.CONFIGURATION, open=True),
    *routes(READ, {"GET /domain/custom": has_custom}),
    *routes(
        WRITE,
        {
            "POST /domain": create,
            "PUT /domain": reset_code,
            "DELETE /domain": delete,
            "POST /domain/hostname": hostname,
            "POST /domain/subdomain": setting("subdomain", Kind.TEXT, required=True),
            "POST /domain/name": setting("display_name", Kind.TEXT),
            "POST /domain/settings": setting("settings", Kind.OBJECT),
            "POST /domain/metadata": setting("metadata", Kind.OBJECT),
            "POST /domain/timezone": timezone,
            "POST /domain/active": active,
            "POST /domain/public": toggle("public"),
            "POST /domain/scripts": toggle("disable_scripts"),
            "POST /domain/title": toggle("group_by_title"),
            "POST /domain/start-week-sunday": hidden_toggle("start_week_sunday"),
            "PUT /domain/noindex": hidden_toggle("noindex"),
            "PUT /domain/theme": theme,
            "POST /domain/theme": theme,
            "POST /domain/custom": set_custom,
            "PUT /traffic/spike": hidden_toggle("spike"),
            "POST /traffic/spike": threshold("spike"),
            "PUT /traffic/warning": hidden_toggle("warning"),
            "POST /traffic/warning": threshold("warning"),
        },
    ),
)
