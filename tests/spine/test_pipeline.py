"""The ways from an event, or from the passing of time, to a notice that waits."""

import dataclasses
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot import alerts, db, events, leases, memories, outbox, pipeline
from bot.db import Database
from bot.events import DONE, KEPT, QUARANTINED
from bot.facts import Absence, Event, EventHeard, EventsCollected, Frequency, Reason, Severity, Trouble
from bot.leases import SCHEDULE
from bot.rules.expression import compile_condition, compile_key
from bot.rules.memory import Memory
from bot.troubles import closed
from tests.spine.making import (
    MINUTE,
    begin,
    body,
    condition,
    hear,
    judges,
    odd_amount,
    rule,
    seen,
    tick,
    told,
)
from tests.stores.making import NOON, at, keep, note, notice

SILENCE = rule("Silence", none_within=10 * MINUTE)
COLLECTED = rule("Orders", collect=2 * MINUTE)
FLOOD = rule("Flood", at_least=2, within=MINUTE)


# ---------------------------------------------------------------- events


def test_a_rule_tells_its_channels_of_each_event_that_it_asks_for(database: Database) -> None:
    big = rule(condition=compile_condition("number(meta.amount) >= 100"), notify=("sales", "boss"))
    progress = hear(database, judges(big), body(amount="99"), body(amount="100"), body("signup"))
    assert (progress.taken, progress.channels) == (3, frozenset({"sales", "boss"}))
    assert told(database, "boss") == told(database, "sales")
    (notice,) = told(database)
    assert isinstance(notice.content, EventHeard)
    assert notice.content.event.meta == {"amount": "100"}
    assert (notice.rule, notice.site, notice.at) == ("Orders", "shop", NOON)
    assert [one.verdicts for one in seen(database)] == [[], [("Orders", Reason.TOLD)], []]
    assert [(one.state, one.name) for one in seen(database)] == [
        (DONE, "purchase"),
        (DONE, "purchase"),
        (DONE, "signup"),
    ]


def test_an_event_without_rules_is_settled(database: Database) -> None:
    assert hear(database, judges(), body()).taken == 1
    assert hear(database, judges()).taken == 0
    assert [one.state for one in seen(database)] == [DONE]


def test_a_rule_of_one_site_does_not_hear_another(database: Database) -> None:
    hear(database, judges(rule(site="blog")), body(), site="shop")
    hear(database, judges(rule(site="blog")), body(), site="blog")
    assert [one.site for one in told(database)] == ["blog"]


def test_a_key_is_told_once_and_the_event_says_so(database: Database) -> None:
    once = judges(rule(once_per=compile_key("meta.customer")))
    hear(database, once, body(customer="a"), body(customer="b"))
    hear(database, once, body(customer="a"))
    assert len(told(database)) == 2
    assert seen(database)[-1].verdicts == [("Orders", Reason.TOLD_ONCE)]


def test_a_key_counts_as_told_only_if_its_rule_did_not_raise(database: Database) -> None:
    key = compile_key("meta.customer")
    hear(database, judges(rule(once_per=key, condition=odd_amount())), body(customer="a"))
    hear(database, judges(rule(once_per=key)), body(customer="a"), body(customer="a"))
    assert [one.verdicts for one in seen(database)] == [
        [("Orders", Reason.RULE_RAISED)],
        [("Orders", Reason.TOLD)],
        [("Orders", Reason.TOLD_ONCE)],
    ]


def test_a_key_that_another_process_told_meanwhile_is_not_told_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = judges(rule(once_per=compile_key("meta.customer"), collect=2 * MINUTE))
    hear(database, once, body(customer="a"))
    monkeypatch.setattr(alerts, "told_before", lambda *_: False)  # asked before the other had told it
    hear(database, once, body(customer="a"))
    assert seen(database)[-1].verdicts == [("Orders", Reason.TOLD_ONCE)]
    tick(database, once, at(999))
    assert [notice.content.kind for notice in told(database)] == ["event"]  # one is no collection


