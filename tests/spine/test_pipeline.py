"""The ways from an event, or from the passing of time, to a notice that waits."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot import alerts, db, leases, memories, pipeline
from bot.db import Database
from bot.events import DONE, KEPT, QUARANTINED
from bot.facts import Absence, Event, EventHeard, EventsCollected, Frequency, Reason, Severity, Trouble
from bot.leases import SCHEDULE
from bot.rules.expression import compile_condition, compile_key
from bot.rules.memory import Memory
from tests.spine.making import MINUTE, begin, body, condition, hear, judges, rule, seen, tick, told
from tests.stores.making import NOON, at, keep

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


def test_a_fault_of_ours_sets_the_oldest_event_aside(database: Database) -> None:
    keep(database, body(n="1"), body(n="2"))
    with database.transaction() as tx:
        assert pipeline.set_aside(tx, judges(), NOON, ZeroDivisionError("secret")).taken == 1
    first, second = seen(database)
    assert (first.state, second.state) == (QUARANTINED, KEPT)
    assert "ZeroDivisionError" in str(first.outcome)
    assert "secret" not in str(first.outcome)
    assert len(told(database, "owner")) == 1


def test_setting_aside_in_an_empty_store_does_nothing(database: Database) -> None:
    with database.transaction() as tx:
        assert pipeline.set_aside(tx, judges(), NOON, ZeroDivisionError()).taken == 0


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


def test_a_memory_of_an_unknown_rule_is_nobody_s_fault(database: Database) -> None:
    """Another version of the config still runs, or has just ended: its rules are not ours to report."""
    hear(database, judges(COLLECTED), body(), body())
    assert [tick(database, judges(rule("New")), at(200 + second)).taken for second in range(2)] == [1, 0]
    assert told(database) == told(database, "owner") == []


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
