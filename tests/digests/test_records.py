"""What the store knows of a period: alerts that people heard of, changes, and what was kept quiet."""

from datetime import UTC, datetime, timedelta

from bot import outbox
from bot.alerts import Silence, Span, silencing
from bot.alerts.quiet import KEPT_QUIET
from bot.db import Database
from bot.deliver.care import Care, Spare, spare
from bot.digests import editions, records
from bot.digests.outline import Outline, Part, WhenUsual
from bot.facts import (
    ChangeLine,
    ChannelTest,
    Finding,
    HeldBack,
    HeldFor,
    Notice,
    Reason,
    Severity,
    Trouble,
)
from bot.manage import ledger
from bot.manage.change import Actor, Authority, Change, KindName, Verb
from bot.manage.outcome import Outcome, Step
from bot.outbox.queue import HELD
from bot.pipeline import Due, tell_digest
from tests.digests.conftest import BERLIN, MONDAY, WEEKLY, World
from tests.stores.making import note

SINCE, UNTIL = MONDAY - timedelta(days=7, hours=8), MONDAY - timedelta(hours=8)
EVERYTHING = Outline(name="Monday", sites=("shop",), parts=(Part.ALERTS, Part.MAINTENANCE, Part.SUPPRESSED))


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def finding(
    rule: str,
    when: datetime,
    *,
    holds: bool = True,
    site: str | None = "shop",
    severity: Severity = Severity.NOTICE,
) -> Finding:
    return Finding(
        key=f"{site}/{rule}",
        rule=rule,
        site=site,
        content=Trouble(what=rule, why="", remedy=""),
        seen_at=when,
        severity=severity,
        lasting=True,
        holds=holds,
    )


def read(database: Database, outline: Outline = EVERYTHING) -> records.Records:
    with database.reading() as tx:
        return records.read(tx, outline, SINCE, UNTIL, MONDAY)


def test_alerts_of_the_period_those_that_hold_first(database: Database) -> None:
    with database.transaction() as tx:
        note(tx, finding("Before", at(7)), "owner")
        note(tx, finding("Before", at(8), holds=False), "owner")
        note(tx, finding("Through", at(8)), "owner")
        note(tx, finding("Through", at(12), holds=False), "owner")
        note(tx, finding("Short", at(10)), "owner")
        note(tx, finding("Short", at(10, 15), holds=False), "owner")
        note(tx, finding("Holds", at(11), severity=Severity.PAGE), "owner")
        note(tx, finding("Elsewhere", at(11), site="blog"), "owner")
        note(tx, finding("Ours", at(13), site=None), "owner")
        note(tx, finding("After", at(16)), "owner")
    found = read(database).alerts
    assert found is not None
    assert [(one.rule, one.resolved_at is None) for one in found.alerts] == [
        ("Holds", True),
        ("Ours", True),
        ("Through", False),
        ("Short", False),
    ]
    assert found.more == 0


def test_what_ended_after_the_period_held_at_its_end(database: Database) -> None:
    with database.transaction() as tx:
        note(tx, finding("Long", at(14)), "owner")
        note(tx, finding("Long", at(20), holds=False), "owner")
    found = read(database).alerts
    assert found is not None
    assert [one.resolved_at for one in found.alerts] == [None]


def test_many_alerts_are_counted(database: Database) -> None:
    with database.transaction() as tx:
        for number in range(13):
            note(tx, finding(f"Rule {number}", at(10)), "owner")
    found = read(database).alerts
    assert found is not None
    assert (len(found.alerts), found.more) == (10, 3)


def test_what_a_silence_kept_quiet_is_no_alert_but_is_accounted_for(database: Database) -> None:
    span = Span(from_at=at(9), until_at=at(20))
    with database.transaction() as tx:
        silencing.add(tx, Silence(name="release", site="shop", when=span), span, "me", at(9))
        assert note(tx, finding("Visitors", at(10)), "owner").reason is Reason.SILENCED
        assert note(tx, finding("Orders", at(11)), "owner").reason is Reason.SILENCED
        note(tx, finding("Blog", at(11), site="blog"), "owner")
    found = read(database)
    assert found.alerts is not None
    assert found.alerts.alerts == ()
    assert found.held_back is not None
    (quiet,) = found.held_back
    assert (quiet.reason, quiet.count) == ("silenced", 2)
    assert len(quiet.examples) == 2


def test_the_ledger_and_what_waits_for_a_yes(database: Database) -> None:
    actor = Actor(who="bot", authority=Authority.BOT)
    with database.transaction() as tx:
        for day, outcome in (
            (5, Outcome.DONE),
            (10, Outcome.DONE),
            (11, Outcome.REFUSED),
            (17, Outcome.DONE),
        ):
            change = Change(
                site="shop",
                kind=KindName.FILTER,
                verb=Verb.UPDATE,
                key=f"day {day}",
                before={},
                after={},
                why="the address changed",
            )
            intent = ledger.intend(tx, change, actor, "plan", at(day))
            ledger.settle(tx, intent, Step(change=change, outcome=outcome, answer=""), actor, "plan", at(day))
    proposed = [
        ChangeLine(what="Block /wp-login", why="suspicion", site="shop", at=at(12)),
        ChangeLine(what="Elsewhere", why="", site="blog", at=at(12)),
    ]
    with database.reading() as tx:
        found = records.read(tx, EVERYTHING, SINCE, UNTIL, MONDAY, lambda tx: proposed).maintenance
    assert found is not None
    assert [one.what for one in found.done] == ["update filter day 10"]
    assert [one.what for one in found.proposed] == ["Block /wp-login"]
    assert found.more == 0


