"""What is wanted of a site, and what is there: both as values, before anything is compared."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from bot.manage.account import Account
from bot.manage.change import Desired, KindName, Owner, Thing
from bot.manage.kinds import KINDS, Kind
from bot.manage.memory import Memory
from bot.manage.wishes import Given, Managed
from bot.pirsch.errors import BadCredentials, PirschError

NOT_ASKED = "it was not asked yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What was read of an account. `failed` names the kinds that could not be read, with the reason."""

    things: tuple[Thing, ...]
    failed: Mapping[KindName, str] = field(default_factory=dict)

    def of(self, kind: KindName) -> tuple[Thing, ...]:
        """The objects of one kind."""
        return tuple(one for one in self.things if one.kind is kind)

    def ours(self) -> Mapping[KindName, int]:
        """How many objects of each kind are ours."""
        kinds = [one.kind for one in self.things if one.owner is Owner.OURS]
        return {kind: kinds.count(kind) for kind in set(kinds)}


def desired(
    managed: Managed, given: Given, memory: Memory, kinds: Mapping[KindName, Kind] = KINDS
) -> Desired:
    """Return what is wanted (pure). Of a kind that the file no longer names, what is ours is unwanted."""
    sources = {one.source for one in managed.filters if not one.literal}
    silent = {one: given.unresolved.get(one, NOT_ASKED) for one in sources if one not in given.resolved}
    ours = {kind for (kind, _), one in memory.things.items() if one.ours}
    return Desired(
        site=managed.site,
        things=tuple(one for kind in kinds.values() for one in kind.wanted(managed, given)),
        kinds=managed.named | ours,
        held=silent | {one: why for one, why in given.unresolved.items() if one not in given.resolved},
    )


def survey(
    account: Account, wanted: Collection[KindName], memory: Memory, kinds: Mapping[KindName, Kind] = KINDS
) -> Survey:
    """Read the objects of some kinds. One that cannot be read does not hide the others.

    Raise BadCredentials, which the others would meet as well.
    """
    things: list[Thing] = []
    failed: dict[KindName, str] = {}
    for name in sorted(wanted):
        try:
            things += kinds[name].read(account, memory)
        except BadCredentials:
            raise
        except PirschError as error:
            failed[name] = str(error)
    return Survey(things=tuple(things), failed=failed)