def test_many_become_one_message(database: Database) -> None:
    collecting = judges(COLLECTED)
    hear(database, collecting, body(n="1"), body(n="2"), at=at(0))
    hear(database, collecting, body(n="3"), at=at(60))
    assert tick(database, collecting, at(120.9)).taken == 0  # an event may still be on its way for a second
    assert tick(database, collecting, at(121)).taken == 1
    assert tick(database, collecting, at(122)).taken == 0
    (notice,) = told(database)
    assert isinstance(notice.content, EventsCollected)
    assert notice.content.count == 3
    assert [dict(one.verdicts) for one in seen(database)] == [{"Orders": Reason.COLLECTING}] * 3


def test_a_frequency_opens_and_ends(database: Database) -> None:
    flood = judges(FLOOD)
    hear(database, flood, body(), at=at(0))
    hear(database, flood, body(), body(), at=at(30))
    assert tick(database, flood, at(90)).taken == 0
    assert tick(database, flood, at(91)).taken == 1
    assert [notice.reason for notice in told(database)] == [Reason.OPENED, Reason.RESOLVED]
    assert all(isinstance(notice.content, Frequency) for notice in told(database))
    with database.reading() as tx:
        assert alerts.standing(tx) == []


def test_silence_opens_and_the_next_event_ends_it(database: Database) -> None:
    silence = judges(SILENCE)
    begin(database, silence)
    assert tick(database, silence, at(600.9)).taken == 0
    assert tick(database, silence, at(601)).taken == 1
    assert tick(database, silence, at(9999)).taken == 0
    hear(database, silence, body(), at=at(10_000))
    opened, resolved = told(database)
    assert (opened.reason, resolved.reason) == (Reason.OPENED, Reason.RESOLVED)
    assert isinstance(opened.content, Absence)
    assert opened.key == resolved.key


def test_nothing_is_waited_for_where_nothing_can_be_heard(database: Database) -> None:
    two = judges(SILENCE, sites=("shop", "blog"))
    begin(database, two)
    tick(database, two, at(601))
    assert [one.site for one in told(database)] == ["blog", "shop"]
    unheard = dataclasses.replace(two, unheard=frozenset({"blog"}))
    begin(database, unheard, at(602))
    with database.transaction() as tx:
        assert [one.site for one in alerts.standing(tx)] == ["shop"]
        assert set(memories.everything(tx)) == {("Silence", "shop")}
    assert [one.reason.speaks for one in told(database)] == [True, True, False]


def test_an_event_that_waits_to_be_judged_is_no_silence(database: Database) -> None:
    silence = judges(SILENCE)
    begin(database, silence)
    keep(database, body(), at=at(500))
    assert tick(database, silence, at(700)).taken == 0  # judging is behind: time passes for it, too
    with database.transaction() as tx:
        pipeline.judge_events(tx, silence, at(700), 10)
    assert tick(database, silence, at(700)).taken == 0
    assert tick(database, silence, at(1101)).taken == 1


def test_a_notice_waits_only_if_its_cause_is_settled(database: Database) -> None:
    keep(database, body())
    with pytest.raises(ZeroDivisionError):
        _judge_and_fall(database)
    assert told(database) == []
    assert [one.state for one in seen(database)] == [KEPT]


def _judge_and_fall(database: Database) -> None:
    with database.transaction() as tx:
        assert pipeline.judge_events(tx, judges(rule()), NOON, 10).channels == {"sales"}
        raise ZeroDivisionError


def test_a_step_takes_no_more_than_it_is_asked_for(database: Database) -> None:
    keep(database, body(), body(), body())
    with database.transaction() as tx:
        assert pipeline.judge_events(tx, judges(rule()), NOON, 2).taken == 2
    assert len(told(database)) == 2


# ---------------------------------------------------------------- trouble


