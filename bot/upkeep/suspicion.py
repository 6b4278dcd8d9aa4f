"""Whether a referrer, a page or a country behaves like a machine. Pure; each term is shown, with its numbers.

Terms that follow from one another count as one ground: who leaves at once has spent no time and converted to
nothing. Three grounds are needed, one of them in how the visits go (engagement or rhythm). A name on a list
is a ground like any other, so it never suffices; and whatever the score, a person decides.

The rhythm is the subtlest. A link on a busy forum brings a burst, which is nothing like the site's usual day,
and real. A machine works around the clock. So the hours must both differ from the site's own profile and be
as even as chance makes even ones (Pearson's chi-square, hours joined until five are expected in each).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from bot.detect.integrals import chi_square_above
from bot.detect.rates import Part, wilson
from bot.sources.source import Dimension

GROUNDS = 3
SESSIONS = 20  # below that a share says little
VISITS_OF_A_RHYTHM = 60
BOUNCED = 0.98
AT_ONCE = 1.0  # seconds
STAYED = 10.0
EXPECTED_CONVERSIONS = 5.0  # of which none has come: chance does that once in 150 times
CLUSTER = 0.95
COMMON = 0.5
NEW = timedelta(days=14)
LONG_KNOWN = timedelta(days=42)
UNLIKE_OURS = 0.001
EVEN = 0.05
LEAST_EXPECTED = 5.0


class Ground(StrEnum):
    """What kind of reason a term is. Terms of one ground are not independent."""

    ENGAGEMENT = "engagement"
    RHYTHM = "rhythm"
    ORIGIN = "origin"
    LANDING = "landing"
    NOVELTY = "novelty"
    NAME = "name"


BEHAVIOUR = frozenset({Ground.ENGAGEMENT, Ground.RHYTHM})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """How visits went. `seconds` is the mean length of those that lasted at all, 0 when none did.

    None and empty mean that nobody knows.
    """

    sessions: int
    bounces: int | None = None
    seconds: float | None = None
    conversions: int | None = None
    hours: tuple[int, ...] = ()  # 24 counts, by the site's own wall clock
    countries: Mapping[str, int] = field(default_factory=dict)
    browsers: Mapping[str, int] = field(default_factory=dict)
    entries: Mapping[str, int] = field(default_factory=dict)  # by entry page


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is suspected, and how its visits went in the days that are looked at."""

    dimension: Dimension
    value: str
    visits: Visits
    visitors: int
    first_seen: date | None = None
    listed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One look at a subject: whether it speaks against it, and the sentence with the numbers."""

    ground: Ground
    speaks: bool
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """All terms of a subject, also those that speak for it."""

    subject: Subject
    terms: tuple[Term, ...]

    @property
    def grounds(self) -> frozenset[Ground]:
        """The independent reasons against it."""
        return frozenset(term.ground for term in self.terms if term.speaks)

    @property
    def enough(self) -> bool:
        """Whether it is worth a person's decision."""
        return len(self.grounds) >= GROUNDS and bool(self.grounds & BEHAVIOUR)


def judge(subject: Subject, site: Visits, today: date, known_since: date | None) -> Suspicion:
    """Look at a subject in every way in which something is known. `site` is the site as a whole."""
    found = [
        _bounces(subject.visits, site),
        _time(subject.visits, site),
        _conversions(subject.visits, site),
        _rhythm(subject.visits, site),
        None if subject.dimension is Dimension.COUNTRY else _origin(subject.visits, site),
        None if subject.dimension is Dimension.PAGE else _landing(subject.visits, site),
        _novelty(subject, today, known_since),
        _name(subject),
    ]
    return Suspicion(subject=subject, terms=tuple(term for term in found if term is not None))


def _bounces(visits: Visits, site: Visits) -> Term | None:
    if visits.bounces is None or site.bounces is None or visits.sessions < SESSIONS or not site.sessions:
        return None
    part = Part(hits=visits.bounces, trials=visits.sessions)
    usual = site.bounces / site.sessions
    speaks = part.share >= BOUNCED and wilson(part).low > usual
    said = f"{visits.bounces:,} of {visits.sessions:,} visits left at once; of all visits {usual:.0%} do"
    return Term(ground=Ground.ENGAGEMENT, speaks=speaks, said=said)


