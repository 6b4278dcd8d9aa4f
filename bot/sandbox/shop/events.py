"""What happens in the shop: a stream of events that is the same for the same seed."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import islice

from bot.sandbox.shop.guests import Guest, guest
from bot.sandbox.shop.strangers import HOSTILE_TEXT, RUBBISH

FLOOD = "404 Page Not Found"  # Pirsch's own name for it
NAMES = ("purchase", "signup", "refund", FLOOD)
BIG = Decimal(500)

_GOODS = (
    ("Paper kite", "24.90"),
    ("Box kite", "59.00"),
    ("Stunt kite", "129.90"),
    ("Kite line 50 m", "12.50"),
    ("Repair set", "8.75"),
    ("Wind meter", "79.00"),
    ("Starter bundle", "199.00"),
)
_IN_BULK = ("Kites for a school", "Kites for a festival", "Kites for a club")
_COUNTRIES = ("de", "at", "ch", "nl", "fr", "se", "us", "gb")
_PLANS = ("newsletter", "trial", "club")
_REFERRERS = ("", "news.example", "forum.example", "search.example")
_DEAD_PAGES = ("/summer-sale", "/kites/blue", "/old/shipping", "/blog/2019/wind", "/wp-login.php")
# What shops really put where a number should be.
_ODD_AMOUNTS = ("199,99", "$5", "", "1.299,00", "free", "12.50 EUR")


class Kind(StrEnum):
    """What sort of thing is sent."""

    GOOD = "good"  # an ordinary event
    FLOOD = "flood"  # one of many alike
    HOSTILE = "hostile"  # a good event with a text that wants to do harm
    RUBBISH = "rubbish"  # a body that is no event


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopEvent:
    """An event as the shop reports it, with who caused it on which page. `duration` is in whole seconds."""

    name: str
    guest: Guest
    path: str = "/"
    meta: Mapping[str, str] = field(default_factory=dict)
    duration: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something to send: an event for Pirsch, or rubbish, which is a `body` for the webhook's address.

    `what` says in words what is special.
    """

    kind: Kind
    what: str
    event: ShopEvent | None = None
    body: bytes = field(default=b"", repr=False)


class Visitors:
    """The people at the shop. The same seed and the same calls make the same events."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - a demo, not a secret
        self._orders = 1000 + seed % 1000
        self._rubbish = self._forever(RUBBISH)
        self._hostile = self._forever(HOSTILE_TEXT)

    def _forever(self, catalogue: Mapping[str, object]) -> Iterator[str]:
        """All names of the catalogue in one random order, again and again."""
        names = self._dice.sample(sorted(catalogue), len(catalogue))
        while True:
            yield from names

    def purchase(self, amount: str | None = None, product: str | None = None) -> Item:
        """Somebody buys; something of the catalogue at its price, or for the amount as it is written."""
        chosen, price = self._dice.choice(_GOODS)
        self._orders += 1
        meta = {
            "amount": price if amount is None else amount,
            "currency": self._dice.choice(("USD", "USD", "USD", "EUR")),
            "product": product or chosen,
            "order_id": f"KT-{self._orders}",
        }
        return self._item("purchase", "/checkout/thank-you", meta, self._dice.randrange(20, 900))

    def odd_purchase(self) -> Item:
        """Somebody buys, and the amount is written as real shops write it."""
        return self.purchase(self._dice.choice(_ODD_AMOUNTS))

    def big_order(self) -> Item:
        """Somebody buys much at once."""
        amount = BIG + Decimal(self._dice.randrange(0, 150_000)) / 100
        return self.purchase(str(amount), self._dice.choice(_IN_BULK))

    def refund(self) -> Item:
        """Somebody sends something back."""
        product, price = self._dice.choice(_GOODS)
        order = self._dice.randrange(1000, self._orders + 1)
        meta = {"amount": f"-{price}", "currency": "USD", "product": product, "order_id": f"KT-{order}"}
        return self._item("refund", "/account/orders", meta)

    def sign_up(self) -> Item:
        """Somebody leaves an address."""
        meta = {"plan": self._dice.choice(_PLANS), "country": self._dice.choice(_COUNTRIES)}
        return self._item("signup", "/newsletter", meta, self._dice.randrange(5, 120))

    def dead_page(self) -> Item:
        """Somebody follows a link that leads nowhere."""
        path = self._dice.choice(_DEAD_PAGES)
        meta = {"path": path}
        if referrer := self._dice.choice(_REFERRERS):
            meta["referrer"] = referrer
        return self._item(FLOOD, path, meta, kind=Kind.FLOOD)

    def stranger(self) -> Item:
        """Somebody sends a text that wants to do harm, as a value, a key or a name."""
        what = next(self._hostile)
        text = HOSTILE_TEXT[what]
        place = self._dice.choice(("value", "value", "key", "name"))
        if place == "name":
            name, meta = text, {"amount": "1.00"}
        elif place == "key":
            name, meta = "signup", {text: "club"}
        else:
            name, meta = "purchase", {"amount": "129.90", "currency": "USD", "product": text}
        return self._item(name, "/", meta, kind=Kind.HOSTILE, what=f"{what} as {place}")

    def rubbish(self) -> Item:
        """Somebody sends what is no event."""
        what = next(self._rubbish)
        return Item(kind=Kind.RUBBISH, what=what, body=RUBBISH[what])

    def _item(
        self,
        name: str,
        path: str,
        meta: Mapping[str, str],
        duration: int = 0,
        *,
        kind: Kind = Kind.GOOD,
        what: str = "",
    ) -> Item:
        who = guest(self._dice)
        event = ShopEvent(name=name, guest=who, path=path, meta=meta, duration=duration)
        return Item(kind=kind, what=what or name, event=event)

    def anybody(self) -> Item:
        """Somebody ordinary comes by."""
        (act,) = self._dice.choices(
            (self.purchase, self.odd_purchase, self.sign_up, self.refund, self.big_order), (50, 8, 30, 6, 6)
        )
        return act()

    def forever(self) -> Iterator[Item]:
        """Ordinary days without end."""
        while True:
            yield self.anybody()


def mixed_events(seed: int = 1, count: int = 200) -> list[Item]:
    """Return `count` items of all kinds, the same for the same seed.

    About half are ordinary events; three tenths come as two floods of dead pages, each without a pause;
    a tenth is hostile text and a tenth rubbish.
    """
    visitors = Visitors(seed)
    flood, bad = count * 3 // 20, count // 10
    items = [visitors.stranger() for _ in range(bad)] + [visitors.rubbish() for _ in range(bad)]
    items += islice(visitors.forever(), count - 2 * flood - 2 * bad)
    order = random.Random(seed)  # noqa: S311
    order.shuffle(items)
    for _ in range(2):
        start = order.randrange(len(items) + 1)
        items[start:start] = [visitors.dead_page() for _ in range(flood)]
    return items
