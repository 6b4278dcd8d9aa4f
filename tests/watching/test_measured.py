"""The second way, from Pirsch's answers over a real socket to what waits for people."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from bot import readings, verdicts
from bot.db import Tx
from bot.detect.spell import Spell, State
from bot.facts import Explanation, Measured, Reason
from bot.jobs import Superseded
from bot.jobs.watching import rounds
from bot.sandbox.pirsch import Cut, Fault
from bot.sandbox.pirsch.faults import cut
from bot.sandbox.pirsch.settings import Trouble
from bot.sources.source import Source
from bot.watches.look import Kept
from bot.watches.memory import Memory
from bot.watches.opinion import Opinion
from bot.watches.round import troubles
from bot.watches.trace import Trace
from bot.watches.watch import Unusual, Watch
from tests.watching.conftest import DAY, HOUR, MORNING, SILENCE, MakePost, Post, watch

VISITORS = watch(condition=Unusual())
HOURS = "/statistics/hours"


def asked(post: Post, path: str = HOURS) -> int:
    return sum(one.path == path for one in post.simulator.ledger.calls())


def states(post: Post) -> dict[str, str]:
    with post.database.reading() as tx:
        return {name: one.state for (name, _), one in verdicts.stands(tx, "shop").items() if name}


def test_a_new_bot_learns_for_weeks_or_fetches_them(post: MakePost) -> None:
    shop = post(VISITORS)
    shop.look()
    assert states(shop) == {"Visitors": "learning"}
    assert shop.fetch().said == "55 days fetched."  # yesterday was read by the look
    shop.look()
    assert states(shop) == {"Visitors": "ok"}
    assert shop.fetch().said == "Nothing is missing."


def test_an_outage_is_told_with_its_numbers_and_so_is_its_end(post: MakePost) -> None:
    shop = post(VISITORS, SILENCE)
    shop.fetch()
    shop.look()
    assert shop.told() == []
    shop.happen(Trouble.SITE_DOWN, 12 * HOUR)
    shop.watch_for(12 * HOUR)
    opened = shop.told_because(Reason.OPENED)
    assert {one.rule for one in opened} == {"Visitors", "Silence"}
    for one in opened:
        content = one.content
        assert isinstance(content, Measured)
        assert content.state == "firing"
        assert content.side == "down"
        assert content.value < (content.expected or 0)
        assert content.rarity
        assert content.picture is not None
        assert any(point.marked for point in content.picture.points)
    shop.watch_for(24 * HOUR)
    ends = shop.told_because(Reason.RESOLVED)
    assert {one.rule for one in ends} == {"Visitors", "Silence"}
    for one in ends:
        assert isinstance(one.content, Measured)
        assert one.content.state == "resolved"
        assert one.content.missing is not None
        assert one.content.missing > 30
        assert one.content.ended_at is not None
    assert len(ends) == len(shop.told_because(Reason.OPENED)) == 2


def test_the_same_question_is_asked_once_for_all_watches(post: MakePost) -> None:
    shop = post(
        VISITORS, SILENCE, watch("Views", "views", Unusual()), watch("Sessions", "sessions", Unusual())
    )
    shop.look()
    shop.simulator.ledger.clear()
    shop.look()
    assert asked(shop) == 1


def test_what_is_told_for_the_first_time_is_explained_and_only_then(post: MakePost) -> None:
    calls: list[str] = []

    def explain(watch: Watch, kept: Kept, opinion: Opinion, source: Source) -> Explanation:
        calls.append(watch.name)
        return Explanation(got=1, expected=2, link="https://pirsch.example/there")

    shop = post(SILENCE, explain=explain)
    shop.fetch()
    shop.look()
    assert calls == []
    shop.happen(Trouble.SITE_DOWN, 12 * HOUR)
    shop.watch_for(20 * HOUR)
    assert calls == ["Silence"]
    for one in shop.told():
        assert isinstance(one.content, Measured)
        assert one.content.link == "https://pirsch.example/there"


def test_who_lost_the_claim_writes_nothing(post: MakePost) -> None:
    shop = post(VISITORS)

    @contextmanager
    def taken_over() -> Iterator[Tx]:
        with shop.database.transaction() as tx:
            yield tx
            raise Superseded

    with pytest.raises(Superseded):
        shop.look(taken_over)
    with shop.database.reading() as tx:
        assert verdicts.everywhere(tx) == {}
        assert readings.known(tx, "shop", "", shop.now.date() - 60 * DAY) == set()
        assert verdicts.history(tx, ("Visitors", "shop")) == []


def test_when_pirsch_is_down_nothing_begins_nothing_ends_and_one_message_says_so(post: MakePost) -> None:
    shop = post(VISITORS, SILENCE)
    shop.fetch()
    shop.look()
    shop.simulator.faults.plan(cut(Cut.BEFORE).to("*", "*", times=1000))
    (first,) = shop.watch_for(timedelta(minutes=5), timedelta(minutes=5))
    assert first.failed
    assert states(shop) == {"Visitors": "error", "Silence": "error"}
    shop.watch_for(timedelta(hours=3), timedelta(minutes=20))
    assert shop.told() == []
    (down,) = shop.told("owner")
    assert down.key == "source/pirsch"
    shop.simulator.faults.clear()
    shop.watch_for(timedelta(minutes=20), timedelta(minutes=20))
    assert states(shop) == {"Visitors": "ok", "Silence": "ok"}
    assert [one.reason for one in shop.told("owner")] == [Reason.OPENED, Reason.RESOLVED]
    assert shop.told() == []


@pytest.mark.parametrize(("minutes", "told"), [(9, 0), (10, 1)])
def test_a_source_may_be_away_for_ten_minutes(post: MakePost, minutes: int, told: int) -> None:
    shop = post(VISITORS)
    shop.look()
    shop.simulator.faults.plan(Fault(path=HOURS, status=503, times=1000))
    shop.look()
    shop.watch_for(timedelta(minutes=minutes), timedelta(minutes=minutes))
    assert len(shop.told("owner")) == told


def test_days_that_were_missed_are_read_later_and_marked(post: MakePost) -> None:
    shop = post(VISITORS)
    shop.fetch()
    shop.watch_for(2 * HOUR)
    shop.simulator.advance(3 * DAY, send=False, settle=False)  # nobody looks
    shop.look()
    assert shop.fetch().said == "2 days fetched."
    with shop.database.reading() as tx:
        days = {one.day: one for one in readings.since(tx, "shop", "", shop.now.date() - 5 * DAY)}
    today = shop.now.date()
    assert days[today - 4 * DAY].late == 0
    assert days[today - 2 * DAY].late == 24
    assert all(hour is not None for hour in days[today - 2 * DAY].hours)
    assert shop.fetch().said == "Nothing is missing."


def test_a_bug_in_one_watch_stops_none_of_the_others(post: MakePost) -> None:
    broken = watch("Broken", condition=None)  # the settings would not let it pass
    shop = post(broken, SILENCE)
    shop.fetch()
    shop.look()
    assert states(shop) == {"Broken": "error", "Silence": "ok"}
    (said,) = shop.told("owner")
    assert said.key == "bot/rule-raised/watch/shop/Broken"
    shop.look()
    assert len(shop.told("owner")) == 1


def test_every_verdict_is_kept_with_what_led_to_it(post: MakePost) -> None:
    shop = post(VISITORS)
    shop.fetch()
    shop.look()
    shop.look()  # the same hours again
    with shop.database.reading() as tx:
        (record,) = verdicts.history(tx, ("Visitors", "shop"))
        assert verdicts.at(tx, ("Visitors", "shop"), shop.now - HOUR) is None
    trace = Trace.from_json(record.inputs)
    assert trace.hours is not None
    assert trace.hours.usual is not None
    assert trace.hours.usual.days == 56
    (opinion,) = trace.opinions
    assert opinion.state == "ok"
    assert [one.hours for one in opinion.weighed] == [1, 2, 3, 6, 12, 24, 48]


def test_another_meaning_under_the_same_name_begins_anew(post: MakePost) -> None:
    shop = post(SILENCE)
    shop.fetch()
    shop.look()
    shop.happen(Trouble.SITE_DOWN, 24 * HOUR)
    shop.watch_for(12 * HOUR)
    assert len(shop.told_because(Reason.OPENED)) == 1
    shop.watches[:] = [watch("Silence", "visitors", Unusual())]
    shop.watch_for(2 * HOUR)
    assert len(shop.told_because(Reason.CLOSED)) == 1  # without a sound
    assert len(shop.told_because(Reason.OPENED)) == 2
    assert shop.told_because(Reason.RESOLVED) == []


def test_the_owner_hears_once_which_watch_can_never_see_anything(post: MakePost) -> None:
    small = post(watch("Outages", "visitors", Unusual()), visitors=1)
    small.fetch()
    (said,) = small.told("owner")
    assert said.key == "bot/too-small/shop"
    assert "Outages" in said.content.why  # type: ignore[union-attr]
    small.simulator.advance(2 * DAY, send=False, settle=False)
    assert small.fetch().said.startswith("2 days")
    assert len(small.told("owner")) == 1


def test_what_one_rhythm_knows_as_trouble_another_one_does_not_learn() -> None:
    """Who learns first on a day is chance; the watch that is in trouble may look at another rhythm."""
    spike = watch("Spike", "spike", Unusual(), every=timedelta(minutes=5))
    began = MORNING - 9 * HOUR
    spell = Spell(state=State.TROUBLE, since_at=began, bad_at=MORNING)
    memories = {"Visitors": Memory(spells={"": spell}), "Spike": Memory()}
    both = [one for _, one in rounds([VISITORS, spike])]
    assert [one.beside for one in both] == [(VISITORS,), (spike,)]
    for one in both:
        [found] = troubles(("", "visitors"), one, memories, MORNING)
        assert found.since_at <= began
        assert found.until_at == MORNING
