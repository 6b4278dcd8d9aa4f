"""Judges kept hours by whatever condition the owner wrote."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.detect import change, silence, threshold, unusual
from bot.detect.change import Change, Total
from bot.detect.expected import Baseline
from bot.detect.hours import HOUR, Hours
from bot.detect.silence import Silence
from bot.detect.spell import Pace, Spell
from bot.detect.threshold import Threshold
from bot.detect.verdict import Judged, Verdict
from bot.sources.source import EVERYTHING, Where
from bot.watches.look import Kept
from bot.watches.occasions import quieter
from bot.watches.opinion import Opinion, Stretch
from bot.watches.watch import Beyond, Changed, Silent, Unusual, Watch

LONGEST = timedelta(days=7)
KEPT_DAYS = 15
"""Days of hours that are looked at: the longest silence, and a week twice."""

_DAY = timedelta(days=1)
_CALM, _QUIET = 2 * HOUR, 6 * HOUR
_RATIO, _LEAST = 1.5, 8
_SILENT_ALPHA, _ALARMS_AT, _POWER = 5e-5, 0.2, 0.6
"""A silence of this chance is news where 0.2 false alarms a month are allowed; more of them: as `unusual`."""


def opinion(
    watch: Watch, kept: Kept, hours: Hours, spell: Spell, number: str, where: tuple[Where, ...] = EVERYTHING
) -> Opinion:
    """Judge the hours up to the last one, which is complete."""
    judged = judge(watch, kept, hours, spell)
    over = stretch(judged.verdict)
    against: Stretch | None = None
    if over is not None and isinstance(watch.condition, Unusual):
        over = kept.calendar.since(over, kept.zone)
    elif over is not None and isinstance(watch.condition, Changed):
        since_at, until_at = (_a_week_before(at, kept.zone) for at in (over.since_at, over.until_at))
        against = Stretch(since_at=since_at, until_at=until_at)
    return Opinion(
        judged=judged,
        number=number,
        over=over,
        against=against,
        where=where,
        missing=missing(judged.spell if judged.spell.open else spell, hours, kept.baseline),
    )


def judge(watch: Watch, kept: Kept, hours: Hours, spell: Spell) -> Judged:
    """Return the verdict of the detector that the condition asks for."""
    baseline = kept.baseline
    match watch.condition:
        case Unusual() as wanted:
            together = kept.calendar.compared(hours)
            return unusual.look(unusual_rule(wanted, watch.hold), together, baseline, spell)
        case Silent() as wanted:
            today = kept.calendar.on((hours.end_at - HOUR).astimezone(kept.zone).date())
            usual = quieter(baseline, today)
            return silence.look(silence_rule(wanted, watch.hold), hours, usual, spell)
        case Beyond() as wanted:
            rule = threshold_rule(wanted, watch.hold)
            return threshold.look(rule, counted(hours, watch.within or HOUR), hours.end_at, spell)
        case Changed() as wanted:
            return _against_last_week(watch, wanted, hours, baseline, spell)
        case None:
            raise ValueError(f"watch {watch.name} has no condition; the settings were not checked")


def unusual_rule(wanted: Unusual, hold: timedelta) -> unusual.Unusual:
    """Return the detector's rule for `unusual`."""
    return unusual.Unusual(
        budget=wanted.budget,
        side=wanted.side,
        ratio=_RATIO if wanted.ratio is None else wanted.ratio,
        least_difference=_LEAST if wanted.least is None else wanted.least,
        pace=Pace(hold=hold, calm=_CALM, quiet=_QUIET),
    )


def silence_rule(wanted: Silent, hold: timedelta = timedelta(0)) -> Silence:
    """Return the detector's rule for `silent_for`."""
    alpha = _SILENT_ALPHA * (wanted.budget.per_month / _ALARMS_AT) ** (1 / _POWER)
    return Silence(alpha=min(alpha, 0.01), within=wanted.within, pace=Pace(hold=hold))


def threshold_rule(wanted: Beyond, hold: timedelta) -> Threshold:
    """Return the detector's rule for `above` and `below`."""
    return Threshold(side=wanted.side, limit=wanted.limit, recovery=wanted.recovery, pace=Pace(hold=hold))


def change_rule(wanted: Changed, hold: timedelta) -> Change:
    """Return the detector's rule for `change`."""
    return Change(share=wanted.share, side=wanted.side, least_count=wanted.least, pace=Pace(hold=hold))


def counted(hours: Hours, within: timedelta) -> int | None:
    """Return the sum of the last hours; None when one of them is not known."""
    wanted = within // HOUR
    counts = hours.last(wanted).counts
    return None if len(counts) < wanted or None in counts else _sum(counts)


def stretch(verdict: Verdict) -> Stretch | None:
    """Return in which hours the evidence of a verdict was counted."""
    evidence = verdict.evidence
    if evidence is None or not evidence.window:
        return None
    return Stretch(since_at=verdict.as_of_at - evidence.window, until_at=verdict.as_of_at)


def missing(spell: Spell, hours: Hours, baseline: Baseline | None) -> float | None:
    """Return how many fewer came than expected since trouble began; less than zero: how many more.

    The window that first saw it began earlier: the hour before `since_at` is where the count begins.
    """
    if baseline is None or spell.since_at is None:
        return None
    first = max(0, (spell.since_at - hours.first_at) // HOUR - 1)
    since = hours.last(len(hours.counts) - first)
    pairs = zip(since.counts, baseline.expectations(since), strict=True)
    return sum(mean - count for count, mean in pairs if count is not None)


def mistakes(watch: Watch) -> list[tuple[str, str]]:
    """Return what is wrong with the lengths of an hourly watch."""
    found = []
    if watch.within is not None:
        if not isinstance(watch.condition, Beyond | Changed):
            found.append(("within", "only above, below and change count within a time; leave it out"))
        elif not _whole_hours(watch.within) or watch.within > LONGEST:
            found.append(("within", "whole hours are needed, from 1h to 7d"))
    if isinstance(watch.condition, Silent) and (within := watch.condition.within) is not None:
        longest = silence.LONGEST * HOUR
        if not _whole_hours(within) or within > longest:
            found.append(("silent_for", "whole hours are needed, from 1h to 14d"))
    return found


def _against_last_week(
    watch: Watch, wanted: Changed, hours: Hours, baseline: Baseline | None, spell: Spell
) -> Judged:
    """Compare with the same hours on the wall a week before."""
    within = watch.within or _DAY
    a_week_before = hours.until(_a_week_before(hours.end_at, hours.zone))
    now, before = counted(hours, within), counted(a_week_before, within)
    spread = baseline.spread(within // HOUR) if baseline is not None else 0.0
    return change.look(
        change_rule(wanted, watch.hold),
        None if now is None else Total(count=now, within=within),
        None if before is None else Total(count=before, within=within),
        hours.end_at,
        spell,
        spread,
    )


def _a_week_before(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant a week before, as the wall clock tells it."""
    return (at.astimezone(zone) - timedelta(days=7)).astimezone(UTC)


def _whole_hours(length: timedelta) -> bool:
    return length >= HOUR and not length % HOUR


def _sum(counts: Sequence[int | None]) -> int:
    return sum(count for count in counts if count is not None)
