"""Which trouble explains which: while the one lasts, nobody is told of the other. Few, and named."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.alerts.subject import Subject
from bot.facts import Inhibits, Vendor

Vendors = Mapping[str, Vendor]
"""Who counts each site; where none is named, Pirsch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inhibition:
    """A reason to keep quiet, as people read it, and what it explains: `explains(cause, other, vendors)`."""

    name: str
    explains: Callable[[Subject, Subject, Vendors], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """An alert that explains others. `ended_at` is None while it lasts."""

    alert: str
    subject: Subject
    ended_at: datetime | None = None


def _whatever_is_measured(cause: Subject, other: Subject, vendors: Vendors) -> bool:
    """Whether a number rests on the vendor that the cause is about, by its key."""
    vendor = vendors.get(other.site or "", Vendor.PIRSCH)
    its_own = vendor in cause.key.split("/")
    return its_own and (other.measured or other.drop) and other.inhibits is not Inhibits.MEASURED


def _what_is_missing_on_that_site(cause: Subject, other: Subject, vendors: Vendors) -> bool:
    return other.drop and other.site == cause.site and other.inhibits is None


_LASTING = datetime.max.replace(tzinfo=UTC)

INHIBITIONS: Mapping[Inhibits, Inhibition] = {
    Inhibits.MEASURED: Inhibition(name="no numbers can be read", explains=_whatever_is_measured),
    Inhibits.DROPS: Inhibition(name="the tracking is dead", explains=_what_is_missing_on_that_site),
}


def explaining(
    subject: Subject, causes: Iterable[Cause], settle: timedelta, now: datetime, vendors: Vendors
) -> tuple[Cause, str] | None:
    """Return the cause that explains a trouble, and its name. What lasts goes before what is over.

    A cause explains for `settle` after its end: what it explained needs time to recover.
    """
    found = [
        (cause, INHIBITIONS[cause.subject.inhibits].name)
        for cause in causes
        if cause.subject.inhibits is not None
        and (cause.ended_at is None or now < cause.ended_at + settle)
        and cause.subject.key != subject.key
        and INHIBITIONS[cause.subject.inhibits].explains(cause.subject, subject, vendors)
    ]
    return max(found, key=lambda one: one[0].ended_at or _LASTING, default=None)
