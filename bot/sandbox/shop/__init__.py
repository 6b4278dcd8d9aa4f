"""A small shop whose visitors, and a few strangers, make events."""

from bot.sandbox.shop.events import NAMES, Item, Kind, ShopEvent, mixed_events
from bot.sandbox.shop.till import Delivery, Shop
from bot.sandbox.shop.tracker import Tracker

__all__ = ["NAMES", "Delivery", "Item", "Kind", "Shop", "ShopEvent", "Tracker", "mixed_events"]