def test_what_nobody_can_read_is_quarantined_and_the_owner_hears_once_a_day(database: Database) -> None:
    hear(database, judges(rule()), b"\xff\xfe", b"[" * 60_000, body())
    hear(database, judges(rule()), b"", at=at(3600))
    hear(database, judges(rule()), b"", at=at(3600), site="blog")
    hear(database, judges(rule()), b"{}", at=at(24 * 3600))
    assert [one.state for one in seen(database)] == [QUARANTINED] * 2 + [DONE] + [QUARANTINED] * 3
    assert all(one.outcome for one in seen(database) if one.state == QUARANTINED)
    assert [notice.content.what for notice in told(database, "owner")] == [  # type: ignore[union-attr]
        "Something unreadable came to shop",
        "Something unreadable came to blog",
        "Something unreadable came to shop",
    ]
    assert len(told(database)) == 1


def _raises(event: Event) -> bool:
    raise LookupError(event.name)


def test_a_rule_that_is_still_broken_is_reported_once_after_each_start(database: Database) -> None:
    broken = judges(rule("Broken", condition=condition(_raises)))
    for second in (0, 10, 20):
        begin(database, broken, at(second))
        hear(database, broken, body(), body(), at=at(second))
    opened, closed = Reason.OPENED, Reason.CLOSED  # the last start's alert ends without a sound
    assert [notice.reason for notice in told(database, "owner")] == [opened, closed, opened, closed, opened]
    assert {(notice.rule, notice.site) for notice in told(database, "owner")} == {("Broken", "shop")}


def test_a_broken_rule_is_reported_once_and_stops_nobody(database: Database) -> None:
    both = judges(rule("Broken", condition=condition(_raises), notify=("sales",)), rule("Whole"))
    hear(database, both, body(), body())
    assert [notice.rule for notice in told(database)] == ["Whole", "Whole"]
    (trouble,) = told(database, "owner")
    assert isinstance(trouble.content, Trouble)
    assert "Broken" in trouble.content.what
    assert (trouble.severity, trouble.reason) == (Severity.PAGE, Reason.OPENED)
    assert seen(database)[0].verdicts == [("Broken", Reason.RULE_RAISED), ("Whole", Reason.TOLD)]


def test_without_an_owner_trouble_is_only_in_the_log(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    hear(database, judges(rule("Broken", condition=condition(_raises)), told=None), body(), b"")
    with database.reading() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(db.notices)).scalar() == 0
    assert [record.message for record in caplog.records] == ["rule raised", "event unreadable"]


def test_a_fault_of_ours_sets_aside_the_event_that_brought_it_out(database: Database) -> None:
    keep(database, body(n="1"), body(n="2"))
    with database.transaction() as tx:
        _, second = events.waiting(tx, 10)
        assert pipeline.set_aside(tx, judges(), NOON, second, ZeroDivisionError("secret")).taken == 1
    first, last = seen(database)
    assert (first.state, last.state) == (KEPT, QUARANTINED)
    assert "ZeroDivisionError" in str(last.outcome)
    assert "secret" not in str(last.outcome)
    assert len(told(database, "owner")) == 1


def test_an_event_that_was_judged_meanwhile_is_neither_judged_again_nor_set_aside(database: Database) -> None:
    hear(database, judges(rule()), body())
    (done,) = seen(database)
    keep(database, body())
    with database.transaction() as tx:
        assert pipeline.judge_event(tx, judges(rule()), NOON, done.id).taken == 0
        assert pipeline.set_aside(tx, judges(), NOON, done.id, ZeroDivisionError()).taken == 0
    assert [one.state for one in seen(database)] == [DONE, KEPT]
    assert len(told(database)) == 1


# ---------------------------------------------------------------- the config changed


def test_a_collection_is_told_once_when_its_rule_collects_no_longer(database: Database) -> None:
    begin(database, judges(COLLECTED))
    hear(database, judges(COLLECTED), body(), body())
    changed = judges(rule("Orders"))
    begin(database, changed, at(60))
    assert [tick(database, changed, at(200 + second)).taken for second in range(3)] == [1, 0, 0]
    (notice,) = told(database)
    assert notice.reason is Reason.COLLECTED


