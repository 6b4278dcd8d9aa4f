"""A look as JSON, for programs: the plan, the guard's words, and what could not be seen (pure)."""

from bot.manage.change import Change
from bot.manage.outcome import Ruling
from bot.manage.steward import Look


def as_json(look: Look) -> dict[str, object]:
    """Return a plan with everything that is known about it, as JSON data."""
    return {
        "site": look.plan.site,
        "id": look.plan.id,
        "hash": look.plan.hash,
        "made_at": look.plan.made_at.isoformat(),
        "state": look.plan.state,
        "changes": [_ruling(one) for one in look.rulings],
        "not_read": {kind.value: why for kind, why in sorted(look.survey.failed.items())},
        "held": dict(sorted(look.held.items())),
        "in_doubt": [one.change.title for one in look.memory.doubts],
    }


def _ruling(ruling: Ruling) -> dict[str, object]:
    change, impact = ruling.change, ruling.impact
    inverse = change.inverse
    return {
        **_change(change),
        "why": change.why,
        "risk": change.risk.value,
        "warnings": list(change.warnings),
        "owner": change.owner.value,
        "drifted": change.drifted,
        "origin": change.origin,
        "verdict": ruling.verdict.value,
        "verdict_why": ruling.why,
        "impact": None
        if impact is None
        else {
            "days": impact.days,
            "visitors": impact.visitors,
            "of_visitors": impact.of_visitors,
            "conversions": impact.conversions,
            "of_conversions": impact.of_conversions,
            "at_most": impact.at_most,
        },
        "inverse": None if inverse is None else _change(inverse),
    }


def _change(change: Change) -> dict[str, object]:
    return {
        "kind": change.kind.value,
        "verb": change.verb.value,
        "key": change.key,
        "id": change.id,
        "before": change.before,
        "after": change.after,
    }
