"""What "auto" means now for the thresholds of a site: asked of its numbers once a day, and kept."""

from collections.abc import Callable
from datetime import timedelta

from bot.jobs import Ran, Turn
from bot.manage.change import KindName
from bot.manage.wishes import AUTO
from bot.sources.errors import SourceError
from bot.sources.history import history
from bot.sources.periods import completed
from bot.sources.source import Source
from bot.upkeep import additions, thresholds
from bot.upkeep.additions import Addition, AdditionKind
from bot.upkeep.tending import Tender
from bot.upkeep.thresholds import Advice, Present

DAYS = 56
STAY = timedelta(minutes=15)
"""Pirsch counts a visitor as active for ten minutes after the last page, unless the dashboard says otherwise;
a visit of five minutes before that is more than most sites have."""

Numbers = Callable[[], Source]


def advise(tender: Tender, numbers: Numbers, turn: Turn) -> Ran:
    """Form an opinion on each threshold that the file leaves to us, and keep it when it changed."""
    said = []
    try:
        if tender.file.spike_threshold == AUTO:
            peaks = thresholds.daily_peaks(history(numbers(), weeks=DAYS // 7).buckets)
            present = _present(tender, KindName.SPIKE_THRESHOLD)
            said.append(
                _keep(
                    tender, KindName.SPIKE_THRESHOLD, thresholds.spike(peaks, STAY, present, turn.now), turn
                )
            )
        if tender.file.warning_days == AUTO:
            source = numbers()
            rows = source.days(completed(source.today(), DAYS)).completed().buckets
            visitors = [one.traffic.visitors for one in rows]
            began = next((place for place, count in enumerate(visitors) if count), len(visitors))
            present = _present(tender, KindName.WARNING_DAYS)
            advice = thresholds.silence(visitors[began:], present, turn.now)
            said.append(_keep(tender, KindName.WARNING_DAYS, advice, turn))
    except SourceError as error:
        return Ran(said=f"Put off: {error}", failed=True)
    return Ran(said=" ".join(said) or "The file leaves no threshold to us.")


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