def _time(visits: Visits, site: Visits) -> Term | None:
    if visits.seconds is None or site.seconds is None or visits.sessions < SESSIONS:
        return None
    speaks = visits.seconds <= AT_ONCE and site.seconds >= STAYED
    lasted = f"those that lasted took {visits.seconds:.0f} s" if visits.seconds else "none lasted a second"
    said = f"{lasted}; of all visits those that lasted took {site.seconds:.0f} s"
    return Term(ground=Ground.ENGAGEMENT, speaks=speaks, said=said)


def _conversions(visits: Visits, site: Visits) -> Term | None:
    if visits.conversions is None or not site.conversions or not site.sessions:
        return None
    expected = visits.sessions * site.conversions / site.sessions
    speaks = visits.conversions == 0 and expected >= EXPECTED_CONVERSIONS
    said = f"{visits.conversions:,} conversions, where {expected:.1f} would be usual"
    return Term(ground=Ground.ENGAGEMENT, speaks=speaks, said=said)


def _rhythm(visits: Visits, site: Visits) -> Term | None:
    if len(visits.hours) != 24 or len(site.hours) != 24 or sum(visits.hours) < VISITS_OF_A_RHYTHM:
        return None
    if evenness(site.hours, [1.0] * 24) > UNLIKE_OURS:
        return None  # the site itself has no rhythm
    ours, even = evenness(visits.hours, site.hours), evenness(visits.hours, [1.0] * 24)
    speaks = ours < UNLIKE_OURS and even > EVEN
    said = f"by hour of day: like the site's own day with chance {ours:.2g}, like an even one with {even:.2g}"
    return Term(ground=Ground.RHYTHM, speaks=speaks, said=said)


def _origin(visits: Visits, site: Visits) -> Term | None:
    country, browser = _largest(visits.countries), _largest(visits.browsers)
    if country is None or browser is None or visits.sessions < SESSIONS:
        return None
    usual = _share(site.countries, country[0]) * _share(site.browsers, browser[0])
    speaks = country[1] >= CLUSTER and browser[1] >= CLUSTER and usual <= COMMON
    where, how = country[0] or "no country", browser[0] or "no browser"
    said = f"{country[1]:.0%} from {where} and {browser[1]:.0%} with {how}"
    return Term(ground=Ground.ORIGIN, speaks=speaks, said=said)


def _landing(visits: Visits, site: Visits) -> Term | None:
    page = _largest(visits.entries)
    if page is None or sum(visits.entries.values()) < SESSIONS:
        return None
    usual = _share(site.entries, page[0])
    said = f"{page[1]:.0%} begin on {page[0]}; of all visits {usual:.0%} do"
    return Term(ground=Ground.LANDING, speaks=page[1] >= CLUSTER and usual <= COMMON, said=said)


def _novelty(subject: Subject, today: date, known_since: date | None) -> Term | None:
    if subject.first_seen is None or known_since is None or today - known_since < LONG_KNOWN:
        return None
    said = f"first seen on {subject.first_seen}; the site is known since {known_since}"
    return Term(ground=Ground.NOVELTY, speaks=today - subject.first_seen <= NEW, said=said)


def _name(subject: Subject) -> Term | None:
    if not subject.listed_by:
        return None
    return Term(ground=Ground.NAME, speaks=True, said=f"listed by {', '.join(subject.listed_by)}")


def evenness(counts: Sequence[int], profile: Sequence[float]) -> float:
    """Return the chance that counts differ so much from a profile; hours are joined where few are due."""
    total, whole = sum(counts), sum(profile)
    if not total or not whole:
        return 1.0
    cells: list[list[float]] = []
    count = due = 0.0
    for seen, weight in zip(counts, profile, strict=True):
        count, due = count + seen, due + total * weight / whole
        if due >= LEAST_EXPECTED:
            cells.append([count, due])
            count = due = 0.0
    if cells:
        cells[-1][0] += count
        cells[-1][1] += due
    if len(cells) < 2:
        return 1.0
    return chi_square_above(sum((seen - due) ** 2 / due for seen, due in cells), len(cells) - 1)


def _largest(counts: Mapping[str, int]) -> tuple[str, float] | None:
    whole = sum(counts.values())
    if not whole:
        return None
    name = max(counts, key=lambda one: counts[one])
    return name, counts[name] / whole


def _share(counts: Mapping[str, int], name: str) -> float:
    whole = sum(counts.values())
    return counts.get(name, 0) / whole if whole else 0.0
