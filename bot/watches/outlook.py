"""What a watch can see on its site, and what it never will: said before it is missed."""

from datetime import timedelta

from bot.detect import silence, unusual
from bot.detect.expected import Baseline
from bot.detect.hours import HOUR
from bot.detect.verdict import Side
from bot.watches.hourly import silence_rule, unusual_rule
from bot.watches.watch import Changed, Silent, Unusual, Watch

_DAY = timedelta(days=1)


def too_small(watch: Watch, baseline: Baseline) -> str | None:
    """Return why a site is too small for a watch, with the window that would do; None when it is not."""
    match watch.condition:
        case Silent(within=within) if within is not None:
            return _silence(watch, within, baseline)
        case Silent():
            seen = silence.outlook(baseline, silence_rule(Silent()).alpha)
            return None if seen.best is not None else _never(watch)
        case Unusual() as wanted if wanted.side is not Side.UP:
            return _outage(watch, wanted, baseline)
        case Changed() as wanted:
            return _change(watch, wanted, baseline)
    return None


def sees(watch: Watch, baseline: Baseline) -> str | None:
    """Return in a sentence how soon a watch notices that nobody comes; None when that is not its work."""
    if isinstance(watch.condition, Changed) or watch.condition is None:
        return None
    if not isinstance(watch.condition, Silent | Unusual):
        return None
    budget = watch.condition.budget
    seen = silence.outlook(baseline, silence_rule(Silent(budget=budget)).alpha)
    if seen.usual is None:
        return None
    return f"“{watch.name}” on {watch.site}: that nobody comes is news after {_hours(seen.usual)} as a rule."


def _silence(watch: Watch, within: timedelta, baseline: Baseline) -> str | None:
    wanted = watch.condition
    if not isinstance(wanted, Silent):
        return None
    seen = silence.outlook(baseline, silence_rule(wanted).alpha)
    if seen.best is None:
        return _never(watch)
    if seen.best <= within:
        return None
    return (
        f"“{watch.name}”: {_hours(within)} without anybody are no news on {watch.site}; "
        f"{_hours(seen.best)} are at the best hour, {_hours(seen.usual or seen.best)} as a rule."
    )


def _outage(watch: Watch, wanted: Unusual, baseline: Baseline) -> str | None:
    if unusual.sees_outages(unusual_rule(wanted, watch.hold), baseline):
        return None
    seen = silence.outlook(baseline, silence_rule(Silent(budget=wanted.budget)).alpha)
    if seen.usual is None:
        return _never(watch)
    return (
        f"“{watch.name}”: two days without anybody are no news on {watch.site}. "
        f"{_hours(seen.usual)} are: watch silence, which waits for as long as it takes."
    )


def _change(watch: Watch, wanted: Changed, baseline: Baseline) -> str | None:
    within = watch.within or _DAY
    a_day = sum(baseline.cells) * baseline.level / 7
    if a_day * (within / _DAY) >= wanted.least:
        return None
    if a_day <= 0:
        return _never(watch)
    days = -(-wanted.least // a_day)
    return (
        f"“{watch.name}”: {watch.site} has about {a_day:.0f} a day; fewer than {wanted.least} say nothing: "
        f'within = "{days:.0f}d" would do.'
    )


def _never(watch: Watch) -> str:
    return (
        f"“{watch.name}”: even two weeks without anybody would be no news on {watch.site}; "
        "no watch can see an outage there."
    )


def _hours(length: timedelta) -> str:
    return f"{length // HOUR} h"
