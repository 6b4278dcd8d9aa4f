"""The nightly look: what others changed is told once, and again when something else has moved."""

from zoneinfo import ZoneInfo

from bot import agenda, outbox
from bot.agenda import First
from bot.facts import DriftFound
from bot.jobs import Ran, Turn
from bot.jobs.drift import DriftLook
from bot.manage.wishes import GoalWish
from bot.sandbox.pirsch import faults
from bot.sources.errors import Gone
from tests.manage.keeping import BOT, Town, managed

WISH = managed(goals=(GoalWish(name="Signup", fields={"event": "signup", "visitors": 9}),))


def look(town: Town) -> DriftLook:
    return DriftLook(
        site="shop", zone=ZoneInfo("Europe/Berlin"), channels=("owner",), drift=town.steward(WISH).drift
    )


def run(town: Town, one: DriftLook) -> Ran:
    """One turn, claimed as the runner claims it."""
    now = town.hours.now()
    with town.database.transaction() as tx:
        agenda.plan(tx, {one.job.name: First(timing=str(one.job.timing), due_at=now)})
        claim = agenda.claim_now(tx, one.job.name, "us", 0.0)
    assert claim is not None
    return one.run(Turn(due_at=now, now=now, clock=town.hours.now, database=town.database, claim=claim))


def told(town: Town) -> list[DriftFound]:
    with town.database.reading() as tx:
        notices = [one.notice for one in outbox.entries(tx, most=50)]
    return [one.content for one in notices if isinstance(one.content, DriftFound)]


def meddle(town: Town, visitors: int) -> None:
    town.simulator.account.shelves["goal"].of(town.domain)[0].fields["visitor_goal"] = visitors


def test_what_others_changed_is_told_once(town: Town) -> None:
    town.keep(WISH, BOT)
    one = look(town)
    assert run(town, one).said == "Everything is as the bot wrote it."
    meddle(town, 50)
    ran = run(town, one)
    assert (ran.channels, ran.failed) == (frozenset({"owner"}), False)
    assert run(town, one).channels == frozenset()
    (found,) = told(town)
    (thing,) = found.things
    assert (thing.what, thing.fields[0].before, thing.fields[0].after) == ('goal "Signup"', "9", "50")


def test_what_moves_again_or_comes_again_is_told_again(town: Town) -> None:
    town.keep(WISH, BOT)
    one = look(town)
    for visitors in (50, 51, 9, 51):  # 9 is as it was: nothing to tell, and what comes after it is news
        meddle(town, visitors)
        run(town, one)
    assert len(told(town)) == 3


def test_pirsch_that_is_away_is_a_run_that_failed(town: Town) -> None:
    town.keep(WISH, BOT)
    town.simulator.faults.plan(faults.unauthorized().to("GET", "/goal", times=9))
    assert run(town, look(town)).failed
    assert told(town) == []


def test_a_dashboard_that_is_gone_is_a_run_that_failed(town: Town) -> None:
    def gone() -> None:
        raise Gone("these credentials see no dashboard of shop.example.com")

    one = DriftLook(site="shop", zone=ZoneInfo("UTC"), channels=(), drift=gone)  # type: ignore[arg-type]
    assert run(town, one) == Ran(said="these credentials see no dashboard of shop.example.com", failed=True)
