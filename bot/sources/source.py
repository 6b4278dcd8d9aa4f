"""What every source of numbers promises, and the values it gives. Read this before anything that measures.

Days are local days of the site's zone, instants are aware UTC, shares are fractions from 0 to 1. A number
that is not known is None; zero is always a zero that was counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.sources.periods import Days, Period


class Dimension(StrEnum):
    """What traffic can be told apart by. `EVENT` only narrows: `Source.events` lists them."""

    PAGE = "page"
    ENTRY_PAGE = "entry page"
    EXIT_PAGE = "exit page"
    HOSTNAME = "hostname"
    REFERRER = "referrer"
    CHANNEL = "channel"
    COUNTRY = "country"
    REGION = "region"
    CITY = "city"
    LANGUAGE = "language"
    BROWSER = "browser"
    SYSTEM = "system"
    DEVICE = "device"
    SCREEN = "screen"
    UTM_SOURCE = "utm source"
    UTM_MEDIUM = "utm medium"
    UTM_CAMPAIGN = "utm campaign"
    UTM_CONTENT = "utm content"
    UTM_TERM = "utm term"
    TAG = "tag"
    EVENT = "event"


class EventsBy(StrEnum):
    """What the rows of days and hours count where they are asked for an event."""

    VISITORS = "visitors"
    TIMES = "times"


class Match(StrEnum):
    """How a value must relate to what was counted."""

    IS = "is"
    IS_NOT = "is not"
    CONTAINS = "contains"
    LACKS = "lacks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Only this part of the traffic. `value` None is what has no value (direct traffic, unknown city).

    Several demands on one dimension mean any of them, on several dimensions all of them.
    """

    dimension: Dimension
    value: str | None
    match: Match = Match.IS


EVERYTHING: tuple[Where, ...] = ()


# ---------------------------------------------------------------- how much


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Counts of one stretch of time, or of a part of the traffic. None: the source does not tell it here.

    A visitor is known for a day at most, so that visitors of several stretches add up to more than the
    visitors of the whole.
    """

    visitors: int
    views: int | None = None
    sessions: int | None = None
    bounces: int | None = None

    @property
    def bounce_rate(self) -> float | None:
        """Bounces to sessions; None without sessions."""
        return self.bounces / self.sessions if self.bounces is not None and self.sessions else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Traffic of a whole period. `complete` is False while the period goes on.

    `share` is the share of all visitors of the period that the asked part is; None when all were asked for.
    """

    period: Period
    traffic: Traffic
    complete: bool
    share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """What the values of one meta key of an event add up to. What is not a number counts as 0."""

    period: Period
    total: Decimal
    average: Decimal
    complete: bool


# ---------------------------------------------------------------- over time


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """One row of a series: the instants [starts_at, ends_at), and where that is on the site's wall.

    `hour` is None for a row that is a day. A day on which the clocks change lasts 23 or 25 hours and has as
    many rows by the hour; then two of them show one `hour`. `complete` is False for the row that goes on.
    """

    starts_at: datetime
    ends_at: datetime
    day: date
    hour: int | None
    traffic: Traffic
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Rows one after the other, without gaps, and without the future."""

    zone: ZoneInfo
    buckets: tuple[Bucket, ...]

    def completed(self) -> "Series":
        """Return the rows that are over: what may be judged."""
        return replace(self, buckets=tuple(one for one in self.buckets if one.complete))


# ---------------------------------------------------------------- of what


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One value of a dimension. `value` is empty where there is none; `share` is that of all visitors."""

    value: str
    traffic: Traffic
    share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """The traffic by one dimension, the largest first. `whole` is False when there are more rows."""

    dimension: Dimension
    period: Period
    rows: tuple[Row, ...]
    whole: bool
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Active:
    """Who was there in the last `within`. Visitors of `pages` add up to more than `visitors`."""

    visitors: int
    within: timedelta
    at: datetime
    pages: tuple[Row, ...] = ()
    countries: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCount:
    """How often an event happened, and to how many visitors. None is what is not told."""

    name: str
    count: int | None
    visitors: int | None
    share: float | None = None
    meta_keys: tuple[str, ...] = ()

    @property
    def times(self) -> int:
        """How often it happened; to how many visitors where only that is told."""
        return self.count if self.count is not None else self.visitors or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaCount:
    """How often an event happened with one value of one meta key."""

    value: str
    count: int | None
    visitors: int | None

    @property
    def times(self) -> int:
        """How often it happened; to how many visitors where only that is told."""
        return self.count if self.count is not None else self.visitors or 0


