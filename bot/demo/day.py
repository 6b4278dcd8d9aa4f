"""The demo's day: when it is, which sites there are beside the shop, and what goes wrong on them."""

from datetime import UTC, datetime, timedelta

from bot.sandbox.pirsch import Incident, Site, Trouble

START = datetime(2026, 3, 2, 7, 10, tzinfo=UTC)
"""A Monday morning, ten past eight in Berlin. Always the same one, so that the same things happen."""

HOUR = timedelta(hours=1)
LENGTH = 8 * HOUR
"""How much of the day passes in the demo."""

BLOG, DOCS, WIKI = "blog.kites.example", "docs.kites.example", "wiki.kites.example"
NEWS = "https://news.ycombinator.com/"
GOAL, READERS = "Readers", 120


def sites() -> tuple[Site, ...]:
    """Return the sites beside the shop: one that is linked to, one that is down, one that is not counted."""
    soon = START + timedelta(minutes=20)
    return (
        Site(hostname=BLOG, visitors_per_day=150, incidents=(_incident(Trouble.VIRAL, soon, 6, 4.0, NEWS),)),
        Site(hostname=DOCS, visitors_per_day=250, incidents=(_incident(Trouble.SITE_DOWN, soon, 3),)),
        Site(hostname=WIKI, visitors_per_day=250, incidents=(_incident(Trouble.TRACKER_BROKEN, soon, 24),)),
    )


def _incident(
    trouble: Trouble, start_at: datetime, hours: float, strength: float = 1.0, label: str = ""
) -> Incident:
    return Incident(
        trouble=trouble, start_at=start_at, length=timedelta(hours=hours), strength=strength, label=label
    )
