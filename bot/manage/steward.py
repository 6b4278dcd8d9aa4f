"""Keeps one site as its owner wants it: looks, plans, asks the guard, carries out, and remembers.

One at a time: whoever writes holds the site's lease, and shows it again in the transaction of every intent.
So two processes of one bot never work on one site at once. Two bots with stores of their own know nothing
of each other; they tell their objects apart by their marks, and look again before each call.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot import leases
from bot.db import Database, Tx
from bot.manage import applying, guard, heirs, ledger
from bot.manage.account import Account
from bot.manage.applying import Site, Stopped
from bot.manage.change import Actor, Change, KindName, Owner, Plan, Thing, Verb, state_of
from bot.manage.drift import Drift, drifts
from bot.manage.kinds import KINDS
from bot.manage.memory import NOTHING, Memory
from bot.manage.outcome import Impact, Outcome, Ruling, Step, Verdict
from bot.manage.plan import plan as planned
from bot.manage.survey import Survey, desired, survey
from bot.manage.wishes import Given, Managed
from bot.pirsch.errors import PirschError, TryLater, Unreachable

log = logging.getLogger(__name__)

LEASE = 300.0
"""Seconds: longer than one change can take with every look and every pause of the client."""

LONGEST_WAIT = timedelta(minutes=10)
"""How long one run waits in all for Pirsch to take more calls."""

NOT_THERE_YET = "what takes its place is not there yet"

DAY = timedelta(days=1)
Impacts = Callable[[Sequence[Change]], Mapping[str, Impact]]


class Busy(Exception):
    """Another process is at work on this site; it needs some seconds, or minutes after a crash."""


class Stale(Exception):
    """The account has moved since the plan was made. Plan again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A plan with all that it was made from, and the guard's word on each change."""

    plan: Plan
    rulings: tuple[Ruling, ...]
    survey: Survey
    memory: Memory
    held: Mapping[str, str] = field(default_factory=dict)

    @property
    def allowed(self) -> tuple[Change, ...]:
        """What may be carried out now."""
        return tuple(one.change for one in self.rulings if one.verdict is Verdict.ALLOWED)


