"""What becomes of events: told, counted, collected, missed."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts import (
    Absence,
    Event,
    EventHeard,
    EventsCollected,
    Finding,
    Frequency,
    Reason,
    Severity,
)
from bot.rules.expression import Condition, compile_condition, compile_key, compile_value
from bot.rules.judge import Judged, due_at, hear, listen, tick
from bot.rules.memory import Memory
from bot.rules.rule import Rule
from tests.rules.building import at, heard

MINUTE = timedelta(minutes=1)
ORDERS = Rule(name="Orders", event="purchase", severity=Severity.PAGE)
BURST = Rule(name="Broken", event="404", at_least=3, within=MINUTE)
SILENCE = Rule(name="Quiet", event="signup", none_within=timedelta(hours=1))
COLLECT = Rule(name="Sales", event="purchase", collect=2 * MINUTE, value=compile_value("money(meta.amount)"))


def never(key: str) -> bool:
    return False


def story(rule: Rule, *events: Event, memory: Memory | None = None) -> list[Judged]:
    """Let a rule hear events one after the other. Its memory goes through JSON each time."""
    memory = memory or Memory()
    told = []
    for event in events:
        judged = hear(rule, event, memory, never)
        memory = Memory.from_json(judged.memory.to_json())
        assert memory == judged.memory
        told.append(judged)
    return told


def reasons(told: Iterable[Judged]) -> list[Reason | None]:
    return [judged.reason for judged in told]


def only(findings: Sequence[Finding]) -> Finding:
    assert len(findings) == 1
    return findings[0]


def times(*seconds: float) -> list[Event]:
    return [heard("404", after=after, number=number) for number, after in enumerate(seconds, start=1)]


# ------------------------------------------------------------------------------------------ one event


def test_an_event_is_told() -> None:
    judged = hear(ORDERS, heard(number=7, after=5, amount="12"), Memory(), never)
    finding = only(judged.findings)
    assert judged == Judged(memory=Memory(), reason=Reason.TOLD, findings=(finding,))
    assert finding.key == "shop/Orders/7"
    assert (finding.severity, finding.site, finding.rule) == (Severity.PAGE, "shop", "Orders")
    assert (finding.lasting, finding.reason, finding.seen_at) == (False, Reason.TOLD, at(5))
    assert isinstance(finding.content, EventHeard)
    assert finding.content.event.meta == {"amount": "12"}
    assert due_at(ORDERS, judged.memory) is None


def test_an_event_that_is_not_meant_changes_nothing() -> None:
    rule = Rule(name="USD", event="purchase", condition=compile_condition("meta.currency == 'USD'"))
    memory = Memory(last_at=at(0))
    assert hear(rule, heard(currency="EUR"), memory, never) == Judged(memory=memory)


def test_the_value_is_quoted_whether_named_or_found_in_the_condition() -> None:
    found = Rule(name="a", event="*", condition=compile_condition("number(meta.amount) > 1"))
    named = Rule(name="b", event="*", condition=found.condition, value=compile_value("number(meta.items)"))
    for rule, value in ((found, 5), (named, 3)):
        content = only(hear(rule, heard(amount="5", items="3"), Memory(), never).findings).content
        assert isinstance(content, EventHeard)
        assert content.event.value == value


def test_what_strangers_wrote_is_cut() -> None:
    flood = Event(
        id=1,
        site="shop",
        name="n" * 9999,
        received_at=at(0),
        meta={f"{number}{'k' * 999}": "v" * 9999 + "\ud800" for number in range(99)},
    )
    content = only(hear(ORDERS, flood, Memory(), never).findings).content
    assert isinstance(content, EventHeard)
    assert len(content.event.name) == 200
    assert len(content.event.meta) == 20
    assert all(len(key) == 100 and len(value) == 500 for key, value in content.event.meta.items())


def test_a_key_is_told_once() -> None:
    rule = Rule(name="Once", event="*", once_per=compile_key("meta.order"))
    told: set[str] = set()
    seen = []
    for order in ("a", "b", "a"):
        judged = hear(rule, heard(order=order), Memory(), told.__contains__)
        told |= {judged.once_key} if judged.once_key else set()
        seen.append((judged.reason, judged.once_key, len(judged.findings)))
    assert seen == [(Reason.TOLD, "a", 1), (Reason.TOLD, "b", 1), (Reason.TOLD_ONCE, None, 0)]


def test_an_event_without_its_key_is_told() -> None:
    rule = Rule(name="Once", event="*", once_per=compile_key("meta.order"))
    judged = hear(rule, heard(), Memory(), lambda key: True)
    assert (judged.reason, judged.once_key) == (Reason.TOLD, None)


def test_a_key_is_not_used_up_by_an_event_that_is_not_meant() -> None:
    rule = Rule(name="Once", event="*", condition=compile_condition("false"), once_per=compile_key("name"))
    assert hear(rule, heard(), Memory(), never).once_key is None


def test_a_bug_in_a_condition_reaches_the_caller() -> None:
    def broken(event: Event) -> bool:
        raise ZeroDivisionError

    rule = Rule(name="Bug", event="*", condition=Condition("broken", broken))
    with pytest.raises(ZeroDivisionError):
        hear(rule, heard(), Memory(), never)


# ------------------------------------------------------------------------------------------ frequency


def test_enough_events_open_the_trouble_once() -> None:
    told = story(BURST, *times(0, 10, 20, 30))
    assert reasons(told) == [Reason.COUNTED, Reason.COUNTED, Reason.OPENED, Reason.STILL_OPEN]
    assert told[3].findings == ()
    finding = only(told[2].findings)
    assert (finding.key, finding.lasting, finding.holds) == ("shop/Broken", True, True)
    content = finding.content
    assert isinstance(content, Frequency)
    assert (content.state, content.count, content.total, content.since_at) == ("firing", 3, 3, at(0))
    assert (content.at_least, content.within, content.ended_at) == (3, MINUTE, None)
    assert [example.received_at for example in content.examples] == [at(0), at(10), at(20)]


@pytest.mark.parametrize(
    ("last", "reason"), [(59, Reason.OPENED), (60, Reason.COUNTED)], ids=["59 s", "60 s"]
)
def test_the_window_is_half_open(last: float, reason: Reason) -> None:
    assert story(BURST, *times(0, 1, last))[-1].reason is reason


@pytest.mark.parametrize(("passed", "ends"), [(69, False), (70, True)], ids=["69 s", "70 s"])
def test_it_ends_when_the_window_falls_below(passed: float, ends: bool) -> None:
    memory = story(BURST, *times(0, 10, 20, 30))[-1].memory
    assert due_at(BURST, memory) == at(70)  # 10, 20 and 30 were three until then
    judged = tick(BURST, "shop", memory, at(passed))
    assert (judged.reason is Reason.RESOLVED) is ends
    if ends:
        finding = only(judged.findings)
        content = finding.content
        assert isinstance(content, Frequency)
        assert (finding.key, finding.lasting, finding.holds) == ("shop/Broken", True, False)
        assert (content.state, content.count, content.total) == ("resolved", 2, 4)
        assert (content.since_at, content.ended_at) == (at(0), at(70))
        assert due_at(BURST, judged.memory) is None


def test_a_late_tick_tells_when_it_really_ended() -> None:
    memory = story(BURST, *times(0, 10, 20))[-1].memory
    finding = only(tick(BURST, "shop", memory, at(9999)).findings)
    assert isinstance(finding.content, Frequency)
    assert (finding.content.ended_at, finding.content.count, finding.seen_at) == (at(60), 0, at(9999))


def test_an_event_can_show_that_it_is_over() -> None:
    told = story(BURST, *times(0, 10, 20, 500))
    assert told[-1].reason is Reason.RESOLVED
    content = only(told[-1].findings).content
    assert isinstance(content, Frequency)
    assert (content.ended_at, content.count, content.total) == (at(60), 1, 3)


def test_a_late_event_counts_where_it_belongs() -> None:
    assert reasons(story(BURST, *times(0, 20, 10))) == [Reason.COUNTED, Reason.COUNTED, Reason.OPENED]
    assert reasons(story(BURST, *times(0, 1, 100, 2)))[-1] is Reason.COUNTED


def test_what_time_has_ended_no_late_event_opens_again() -> None:
    rule = Rule(name="Two", event="404", at_least=2, within=timedelta(seconds=10))
    memory = tick(rule, "shop", story(rule, *times(0, 5))[-1].memory, at(16)).memory
    judged = hear(rule, heard("404", after=6), memory, never)
    assert (judged.reason, judged.findings) == (Reason.COUNTED, ())


def test_it_ends_when_the_owner_takes_the_condition_away() -> None:
    memory = story(BURST, *times(0, 10, 20))[-1].memory
    plain = Rule(name="Broken", event="404")
    more = Rule(name="Broken", event="404", at_least=5, within=MINUTE)
    for rule in (plain, more):
        assert due_at(rule, memory) == at(20)
        finding = only(tick(rule, "shop", memory, at(21)).findings)
        assert (finding.key, finding.holds) == ("shop/Broken", False)


@given(
    seconds=st.lists(st.integers(0, 300), max_size=40),
    at_least=st.integers(2, 5),
    within=st.integers(1, 90),
    ticks=st.booleans(),
)
def test_it_is_open_exactly_while_counting_says_so(
    seconds: list[int], at_least: int, within: int, ticks: bool
) -> None:
    rule = Rule(name="Broken", event="404", at_least=at_least, within=timedelta(seconds=within))
    memory, is_open, now = Memory(), False, at(0)
    for place, event in enumerate(times(*seconds)):
        now = max(now, event.received_at)
        if ticks and place % 2:
            now += timedelta(seconds=within / 3)
            judged = tick(rule, "shop", memory, now)
            memory, is_open = _turned(judged, is_open)
            assert is_open is (_window(seconds[:place], now, within) >= at_least)
        judged = hear(rule, event, memory, never)
        memory, is_open = _turned(judged, is_open)
        as_of_at = memory.as_of_at or now
        assert is_open is (_window(seconds[: place + 1], as_of_at, within) >= at_least)
        assert len(memory.hits) <= at_least


def _turned(judged: Judged, was_open: bool) -> tuple[Memory, bool]:
    for finding in judged.findings:
        assert finding.holds is not was_open
        was_open = finding.holds
    return judged.memory, was_open


def _window(seconds: list[int], now: datetime, within: int) -> int:
    return sum(timedelta(0) <= now - at(each) < timedelta(seconds=within) for each in seconds)


# ------------------------------------------------------------------------------------------ absence


@pytest.mark.parametrize(("passed", "missed"), [(3599, False), (3600, True)], ids=["59:59", "60:00"])
def test_silence_becomes_an_absence(passed: float, missed: bool) -> None:
    memory = story(SILENCE, heard("signup", after=0), memory=listen(Memory(), at(-60)))[-1].memory
    assert due_at(SILENCE, memory) == at(3600)
    judged = tick(SILENCE, "shop", memory, at(passed))
    assert (judged.reason is Reason.OPENED) is missed
    if missed:
        finding = only(judged.findings)
        assert (finding.key, finding.lasting, finding.holds) == ("shop/Quiet", True, True)
        assert finding.content == Absence(
            state="firing",
            expected="signup",
            none_within=timedelta(hours=1),
            watched_since_at=at(-60),
            last_at=at(0),
        )
        assert due_at(SILENCE, judged.memory) is None
        assert tick(SILENCE, "shop", judged.memory, at(9999)).findings == ()


def test_an_event_that_never_came_is_missed() -> None:
    memory = listen(Memory(), at(0))
    content = only(tick(SILENCE, "shop", memory, at(3600)).findings).content
    assert isinstance(content, Absence)
    assert (content.last_at, content.watched_since_at) == (None, at(0))


def test_before_anybody_listens_nothing_is_missed() -> None:
    assert due_at(SILENCE, Memory()) is None
    assert tick(SILENCE, "shop", Memory(), at(10**6)) == Judged(memory=Memory())


def test_silence_while_nothing_could_be_heard_means_nothing() -> None:
    memory = story(SILENCE, heard("signup", after=0))[-1].memory
    awake = listen(memory, at(7200))
    assert due_at(SILENCE, awake) == at(7200 + 3600)
    assert listen(awake, at(100)) == awake


def test_the_next_event_ends_the_absence() -> None:
    memory = story(SILENCE, heard("signup", after=0))[-1].memory
    memory = tick(SILENCE, "shop", memory, at(4000)).memory
    told = story(SILENCE, heard("signup", after=5000), heard("signup", after=5001), memory=memory)
    assert reasons(told) == [Reason.RESOLVED, Reason.SEEN]
    finding = only(told[0].findings)
    assert (finding.key, finding.lasting, finding.holds) == ("shop/Quiet", True, False)
    assert isinstance(finding.content, Absence)
    assert (finding.content.last_at, finding.content.ended_at) == (at(0), at(5000))
    assert due_at(SILENCE, told[1].memory) == at(5001 + 3600)


@pytest.mark.parametrize(
    ("late", "reason"), [(400, Reason.STILL_OPEN), (401, Reason.RESOLVED)], ids=["too old", "in time"]
)
def test_a_late_event_ends_an_absence_only_if_it_is_new_enough(late: float, reason: Reason) -> None:
    memory = story(SILENCE, heard("signup", after=0))[-1].memory
    memory = tick(SILENCE, "shop", memory, at(4000)).memory
    assert story(SILENCE, heard("signup", after=late), memory=memory)[-1].reason is reason


def test_an_event_of_another_kind_does_not_count() -> None:
    rule = Rule(
        name="Quiet", event="signup", none_within=MINUTE, condition=compile_condition("meta.plan == 'pro'")
    )
    memory = story(rule, heard("signup", plan="pro"), heard("signup", after=30, plan="free"))[-1].memory
    assert due_at(rule, memory) == at(60)


# ------------------------------------------------------------------------------------------ collecting


def test_many_become_one_message() -> None:
    events = [
        heard(number=number, after=number, amount=amount)
        for number, amount in enumerate(["5 €", "1.299,00", "gratis", "0.10", "7", "8", "9"], start=1)
    ]
    told = story(COLLECT, *events)
    assert set(reasons(told)) == {Reason.COLLECTING}
    assert not any(judged.findings for judged in told)
    memory = told[-1].memory
    assert due_at(COLLECT, memory) == at(121)
    assert tick(COLLECT, "shop", memory, at(120)).findings == ()
    judged = tick(COLLECT, "shop", memory, at(121))
    finding = only(judged.findings)
    assert (judged.reason, finding.reason, finding.key) == (
        Reason.COLLECTED,
        Reason.COLLECTED,
        "shop/Sales/1",
    )
    content = finding.content
    assert isinstance(content, EventsCollected)
    assert (content.count, content.unreadable, content.largest) == (7, 1, Decimal(1299))
    assert content.total == Decimal("1328.10")
    assert (content.first_at, content.last_at) == (at(1), at(7))
    assert [example.value for example in content.examples] == [1299, 9, 8, 7, 5]
    assert (judged.memory.collection, due_at(COLLECT, judged.memory)) == (None, None)


def test_a_collection_of_one_is_the_event() -> None:
    event = Event(
        id=3,
        site="shop",
        name="purchase",
        received_at=at(0),
        duration=timedelta(seconds=9),
        meta={"amount": "5"},
    )
    judged = tick(COLLECT, "shop", story(COLLECT, event)[-1].memory, at(120))
    alone = hear(Rule(name="Sales", event="*", value=COLLECT.value), event, Memory(), never)
    assert judged.reason is Reason.TOLD
    assert only(judged.findings).content == only(alone.findings).content
    assert only(judged.findings).key == "shop/Sales/3"


def test_an_event_after_the_end_begins_the_next_collection() -> None:
    told = story(COLLECT, heard(number=1, amount="1"), heard(number=2, after=120, amount="2"))
    assert told[1].reason is Reason.COLLECTING
    assert only(told[1].findings).key == "shop/Sales/1"
    assert due_at(COLLECT, told[1].memory) == at(240)


def test_without_a_value_nothing_is_added_up() -> None:
    rule = Rule(name="Sales", event="*", collect=MINUTE)
    memory = story(rule, *(heard(number=number, after=number) for number in range(1, 8)))[-1].memory
    content = only(tick(rule, "shop", memory, at(99)).findings).content
    assert isinstance(content, EventsCollected)
    assert (content.total, content.largest, content.unreadable) == (None, None, 0)
    assert [example.received_at for example in content.examples] == [at(each) for each in (3, 4, 5, 6, 7)]


def test_what_is_collected_is_told_even_if_the_owner_stops_collecting() -> None:
    memory = story(COLLECT, heard(amount="1"))[-1].memory
    plain = Rule(name="Sales", event="purchase")
    assert due_at(plain, memory) == at(120)
    assert only(tick(plain, "shop", memory, at(120)).findings).key == "shop/Sales/1"


@given(
    st.lists(
        st.tuples(st.integers(0, 600), st.none() | st.decimals(-(10**15), 10**15, allow_nan=False, places=2)),
        max_size=30,
    )
)
def test_no_event_and_no_cent_is_lost(arrivals: list[tuple[int, Decimal | None]]) -> None:
    memory = Memory()
    findings: list[Finding] = []
    for number, (after, amount) in enumerate(arrivals, start=1):
        event = heard(number=number, after=after, **({} if amount is None else {"amount": str(amount)}))
        judged = hear(COLLECT, event, memory, never)
        memory = Memory.from_json(judged.memory.to_json())
        findings += judged.findings
    findings += tick(COLLECT, "shop", memory, at(9999)).findings
    assert len({finding.key for finding in findings}) == len(findings)
    counted, total = 0, Decimal(0)
    for finding in findings:
        match finding.content:
            case EventHeard(event=event_told):
                counted, total = counted + 1, total + (event_told.value or 0)
            case EventsCollected() as many:
                counted, total = counted + many.count, total + (many.total or 0)
                assert many.count > 1
                assert many.first_at <= many.last_at
    assert counted == len(arrivals)
    assert total == sum((amount for _, amount in arrivals if amount is not None), Decimal(0))
