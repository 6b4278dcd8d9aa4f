"""The values of managing: what there is, what is wanted, and what would change.

An object of the account is told in our own words as `fields`: JSON values (text, number, truth, None, list,
dict; never a tuple), so that a plan can be printed, saved, hashed and read again, for every kind alike. No
field holds a secret: the address of a webhook stands there as its fingerprint (`kinds.webhooks`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.manage.fingerprints import canonical, fingerprint

Fields = Mapping[str, object]


class KindName(StrEnum):
    """What can be managed."""

    FILTER = "filter"
    GOAL = "goal"
    FUNNEL = "funnel"
    REPORT = "report"
    WEBHOOK = "webhook"
    SPIKE_THRESHOLD = "spike_threshold"
    WARNING_DAYS = "warning_days"


class Verb(StrEnum):
    """What a change does. In a plan, making comes before unmaking: nothing is missing in between."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class Risk(StrEnum):
    """How much thought a change deserves."""

    LOW = "low"  # undone without a trace
    MIDDLE = "middle"  # undone, but people or numbers will have noticed
    HIGH = "high"  # a part of it cannot be undone: traffic that was not counted, a target that was lost


class Owner(StrEnum):
    """Whose an object is. Only ours are changed or deleted."""

    OURS = "ours"
    SOMEBODYS = "somebody's"
    ANOTHER_BOTS = "another bot's"


class Authority(StrEnum):
    """By what right a change is carried out."""

    BOT = "bot"  # nobody was asked: a job found it needed
    APPROVED = "approved"  # a person said yes to this very plan
    PERSON = "person"  # a person typed the command


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: for the ledger, and for the guard."""

    who: str
    authority: Authority


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One object as it is at Pirsch, as far as plans speak of it.

    `key` is what makes two of a kind one: the name of a goal, the event of a webhook. A field that Pirsch
    does not tell is None. `hands_off` says why the object cannot be written at all, such as a goal with a
    regular expression. `origin` is what we made it from ("dns:office.example.net"); empty when it is not
    known, or a literal. `spent` are fields that Pirsch itself turned back, such as the mail of a goal that
    was sent: no difference, and nothing to write again unless that is meant.
    """

    kind: KindName
    key: str
    fields: Fields
    id: str | None = None
    owner: Owner = Owner.SOMEBODYS
    hands_off: str = ""
    origin: str = ""
    drifted: bool = False  # it is ours, and somebody else changed it since we wrote it last
    spent: tuple[str, ...] = ()
    raw: object = field(default=None, compare=False, repr=False)  # as the client gave it, to write it back


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One object as the owner wants it. What `fields` leave out stays as it is.

    `when_new` holds what a new one needs beyond `fields`. `why` is the reason that the plan tells: the
    place in the file, or what a job found. `rearms` says that a mail which was sent is meant to come again.
    """

    kind: KindName
    key: str
    fields: Fields
    why: str
    when_new: Fields = field(default_factory=dict)
    origin: str = ""
    rearms: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """All that is wanted of one site. What is not named here and not ours is left alone.

    `kinds` are those of which anything is said at all. `held` names origins that cannot be asked just now,
    with the reason: what was made from one of them is not deleted.
    """

    site: str
    things: tuple[Wanted, ...]
    kinds: frozenset[KindName]
    held: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One step of a plan: what would be written, over what, and why. `before` and `after` are whole."""

    site: str
    kind: KindName
    verb: Verb
    key: str
    before: Fields | None
    after: Fields | None
    why: str
    id: str | None = None
    owner: Owner = Owner.OURS
    origin: str = ""
    risk: Risk = Risk.LOW
    warnings: tuple[str, ...] = ()  # sentences: what happens besides
    hands_off: str = ""
    drifted: bool = False
    rearms: bool = False  # writing it arms a mail again that is sent once
    rearming_meant: bool = False
    undoable: bool = True

    @property
    def target(self) -> tuple[KindName, str, str | None]:
        """What it is about. A key alone does not tell: thresholds have none, and two may share one."""
        return self.kind, self.key, self.id

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that it changes, sorted."""
        before, after = self.before or {}, self.after or {}
        return tuple(sorted(name for name in {*before, *after} if before.get(name) != after.get(name)))

    @property
    def inverse(self) -> "Change | None":
        """What undoes it; None when nothing does, or nobody knows what was there before."""
        verb = {Verb.CREATE: Verb.DELETE, Verb.DELETE: Verb.CREATE}.get(self.verb, Verb.UPDATE)
        lost = self.verb is not Verb.CREATE and (
            self.before is None or any(self.before.get(name) is None for name in self.fields)
        )
        if lost or not self.undoable:
            return None
        return replace(self, verb=verb, before=self.after, after=self.before, why=f"undo: {self.why}")

    @property
    def title(self) -> str:
        """What it does, in a few words: `update goal "Signup"`."""
        return f"{self.verb} {self.kind.replace('_', ' ')}" + (f' "{self.key}"' if self.key else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The changes of one site, in the order in which they are carried out, and the state that they rest on.

    `state` is the fingerprint of every object of the kinds that the plan touches, as they were read.
    """

    site: str
    made_at: datetime
    changes: tuple[Change, ...]
    state: str

    @property
    def kinds(self) -> tuple[KindName, ...]:
        """The kinds that it touches."""
        return tuple(sorted({one.kind for one in self.changes}))

    @property
    def hash(self) -> str:
        """The fingerprint to which a yes is bound: of what is changed, and of what it rests on."""
        told = [
            [one.kind, one.verb, one.key, one.id, one.before, one.after, one.origin] for one in self.changes
        ]
        return fingerprint([self.site, self.state, told])

    @property
    def id(self) -> str:
        """The beginning of the hash: how people name it."""
        return self.hash[:12]


def state_of(things: Sequence[Thing]) -> str:
    """Return the fingerprint of objects as they were read, in whatever order."""
    told = [[one.kind, one.key, one.id, one.fields] for one in things]
    return fingerprint(sorted(told, key=canonical))