def _no_impacts(_: Sequence[Change]) -> Mapping[str, Impact]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Steward:
    """One site under management. `sleep` takes seconds; `owner` names this process in the lease."""

    database: Database
    account: Account
    managed: Managed
    given: Callable[[], Given]
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    owner: str
    impacts: Impacts = _no_impacts

    # ------------------------------------------------------------ looking

    def look(self, actor: Actor) -> Look:
        """Return what would be done, and what the guard says to it. Changes nothing. Raise PirschError."""
        memory = self.memory()
        wanted = desired(self.managed, self.given(), memory)
        seen = survey(self.account, wanted.kinds, memory)
        readable = replace(wanted, kinds=wanted.kinds - set(seen.failed))
        made = planned(readable, seen.things, KINDS, self.clock(), memory)
        rulings = self.rule(made, seen, actor)
        return Look(plan=made, rulings=rulings, survey=seen, memory=memory, held=wanted.held)

    def drift(self) -> tuple[Drift, ...]:
        """Return what others changed of what is ours. Changes nothing. Raise PirschError."""
        memory = self.memory()
        kinds = {kind for (kind, _), one in memory.things.items() if one.ours}
        seen = survey(self.account, kinds, memory)
        return drifts(memory, seen.things, sorted(kinds - set(seen.failed)))

    def rule(self, plan: Plan, seen: Survey, actor: Actor) -> tuple[Ruling, ...]:
        """Ask the guard, with what it has to know."""
        with self.database.reading() as tx:
            written = ledger.written_since(tx, self.managed.site, self.clock() - DAY)
        facts = guard.Facts(
            ours=seen.ours(),
            written_today=written,
            types={str(one.fields["type"]) for one in seen.of(KindName.FILTER)},
            impacts=self.impacts(plan.changes),
        )
        return guard.rule(plan, self.managed, facts, actor)

    def memory(self) -> Memory:
        """Return what the ledger remembers of the site."""
        with self.database.reading() as tx:
            return ledger.memory(tx, self.managed.site)

    # ------------------------------------------------------------ acting

    def apply(
        self, plan: Plan, actor: Actor, *, only: Collection[Change] | None = None, claim: bool = False
    ) -> tuple[Step | Ruling, ...]:
        """Carry out what the guard allows of a plan, and return a word on each of its changes.

        `only` are the changes that are meant; `claim` first takes what is somebody else's into
        our care. Raise Busy, Stale, or PirschError when nothing could even be read.
        """
        if plan.site != self.managed.site:
            raise ValueError(f"a plan of {plan.site} is not for {self.managed.site}")
        with _Lease(self) as lease:
            self._settle_doubts(actor)
            memory = self.memory()
            seen = survey(self.account, plan.kinds, memory)
            if seen.failed:
                raise Unreachable("; ".join(sorted(seen.failed.values())))
            if state_of(seen.things) != plan.state:
                raise Stale(f"{self.managed.site} has moved since this plan was made")
            if claim:
                seen = self._claimed(plan, seen, actor)
            rulings = self.rule(_as_known_now(plan, seen.things), seen, actor)
            meant = None if only is None else {one.target for one in only}
            run = _Run(self, lease, actor, plan)
            return tuple(
                run.change(one.change)
                if one.verdict is Verdict.ALLOWED and (meant is None or one.change.target in meant)
                else one
                for one in rulings
            )

    def settle_doubts(self, actor: Actor) -> tuple[Step, ...]:
        """Look what became of changes that were begun and never finished. Raise Busy or PirschError."""
        with _Lease(self):
            return self._settle_doubts(actor)

    def _settle_doubts(self, actor: Actor) -> tuple[Step, ...]:
        memory = self.memory()
        if not memory.doubts:
            return ()
        seen = survey(self.account, {one.change.kind for one in memory.doubts}, NOTHING)
        steps = []
        for doubt in memory.doubts:
            if doubt.change.kind in seen.failed:
                continue
            thing = applying.present(doubt.change, list(seen.of(doubt.change.kind)))
            step = applying.settled(doubt.change, thing, readable=KINDS[doubt.change.kind].readable)
            with self.database.transaction() as tx:
                ledger.settle(tx, doubt.intent, step, actor, "", self.clock())
            steps.append(step)
        return tuple(steps)

    def _claimed(self, plan: Plan, seen: Survey, actor: Actor) -> Survey:
        """Take what the plan changes and nobody's bot owns into our care, as it stands."""
        named = {(one.kind, one.id) for one in plan.changes if one.verb is Verb.UPDATE}
        foreign = [one for one in seen.things if (one.kind, one.id) in named and one.owner is Owner.SOMEBODYS]
        with self.database.transaction() as tx:
            for one in foreign:
                ledger.claim(tx, self.managed.site, one, actor, "named in the file", self.clock())
        return survey(self.account, plan.kinds, self.memory()) if foreign else seen


def _as_known_now(plan: Plan, things: Sequence[Thing]) -> Plan:
    """Return the plan with what is known today of each object, and judged anew: it may come from a file."""
    known = {(one.kind, one.id): one for one in things if one.id is not None}
    changes = []
    for change in plan.changes:
        thing = known.get((change.kind, change.id or ""))
        if thing is not None:
            change = replace(change, owner=thing.owner, drifted=thing.drifted, hands_off=thing.hands_off)
        changes.append(KINDS[change.kind].judged(replace(change, warnings=(), rearms=False)))
    return replace(plan, changes=tuple(changes))


