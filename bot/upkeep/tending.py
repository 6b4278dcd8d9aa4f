"""One site, kept as its file and its additions want it: what every part of upkeep does it by.

`Tender.steward()` is the steward of `manage` over today's wishes. Everything that is written goes through his
plan, guard and ledger; nothing here calls Pirsch.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.db import Database
from bot.manage.change import Actor, Authority, Change, KindName, Plan
from bot.manage.outcome import Step, Verdict
from bot.manage.steward import Look, Steward
from bot.manage.wishes import Managed
from bot.pirsch.errors import Unreachable
from bot.upkeep import additions, origins
from bot.upkeep.additions import Addition
from bot.upkeep.given import Surroundings, given
from bot.upkeep.telling import Audience

UPKEEP = Actor(who="upkeep", authority=Authority.BOT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """One site under upkeep. `keeper` is its steward, over what the file says alone."""

    keeper: Steward
    surroundings: Surroundings
    audience: Audience
    today: Callable[[], date]

    @property
    def site(self) -> str:
        """The name of the site."""
        return self.keeper.managed.site

    @property
    def file(self) -> Managed:
        """What the file says."""
        return self.keeper.managed

    @property
    def database(self) -> Database:
        """The store."""
        return self.keeper.database

    def now(self) -> datetime:
        """The time."""
        return self.keeper.clock()

    def standing(self) -> Sequence[Addition]:
        """Return what is wanted beyond the file."""
        with self.database.reading() as tx:
            return additions.standing(tx, self.now(), self.site)

    def steward(self, more: Sequence[Addition] = ()) -> Steward:
        """Return the steward of what is wanted now, and of what would be wanted with `more`."""
        now = self.now()
        with self.database.reading() as tx:
            standing = additions.standing(tx, now, self.site)
            known = origins.of(tx, self.site)
        wanted = [*standing, *more]
        found = given(self.surroundings, known, wanted, self.today())
        events = dict.fromkeys([*found.events, *additions.events(wanted, now)])
        found = replace(found, events=tuple(events))
        managed = additions.overlay(self.file, wanted, now)
        return replace(self.keeper, managed=managed, given=lambda: found)


Tenders = Mapping[str, Callable[[], Tender]]
"""Sites under upkeep, each made when it is needed: that asks Pirsch for a dashboard. Raises SourceError."""


def seen(look: Look, kinds: Collection[KindName] | None = None) -> Look:
    """Return a look whose kinds could all be read. Raise Unreachable: what was not read is not as wanted."""
    failed = {kind: why for kind, why in look.survey.failed.items() if kinds is None or kind in kinds}
    if failed:
        raise Unreachable("; ".join(sorted(failed.values())))
    return look


def askable(look: Look, leave: Collection[Verdict] = ()) -> tuple[Change, ...]:
    """Return what a person's yes would allow."""
    return tuple(one.change for one in look.rulings if one.verdict.askable and one.verdict not in leave)


def bound(plan: Plan, changes: Sequence[Change]) -> Plan:
    """Return a plan of some changes, for a yes that is bound to these and not to the rest of the account."""
    return replace(plan, changes=tuple(changes), state="")


def identity(change: Change) -> tuple[object, ...]:
    """What makes two changes the same to somebody who said yes to one."""
    return change.kind, change.verb, change.key, change.id, _frozen(change.before), _frozen(change.after)


def carry(steward: Steward, look: Look, changes: Sequence[Change], actor: Actor) -> tuple[Step, ...]:
    """Carry out some changes of a look, and return what became of each. Raise Busy, Stale or PirschError."""
    if not changes:
        return ()
    wanted = {identity(one) for one in changes}
    words = steward.apply(look.plan, actor, only=changes)
    return tuple(one for one in words if isinstance(one, Step) and identity(one.change) in wanted)


def _frozen(fields: object) -> object:
    if isinstance(fields, dict):
        return tuple(sorted((name, _frozen(one)) for name, one in fields.items()))
    if isinstance(fields, list | tuple):
        return tuple(_frozen(one) for one in fields)
    return fields
