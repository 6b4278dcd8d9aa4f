"""Notices of every kind: as they usually are, and as an attacker would like them to be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.facts import (
    Absence,
    CarriedOut,
    Cause,
    Doubt,
    Drifted,
    DriftFound,
    Driver,
    Edited,
    EventHeard,
    EventsCollected,
    Example,
    Explanation,
    Frequency,
    Line,
    Measured,
    Missed,
    PlanApplied,
    Planned,
    PlanProposed,
    Point,
    Silence,
    Suspect,
    Trouble,
    Upkept,
)

NOON = datetime(2026, 11, 14, 11, 0, tzinfo=UTC)

# Markup of both targets, mentions, links, quotes, line breaks, a text that turns round, controls, emoji.
NASTY = (
    "<script>alert('x')</script> <!channel> <@U0> <https://evil.example|shop> & \"quoted\" {{ notice }} "
    "*b* _i_ `c` @here https://evil.example\r\nBcc: all@example.com"
    "\n\nשלום \u202eevil\u202c \x00\x1b[31m\x1e\ud800 🎉 "
)
LONG = NASTY + "long " * 800


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def example(value: str | None = None, at: datetime = NOON, **meta: str) -> Example:
    return Example(
        name="purchase", received_at=at, meta=meta, value=None if value is None else Decimal(value)
    )


LAMP = example("249.00", amount="249.00", currency="USD", product="Lamp “Aurora”", items="2")
CHAIR = example("199.90", NOON - minutes(1), amount="199.90", currency="USD", product="Chair")
CUP = example("163.50", NOON - minutes(2), amount="163.50", currency="USD", product="Cups, set of 12")
LOST = Example(name="404 Page Not Found", received_at=NOON, meta={"path": "/old-catalogue"})

EVENT = EventHeard(event=LAMP, duration=timedelta(seconds=12))
COLLECTED = EventsCollected(
    count=3,
    first_at=NOON - minutes(2),
    last_at=NOON,
    examples=(LAMP, CHAIR, CUP),
    total=Decimal("612.40"),
    largest=Decimal("249.00"),
)
FREQUENCY = Frequency(
    state="firing",
    at_least=20,
    within=minutes(10),
    count=26,
    total=26,
    since_at=NOON - minutes(8),
    examples=(LOST,),
)
OVER = Frequency(
    state="resolved",
    at_least=20,
    within=minutes(10),
    count=3,
    total=118,
    since_at=NOON - minutes(42),
    ended_at=NOON,
)
ABSENCE = Absence(
    state="firing",
    expected="purchase",
    none_within=timedelta(hours=24),
    watched_since_at=NOON - timedelta(days=9),
    last_at=NOON - timedelta(hours=26),
)
NEVER = Absence(
    state="firing", expected="signup", none_within=timedelta(hours=6), watched_since_at=NOON - minutes(372)
)
BACK = Absence(
    state="resolved",
    expected="purchase",
    none_within=timedelta(hours=24),
    watched_since_at=NOON - timedelta(days=9),
    last_at=NOON - timedelta(hours=31),
    ended_at=NOON,
)
MEASURED = Measured(
    state="firing",
    look="visitors",
    number="visitors",
    why="unusually_low",
    value=12,
    since_at=NOON - timedelta(hours=1),
    side="down",
    expected=79.6,
    low=61,
    high=99,
    within=timedelta(hours=6),
    rarity="about once in 3 years",
    picture=Line(
        title="Visitors",
        unit="visitors",
        points=tuple(
            Point(at=NOON - timedelta(hours=hour), value=2, low=8, high=20, marked=hour < 6)
            for hour in range(12, 0, -1)
        ),
        hourly=True,
    ),
)
MEASURED_CAUSE = replace(
    MEASURED,
    explanation=Explanation(
        got=31,
        expected=62.4,
        causes=(
            Cause(
                dimension="referrer",
                drivers=(Driver(value="https://www.google.com", got=2, expected=31.2),),
                rest_usual=True,
            ),
        ),
        alike=("country", "browser"),
        suspect=Suspect.VISITORS,
    ),
)
MEASURED_SILENT = replace(
    MEASURED,
    value=0,
    explanation=Explanation(
        got=0,
        expected=62.4,
        alike=("referrer", "country"),
        doubt=Doubt.ALIKE,
        suspect=Suspect.ALONE,
        silence=Silence(
            since_at=NOON - timedelta(hours=6), last_page="/checkout", last_event_at=NOON - timedelta(hours=7)
        ),
    ),
)
MEASURED_OVER = Measured(
    state="resolved",
    look="visitors",
    number="visitors",
    why="usual",
    value=70,
    since_at=NOON - timedelta(hours=9),
    expected=79.6,
    within=timedelta(hours=6),
    ended_at=NOON,
    extreme=4,
    missing=103.4,
)
MEASURED_LIMIT = Measured(
    state="firing",
    look="bounce_rate",
    number="of the sessions bounced",
    why="over_the_limit",
    value=0.714,
    unit="%",
    since_at=NOON - timedelta(hours=1),
    side="up",
    limit=0.6,
    within=timedelta(days=1),
)
PLAN = PlanProposed(
    plan="3f9a01c28d11",
    title="Keep robots out",
    changes=(
        Planned(
            what='create filter "page /wp-login.php"',
            fields=(
                Edited(name="type", before=None, after="page"),
                Edited(name="filter", before=None, after="/wp-login.php"),
            ),
            why="manage.shop.filter[2]",
            warnings=("what it keeps out is not counted, also not later",),
            impact="would have removed at most 312 of 9,804 visitors (3.2%) in 30 days, 0 of 41 conversions",
            risk="high",
        ),
        Planned(
            what='update goal "Signup"',
            fields=(Edited(name="visitors", before="500", after="600"),),
            ruling="somebody else made it",
        ),
    ),
    more=1,
    refused=1,
    asked_by="the nightly look",
    evidence=("98% of its visitors leave at once.", "Nobody who saw it bought anything."),
    until_at=NOON + timedelta(days=7),
    link="https://bot.example.com/proposals/3f9a01c28d11",
)
DRIFT = DriftFound(
    things=(
        Drifted(what='goal "Signup"', fields=(Edited(name="visitors", before="500", after="50"),)),
        Drifted(what='webhook "purchase"', gone=True),
    ),
    more=2,
)
APPLIED = PlanApplied(
    plan="3f9a01c28d11",
    who="anna",
    steps=(
        CarriedOut(what='create goal "Signup"', good=True, outcome="done", answer="done, and read back"),
        CarriedOut(
            what='delete funnel "Old"',
            good=False,
            outcome="refused",
            answer="403 Forbidden; perhaps it is locked in the dashboard",
        ),
    ),
)
TROUBLE = Trouble(
    what="Slack takes no message for #sales",
    why="Slack refuses #sales: not_in_channel",
    remedy="In Slack, type /invite @pirsch in #sales.",
)
UPKEPT = Upkept(
    what="Two filters follow office.example.net",
    why="dns:office.example.net has another address since today.",
    changes=('create filter "ip 93.184.216.35"', 'delete filter "ip 93.184.216.34"'),
    undo="pirsch-bot undo 118",
)
UNDONE = Upkept(
    what="A filter was undone",
    why="Far fewer visitors than foretold: 12 since, 240 in the same hours a week before.",
    good=False,
    changes=('delete filter "page /blog*"',),
)

MISSED = Missed(
    channel="#sales",
    why="Slack refuses #sales: not_in_channel",
    since_at=NOON - timedelta(hours=5),
    until_at=NOON,
    elsewhere=3,
    lost=1,
    fallback="owner",
)