# ---------------------------------------------------------------- of what was wished for


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A wished-for number and where it stands."""

    wanted: float
    present: float

    @property
    def progress(self) -> float:
        """How far it is: 1 is there, and more is beyond."""
        return self.present / self.wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalState:
    """A goal and its numbers in a period. All targets are in one unit with what they are compared to."""

    id: str
    name: str
    visitors: int
    share: float | None
    views: int | None = None
    event: str = ""
    page: str = ""
    visitors_target: Target | None = None
    share_target: Target | None = None
    total_target: Target | None = None
    average_target: Target | None = None
    vanishes: bool = False  # deleted by the vendor when it is reached: a missing one was perhaps reached
    event_meta: tuple[str, str] | None = None  # only events with this meta; any value where it is empty
    tags: tuple[str, ...] = ()
    made_at: datetime | None = None

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets that were set."""
        all_of_them = (self.visitors_target, self.share_target, self.total_target, self.average_target)
        return tuple(target for target in all_of_them if target is not None)

    @property
    def progress(self) -> float | None:
        """How far the target is that is furthest from being reached; None without targets."""
        return min((target.progress for target in self.targets), default=None)

    @property
    def reached(self) -> bool | None:
        """Whether every target is met; None without targets."""
        return None if self.progress is None else self.progress >= 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelStep:
    """One step. `conversion` is to the step before, `share` to the first; None where nobody could go on."""

    number: int
    name: str
    visitors: int
    conversion: float | None
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelState:
    """How far visitors came, within one session. Steps need not have happened in their order."""

    id: str
    name: str
    period: Period
    steps: tuple[FunnelStep, ...]
    complete: bool

    @property
    def conversion(self) -> float | None:
        """The share of those in the first step who came to the last one; None without anybody."""
        return self.steps[-1].share if self.steps else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Something that can be asked about by its id."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A webhook: every event of one name is sent to an address. `active` False: the vendor gave it up."""

    event: str
    address: str = field(repr=False)
    active: bool | None = None
    made_at: datetime | None = None


# ---------------------------------------------------------------- the promise


class Source(Protocol):
    """Numbers of one site. Every method raises a `SourceError`, and no other error of the far side.

    Each question names its days, and all of them are days of `zone`; nothing depends on a vendor's defaults.
    A period that has not ended is answered with `complete` False; one that has not begun is Refused.
    """

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the site's days begin."""

    @property
    def events_by(self) -> EventsBy:
        """What `days`, `hours` and `totals` count where they are asked for an event: visitors, or times."""

    def today(self) -> date:
        """Return the local day that is not over yet."""

    def totals(self, period: Period, where: Sequence[Where] = EVERYTHING) -> Totals:
        """Return the traffic of a period. Visitors of a period are no sum over its days."""

    def days(self, period: Days, where: Sequence[Where] = EVERYTHING) -> Series:
        """Return a row for each day that has begun."""

    def sessions(self, period: Days, where: Sequence[Where] = EVERYTHING) -> Series:
        """Return a row for each day that has begun, with its sessions and bounces.

        Dearer than `days` where they are told for one day at a time.
        """

    def session_durations(
        self, period: Days, where: Sequence[Where] = EVERYTHING
    ) -> Mapping[date, timedelta]:
        """Return how long a session that lasted at all did on average, for each day that had any."""

    def hours(self, day: date, where: Sequence[Where] = EVERYTHING) -> Series:
        """Return a row for each hour of a day that has begun: 23 or 25 of them when the clocks change.

        Where the source cannot tell the two hours apart that the wall clock shows twice, they are one row
        that lasts two hours.
        """

    def active(self, within: timedelta) -> Active:
        """Return who was there within the last minutes, one hour at most."""

    def breakdown(
        self, dimension: Dimension, period: Period, where: Sequence[Where] = EVERYTHING, most: int = 100
    ) -> Breakdown:
        """Return the largest values of a dimension."""

    def events(
        self, period: Period, where: Sequence[Where] = EVERYTHING, most: int = 100
    ) -> tuple[EventCount, ...]:
        """Return how often each event happened, the most frequent first by visitors."""

    def event_meta(self, period: Period, event: str, key: str, most: int = 100) -> tuple[MetaCount, ...]:
        """Return how often an event happened with each value of a meta key."""

    def amount(self, period: Period, event: str, key: str, where: Sequence[Where] = EVERYTHING) -> Amount:
        """Return what the values of a meta key of an event add up to, such as revenue."""

    def goals(self, period: Period) -> tuple[GoalState, ...]:
        """Return every goal as it stands in a period."""

    def hooks(self) -> tuple[Hook, ...]:
        """Return the webhooks of the site, to whomever they lead."""

    def billed(self, period: Days) -> int:
        """Return the page views that are billed in a period: of the site, or of all where no site is told."""

    def funnels(self) -> tuple[Named, ...]:
        """Return which funnels there are."""

    def funnel(self, id: str, period: Period, where: Sequence[Where] = EVERYTHING) -> FunnelState:
        """Return how far visitors came in a funnel; `where` holds for the first step. Raise Gone."""
