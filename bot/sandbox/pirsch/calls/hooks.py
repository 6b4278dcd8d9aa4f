"""/webhook and /filter: what is told, and what is not recorded."""

from ipaddress import ip_network
from urllib.parse import urlsplit

from bot.sandbox.pirsch.calls.call import READ, WRITE, Call, routes, wired
from bot.sandbox.pirsch.documents import Document, Fields
from bot.sandbox.pirsch.fields import read, text
from bot.sandbox.pirsch.refusal import invalid
from bot.sandbox.pirsch.sieve import Kind, Stretch

_WEBHOOK = (
    text("id"),
    text("domain_id"),
    text("description", longest=200),
    text("event", required=True, longest=200),
    text("endpoint", required=True),
)
_FILTER = (
    text("id"),
    text("domain_id"),
    text("type", required=True),
    text("description", longest=200),
    text("filter", required=True),
)
_LOCAL = ("127.0.0.1", "::1", "localhost")


def list_webhooks(call: Call) -> list[Fields]:
    """Answer the webhooks of a domain, those of short links among them."""
    return wired(call.shelf("webhook").of(call.asked_domain("domain_id").id))


def save_webhook(call: Call) -> Fields:
    """Make a webhook, or change the one with this `id`. Saving revives it: failures are forgotten."""
    call.needs_plus()
    found = read(call.body(), _WEBHOOK)
    check_endpoint(call, str(found["endpoint"]), "endpoint")
    id, domain = found.pop("id"), call.domain(found.pop("domain_id"))
    found["active"] = True
    if not id:
        return call.shelf("webhook").make(found, domain.id).wire()
    webhook = call.owned("webhook", id)
    call.shelf("webhook").change(webhook, found)
    webhook.hidden["failures"] = 0
    return webhook.wire()


def delete_webhook(call: Call) -> None:
    """Remove a webhook."""
    call.shelf("webhook").drop(call.owned("webhook", call.query.get("id")).id)


def list_filters(call: Call) -> list[Fields]:
    """Answer the traffic filters of a domain."""
    return wired(call.shelf("filter").of(call.asked_domain("domain_id").id))


def save_filter(call: Call) -> Fields:
    """Make a filter, or change the one with this `id`. It acts on new traffic only."""
    found = read(call.body(), _FILTER)
    stretch = _stretch(call, found)
    id, domain = found.pop("id"), call.domain(found.pop("domain_id"))
    if id:
        changed = call.owned("filter", id)
        call.shelf("filter").change(changed, found)
        _lift(call, changed)
    else:
        changed = call.shelf("filter").make(found, domain.id)
    changed.hidden["stretch"] = stretch
    call.record(domain).keep_out(stretch)
    return changed.wire()


def delete_filter(call: Call) -> None:
    """Remove a filter. What it dropped stays dropped."""
    found = call.owned("filter", call.query.get("id"))
    call.shelf("filter").drop(found.id)
    _lift(call, found)


def check_endpoint(call: Call, endpoint: str, field: str) -> None:
    """Raise Refused (400) unless an endpoint is an https address, or plain http on this machine."""
    try:
        parts = urlsplit(endpoint)
        host = parts.hostname
    except ValueError:
        host = None
    plain = host in _LOCAL and call.account.settings.plain_http_webhooks
    if not host or parts.scheme not in (("http", "https") if plain else ("https",)):
        raise invalid(**{field: "The endpoint must be a valid HTTPS URL."})


def _stretch(call: Call, found: Fields) -> Stretch:
    kinds = {kind.value: kind for kind in Kind if kind.value}
    kind, value = kinds.get(str(found["type"])), str(found["filter"]).strip()
    if kind is None:
        raise invalid(type="The type is invalid.")
    if kind is Kind.IP:
        try:
            ip_network(value, strict=False)
        except ValueError:
            raise invalid(filter="The IP address or network is invalid.") from None
    if kind is Kind.COUNTRY and not (len(value) == 2 and value.isalpha()):
        raise invalid(filter="The country code is invalid.")
    since = call.now + call.account.settings.config_delay
    return Stretch(kind=kind, value=value, since=since.timestamp())


def _lift(call: Call, changed: Document) -> None:
    stretch = changed.hidden.get("stretch")
    if isinstance(stretch, Stretch) and changed.domain_id is not None:
        call.account.records[changed.domain_id].let_in(stretch, call.now.timestamp())


ROUTES = (
    *routes(READ, {"GET /webhook": list_webhooks, "GET /filter": list_filters}),
    *routes(
        WRITE,
        {
            "POST /webhook": save_webhook,
            "DELETE /webhook": delete_webhook,
            "POST /filter": save_filter,
            "DELETE /filter": delete_filter,
        },
    ),
)
