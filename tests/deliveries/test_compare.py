"""What is missing of a day, and what may not be called lost."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deliveries.compare import FOLLOWS_AFTER, Received, Sent, compare, days_to_compare, sends, told
from bot.facts import Away, LostEvents
from bot.sources.source import Hook

DAY = date(2026, 11, 13)
START = datetime(2026, 11, 12, 23, tzinfo=UTC)
END = START + timedelta(days=1)


def sent(**counts: int) -> Sent:
    return Sent(day=DAY, starts_at=START, ends_at=END, counts=counts, switched_off=("purchase",))


def received(late: int = 0, **counts: int) -> Received:
    return Received(counts=counts, at_most={name: count + late for name, count in counts.items()})


def test_what_did_not_come_is_lost_and_the_largest_loss_is_first() -> None:
    assert compare(sent(purchase=10, signup=40, login=5), received(purchase=9, signup=20, login=5)) == (
        LostEvents(name="signup", sent=40, received=20, lost=20),
        LostEvents(name="purchase", sent=10, received=9, lost=1),
        LostEvents(name="login", sent=5, received=5, lost=0),
    )


@pytest.mark.parametrize(("late", "lost"), [(0, 2), (1, 1), (2, 0), (3, 0)])
def test_what_came_just_after_midnight_may_belong_to_the_day(late: int, lost: int) -> None:
    [one] = compare(sent(purchase=10), received(late, purchase=8))
    assert (one.received, one.lost) == (8, lost)


def test_more_than_was_sent_is_no_loss() -> None:
    [one] = compare(sent(purchase=10), received(purchase=14))
    assert one.lost == 0


def test_people_hear_only_of_what_is_missing_with_what_is_known_about_it() -> None:
    away = (Away(since_at=START, until_at=START + timedelta(hours=2)),)
    compared = compare(sent(purchase=10, signup=3), received(purchase=7, signup=3))
    content = told(sent(), compared, 1, away)
    assert content is not None
    assert [one.name for one in content.events] == ["purchase"]
    assert (content.lost, content.away, content.unreadable) == (3, away, 1)
    assert content.switched_off == ("purchase",)
    assert told(sent(), compare(sent(signup=3), received(signup=3)), 0, away) is None


def hook(event: str, made_at: datetime | None, active: bool | None = True) -> Hook:
    return Hook(event=event, address="https://bot.example.com/hooks/shop/t", active=active, made_at=made_at)


@pytest.mark.parametrize(
    ("made_at", "counts"),
    [
        pytest.param(START - FOLLOWS_AFTER, True, id="in time"),
        pytest.param(START - FOLLOWS_AFTER + timedelta(seconds=1), False, id="a second too late"),
        pytest.param(None, False, id="nobody knows when"),
    ],
)
def test_a_webhook_sends_whole_days_from_some_minutes_after_it_was_made(
    made_at: datetime | None, counts: bool
) -> None:
    assert ("purchase" in sends([hook("purchase", made_at)], START)) is counts


def test_an_event_is_on_when_one_of_its_webhooks_is() -> None:
    old = START - timedelta(days=9)
    hooks = [hook("a", old, active=False), hook("a", old), hook("b", old, active=False), hook("c", old, None)]
    assert sends(hooks, START) == {"a": True, "b": False, "c": True}


@pytest.mark.parametrize(
    ("last", "days"),
    [
        pytest.param(None, [13], id="first time: yesterday"),
        pytest.param(date(2026, 11, 12), [13], id="each morning"),
        pytest.param(date(2026, 11, 13), [], id="twice a day"),
        pytest.param(date(2026, 11, 10), [11, 12, 13], id="after some days away"),
        pytest.param(date(2026, 10, 1), [7, 8, 9, 10, 11, 12, 13], id="a week at most"),
    ],
)
def test_which_days_are_due(last: date | None, days: list[int]) -> None:
    assert [day.day for day in days_to_compare(last, date(2026, 11, 14))] == days


@given(st.dictionaries(st.text("ab", max_size=2), st.integers(0, 99)), st.integers(0, 9), st.data())
def test_never_more_is_lost_than_was_sent(counts: dict[str, int], late: int, data: st.DataObject) -> None:
    came = {name: data.draw(st.integers(0, count)) for name, count in counts.items()}
    compared = compare(
        Sent(day=DAY, starts_at=START, ends_at=END, counts=counts),
        Received(counts=came, at_most={name: count + late for name, count in came.items()}),
    )
    for one in compared:
        assert max(0, one.sent - one.received - late) == one.lost <= one.sent
