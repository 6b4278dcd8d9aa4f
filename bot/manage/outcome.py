"""What is said of a change: by the guard before it, and by the account after it. Values, no more."""

from dataclasses import dataclass
from enum import StrEnum

from bot.manage.change import Change


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
