"""Our questions in Pirsch's words, and its answers in ours. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot.pirsch.answers.behaviour import FunnelStats, FunnelStepStats, GoalReached
from bot.pirsch.answers.breakdowns import Platforms
from bot.pirsch.answers.numbers import Hour, Span
from bot.pirsch.answers.numbers import Totals as PirschTotals
from bot.pirsch.conditions import Condition, contains, differs, equals, known, lacks, unknown
from bot.pirsch.conditions import Dimension as Condition_on
from bot.pirsch.errors import (
    BadCredentials,
    Forbidden,
    NotFound,
    NotReadable,
    PirschError,
    TryLater,
    Unreachable,
    Unsure,
)
from bot.pirsch.ids import DomainId
from bot.pirsch.query import Query
from bot.sources.errors import Gone, Misconfigured, Refused, SourceError, Unavailable, Unreadable
from bot.sources.periods import Days, Period
from bot.sources.source import Dimension, FunnelStep, GoalState, Match, Row, Target, Traffic, Where

CONDITIONS: Mapping[Dimension, Condition_on] = {
    Dimension.PAGE: Condition_on.PATH,
    Dimension.ENTRY_PAGE: Condition_on.ENTRY_PATH,
    Dimension.EXIT_PAGE: Condition_on.EXIT_PATH,
    Dimension.HOSTNAME: Condition_on.HOSTNAME,
    Dimension.REFERRER: Condition_on.REFERRER,
    Dimension.CHANNEL: Condition_on.CHANNEL,
    Dimension.COUNTRY: Condition_on.COUNTRY,
    Dimension.REGION: Condition_on.REGION,
    Dimension.CITY: Condition_on.CITY,
    Dimension.LANGUAGE: Condition_on.LANGUAGE,
    Dimension.BROWSER: Condition_on.BROWSER,
    Dimension.SYSTEM: Condition_on.OS,
    Dimension.DEVICE: Condition_on.PLATFORM,
    Dimension.SCREEN: Condition_on.SCREEN_CLASS,
    Dimension.UTM_SOURCE: Condition_on.UTM_SOURCE,
    Dimension.UTM_MEDIUM: Condition_on.UTM_MEDIUM,
    Dimension.UTM_CAMPAIGN: Condition_on.UTM_CAMPAIGN,
    Dimension.UTM_CONTENT: Condition_on.UTM_CONTENT,
    Dimension.UTM_TERM: Condition_on.UTM_TERM,
    Dimension.TAG: Condition_on.TAG,
    Dimension.EVENT: Condition_on.EVENT,
}

# ---------------------------------------------------------------- questions


def query(domain: DomainId, period: Period, zone: ZoneInfo, where: Sequence[Where]) -> Query:
    """Return a question with its days and their zone, both always named."""
    if isinstance(period, Days):
        asked = Query.days(domain, period.first, period.last, tz=zone.key)
    else:
        asked = Query.window(domain, period.day, period.from_time, period.to_time, tz=zone.key)
    for one in where:
        asked = asked.where(CONDITIONS[one.dimension], _condition(one))
    return asked


def _condition(one: Where) -> Condition:
    if one.value is None:
        return known() if one.match in (Match.IS_NOT, Match.LACKS) else unknown()
    kinds = {Match.IS: equals, Match.IS_NOT: differs, Match.CONTAINS: contains, Match.LACKS: lacks}
    return kinds[one.match](one.value)


# ---------------------------------------------------------------- answers


def traffic(row: PirschTotals | Span | Hour) -> Traffic:
    """Return the counts of a row."""
    return Traffic(visitors=row.visitors, views=row.views, sessions=row.sessions, bounces=row.bounces)


def by_day(rows: Sequence[Span], period: Days) -> Mapping[date, Traffic]:
    """Return the traffic of each asked day.

    Pirsch fills gaps with zeros (its open core, v6), so that no row at all is "nothing happened", which Go
    writes as null, and a day that is missing between others is an answer that was cut.
    """
    if not rows:
        return dict.fromkeys(period, Traffic(visitors=0, views=0, sessions=0, bounces=0))
    found = {row.day: traffic(row) for row in rows if row.day is not None}
    if not set(period) <= set(found):
        raise Unreadable("Pirsch left days out of a series")
    return {day: found[day] for day in period}


def by_hour(rows: Sequence[Hour]) -> Mapping[int, Traffic]:
    """Return the traffic of each hour of the day. Raise Unreadable when hours are missing."""
    if not rows:
        return dict.fromkeys(range(24), Traffic(visitors=0, views=0, sessions=0, bounces=0))
    found = {row.hour: traffic(row) for row in rows}
    if set(found) != set(range(24)):
        raise Unreadable("Pirsch left hours out of a day")
    return found


def devices(answer: Platforms) -> tuple[Row, ...]:
    """Return the kinds of devices as rows: Pirsch tells them as one object."""
    found = (
        ("desktop", answer.desktop, answer.relative_desktop),
        ("mobile", answer.mobile, answer.relative_mobile),
        ("", answer.unknown, answer.relative_unknown),
    )
    rows = [Row(value=name, traffic=Traffic(visitors=count), share=share) for name, count, share in found]
    return tuple(sorted((row for row in rows if row.traffic.visitors), key=lambda row: -row.traffic.visitors))


def goal(answer: GoalReached) -> GoalState:
    """Return a goal as it stands. Pirsch tells the wished-for rate in percent, the present as a fraction."""
    wanted, found = answer.goal, answer.numbers
    wanted_share = wanted.cr_percent / 100 if wanted.cr_percent else None
    return GoalState(
        id=wanted.id,
        name=wanted.name,
        visitors=found.visitors,
        share=found.cr,
        views=found.views,
        event=wanted.event_name,
        page=wanted.glob or wanted.regex,
        visitors_target=_target(wanted.visitors, found.visitors),
        share_target=_target(wanted_share, found.cr),
        total_target=_target(wanted.custom_metric_total, found.custom_metric_total),
        average_target=_target(wanted.custom_metric_avg, found.custom_metric_avg),
        vanishes=wanted.delete_reached,
        event_meta=(wanted.event_meta_key, wanted.event_meta_value) if wanted.event_meta_key else None,
        tags=wanted.tags,
        made_at=wanted.created_at,
    )


def _target(wanted: float | None, present: float | None) -> Target | None:
    return Target(wanted=wanted, present=present or 0.0) if wanted else None


def funnel_steps(answer: FunnelStats) -> tuple[FunnelStep, ...]:
    """Return the steps of a funnel, with shares of our own: Pirsch says 0 where nobody could go on."""
    rows = sorted(answer.steps, key=lambda row: row.step)
    names = [step.name for step in answer.definition.steps] if answer.definition else []
    return tuple(_step(rows, number, names) for number in range(len(rows)))


def _step(rows: Sequence[FunnelStepStats], number: int, names: Sequence[str]) -> FunnelStep:
    visitors, first = rows[number].visitors, rows[0].visitors
    before = rows[number - 1].visitors if number else first
    return FunnelStep(
        number=number + 1,
        name=names[number] if number < len(names) else "",
        visitors=visitors,
        conversion=visitors / before if before else None,
        share=visitors / first if first else None,
    )


# ---------------------------------------------------------------- errors

RIGHTS = (
    "Give the client the scopes statistics (r) and domains (r) at Pirsch: Settings, Integration, Clients."
)
KEYS = "Set client_id and client_secret in [pirsch] to an OAuth client of this account."


def error(trouble: PirschError) -> SourceError:
    """Return what an error of the client means for whoever wanted a number. Its texts hold no secret."""
    why = f"Pirsch: {trouble}"
    match trouble:
        case TryLater():
            return Unavailable(why, trouble.retry_after)
        case Unreachable() | Unsure():
            return Unavailable(why)
        case BadCredentials():
            return Misconfigured(why, KEYS)
        case Forbidden():
            return Misconfigured(why, RIGHTS)
        case NotFound():
            return Gone(why)
        case NotReadable():
            return Unreadable(why)
        case _:  # refused by Pirsch, or not sent because Pirsch would have ignored a part of it
            return Refused(why)
