"""What "auto" means now for the thresholds of a site: asked of its numbers once a day, and kept."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.jobs import Ran, Turn
from bot.manage.change import KindName
from bot.manage.wishes import AUTO
from bot.pirsch.errors import PirschError
from bot.sources.errors import SourceError
from bot.sources.history import history
from bot.sources.periods import completed
from bot.sources.source import Source
from bot.upkeep import additions, thresholds
from bot.upkeep.additions import Addition, AdditionKind
from bot.upkeep.tending import Tender
from bot.upkeep.thresholds import Advice, Present

DAYS = 56
VISIT = timedelta(minutes=5)
"""From the first page to the last: more than most sites have."""

USUAL_WINDOW = timedelta(minutes=10)
"""How long Pirsch counts a visitor as active after the last page where a dashboard does not say."""

Numbers = Callable[[], Source]
Window = Callable[[], timedelta | None]
"""Says how long the dashboard counts a visitor as active; None when it does not tell. Raises SourceError."""


def advise(tender: Tender, numbers: Numbers, window: Window, turn: Turn) -> Ran:
    """Form an opinion on each threshold that the file leaves to us, and keep it when it changed."""
    said = []
    try:
        if tender.file.spike_threshold == AUTO:
            peaks = thresholds.daily_peaks(history(numbers(), weeks=DAYS // 7).buckets)
            present = _present(tender, KindName.SPIKE_THRESHOLD)
            advice = spike(peaks, window(), present, turn.now)
            said.append(_keep(tender, KindName.SPIKE_THRESHOLD, advice, turn))
        if tender.file.warning_days == AUTO:
            source = numbers()
            rows = source.days(completed(source.today(), DAYS)).completed().buckets
            visitors = [one.traffic.visitors for one in rows]
            began = next((place for place, count in enumerate(visitors) if count), len(visitors))
            present = _present(tender, KindName.WARNING_DAYS)
            advice = thresholds.silence(visitors[began:], present, turn.now)
            said.append(_keep(tender, KindName.WARNING_DAYS, advice, turn))
    except (SourceError, PirschError) as error:
        return Ran(said=f"Put off: {error}", failed=True)
    return Ran(said=" ".join(said) or "The file leaves no threshold to us.")


def spike(peaks: Sequence[int], window: timedelta | None, present: Present | None, now: datetime) -> Advice:
    """Advise on the spike threshold, and say on which window of active visitors that rests."""
    advice = thresholds.spike(peaks, VISIT + (window or USUAL_WINDOW), present, now)
    whence = "assumed: the dashboard does not tell" if window is None else "as the dashboard says"
    minutes = (window or USUAL_WINDOW).total_seconds() / 60
    return replace(advice, why=f"{advice.why} ({minutes:.0f} of them after the last page, {whence})")


def _present(tender: Tender, kind: KindName) -> Present | None:
    found = [one for one in tender.standing() if one.kind is AdditionKind.ADVICE and one.key == kind]
    if not found or found[-1].made_at is None:
        return None
    return Present(value=int(str(found[-1].fields["value"])), set_at=found[-1].made_at)


def _keep(tender: Tender, kind: KindName, advice: Advice, turn: Turn) -> str:
    words = f"{kind.replace('_', ' ')} {advice.value}: {advice.reason}."
    if not advice.reason.writes or advice.value is None:
        return words
    one = Addition(
        site=tender.site,
        kind=AdditionKind.ADVICE,
        key=kind,
        why=advice.why,
        by="auto",
        fields={"value": advice.value},
    )
    with turn.transaction() as tx:
        additions.add(tx, one, turn.now)
    return words
