"""What people hear of upkeep: notices, and who gets them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import outbox
from bot.db import Tx
from bot.facts import Notice, Proposed, Severity, Upkept
from bot.manage.change import Change, Step
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
            outbox.put(tx, channel, notice, now)
        return frozenset(self.channels)

    def told(
        self, tx: Tx, about: str, content: Upkept, now: datetime, severity: Severity = Severity.NOTICE
    ) -> frozenset[str]:
        """Let every channel be told."""
        notice = self._notice(about, content, now, severity)
        outbox.put_all(tx, [(notice, self.channels)], now)
        return frozenset(self.channels)

    def _notice(
        self, about: str, content: Proposed | Upkept, now: datetime, severity: Severity = Severity.NOTICE
    ) -> Notice:
        key = f"{self.site}/upkeep/{about}"
        return Notice(key=key, content=content, at=now, site=self.site, severity=severity)


def proposed(proposal: Proposal, link: str | None) -> Proposed:
    """Say what waits for a yes."""
    draft = proposal.draft
    return Proposed(
        id=proposal.id,
        title=draft.title,
        asked_by=draft.asked_by,
        until_at=proposal.until_at,
        reasons=draft.evidence.sentences + tuple(f"{name}: {value}" for name, value in draft.evidence.table),
        changes=tuple(sentence(one) for one in draft.plan.changes),
        link=link,
    )


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
