"""A proposal, and what may be answered to it. Pure: `proposals` keeps them.

A yes is bound to the plan that was seen (`hash`), has a time (`until_at`), and is given once: a second yes
is told who was first, and when.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.manage.change import Plan
from bot.manage.fingerprints import fingerprint
from bot.upkeep.additions import Addition

COMMAND_LINE = "cli"
"""Whoever can read the config and the store may decide: they could change both."""

LASTS = timedelta(days=7)


class State(StrEnum):
    """Where a proposal is in its life."""

    OPEN = "open"
    APPROVED = "approved"  # somebody said yes; it is carried out soon
    REJECTED = "rejected"
    EXPIRED = "expired"
    REPLACED = "replaced"  # the account has moved, and another proposal says the same of it as it is now
    DONE = "done"
    FAILED = "failed"

    @property
    def decided(self) -> bool:
        """Whether a person has said yes or no."""
        return self in (State.APPROVED, State.REJECTED, State.DONE, State.FAILED)


class Answer(StrEnum):
    """What comes of a yes or a no."""

    TAKEN = "taken"
    UNKNOWN = "there is no such proposal"
    NOT_ALLOWED = "you are not among those who may decide this"
    DECIDED = "somebody else has decided"
    EXPIRED = "the time to decide is over"
    ANOTHER_PLAN = "the plan is not the one that you saw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why it is proposed: sentences, and where there is one a table of what was counted."""

    sentences: tuple[str, ...] = ()
    table: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Something to be decided: what it is about, what would be added, and the plan that this comes to.

    `about` is the same whenever the same is proposed again, so that nobody is asked twice.
    """

    site: str
    about: str
    title: str
    plan: Plan
    additions: tuple[Addition, ...] = ()
    evidence: Evidence = Evidence()
    asked_by: str = ""

    @property
    def hash(self) -> str:
        """The fingerprint of the plan, and of what would be added beyond the file."""
        added = [
            [one.kind, one.key, dict(one.fields), None if one.until_at is None else one.until_at.isoformat()]
            for one in self.additions
        ]
        return fingerprint([self.plan.hash, added])


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A draft that was put before people. `id` is how it is called."""

    id: str
    draft: Draft
    made_at: datetime
    until_at: datetime
    state: State = State.OPEN
    decided_by: str | None = None
    decided_at: datetime | None = None
    said: str | None = None
    never_again: bool = False

    @property
    def hash(self) -> str:
        """What a yes is bound to."""
        return self.draft.hash

    def state_at(self, now: datetime) -> State:
        """Return its state; an open one whose time is over has expired, noted or not."""
        return State.EXPIRED if self.state is State.OPEN and now >= self.until_at else self.state


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvers:
    """Who may decide: names of channels by whose links one comes, by site. The command line always may."""

    by_site: Mapping[str, Collection[str]] = field(default_factory=dict)

    def may(self, who: str, site: str) -> bool:
        """Whether somebody may decide about a site. `who` is "cli: name" or the name of a channel."""
        return who.partition(":")[0] == COMMAND_LINE or who in self.by_site.get(site, ())


def answer(proposal: Proposal | None, who: str, seen: str, approvers: Approvers, now: datetime) -> Answer:
    """Say what comes of a decision of somebody who saw a plan with the hash `seen`."""
    if proposal is None:
        return Answer.UNKNOWN
    if not approvers.may(who, proposal.draft.site):
        return Answer.NOT_ALLOWED
    if proposal.state.decided:
        return Answer.DECIDED
    if proposal.state_at(now) is State.EXPIRED:
        return Answer.EXPIRED
    if proposal.state is not State.OPEN or seen != proposal.hash:
        return Answer.ANOTHER_PLAN
    return Answer.TAKEN
