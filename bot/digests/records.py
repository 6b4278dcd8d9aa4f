"""What the store knows of a period: its alerts, what was changed in the account, what was kept quiet."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import alerts, outbox
from bot.alerts.quiet import kept_quiet
from bot.db import Tx
from bot.digests.outline import Outline, Part
from bot.facts import (
    AlertLine,
    AlertList,
    ChangeLine,
    HeldBack,
    HeldFor,
    Maintenance,
    Reason,
    Severity,
)
from bot.manage import ledger
from bot.manage.outcome import Outcome

TOMORROW = timedelta(days=1, hours=12)
"""What a channel is spared for longer waits for a digest; everything else is told by then."""

MOST = 10
MOST_EXAMPLES = 5

Proposals = Callable[[Tx], Sequence[ChangeLine]]
"""Gives what waits for a yes now."""

WHY: Mapping[Reason, str] = {
    Reason.SILENCED: "silenced",
    Reason.INHIBITED: "explained by another alert",
    Reason.MUTED: "muted by somebody",
    Reason.FLAPPED: "began and ended too often",
    Reason.ENDED_QUIETLY: "over before its silence was",
}
_WROTE = frozenset(one for one in Outcome if one.wrote)
_LOUDEST_FIRST = (Severity.PAGE, Severity.NOTICE, Severity.INFO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What was asked for of it; None where it was not."""

    alerts: AlertList | None = None
    maintenance: Maintenance | None = None
    held_back: tuple[HeldBack, ...] | None = None


def read(
    tx: Tx,
    outline: Outline,
    since: datetime,
    until: datetime,
    now: datetime,
    proposals: Proposals | None = None,
) -> Records:
    """Read what a digest asks for."""
    parts, sites = set(outline.parts), outline.sites
    proposed = proposals(tx) if proposals is not None and Part.MAINTENANCE in parts else ()
    return Records(
        alerts=stood(tx, sites, since, until) if Part.ALERTS in parts else None,
        maintenance=maintenance(tx, sites, since, until, proposed) if Part.MAINTENANCE in parts else None,
        held_back=held_back(tx, sites, since, until, now) if Part.SUPPRESSED in parts else None,
    )


def stood(tx: Tx, sites: Collection[str], since: datetime, until: datetime) -> AlertList:
    """Return the alerts that people heard of and that held in a stretch of time; what holds comes first."""
    found = [
        AlertLine(
            rule=one.rule or one.key,
            severity=one.severity,
            site=one.site,
            opened_at=one.opened_at,
            resolved_at=one.resolved_at if one.resolved_at is not None and one.resolved_at < until else None,
        )
        for one in alerts.within(tx, since, until)
        if one.site is None or one.site in sites
    ]
    found.sort(key=lambda one: (one.resolved_at is not None, _LOUDEST_FIRST.index(one.severity)))
    return AlertList(alerts=tuple(found[:MOST]), more=max(0, len(found) - MOST))


def held_back(
    tx: Tx, sites: Collection[str], since: datetime, until: datetime, now: datetime
) -> tuple[HeldBack, ...]:
    """Return what people did not hear of, by reason, then what they heard of later, by channel."""
    unheard = (
        HeldBack(reason=WHY[one.reason], count=len(one.names), examples=_few(one.names))
        for one in kept_quiet(tx, sites, since, until)
    )
    late = (
        HeldBack(
            reason=one.reason,
            count=len(one.names),
            examples=_few(one.names),
            channel=one.channel,
            later=True,
        )
        for one in outbox.spared(tx, sites, since, until, now + TOMORROW)
    )
    return (*unheard, *late)


def over_budget(held: Sequence[outbox.Held], channel: str) -> HeldBack:
    """Return what a channel was spared and hears of in this digest only."""
    names = [outbox.called(one.notice) for one in held]
    return HeldBack(reason=HeldFor.BUDGET, count=len(held), examples=_few(names), channel=channel)


def _few(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))[:MOST_EXAMPLES]


def maintenance(
    tx: Tx,
    sites: Collection[str],
    since: datetime,
    until: datetime,
    proposed: Sequence[ChangeLine] = (),
) -> Maintenance:
    """Return what was changed in the account, the latest first, and what waits for a yes."""
    done = [
        ChangeLine(what=f"{row.verb} {row.kind} {row.key}", why=row.why, site=row.site, at=row.at)
        for row in ledger.entries(tx, since=since)
        if row.site in sites and row.at < until and row.outcome in _WROTE
    ]
    waiting = [one for one in proposed if one.site in sites]
    told = (done[:MOST], waiting[:MOST])
    more = len(done) + len(waiting) - sum(map(len, told))
    return Maintenance(done=tuple(told[0]), proposed=tuple(told[1]), more=more)
