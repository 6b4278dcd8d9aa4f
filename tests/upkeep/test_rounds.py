"""Rounds over the simulated Pirsch: sources are followed, nothing is emptied, people are asked once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.facts import Deed, Wish
from bot.manage.change import KindName
from bot.manage.wishes import FROM_RULES, Caps, Mode
from bot.sandbox.pirsch.faults import Fault
from bot.upkeep import additions, origins
from bot.upkeep.proposal import Answer, State
from bot.upkeep.revival import APART
from bot.upkeep.tending import carry
from tests.manage.keeping import BOT, ENDPOINT, managed
from tests.upkeep.village import Village, office

LIST = "https://lists.test/ranges.txt"
MINUTES = timedelta(minutes=15)


@pytest.fixture
def backend() -> str:
    return "sqlite"  # what upkeep asks of the store is tried on both where its tables are


def ranges(count: int) -> bytes:
    return "\n".join(f"93.184.{number}.0/24" for number in range(count)).encode()


# ---------------------------------------------------------------- sources


def test_a_filter_follows_an_office_that_moves(village: Village) -> None:
    village.round()
    assert village.filters() == ["93.184.216.34"]
    village.names["office.test"] = ["93.184.216.35", "2a00:1450::1"]
    village.later(timedelta(days=3))
    village.round()
    assert village.filters() == ["2a00:1450::1", "93.184.216.34", "93.184.216.35"]
    village.later(timedelta(days=1))
    village.round()
    assert village.filters() == ["2a00:1450::1", "93.184.216.35"]
    assert len(village.told()) == 3
    assert "pirsch-bot undo" in village.told()[0].undo


def test_a_round_that_finds_all_as_wanted_writes_and_says_nothing(village: Village) -> None:
    village.round()
    told, written = len(village.told()), len(village.town.writes())
    for _ in range(3):
        village.later(MINUTES)
        assert village.round().said == "The account is as it is wanted."
    assert (len(village.told()), len(village.town.writes())) == (told, written)


@pytest.mark.parametrize("answer", [None, [], ["10.0.0.1"], ["127.0.0.1"]])
def test_a_name_that_fails_changes_nothing(village: Village, answer: list[str] | None) -> None:
    village.round()
    if answer is None:
        del village.names["office.test"]
    else:
        village.names["office.test"] = answer
    for _ in range(3):
        village.later(timedelta(days=2))
        village.round()
    assert village.filters() == ["93.184.216.34"]


def test_a_source_that_is_bad_for_two_days_is_told_once_and_once_when_it_is_well(village: Village) -> None:
    village.round()
    said = len(village.told())
    good = village.names.pop("office.test")

    def news() -> list[tuple[str, bool]]:
        return [(one.what, one.good) for one in village.told()[said:]]

    village.later(timedelta(days=2) - MINUTES)
    village.round()
    assert news() == []
    for _ in range(3):
        village.later(MINUTES)
        village.round()
    stale = ("dns:office.test has not been good for two days", False)
    assert news() == [stale]
    assert "the name servers do not answer" in village.told()[-1].why
    village.names["office.test"] = good
    for _ in range(2):
        village.round()
    assert news() == [stale, ("dns:office.test is good again", True)]
    del village.names["office.test"]
    village.later(timedelta(days=2))
    village.round()
    assert news()[2:] == [stale]


def test_one_threshold_is_written_without_the_other(village: Village) -> None:
    village.file = managed(spike_threshold=100, warning_days=3)
    steward = village.tender().steward()
    look = steward.look(BOT)
    spike = [one for one in look.plan.changes if one.kind is KindName.SPIKE_THRESHOLD]
    (step,) = carry(steward, look, spike, BOT)
    assert step.outcome.good
    assert village.town.writes() == ["POST /traffic/spike"]


@pytest.mark.parametrize("body", [None, b"", b"<html>oops</html>", ranges(4), b"0.0.0.0/0\n10.0.0.0/8"])
def test_a_list_that_fails_or_shrinks_empties_nothing(village: Village, body: bytes | None) -> None:
    village.file = managed(filters=(office(f"url:{LIST}"),))
    village.lists[LIST] = ranges(8)
    village.round()
    assert len(village.filters()) == 8
    if body is None:
        del village.lists[LIST]
    else:
        village.lists[LIST] = body
    village.later(timedelta(days=5))
    village.round()
    assert len(village.filters()) == 8
    with village.town.database.reading() as tx:
        (known,) = origins.of(tx, "shop").values()
    assert not known.verdict.good
    assert known.held


def test_a_person_accepts_what_was_not_taken(village: Village) -> None:
    village.file = managed(filters=(office(f"url:{LIST}"),), caps=Caps())
    village.lists[LIST] = ranges(8)
    village.round()
    village.lists[LIST] = ranges(3)
    village.round()
    with village.town.database.transaction() as tx:
        assert len(origins.accept(tx, "shop", f"url:{LIST}", village.town.hours.now())) == 3
    village.lists.clear()
    village.round()
    assert len(village.filters()) == 4  # one run takes half of what is ours, at most
    village.round()
    assert len(village.filters()) == 3


def test_a_source_that_never_answered_makes_no_filter(village: Village) -> None:
    village.names.clear()
    village.round()
    assert village.filters() == []
    assert village.town.writes() == []


# ---------------------------------------------------------------- asking


def test_what_needs_a_yes_is_asked_once_and_done_after_it(village: Village) -> None:
    village.mode(Mode.APPROVE)
    for _ in range(3):
        village.round()
    assert village.filters() == []
    (asked,) = village.asked()
    (proposal,) = village.waiting()
    assert asked.plan == proposal.id
    assert asked.link is not None
    assert asked.changes[0].what == 'create filter "ip 93.184.216.34"'
    assert village.approve(proposal) is Answer.TAKEN
    assert village.approve(proposal) is Answer.DECIDED
    village.carry()
    assert village.filters() == ["93.184.216.34"]
    assert village.proposal(proposal.id).state is State.DONE
    assert "anna said yes" in village.told()[0].why
    village.round()
    assert village.waiting() == []


def test_a_yes_to_what_has_moved_asks_again_and_does_nothing(village: Village) -> None:
    village.file = managed(goals=())
    village.town.steward(village.file)
    village.mode(Mode.APPROVE)
    village.file = replace(village.file, spike_threshold=100, named=frozenset({KindName.SPIKE_THRESHOLD}))
    village.round()
    (proposal,) = village.waiting()
    village.file = replace(village.file, spike_threshold=150)
    village.approve(proposal)
    village.carry()
    assert "POST /traffic/spike" not in village.town.writes()
    assert village.proposal(proposal.id).state is State.FAILED
    (again,) = village.waiting()
    assert again.draft.plan.changes[0].after == {"visitors": 150}
    village.approve(again)
    village.carry()
    assert village.town.writes() == ["POST /traffic/spike"]


def test_what_somebody_did_by_hand_meanwhile_is_not_done_twice(village: Village) -> None:
    village.mode(Mode.APPROVE)
    village.round()
    (proposal,) = village.waiting()
    village.town.pirsch.filters.create(village.tender().keeper.account.domain, "ip", "93.184.216.34")
    village.approve(proposal)
    village.carry()
    assert village.filters() == ["93.184.216.34"]
    assert village.proposal(proposal.id).state is State.DONE
    assert "so already" in (village.proposal(proposal.id).said or "")


def test_a_wish_that_is_gone_is_not_asked_about_any_longer(village: Village) -> None:
    village.mode(Mode.APPROVE)
    village.round()
    assert len(village.waiting()) == 1
    village.file = replace(village.file, filters=())
    village.round()
    assert village.waiting() == []


def test_an_away_pirsch_puts_a_yes_off_and_it_is_kept(village: Village) -> None:
    village.mode(Mode.APPROVE)
    village.round()
    (proposal,) = village.waiting()
    village.approve(proposal)
    village.town.simulator.faults.plan(Fault(status=503, path="*/filter*", times=200))
    assert village.carry().failed
    assert village.proposal(proposal.id).state is State.APPROVED
    village.town.simulator.faults.clear()
    village.carry()
    assert village.proposal(proposal.id).state is State.DONE
    assert village.filters() == ["93.184.216.34"]


# ---------------------------------------------------------------- webhooks


def hooked(village: Village) -> str:
    village.file = managed(webhooks=FROM_RULES)
    village.events = ("order",)
    village.round()
    (hook,) = village.town.shelf("webhook")
    assert (hook["event"], hook["endpoint"]) == ("order", ENDPOINT)
    (document,) = village.town.simulator.account.shelves["webhook"].of(village.town.domain)
    return document.id


def switch_off(village: Village) -> None:
    (document,) = village.town.simulator.account.shelves["webhook"].of(village.town.domain)
    document.fields["active"] = False


def is_on(village: Village) -> bool:
    (hook,) = village.town.shelf("webhook")
    return hook["active"] is not False


def test_a_webhook_is_made_for_each_event_of_the_rules(village: Village) -> None:
    hooked(village)
    village.events = ("order", "refund")
    village.round()
    assert sorted(str(one["event"]) for one in village.town.shelf("webhook")) == ["order", "refund"]


def test_one_that_pirsch_switched_off_is_revived_only_while_we_answer(village: Village) -> None:
    id = hooked(village)
    switch_off(village)
    village.healthy = False
    village.round()
    assert not is_on(village)
    village.healthy = True
    village.round()
    assert is_on(village)
    (document,) = village.town.simulator.account.shelves["webhook"].of(village.town.domain)
    assert document.id == id


def test_it_is_revived_three_times_a_day_and_then_a_person_is_told_once(village: Village) -> None:
    hooked(village)
    for number in range(3):
        village.later(APART * 4**number)
        switch_off(village)
        village.round()
        assert is_on(village)
    told = len(village.told())
    for _ in range(3):
        village.later(timedelta(hours=1))
        switch_off(village)
        village.round()
        assert not is_on(village)
    assert [one.what for one in village.told()[told:]] == ["A webhook does not stay on"]


def test_two_webhooks_for_one_event_become_one(village: Village) -> None:
    hooked(village)
    shelf = village.town.simulator.account.shelves["webhook"]
    (document,) = shelf.of(village.town.domain)
    shelf.make(dict(document.fields), village.town.domain)
    village.round()
    assert len(village.town.shelf("webhook")) == 1


# ---------------------------------------------------------------- errands


def wanted(deed: Deed, subject: str, *, from_event: bool = False, **detail: object) -> Wish:
    return Wish(
        site="shop",
        asker="rule Login",
        deed=deed,
        subject=subject,
        why="“admin login” came with this address",
        detail=detail,
        from_event=from_event,
    )


def test_an_address_of_an_event_always_waits_for_a_yes(village: Village) -> None:
    village.file = managed(filters=())
    village.ask(wanted(Deed.FILTER, "93.184.216.99", from_event=True, lasts=7 * 86400))
    village.work()
    assert village.filters() == []
    (proposal,) = village.waiting()
    village.approve(proposal)
    village.carry()
    assert village.filters() == ["93.184.216.99"]
    village.round()
    assert village.filters() == ["93.184.216.99"]  # it is wanted, though the file does not name it
    village.later(timedelta(days=7))
    village.round()
    assert village.filters() == []


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "::1", "169.254.169.254"])
def test_an_address_that_no_visitor_can_have_is_refused(village: Village, address: str) -> None:
    village.ask(wanted(Deed.FILTER, address, from_event=True))
    village.work()
    assert village.waiting() == []
    assert village.errand().state == "refused"
    assert "not a public address" in (village.errand().said or "")


def test_a_flood_of_events_is_a_few_proposals(village: Village) -> None:
    village.file = managed(filters=())
    for number in range(60):
        village.ask(wanted(Deed.FILTER, f"93.184.216.{number}", from_event=True))
    for _ in range(5):
        village.work()
    assert len(village.waiting()) == 3
    assert village.filters() == []


def test_the_spike_threshold_is_raised_for_a_day_after_a_spike(village: Village) -> None:
    village.file = managed(spike_threshold=100)
    village.round()
    village.ask(wanted(Deed.SPIKE_THRESHOLD, "", by=0.5))
    village.work()
    with village.town.database.reading() as tx:
        (one,) = additions.standing(tx, village.town.hours.now(), "shop")
    assert one.fields == {"visitors": 150}
    assert village.town.writes() == ["POST /traffic/spike"] * 2
    village.later(timedelta(days=1))
    village.round()
    assert village.town.writes() == ["POST /traffic/spike"] * 3
    assert len(village.told()) == 3


def test_a_report_and_a_webhook_are_wished_for_beside_the_file(village: Village) -> None:
    village.file = managed(webhooks=FROM_RULES, reports=())
    village.events = ("order",)
    village.round()
    village.ask(wanted(Deed.REPORT, "client@example.com", every=1))
    village.ask(wanted(Deed.WEBHOOK, "refund"))
    village.work()
    assert [str(one["email"]) for one in village.town.shelf("report")] == ["client@example.com"]
    assert sorted(str(one["event"]) for one in village.town.shelf("webhook")) == ["order", "refund"]
    village.later(MINUTES)
    village.round()
    assert len(village.town.shelf("webhook")) == 2


def test_where_the_mode_is_plan_nothing_is_done_or_asked(village: Village) -> None:
    village.file = managed(spike_threshold=100, mode=Mode.PLAN)
    village.round()
    village.ask(wanted(Deed.REPORT, "client@example.com"))
    village.work()
    assert village.town.writes() == []
    assert village.waiting() == []
    assert village.errand().state == "refused"


def test_a_site_that_is_not_managed_says_so(village: Village) -> None:
    village.ask(Wish(site="blog", asker="rule Login", deed=Deed.WEBHOOK, subject="x", why=""))
    village.work()
    assert "no [manage.<site>]" in (village.errand().said or "")
