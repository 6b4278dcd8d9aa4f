"""Days that are not like others: what is expected of them begins no trouble, and does not become usual."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.detect.completeness import Completeness
from bot.detect.expected import Baseline
from bot.detect.hours import CELLS, Hours
from bot.detect.spell import Spell, State
from bot.detect.verdict import Side, Why
from bot.sources.periods import Days, bounds
from bot.watches.calendar import PLAIN, Calendar, Expect, Occasion, Yearly
from bot.watches.days import DayOfHours
from bot.watches.look import Kept, Seen
from bot.watches.memory import Memory
from bot.watches.occasions import considered
from bot.watches.opinion import Opinion
from bot.watches.rare import RareSeen
from bot.watches.round import Known, learnt
from bot.watches.traffic import HoursSeen
from bot.watches.watch import Beyond, Changed, Condition, Silent, Unusual, Watch
from tests.detect.building import BERLIN, hours, steady, usual
from tests.looks.making import watch

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = date(2026, 1, 5)
FRIDAY = date(2026, 2, 27)
MIDNIGHT = bounds(FRIDAY, BERLIN)[0]


def calendar(expect: Expect, *days: date) -> Calendar:
    dates = tuple(Days(first=day, last=day) for day in days or (FRIDAY,))
    return Calendar(occasions=(Occasion(name="Black Friday", days=dates, expect=expect),))


def course(times: float, since_at: datetime, until_at: datetime) -> Hours:
    """Return fifteen days of hours up to an instant, `times` as many as usual since another."""
    whole = steady(scale=3).until(until_at)
    first = (since_at - whole.first_at) // HOUR
    counts = [
        round((count or 0) * (times if place >= first else 1)) for place, count in enumerate(whole.counts)
    ]
    return replace(whole, counts=tuple(counts)).last(15 * 24)


def thought(
    one: Watch,
    recent: Hours,
    days: Calendar,
    *,
    baseline: Baseline | None = None,
    before: Spell | None = None,
    seen: Seen | None = None,
) -> Opinion:
    kept = Kept(
        now=recent.end_at, zone=BERLIN, hours=recent, baseline=baseline or usual(scale=3), calendar=days
    )
    memory = Memory(spells={"": before or Spell()})
    seen = seen or HoursSeen(number="visitors")
    (opinion,) = considered(one, seen.judge(one, kept, memory), memory, kept).opinions
    return opinion


def visitors(condition: Condition, **more: object) -> Watch:
    return watch("visitors", condition=condition, **more)


@pytest.mark.parametrize(
    ("expect", "times", "why"),
    [
        pytest.param(Expect.ANYTHING, 4, Why.SPECIAL_DAY, id="anything, more"),
        pytest.param(Expect.ANYTHING, 0, Why.SPECIAL_DAY, id="anything, none"),
        pytest.param(Expect.MORE, 4, Why.SPECIAL_DAY, id="more, more"),
        pytest.param(Expect.MORE, 0, Why.UNUSUALLY_LOW, id="more, none"),
        pytest.param(Expect.LESS, 4, Why.UNUSUALLY_HIGH, id="less, more"),
        pytest.param(Expect.LESS, 0, Why.SPECIAL_DAY, id="less, none"),
        pytest.param(Expect.AS_USUAL, 4, Why.UNUSUALLY_HIGH, id="as usual"),
        pytest.param(Expect.MORE, 1, Why.USUAL, id="an ordinary day after all"),
    ],
)
def test_what_is_expected_of_a_day_begins_no_trouble(expect: Expect, times: float, why: Why) -> None:
    recent = course(times, MIDNIGHT, MIDNIGHT + 15 * HOUR)
    opinion = thought(visitors(Unusual()), recent, calendar(expect))
    verdict = opinion.judged.verdict
    assert verdict.why is why
    held = why in (Why.SPECIAL_DAY, Why.USUAL)
    assert verdict.state is (State.OK if held else State.TROUBLE)
    assert opinion.judged.spell.open is not held
    assert opinion.occasion == "Black Friday"
    assert verdict.evidence is not None


def test_the_day_before_is_a_day_like_others() -> None:
    recent = course(4, MIDNIGHT - 9 * HOUR, MIDNIGHT)
    opinion = thought(visitors(Unusual()), recent, calendar(Expect.MORE))
    assert opinion.judged.verdict.why is Why.UNUSUALLY_HIGH
    assert opinion.occasion is None


def test_the_day_after_is_not_judged_by_the_campaign() -> None:
    """The windows reach two days back, and the rush is in them."""
    rush = course(4, MIDNIGHT, MIDNIGHT + DAY)
    calm = course(1, MIDNIGHT, MIDNIGHT + DAY + 9 * HOUR)
    recent = replace(calm, counts=(*calm.counts[:-33], *rush.counts[-24:], *calm.counts[-9:]))
    assert thought(visitors(Unusual()), recent, PLAIN).judged.verdict.why is Why.UNUSUALLY_HIGH
    opinion = thought(visitors(Unusual()), recent, calendar(Expect.MORE))
    assert opinion.judged.verdict.why is Why.USUAL
    assert opinion.over is not None
    assert opinion.over.since_at == MIDNIGHT + DAY  # whoever asks for reasons does not ask for the campaign


def test_a_trouble_that_is_on_goes_on_and_may_end() -> None:
    began = MIDNIGHT - 4 * HOUR
    on = Spell(state=State.TROUBLE, since_at=began, bad_at=MIDNIGHT, strength=0.0)
    still = thought(
        visitors(Unusual()), course(0, began, MIDNIGHT + 9 * HOUR), calendar(Expect.ANYTHING), before=on
    )
    assert still.judged.verdict.state is State.TROUBLE
    back = thought(
        visitors(Unusual()), course(1, began, MIDNIGHT + 15 * HOUR), calendar(Expect.ANYTHING), before=on
    )
    assert back.judged.spell == Spell(ended_at=MIDNIGHT + 15 * HOUR)


def test_what_was_pending_as_the_day_began_is_nothing() -> None:
    pending = Spell(state=State.PENDING, since_at=MIDNIGHT - HOUR, bad_at=MIDNIGHT, strength=4.0)
    recent = course(4, MIDNIGHT - 2 * HOUR, MIDNIGHT + 9 * HOUR)
    opinion = thought(visitors(Unusual(), hold=HOUR), recent, calendar(Expect.MORE), before=pending)
    assert opinion.judged.verdict.why is Why.SPECIAL_DAY
    assert opinion.judged.spell == Spell()


@pytest.mark.parametrize(
    ("expect", "silent", "why"),
    [
        pytest.param(Expect.LESS, 1, Why.USUAL, id="quiet, as a holiday may be"),
        pytest.param(Expect.LESS, 3, Why.SILENT, id="nobody is fewer than less"),
        pytest.param(Expect.MORE, 1, Why.SILENT, id="more are expected"),
    ],
)
def test_silence_is_news_on_holidays_too_only_later(expect: Expect, silent: int, why: Why) -> None:
    noon = MIDNIGHT + 14 * HOUR
    opinion = thought(visitors(Silent()), course(0, noon - silent * HOUR, noon), calendar(expect))
    assert opinion.judged.verdict.why is why


def test_a_limit_is_a_limit_on_every_day() -> None:
    one = visitors(Beyond(side=Side.UP, limit=1))
    opinion = thought(one, course(4, MIDNIGHT, MIDNIGHT + 12 * HOUR), calendar(Expect.ANYTHING))
    assert opinion.judged.verdict.why is Why.OVER_THE_LIMIT


@pytest.mark.parametrize(
    ("expect", "times", "why"),
    [
        pytest.param(Expect.MORE, 0.25, Why.SPECIAL_DAY, id="fewer than on the campaign a week before"),
        pytest.param(Expect.LESS, 0.25, Why.FELL, id="fewer than on a holiday"),
    ],
)
def test_a_comparison_with_such_a_day_is_none_on_that_side(expect: Expect, times: float, why: Why) -> None:
    noon = MIDNIGHT + 12 * HOUR
    one = visitors(Changed(share=0.5), within=6 * HOUR)
    opinion = thought(one, course(times, MIDNIGHT, noon), calendar(expect, FRIDAY - 7 * DAY))
    assert opinion.judged.verdict.why is why


def test_waiting_for_something_rare_does_not_count_holidays() -> None:
    """Twice a day until a holiday of four days: then nothing for four days is no gap at all."""
    counts = [1 if place % 12 == 0 else 0 for place in range(28 * 24)] + [0] * 96
    recent = hours(counts)
    last = (recent.end_at - HOUR).astimezone(BERLIN).date()
    holiday = calendar(Expect.LESS, *(last - number * DAY for number in range(4)))
    one = watch("gap", event="order")
    assert thought(one, recent, PLAIN, seen=RareSeen()).judged.verdict.why is Why.SILENT
    assert thought(one, recent, holiday, seen=RareSeen()).judged.verdict.why is Why.HEARD


def test_such_days_do_not_become_usual() -> None:
    """Four weeks in which every second Monday is a campaign of ten times as many."""
    campaigns = [MONDAY + 14 * number * DAY for number in range(4)]
    whole = steady(scale=3)
    days = []
    for number in range(56):
        day, starts_at = MONDAY + number * DAY, whole.first_at + number * DAY
        times = 10 if day in campaigns else 1
        found = [((count or 0) * times,) * 4 for count in whole.counts[number * 24 : number * 24 + 24]]
        days.append(
            DayOfHours(
                day=day, starts_at=starts_at, hours=tuple(found), read_at=starts_at + 2 * DAY, settled=True
            )
        )
    known = Known(
        zone=BERLIN,
        today=MONDAY + 56 * DAY,
        days={"": days},
        completeness=Completeness(grace=HOUR, missing=0.0, learnt=False),
    )
    apart = replace(known, calendar=calendar(Expect.MORE, *campaigns))
    fooled, right = learnt(known, ("", "visitors"), []), learnt(apart, ("", "visitors"), [])
    assert fooled is not None
    assert right is not None
    assert right.days == 52
    plain = usual(scale=3)
    assert right.cells[12] == pytest.approx(plain.cells[12], rel=0.02)
    assert fooled.cells[12] > 1.3 * plain.cells[12]
    assert len(right.cells) == CELLS


def test_a_week_of_each_year_may_cross_its_end() -> None:
    holidays = Occasion(name="Holidays", days=(Yearly(first=(12, 24), last=(1, 1)),))
    assert date(2027, 1, 1) in holidays
    assert date(2027, 1, 2) not in holidays


def test_the_first_of_several_on_one_day_counts() -> None:
    both = Calendar(
        occasions=(
            Occasion(name="Sale", days=(Days(first=FRIDAY, last=FRIDAY),), expect=Expect.MORE),
            Occasion(name="Holiday", days=(Days(first=FRIDAY, last=FRIDAY + DAY),), expect=Expect.LESS),
        )
    )
    assert [one and one.name for one in map(both.on, (FRIDAY, FRIDAY + DAY, FRIDAY + 2 * DAY))] == [
        "Sale",
        "Holiday",
        None,
    ]


def test_the_day_is_the_one_on_the_site_s_wall() -> None:
    """Berlin's Friday begins at 23:00 UTC on Thursday."""
    assert datetime(2026, 2, 26, 23, tzinfo=UTC) == MIDNIGHT
    first_hour = thought(visitors(Unusual()), course(9, MIDNIGHT, MIDNIGHT + HOUR), calendar(Expect.MORE))
    assert first_hour.occasion == "Black Friday"
