"""Whatever a digest says, a valid Slack message and a valid mail come out."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.facts import (
    AlertLine,
    AlertList,
    Bar,
    Bars,
    Cause,
    ChangeLine,
    Chart,
    DaySpan,
    Digest,
    Doubt,
    Driver,
    Explanation,
    Failed,
    Figure,
    Form,
    Funnel,
    FunnelLine,
    FunnelList,
    GoalLine,
    GoalList,
    HeldBack,
    Line,
    Maintenance,
    Notice,
    Numbers,
    Oddity,
    Pace,
    Point,
    Says,
    Severity,
    SiteReport,
    Step,
    Unusual,
)
from bot.record import read_notice, write_notice
from bot.render import Renderer
from bot.writing.formats import Formats
from tests.render.limits import check_mail, check_slack

RENDERER = Renderer([], Formats(zone=ZoneInfo("America/New_York")))

WITHOUT_SHRINKING = [Phase.explicit, Phase.reuse, Phase.generate, Phase.target]
"""A digest is large: to shrink one takes minutes, and the first one found says enough."""

TEXT = st.one_of(
    st.text(alphabet=st.characters(), max_size=40),
    st.sampled_from(["&" * 9_000, "<" * 700 + ">", "\u202e", "\n\n" * 50, "", "’" * 4_000, "*_~`"]),
)
STORED = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
COUNT = st.integers(0, 10**15)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
AMOUNT = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**18, places=2)
DAY = st.dates()
INSTANT = st.integers(0, 7_000_000_000).map(lambda s: datetime(1971, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
SPAN = st.builds(DaySpan, first=DAY, last=DAY)
CHANCE = st.floats(0, 1)


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def several(strategy: st.SearchStrategy[Any], most: int = 3, least: int = 0) -> st.SearchStrategy[Any]:
    return st.lists(strategy, min_size=least, max_size=most).map(tuple)


def digests(text: st.SearchStrategy[str]) -> st.SearchStrategy[Digest]:
    figure = st.builds(
        Figure,
        name=text,
        now=AMOUNT,
        before=optional(AMOUNT),
        form=st.sampled_from(Form),
        unit=text,
        says=st.sampled_from(Says),
        change=optional(NUMBER),
        low=optional(NUMBER),
        high=optional(NUMBER),
        chance=optional(CHANCE),
        good=optional(st.booleans()),
        dimension=st.sampled_from(["", "country", "language", "page"]),
    )
    point = st.builds(Point, at=INSTANT, value=optional(NUMBER), low=optional(NUMBER), high=optional(NUMBER))
    line = st.builds(Line, title=text, unit=text, points=several(point), hourly=st.booleans())
    bars = st.builds(
        Bars, title=text, unit=text, bars=several(st.builds(Bar, label=text, value=NUMBER)), now=text
    )
    funnel = st.builds(
        Funnel, title=text, steps=several(st.builds(Step, name=text, visitors=COUNT, usual=optional(NUMBER)))
    )
    cause = st.builds(
        Cause,
        dimension=text,
        drivers=several(st.builds(Driver, value=text, got=COUNT, expected=NUMBER)),
        rest_usual=st.booleans(),
    )
    explanation = st.builds(
        Explanation,
        got=COUNT,
        expected=NUMBER,
        causes=several(cause),
        alike=several(text),
        doubt=optional(st.sampled_from(Doubt)),
    )
    oddity = st.builds(
        Oddity,
        what=st.sampled_from(["period", "day", "mix"]),
        figure=figure,
        day=DAY,
        dimension=text,
        explanation=optional(explanation),
    )
    goal = st.builds(
        GoalLine,
        figure=figure,
        pace=st.sampled_from(Pace),
        target=AMOUNT,
        present=AMOUNT,
        ahead=AMOUNT,
        form=st.sampled_from(Form),
        ends=DAY,
        ended=st.booleans(),
    )
    section = st.one_of(
        st.builds(
            Numbers,
            of=st.sampled_from(["summary", "pages", "referrers", "channels", "events", "revenue"]),
            figures=several(figure, least=1),
            unit=text,
            more=COUNT,
            picture=optional(bars),
        ),
        st.builds(Chart, picture=line),
        st.builds(Unusual, oddities=several(oddity), more=COUNT),
        st.builds(GoalList, goals=several(goal), more=COUNT),
        st.builds(
            FunnelList,
            funnels=several(st.builds(FunnelLine, figure=figure, picture=funnel, step=optional(figure))),
            more=COUNT,
        ),
    )
    failed = st.builds(Failed, sections=several(text), why=text, site=optional(text))
    site = st.builds(
        SiteReport,
        site=text,
        span=SPAN,
        before=SPAN,
        sections=several(section, 5),
        failed=several(failed),
        masked=optional(COUNT),
    )
    alert = st.builds(
        AlertLine,
        rule=text,
        severity=st.sampled_from(Severity),
        opened_at=INSTANT,
        site=optional(text),
        resolved_at=optional(INSTANT),
    )
    held = st.builds(
        HeldBack,
        reason=text,
        count=COUNT,
        examples=several(text),
        channel=optional(text),
        later=st.booleans(),
    )
    change = st.builds(ChangeLine, what=text, why=text, at=INSTANT, site=optional(text))
    return st.builds(
        Digest,
        name=text,
        span=SPAN,
        before=SPAN,
        sites=several(site, 4),
        alerts=optional(st.builds(AlertList, alerts=several(alert), more=COUNT)),
        maintenance=optional(
            st.builds(Maintenance, done=several(change), proposed=several(change), more=COUNT)
        ),
        held_back=optional(several(held)),
        failed=several(failed),
        late=optional(st.timedeltas(timedelta(0), timedelta(days=9_999))),
        next_at=optional(INSTANT),
        full=st.booleans(),
    )


@settings(max_examples=60, suppress_health_check=list(HealthCheck), phases=WITHOUT_SHRINKING)
@given(digest=digests(TEXT), rule=TEXT, site=st.none() | TEXT, at=INSTANT)
def test_any_digest_is_a_valid_message_everywhere(
    digest: Digest, rule: str, site: str | None, at: datetime
) -> None:
    notice = Notice(key="digest/x", content=digest, at=at, severity=Severity.INFO, rule=rule, site=site)
    slack, mail = RENDERER.slack(notice), RENDERER.mail(notice)
    assert slack.broken is None
    assert mail.broken is None
    check_slack(slack)
    check_mail(mail)


@settings(max_examples=60, suppress_health_check=list(HealthCheck), phases=WITHOUT_SHRINKING)
@given(digest=digests(STORED))
def test_any_digest_is_the_same_after_it_was_stored(digest: Digest) -> None:
    notice = Notice(key="digest/x", content=digest, at=datetime(2026, 11, 16, tzinfo=UTC))
    assert read_notice(write_notice(notice)) == notice


def test_the_number_after_the_store_is_still_exact() -> None:
    figure = Figure(name="revenue", now=Decimal("0.1"), form=Form.AMOUNT)
    site = SiteReport(
        site="shop",
        span=DaySpan(first=date(2026, 11, 9), last=date(2026, 11, 15)),
        before=DaySpan(first=date(2026, 11, 2), last=date(2026, 11, 8)),
        sections=(Numbers(of="revenue", figures=(figure,)),),
    )
    digest = Digest(name="Monday", span=site.span, before=site.before, sites=(site,))
    notice = Notice(key="digest/Monday", content=digest, at=datetime(2026, 11, 16, tzinfo=UTC))
    kept = read_notice(write_notice(notice)).content
    assert isinstance(kept, Digest)
    assert kept.sites[0].sections == site.sections
