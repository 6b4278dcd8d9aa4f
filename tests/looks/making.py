"""Short ways to make watches, and to let a look judge again and again."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.detect.hours import Hours
from bot.watches.look import Kept, Seen
from bot.watches.memory import Memory
from bot.watches.opinion import Opinion
from bot.watches.watch import Watch

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # a Wednesday
BERLIN = ZoneInfo("Europe/Berlin")


def watch(look: str, **more: Any) -> Watch:
    """Return a watch of the shop."""
    plain: dict[str, Any] = {
        "name": "It",
        "site": "shop",
        "look": look,
        "condition": None,
        "every": timedelta(hours=1),
        "notify": ("sales",),
    }
    return Watch(**(plain | more))


def judge(
    one: Watch, seen: Seen, memory: Memory | None = None, hours: Hours | None = None
) -> tuple[Memory, tuple[Opinion, ...]]:
    """Return what is remembered after a look, and what it thinks."""
    before = Memory() if memory is None else memory
    thought = seen.judge(one, Kept(now=NOW, zone=BERLIN, hours=hours), before)
    return before.after(thought), thought.opinions
