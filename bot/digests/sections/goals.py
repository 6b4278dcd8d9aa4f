"""The goals of a site: who reached them, and whether what was wished for will be there in time."""

import math
from datetime import date, timedelta
from decimal import Decimal

from bot.digests import weigh
from bot.digests.asking import Asking
from bot.digests.outline import GoalPeriod
from bot.digests.sections.ranking import spread
from bot.digests.weigh import Counted
from bot.facts import Figure, Form, GoalLine, GoalList, Pace
from bot.sources.periods import DAY, Days
from bot.sources.source import GoalState, Target

_SWING = 0.1  # by which the rest of the time may differ from what has gone
_Z = 1.96


def make(asking: Asking) -> GoalList | None:
    """Return every goal; None where there are none."""
    now = asking.source.goals(asking.days)
    before = {one.id: one.visitors for one in asking.source.goals(asking.before)}
    over = counted_over(asking.days.last, asking.outline.goals_over)
    so_far = Days(first=over.first, last=asking.days.last)
    targets = {one.id: one for one in asking.source.goals(so_far)} if _have_targets(now) else {}
    swings = spread(asking)
    lines = []
    for goal in sorted(now, key=lambda one: (-one.visitors, one.name)):
        counted = Counted(
            now=goal.visitors, before=before.get(goal.id, 0), exposure=asking.exposure, spread=swings
        )
        figure = weigh.value(goal.name, counted, good=True)
        lines.append(line(figure, targets.get(goal.id), over, asking.days.last))
    return GoalList(goals=tuple(lines)) if lines else None


def counted_over(day: date, over: GoalPeriod) -> Days:
    """Return the calendar week, month or year in which a day lies."""
    if over is GoalPeriod.WEEK:
        first = day - timedelta(days=day.weekday())
        return Days(first=first, last=first + 6 * DAY)
    if over is GoalPeriod.MONTH:
        first = day.replace(day=1)
        return Days(first=first, last=(first + 31 * DAY).replace(day=1) - DAY)
    return Days(first=date(day.year, 1, 1), last=date(day.year, 12, 31))


def line(figure: Figure, state: GoalState | None, over: Days, day: date) -> GoalLine:
    """Judge the target that is furthest from being met, on the evening of a day. Pure."""
    found = None if state is None else _furthest(state)
    if found is None:
        return GoalLine(figure=figure)
    target, form = found
    gone = (day - over.first).days + 1
    ahead = target.present if form is Form.SHARE else target.present * len(over) / gone
    return GoalLine(
        figure=figure,
        pace=pace(target, form, gone, len(over)),
        target=_decimal(target.wanted),
        present=_decimal(target.present),
        ahead=_decimal(ahead),
        form=form,
        ends=over.last,
        ended=gone == len(over),
    )


def pace(target: Target, form: Form, gone: int, whole: int) -> Pace:
    """Say whether a target is met, will be, will not be, or may be: after `gone` days of `whole`."""
    if form is Form.SHARE:  # it does not grow with the days: it is met or not, and may change
        return Pace.REACHED if target.progress >= 1 else Pace.BEHIND if gone == whole else Pace.OPEN
    if target.progress >= 1:
        return Pace.REACHED
    rest = target.present * (whole - gone) / gone
    doubt = _Z * math.sqrt(rest + rest**2 / max(target.present, 1.0) + (_SWING * rest) ** 2)
    if target.present + rest - doubt >= target.wanted:
        return Pace.ON_PACE
    # with nobody so far, a few may still come
    may_come = rest + doubt + (3.0 * (whole - gone) / gone if target.present == 0 else 0.0)
    return Pace.BEHIND if target.present + may_come < target.wanted else Pace.OPEN


def _have_targets(goals: tuple[GoalState, ...]) -> bool:
    return any(one.targets for one in goals)


def _furthest(goal: GoalState) -> tuple[Target, Form] | None:
    forms = (
        (goal.visitors_target, Form.COUNT),
        (goal.total_target, Form.AMOUNT),
        (goal.share_target, Form.SHARE),
        (goal.average_target, Form.AMOUNT),
    )
    known = [(target, form) for target, form in forms if target is not None and target.wanted > 0]
    return min(known, key=lambda one: one[0].progress, default=None)


def _decimal(value: float) -> Decimal:
    return Decimal(round(value)) if value >= 100 or value == round(value) else Decimal(str(round(value, 4)))
