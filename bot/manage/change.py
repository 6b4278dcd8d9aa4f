"""The values of managing: what there is, what is wanted, what would change, and what became of it.

An object of the account is told in our own words as `fields`: JSON values (text, number, truth, None, list,
dict; never a tuple), so that a plan can be printed, saved, hashed and read again, for every kind alike. No
field holds a secret: the address of a webhook stands there as its fingerprint (`kinds.webhooks`).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

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


# ---------------------------------------------------------------- what the guard says


class Verdict(StrEnum):
    """What the guard says to a change."""

    ALLOWED = "allowed"
    # Not now, but a person may say yes:
    ASK = "ask"  # the mode of its kind is "approve", and nobody was asked yet
    SOMEBODY_CHANGED_IT = "somebody_changed_it"  # what we wrote: adopt, restore or ignore
    REARMS_A_MAIL = "rearms_a_mail"
    COSTS_CONVERSIONS = "costs_conversions"
    # Not like this:
    PLAN_ONLY = "plan_only"  # the mode of its kind is "plan"
    NOT_OURS = "not_ours"
    ANOTHER_BOTS = "another_bots"
    HANDS_OFF = "hands_off"
    HOSTNAME_WHITELIST = "hostname_whitelist"
    UNKNOWN_TYPE = "unknown_type"  # a type of filter whose name at Pirsch nobody has seen
    TOO_WIDE = "too_wide"  # a network of so many addresses, or a page that is all pages
    NOT_TOLD = "not_told"  # a field would be lost, because Pirsch does not tell it and nobody wrote it
    IMPACT_UNKNOWN = "impact_unknown"
    TOO_MUCH_TRAFFIC = "too_much_traffic"
    TOO_MANY_A_RUN = "too_many_a_run"
    TOO_MANY_A_DAY = "too_many_a_day"
    TOO_MANY_DELETED = "too_many_deleted"  # a large share of what is ours would go at once

    @property
    def askable(self) -> bool:
        """Whether a person's yes makes it allowed."""
        return self in ASKABLE


ASKABLE = frozenset(
    {Verdict.ASK, Verdict.SOMEBODY_CHANGED_IT, Verdict.REARMS_A_MAIL, Verdict.COSTS_CONVERSIONS}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What a filter would have removed in the past: visitors of all, conversions of all, in so many days.

    `at_most` says that the numbers are an upper bound: visitors of several pages were added up.
    """

    days: int
    visitors: int
    of_visitors: int
    conversions: int
    of_conversions: int
    at_most: bool = False

    @property
    def share(self) -> float:
        """The share of all visitors; of none, nothing."""
        return self.visitors / self.of_visitors if self.of_visitors else 0.0

    def __str__(self) -> str:
        most = "at most " if self.at_most else ""
        return (
            f"would have removed {most}{self.visitors:,} of {self.of_visitors:,} visitors ({self.share:.1%})"
            f" in {self.days} days, {most}{self.conversions:,} of {self.of_conversions:,} conversions"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The guard's word on one change: `why` is a sentence for a person."""

    change: Change
    verdict: Verdict
    why: str
    impact: Impact | None = None


# ---------------------------------------------------------------- what became of it


class Outcome(StrEnum):
    """What became of a change. Stored in the ledger."""

    DONE = "done"  # carried out, and read back as wished
    SAID_YES = "said_yes"  # carried out; what it wrote cannot be read back
    ALREADY = "already"  # it was as wished when we looked; nothing was sent
    MOVED = "moved"  # it was no longer what the plan rests on; nothing was sent
    REFUSED = "refused"  # Pirsch said no: perhaps it is locked
    PUT_OFF = "put_off"  # nothing was sent: Pirsch limits us, is away, or the lease was lost
    UNSURE = "unsure"  # cut short, and not to be seen when we looked
    NOT_AS_WISHED = "not_as_wished"  # Pirsch said yes, and reading showed something else
    NOT_DONE = "not_done"  # of one that was unsure: a later look showed that it did not happen

    @property
    def good(self) -> bool:
        """Whether the account now is as this change wished."""
        return self in (Outcome.DONE, Outcome.SAID_YES, Outcome.ALREADY)

    @property
    def open(self) -> bool:
        """Whether another try may bring it: nothing was sent, or nobody knows whether it arrived."""
        return self in (Outcome.PUT_OFF, Outcome.UNSURE)

    @property
    def wrote(self) -> bool:
        """Whether the account is different by it, or may be."""
        return self in (Outcome.DONE, Outcome.SAID_YES, Outcome.UNSURE, Outcome.NOT_AS_WISHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change and what became of it. `answer` is a sentence, `id` that of the object if there is one."""

    change: Change
    outcome: Outcome
    answer: str
    id: str | None = None


# ---------------------------------------------------------------- fingerprints


def fingerprint(value: object) -> str:
    """Return a hash of JSON data that is the same for equal data, in whatever order it was made."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def canonical(value: object) -> str:
    """Write JSON data in the one form in which equal data are the same text."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    """A whole float is a whole number: Pirsch writes 2 where it read 2.0."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Sequence):
        return [_plain(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def state_of(things: Sequence[Thing]) -> str:
    """Return the fingerprint of objects as they were read, in whatever order."""
    told = [[one.kind, one.key, one.id, one.fields] for one in things]
    return fingerprint(sorted(told, key=canonical))


def same(one: Fields, other: Fields) -> bool:
    """Whether two objects are the same in all that is told of both."""
    told = [name for name in {*one, *other} if one.get(name) is not None and other.get(name) is not None]
    return all(canonical(one[name]) == canonical(other[name]) for name in told)
