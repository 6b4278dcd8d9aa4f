"""An opinion as people are told it."""

from typing import Literal

from bot.detect.chance import in_words
from bot.detect.spell import State
from bot.detect.verdict import Evidence, Judged
from bot.facts import Line, Measured
from bot.watches.memory import Memory
from bot.watches.opinion import Opinion
from bot.watches.watch import Watch

_NOTHING = Evidence(value=0)


def measured(
    watch: Watch,
    opinion: Opinion,
    before: Memory,
    after: Memory,
    picture: Line | None = None,
) -> Measured:
    """Return what is to be told of an opinion, given what was remembered before it and after it."""
    verdict = opinion.judged.verdict
    evidence, state = verdict.evidence or _NOTHING, _state(opinion.judged)
    known = after if state == "firing" else before
    explanation = known.explanations.get(opinion.subject)
    since_at = known.spell(opinion.subject).since_at or verdict.as_of_at
    return Measured(
        state=state,
        look=watch.look,
        number=opinion.number,
        why=verdict.why.value,
        value=evidence.value,
        since_at=since_at,
        unit=opinion.unit,
        side=None if verdict.side is None else verdict.side.value,
        subject=opinion.subject or evidence.subject,
        expected=evidence.expected,
        low=evidence.plausible_low,
        high=evidence.plausible_high,
        limit=evidence.limit,
        within=evidence.window,
        rarity=None if evidence.once_in is None else in_words(evidence.once_in),
        ended_at=verdict.as_of_at if state == "resolved" else None,
        extreme=known.extremes.get(opinion.subject),
        missing=opinion.missing,
        explanation=explanation,
        link=None if explanation is None else explanation.link,
        picture=picture,
    )


def _state(judged: Judged) -> Literal["firing", "resolved"]:
    begun = judged.verdict.holds or judged.verdict.state is State.PENDING
    return "firing" if begun else "resolved"
