"""Digests to be rendered: one with everything, one of many sites, one with nothing to say."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.facts import (
    AlertLine,
    AlertList,
    Bar,
    Bars,
    Cause,
    ChangeLine,
    Chart,
    DaySpan,
    Digest,
    Doubt,
    Driver,
    Explanation,
    Failed,
    Figure,
    Form,
    Funnel,
    FunnelLine,
    FunnelList,
    GoalLine,
    GoalList,
    HeldBack,
    HeldFor,
    Line,
    Maintenance,
    Numbers,
    Oddity,
    Pace,
    Point,
    Says,
    Section,
    Severity,
    SiteReport,
    Step,
    Unusual,
)

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = DaySpan(first=date(2026, 11, 9), last=date(2026, 11, 15))
BEFORE = DaySpan(first=date(2026, 11, 2), last=date(2026, 11, 8))
MONDAY = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def figure(
    name: str,
    now: float,
    before: float | None = None,
    says: Says = Says.USUAL,
    form: Form = Form.COUNT,
    good: bool | None = None,
    chance: float = 0.4,
    unit: str = "",
) -> Figure:
    mine, other = Decimal(str(now)), None if before is None else Decimal(str(before))
    change = None
    if other is not None:
        change = float(mine - other) if form is Form.SHARE else float(mine / other) - 1 if other else None
    return Figure(
        name=name,
        now=mine,
        before=other,
        form=form,
        unit=unit,
        says=says,
        change=change,
        low=None if before is None else before * 0.75,
        high=None if before is None else before * 1.3,
        chance=None if before is None else chance,
        good=good,
    )


def loud(name: str, now: float, before: float, form: Form = Form.COUNT, good: bool | None = None) -> Figure:
    return figure(name, now, before, Says.UNUSUAL, form, good, chance=0.00021)


DOWN = Numbers(
    of="summary",
    figures=(
        loud("visitors", 412, 1173, good=True),
        loud("views", 988, 3014, good=True),
        loud("sessions", 431, 1281, good=True),
        figure("bounce rate", 0.6213, 0.6042, form=Form.SHARE, good=False),
    ),
)
CALM = Numbers(
    of="summary",
    figures=(
        figure("visitors", 1099, 1173, good=True),
        figure("views", 2745, 3014, good=True),
        figure("sessions", 1209, 1281, good=True),
        figure("bounce rate", 0.6220, 0.6042, Says.EDGE, Form.SHARE, good=False, chance=0.04),
    ),
)
CHART = Chart(
    picture=Line(
        title="Visitors of shop",
        unit="visitors",
        hourly=False,
        points=tuple(
            Point(
                at=datetime(2026, 10, 19, 22, tzinfo=UTC) + timedelta(days=number),
                value=value,
                low=110.0,
                high=230.0,
                marked=value < 60,
            )
            for number, value in enumerate([168.0, 172.0, 181.0, 160.0, 120.0, 128.0, 170.0] * 3)
        )
        + tuple(
            Point(at=at(day, 23), value=value, low=110.0, high=230.0, marked=value < 60)
            for day, value in zip(range(8, 15), [166, 31, 12, 14, 22, 25, 142], strict=True)
        ),
    )
)
UNUSUAL = Unusual(
    oddities=(
        Oddity(
            what="period",
            figure=loud("visitors", 412, 1173, good=True),
            explanation=Explanation(
                got=412,
                expected=1173.0,
                causes=(
                    Cause(
                        dimension="referrer",
                        drivers=(
                            Driver(value="google.com", got=21, expected=391.0),
                            Driver(value="", got=88, expected=516.0),
                        ),
                        rest_usual=True,
                    ),
                ),
                doubt=Doubt.PARTLY,
            ),
        ),
        Oddity(what="day", day=date(2026, 11, 11), figure=loud("visitors", 12, 168, good=True)),
        Oddity(
            what="mix",
            dimension="channel",
            figure=loud("Organic Search", 0.05, 0.33, form=Form.SHARE),
            explanation=Explanation(got=0, expected=0.0, doubt=Doubt.ALIKE, alike=("page", "country")),
        ),
    ),
    more=2,
)
REFERRERS = Numbers(
    of="referrers",
    unit="visitors",
    figures=(
        loud("news.ycombinator.com", 63, 0),
        loud("google.com", 21, 391),
        loud("old-partner.example", 0, 44),
        figure("direct", 288, 316),
        figure("duckduckgo.com", 21, 12, Says.EDGE, chance=0.03),
    ),
    more=14,
    picture=Bars(
        title="Referrers of shop",
        unit="visitors",
        now="these days",
        before="the days before",
        bars=(
            Bar(label="google.com", value=21.0, before=391.0),
            Bar(label="direct", value=288.0, before=316.0),
            Bar(label="news.ycombinator.com", value=63.0, before=0.0),
            Bar(label="old-partner.example", value=0.0, before=44.0),
        ),
    ),
)
PAGES = Numbers(
    of="pages",
    unit="visitors",
    figures=(figure("/", 240, 612), figure("/products", 120, 335), figure("/pricing", 61, 165)),
    more=21,
)
REVENUE = Numbers(
    of="revenue",
    figures=(figure("purchase", 2570.5, 2811.25, form=Form.AMOUNT, good=True, unit="USD"),),
)
GOALS = GoalList(
    goals=(
        GoalLine(
            figure=loud("Signup", 17, 48, good=True),
            pace=Pace.BEHIND,
            target=Decimal(500),
            present=Decimal(212),
            ahead=Decimal(424),
            ends=date(2026, 11, 30),
        ),
        GoalLine(
            figure=figure("Orders", 33, 31, good=True),
            pace=Pace.REACHED,
            target=Decimal(120),
            present=Decimal(131),
            ahead=Decimal(262),
            ends=date(2026, 11, 30),
        ),
        GoalLine(
            figure=figure("Newsletter", 12, 11, good=True),
            pace=Pace.ON_PACE,
            target=Decimal("0.05"),
            present=Decimal("0.0512"),
            ahead=Decimal("0.0512"),
            form=Form.SHARE,
            ends=date(2026, 11, 30),
        ),
        GoalLine(
            figure=figure("Trial", 4, 9, good=True),
            pace=Pace.BEHIND,
            target=Decimal(50),
            present=Decimal(31),
            ahead=Decimal(31),
            ends=date(2026, 11, 15),
            ended=True,
        ),
        GoalLine(
            figure=figure("Demo", 7, 8, good=True),
            pace=Pace.OPEN,
            target=Decimal(20),
            present=Decimal(9),
            ahead=Decimal(18),
            ends=date(2026, 11, 30),
        ),
        GoalLine(figure=figure("Contact", 3, 4, good=True)),
    ),
    more=1,
)
COUNTRIES = Numbers(
    of="countries",
    figures=(
        replace(loud("de", 98, 790), dimension="country"),
        replace(figure("at", 33, 41), dimension="country"),
    ),
    unit="visitors",
    more=7,
    picture=Bars(
        title="Countries of shop",
        unit="visitors",
        now="these days",
        before="the days before",
        bars=(Bar(label="de", value=98.0, before=790.0), Bar(label="at", value=33.0, before=41.0)),
        dimension="country",
    ),
)
FUNNELS = FunnelList(
    funnels=(
        FunnelLine(
            figure=loud("Checkout", 0.02, 0.12, form=Form.SHARE, good=True),
            step=loud("Payment", 0.09, 0.81, form=Form.SHARE, good=True),
            picture=Funnel(
                title="Checkout",
                steps=(
                    Step(name="Cart", visitors=150, usual=320.0),
                    Step(name="Address", visitors=33, usual=47.0),
                    Step(name="Payment", visitors=3, usual=38.0),
                ),
            ),
        ),
        FunnelLine(
            figure=figure("Signup", 0.31, 0.30, form=Form.SHARE, good=True),
            picture=Funnel(
                title="Signup", steps=(Step(name="Form", visitors=90), Step(name="Sent", visitors=28))
            ),
        ),
    ),
)
ALERTS = AlertList(
    alerts=(
        AlertLine(rule="Visitors", severity=Severity.PAGE, site="shop", opened_at=at(11, 9)),
        AlertLine(
            rule="Broken links",
            severity=Severity.NOTICE,
            site="shop",
            opened_at=at(12, 9),
            resolved_at=at(12, 14),
        ),
    ),
    more=3,
)
MAINTENANCE = Maintenance(
    done=(
        ChangeLine(
            what="update filter office",
            why="dns:office.example.net has another address",
            site="shop",
            at=at(10, 3),
        ),
    ),
    proposed=(
        ChangeLine(
            what="create filter /wp-login.php", why="bounces only, no rhythm", site="shop", at=at(13, 3)
        ),
    ),
    more=1,
)
HELD = (
    HeldBack(reason=HeldFor.BUDGET, count=4, examples=("Big order", "Signups"), channel="sales"),
    HeldBack(reason="silenced", count=1, examples=("Orders",)),
    HeldBack(reason=HeldFor.QUIET_HOURS, count=2, examples=("Visitors",), channel="web", later=True),
)


def site(
    name: str, *sections: Section, failed: tuple[Failed, ...] = (), masked: int | None = None
) -> SiteReport:
    return SiteReport(site=name, span=WEEK, before=BEFORE, sections=sections, failed=failed, masked=masked)


def digest(*sites: SiteReport, **more: object) -> Digest:
    next_at = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    return Digest(name="Monday", span=WEEK, before=BEFORE, sites=sites, next_at=next_at, **more)  # type: ignore[arg-type]


RICH = digest(
    site("shop", DOWN, CHART, UNUSUAL, PAGES, REFERRERS, COUNTRIES, REVENUE, GOALS, FUNNELS, masked=88),
    alerts=ALERTS,
    maintenance=MAINTENANCE,
    held_back=HELD,
    late=timedelta(hours=3),
)
QUIET = digest(site("shop", CALM, CHART, PAGES), alerts=AlertList(alerts=()), maintenance=Maintenance())
FULL = digest(site("shop", CALM, CHART, PAGES, REVENUE), full=True)
NO_NUMBERS = Failed(sections=("summary", "chart", "pages"), why="Pirsch: it answered 503", site="docs")
SEVERAL = digest(
    site("shop", DOWN, CHART, REFERRERS),
    site("blog", CALM, PAGES),
    site("docs", failed=(NO_NUMBERS,)),
    failed=(Failed(sections=("maintenance",), why="the store did not answer"),),
)


def nasty(text: str, long: str) -> Digest:
    """Strangers' names wherever one can stand, and as much of everything as a digest can hold."""
    figures = tuple(loud(long, 10**12 + number, 3) for number in range(8))
    numbers = Numbers(of="pages", figures=(*figures, figure(text, 5)), more=10**6)
    step = Step(name=long, visitors=10**9, usual=1e12)
    passage = FunnelLine(
        figure=loud(text, 1, 0, form=Form.SHARE),
        step=loud(long, 0, 1, form=Form.SHARE),
        picture=Funnel(title=long, steps=(step,) * 30),
    )
    goal = GoalLine(
        figure=loud(long, 0, 5),
        pace=Pace.BEHIND,
        target=Decimal("1E+20"),
        present=Decimal("1E-9"),
        ahead=Decimal(0),
        ends=date(9999, 12, 31),
    )
    cause = Cause(
        dimension="utm campaign",
        drivers=(Driver(value=long, got=0, expected=1e9),) * 3,
        rest_usual=False,
    )
    explanation = Explanation(got=0, expected=1e9, causes=(cause,) * 3, doubt=Doubt.NO_SINGLE_SOURCE)
    unusual = Unusual(
        oddities=tuple(
            Oddity(what=what, day=date(1, 1, 1), dimension=text, figure=figures[0], explanation=explanation)
            for what in ("period", "day", "mix")
        ),
        more=9,
    )
    failed = tuple(Failed(sections=(text,), why=long, site=long) for _ in range(30))
    worst = site(
        long,
        DOWN,
        unusual,
        numbers,
        numbers,
        GoalList(goals=(goal,) * 13, more=7),
        FunnelList(funnels=(passage,) * 10, more=3),
        failed=failed,
        masked=10**9,
    )
    alert = AlertLine(rule=long, severity=Severity.PAGE, site=text, opened_at=MONDAY)
    change = ChangeLine(what=long, why=text, site=long, at=MONDAY)
    return digest(
        *(worst,) * 60,
        alerts=AlertList(alerts=(alert,) * 10, more=10**9),
        maintenance=Maintenance(done=(change,) * 10, proposed=(change,) * 10, more=4),
        held_back=(HeldBack(reason=long, count=10**9, examples=(long,) * 20),) * 20,
        failed=failed,
        late=timedelta(days=9_999),
        full=True,
    )
