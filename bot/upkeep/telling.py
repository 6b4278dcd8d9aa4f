"""What people hear of upkeep: notices, and who gets them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import outbox
from bot.db import Tx
from bot.facts import Edited, Notice, Planned, PlanProposed, Severity, Upkept
from bot.facts.managed import MOST_CHANGES
from bot.manage.change import Change, Fields
from bot.manage.outcome import Step
from bot.upkeep.links import Links
from bot.upkeep.proposal import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom a site's upkeep is told to. Without `links` people decide at the command line."""

    site: str
    channels: tuple[str, ...]
    links: Links | None = None

    def asked(self, tx: Tx, proposal: Proposal, now: datetime) -> frozenset[str]:
        """Let every channel be asked, each by a link of its own: who decides is known by it."""
        for channel in self.channels:
            content = proposed(proposal, None if self.links is None else self.links.to(proposal, channel))
            notice = self._notice(f"proposal/{proposal.id}", content, now)
            outbox.put(tx, [channel], notice, now)
        return frozenset(self.channels)

    def told(
        self, tx: Tx, about: str, content: Upkept, now: datetime, severity: Severity = Severity.NOTICE
    ) -> frozenset[str]:
        """Let every channel be told."""
        notice = self._notice(about, content, now, severity)
        outbox.put_all(tx, [(notice, self.channels)], now)
        return frozenset(self.channels)

    def _notice(
        self, about: str, content: PlanProposed | Upkept, now: datetime, severity: Severity = Severity.NOTICE
    ) -> Notice:
        key = f"{self.site}/upkeep/{about}"
        return Notice(key=key, content=content, at=now, site=self.site, severity=severity)


def proposed(proposal: Proposal, link: str | None) -> PlanProposed:
    """Say what waits for a yes."""
    draft = proposal.draft
    changes = draft.plan.changes
    return PlanProposed(
        plan=proposal.id,
        title=draft.title,
        changes=tuple(planned(one) for one in changes[:MOST_CHANGES]),
        more=max(0, len(changes) - MOST_CHANGES),
        asked_by=draft.asked_by,
        evidence=draft.evidence.sentences + tuple(f"{name}: {value}" for name, value in draft.evidence.table),
        until_at=proposal.until_at,
        link=link,
    )


def planned(change: Change) -> Planned:
    """Say one change, field by field."""
    return Planned(
        what=change.title,
        fields=tuple(
            Edited(name=name, before=shown(change.before, name), after=shown(change.after, name))
            for name in change.fields
        ),
        why=change.why,
        warnings=change.warnings,
        risk=change.risk.value,
    )


def shown(fields: Fields | None, name: str) -> str | None:
    """Return a field as people read it; None when there is no such thing."""
    if fields is None or name not in fields:
        return None
    value = fields[name]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def sentence(change: Change) -> str:
    """Say one change: what it does, and to which fields."""
    before, after = change.before or {}, change.after or {}
    if change.before is None or change.after is None:
        return change.title
    parts = [f"{name.replace('_', ' ')} {before.get(name)} → {after.get(name)}" for name in change.fields]
    return f"{change.title}: {', '.join(parts)}"


def outcomes(steps: Sequence[Step]) -> tuple[str, ...]:
    """Say what became of each change."""
    return tuple(
        sentence(one.change) if one.outcome.good else f"{sentence(one.change)}: not done, {one.answer}"
        for one in steps
    )


def undo_command(intents: Iterable[int]) -> str:
    """Return the command that takes changes back."""
    known = sorted(intents)
    return f"pirsch-bot undo {' '.join(str(one) for one in known)}" if known else ""
