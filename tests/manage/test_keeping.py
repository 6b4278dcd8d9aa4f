"""Keeping one account: ownership, drift, locks, limits, two bots, and what is never called."""

import threading
from dataclasses import replace

import pytest

from bot.db import Database
from bot.manage import ledger
from bot.manage.account import ALLOWED
from bot.manage.change import KindName, Owner, Thing, Verb
from bot.manage.marks import Mark
from bot.manage.outcome import Outcome, Ruling, Step, Verdict
from bot.manage.steward import Busy, Stale
from bot.manage.switches import FLIPS, Position, Switch, flip, position, saw
from bot.manage.wishes import FilterType, FilterWish, GoalWish
from bot.pirsch.calls import CALLS
from bot.pirsch.client import Pirsch
from bot.pirsch.goals import GoalDraft
from bot.pirsch.ids import DomainId
from bot.pirsch.narrow import OutOfReach
from bot.pirsch.wire import Patience
from bot.sandbox.pirsch import Limits, Settings, Site, faults, start
from bot.sandbox.pirsch.faults import Cut
from tests.manage.afterwards import AFTERWARDS
from tests.manage.keeping import ANNA, BOT, NOON, SHOP, Town, managed


def ip(source: str, note: str = "") -> FilterWish:
    return FilterWish(type=FilterType.IP, source=source, note=note)


def goal(name: str, **fields: object) -> GoalWish:
    return GoalWish(name=name, fields={"event": "signup", **fields})


def keys(steps: list[Step | Ruling], outcome: object) -> list[str]:
    return [
        one.change.key for one in steps if (one.outcome if isinstance(one, Step) else one.verdict) is outcome
    ]


# ---------------------------------------------------------------- whose it is


def test_what_somebody_made_is_neither_changed_nor_deleted(town: Town) -> None:
    town.pirsch.goals.create(DomainId(town.domain), GoalDraft(name="Signup", path="/x", visitors=5))
    wish = managed(goals=(goal("Signup", visitors=9),))
    assert keys(town.keep(wish), Verdict.NOT_OURS) == ["Signup"]
    assert town.keep(managed(goals=())) == []
    (left,) = town.shelf("goal")
    assert left["visitor_goal"] == 5
    assert [one for one in town.writes() if one != "POST /goal"] == []


def test_a_claim_takes_it_over_with_every_target_that_the_file_does_not_name(town: Town) -> None:
    theirs = GoalDraft(name="Signup", path="/x", event="old", visitors=5, cr_percent=2.5, email_reached=False)
    town.pirsch.goals.create(DomainId(town.domain), theirs)
    wish = managed(goals=(goal("Signup", visitors=9),))
    steward = town.steward(wish)
    (step,) = steward.apply(steward.look(ANNA).plan, ANNA, claim=True)
    assert isinstance(step, Step)
    assert step.outcome is Outcome.DONE
    (left,) = town.shelf("goal")
    assert (left["visitor_goal"], left["cr_goal"], left["path_pattern"]) == (9, 2.5, "/x")
    assert [one.change.verb for one in town.keep(managed(goals=())) if isinstance(one, Step)] == [Verb.DELETE]


def test_a_goal_with_a_regular_expression_is_left_alone(town: Town) -> None:
    shelf = town.simulator.account.shelves["goal"]
    town.pirsch.goals.create(DomainId(town.domain), GoalDraft(name="Signup", path="/x"))
    shelf.of(town.domain)[0].fields.update(path_pattern="", pattern="(?i)^/x/[0-9]+$")
    wish = managed(goals=(goal("Signup", visitors=9),))
    assert keys(town.keep(wish), Verdict.HANDS_OFF) == ["Signup"]


def test_the_mark_is_in_the_description_and_the_note_beside_it(town: Town) -> None:
    town.keep(managed(filters=(ip("203.0.113.7", "office"),), webhooks=("signup",)))
    assert [one["description"] for one in town.shelf("filter")] == [
        "office · by pirsch-bot (bot.example.com)"
    ]
    assert [one["description"] for one in town.shelf("webhook")] == ["by pirsch-bot (bot.example.com)"]


