"""Alerts in the store: together, in silences, explained by others, moved by people, and over a kill."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest

from bot import alerts
from bot.alerts import Alert, Noted, Policy, Silence, history, silencing
from bot.db import Database, Tx
from bot.facts import AlertState, EventHeard, Example, Finding, Inhibits, Reason
from tests.alerts.making import DAY, HOUR, POLICY, finding, silence
from tests.stores.making import NOON, at, note
from tests.stores.test_together import WORKERS, all_at_once

TRACKER = finding(key="shop/tracker", rule="Tracker", drop=False, inhibits=Inhibits.DROPS)
API = finding(key="bot/pirsch", site=None, rule=None, drop=False, inhibits=Inhibits.MEASURED)


@pytest.fixture
def several(store_url: str) -> Iterator[list[Database]]:
    """The same store, opened as often as there are workers."""
    with ExitStack() as stack:
        yield [stack.enter_context(closing(Database(store_url))) for _ in range(WORKERS)]


def say(database: Database, found: Finding, hour: float = 0, *, policy: Policy = POLICY) -> Noted:
    with database.transaction() as tx:
        return note(tx, replace(found, seen_at=at(3600 * hour)), "sales", policy=policy)


def tick(database: Database, hour: float, *, policy: Policy = POLICY) -> list[Noted]:
    now = at(3600 * hour)
    with database.transaction() as tx:
        return alerts.attend(tx, alerts.look_around(tx, policy, now), now)


def heard(noted: list[Noted]) -> list[tuple[str, Reason]]:
    return sorted((one.notice.key, one.reason) for one in noted if one.channels)


def only(database: Database) -> Alert:
    with database.reading() as tx:
        (alert,) = alerts.standing(tx)
    return alert


def reasons(database: Database, alert: str) -> list[Reason]:
    with database.reading() as tx:
        return [one.reason for one in history.of(tx, alert)]


# ---------------------------------------------------------------- one life


def test_each_episode_has_an_id_and_says_where_it_was_told(database: Database) -> None:
    first = say(database, finding(), 0)
    same = say(database, finding(holds=False), 1)
    second = say(database, finding(), 2)
    stood = [one.notice.standing for one in (first, same, second)]
    assert all(stood)
    ids = [one.alert for one in stood if one is not None]
    assert ids[0] == ids[1] != ids[2]
    assert [one.state for one in stood if one is not None] == [
        AlertState.OPEN,
        AlertState.RESOLVED,
        AlertState.OPEN,
    ]
    assert stood[0] is not None
    assert (stood[0].opened_at, stood[0].told, stood[0].next_at) == (NOON, 1, NOON + 4 * HOUR)


def test_an_alert_is_told_where_it_was_told_before_whatever_the_rule_says_now(database: Database) -> None:
    with database.transaction() as tx:
        note(tx, finding(), "sales", "boss")
        ended = note(tx, finding(holds=False, seen_at=at(60)), "other")
    assert ended.channels == ("sales", "boss")


def test_reminders_are_due_by_rows(database: Database) -> None:
    say(database, finding())
    assert tick(database, 4 - 1 / 3600) == []
    assert heard(tick(database, 4)) == [("shop/Signups", Reason.REMINDED)]
    assert tick(database, 4) == []
    assert [one.reason for hour in (28, 52, 76) for one in tick(database, hour)] == [
        Reason.REMINDED,
        Reason.REMINDED,
        Reason.CAPPED,
    ]
    assert tick(database, 10_000) == []
    assert only(database).due_at is None


def test_a_reminder_that_is_late_is_sent_once(database: Database) -> None:
    say(database, finding())
    assert len(tick(database, 100)) == 1
    assert tick(database, 100.1) == []


def test_what_is_pending_is_listed_and_told_to_nobody(database: Database) -> None:
    pending = say(database, finding(holds=False, wavering=True))
    assert (pending.reason, pending.channels) == (Reason.PENDING, ())
    assert only(database).state is AlertState.PENDING
    assert tick(database, 1000) == []
    assert say(database, finding(), 1).channels == ("sales",)
    assert reasons(database, only(database).id) == [Reason.PENDING, Reason.OPENED]


def test_what_needs_no_sound_is_shown_where_it_was_told_and_else_nowhere(database: Database) -> None:
    say(database, finding())
    recovering = say(database, finding(wavering=True), 1)
    assert (recovering.reason, recovering.channels) == (Reason.RECOVERING, ("sales",))
    policy = replace(POLICY, silences=(silence(0, 9),))
    quiet = say(database, finding(key="other"), 1, policy=policy)
    assert (quiet.reason, quiet.channels) == (Reason.SILENCED, ())


# ---------------------------------------------------------------- history


def test_the_history_says_what_every_verdict_looked_at(database: Database) -> None:
    say(database, finding())
    for hour in (1, 2, 3):
        say(database, finding(), hour)
    tick(database, 4)
    say(database, finding(wavering=True), 5)
    say(database, finding(holds=False), 6)
    with database.reading() as tx:
        (alert,) = alerts.latest(tx, 9)
        changes = history.of(tx, alert.id)
    assert [(one.reason, one.state) for one in changes] == [
        (Reason.OPENED, "open"),
        (Reason.REMINDED, "open"),
        (Reason.RECOVERING, "recovering"),
        (Reason.RESOLVED, "resolved"),
    ]
    assert changes[0].inputs["holds"] is True
    assert changes[2].inputs["wavering"] is True
    assert (changes[1].inputs["told"], changes[1].inputs["reminded"]) == (2, 1)
    assert "holds" not in changes[1].inputs
    assert json.dumps(dict(changes[3].inputs))
    assert [one.content for one in changes] == [finding().content] * 4


def test_the_alerts_of_a_period_are_those_that_people_heard_of_in_it(database: Database) -> None:
    for hour, key in ((0, "before"), (10, "in"), (30, "after"), (10, "silenced")):
        policy = replace(POLICY, silences=(silence(0, 99),)) if key == "silenced" else POLICY
        say(database, finding(key=key), hour, policy=policy)
        if key == "before":
            say(database, finding(key=key, holds=False), 5)
    with database.reading() as tx:
        for from_hour, until_hour, keys in ((6, 30, ["in"]), (5, 30.1, ["before", "in", "after"])):
            found = alerts.within(tx, at(3600 * from_hour), at(3600 * until_hour))
            assert [one.key for one in found] == keys


# ---------------------------------------------------------------- silences


def test_a_silence_that_somebody_makes_counts_for_what_stands_already(database: Database) -> None:
    say(database, finding())
    with database.transaction() as tx:
        span = alerts.Span(from_at=at(600), until_at=at(3600))
        silencing.add(tx, Silence(name="Deploy", when=span, site="shop"), span, "ada", at(600))
    assert [one.reason for one in tick(database, 601 / 3600)] == [Reason.SILENCED]
    assert heard(tick(database, 1)) == [("shop/Signups", Reason.STILL_BAD)]
    assert reasons(database, only(database).id)[-2:] == [Reason.SILENCED, Reason.STILL_BAD]


def test_a_silence_that_is_ended_before_its_time_ends_for_what_it_kept_quiet(database: Database) -> None:
    with database.transaction() as tx:
        span = alerts.Span(from_at=NOON, until_at=NOON + DAY)
        name = silencing.add(tx, Silence(name="Deploy", when=span), span, "ada", NOON)
    assert say(database, finding(), 1).reason is Reason.SILENCED
    with database.transaction() as tx:
        made = silencing.find(tx, name[:6])
        assert made is not None
        silencing.end(tx, made, "bob", at(7200))
        assert silencing.current(tx, at(7200)) == []
    assert heard(tick(database, 2)) == [("shop/Signups", Reason.STILL_BAD)]


def test_what_a_silence_kept_quiet_at_once_is_written_down(database: Database) -> None:
    content = EventHeard(event=Example(name="purchase", received_at=NOON))
    order = finding(key="shop/Order/1", content=content, lasting=False)
    policy = replace(POLICY, silences=(silence(0, 1),))
    assert say(database, order, policy=policy).channels == ()
    with database.reading() as tx:
        rows = tx.exec_driver_sql("SELECT key, reason, alert FROM alert_changes").all()
    assert [tuple(row) for row in rows] == [("shop/Order/1", "silenced", None)]


# ---------------------------------------------------------------- inhibition


def test_a_cause_keeps_quiet_what_it_explains_and_says_so_when_it_ends(database: Database) -> None:
    early = finding(key="shop/early", rule="Early")
    say(database, early, 0)
    say(database, TRACKER, 1)
    assert [(one.notice.key, one.reason) for one in tick(database, 1)] == [
        ("shop/early", Reason.INHIBITED),
        ("shop/tracker", Reason.STILL_OPEN),
    ]
    assert say(database, finding(), 2).reason is Reason.INHIBITED
    assert say(database, finding(key="blog/x", site="blog"), 2).reason is Reason.OPENED
    assert say(database, finding(key="shop/more", drop=False), 2).reason is Reason.OPENED
    ended = say(database, replace(TRACKER, holds=False), 3).notice.standing
    assert ended is not None
    assert (ended.meanwhile, ended.inhibited) == (("Early on shop", "Signups on shop"), 2)
    tick(database, 3)
    say(database, finding(holds=False), 3.5)
    assert ("shop/early", Reason.STILL_BAD) in heard(tick(database, 4))
    assert ("shop/Signups", Reason.STILL_BAD) not in heard(tick(database, 4))


def test_a_cause_that_is_only_pending_explains_nothing(database: Database) -> None:
    say(database, replace(TRACKER, holds=False, wavering=True), 0)
    assert say(database, finding(), 1).reason is Reason.OPENED


def test_of_many_that_were_kept_quiet_a_few_are_named_and_all_are_counted(database: Database) -> None:
    say(database, API, 0)
    for number in range(9):
        say(database, finding(key=f"shop/{number}", rule=f"R{number}"), 1)
    ended = say(database, replace(API, holds=False), 2).notice.standing
    assert ended is not None
    assert ended.meanwhile == tuple(f"R{number} on shop" for number in range(history.MOST_NAMES))
    assert ended.inhibited == 9


# ---------------------------------------------------------------- people


def test_who_takes_an_alert_in_hand_stops_its_reminders_and_the_second_hears_who_was_first(
    database: Database,
) -> None:
    say(database, finding())
    with database.transaction() as tx:
        around = alerts.look_around(tx, POLICY, at(60))
        first = alerts.acknowledge(tx, only_id(tx)[:8], "ada", around, at(60))
        second = alerts.acknowledge(tx, only_id(tx), "bob", around, at(120))
    assert first is not None
    assert first.noted is not None
    assert (first.noted.reason, first.noted.channels) == (Reason.ACKNOWLEDGED, ("sales",))
    assert first.noted.notice.standing is not None
    assert (first.noted.notice.standing.by, first.noted.notice.standing.next_at) == ("ada", None)
    assert second is not None
    assert second.noted is None
    assert second.before == alerts.Deed(by="ada", at=at(60))
    assert tick(database, 1000) == []
    assert say(database, finding(holds=False), 1001).reason is Reason.RESOLVED


def test_a_mute_ends_by_itself_or_by_a_person(database: Database) -> None:
    say(database, finding())
    with database.transaction() as tx:
        around = alerts.look_around(tx, POLICY, NOON)
        muted = alerts.mute(tx, only_id(tx), "ada", at(7200), around, NOON)
        again = alerts.mute(tx, only_id(tx), "bob", at(7200), around, at(1))
        longer = alerts.mute(tx, only_id(tx), "bob", at(9000), around, at(2))
    assert muted is not None
    assert muted.noted is not None
    assert muted.noted.reason is Reason.MUTED
    assert again is not None
    assert again.before == alerts.Deed(by="ada", at=NOON)
    assert longer is not None
    assert longer.noted is not None
    assert heard(tick(database, 2)) == []
    assert heard(tick(database, 2.5)) == [("shop/Signups", Reason.STILL_BAD)]
    with database.transaction() as tx:
        assert alerts.mute(tx, only_id(tx), "ada", at(99_000), around, at(9100)) is not None
        freed = alerts.unmute(tx, only_id(tx), "ada", around, at(9200))
        assert freed is not None
        assert freed.noted is not None
        assert freed.noted.reason is Reason.UNMUTED
        assert alerts.unmute(tx, only_id(tx), "ada", around, at(9300)) == alerts.Done(alert=only_alert(tx))
    assert only(database).state is AlertState.OPEN


def test_nothing_can_be_done_about_what_is_over_or_was_never_there(database: Database) -> None:
    name = say(database, finding()).notice.standing
    assert name is not None
    say(database, finding(holds=False), 1)
    with database.transaction() as tx:
        around = alerts.look_around(tx, POLICY, at(7200))
        for deed in (alerts.acknowledge, alerts.unmute):
            done = deed(tx, name.alert, "ada", around, at(7200))
            assert done is not None
            assert done.noted is None
            assert deed(tx, "nothing", "ada", around, at(7200)) is None
        done = alerts.mute(tx, name.alert, "ada", at(9000), around, at(7200))
        assert done is not None
        assert done.noted is None


def only_alert(tx: Tx) -> Alert:
    (alert,) = alerts.standing(tx)
    return alert


def only_id(tx: Tx) -> str:
    return only_alert(tx).id


# ---------------------------------------------------------------- several, and a kill


def test_workers_with_one_trouble_tell_each_turn_once(several: list[Database]) -> None:
    turns = [(True, Reason.OPENED), (False, Reason.RESOLVED), (True, Reason.OPENED)]
    for hour, (holds, expected) in enumerate(turns):
        work = partial(_say_at, hour, holds)
        said = [reason for reason in all_at_once(several, work) if isinstance(reason, Reason)]
        assert len(said) == WORKERS
        assert [reason for reason in said if reason.speaks] == [expected]


def _say_at(hour: float, holds: bool, database: Database, number: int) -> Reason:
    return say(database, finding(holds=holds), hour).reason


def test_workers_that_tick_together_remind_once(several: list[Database]) -> None:
    for number in range(10):
        say(several[0], finding(key=str(number)))
    told = all_at_once(several, lambda database, _: len(tick(database, 4)))
    assert sum(map(int, map(str, told))) == 10


def test_workers_who_take_an_alert_in_hand_together_are_one(several: list[Database]) -> None:
    say(several[0], finding())
    with several[0].reading() as tx:
        name = only_id(tx)

    def work(database: Database, number: int) -> bool:
        with database.transaction() as tx:
            around = alerts.look_around(tx, POLICY, at(60))
            done = alerts.acknowledge(tx, name, f"person {number}", around, at(60))
        return done is not None and done.noted is not None

    assert Counter(all_at_once(several, work)) == {True: 1, False: WORKERS - 1}


class _Killed(Exception):
    pass


def test_a_kill_in_the_middle_loses_nothing_and_tells_nothing_twice(database: Database) -> None:
    def die(found: Finding | None = None, now: datetime = NOON) -> None:
        with database.transaction() as tx:
            if found is not None:
                note(tx, found, "sales", policy=POLICY, now=now)
            else:
                alerts.attend(tx, alerts.look_around(tx, POLICY, now), now)
            raise _Killed

    with pytest.raises(_Killed):
        die(found=finding())
    assert say(database, finding(), 0.1).reason is Reason.OPENED
    with pytest.raises(_Killed):
        die(now=NOON + 5 * HOUR)
    assert heard(tick(database, 5)) == [("shop/Signups", Reason.REMINDED)]
    with pytest.raises(_Killed):
        die(found=finding(holds=False, seen_at=NOON + 6 * HOUR), now=NOON + 6 * HOUR)
    assert say(database, finding(holds=False), 6).reason is Reason.RESOLVED
    with database.reading() as tx:
        (alert,) = alerts.latest(tx, 9)
    assert reasons(database, alert.id) == [Reason.OPENED, Reason.REMINDED, Reason.RESOLVED]
