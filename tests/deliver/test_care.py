"""What a channel is spared, and when: pure."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deliver.care import DIGEST_WITHIN, Care, Morning, Quiet, morning, spare
from bot.facts import AlertState, ChannelTest, Notice, Reason, Severity, Standing
from tests.stores.making import notice

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Quiet(starts=time(22), ends=time(7))
MICROSECOND = timedelta(microseconds=1)
SPRING, AUTUMN = (datetime(2026, 3, 29), datetime(2026, 10, 25))  # noqa: DTZ001 - local


def local(day: datetime, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return day.replace(hour=hour, minute=minute, tzinfo=BERLIN, fold=fold).astimezone(UTC)


DAY = datetime(2026, 11, 14)  # noqa: DTZ001 - local


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        (local(DAY, 22) - MICROSECOND, None),
        (local(DAY, 22), local(DAY + timedelta(days=1), 7)),
        (local(DAY, 0), local(DAY, 7)),
        (local(DAY, 7) - MICROSECOND, local(DAY, 7)),
        (local(DAY, 7), None),
    ],
    ids=["before", "begins", "midnight", "last", "over"],
)
def test_a_night_begins_and_ends_on_the_wall(at: datetime, ends: datetime | None) -> None:
    assert NIGHT.until(at, BERLIN) == ends


def test_quiet_hours_may_lie_within_one_day() -> None:
    noon = Quiet(starts=time(12), ends=time(13))
    assert noon.until(local(DAY, 12, 30), BERLIN) == local(DAY, 13)
    assert noon.until(local(DAY, 13), BERLIN) is None


def test_the_night_in_which_clocks_go_forward_is_an_hour_shorter() -> None:
    begins = local(SPRING - timedelta(days=1), 22)
    ends = NIGHT.until(begins, BERLIN)
    assert ends is not None
    assert ends - begins == timedelta(hours=8)


def test_the_night_in_which_clocks_go_back_is_an_hour_longer() -> None:
    begins = local(AUTUMN - timedelta(days=1), 22)
    ends = NIGHT.until(begins, BERLIN)
    assert ends is not None
    assert ends - begins == timedelta(hours=10)


def test_an_hour_that_comes_twice_ends_the_quiet_once() -> None:
    short = Quiet(starts=time(22), ends=time(2, 30))
    ends = short.until(local(AUTUMN, 1), BERLIN)
    assert ends == local(AUTUMN, 2, 30, fold=0)
    assert short.until(local(AUTUMN, 2, 10, fold=1), BERLIN) is None


def test_a_time_that_there_is_not_comes_later() -> None:
    short = Quiet(starts=time(22), ends=time(2, 30))
    assert short.until(local(SPRING, 1), BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.times(),
    st.times(),
    st.sampled_from(["Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
)
def test_whatever_the_hours_quiet_ends_after_now_and_within_a_day_and_a_bit(
    now: datetime, starts: time, ends: time, zone: str
) -> None:
    if starts == ends:
        return
    until = Quiet(starts=starts, ends=ends).until(now, ZoneInfo(zone))
    if until is not None:
        assert now < until <= now + timedelta(hours=26)
        assert Quiet(starts=starts, ends=ends).until(until, ZoneInfo(zone)) != until


# ---------------------------------------------------------------- what is held

CARE = Care(zone=BERLIN, quiet=NIGHT, budget=6)
AT_NIGHT, BY_DAY = local(DAY, 23), local(DAY, 12)


def told(number: int) -> int:
    return number


@pytest.mark.parametrize(
    ("changes", "held"),
    [
        ({}, True),
        ({"severity": Severity.INFO}, True),
        ({"severity": Severity.PAGE}, False),
        ({"reason": Reason.RECOVERING}, False),
        ({"content": ChannelTest(asked_by="me")}, False),
    ],
    ids=["notice", "info", "page", "without a sound", "asked for"],
)
def test_what_waits_for_the_morning(changes: dict[str, object], held: bool) -> None:
    found = spare(replace(notice(), **changes), AT_NIGHT, CARE, lambda: 0)  # type: ignore[arg-type]
    assert (found is not None) is held
    if found is not None:
        assert found.until == local(DAY + timedelta(days=1), 7)


@pytest.mark.parametrize(("number", "held"), [(0, False), (5, False), (6, True), (7, True)])
def test_the_budget_of_a_day(number: int, held: bool) -> None:
    found = spare(notice(), BY_DAY, CARE, lambda: number)
    assert (found is not None) is held


def test_what_is_over_the_budget_waits_for_the_next_morning_or_for_a_digest() -> None:
    over = spare(notice(), BY_DAY, CARE, lambda: 6)
    digested = spare(notice(), BY_DAY, replace(CARE, digested=True), lambda: 6)
    without_quiet = spare(notice(), BY_DAY, replace(CARE, quiet=None), lambda: 6)
    assert [one and one.until for one in (over, digested, without_quiet)] == [
        local(DAY + timedelta(days=1), 7),
        BY_DAY + DIGEST_WITHIN,
        local(DAY + timedelta(days=1), 8),
    ]


def test_the_store_is_not_asked_where_there_is_no_budget() -> None:
    def asked() -> int:
        raise AssertionError("the store was asked")

    assert spare(notice(), BY_DAY, replace(CARE, budget=None), asked) is None
    assert spare(notice(), AT_NIGHT, CARE, asked) is not None


def test_a_day_begins_at_midnight_on_the_wall() -> None:
    assert CARE.day_began_at(local(AUTUMN, 23)) == local(AUTUMN, 0)
    assert CARE.day_began_at(local(DAY, 0)) == local(DAY, 0)


# ---------------------------------------------------------------- the morning


def alert(id: str, reason: Reason, state: AlertState = AlertState.OPEN) -> Notice:
    return replace(notice(), reason=reason, standing=Standing(alert=id, state=state, opened_at=AT_NIGHT))


MOMENTARY = notice()


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        pytest.param([], Morning(), id="nothing"),
        pytest.param([("1", MOMENTARY)], Morning(alone=("1",)), id="one is no list"),
        pytest.param(
            [("1", MOMENTARY), ("2", MOMENTARY)], Morning(together=("1", "2")), id="two are told together"
        ),
        pytest.param(
            [("1", alert("a", Reason.OPENED)), ("2", alert("a", Reason.REMINDED)), ("3", MOMENTARY)],
            Morning(alone=("2", "3"), outdated=("1",)),
            id="what still holds says its last word",
        ),
        pytest.param(
            [
                ("1", alert("a", Reason.OPENED)),
                ("2", MOMENTARY),
                ("3", alert("a", Reason.RESOLVED, AlertState.RESOLVED)),
            ],
            Morning(together=("3", "2"), outdated=("1",)),
            id="what came and went is a line",
        ),
        pytest.param(
            [("1", MOMENTARY), ("2", alert("a", Reason.RESOLVED, AlertState.RESOLVED)), ("3", MOMENTARY)],
            Morning(alone=("2",), together=("1", "3")),
            id="the end of what was told before is told",
        ),
    ],
)
def test_a_morning(held: list[tuple[str, Notice]], expected: Morning) -> None:
    assert morning(held) == expected


@given(st.lists(st.sampled_from(list(Reason)), max_size=12), st.data())
def test_nothing_that_was_held_is_forgotten(reasons: list[Reason], data: st.DataObject) -> None:
    held = [
        (str(n), data.draw(st.sampled_from([MOMENTARY, alert("a", reason), alert("b", reason)])))
        for n, reason in enumerate(reasons)
    ]
    sorted_out = morning(held)
    ids = [*sorted_out.alone, *sorted_out.together, *sorted_out.outdated]
    assert sorted(ids) == sorted(id for id, _ in held)
