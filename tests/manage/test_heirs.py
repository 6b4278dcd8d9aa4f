"""A report of another interval, a webhook of another token: nobody goes without, and no flag is lost."""

from contextlib import suppress
from dataclasses import replace

import pytest

from bot.manage.change import KindName, Verb
from bot.manage.outcome import Outcome, Step
from bot.manage.wishes import Given, Managed, ReportWish
from bot.pirsch.errors import PirschError
from tests.manage.afterwards import forget
from tests.manage.keeping import BOT, Town, managed
from tests.manage.test_dying import Killed, Mortal, _its_lease_ends
from tests.manage.test_faults import FAULTS

FLAGS = {"top_pages": False, "summary": False, "reply_to": "me@example.com"}


@pytest.fixture
def backend() -> str:
    return "sqlite"


def reports(*every: int, **flags: object) -> Managed:
    some = (ReportWish(to=("a@example.com",), every=one, fields=flags) for one in every)
    return managed(reports=tuple(some))


def weekly_then_daily(town: Town) -> Managed:
    """A weekly report with flags; then the file wants a daily one, and names no flag any more."""
    town.clean()
    forget(town)
    town.keep(reports(1, **FLAGS), BOT)
    return reports(0)


def sent(town: Town) -> list[object]:
    return [one["interval"] for one in town.shelf("report")]


def another_token(town: Town, wish: Managed) -> Given:
    endpoint = "https://bot.example.com/hooks/shop/another-token-by-far"
    return replace(town.steward(wish).given(), endpoint=endpoint)


def in_the_end(town: Town, wish: Managed) -> None:
    """It is sent daily and only so, with all that it had."""
    town.simulator.faults.clear()
    for _ in range(4):
        town.hours.sleep(60)
        town.keep(wish, BOT)
    assert sent(town) == [0]
    (report,) = town.shelf("report")
    assert (report["top_pages"], report["summary"]) == (False, False)
    assert report["reply_to"] == "me@example.com"
    assert town.look(wish, BOT).plan.changes == ()


def test_another_interval_keeps_the_flags_that_the_file_does_not_name(town: Town) -> None:
    wish = weekly_then_daily(town)
    made, gone = town.look(wish, BOT).plan.changes
    assert (made.verb, gone.verb) == (Verb.CREATE, Verb.DELETE)
    assert made.after == {**(gone.before or {}), "every": 0}
    town.keep(wish, BOT)
    in_the_end(town, wish)


def test_what_the_file_names_counts_and_of_two_old_ones_none_is_taken(town: Town) -> None:
    wish = weekly_then_daily(town)
    (made, _) = town.look(reports(0, summary=True), BOT).plan.changes
    assert (made.after or {})["summary"] is True
    assert (made.after or {})["top_pages"] is False
    town.keep(reports(0, 1, top_pages=False), BOT)
    (made, *_) = town.look(reports(2), BOT).plan.changes
    assert (made.after or {})["top_pages"] is True
    assert wish.reports[0].every == 0


@pytest.mark.parametrize("fault", list(FAULTS))
@pytest.mark.parametrize("method", ["POST", "DELETE", "GET"])
def test_nobody_goes_without_a_report_whatever_fails(town: Town, method: str, fault: str) -> None:
    wish = weekly_then_daily(town)
    town.simulator.faults.plan(FAULTS[fault]().to(method, "/report"))
    with suppress(PirschError):
        town.keep(wish, BOT)
    assert sent(town) in ([1], [1, 0], [0])
    in_the_end(town, wish)


@pytest.mark.parametrize("after", [False, True], ids=["before it commits", "after it commits"])
def test_nobody_goes_without_a_report_when_the_bot_dies(town: Town, after: bool) -> None:
    for moment in range(1, 20):
        wish = weekly_then_daily(town)
        mortal = Mortal(town.database, moment, after=after)
        with suppress(Killed):
            town.keep(wish, BOT, database=mortal)
        assert sent(town) in ([1], [1, 0], [0])
        _its_lease_ends(town)
        in_the_end(town, wish)
        if not mortal.died:
            break
    assert moment > 4


@pytest.mark.parametrize("fault", ["forbidden", "error, not done", "cut before"])
def test_the_old_webhook_stays_while_the_new_one_cannot_be_made(town: Town, fault: str) -> None:
    wish = managed(webhooks=("signup",))
    town.keep(wish, BOT)
    old = [one["endpoint"] for one in town.shelf("webhook")]
    given = another_token(town, wish)
    town.simulator.faults.plan(FAULTS[fault]().to("POST", "/webhook", times=20))
    steps = [one for one in town.keep(wish, BOT, given=given) if isinstance(one, Step)]
    assert [one["endpoint"] for one in town.shelf("webhook")] == old
    assert [(one.change.kind, one.outcome) for one in steps if one.change.verb is Verb.DELETE] == [
        (KindName.WEBHOOK, Outcome.PUT_OFF)
    ]
    town.simulator.faults.clear()
    for _ in range(3):
        town.hours.sleep(60)
        town.keep(wish, BOT, given=given)
    assert [one["endpoint"] for one in town.shelf("webhook")] == [given.endpoint]
