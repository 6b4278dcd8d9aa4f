"""A replay by itself: time, broken rules, and how much it remembers."""

from datetime import datetime, timedelta

import pytest

from bot.events import Kept
from bot.facts import Absence, EventsCollected, Reason, Trouble
from bot.pipeline import GRACE, Judges
from bot.rehearsal import Heard, Replay, replay
from bot.rules.expression import compile_key
from bot.rules.judge import Judged
from bot.rules.memory import Memory
from bot.rules.rule import Rule
from tests.spine.making import MINUTE, body, condition, judges, odd_amount, rule
from tests.stores.making import NOON, SECOND, at


def kept(seconds: float, sent: bytes | None = None, *, number: int = 1, site: str = "shop") -> Kept:
    sent = body() if sent is None else sent
    return Kept(id=number, site=site, body=sent, size=len(sent), received_at=at(seconds))


def heard(wanted: Judges, *events: Kept) -> tuple[Replay, list[Heard]]:
    run = Replay(wanted, NOON)
    return run, [run.hear(event) for event in events]


def test_an_event_is_told_and_says_which_rule_told_it() -> None:
    run, (one, other) = heard(judges(rule()), kept(0), kept(1, body("signup")))
    (told,) = one.told
    assert told.channels == ("sales",)
    assert (told.notice.rule, told.notice.site, told.notice.at) == ("Orders", "shop", NOON)
    assert one.verdicts == (("Orders", Reason.TOLD),)
    assert other == Heard(told=())
    assert (run.tally.events, run.tally.concerned_nobody) == (2, 1)
    assert run.tally.messages == {"sales": 1}


@pytest.mark.parametrize(("after", "told"), [(119, 0), (120, 0), (121, 1)])
def test_time_passes_as_far_as_the_pipeline_lets_it(after: float, told: int) -> None:
    """A collection of two minutes is told before the event that comes a second after it is due."""
    run, _ = heard(judges(rule(collect=2 * MINUTE)), kept(0))
    assert len(run.pass_time(at(after) - GRACE)) == told


def test_a_collection_that_is_due_with_the_next_event_is_told_first() -> None:
    run, (_, second) = heard(judges(rule(collect=2 * MINUTE)), kept(0), kept(500))
    assert [one.notice.at for one in second.told] == [at(120)]
    assert run.waiting == [("Orders", "shop")]
    assert [one.notice.at for one in run.pass_time(at(620))] == [at(620)]
    assert run.waiting == []


def test_many_become_one() -> None:
    run, _ = heard(judges(rule(collect=2 * MINUTE)), *(kept(i, number=i) for i in range(1, 100)))
    (told,) = run.pass_time(at(200))
    assert isinstance(told.notice.content, EventsCollected)
    assert told.notice.content.count == 99
    assert run.tally.verdicts == {("Orders", Reason.COLLECTING): 99, ("Orders", Reason.COLLECTED): 1}


def test_an_absence_is_found_between_two_events_and_ends_with_the_second() -> None:
    silence = judges(rule("Silent", none_within=10 * MINUTE), sites=("shop", "blog"))
    run, (_, second) = heard(silence, kept(0), kept(3600))
    assert [(one.notice.site, one.notice.reason, one.notice.at) for one in second.told] == [
        ("blog", Reason.OPENED, at(600)),
        ("shop", Reason.OPENED, at(600)),
        ("shop", Reason.RESOLVED, at(3600)),
    ]
    assert isinstance(second.told[0].notice.content, Absence)
    assert run.tally.verdicts["Silent", Reason.OPENED] == 2


def test_without_any_event_time_still_passes() -> None:
    run = Replay(judges(rule("Silent", none_within=10 * MINUTE)), NOON)
    told = [(one.notice.reason, one.notice.at - NOON) for one in run.pass_time(NOON + timedelta(days=7))]
    opened_at = 10 * MINUTE + GRACE
    assert told == [
        (Reason.OPENED, 10 * MINUTE),
        (Reason.REMINDED, opened_at + timedelta(hours=4)),
        (Reason.REMINDED, opened_at + timedelta(hours=28)),
        (Reason.REMINDED, opened_at + timedelta(hours=52)),
    ]
    assert run.pass_time(NOON + timedelta(days=8)) == []


