"""Carries out one change: a look, the intent, the call, a look, the outcome.

    look      is it still what the plan rests on?            otherwise nothing is sent
    ⟦ intent ⟧  the lease is ours, and the ledger knows        a crash from here on is a doubt
    call      once; nothing is ever sent twice
    look      is it now as wished?                           an answer alone proves nothing
    ⟦ outcome ⟧

A creation is looked for by the client itself, in the same breath as it is sent.
"""

from dataclasses import dataclass

from bot.manage.account import Account
from bot.manage.change import Change, Thing, Verb
from bot.manage.fingerprints import same
from bot.manage.kinds import Kind
from bot.manage.memory import NOTHING, Memory
from bot.manage.outcome import Outcome, Step
from bot.pirsch.errors import (
    BadCredentials,
    Forbidden,
    NotReadable,
    PirschError,
    Refused,
    Unaskable,
    Unsure,
)

LOCKED = "perhaps it is locked in the dashboard"
UNREADABLE = "Pirsch said yes; what was set cannot be read back"


class Stopped(Exception):
    """Nothing more can be done in this run: `why` says so. What was not begun is put off."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One kind of one account, as a step needs it."""

    account: Account
    kind: Kind
    memory: Memory

    def things(self) -> list[Thing]:
        """Read the objects, with what the ledger remembers of them."""
        return list(self.kind.read(self.account, self.memory))

    def found(self, change: Change) -> Thing | None:
        """Look for what a change has made, as Pirsch itself tells it."""
        return present(change, list(self.kind.read(self.account, NOTHING)))


def present(change: Change, things: list[Thing]) -> Thing | None:
    """Return the object that a change is about: by its id, or where there is none, by its key."""
    if change.id is not None:
        return next((one for one in things if one.id == change.id), None)
    return next((one for one in things if one.key == change.key), None)


def before_sending(change: Change, thing: Thing | None) -> Step | None:
    """Return the outcome of a change that must not be sent any more; None when it may (pure)."""
    if change.verb is Verb.DELETE:
        if thing is None:
            return Step(change=change, outcome=Outcome.ALREADY, answer="it was gone already", id=change.id)
    elif thing is None:
        return Step(change=change, outcome=Outcome.MOVED, answer="it is gone", id=change.id)
    elif thing.id is not None and is_told(change, thing) and is_after(change, thing):
        return Step(change=change, outcome=Outcome.ALREADY, answer="it was so already", id=thing.id)
    if thing is not None and not same(change.before or {}, thing.fields):
        answer = "somebody changed it since the plan was made"
        return Step(change=change, outcome=Outcome.MOVED, answer=answer, id=thing.id)
    return None


def is_after(change: Change, thing: Thing | None) -> bool:
    """Whether an object is as a change wished it, in all that is told of it."""
    if change.after is None or thing is None:
        return change.after is None and thing is None
    return same(change.after, thing.fields)


def is_told(change: Change, thing: Thing | None) -> bool:
    """Whether what a change writes can be seen at all: a list of reports leaves most of them out."""
    return thing is None or all(thing.fields.get(name) is not None for name in change.fields)


def send(site: Site, change: Change, thing: Thing | None) -> Step:
    """Make the call, once, and look what became of it. Raise Stopped when nothing else can work either."""
    try:
        id = site.kind.write(site.account, change, thing)
    except Unaskable as error:
        return Step(change=change, outcome=Outcome.REFUSED, answer=f"not sent: {error.why}")
    except BadCredentials as error:
        raise Stopped(str(error)) from error
    except Refused as error:
        locked = f"; {LOCKED}" if isinstance(error, Forbidden) else ""
        return Step(change=change, outcome=Outcome.REFUSED, answer=f"{error}{locked}")
    except (Unsure, NotReadable) as doubt:
        return _after_a_doubt(site, change, doubt)
    if id is None and site.kind.readable:
        return _made_by_others(site, change)
    if not site.kind.readable:
        return Step(change=change, outcome=Outcome.SAID_YES, answer=UNREADABLE)
    return _verified(site, change, id)


def _verified(site: Site, change: Change, id: str | None) -> Step:
    try:
        thing = site.found(change)
    except PirschError as error:
        answer = f"Pirsch said yes, and could not be asked again: {error}"
        return Step(change=change, outcome=Outcome.UNSURE, answer=answer, id=id)
    if is_after(change, thing):
        return Step(change=change, outcome=Outcome.DONE, answer="done, and read back", id=id)
    return Step(
        change=change,
        outcome=Outcome.NOT_AS_WISHED,
        answer="Pirsch said yes, and it is not as wished",
        id=id,
    )


def _made_by_others(site: Site, change: Change) -> Step:
    """The client looked before it created, and there was one: somebody was faster."""
    try:
        thing = site.found(change)
    except PirschError as error:
        return Step(change=change, outcome=Outcome.MOVED, answer=f"there is one already ({error})")
    if thing is not None and is_after(change, thing):
        answer = "somebody made it meanwhile"
        return Step(change=change, outcome=Outcome.ALREADY, answer=answer, id=thing.id)
    return Step(change=change, outcome=Outcome.MOVED, answer="there is another one of that name now")


def _after_a_doubt(site: Site, change: Change, doubt: PirschError) -> Step:
    """Look whether a call that was cut short has happened. What is not there yet may still come."""
    if not site.kind.readable:
        carried_out = isinstance(doubt, NotReadable)
        outcome = Outcome.SAID_YES if carried_out else Outcome.UNSURE
        return Step(change=change, outcome=outcome, answer=str(doubt))
    try:
        thing = site.found(change)
    except PirschError as error:
        return Step(change=change, outcome=Outcome.UNSURE, answer=f"{doubt}; then {error}", id=change.id)
    id = change.id or (thing.id if thing is not None else None)
    if is_after(change, thing) and (change.verb is not Verb.UPDATE or is_told(change, thing)):
        return Step(change=change, outcome=Outcome.DONE, answer=f"cut short, but done ({doubt})", id=id)
    outcome = Outcome.NOT_AS_WISHED if isinstance(doubt, NotReadable) else Outcome.UNSURE
    return Step(change=change, outcome=outcome, answer=str(doubt), id=change.id)


def settled(change: Change, thing: Thing | None, *, readable: bool) -> Step:
    """Say, a run later, what became of a change in doubt (pure). `thing` is as Pirsch alone tells it."""
    if not readable:
        answer = "nobody knows whether it was set; it is set again"
        return Step(change=change, outcome=Outcome.NOT_AS_WISHED, answer=answer)
    id = change.id or (thing.id if thing is not None else None)
    seen = change.verb is not Verb.UPDATE or is_told(change, thing)
    if seen and is_after(change, thing):
        return Step(change=change, outcome=Outcome.DONE, answer="done, as a later look showed", id=id)
    answer = "not done, as a later look showed" if seen else "Pirsch does not tell it: it is written again"
    return Step(change=change, outcome=Outcome.NOT_DONE, answer=answer, id=change.id)
