"""A digest: what a period was, for people who did not watch it.

Every number stands beside that of the comparable period and says what it says. What failed is named and
never left out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.facts.figures import DaySpan, Figure
from bot.facts.pictures import Picture
from bot.facts.reasons import Severity
from bot.facts.sections import Chart, Numbers, Section

MOST_PICTURES = 6
"""How many charts one message shows at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Sections that could not be made, and why. They stop none of the others."""

    sections: tuple[str, ...]
    why: str
    site: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReport:
    """The part of one site. `span` is in its own zone's days; `sections` are in the order of the settings.

    `masked` counts visitors that our own numbers leave out, and is None where nothing is left out.
    """

    site: str
    span: DaySpan
    before: DaySpan
    sections: tuple[Section, ...] = ()
    failed: tuple[Failed, ...] = ()
    masked: int | None = None

    @property
    def headline(self) -> Figure | None:
        """The number that stands for the site: the first of its summary."""
        sections = (one for one in self.sections if isinstance(one, Numbers) and one.of == "summary")
        return next((figure for one in sections for figure in one.figures), None)

    @property
    def chart(self) -> Picture | None:
        """The picture of the site."""
        return next((one.picture for one in self.sections if isinstance(one, Chart)), None)

    @property
    def comparisons(self) -> tuple[Picture, ...]:
        """The pictures of what is loud in it, beside what it was."""
        loud = (one for one in self.sections if isinstance(one, Numbers) and one.loud)
        return tuple(one.picture for one in loud if one.picture is not None)

    @property
    def loud(self) -> bool:
        """Whether anything here must be seen."""
        return bool(self.failed) or any(one.loud for one in self.sections)


# ---------------------------------------------------------------- what belongs to no site alone


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLine:
    """An alert of the period, as it stood at the end of it."""

    rule: str
    severity: Severity
    opened_at: datetime
    site: str | None = None
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertList:
    """The alerts of the period, those that still hold first; `more` is how many are not told."""

    alerts: tuple[AlertLine, ...]
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """A change of the account: carried out at `at`, or proposed then."""

    what: str
    why: str
    at: datetime
    site: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """What was changed in the account, and what waits for a yes; `more` is how many are not told."""

    done: tuple[ChangeLine, ...] = ()
    proposed: tuple[ChangeLine, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """Messages that were not told, or later: a silence, a mute; quiet hours or the budget of a `channel`.

    `later` says that they were told when the channel might be disturbed again.
    """

    reason: str
    count: int
    examples: tuple[str, ...] = ()
    channel: str | None = None
    later: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The whole of it. `late` is how long after its time it was made; `next_at` when the next one is due.

    `alerts`, `maintenance` and `held_back` are None where they were not asked for.
    """

    name: str
    span: DaySpan
    before: DaySpan
    sites: tuple[SiteReport, ...]
    alerts: AlertList | None = None
    maintenance: Maintenance | None = None
    held_back: tuple[HeldBack, ...] | None = None
    failed: tuple[Failed, ...] = ()
    late: timedelta | None = None
    next_at: datetime | None = None
    full: bool = False  # tell the usual too, when nothing is unusual
    kind: Literal["digest"] = "digest"

    @property
    def quiet(self) -> bool:
        """Whether there is nothing that must be seen: then it is one line."""
        around = (
            self.alerts is not None and self.alerts.alerts,
            self.maintenance is not None and (self.maintenance.done or self.maintenance.proposed),
            any(not one.later for one in self.held_back or ()),
            self.failed,
        )
        return not any(around) and not any(one.loud for one in self.sites)

    @property
    def failures(self) -> tuple[Failed, ...]:
        """Everything that could not be told, of every site."""
        return (*self.failed, *(one for site in self.sites for one in site.failed))

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The charts of the sites that are told of, in their order; a digest of one line has none.

        Of a site that stands alone, what is compared in its loud sections is drawn, too.
        """
        if self.quiet and not self.full:
            return ()
        told = (site for site in self.sites if site.loud or self.full)
        charts = [site.chart for site in told if site.chart is not None]
        if len(self.sites) == 1:
            charts += self.sites[0].comparisons
        return tuple(charts)[:MOST_PICTURES]