class _Lease:
    """The right to write to a site, for as long as the block lasts and it is renewed."""

    def __init__(self, steward: Steward) -> None:
        self._steward = steward
        self._name = f"manage:{steward.managed.site}"
        self.term = 0

    def __enter__(self) -> "_Lease":
        with self._steward.database.transaction() as tx:
            term = self._lead(tx)
        if term is None:
            raise Busy(f"another process is at work on {self._steward.managed.site}")
        self.term = term
        return self

    def __exit__(self, *_: object) -> None:
        with self._steward.database.transaction() as tx:
            if leases.holds(tx, self._name, self._owner, self.term):
                leases.give_back(tx, self._owner)

    @property
    def _owner(self) -> str:
        # A name of its own, so that giving it back gives back nothing else of this process.
        return f"{self._steward.owner}/{self._name}"

    def _lead(self, tx: Tx) -> int | None:
        return leases.lead(tx, self._name, self._owner, LEASE, self._steward.clock())

    def renew(self, tx: Tx) -> None:
        """Renew it in the transaction of an intent. Raise Stopped when somebody else took over."""
        if self._lead(tx) != self.term:
            raise Stopped("another process took over")


class _Run:
    """The changes of one apply, one after the other. What stops one does not stop the others."""

    def __init__(self, steward: Steward, lease: _Lease, actor: Actor, plan: Plan) -> None:
        self._steward, self._lease, self._actor, self._plan = steward, lease, actor, plan.hash
        self._awaited = heirs.coming(plan.changes)
        self._memory = steward.memory()
        self._patience = LONGEST_WAIT
        self._stopped = ""

    def change(self, change: Change) -> Step:
        """Carry out one change and write down what became of it."""
        if self._stopped:
            return Step(change=change, outcome=Outcome.PUT_OFF, answer=self._stopped)
        mine = heirs.kin(change.kind, change.before if change.verb is Verb.DELETE else change.after)
        if change.verb is Verb.DELETE and mine in self._awaited:
            return Step(change=change, outcome=Outcome.PUT_OFF, answer=NOT_THERE_YET, id=change.id)
        step = self._until_it_is_said(change)
        if change.verb is Verb.CREATE and mine is not None and step.outcome.good:
            self._awaited.discard(mine)
        return step

    def _until_it_is_said(self, change: Change) -> Step:
        while True:
            try:
                return self._once(change)
            except (TryLater, Unreachable) as error:
                if not self._waited(error):
                    return Step(change=change, outcome=Outcome.PUT_OFF, answer=str(error))
            except Stopped as stopped:
                self._stopped = stopped.why
                return Step(change=change, outcome=Outcome.PUT_OFF, answer=stopped.why)
            except PirschError as error:  # of the look before anything was sent
                return Step(change=change, outcome=Outcome.PUT_OFF, answer=str(error))

    def _once(self, change: Change) -> Step:
        site = Site(account=self._steward.account, kind=KINDS[change.kind], memory=self._memory)
        thing = None
        if change.verb is not Verb.CREATE:
            thing = applying.present(change, site.things())
            if (settled := applying.before_sending(change, thing)) is not None:
                self._note(self._intend(change), settled)
                return settled
        intent = self._intend(change)
        try:
            step = applying.send(site, change, thing)
        except (TryLater, Unreachable, Stopped) as error:
            answer = str(error)
            self._note(intent, Step(change=change, outcome=Outcome.PUT_OFF, answer=answer, id=change.id))
            raise
        self._note(intent, step)
        return step

    def _intend(self, change: Change) -> int:
        with self._steward.database.transaction() as tx:
            self._lease.renew(tx)
            return ledger.intend(tx, change, self._actor, self._plan, self._steward.clock())

    def _note(self, intent: int, step: Step) -> None:
        with self._steward.database.transaction() as tx:
            ledger.settle(tx, intent, step, self._actor, self._plan, self._steward.clock())
        log.info(
            "managed",
            extra={"what": step.change.title, "site": step.change.site, "outcome": step.outcome.value},
        )

    def _waited(self, error: TryLater | Unreachable) -> bool:
        """Wait as Pirsch asks, while there is patience left. Nobody waits for one that is away."""
        if not isinstance(error, TryLater):
            return False
        wait = error.retry_after or timedelta(seconds=10)
        if wait > self._patience:
            return False
        self._patience -= wait
        self._steward.sleep(wait.total_seconds())
        return True
