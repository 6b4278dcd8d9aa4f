"""A small shop whose visitors, and a few strangers, make events."""

from bot.sandbox.shop.events import Item, Kind, ShopEvent, mixed_events
from bot.sandbox.shop.till import Delivery, Shop

__all__ = ["Delivery", "Item", "Kind", "Shop", "ShopEvent", "mixed_events"]
