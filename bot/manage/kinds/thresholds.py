"""From when on Pirsch itself writes mails: about a spike, and about silence.

Neither the numbers nor whether the mails are on at all can be read. The numbers may be set as often as one
likes, and what was set last stands in the ledger. The mails can only be flipped: see `switches`.
"""

from collections.abc import Sequence
from datetime import timedelta

from bot.manage.account import Account
from bot.manage.change import Change, Fields, KindName, Owner, Thing, Wanted
from bot.manage.memory import Memory
from bot.manage.wishes import AUTO, Given, Managed


class SpikeThreshold:
    """So many visitors at once are a spike; after the mail Pirsch stays silent for twelve hours."""

    name = KindName.SPIKE_THRESHOLD
    readable = False

    def wanted(self, managed: Managed, given: Given) -> Sequence[Wanted]:
        """Return the number of the file, or what "auto" means now."""
        return _wanted(self.name, "visitors", managed, managed.spike_threshold, given.spike_threshold)

    def read(self, account: Account, memory: Memory) -> Sequence[Thing]:
        """Return what was set last, as far as anybody remembers."""
        return [_remembered(self.name, "visitors", memory)]

    def differs(self, wanted: Wanted, thing: Thing) -> Sequence[str]:
        """What is not remembered is set again: that does no harm."""
        return _differs(wanted, thing)

    def judged(self, change: Change) -> Change:
        """A number, and nothing is lost by it."""
        return change

    def write(self, account: Account, change: Change, present: Thing | None) -> str | None:
        """Set it."""
        account.traffic.set_spike_threshold(account.domain, _number(change, "visitors"))
        return None


class WarningDays:
    """After so many whole days without a visitor Pirsch writes that there is silence."""

    name = KindName.WARNING_DAYS
    readable = False

    def wanted(self, managed: Managed, given: Given) -> Sequence[Wanted]:
        """Return the number of the file, or what "auto" means now."""
        return _wanted(self.name, "days", managed, managed.warning_days, given.warning_days)

    def read(self, account: Account, memory: Memory) -> Sequence[Thing]:
        """Return what was set last, as far as anybody remembers."""
        return [_remembered(self.name, "days", memory)]

    def differs(self, wanted: Wanted, thing: Thing) -> Sequence[str]:
        """What is not remembered is set again: that does no harm."""
        return _differs(wanted, thing)

    def judged(self, change: Change) -> Change:
        """A number, and nothing is lost by it."""
        return change

    def write(self, account: Account, change: Change, present: Thing | None) -> str | None:
        """Set it."""
        account.traffic.set_silence_threshold(account.domain, timedelta(days=_number(change, "days")))
        return None


def _wanted(
    kind: KindName, unit: str, managed: Managed, said: int | str | None, auto: int | None
) -> Sequence[Wanted]:
    number = auto if said == AUTO else said
    if number is None:
        return ()
    return (Wanted(kind=kind, key="", fields={unit: number}, why=managed.why(kind, place=kind)),)


def _remembered(kind: KindName, unit: str, memory: Memory) -> Thing:
    known = memory.settings.get(kind)
    fields: Fields = known.fields if known is not None and known.fields is not None else {unit: None}
    return Thing(kind=kind, key="", fields=fields, owner=Owner.OURS)


def _differs(wanted: Wanted, thing: Thing) -> Sequence[str]:
    return [name for name, value in wanted.fields.items() if thing.fields.get(name) != value]


def _number(change: Change, unit: str) -> int:
    return int(str((change.after or {})[unit]))