def test_a_bot_that_lost_its_store_knows_its_filters_by_their_mark(town: Town) -> None:
    town.keep(managed(filters=(ip("203.0.113.7"), ip("203.0.113.8"))))
    with town.database.transaction() as tx:
        tx.exec_driver_sql("DELETE FROM ledger")
    town.keep(managed(filters=(ip("203.0.113.8"),)), BOT)
    assert [one["filter"] for one in town.shelf("filter")] == ["203.0.113.8"]


# ---------------------------------------------------------------- drift


def test_what_somebody_changed_is_told_and_not_restored_by_the_bot_alone(town: Town) -> None:
    wish = managed(goals=(goal("Signup", visitors=9),))
    town.keep(wish, BOT)
    document = town.simulator.account.shelves["goal"].of(town.domain)[0]
    document.fields["visitor_goal"] = 50
    (drift,) = town.steward(wish).drift()
    assert (drift.title, drift.fields, drift.gone) == ('goal "Signup"', ("visitors",), False)
    assert keys(town.keep(wish, BOT), Verdict.SOMEBODY_CHANGED_IT) == ["Signup"]
    assert [one["visitor_goal"] for one in town.shelf("goal")] == [50]
    assert keys(town.keep(wish, ANNA), Outcome.DONE) == ["Signup"]
    assert [one["visitor_goal"] for one in town.shelf("goal")] == [9]
    assert town.steward(wish).drift() == ()


def test_what_somebody_deleted_is_told_and_not_made_again_by_the_bot_alone(town: Town) -> None:
    wish = managed(filters=(ip("203.0.113.7"),))
    town.keep(wish, BOT)
    shelf = town.simulator.account.shelves["filter"]
    shelf.drop(shelf.of(town.domain)[0].id)
    assert [one.gone for one in town.steward(wish).drift()] == [True]
    assert keys(town.keep(wish, BOT), Verdict.SOMEBODY_CHANGED_IT) == ["ip 203.0.113.7"]
    assert keys(town.keep(wish, ANNA), Outcome.DONE) == ["ip 203.0.113.7"]


@pytest.mark.parametrize("gone", [False, True])
def test_what_is_to_be_let_be_is_told_no_more_until_it_moves_again(town: Town, gone: bool) -> None:
    wish = managed(goals=(goal("Signup", visitors=9),))
    town.keep(wish, BOT)
    shelf = town.simulator.account.shelves["goal"]
    document = shelf.of(town.domain)[0]
    document.fields["visitor_goal"] = 50
    if gone:
        shelf.drop(document.id)
    (drift,) = town.steward(wish).drift()
    thing = Thing(kind=drift.kind, key=drift.key, id=drift.id, fields=drift.now or {})
    with town.database.transaction() as tx:
        ledger.ignore(tx, "shop", thing, ANNA, "let be", NOON)
    assert town.steward(wish).drift() == ()
    assert keys(town.keep(wish, BOT), Verdict.SOMEBODY_CHANGED_IT) == ["Signup"]  # and not undone
    if not gone:
        document.fields["visitor_goal"] = 51
        assert len(town.steward(wish).drift()) == 1


def test_a_mark_that_somebody_took_away_is_drift(town: Town) -> None:
    wish = managed(filters=(ip("203.0.113.7", "office"),))
    town.keep(wish, BOT)
    town.simulator.account.shelves["filter"].of(town.domain)[0].fields["description"] = "office"
    assert len(town.steward(wish).drift()) == 1
    assert keys(town.keep(managed(filters=()), BOT), Verdict.SOMEBODY_CHANGED_IT) == ["ip 203.0.113.7"]
    assert len(town.shelf("filter")) == 1


def test_a_mail_that_was_sent_is_no_drift_and_is_not_armed_again(town: Town) -> None:
    wish = managed(goals=(goal("Signup", visitors=9, email_reached=True),))
    town.keep(wish, BOT)
    document = town.simulator.account.shelves["goal"].of(town.domain)[0]
    document.fields["email_reached"] = False  # as Pirsch does once the mail is out
    assert town.steward(wish).drift() == ()
    assert town.look(wish, BOT).plan.changes == ()
    raised = managed(goals=(goal("Signup", visitors=20, email_reached=True),))
    assert keys(town.keep(raised, BOT), Outcome.DONE) == ["Signup"]
    assert (document.fields["visitor_goal"], document.fields["email_reached"]) == (20, False)


