"""Whatever strangers write, a valid Slack message and a valid mail come out."""

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.facts import (
    Absence,
    AlertState,
    ChannelTest,
    Content,
    EventHeard,
    EventsCollected,
    Example,
    Frequency,
    Measured,
    Missed,
    Notice,
    Reason,
    Severity,
    Spared,
    Standing,
    Trouble,
    Upkept,
)
from bot.render import Renderer
from bot.writing.formats import Formats
from tests.render.limits import check_mail, check_slack

RENDERER = Renderer([], Formats(zone=ZoneInfo("Pacific/Apia")))

# Lone surrogates are in; so are long runs of what escaping makes longest.
TEXT = st.one_of(
    st.text(alphabet=st.characters(), max_size=60),
    st.sampled_from(["&" * 9_000, "<" * 700 + ">", "\u202e", "\n\n" * 50, " ", "", "\x1e" * 5, "’" * 4_000]),
)
SECONDS = st.integers(0, 7_000_000_000)
INSTANT = SECONDS.map(lambda seconds: datetime(1971, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
LENGTH = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9_999))
COUNT = st.integers(0, 10**18)
AMOUNT = st.one_of(st.none(), st.decimals(), st.decimals(allow_nan=False, places=2))
NUMBER = st.floats()
META = st.dictionaries(TEXT, TEXT, max_size=14)
EXAMPLE = st.builds(Example, name=TEXT, received_at=INSTANT, meta=META, value=AMOUNT)
EXAMPLES = st.lists(EXAMPLE, min_size=1, max_size=3).map(tuple)

CONTENT: st.SearchStrategy[Content] = st.one_of(
    st.builds(EventHeard, event=EXAMPLE, duration=LENGTH),
    st.builds(
        EventsCollected,
        count=COUNT,
        first_at=INSTANT,
        last_at=INSTANT,
        examples=EXAMPLES,
        total=AMOUNT,
        largest=AMOUNT,
        unreadable=COUNT,
    ),
    st.builds(
        Frequency,
        state=st.sampled_from(["firing", "resolved"]),
        at_least=COUNT,
        within=LENGTH,
        count=COUNT,
        total=COUNT,
        since_at=INSTANT,
        ended_at=st.none() | INSTANT,
        examples=EXAMPLES | st.just(()),
    ),
    st.builds(
        Absence,
        state=st.sampled_from(["firing", "resolved"]),
        expected=TEXT,
        none_within=LENGTH,
        watched_since_at=INSTANT,
        last_at=st.none() | INSTANT,
        ended_at=st.none() | INSTANT,
    ),
    st.builds(
        Measured,
        state=st.sampled_from(["firing", "resolved"]),
        look=TEXT,
        number=TEXT,
        why=TEXT,
        value=NUMBER,
        since_at=INSTANT,
        unit=st.sampled_from(["", "%", "s"]),
        side=st.none() | st.sampled_from(["up", "down"]),
        subject=st.none() | TEXT,
        expected=st.none() | NUMBER,
        low=st.none() | NUMBER,
        high=st.none() | NUMBER,
        limit=st.none() | NUMBER,
        within=st.none() | LENGTH,
        rarity=st.none() | TEXT,
        ended_at=st.none() | INSTANT,
        extreme=st.none() | NUMBER,
        missing=st.none() | NUMBER,
        link=st.none() | TEXT,
    ),
    st.builds(
        Upkept,
        what=TEXT,
        why=TEXT,
        good=st.booleans(),
        changes=st.lists(TEXT, max_size=12).map(tuple),
        undo=st.sampled_from(["", "pirsch-bot undo 118"]),
    ),
    st.builds(Trouble, what=TEXT, why=TEXT, remedy=TEXT),
    st.builds(ChannelTest, asked_by=TEXT),
    st.builds(
        Missed,
        channel=TEXT,
        why=TEXT,
        since_at=INSTANT,
        until_at=INSTANT,
        elsewhere=COUNT,
        lost=COUNT,
        fallback=st.none() | TEXT,
    ),
)
STANDING = st.builds(
    Standing,
    alert=TEXT,
    state=st.sampled_from(AlertState),
    opened_at=INSTANT,
    told=COUNT,
    by=st.none() | TEXT,
    why=st.none() | TEXT,
    until_at=st.none() | INSTANT,
    next_at=st.none() | INSTANT,
    meanwhile=st.lists(TEXT, max_size=3).map(tuple),
    inhibited=COUNT,
)


def _notices(content: st.SearchStrategy[Content]) -> st.SearchStrategy[Notice]:
    return st.builds(
        Notice,
        key=TEXT,
        content=content,
        at=INSTANT,
        severity=st.sampled_from(Severity),
        reason=st.sampled_from(Reason),
        site=st.none() | TEXT,
        rule=st.none() | TEXT,
        standing=st.none() | STANDING,
    )


SPARED = st.builds(
    Spared, count=COUNT, since_at=INSTANT, notices=st.lists(_notices(CONTENT), max_size=20).map(tuple)
)
NOTICE = _notices(CONTENT | SPARED)
TOLERANT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@TOLERANT
@given(NOTICE, st.none() | LENGTH)
def test_any_notice_makes_a_valid_slack_message(notice: Notice, late: timedelta | None) -> None:
    words = RENDERER.slack(notice, late)
    assert words.broken is None
    check_slack(words)


@TOLERANT
@given(NOTICE, st.none() | LENGTH)
def test_any_notice_makes_a_valid_mail(notice: Notice, late: timedelta | None) -> None:
    words = RENDERER.mail(notice, late)
    assert words.broken is None
    check_mail(words)


def test_every_field_of_a_content_is_thought_of() -> None:
    def named(value: Any) -> set[str]:
        return {one.name for one in fields(value)} if is_dataclass(value) else set()

    assert named(Notice) == {"key", "content", "at", "severity", "reason", "site", "rule", "standing"}
    assert named(Example) == {"name", "received_at", "meta", "value"}
