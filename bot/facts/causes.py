"""What made the difference: the values of a dimension without which a change would not have happened."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Doubt(StrEnum):
    """Why a change is not explained, or not wholly."""

    ALIKE = "alike"  # every source, page and country moved alike: it looks like the whole site
    NO_SINGLE_SOURCE = "no_single_source"  # many small changes, none of which matters alone
    PARTLY = "partly"  # what is named is less than two thirds of the change
    TOO_FEW = "too_few"  # too few visitors for any statement
    UNKNOWN = "unknown"  # the numbers could not be had


class Suspect(StrEnum):
    """What is behind it that nobody comes, or fewer do."""

    TRACKER = "tracker"  # this site alone is silent, all at once: its tracking code is lost, or it is down
    EVENTS_ONLY = "events_only"  # events come through webhooks, and no page views are counted
    RECORDING = "recording"  # other sites are silent too: the vendor records nothing
    ALONE = "alone"  # it is silent, and there is no other site to compare with
    VISITORS = "visitors"  # the site is alive: it is the visitors who stay away


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A site that is silent: since when, the last page that was seen, the last event that was heard."""

    since_at: datetime
    last_page: str | None = None
    last_event_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """One value: `got` came where `expected` were usual. `value` is empty for what has none, such as direct.

    `link` leads to the dashboard with the same days and this value as filter.
    """

    value: str
    got: int
    expected: float
    link: str | None = None

    @property
    def change(self) -> float:
        """How many more came than usual; negative when fewer."""
        return self.got - self.expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The values of one dimension that made the difference, the largest first, three at most.

    `rest_usual` is whether the other values of the dimension, taken together, are as usual.
    """

    dimension: str
    drivers: tuple[Driver, ...]
    rest_usual: bool

    @property
    def change(self) -> float:
        """How much of the whole change these values are."""
        return sum(driver.change for driver in self.drivers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What made `got` of `expected` visitors: at most three statements, the strongest first, or a doubt.

    `alike` names the dimensions whose values all moved alike. `link` leads to the dashboard with the days.
    `suspect` is what is behind a fall, and `silence` what is known of a site on which nothing is counted.
    """

    got: int
    expected: float
    causes: tuple[Cause, ...] = ()
    alike: tuple[str, ...] = ()
    doubt: Doubt | None = None
    link: str | None = None
    suspect: Suspect | None = None
    silence: Silence | None = None

    @property
    def change(self) -> float:
        """How many more came than usual; negative when fewer."""
        return self.got - self.expected
