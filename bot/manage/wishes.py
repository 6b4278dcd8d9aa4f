"""What [manage.<site>] says, as values. `bot/settings/manage.py` reads them from the file.

None, or an empty tuple, means: the file says nothing about it, so it is left alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.manage.change import Fields, KindName


class Mode(StrEnum):
    """How far the bot goes by itself."""

    PLAN = "plan"  # it only shows what it would do
    APPROVE = "approve"  # it does what a person said yes to
    AUTO = "auto"  # it does what the guard allows, and says so


class FilterType(StrEnum):
    """What a filter looks at. There is no hostname here: the first one would drop all other hostnames."""

    IP = "ip"
    PAGE = "page"
    COUNTRY = "country"


AUTO = "auto"
FROM_RULES = "from rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterWish:
    """[[manage.<site>.filter]]. `source` is a literal, or "dns:…" or "url:…", which stand for many."""

    type: FilterType
    source: str
    note: str = ""
    until: date | None = None  # the last day on which it is wanted
    place: str = ""

    @property
    def literal(self) -> bool:
        """Whether `source` is what Pirsch is told, as it stands."""
        return not self.source.startswith(("dns:", "url:"))


class Then(StrEnum):
    """What the file wants once a goal is reached."""

    RAISE = "raise"
    REARM = "re-arm"
    ARCHIVE = "archive"
    TELL = "tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhenReached:
    """`when_reached` of a goal. `by` is the share by which targets are raised, 0.2 for a fifth."""

    then: Then
    by: float = 0.0

    def __post_init__(self) -> None:
        if (self.then is Then.RAISE) != (self.by > 0):
            raise ValueError("to raise needs a share, and nothing else has one")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalWish:
    """[[manage.<site>.goal]]. `fields` are those that the file names, in the words of `kinds.goals`.

    `rearms` says that its mail, which was sent, is meant to come again.
    """

    name: str
    fields: Fields
    place: str = ""
    when_reached: WhenReached | None = None
    rearms: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelWish:
    """[[manage.<site>.funnel]]: two to eight steps, each a name and what must be true in it."""

    name: str
    steps: tuple[Fields, ...]
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWish:
    """[[manage.<site>.report]]: one for each address. `fields` are the flags that the file names."""

    to: tuple[str, ...]
    every: int  # as Pirsch counts: 0 is a day, 1 to 4 are weeks
    fields: Fields
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """How much may change: in one run, in 24 hours, and of the traffic."""

    a_run: int = 20
    a_day: int = 50
    traffic: float = 0.05  # of all visitors, by one filter on pages or countries
    deleted: float = 0.5  # of what is ours of one kind, in one run; a single one may always go
    widest_ipv4: int = 16  # the shortest prefix of a network that may be filtered
    widest_ipv6: int = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Managed:
    """[manage.<site>]."""

    site: str
    mode: Mode = Mode.PLAN
    modes: Mapping[KindName, Mode] = field(default_factory=dict)  # of single kinds
    caps: Caps = Caps()
    spike_threshold: int | str | None = None  # visitors, or AUTO
    warning_days: int | str | None = None  # days, or AUTO
    webhooks: tuple[str, ...] | str | None = None  # names of events, or FROM_RULES
    filters: tuple[FilterWish, ...] = ()
    filter_types: tuple[str, ...] = ()  # besides "ip": types whose names at Pirsch the owner has seen
    goals: tuple[GoalWish, ...] = ()
    funnels: tuple[FunnelWish, ...] = ()
    reports: tuple[ReportWish, ...] = ()
    spam_hosts: str | None = None  # url:… of a list of hosts that forge referrers
    list_hosts: tuple[str, ...] = ()  # lists there may come from inside our network
    notify: tuple[str, ...] | None = None  # channels that are asked and told; None: the bot's owner
    approvers: tuple[str, ...] | None = None  # channels whose links decide; None: those of `notify`
    named: frozenset[KindName] = frozenset()  # kinds of which the file says anything, if only "none"
    because: Mapping[tuple[KindName, str], str] = field(default_factory=dict)  # what is not of the file

    def mode_of(self, kind: KindName) -> Mode:
        """How far the bot goes by itself with one kind."""
        return self.modes.get(kind, self.mode)

    def why(self, kind: KindName, named: str = "", *, place: str) -> str:
        """Why something is wanted: because somebody asked for it, or at which place the file says so."""
        return self.because.get((kind, named), f"manage.{self.site}.{place}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a wish needs and the file does not say: asked of the world before a plan is made.

    `resolved` holds what a source stands for now ("dns:office.example.net" → addresses). A source that is
    in neither mapping, or in `unresolved` with the reason, keeps what was made from it before.
    """

    today: date
    events: tuple[str, ...] = ()  # those that rules and watches ask for, by exact name
    endpoint: str | None = field(default=None, repr=False)  # where webhooks go: a secret
    resolved: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unresolved: Mapping[str, str] = field(default_factory=dict)
    spike_threshold: int | None = None  # what "auto" means now; None: no opinion yet
    warning_days: int | None = None