def test_a_frequency_ends_once_when_its_rule_counts_no_longer(database: Database) -> None:
    hear(database, judges(FLOOD), body(), body())
    changed = judges(rule("Flood"))
    begin(database, changed, at(10))
    assert [tick(database, changed, at(20 + second)).taken for second in range(3)] == [1, 0, 0]
    assert [notice.reason for notice in told(database)] == [Reason.OPENED, Reason.RESOLVED]


def test_a_rule_that_collects_from_now_on_says_what_it_counted_before(database: Database) -> None:
    hear(database, judges(COLLECTED), body(), body())
    changed = judges(rule("Orders", at_least=5, within=MINUTE))
    begin(database, changed, at(10))
    hear(database, changed, body(), at=at(20))
    assert [tick(database, changed, at(200 + second)).taken for second in range(3)] == [1, 0, 0]
    assert [notice.reason for notice in told(database)] == [Reason.COLLECTED]


def test_rules_and_sites_that_are_gone_are_forgotten(database: Database) -> None:
    everywhere = judges(SILENCE, FLOOD, sites=("shop", "blog"))
    begin(database, everywhere)
    hear(database, everywhere, body(), body())
    begin(database, judges(SILENCE), at(10))
    with database.transaction() as tx:
        assert list(memories.everything(tx)) == [("Silence", "shop")]
        assert alerts.standing(tx) == []


def test_what_another_config_s_rules_remember_is_left_to_them(database: Database) -> None:
    """While one process takes over from another, both judge: each for the rules that it knows."""
    hear(database, judges(COLLECTED), body(), body())
    assert tick(database, judges(rule("New")), at(200)).taken == 0
    assert told(database) == told(database, "owner") == []
    assert tick(database, judges(COLLECTED), at(200)).taken == 1
    assert len(told(database)) == 1


def test_a_rule_that_waits_in_another_config_only_is_left_to_it(database: Database) -> None:
    begin(database, judges(SILENCE))
    for before in (rule("Silence"), rule("Silence", none_within=timedelta(hours=1))):
        assert tick(database, judges(before), at(700)).taken == 0
    assert tick(database, judges(SILENCE), at(700)).taken == 1


def test_a_rule_that_counts_where_it_waited_is_heard_again(database: Database) -> None:
    begin(database, judges(SILENCE))
    tick(database, judges(SILENCE), at(601))
    counting = judges(rule("Silence", at_least=2, within=MINUTE))
    begin(database, counting, at(610))
    hear(database, counting, body(), body(), at=at(620))
    assert _aloud(database) == ["absence", "frequency"]


def test_a_rule_that_waits_where_it_counted_is_heard_again(database: Database) -> None:
    hear(database, judges(FLOOD), body(), body())
    waiting = judges(rule("Flood", none_within=10 * MINUTE))
    begin(database, waiting, at(10))
    assert tick(database, waiting, at(610.9)).taken == 0
    assert tick(database, waiting, at(611)).taken == 1
    assert _aloud(database) == ["frequency", "absence"]


def test_an_absence_that_nobody_waits_for_any_longer_is_closed_without_a_sound(database: Database) -> None:
    begin(database, judges(SILENCE))
    tick(database, judges(SILENCE), at(601))
    begin(database, judges(rule("Silence")), at(610))
    with database.transaction() as tx:
        assert alerts.standing(tx) == []
    assert [notice.reason for notice in told(database)] == [Reason.OPENED, Reason.CLOSED]


def test_what_waits_for_a_channel_that_is_gone_goes_to_the_owner(database: Database) -> None:
    _wait_for(database, "old", "sales", "old")
    progress = begin(database, judges(channels=("sales", "owner")))
    assert progress.channels == {"owner"}
    with database.reading() as tx:
        assert outbox.waiting(tx) == {"owner": 2, "sales": 1}
        moved = outbox.entries(tx, channel="owner")
    assert [(one.meant_for, one.notice.key) for one in moved] == [("old", "2"), ("old", "0")]


