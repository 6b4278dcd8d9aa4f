"""What is behind the silence of a site, as one trouble: while it lasts, what is missing is kept quiet."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot import verdicts
from bot.db import Tx
from bot.explain.telling import recording, recording_again, tracker, tracking_again
from bot.facts import Explanation, Suspect, Vendor
from bot.pipeline.step import Judges, Step
from bot.troubles import TRACKER, recording_key
from bot.verdicts import Stand
from bot.watches.memory import Memory
from bot.watches.watch import Watch

OF_THE_SITE = frozenset({Suspect.TRACKER, Suspect.EVENTS_ONLY})
TOLD_AS_ONE = OF_THE_SITE | {Suspect.RECORDING}

Remembered = Mapping[tuple[str, str], Memory]
"""What watches remember, by their name and site."""


def note_suspects(step: Step, watches: Sequence[Watch], after: Remembered) -> None:
    """Tell of a dead tracker, or of a vendor that records nothing, and of the end of it.

    It is over when the last watch that suspects it is. People of the watches hear of their site, the owner of
    the vendor.
    """
    stands = verdicts.suspecting(step.tx, lock=True)  # two that end it at once must not miss each other
    known = _remembered(stands)
    before, now = _suspected(known), _suspected({**known, **after})
    if not before and not now:
        return
    for site in sorted({watch.site for watch in watches}):
        _note_tracker(step, site, _of_site(before, site), _of_site(now, site), _whom(watches, site))
    whom = {name for watch in watches for name in watch.notify}
    for vendor in sorted({step.judges.vendor(watch.site) for watch in watches}):
        _note_recording(step, vendor, before, now, whom)


def suspected_keys(tx: Tx, judges: Judges) -> frozenset[str]:
    """Return which of these troubles some watch still suspects: the others nobody will ever end."""
    found = _suspected(_remembered(verdicts.suspecting(tx)))
    keys = {f"{TRACKER}{site}" for (_, site), said in found.items() if said.suspect in OF_THE_SITE}
    silent = {site for (_, site), said in found.items() if said.suspect is Suspect.RECORDING}
    return frozenset(keys | {recording_key(judges.vendor(site)) for site in silent})


def suspicion(memory: Memory) -> Explanation | None:
    """Return what a watch said of its own open trouble, if that is told as one trouble with others."""
    said = memory.explanations.get("")
    if said is None or said.suspect not in TOLD_AS_ONE or not memory.spell().open:
        return None
    return said


def _remembered(stands: Mapping[tuple[str, str], Stand]) -> Remembered:
    return {place: Memory.from_json(stand.memory) for place, stand in stands.items()}


def _suspected(remembered: Remembered) -> dict[tuple[str, str], Explanation]:
    found = {place: suspicion(memory) for place, memory in remembered.items()}
    return {place: said for place, said in found.items() if said is not None}


def _of_site(found: Mapping[tuple[str, str], Explanation], site: str) -> list[Explanation]:
    return [said for (_, of), said in found.items() if of == site and said.suspect in OF_THE_SITE]


def _whom(watches: Iterable[Watch], site: str) -> set[str]:
    return {name for watch in watches if watch.site == site for name in watch.notify}


def _note_tracker(
    step: Step, site: str, before: Sequence[Explanation], now: Sequence[Explanation], whom: set[str]
) -> None:
    if now:
        step.note(tracker(site, now[0], step.now), sorted(whom))
    elif before:
        step.note(tracking_again(site, step.now), sorted(whom))


def _note_recording(
    step: Step,
    vendor: Vendor,
    before: Mapping[tuple[str, str], Explanation],
    now: Mapping[tuple[str, str], Explanation],
    whom: set[str],
) -> None:
    channels = sorted(whom) if step.judges.told is None else [step.judges.told]
    silent, were = _silent(step, vendor, now), _silent(step, vendor, before)
    if silent:
        step.note(recording(vendor, sorted(silent), _since(silent.values()), step.now), channels)
    elif were:
        step.note(recording_again(vendor, step.now), channels)


def _silent(
    step: Step, vendor: Vendor, found: Mapping[tuple[str, str], Explanation]
) -> dict[str, Explanation]:
    return {
        site: said
        for (_, site), said in found.items()
        if said.suspect is Suspect.RECORDING and step.judges.vendor(site) is vendor
    }


def _since(found: Iterable[Explanation]) -> datetime | None:
    return min((said.silence.since_at for said in found if said.silence is not None), default=None)
