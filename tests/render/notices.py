"""Notices of every kind: as they usually are, and as an attacker would like them to be."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.facts import (
    Absence,
    AlertState,
    Away,
    CarriedOut,
    ChannelTest,
    Content,
    DeliveriesLost,
    Drifted,
    DriftFound,
    Edited,
    EventHeard,
    EventsCollected,
    Example,
    Frequency,
    Line,
    LostEvents,
    Measured,
    Missed,
    Notice,
    PlanApplied,
    Planned,
    PlanProposed,
    Point,
    Reason,
    Severity,
    Spared,
    Standing,
    Trouble,
    Upkept,
)
from tests.render import digests

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


def _held(*notices: Notice) -> Spared:
    return Spared(count=len(notices) + 5, since_at=NOON - timedelta(hours=9), notices=notices)


def notice(
    content: Content,
    reason: Reason = Reason.TOLD,
    *,
    rule: str | None = None,
    site: str | None = "shop",
    severity: Severity = Severity.NOTICE,
    standing: Standing | None = None,
) -> Notice:
    return Notice(
        key=f"{site}/{rule}",
        content=content,
        at=NOON,
        reason=reason,
        rule=rule,
        site=site,
        severity=severity,
        standing=standing,
    )


def stands(state: AlertState, **more: Any) -> Standing:
    return Standing(alert="a1", state=state, opened_at=NOON - minutes(42), **more)


LOSSES = DeliveriesLost(
    day=date(2026, 11, 13),
    events=(
        LostEvents(name="purchase", sent=41, received=32, lost=9),
        LostEvents(name="signup", sent=12, received=11, lost=1),
    ),
    away=(Away(since_at=NOON - timedelta(days=1), until_at=NOON - timedelta(hours=21)),),
    unreadable=1,
)
SWITCHED_OFF = replace(LOSSES, events=LOSSES.events[:1], away=(), unreadable=0, switched_off=("purchase",))

PLAIN: dict[str, Notice] = {
    "event": notice(EVENT, rule="Big order"),
    "collected": notice(COLLECTED, Reason.COLLECTED, rule="Big order"),
    "frequency": notice(FREQUENCY, Reason.OPENED, rule="Broken links", severity=Severity.PAGE),
    "frequency-over": notice(OVER, Reason.RESOLVED, rule="Broken links", severity=Severity.PAGE),
    "absence": notice(ABSENCE, Reason.OPENED, rule="Orders dry up"),
    "absence-never": notice(NEVER, Reason.OPENED, rule="Signups dry up"),
    "absence-back": notice(BACK, Reason.RESOLVED, rule="Orders dry up"),
    "measured": notice(MEASURED, Reason.OPENED, rule="Fewer visitors", severity=Severity.PAGE),
    "measured-over": notice(MEASURED_OVER, Reason.RESOLVED, rule="Fewer visitors"),
    "measured-limit": notice(MEASURED_LIMIT, Reason.OPENED, rule="Bounces"),
    "plan": notice(PLAN),
    "plan-unsigned": notice(replace(PLAN, link=None, until_at=None, changes=PLAN.changes[:1], more=0)),
    "drift": notice(DRIFT),
    "drift-one": notice(DriftFound(things=DRIFT.things[:1])),
    "applied": notice(APPLIED),
    "applied-well": notice(replace(APPLIED, steps=APPLIED.steps[:1], more=3)),
    "digest": notice(digests.RICH, rule="Monday", severity=Severity.INFO),
    "digest-quiet": notice(digests.QUIET, rule="Monday", severity=Severity.INFO),
    "digest-full": notice(digests.FULL, rule="Monday", severity=Severity.INFO),
    "digest-several": notice(digests.SEVERAL, rule="Monday", severity=Severity.INFO, site=None),
    "upkept": notice(UPKEPT),
    "upkept-undone": notice(UNDONE),
    "losses": notice(LOSSES, site="shop"),
    "losses-switched-off": notice(SWITCHED_OFF, site="shop"),
    "trouble": notice(TROUBLE, Reason.OPENED, site=None),
    "test": notice(ChannelTest(asked_by="the command line"), site=None),
    "frequency-in-hand": notice(
        FREQUENCY,
        Reason.ACKNOWLEDGED,
        rule="Broken links",
        severity=Severity.PAGE,
        standing=stands(AlertState.ACKNOWLEDGED, by="Ada", inhibited=2),
    ),
    "frequency-resolved": notice(
        OVER,
        Reason.RESOLVED,
        rule="Broken links",
        severity=Severity.PAGE,
        standing=stands(AlertState.RESOLVED),
    ),
    "absence-open": notice(
        ABSENCE, Reason.REMINDED, rule="Orders dry up", standing=stands(AlertState.OPEN, told=3)
    ),
    "absence-quiet": notice(
        ABSENCE,
        Reason.SILENCED,
        rule="Orders dry up",
        standing=stands(AlertState.MUTED, why="silence “move of the shop”", until_at=NOON + minutes(90)),
    ),
    "absence-wavering": notice(
        ABSENCE, Reason.RECOVERING, rule="Orders dry up", standing=stands(AlertState.RECOVERING)
    ),
    "missed": notice(MISSED, site=None),
}
PLAIN = PLAIN | {
    "held": notice(
        _held(*(PLAIN[name] for name in ("event", "frequency-over", "absence", "collected"))), site=None
    )
}

_META = {
    "items": NASTY,
    "": "",
    "get": LONG,
    "<b>": "&amp;",
    **{f"key {n}": "<&>\"'" * 8 for n in range(60)},
}
_WORST = Example(name=LONG, received_at=NOON, meta=_META, value=Decimal("1E+999999"))

NASTIES: dict[str, Notice] = {
    "digest": notice(digests.nasty(NASTY, LONG), rule=LONG, severity=Severity.INFO, site=NASTY),
    "event": notice(EventHeard(event=_WORST), rule=LONG, site=NASTY),
    "upkept": notice(
        Upkept(what=LONG, why=LONG, good=False, changes=(LONG,) * 40, undo="pirsch-bot undo 118"), site=NASTY
    ),
    "collected": notice(
        EventsCollected(
            count=10**12,
            first_at=NOON,
            last_at=NOON,
            examples=(_WORST,) * 5,
            total=Decimal("NaN"),
            largest=Decimal("-0.00001234"),
            unreadable=2,
        ),
        Reason.COLLECTED,
        rule=LONG,
        site=NASTY,
    ),
    "frequency": notice(
        Frequency(
            state="firing",
            at_least=1,
            within=timedelta(days=400),
            count=10**9,
            total=10**15,
            since_at=NOON,
            examples=(_WORST,) * 5,
        ),
        Reason.OPENED,
        rule=None,
        site=NASTY,
    ),
    "absence": notice(
        Absence(
            state="firing",
            expected=LONG,
            none_within=timedelta(seconds=1),
            watched_since_at=NOON,
            last_at=NOON,
        ),
        Reason.OPENED,
        rule=LONG,
        site=NASTY,
    ),
    "measured": notice(
        Measured(
            state="firing",
            look=LONG,
            number=LONG,
            why="silent",
            value=float("inf"),
            since_at=NOON,
            unit="s",
            subject=NASTY,
            expected=1e300,
            low=float("nan"),
            high=-0.0,
            within=timedelta(0),
            rarity=LONG,
            link="javascript:alert('x')",
        ),
        Reason.OPENED,
        rule=LONG,
        site=NASTY,
    ),
    "plan": notice(
        PlanProposed(
            plan=LONG,
            title=LONG,
            changes=(
                Planned(
                    what=LONG,
                    fields=(Edited(name=LONG, before=LONG, after=NASTY),) * 30,
                    why=LONG,
                    warnings=(LONG,) * 9,
                    impact=LONG,
                    ruling=LONG,
                    risk="high",
                ),
            )
            * 10,
            more=10**9,
            refused=10**9,
            asked_by=LONG,
            evidence=(LONG,) * 20,
            until_at=NOON,
            link="javascript:alert('x')",
        ),
        site=NASTY,
    ),
    "drift": notice(
        DriftFound(
            things=(Drifted(what=LONG, fields=(Edited(name=LONG, before=None, after=LONG),) * 30, gone=True),)
            * 10,
            more=10**9,
        ),
        site=NASTY,
    ),
    "applied": notice(
        PlanApplied(
            plan=LONG,
            who=LONG,
            steps=(CarriedOut(what=LONG, good=False, outcome=LONG, answer=LONG),) * 10,
            more=10**9,
        ),
        site=NASTY,
    ),
    "losses": notice(
        DeliveriesLost(
            day=NOON.date(),
            events=(LostEvents(name=LONG, sent=10**12, received=0, lost=10**12),) * 60,
            away=(Away(since_at=NOON, until_at=NOON),) * 9,
            unreadable=10**9,
            switched_off=(NASTY,) * 30,
        ),
        site=NASTY,
    ),
    "trouble": notice(Trouble(what=LONG, why=LONG, remedy=LONG), Reason.RULE_RAISED, rule=NASTY),
    "test": notice(ChannelTest(asked_by=LONG)),
    "missed": notice(
        Missed(
            channel=LONG,
            why=LONG,
            since_at=NOON,
            until_at=NOON,
            elsewhere=10**12,
            lost=1,
            fallback=NASTY,
        ),
        site=NASTY,
        standing=stands(AlertState.MUTED, by=NASTY, why=LONG, until_at=NOON, inhibited=10**9),
    ),
}
NASTIES = NASTIES | {
    "held": notice(
        _held(*[NASTIES["event"], NASTIES["absence"], NASTIES["trouble"], NASTIES["missed"]] * 5), site=NASTY
    )
}