@pytest.mark.parametrize(
    ("channels", "said"),
    [
        pytest.param(("sales",), ["channel gone, its messages wait"], id="no owner"),
        pytest.param((), [], id="nobody says which channels there are"),
    ],
)
def test_what_nobody_can_take_keeps_waiting(
    database: Database, caplog: pytest.LogCaptureFixture, channels: tuple[str, ...], said: list[str]
) -> None:
    _wait_for(database, "old", "old", "sales")
    assert begin(database, judges(told=None, channels=channels)).channels == frozenset()
    with database.reading() as tx:
        assert outbox.waiting(tx) == {"old": 2, "sales": 1}
    assert caplog.messages == said
    assert [(vars(record)["channel"], vars(record)["waiting"]) for record in caplog.records] == [
        ("old", 2)
    ] * len(said)


def test_the_alert_about_a_closed_channel_goes_with_the_channel(database: Database) -> None:
    with database.transaction() as tx:
        for channel in ("old", "sales"):
            note(tx, closed(channel, "It is archived.", "Open it.", NOON))
    begin(database, judges(), at(1))
    assert _standing(database) == ["bot/channel-closed/old", "bot/channel-closed/sales"]
    begin(database, judges(channels=("sales", "owner")), at(2))
    assert _standing(database) == ["bot/channel-closed/sales"]


def _aloud(database: Database) -> list[str]:
    """The kinds of what people hear, the first first."""
    return [notice.content.kind for notice in told(database) if notice.reason.speaks]


def _wait_for(database: Database, *channels: str) -> None:
    with database.transaction() as tx:
        for number, channel in enumerate(channels):
            outbox.put(tx, [channel], notice(key=str(number)), NOON)


def _standing(database: Database) -> list[str]:
    with database.reading() as tx:
        return sorted(alert.key for alert in alerts.standing(tx))


# ---------------------------------------------------------------- the start


def _beat(database: Database, second: float) -> None:
    with database.transaction() as tx:
        leases.lead(tx, SCHEDULE, "before", 15.0, at(second))


@pytest.mark.parametrize(
    ("beaten", "silent_since"),
    [
        pytest.param(None, 1000, id="it never ran"),
        pytest.param(879, 1000, id="it was down for longer than two minutes"),
        pytest.param(880, 0, id="it was down for two minutes"),
    ],
)
def test_silence_while_nobody_listened_proves_nothing(
    database: Database, beaten: float | None, silent_since: float
) -> None:
    silence = judges(SILENCE)
    begin(database, silence, at(0))
    if beaten is not None:
        _beat(database, beaten)
    begin(database, silence, at(1000))
    assert tick(database, silence, at(silent_since + 600.9)).taken == 0
    assert tick(database, silence, at(silent_since + 601)).taken == 1


def test_a_warning_is_told_once_not_at_every_start(database: Database) -> None:
    for second in (0, 10, 20):
        begin(database, judges(), at(second), "SQLite on a dyno")
    (warning,) = told(database, "owner")
    assert isinstance(warning.content, Trouble)
    assert warning.content.why == "SQLite on a dyno"


def test_a_start_changes_nothing_else(database: Database) -> None:
    rules = judges(SILENCE, FLOOD, COLLECTED)
    begin(database, rules)
    _beat(database, 0)
    hear(database, rules, body(), body(), at=at(5))
    with database.transaction() as tx:
        before = {place: Memory.from_json(text) for place, text in memories.everything(tx).items()}
    begin(database, rules, at(10))
    with database.transaction() as tx:
        after = {place: Memory.from_json(text) for place, text in memories.everything(tx).items()}
    assert after == before
    assert len(told(database)) == 1


def test_a_longer_wait_counts_at_once_after_a_change_of_the_config(database: Database) -> None:
    begin(database, judges(SILENCE))
    _beat(database, 0)
    patient = judges(rule("Silence", none_within=timedelta(hours=1)))
    begin(database, patient, at(60))
    assert tick(database, patient, at(3600.9)).taken == 0
    assert tick(database, patient, at(3601)).taken == 1
