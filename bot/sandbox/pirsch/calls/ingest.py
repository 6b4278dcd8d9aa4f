"""POST /hit, /event, /session and their batches: traffic that somebody sends in."""

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from bot.sandbox.pirsch import agents
from bot.sandbox.pirsch.access import Right
from bot.sandbox.pirsch.calls.call import Answer, Call, Route
from bot.sandbox.pirsch.documents import Document, Fields
from bot.sandbox.pirsch.fields import Field, Kind, flag, of, read, text
from bot.sandbox.pirsch.limits import Class
from bot.sandbox.pirsch.live import Hit, identity
from bot.sandbox.pirsch.refusal import invalid, missing
from bot.sandbox.pirsch.rows import Event, Page, Pairs, Session, View
from bot.sandbox.pirsch.sieve import sift

MOST_PAIRS, LONGEST_KEY, LONGEST_VALUE = 20, 100, 2000

_SENDER = (
    text("ip", required=True),
    text("user_agent", required=True),
    text("accept_language"),
    text("time"),
    flag("disable_bot_filter"),
)
_HIT = (
    *_SENDER,
    text("url", required=True),
    text("title"),
    text("referrer"),
    *of(Kind.WHOLE, "screen_width", "screen_height"),
    Field(name="tags", kind=Kind.OBJECT),
)
_EVENT = (
    *_HIT,
    text("event_name", required=True, longest=200),
    *of(Kind.WHOLE, "event_duration"),
    Field(name="event_meta", kind=Kind.OBJECT),
    flag("non_interactive"),
)


def hit(call: Call, body: Fields) -> None:
    """Store a page view. Bots and filtered traffic are dropped with the same answer."""
    found = read(body, _HIT)
    made = _hit_of(call, found)
    if _stored(call, found, made):
        call.record(_domain(call, found)).live.view(made)


def event(call: Call, body: Fields) -> None:
    """Store an event and tell the webhooks that listen to it."""
    found = read(body, _EVENT)
    made = _hit_of(call, found)
    meta = pairs(found["event_meta"], "event_meta")
    own = {key for key, _ in meta}
    happened = Event(
        made.at,
        str(found["event_name"]).strip(),
        made.page,
        max(0, _whole(found["event_duration"])),
        meta + tuple(pair for pair in made.page.tags if pair[0] not in own),
        not found["non_interactive"],
    )
    if _stored(call, found, made):
        domain = _domain(call, found)
        call.record(domain).live.event(made, happened)
        call.postman.tell(domain.id, [happened])


def session(call: Call, body: Fields) -> None:
    """Keep a session alive. It has no address, so a user client cannot say whose it is."""
    found = read(body, _SENDER)
    if call.client is None or call.client.domain_id is None:
        raise missing("Domain")
    at = _at(call, found)
    visitor_id = identity(str(found["ip"]), str(found["user_agent"]), at)
    call.record(call.domain(call.client.domain_id)).live.extend(visitor_id, at)


def pairs(value: object, field: str) -> Pairs:
    """Read tags or meta: texts, trimmed; pairs with an empty key or value are dropped.

    Raises Refused (400) over 20 pairs, 100 characters a key, 2,000 a value (docs.pirsch.io, "Events").
    """
    if not isinstance(value, Mapping):
        return ()
    made = [(str(key).strip(), _scalar(one, field).strip()) for key, one in value.items()]
    kept = tuple((key, one) for key, one in made if key and one)
    too_long = any(len(key) > LONGEST_KEY or len(one) > LONGEST_VALUE for key, one in kept)
    if len(kept) > MOST_PAIRS or too_long:
        raise invalid(**{field: "Too many or too long keys or values."})
    return kept


def _hit_of(call: Call, found: Fields) -> Hit:
    parts = agents.split(str(found["url"]))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise invalid(url="The URL is invalid.")
    at = _at(call, found)
    languages, width = str(found["accept_language"]), _whole(found["screen_width"])
    return Hit(
        at=at,
        page=Page(parts.path or "/", str(found["title"]), pairs(found["tags"], "tags")),
        hostname=parts.hostname,
        source=agents.source_of(str(found["referrer"]), dict(parse_qsl(parts.query))),
        visitor=agents.visitor(str(found["ip"]), str(found["user_agent"]), languages, width, at),
    )


def _stored(call: Call, found: Fields, made: Hit) -> bool:
    if agents.is_bot(str(found["user_agent"])) and not found["disable_bot_filter"]:
        return False
    candidate = Session(0, made.visitor, made.source, made.hostname, (View(made.at, made.page),), (), made.at)
    return sift(candidate, call.record(_domain(call, found)).stretches) is not None


def _domain(call: Call, found: Fields) -> Document:
    if call.client is not None and call.client.domain_id is not None:
        return call.domain(call.client.domain_id)
    hostname = agents.split(str(found["url"])).hostname
    return next((one for one in call.shelf("domain") if one.fields["hostname"] == hostname), None) or _lost()


def _lost() -> Document:
    raise missing("Domain")


def _at(call: Call, found: Fields) -> int:
    written = str(found["time"])
    if not written:
        return int(call.now.timestamp())
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise invalid(time="The time is invalid.") from None
    if at.tzinfo is None:
        raise invalid(time="The time is invalid.")
    return min(int(at.timestamp()), int(call.now.timestamp()))


def _scalar(value: object, field: str) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case _:
            raise invalid(**{field: "The values must be strings."})


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _single(store: Callable[[Call, Fields], None]) -> Answer:
    return lambda call: store(call, {name: one for name, one in call.body().items() if name != "time"})


def _batch(store: Callable[[Call, Fields], None]) -> Answer:
    def answer(call: Call) -> None:
        rows = call.batch()
        if not all(isinstance(row.get("time"), str) and row["time"] for row in rows):
            raise invalid(time="The time is required.")
        for row in sorted(rows, key=lambda row: str(row["time"])):  # sorted within one request, as documented
            store(call, row)

    return answer


def _routes(name: str, store: Callable[[Call, Fields], None]) -> tuple[Route, Route]:
    needs = Right(scope=name, letter="w")
    one, many = (
        Route(method="POST", path=path, answer=answer, needs=needs, limited=Class.INGEST, sends=True)
        for path, answer in ((f"/{name}", _single(store)), (f"/{name}/batch", _batch(store)))
    )
    return one, many


ROUTES = (*_routes("hit", hit), *_routes("event", event), *_routes("session", session))
