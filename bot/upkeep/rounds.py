"""A round of one site: look at its sources, then do what may be done and ask for the rest.

sources   each name and list is asked; what is good is kept            ⟦ origins.keep ⟧
ends      additions and proposals whose time is over                   ⟦ additions, proposals ⟧
look      file and additions → plan → guard                            (manage)
act       what the guard allows; not what a person has undone, and a webhook is revived only if we are well
ask       what a yes would allow becomes a proposal                    ⟦ proposals.offer → outbox.put ⟧
tell      what was done                                                ⟦ aftermath.begin, outbox.put ⟧
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import errands
from bot.db import Tx
from bot.facts import Upkept
from bot.jobs import Ran, Turn
from bot.manage import ledger
from bot.manage.change import Change, KindName, Verb
from bot.manage.outcome import Outcome, Step, Verdict
from bot.manage.steward import Busy, Look, Stale, Steward
from bot.pirsch.errors import PirschError
from bot.upkeep import additions, aftermath_book, origins, proposals, staleness, telling
from bot.upkeep.given import sources_of
from bot.upkeep.networks import Width
from bot.upkeep.origins import Doors
from bot.upkeep.proposal import Draft, Evidence
from bot.upkeep.proposals import Offered
from bot.upkeep.revival import Revival, decide
from bot.upkeep.tending import UPKEEP, Tender, askable, bound, carry

log = logging.getLogger(__name__)

FILE = "the file"
"""What the proposal is about that holds all that the file wants and a person has to allow."""

DRIFT = (Verdict.SOMEBODY_CHANGED_IT,)
"""Asked about by `manage`, which offers to adopt it as well."""

REMEMBERED = timedelta(days=400)
"""How long decided proposals and settled errands are remembered."""

Answers = Callable[[], bool]
"""Whether the bot answers at its public address, asked from outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round of a site needs."""

    tender: Tender
    doors: Doors
    answers: Answers

    def run(self, turn: Turn) -> Ran:
        """Go round once. What fails is tried again by the next round, which begins with a look."""
        tender, told = self.tender, frozenset[str]()
        told |= self.look_at_sources(turn)
        with turn.transaction() as tx:
            additions.end_overdue(tx, turn.now)
            proposals.expire(tx, turn.now)
            proposals.prune(tx, turn.now - REMEMBERED, 500)
            errands.prune(tx, turn.now - REMEMBERED, 500)
        try:
            steward = tender.steward()
            steward.settle_doubts(UPKEEP)
            look = steward.look(UPKEEP)
            steps, why_not = self.act(steward, look, turn.now)
        except (Busy, Stale) as error:
            return Ran(said=f"Put off: {error}", channels=told)
        except PirschError as error:
            return Ran(said=f"Pirsch: {error}", channels=told, failed=True)
        with turn.transaction() as tx:
            told |= self.tell(tx, steps, turn.now)
            told |= self.tell_deaf(tx, why_not, turn.now)
            told |= self.ask(tx, look, turn.now)
        return Ran(said=_said(look, steps), channels=told, failed=bool(look.survey.failed))

    # ------------------------------------------------------------ sources

    def look_at_sources(self, turn: Turn) -> frozenset[str]:
        """Ask every source of the file, then keep what came of it, and say which is bad for long."""
        tender = self.tender
        sources = sources_of(tender.file)
        with tender.database.reading() as tx:
            known = origins.of(tx, tender.site)
        caps = tender.file.caps
        width = Width(shortest_v4=caps.widest_ipv4, shortest_v6=caps.widest_ipv6)
        looked = origins.refresh(sources, known, self.doors, turn.now, width)
        with turn.transaction() as tx:
            origins.forget(tx, tender.site, sources)
            origins.keep(tx, tender.site, looked, turn.now)
            for source, one in looked.items():
                if not one.verdict.good:
                    log.warning(
                        "source kept as it was",
                        extra={"site": tender.site, "source": source, "verdict": one.verdict.name},
                    )
            return staleness.tell(tx, tender.audience, origins.of(tx, tender.site), turn.now)

    # ------------------------------------------------------------ acting

    def act(self, steward: Steward, look: Look, now: datetime) -> tuple[tuple[Step, ...], Revival | None]:
        """Carry out what the guard allows. Return it, and why a webhook was not revived, if one was not."""
        standing = self.tender.standing()
        free = [one for one in look.allowed if not additions.held(standing, one.kind, one.key)]
        dead = [one for one in free if is_revival(one)]
        said = self.revival(now) if dead else None
        if said is not None and said is not Revival.NOW:
            free = [one for one in free if not is_revival(one)]
            return carry(steward, look, free, UPKEEP), said
        return carry(steward, look, free, UPKEEP), None

    def revival(self, now: datetime) -> Revival:
        """Say whether webhooks are switched on again now."""
        with self.tender.database.reading() as tx:
            rows = ledger.entries(
                tx, site=self.tender.site, kind=KindName.WEBHOOK, since=now - timedelta(days=1)
            )
        before = [
            row.at
            for row in reversed(rows)
            if row.verb == Verb.UPDATE and row.outcome == Outcome.DONE and (row.after or {}).get("active")
        ]
        return decide(self.answers(), sorted(set(before)), now)

    # ------------------------------------------------------------ telling

    def tell(self, tx: Tx, steps: Sequence[Step], now: datetime) -> frozenset[str]:
        """Say what was done, and watch what it does to the traffic."""
        done = [one for one in steps if one.outcome.wrote or not one.outcome.good]
        if not done:
            return frozenset()
        intents = aftermath_book.begin(tx, self.tender.site, steps, now)
        good = all(one.outcome.good for one in done)
        content = Upkept(
            what=_headline(done),
            why="; ".join(dict.fromkeys(one.change.why for one in done)),
            good=good,
            changes=telling.outcomes(done),
            undo=telling.undo_command(intents),
        )
        return self.tender.audience.told(tx, "done", content, now)

    def tell_deaf(self, tx: Tx, why_not: Revival | None, now: datetime) -> frozenset[str]:
        """Say once that a webhook stays off, when only a person can help."""
        if why_not is not Revival.ENOUGH or not aftermath_book.first_today(tx, self.tender.site, "deaf", now):
            return frozenset()
        content = Upkept(what="A webhook does not stay on", why=f"{why_not}.", good=False)
        return self.tender.audience.told(tx, "deaf", content, now)

    def ask(self, tx: Tx, look: Look, now: datetime) -> frozenset[str]:
        """Put before people what the file wants and they have to allow."""
        changes = askable(look, DRIFT)
        if not changes and look.survey.failed:
            return frozenset()  # nobody knows whether there is still something to ask
        if not changes:
            proposals.withdraw(tx, self.tender.site, FILE, "nothing of it is to be done any more")
            return frozenset()
        draft = Draft(
            site=self.tender.site,
            about=FILE,
            title=_title(changes),
            plan=bound(look.plan, changes),
            evidence=Evidence(
                sentences=tuple(
                    f"{one.change.title}: {one.impact or one.why}"
                    for one in look.rulings
                    if one.change in changes
                )
            ),
            asked_by=f"[manage.{self.tender.site}]",
        )
        said, made = proposals.offer(tx, draft, now)
        if made is None or said not in (Offered.NEW, Offered.RENEWED):
            return frozenset()
        return self.tender.audience.asked(tx, made, now)


def is_revival(change: Change) -> bool:
    """Whether a change switches a webhook on again that Pirsch switched off."""
    return change.kind is KindName.WEBHOOK and change.verb is Verb.UPDATE and "active" in change.fields


def _headline(steps: Sequence[Step]) -> str:
    done = sum(one.outcome.good for one in steps)
    if done == len(steps):
        return f"{_many(done)} made to the account"
    return f"{done} of {_many(len(steps))} made to the account"


def _title(changes: Sequence[Change]) -> str:
    if len(changes) == 1:
        return f"{changes[0].title[:1].upper()}{changes[0].title[1:]}"
    return f"{_many(len(changes))} that the file asks for"


def _many(count: int) -> str:
    return "1 change" if count == 1 else f"{count} changes"


def _said(look: Look, steps: Sequence[Step]) -> str:
    if look.survey.failed:
        return f"Not all could be read: {'; '.join(sorted(look.survey.failed.values()))}"
    if not look.plan.changes:
        return "The account is as it is wanted."
    done = sum(one.outcome.good for one in steps)
    return f"{len(look.plan.changes)} to do, {done} done."