def test_a_mail_that_may_come_again_is_asked_for(town: Town) -> None:
    town.keep(managed(goals=(goal("Signup", visitors=9, email_reached=True),)), BOT)
    raised = managed(goals=(goal("Signup", visitors=20, email_reached=True),))
    assert keys(town.keep(raised, BOT), Verdict.REARMS_A_MAIL) == ["Signup"]
    assert keys(town.keep(raised, ANNA), Outcome.DONE) == ["Signup"]


# ---------------------------------------------------------------- plans that are old, and locks


def test_a_plan_is_refused_when_the_account_has_moved(town: Town) -> None:
    wish = managed(filters=(ip("203.0.113.7"),))
    steward = town.steward(wish)
    plan = steward.look(ANNA).plan
    town.pirsch.filters.create(DomainId(town.domain), "ip", "192.0.2.9", "somebody's")
    before = town.writes()
    with pytest.raises(Stale):
        steward.apply(plan, ANNA)
    assert town.writes() == before


def test_a_plan_is_judged_anew_when_it_is_carried_out(town: Town) -> None:
    """A saved plan may have been written by anybody: what it says about owners and mails is not believed."""
    town.keep(managed(goals=(goal("Signup", visitors=9, email_reached=True),)), BOT)
    town.pirsch.goals.create(DomainId(town.domain), GoalDraft(name="Theirs", path="/x", visitors=5))
    names = ("Signup", "Theirs")
    wish = managed(goals=tuple(goal(name, visitors=20, email_reached=True) for name in names))
    steward = town.steward(wish)
    plan = steward.look(BOT).plan
    forged = [replace(one, owner=Owner.OURS, rearms=False, drifted=False) for one in plan.changes]
    words = list(steward.apply(replace(plan, changes=tuple(forged)), BOT))
    assert keys(words, Verdict.REARMS_A_MAIL) == ["Signup"]
    assert keys(words, Verdict.NOT_OURS) == ["Theirs"]
    with pytest.raises(ValueError, match="a plan of blog is not for shop"):
        steward.apply(replace(plan, site="blog"), BOT)


def test_what_moves_while_it_is_carried_out_is_not_overwritten(town: Town) -> None:
    town.keep(managed(goals=(goal("A", visitors=1), goal("B", visitors=1))))
    wish = managed(goals=(goal("A", visitors=2), goal("B", visitors=2)))
    steward = town.steward(wish)
    plan = steward.look(ANNA).plan
    documents = {one.text("name"): one for one in town.simulator.account.shelves["goal"].of(town.domain)}
    write = steward.account.goals.update

    def meddling(*parts: object) -> object:
        documents["B"].fields["visitor_goal"] = 77
        return write(*parts)  # type: ignore[arg-type]

    steward.account.goals.update = meddling  # type: ignore[method-assign,assignment]
    steps = list(steward.apply(plan, ANNA))
    assert (keys(steps, Outcome.DONE), keys(steps, Outcome.MOVED)) == (["A"], ["B"])
    assert documents["B"].fields["visitor_goal"] == 77


def test_a_locked_object_stops_no_other(town: Town) -> None:
    names = ("203.0.113.7", "203.0.113.8", "203.0.113.9")
    town.keep(managed(filters=tuple(ip(one) for one in names)))
    for document in town.simulator.account.shelves["filter"].of(town.domain):
        document.locked = document.fields["filter"] == "203.0.113.8"
    steps = town.keep(managed(filters=tuple(ip(one, "office") for one in names)))
    assert keys(steps, Outcome.REFUSED) == ["ip 203.0.113.8"]
    assert keys(steps, Outcome.DONE) == ["ip 203.0.113.7", "ip 203.0.113.9"]
    (refused,) = (one for one in steps if isinstance(one, Step) and one.outcome is Outcome.REFUSED)
    assert "perhaps it is locked" in refused.answer


def test_an_area_that_cannot_be_read_hides_no_other(town: Town) -> None:
    wish = managed(filters=(ip("203.0.113.7"),), webhooks=("signup",))
    town.simulator.faults.plan(faults.forbidden().to("GET", "/webhook"))
    look = town.look(wish)
    assert list(look.survey.failed) == [KindName.WEBHOOK]
    assert [one.change.key for one in look.rulings] == ["ip 203.0.113.7"]


