"""What the shop sent, made by hand."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.sandbox.shop import Delivery, Item, Kind, ShopEvent
from bot.sandbox.shop.guests import Guest
from bot.sandbox.shop.strangers import RUBBISH

SOMEBODY = Guest(ip="100.64.0.1", user_agent="a browser", language="de")
AT = datetime(2026, 11, 21, 8, tzinfo=UTC)


def event(name: str, meta: Mapping[str, str]) -> Item:
    """An event of the shop."""
    return Item(kind=Kind.GOOD, what=name, event=ShopEvent(name=name, guest=SOMEBODY, meta=meta))


def rubbish(what: str) -> Item:
    """Rubbish of the catalogue."""
    return Item(kind=Kind.RUBBISH, what=what, body=RUBBISH[what])


def sent(item: Item, status: int | None = 200) -> Delivery:
    """A delivery with an answer, or none."""
    error = "" if status else "gone"
    return Delivery(number=1, item=item, at=AT, took=timedelta(0), status=status, error=error)
