"""What the values of events add up to: revenue."""

from decimal import Decimal, InvalidOperation

from bot.digests import weigh
from bot.digests.asking import Asking
from bot.digests.outline import Money
from bot.digests.sections.ranking import spread
from bot.digests.weigh import Sum
from bot.facts import Numbers
from bot.sources.periods import Days

_LARGEST = Decimal(10) ** 12


def make(asking: Asking) -> Numbers | None:
    """Return a figure for each sum that the owner asked for; None without any."""
    figures = tuple(
        weigh.amount(
            money.event,
            _sum(asking, money, asking.days),
            _sum(asking, money, asking.before),
            asking.exposure,
            spread(asking),
            unit=money.currency,
        )
        for money in asking.outline.revenue
    )
    return Numbers(of="revenue", figures=figures) if figures else None


def _sum(asking: Asking, money: Money, days: Days) -> Sum:
    """Ask for a sum, and for its values: how many, and how far they are from each other."""
    total = asking.source.amount(days, money.event, money.key).total
    rows = asking.source.event_meta(days, money.event, money.key)
    known = [(value, one.times) for one in rows if (value := _value(one.value)) is not None]
    listed = float(sum(value * times for value, times in known))
    squares = sum(float(value) ** 2 * times for value, times in known)
    number = sum(times for _, times in known)
    # the list may be longer than what was read of it: the rest is taken to be like it
    part = listed / float(total) if total > 0 and 0 < listed < float(total) else 1.0
    return Sum(total=total, number=round(number / part), squares=squares / part)


def _value(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < _LARGEST else None
