"""Notices of every kind as an attacker would like them to be."""

from datetime import timedelta
from decimal import Decimal

from bot.facts import (
    Absence,
    AlertState,
    Away,
    CarriedOut,
    Cause,
    ChannelTest,
    DeliveriesLost,
    Doubt,
    Drifted,
    DriftFound,
    Driver,
    Edited,
    EventHeard,
    EventsCollected,
    Explanation,
    Frequency,
    LostEvents,
    Measured,
    Missed,
    Moment,
    Notice,
    PlanApplied,
    Planned,
    PlanProposed,
    Reason,
    Severity,
    Silence,
    Suspect,
    Trouble,
    Upkept,
)
from bot.specimens import digests
from bot.specimens.contents import LONG, NASTY, NOON
from bot.specimens.ordinary import WORST, held, notice, stands

NASTIES: dict[str, Notice] = {
    "digest": notice(digests.nasty(NASTY, LONG), rule=LONG, severity=Severity.INFO, site=NASTY),
    "event": notice(EventHeard(event=WORST), rule=LONG, site=NASTY),
    "upkept": notice(
        Upkept(what=LONG, why=LONG, good=False, changes=(LONG,) * 40, undo="pirsch-bot undo 118"), site=NASTY
    ),
    "collected": notice(
        EventsCollected(
            count=10**12,
            first_at=NOON,
            last_at=NOON,
            examples=(WORST,) * 5,
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
            examples=(WORST,) * 5,
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
            explanation=Explanation(
                got=0,
                expected=1e300,
                causes=(
                    Cause(
                        dimension=NASTY,
                        drivers=(Driver(value=LONG, got=10**12, expected=1e-9),) * 3,
                        rest_usual=True,
                    ),
                )
                * 3,
                alike=(NASTY,) * 8,
                doubt=Doubt.PARTLY,
                suspect=Suspect.EVENTS_ONLY,
                silence=Silence(since_at=NOON, last_page=LONG, last_event_at=NOON),
            ),
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
    "trouble": notice(
        Trouble(what=LONG, why=LONG, remedy=LONG, moments=(Moment(what=NASTY, at=NOON),) * 9),
        Reason.RULE_RAISED,
        rule=NASTY,
    ),
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
        held(*[NASTIES["event"], NASTIES["absence"], NASTIES["trouble"], NASTIES["missed"]] * 5), site=NASTY
    )
}