def test_the_owner_hears_of_the_first_unreadable_event_of_a_day() -> None:
    run, (one, other, tomorrow) = heard(judges(), kept(0, b"{"), kept(1, b"["), kept(86_400, b"("))
    assert [len(each.told) for each in (one, other, tomorrow)] == [1, 0, 1]
    assert one.told[0].channels == ("owner",)
    assert one.why is not None
    assert one.why.startswith("not JSON")
    assert (run.tally.unreadable, run.tally.concerned_nobody) == (3, 0)


def test_nobody_hears_of_troubles_where_there_is_no_owner() -> None:
    run, (one,) = heard(judges(told=None), kept(0, b"{"))
    assert one.told == ()
    assert run.tally.messages == {}


def test_a_rule_that_raises_is_reported_once_and_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    broken = rule("Broken", condition=condition(lambda event: bool(1 / 0)))
    _, (one, other) = heard(judges(broken, rule()), kept(0), kept(1))
    assert one.verdicts == (("Broken", Reason.RULE_RAISED), ("Orders", Reason.TOLD))
    assert [told.channels for told in one.told] == [("owner",), ("sales",)]
    assert isinstance(one.told[0].notice.content, Trouble)
    assert [told.channels for told in other.told] == [("sales",)]
    assert caplog.messages == ["rule raised", "rule raised"]


def test_a_rule_that_raises_when_time_passes_begins_anew(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def tick(rule: Rule, site: str, memory: Memory, now: datetime) -> Judged:
        raise ArithmeticError

    monkeypatch.setattr(replay, "tick", tick)
    wanted = judges(rule("Broken", collect=MINUTE), rule())
    run, (_, other) = heard(wanted, kept(0), kept(500))
    assert [(one.channels, one.notice.at) for one in other.told] == [
        (("owner",), at(60)),
        (("sales",), at(500)),
    ]
    assert run.pass_time(at(1000)) == []  # it is told once that a rule is broken
    assert caplog.messages == ["rule raised", "rule raised"]


def test_a_key_counts_as_told_only_if_its_rule_did_not_raise() -> None:
    once = rule(once_per=compile_key("meta.id"))
    odd = rule(once_per=compile_key("meta.id"), condition=odd_amount())
    _, (first, again) = heard(judges(odd), kept(0, body(id="a")), kept(1, body(id="a")))
    assert first.verdicts == again.verdicts == (("Orders", Reason.RULE_RAISED),)
    _, (first, again) = heard(judges(once), kept(0, body(id="a")), kept(1, body(id="a")))
    assert (first.verdicts, again.verdicts) == (
        (("Orders", Reason.TOLD),),
        (("Orders", Reason.TOLD_ONCE),),
    )


def test_a_key_is_told_once_for_each_rule_and_site() -> None:
    once = judges(rule("One", once_per=compile_key("meta.id")), rule("Two", once_per=compile_key("meta.id")))
    run, _ = heard(once, kept(0, body(id="a")), kept(1, body(id="a")), kept(2, body(id="a"), site="blog"))
    assert run.tally.verdicts == {
        ("One", Reason.TOLD): 2,
        ("Two", Reason.TOLD): 2,
        ("One", Reason.TOLD_ONCE): 1,
        ("Two", Reason.TOLD_ONCE): 1,
    }


def test_events_that_arrived_out_of_order_do_not_turn_time_back() -> None:
    run, (*_, last) = heard(
        judges(rule("Often", at_least=2, within=MINUTE)), kept(100), kept(130), kept(110), kept(400)
    )
    assert [one.notice.reason for one in last.told] == [Reason.RESOLVED]
    assert run.tally.messages == {"sales": 2}


def test_memory_does_not_grow_with_the_events() -> None:
    wanted = judges(
        rule("Together", collect=2 * MINUTE),
        rule("Often", at_least=5, within=MINUTE),
        rule("Silent", none_within=60 * MINUTE),
    )
    run = Replay(wanted, NOON)
    sizes = set()
    for number in range(2_000):
        run.hear(kept(number * 7, number=number))
        if number >= 100:
            sizes.add((len(run._remembered), len(run._queue)))
    assert max(sizes) <= (3, 3)


def test_a_replay_is_fast_enough_for_a_week() -> None:
    """A thousand rules and a busy shop: no step may cost as much as there are rules."""
    wanted = judges(*(rule(f"Rule {i}", event=f"event {i}", none_within=30 * MINUTE) for i in range(1_000)))
    run = Replay(wanted, NOON)
    for number in range(3_000):
        run.hear(kept(number, body(f"event {number % 1_000}"), number=number))
    assert run.tally.verdicts.total() >= 3_000
    assert run.pass_time(at(3_000) + SECOND) == []
