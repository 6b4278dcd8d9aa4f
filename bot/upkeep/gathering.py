"""Looks for machines among the referrers, pages and countries of the last week, and proposes what to do.

Only what left at once, nearly always, is looked at more closely, and only a few of those: each costs a dozen
questions. What Pirsch can filter is proposed as a filter, where the file says that its type is known; what it
cannot, as a mask in our own numbers. Nothing is ever done without a yes.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from bot.jobs import Ran, Turn
from bot.manage.change import Plan
from bot.manage.impact import reaching
from bot.manage.kinds.filters import key_of
from bot.manage.steward import Busy, Stale
from bot.pirsch.errors import PirschError
from bot.sources.errors import SourceError
from bot.sources.periods import DAY, Days, completed
from bot.sources.source import Dimension, Row, Source, Where
from bot.upkeep import proposals, spam_hosts
from bot.upkeep.additions import Addition, AdditionKind, masks
from bot.upkeep.fetch import Fetch
from bot.upkeep.proposal import Draft, Evidence
from bot.upkeep.spam_hosts import SpamHosts
from bot.upkeep.suspicion import BOUNCED, SESSIONS, Subject, Suspicion, Visits, judge
from bot.upkeep.tending import Tender
from bot.upkeep.working import added_changes, settle_changes

LOOKED_AT = (Dimension.REFERRER, Dimension.PAGE, Dimension.COUNTRY)
CLOSELY = 5
MOST_GOALS = 5
LISTED = "the list of spam hosts"
KNOWN = 56
MASKED_FOR = timedelta(days=180)
FILTERS = {Dimension.PAGE: "page", Dimension.COUNTRY: "country"}

Numbers = Callable[[], Source]


def suspects(
    source: Source, masked: dict[Dimension, tuple[str, ...]], hosts: SpamHosts
) -> Iterator[Suspicion]:
    """Give those that there is enough against. Raise SourceError."""
    today = source.today()
    week, before = completed(today, 7), Days(first=today - (KNOWN + 7) * DAY, last=today - 8 * DAY)
    site, known_since = _visits(source, week, ()), _first_seen(source, before, ())
    goals = [one for one in source.goals(week) if one.visitors][:MOST_GOALS]
    for dimension in LOOKED_AT:
        rows = [
            row
            for row in source.breakdown(dimension, week).rows
            if row.value and row.value not in masked.get(dimension, ()) and _left_at_once(row)
        ]
        asked = [(goal, one) for goal in goals if (one := reaching(goal, dimension)) is not None]
        usual = replace(site, conversions=sum(goal.visitors for goal, _ in asked)) if asked else site
        for row in rows[:CLOSELY]:
            where = (Where(dimension=dimension, value=row.value),)
            converted = sum(source.totals(week, (*where, one)).traffic.visitors for _, one in asked)
            subject = Subject(
                dimension=dimension,
                value=row.value,
                visits=replace(_visits(source, week, where), conversions=converted if asked else None),
                visitors=row.traffic.visitors,
                first_seen=_first_seen(source, Days(first=before.first, last=week.last), where),
                listed_by=(LISTED,) if dimension is Dimension.REFERRER and hosts.has(row.value) else (),
            )
            found = judge(subject, usual, today, known_since)
            if found.enough:
                yield found


def _left_at_once(row: Row) -> bool:
    rate = row.traffic.bounce_rate
    enough = (row.traffic.sessions or row.traffic.visitors) >= SESSIONS
    return enough and (rate is None or rate >= BOUNCED)


def _visits(source: Source, week: Days, where: tuple[Where, ...]) -> Visits:
    traffic = source.totals(week, where).traffic
    hours = [0] * 24
    for day in week:
        for bucket in source.hours(day, where).buckets:
            if bucket.hour is not None:
                hours[bucket.hour] += bucket.traffic.visitors

    def by(dimension: Dimension) -> dict[str, int]:
        return {row.value: row.traffic.visitors for row in source.breakdown(dimension, week, where).rows}

    return Visits(
        sessions=traffic.sessions or traffic.visitors,
        bounces=traffic.bounces,
        hours=tuple(hours),
        countries=by(Dimension.COUNTRY),
        browsers=by(Dimension.BROWSER),
        entries=by(Dimension.ENTRY_PAGE),
        seconds=_lasted(source, week, where),
    )


def _lasted(source: Source, week: Days, where: tuple[Where, ...]) -> float:
    """Return how long the visits that lasted did, of the days that had any; 0 when none lasted."""
    found = source.session_durations(week, where).values()
    return sum(one.total_seconds() for one in found) / len(found) if found else 0.0


def _first_seen(source: Source, period: Days, where: tuple[Where, ...]) -> date | None:
    rows = source.days(period, where).buckets
    return next((row.day for row in rows if row.traffic.visitors), None)


def gather(tender: Tender, numbers: Numbers, fetch: Fetch, turn: Turn) -> Ran:
    """Propose what to do against each suspect."""
    told, count = frozenset[str](), 0
    hosts, unread = spam_hosts.of(tender.file.spam_hosts, fetch)
    try:
        for one in suspects(numbers(), masks(tender.standing(), turn.now), hosts):
            told |= propose(tender, one, turn)
            count += 1
    except (SourceError, PirschError, Busy, Stale) as error:
        return Ran(said=f"Put off: {error}", channels=told, failed=True)
    said = f"{count} look like machines." if count else "Nothing looks like a machine."
    return Ran(said=f"{said} {unread}".strip(), channels=told)


def propose(tender: Tender, found: Suspicion, turn: Turn) -> frozenset[str]:
    """Put a filter before people where Pirsch has one and the file knows its type, and else a mask."""
    subject = found.subject
    type = FILTERS.get(subject.dimension)
    if type is not None and type in tender.file.filter_types:
        value = subject.value.upper() if type == "country" else subject.value
        one = Addition(
            site=tender.site,
            kind=AdditionKind.FILTER,
            key=key_of(type, value),
            why=" ".join(f"{term.said}." for term in found.terms if term.speaks),
            by="upkeep: behaves like a machine",
            fields={"type": type, "filter": value, "note": "behaves like a machine"},
            until_at=turn.now + MASKED_FOR,
        )
        look, changes = added_changes(tender, one)
        return settle_changes(tender, one, look, changes, turn, ask=True).told if changes else frozenset()
    with turn.transaction() as tx:
        _, made = proposals.offer(tx, mask_of(tender.site, found, turn), turn.now)
        return frozenset() if made is None else tender.audience.asked(tx, made, turn.now)


def mask_of(site: str, found: Suspicion, turn: Turn) -> Draft:
    """Return the proposal to leave a suspect out of our own numbers for half a year."""
    subject = found.subject
    one = Addition(
        site=site,
        kind=AdditionKind.MASK,
        key=f"{subject.dimension} {subject.value}",
        why="; ".join(term.said for term in found.terms if term.speaks),
        by="upkeep",
        fields={"dimension": subject.dimension.value, "value": subject.value},
        until_at=turn.now + MASKED_FOR,
    )
    return Draft(
        site=site,
        about=f"mask {one.key}",
        title=f"Leave the {subject.dimension} {subject.value} out of the bot's numbers",
        plan=Plan(site=site, made_at=turn.now, changes=(), state=""),
        additions=(one,),
        evidence=Evidence(
            sentences=tuple(f"{term.ground}: {term.said}" for term in found.terms if term.speaks),
            table=(
                ("visitors in a week", f"{subject.visitors:,}"),
                *((f"not against it: {term.ground}", term.said) for term in found.terms if not term.speaks),
            ),
        ),
        asked_by="upkeep, because it behaves like a machine",
    )
