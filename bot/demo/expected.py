"""What must arrive, worked out from what the shop sent and Pirsch took.

By the few lines of arithmetic in here and the documents of Pirsch; nothing of the bot's own judgement, nor
of the simulator's, is used for it.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.sandbox.shop import Delivery, ShopEvent
from bot.sandbox.shop.strangers import RUBBISH

# docs.pirsch.io, "Events": what is longer or more is refused.
LONGEST_NAME, LONGEST_KEY, LONGEST_VALUE, MOST_PAIRS = 200, 100, 2000, 20
LONGEST_KEPT = 256 << 10  # bytes; the bot keeps no more of a body

# What the amounts mean that real shops write; None is no plain number, and missing from a sum.
ODD_AMOUNTS = {
    "199,99": Decimal("199.99"),
    "$5": None,
    "1.299,00": Decimal(1299),
    "free": None,
    "12.50 EUR": None,
}
# Rubbish that is an event all the same: a purchase without anything to say about it.
STILL_AN_EVENT = frozenset({"duration is words"})
DEAD_PAGE = "404 Page Not Found"
TOO_MANY_DEAD_PAGES = 20
BIG = Decimal(500)

_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event as Pirsch tells it."""

    name: str
    meta: Mapping[str, str]
    duration: int = 0

    @property
    def amount(self) -> Decimal | None:
        """What was paid, where that is said in a way that has one meaning."""
        text = self.meta.get("amount")
        if text is None or text in ODD_AMOUNTS:
            return ODD_AMOUNTS[text] if text else None
        return Decimal(text)

    @property
    def big(self) -> bool:
        """Whether a rule tells it at once."""
        paid = self.amount
        return (
            self.name == "purchase"
            and paid is not None
            and paid >= BIG
            and self.meta.get("currency") == "USD"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What must arrive. `kept` counts bodies by `body_key`, `told` events by name, `big` by order."""

    wrong: tuple[str, ...] = ()
    sent: int
    kept: Counter[str]
    told: Counter[str]
    unreadable: int
    total: Decimal
    big: Counter[str]

    @property
    def orders(self) -> int:
        """How many orders the collected messages speak of."""
        return self.told["purchase"]

    @property
    def alarms(self) -> int:
        """How often broken links are news."""
        return int(self.told[DEAD_PAGE] >= TOO_MANY_DEAD_PAGES)


def expected(deliveries: Iterable[Delivery]) -> Expected:
    """Work out what the demo's rules have to make of these deliveries, and which went wrong already."""
    listed = list(deliveries)
    events = [_told(one.item.event) for one in listed if one.item.event is not None and one.good]
    rubbish = [one.item.what for one in listed if one.item.event is None]
    readable = [*events, *(Told(name="purchase", meta={}) for what in rubbish if what in STILL_AN_EVENT)]
    amounts = [one.amount for one in readable if one.name == "purchase"]
    return Expected(
        wrong=tuple(sentence for one in listed if (sentence := _wrong(one))),
        sent=len(events),
        kept=Counter([*map(_key_of, events), *(f"rubbish: {what}" for what in rubbish)]),
        told=Counter(one.name for one in readable),
        unreadable=sum(what not in STILL_AN_EVENT for what in rubbish),
        total=sum((one for one in amounts if one is not None), Decimal(0)),
        big=Counter(one.meta.get("order_id", "") for one in readable if one.big),
    )


def body_key(body: bytes) -> str:
    """Name a body that was kept: the same for the same rubbish, and for the same event however written."""
    for what, rubbish in RUBBISH.items():
        if body == rubbish[:LONGEST_KEPT]:
            return f"rubbish: {what}"
    try:
        return _canonical(json.loads(body))
    except ValueError:
        return f"unknown: {body[:80]!r}"


def _told(event: ShopEvent) -> Told:
    """Say an event as Pirsch tells it: trimmed, without pairs that say nothing, whole characters only."""
    pairs = ((_clean(key), _clean(value)) for key, value in event.meta.items())
    meta = {key: value for key, value in pairs if key and value}
    return Told(name=_clean(event.name), meta=meta, duration=event.duration)


def _clean(text: str) -> str:
    return _HALF.sub("\ufffd", text).strip()


def _key_of(told: Told) -> str:
    return _canonical(
        {"event_name": told.name, "event_duration": told.duration, "event_meta": dict(told.meta)}
    )


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _wrong(one: Delivery) -> str | None:
    """Say what is wrong with an answer: Pirsch refuses what is too long with 400, all else is a 2xx."""
    right = one.good if one.item.event is None or _fits(one.item.event) else one.status == 400
    return None if right else f"{one.item.what!r} was answered by {one.status or one.error}"


def _fits(event: ShopEvent) -> bool:
    told = _told(event)
    long = any(len(key) > LONGEST_KEY or len(value) > LONGEST_VALUE for key, value in told.meta.items())
    return len(event.name) <= LONGEST_NAME and len(told.meta) <= MOST_PAIRS and not long
