"""What the store knows of a period: its alerts, what was changed in the account, what was kept quiet."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import alerts
from bot.alerts.quiet import kept_quiet
from bot.db import Tx
from bot.digests.outline import Outline, Part
from bot.facts import (
    AlertLine,
    AlertList,
    ChangeLine,
    HeldBack,
    Maintenance,
    Notice,
    Reason,
    Severity,
)
from bot.manage import ledger
from bot.manage.change import Outcome

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
    tx: Tx, outline: Outline, since: datetime, until: datetime, proposals: Proposals | None = None
) -> Records:
    """Read what a digest asks for."""
    parts, sites = set(outline.parts), outline.sites
    proposed = proposals(tx) if proposals is not None and Part.MAINTENANCE in parts else ()
    return Records(
        alerts=stood(tx, sites, since, until) if Part.ALERTS in parts else None,
        maintenance=maintenance(tx, sites, since, until, proposed) if Part.MAINTENANCE in parts else None,
        held_back=held_back(tx, sites, since, until) if Part.SUPPRESSED in parts else None,
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


def held_back(tx: Tx, sites: Collection[str], since: datetime, until: datetime) -> tuple[HeldBack, ...]:
    """Return what people did not hear of, by reason."""
    return tuple(
        HeldBack(reason=WHY[one.reason], count=len(one.names), examples=one.names[:MOST_EXAMPLES])
        for one in kept_quiet(tx, sites, since, until)
    )


def over_budget(notices: Sequence[Notice]) -> HeldBack:
    """Return what a channel was spared because it had had its messages of the day."""
    names = dict.fromkeys(one.rule or one.site or one.kind for one in notices)
    return HeldBack(
        reason="over the channel's messages of a day",
        count=len(notices),
        examples=tuple(names)[:MOST_EXAMPLES],
    )


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
