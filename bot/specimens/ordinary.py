"""Notices of every kind as they usually are."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bot.facts import (
    AlertState,
    Away,
    ChannelTest,
    Content,
    DeliveriesLost,
    DriftFound,
    Example,
    LostEvents,
    Notice,
    Reason,
    Severity,
    Spared,
    Standing,
)
from bot.specimens import digests
from bot.specimens.contents import (
    ABSENCE,
    APPLIED,
    BACK,
    COLLECTED,
    DRIFT,
    EVENT,
    FREQUENCY,
    LONG,
    MEASURED,
    MEASURED_CAUSE,
    MEASURED_LIMIT,
    MEASURED_OVER,
    MEASURED_SILENT,
    MISSED,
    NASTY,
    NEVER,
    NOON,
    OVER,
    PLAN,
    TROUBLE,
    UNDONE,
    UPKEPT,
    minutes,
)


def held(*notices: Notice) -> Spared:
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
    "measured-cause": notice(MEASURED_CAUSE, Reason.OPENED, rule="Fewer visitors"),
    "measured-silent": notice(MEASURED_SILENT, Reason.OPENED, rule="Silence", severity=Severity.PAGE),
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
        held(*(PLAIN[name] for name in ("event", "frequency-over", "absence", "collected"))), site=None
    )
}

_META = {
    "items": NASTY,
    "": "",
    "get": LONG,
    "<b>": "&amp;",
    **{f"key {n}": "<&>\"'" * 8 for n in range(60)},
}
WORST = Example(name=LONG, received_at=NOON, meta=_META, value=Decimal("1E+999999"))
