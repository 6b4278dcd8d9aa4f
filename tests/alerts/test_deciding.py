"""When something about an alert is news: pure, at every boundary."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import alerts
from bot.alerts import Cause, Deed, Mute, Subject, Timer
from bot.detect.flapping import Flapping
from bot.facts import AlertState, EventHeard, Example, Inhibits, Reason, Severity, Vendor
from tests.alerts.making import DAY, HOUR, POLICY, Story, around, finding, silence
from tests.stores.making import NOON, at

SECOND = 1 / 3600


def state(story: Story) -> AlertState:
    assert story.life is not None
    return story.life.state


# ---------------------------------------------------------------- beginning and end


def test_it_is_pending_until_it_holds_then_open_then_recovering_then_resolved() -> None:
    story, told = Story(), []
    for hour, holds, wavering in ((0, False, True), (1, True, False), (2, True, True), (3, False, False)):
        told.append((story.look(hour, holds=holds, wavering=wavering), state(story)))
    assert told == [
        (Reason.PENDING, AlertState.PENDING),
        (Reason.OPENED, AlertState.OPEN),
        (Reason.RECOVERING, AlertState.RECOVERING),
        (Reason.RESOLVED, AlertState.RESOLVED),
    ]
    assert story.life is not None
    assert story.life.opened_at == at(3600)


def test_what_was_only_pending_ends_without_a_word() -> None:
    story = Story()
    story.look(0, holds=False, wavering=True)
    assert story.look(1, holds=False) is Reason.WAS_NOT_OPEN
    assert state(story) is AlertState.RESOLVED
    assert story.until(1000) == []


def test_what_seemed_over_and_holds_again_says_nothing() -> None:
    story = Story()
    story.look(0)
    assert story.look(1, wavering=True) is Reason.RECOVERING
    assert story.look(2, wavering=True) is Reason.STILL_OPEN
    assert story.look(3) is Reason.RELAPSED
    assert state(story) is AlertState.OPEN
    assert not Reason.RELAPSED.speaks


def test_what_holds_and_is_pending_anew_was_never_over() -> None:
    story = Story()
    story.look(0)
    assert story.look(1, holds=False, wavering=True) is Reason.STILL_OPEN
    assert state(story) is AlertState.OPEN
    assert story.look(2, holds=False) is Reason.RESOLVED


def test_good_news_about_nothing_is_none() -> None:
    assert Story().look(0, holds=False) is Reason.WAS_NOT_OPEN
    assert Story().tick(0) is Reason.WAS_NOT_OPEN


def test_the_same_trouble_after_its_end_is_another_alert() -> None:
    story = Story()
    for hour, holds in ((0, True), (1, False), (2, True)):
        story.look(hour, holds=holds)
    assert story.life is not None
    assert (story.life.opened_at, story.life.told, story.life.over) == (at(7200), 1, False)


# ---------------------------------------------------------------- reminders


def test_reminders_come_with_growing_pauses_and_end() -> None:
    story = Story()
    story.look(0)
    assert story.until(1000) == [(4, Reason.REMINDED), (28, Reason.REMINDED), (52, Reason.REMINDED)]
    assert story.said[-1] == (76, Reason.CAPPED)


@pytest.mark.parametrize(
    ("hour", "reason"),
    [(4 - SECOND, Reason.STILL_OPEN), (4, Reason.REMINDED), (4 + SECOND, Reason.REMINDED)],
)
def test_a_reminder_comes_at_its_instant_and_not_before(hour: float, reason: Reason) -> None:
    for step in (Story.look, Story.tick):
        story = Story()
        story.look(0)
        assert step(story, hour) is reason


def test_nobody_is_reminded_of_what_is_in_hand_recovering_or_only_for_information() -> None:
    acknowledged, recovering, quiet = Story(), Story(), Story()
    acknowledged.look(0)
    acknowledged.change(acknowledged=Deed(by="ada", at=NOON))
    recovering.look(0)
    recovering.look(1, wavering=True)
    quiet.look(0, severity=Severity.INFO)
    for story in (acknowledged, recovering, quiet):
        assert story.until(1000) == []


def test_a_reminder_that_was_due_during_a_recovery_comes_with_the_relapse_or_after_a_mute() -> None:
    relapsed, freed = Story(), Story()
    for story in (relapsed, freed):
        story.look(0)
    relapsed.look(3, wavering=True)
    assert relapsed.until(20) == []
    assert relapsed.look(21) is Reason.REMINDED
    freed.change(mute=Mute(by="ada", at=NOON, until_at=at(3600 * 9)))
    freed.tick(1)
    freed.change(mute=None, hush=None)
    freed.said.append((5, Reason.UNMUTED))
    assert [reason for _, reason in freed.until(6)] == [Reason.REMINDED]


def test_who_is_told_that_it_is_still_bad_is_reminded_from_then_on() -> None:
    story = Story(around(silence(1, 10)))
    story.look(0)
    assert story.until(20) == [(10, Reason.STILL_BAD), (14, Reason.REMINDED)]


def test_a_watch_has_its_own_timer_also_beside_a_rule_of_the_same_name() -> None:
    policy = replace(
        POLICY,
        timers={"Visitors": Timer(pauses=(HOUR,))},
        watch_timers={"Visitors": Timer(pauses=(2 * HOUR,))},
    )
    rule = Subject(key="a", rule="Visitors")
    assert policy.timer_of(rule).pauses == (HOUR,)
    assert policy.timer_of(replace(rule, measured=True)).pauses == (2 * HOUR,)


def test_one_rule_may_have_a_timer_of_its_own() -> None:
    policy = replace(POLICY, timers={"Signups": Timer(pauses=(HOUR,), most=2), "Other": Timer(pauses=())})
    story, other = Story(around(policy=policy)), Story(around(policy=policy))
    story.look(0)
    other.look(0, rule="Other")
    assert story.until(1000) == [(1, Reason.REMINDED), (2, Reason.REMINDED)]
    assert other.until(1000) == []


@pytest.mark.parametrize(
    ("pauses", "most", "what"),
    [
        ((DAY, HOUR), 3, "shorter than one before"),
        ((HOUR, DAY, DAY), 2, "would never come"),
        ((timedelta(minutes=5) - timedelta(seconds=1),), 3, "more often"),
    ],
)
def test_a_timer_that_contradicts_itself_is_refused(
    pauses: tuple[timedelta, ...], most: int, what: str
) -> None:
    with pytest.raises(ValueError, match=what):
        Timer(pauses=pauses, most=most)
    assert Timer(pauses=(timedelta(minutes=5),), most=1).pause(7) == timedelta(minutes=5)


# ---------------------------------------------------------------- silences and mutes


@pytest.mark.parametrize(("hour", "quiet"), [(1 - SECOND, False), (1, True), (2 - SECOND, True), (2, False)])
def test_a_silence_counts_from_its_first_instant_to_its_last(hour: float, quiet: bool) -> None:
    reason = Story(around(silence(1, 2))).look(hour)
    assert reason is (Reason.SILENCED if quiet else Reason.OPENED)


def test_what_still_holds_after_a_silence_is_told_then() -> None:
    story = Story(around(silence(0, 2)))
    assert story.look(1) is Reason.SILENCED
    assert state(story) is AlertState.MUTED
    assert story.until(3) == [(2, Reason.STILL_BAD)]
    assert state(story) is AlertState.OPEN
    assert story.look(3, holds=False) is Reason.RESOLVED


def test_what_ended_in_a_silence_is_told_to_nobody() -> None:
    story = Story(around(silence(0, 2)))
    story.look(1)
    assert story.look(1.5, holds=False) is Reason.WAS_NOT_OPEN
    known = Story(around(silence(1, 3)))
    known.look(0)
    assert known.tick(1) is Reason.SILENCED
    assert known.look(2, holds=False) is Reason.ENDED_QUIETLY
    assert story.until(99) == known.until(99) == []


def test_what_people_know_of_is_told_again_when_a_silence_ends_over_it() -> None:
    story = Story(around(silence(1, 2)))
    story.look(0)
    assert story.until(3) == [(2, Reason.STILL_BAD)]
    assert (1, Reason.SILENCED) in story.said


def test_what_is_in_hand_when_a_silence_ends_is_shown_and_not_told() -> None:
    story = Story(around(silence(1, 2)))
    story.look(0)
    story.change(acknowledged=Deed(by="ada", at=NOON))
    assert story.until(3) == []
    assert (*story.said[-1], state(story)) == (2, Reason.UNMUTED, AlertState.ACKNOWLEDGED)


def test_what_recovers_when_a_silence_ends_waits_until_it_is_clear() -> None:
    for told_before in (True, False):
        story = Story(around(silence(1, 2)))
        story.look(0 if told_before else 1)
        story.tick(1)
        story.look(1.5, wavering=True)
        assert story.until(5) == []
        assert story.look(6) is Reason.STILL_BAD
        assert story.look(7, holds=False) is Reason.RESOLVED


def test_silences_that_follow_each_other_are_one_quiet_time() -> None:
    story = Story(around(silence(0, 2), silence(2, 4), silence(3, 5)))
    story.look(1)
    assert story.until(9) == [(5, Reason.STILL_BAD), (9, Reason.REMINDED)]


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ({}, True),
        ({"site": "shop"}, True),
        ({"site": "blog"}, False),
        ({"rule": "Sign*"}, True),
        ({"rule": "sign*"}, False),
        ({"rule": "Signup"}, False),
        ({"severity": Severity.NOTICE}, True),
        ({"severity": Severity.PAGE}, True),
        ({"severity": Severity.INFO}, False),
        ({"site": "shop", "rule": "Other"}, False),
    ],
)
def test_a_silence_means_what_all_of_it_matches(wanted: dict[str, object], meant: bool) -> None:
    assert silence(0, 1, **wanted).matches(Subject.of(finding())) is meant


def test_no_silence_means_the_bot_s_own_troubles() -> None:
    ours = finding(key="bot/channel-closed/sales", site=None, rule=None)
    assert not silence(0, 1).matches(Subject.of(ours))


def test_a_momentary_finding_is_kept_quiet_too() -> None:
    content = EventHeard(event=Example(name="purchase", received_at=NOON))
    order = finding(content=content, lasting=False, drop=False, reason=Reason.COLLECTED)
    assert alerts.decide(None, order, around(), NOON) is Reason.COLLECTED
    assert alerts.decide(None, order, around(silence(0, 1)), NOON) is Reason.SILENCED


def test_a_mute_ends_and_what_still_holds_is_told() -> None:
    story = Story()
    story.look(0)
    story.change(mute=Mute(by="ada", at=NOON, until_at=at(7200)))
    assert story.tick(0.5) is Reason.MUTED
    assert story.life is not None
    assert story.life.by == "ada"
    assert story.until(3) == [(2, Reason.STILL_BAD)]


# ---------------------------------------------------------------- inhibition


def cause(inhibits: Inhibits, site: str | None = None, ended: float | None = None) -> Cause:
    subject = Subject(key=f"source/pirsch/{inhibits}/{site}", site=site, inhibits=inhibits)
    return Cause(alert="c0ffee", subject=subject, ended_at=None if ended is None else at(3600 * ended))


MEASURED, DROPS = Inhibits.MEASURED, Inhibits.DROPS


@pytest.mark.parametrize(
    ("by", "wanted", "inhibited"),
    [
        pytest.param(cause(DROPS, "shop"), {}, True, id="a dead tracker explains what is missing there"),
        pytest.param(cause(DROPS, "blog"), {}, False, id="not what is missing elsewhere"),
        pytest.param(cause(DROPS, "shop"), {"drop": False}, False, id="not what is too much"),
        pytest.param(
            cause(DROPS, "shop"), {"inhibits": MEASURED}, False, id="not what explains more than it"
        ),
        pytest.param(cause(MEASURED), {"site": "blog"}, True, id="no numbers: whatever is missing anywhere"),
        pytest.param(cause(MEASURED), {"drop": False, "measured": True}, True, id="and whatever is measured"),
        pytest.param(cause(MEASURED), {"drop": False}, False, id="not what was heard"),
        pytest.param(cause(MEASURED), {"inhibits": DROPS}, True, id="also a tracker that seems dead"),
        pytest.param(cause(MEASURED), {"inhibits": MEASURED}, False, id="not another of its kind"),
        pytest.param(cause(MEASURED, ended=-1 + SECOND), {}, True, id="for a while after its end"),
        pytest.param(cause(MEASURED, ended=-1), {}, False, id="and no longer"),
    ],
)
def test_what_explains_what(by: Cause, wanted: dict[str, object], inhibited: bool) -> None:
    reason = alerts.decide(None, finding(**wanted), around(causes=(by,)), NOON)
    assert reason is (Reason.INHIBITED if inhibited else Reason.OPENED)


def test_a_vendor_that_is_away_explains_nothing_of_another_s_sites() -> None:
    policy = replace(POLICY, vendors={"wiki": Vendor.UMAMI, "shop": Vendor.PIRSCH})
    pirsch_away = around(causes=(cause(MEASURED),), policy=policy)
    assert alerts.decide(None, finding(site="wiki"), pirsch_away, NOON) is Reason.OPENED
    assert alerts.decide(None, finding(site="shop"), pirsch_away, NOON) is Reason.INHIBITED


def test_no_trouble_explains_itself() -> None:
    own = finding(key="source/pirsch/drops/shop", inhibits=None)
    assert alerts.decide(None, own, around(causes=(cause(DROPS, "shop"),)), NOON) is Reason.OPENED


def test_what_still_holds_when_it_had_time_to_recover_is_told() -> None:
    story = Story(around(causes=(cause(DROPS, "shop"),)))
    assert story.look(0) is Reason.INHIBITED
    assert story.until(500) == []
    story.around = around(causes=(cause(DROPS, "shop", ended=501),))
    assert story.tick(501) is Reason.STILL_OPEN
    assert story.until(502) == [(502, Reason.STILL_BAD)]


def test_what_recovers_with_its_cause_is_told_to_nobody() -> None:
    story = Story(around(causes=(cause(DROPS, "shop", ended=0),)))
    story.look(0.25)
    assert story.look(0.5, holds=False) is Reason.WAS_NOT_OPEN
    assert story.until(500) == []


# ---------------------------------------------------------------- flapping

RESTLESS = replace(POLICY, flapping=Flapping(changes=5, within=6 * HOUR))


def flapped() -> Story:
    """Return an alert that begins and ends every half hour: three times in two hours."""
    story = Story(around(policy=RESTLESS))
    for number in range(5):
        story.look(number / 2, holds=number % 2 == 0)
    return story


def test_what_begins_and_ends_all_the_time_is_told_as_unstable_once() -> None:
    story = flapped()
    opened, resolved = Reason.OPENED, Reason.RESOLVED
    assert [reason for _, reason in story.said] == [opened, resolved, opened, resolved, Reason.UNSTABLE]
    more = [story.look(2 + number / 2, holds=number % 2 == 0) for number in range(1, 20)]
    assert set(more) == {Reason.FLAPPED}


@pytest.mark.parametrize(
    ("last", "reason"), [(True, Reason.CALM), (False, Reason.RESOLVED)], ids=["bad", "good"]
)
def test_when_it_is_calm_people_hear_how_it_stands(last: bool, reason: Reason) -> None:
    story = flapped()
    story.look(2.5, holds=False)
    if last:
        story.look(3, holds=True)
    calm = (3 if last else 2.5) + 6
    assert story.tick(calm - SECOND) is Reason.STILL_OPEN
    assert story.until(calm) == [(calm, reason)]


def test_what_comes_back_after_a_calm_is_told_as_usual() -> None:
    story = flapped()
    story.look(2.5, holds=False)
    story.until(8.5)
    assert story.look(9) is Reason.OPENED


def test_an_unstable_alert_in_a_silence_says_nothing_and_says_afterwards_how_it_stands() -> None:
    story = flapped()
    story.around = around(silence(3, 12), policy=RESTLESS)
    assert story.until(11) == []
    assert story.until(13) == [(12, Reason.STILL_BAD)]