def test_bad_credentials_stop_the_run_and_nothing_is_lost(town: Town) -> None:
    wish = managed(filters=(ip("203.0.113.7"), ip("203.0.113.8")))
    steward = town.steward(wish)
    plan = steward.look(ANNA).plan
    town.simulator.faults.plan(faults.unauthorized().to("POST", "/filter", times=2))
    steps = list(steward.apply(plan, ANNA))
    assert len(keys(steps, Outcome.PUT_OFF)) == 2
    assert keys(town.keep(wish), Outcome.DONE) == ["ip 203.0.113.7", "ip 203.0.113.8"]


# ---------------------------------------------------------------- two bots


def test_two_bots_with_stores_of_their_own_leave_each_others_things_alone(
    town: Town, fresh: Database
) -> None:
    other = Mark(whose="staging.example.com")
    town.keep(managed(filters=(ip("203.0.113.7"),)), BOT)
    theirs = managed(filters=(ip("203.0.113.8"),))
    for _ in range(3):  # each sees what the other made, and neither touches it
        town.keep(theirs, BOT, database=fresh, mark=other)
        town.keep(managed(filters=(ip("203.0.113.7"),)), BOT)
    assert sorted(str(one["filter"]) for one in town.shelf("filter")) == ["203.0.113.7", "203.0.113.8"]
    assert town.simulator.account.shelves["filter"].created[-2:] != []
    assert [one for one in town.writes() if one != "POST /filter"] == []
    assert len(town.writes()) == 2


def test_two_bots_that_want_different_things_of_one_goal_do_not_take_turns(
    town: Town, fresh: Database
) -> None:
    ours = managed(goals=(goal("Signup", visitors=500),))
    theirs = managed(goals=(goal("Signup", visitors=600),))
    town.keep(ours, BOT)
    for _ in range(3):
        assert keys(town.keep(theirs, BOT, database=fresh), Verdict.NOT_OURS) == ["Signup"]
        assert town.keep(ours, BOT) == []
    assert [one["visitor_goal"] for one in town.shelf("goal")] == [500]


def test_two_processes_of_one_bot_take_their_turns(town: Town) -> None:
    wish = managed(filters=tuple(ip(f"203.0.113.{number}") for number in range(6)))
    stewards = [town.steward(wish, pirsch=town.client()) for _ in range(4)]
    plans = [one.look(BOT).plan for one in stewards]
    came: list[str] = []
    together = threading.Barrier(len(stewards))

    def run(number: int) -> None:
        together.wait()
        try:
            stewards[number].apply(plans[number], BOT)
            came.append("done")
        except (Busy, Stale) as refused:
            came.append(type(refused).__name__)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(stewards))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert came.count("done") == 1
    assert len(town.shelf("filter")) == 6
    assert town.writes().count("POST /filter") == 6


# ---------------------------------------------------------------- what is called, and how often


def test_a_whole_life_of_every_kind_makes_no_other_calls(town: Town) -> None:
    for first, second in AFTERWARDS.values():
        town.keep(first, BOT)
        town.keep(second, BOT)
    allowed = {(CALLS[name].method, CALLS[name].path) for name in ALLOWED}
    made = {tuple(one.split(" ")) for one in town.writes()}
    assert made <= allowed
    assert ("PUT", "/traffic/spike") not in made


HARMFUL = [name for name, call in CALLS.items() if not call.reads and name not in ALLOWED]


@pytest.mark.parametrize("name", HARMFUL)
def test_managing_cannot_make_this_call(town: Town, name: str) -> None:
    with pytest.raises(OutOfReach):
        town.pirsch.narrowed(ALLOWED).ask(name, body={})
    assert town.writes() == []


def test_what_could_do_harm_is_not_among_the_calls() -> None:
    assert not ALLOWED & FLIPS
    assert not [name for name in ALLOWED if name.startswith(("domains.", "members.", "account.", "ingest."))]


