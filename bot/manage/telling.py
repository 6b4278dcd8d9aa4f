"""Plans, drift and outcomes as facts: what a message, a page and the command line tell of them (pure)."""

from collections.abc import Mapping, Sequence

from bot.facts import CarriedOut, Drifted, DriftFound, Edited, PlanApplied, Planned, PlanProposed
from bot.facts.managed import MOST_CHANGES
from bot.manage.change import Actor, Fields, Plan
from bot.manage.drift import Drift
from bot.manage.outcome import Ruling, Step, Verdict

LONGEST = 300


def planned(ruling: Ruling) -> Planned:
    """Return a change with the guard's word on it."""
    change = ruling.change
    silent = ruling.verdict in (Verdict.ALLOWED, Verdict.ASK)
    return Planned(
        what=change.title,
        fields=edited(change.before, change.after, change.fields),
        why=change.why,
        warnings=change.warnings,
        impact=None if ruling.impact is None else str(ruling.impact),
        ruling="" if silent else ruling.why,
        risk=change.risk.value,
    )


def proposed(
    plan: Plan,
    rulings: Sequence[Ruling],
    *,
    title: str = "Plan",
    asked_by: str = "",
    evidence: tuple[str, ...] = (),
) -> PlanProposed:
    """Return a plan as a message tells it. Who sends it adds until when it is good, and its link."""
    shown = rulings[:MOST_CHANGES]
    refused = [one for one in rulings if not (one.verdict is Verdict.ALLOWED or one.verdict.askable)]
    return PlanProposed(
        plan=plan.id,
        title=title,
        changes=tuple(planned(one) for one in shown),
        more=len(rulings) - len(shown),
        refused=len(refused),
        asked_by=asked_by,
        evidence=evidence,
    )


def applied(plan: Plan, actor: Actor, words: Sequence[Step | Ruling]) -> PlanApplied:
    """Return what became of a plan."""
    shown = words[:MOST_CHANGES]
    return PlanApplied(
        plan=plan.id,
        who=actor.who,
        steps=tuple(carried_out(one) for one in shown),
        more=len(words) - len(shown),
    )


def carried_out(word: Step | Ruling) -> CarriedOut:
    """Return what became of one change: an outcome, or the guard's no."""
    if isinstance(word, Ruling):
        outcome, good, answer = word.verdict.value, False, word.why
    else:
        outcome, good, answer = word.outcome.value, word.outcome.good, word.answer
    return CarriedOut(what=word.change.title, good=good, outcome=outcome.replace("_", " "), answer=answer)


def drift_found(drifts: Sequence[Drift]) -> DriftFound:
    """Return what others changed, as a message tells it."""
    shown = drifts[:MOST_CHANGES]
    return DriftFound(things=tuple(drifted(one) for one in shown), more=len(drifts) - len(shown))


def drifted(drift: Drift) -> Drifted:
    """Return one object that others changed."""
    return Drifted(
        what=drift.title,
        fields=() if drift.gone else edited(drift.was, drift.now, drift.fields),
        gone=drift.gone,
    )


def edited(before: Fields | None, after: Fields | None, names: Sequence[str]) -> tuple[Edited, ...]:
    """Return the fields that change, as texts. What neither side has anything in is not worth a line."""
    pairs = ((name, said(before, name), said(after, name)) for name in names)
    return tuple(
        Edited(name=name.replace("_", " "), before=old, after=new)
        for name, old, new in pairs
        if (old or new) and old != new
    )


def said(fields: Fields | None, name: str) -> str | None:
    """Return a field as a person reads it; None where there is no object, or nobody knows."""
    if fields is None or fields.get(name) is None:
        return None
    return spelled(fields[name])[:LONGEST]


def spelled(value: object) -> str:
    """Write a value in words."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case str():
            return value
        case Mapping():
            return ", ".join(f"{name}: {spelled(one)}" for name, one in value.items())
        case list() | tuple():
            return "; ".join(spelled(one) for one in value)
    return str(value)