def test_what_is_not_asked_for_is_not_read(database: Database) -> None:
    outline = Outline(name="x", sites=("shop",), parts=(Part.SUMMARY,))
    assert read(database, outline) == records.Records()


def test_what_a_channel_was_spared_over_its_budget_stands_in_its_digest(
    database: Database, world: World
) -> None:
    """The digest is what the held messages wait for: told there, they are not told again."""
    now = MONDAY - timedelta(days=1)
    over = Notice(key="shop/order", content=ChannelTest(asked_by="me"), at=now, site="shop", rule="Big order")
    told = Notice(key="shop/x", content=Trouble(what="x", why="", remedy=""), at=now, rule="Big order")
    left = spare(told, now, Care(budget=1, digested=True), lambda: 1)
    assert isinstance(left, Spare)
    with database.transaction() as tx:
        outbox.put(tx, ["owner", "sales"], over, now)
        outbox.put(tx, ["owner"], over, now)
        for channel in ("owner", "owner"):
            claimed = outbox.claim(tx, channel, "me", now, timedelta(minutes=1))
            assert isinstance(claimed, outbox.Claimed)
            outbox.hold(tx, claimed, left.until, left.why, left.reason)
    press = world.press(
        "calm", parts=(Part.SUMMARY, Part.SUPPRESSED), when_usual=WhenUsual.SKIP, notify=("owner", "sales")
    )
    edition = editions.latest(WEEKLY, BERLIN, MONDAY)
    digest = press.digest(edition, press.gather(edition), press.records(database, edition, MONDAY), MONDAY)
    assert digest.quiet
    with database.transaction() as tx:
        progress = tell_digest(tx, Due(outline=press.outline, edition=edition), digest, MONDAY)
    assert progress.channels == {"owner"}
    with database.reading() as tx:
        assert outbox.held(tx, "owner") == []
        (entry,) = [one for one in outbox.entries(tx) if one.notice.kind == "digest"]
        assert HELD not in {one.state for one in outbox.entries(tx)}
    content = entry.notice.content
    (spared,) = content.held_back or ()  # type: ignore[union-attr]
    assert (spared.count, spared.examples) == (2, ("Big order",))
    assert (spared.reason, spared.channel, spared.later) == ("over the day's budget", "owner", False)


def test_what_channels_were_spared_is_accounted_for_by_channel_and_reason(database: Database) -> None:
    """Also what was told later; but not what waits for a digest, which tells of it itself."""
    hours = HeldFor.QUIET_HOURS
    with database.transaction() as tx:
        for channel, rule, reason, until in (
            ("sales", "Big order", hours, at(11)),
            ("sales", "Signups", hours, at(11)),
            ("owner", "Signups", HeldFor.BUDGET, at(11)),
            ("owner", "Left to its digest", HeldFor.BUDGET, MONDAY + timedelta(days=5)),
            ("sales", "Elsewhere", hours, at(11)),
        ):
            site = "blog" if rule == "Elsewhere" else "shop"
            one = Notice(key=rule, content=ChannelTest(asked_by="me"), at=at(10), site=site, rule=rule)
            outbox.put(tx, [channel], one, at(10))
            claimed = outbox.claim(tx, channel, "me", at(10), timedelta(minutes=1))
            assert isinstance(claimed, outbox.Claimed)
            outbox.hold(tx, claimed, until, "in words", reason)
        outbox.let_go(tx, [one.id for one in outbox.held(tx, "sales")])
    assert read(database).held_back == (
        HeldBack(
            reason="quiet hours", count=2, examples=("Big order", "Signups"), channel="sales", later=True
        ),
        HeldBack(reason="over the day's budget", count=1, examples=("Signups",), channel="owner", later=True),
    )


def test_what_was_only_told_later_is_nothing_unusual(world: World) -> None:
    press = world.press("calm", parts=(Part.SUMMARY, Part.SUPPRESSED))
    edition = editions.latest(WEEKLY, BERLIN, MONDAY)
    reports = press.gather(edition)
    for later in (True, False):
        held = HeldBack(reason=HeldFor.QUIET_HOURS, count=2, channel="sales", later=later)
        digest = press.digest(edition, reports, records.Records(held_back=(held,)), MONDAY)
        assert digest.quiet is later


def test_names_of_the_reasons_are_complete() -> None:
    assert set(records.WHY) == set(KEPT_QUIET)