def test_sixty_calls_a_minute_are_never_exceeded(database: Database) -> None:
    """Pirsch counts here; the bot waits by itself, and the run is done in the end."""
    settings = Settings(
        days=120, speed=0, sites=(Site(hostname=SHOP, visitors_per_day=0),), limits=Limits(security=None)
    )
    with start(settings) as simulator:
        town = Town(simulator, database)
        town.hours.passes = simulator.clock.advance
        wish = managed(filters=tuple(ip(f"203.0.113.{number}") for number in range(60)))
        with town.client(Patience()) as pirsch:
            steps = town.keep(wish, BOT, pirsch=pirsch)
        assert {one.outcome for one in steps if isinstance(one, Step)} == {Outcome.DONE}
        assert len(town.shelf("filter")) == 60
        assert [one.status for one in simulator.ledger.calls() if one.status == 429] == []
        assert sum(town.hours.slept) > 120  # some 180 calls
        town.close()


# ---------------------------------------------------------------- switches


def switched(town: Town) -> bool:
    return town.simulator.account.switch(town.domain, "spike").on


def turn(town: Town, pirsch: Pirsch | None = None) -> Position:
    wire = (pirsch or town.pirsch).narrowed(FLIPS)
    domain = DomainId(town.domain)
    return flip(town.database, wire, "shop", domain, Switch.SPIKE, ANNA, NOON).position


def known(town: Town) -> Position:
    with town.database.reading() as tx:
        return position(tx, "shop", Switch.SPIKE)


def see(town: Town, seen: Position) -> None:
    with town.database.transaction() as tx:
        saw(tx, "shop", Switch.SPIKE, seen, ANNA, NOON)


def test_a_flip_turns_what_was_seen_round(town: Town) -> None:
    assert known(town) is Position.UNKNOWN
    see(town, Position.OFF)
    assert turn(town) is known(town) is Position.ON
    assert switched(town) is True
    assert turn(town) is known(town) is Position.OFF


@pytest.mark.parametrize("cut", [Cut.BEFORE, Cut.AFTER, Cut.MIDDLE])
def test_a_flip_that_is_cut_short_leaves_it_unknown_and_is_not_repeated(town: Town, cut: Cut) -> None:
    see(town, Position.OFF)
    town.simulator.faults.plan(faults.cut(cut).to("PUT", "/traffic/spike"))
    turn(town)
    assert town.writes().count("PUT /traffic/spike") == 1
    assert known(town) is not Position.OFF
    if cut is not Cut.MIDDLE:
        assert known(town) is Position.UNKNOWN


def test_a_flip_that_is_refused_changes_nothing(town: Town) -> None:
    see(town, Position.OFF)
    town.simulator.faults.plan(faults.forbidden().to("PUT", "/traffic/spike"))
    assert turn(town) is known(town) is Position.OFF
    assert switched(town) is False


# ---------------------------------------------------------------- sources that are silent


def test_what_came_from_a_source_stays_while_the_source_is_silent(town: Town) -> None:
    office = FilterWish(type=FilterType.IP, source="dns:office.example.net", note="office")
    wish = managed(filters=(office,))
    given = town.steward(wish).given()
    found = replace(given, resolved={office.source: ("203.0.113.7", "203.0.113.8")})
    town.keep(wish, BOT, given=found)
    silent = replace(given, unresolved={office.source: "no answer"})
    assert town.keep(wish, BOT, given=silent) == []
    assert dict(town.look(wish, given=silent).held) == {office.source: "no answer"}
    moved = replace(given, resolved={office.source: ("203.0.113.8", "203.0.113.9")})
    town.keep(wish, BOT, given=moved)
    assert sorted(str(one["filter"]) for one in town.shelf("filter")) == ["203.0.113.8", "203.0.113.9"]


def test_nobody_is_told_the_address_of_a_webhook(town: Town) -> None:
    wish = managed(webhooks=("signup",))
    look = town.look(wish)
    town.keep(wish)
    with town.database.reading() as tx:
        rows = ledger.entries(tx)
    assert "a-token-that-nobody-guesses" not in f"{look}{rows}"
    assert str(town.shelf("webhook")[0]["endpoint"]).endswith("a-token-that-nobody-guesses")


def test_a_new_token_makes_the_new_webhook_before_the_old_one_goes(town: Town) -> None:
    wish = managed(webhooks=("signup",))
    town.keep(wish)
    given = replace(
        town.steward(wish).given(), endpoint="https://bot.example.com/hooks/shop/another-token-by-far"
    )
    town.simulator.ledger.clear()
    town.keep(wish, given=given)
    assert town.writes() == ["POST /webhook", "DELETE /webhook"]
    assert [one["endpoint"] for one in town.shelf("webhook")] == [given.endpoint]
