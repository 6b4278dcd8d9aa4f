"""Growth against the period before, with the vendor's oddities."""

from bot.sandbox.pirsch import period
from bot.sandbox.pirsch.selection import Grain
from bot.sandbox.pirsch.statistics.scope import Scope
from bot.sandbox.pirsch.statistics.series import stays
from bot.sandbox.pirsch.statistics.tally import Row


def growth(now: float, before: float) -> float:
    """Return (now - before) / before; nothing to nothing is 0, and anything from nothing exactly 1."""
    if before == 0:
        return 1.0 if now else 0.0
    return (now - before) / before


def rates(scope: Scope) -> Row:
    """Return all growth rates.

    `bounces_growth` is that of the bounce rate; `time_spent_growth` compares sums, so it follows the traffic;
    `cr_growth` and those of the metric are 0 unless events are filtered.
    """
    earlier = scope.during(period.before(scope.period, scope.now))
    now, then = scope.tally(), earlier.tally()
    of_events = scope.selection.grain is Grain.EVENTS
    share_now = len(now.visitors) / (scope.everybody() or 1) if of_events else 0.0
    share_then = len(then.visitors) / (earlier.everybody() or 1) if of_events else 0.0
    return {
        "visitors_growth": growth(len(now.visitors), len(then.visitors)),
        "views_growth": growth(now.views, then.views),
        "sessions_growth": growth(now.sessions, then.sessions),
        "bounces_growth": growth(now.bounce_rate, then.bounce_rate),
        "time_spent_growth": growth(_seconds(scope), _seconds(earlier)),
        "cr_growth": growth(share_now, share_then),
        "custom_metric_avg_growth": growth(now.metric_average, then.metric_average),
        "custom_metric_total_growth": growth(now.amounts, then.amounts),
    }


def overview(scope: Scope) -> Row:
    """Return visitors and views with their growth."""
    earlier = scope.during(period.before(scope.period, scope.now)).tally()
    tally = scope.tally()
    return {
        "visitors": len(tally.visitors),
        "views": tally.views,
        "visitors_growth": growth(len(tally.visitors), len(earlier.visitors)),
        "views_growth": growth(tally.views, earlier.views),
    }


def _seconds(scope: Scope) -> int:
    match scope.selection.grain:
        case Grain.EVENTS:
            return sum(event.duration for found in scope.matches() for event in found.events)
        case Grain.VIEWS:
            return sum(seconds for found in scope.matches() for _, _, seconds in stays(found))
        case _:
            return sum(found.session.seconds for found in scope.matches())
