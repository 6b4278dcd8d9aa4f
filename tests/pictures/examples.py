"""One of each picture, as a message would show it."""

import math
from datetime import UTC, datetime, timedelta

from bot.facts import Bar, Bars, Funnel, Line, Picture, Point, Spark, Step

MIDNIGHT = datetime(2026, 10, 28, 23, tzinfo=UTC)  # in Berlin


def _daily() -> Line:
    points = []
    for place in range(28):
        usual = 260 + 90 * math.cos((place + 1) * 2 * math.pi / 7)
        value = 74 if place == 24 else None if place == 12 else round(usual + 23 * math.sin(place * 5))
        points.append(
            Point(
                at=MIDNIGHT + timedelta(days=place),
                value=value,
                low=usual - 60,
                high=usual + 60,
                marked=place == 24,
            )
        )
    return Line(title="Visitors of shop.example.com", unit="visitors", points=tuple(points), hourly=False)


def _hourly() -> Line:
    points = []
    for place in range(24 * 7):
        usual = 40 + 35 * math.sin((place - 9) * 2 * math.pi / 24)
        silent = 104 <= place < 114
        points.append(
            Point(
                at=MIDNIGHT + timedelta(hours=place),
                value=0 if silent else max(0, round(usual + 7 * math.sin(place * 5))),
                low=max(0.0, usual - 14),
                high=usual + 14,
                marked=silent,
            )
        )
    return Line(title="Visitors, hour by hour", unit="visitors", points=tuple(points), hourly=True)


def _week() -> Line:
    points = tuple(
        Point(
            at=MIDNIGHT + timedelta(days=place),
            value=round(1200 + 200 * math.sin(place)),
            before=round(1100 + 150 * math.sin(place + 0.5)),
        )
        for place in range(7)
    )
    return Line(
        title="Visitors this week", unit="visitors", points=points, hourly=False, before="the week before"
    )


def _rate() -> Line:
    points = tuple(
        Point(
            at=MIDNIGHT + timedelta(days=place), value=0.43 + 0.03 * math.sin(place * 2), low=0.38, high=0.48
        )
        for place in range(60)
    )
    return Line(title="Bounce rate", unit="%", points=points, hourly=False)


REFERRERS = Bars(
    title="Referrers",
    unit="visitors",
    bars=(
        Bar(label="Google", value=412, before=380),
        Bar(label="news.example.net/item?id=4242424242424242&also=long", value=310, before=0),
        Bar(label="Direct", value=120, before=155),
        Bar(label="🎉 日本語 Bing", value=12, before=31),
    ),
    now="9–15 Nov",
    before="2–8 Nov",
)
REVENUE = Bars(
    title="Revenue by country",
    unit="EUR",
    bars=(
        Bar(label="Germany", value=4120.5),
        Bar(label="Česko", value=310),
        Bar(label="Ελλάδα", value=-120),
    ),
    now="9–15 Nov",
)
CHECKOUT = Funnel(
    title="Checkout",
    steps=(
        Step(name="Product page", visitors=1840, usual=1790),
        Step(name="Cart", visitors=512, usual=498),
        Step(name="Address", visitors=140, usual=402),
        Step(name="Payment", visitors=118, usual=280),
    ),
)
SPARK = Spark(title="Visitors", unit="visitors", values=(12, 14, 9, None, 20, 22, 18))
EXAMPLES: dict[str, Picture] = {
    "daily": _daily(),
    "hourly": _hourly(),
    "week": _week(),
    "rate": _rate(),
    "referrers": REFERRERS,
    "revenue": REVENUE,
    "checkout": CHECKOUT,
    "spark": SPARK,
    "empty": Line(title="Nothing yet", unit="visitors", points=(), hourly=False),
}
