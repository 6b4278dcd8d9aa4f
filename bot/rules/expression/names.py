"""The names that an expression can use, besides the keys of `meta`."""

from collections.abc import Callable
from datetime import timedelta, tzinfo
from decimal import Decimal

from bot.rules.expression.terms import Kind, Term, constant

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SECOND = timedelta(seconds=1)


def _name(timezone: tzinfo) -> Term:
    """The event's name."""
    return Term(kind=Kind.TEXT, read=lambda event: event.name)


def _site(timezone: tzinfo) -> Term:
    """The site on which it happened, as the config calls it."""
    return Term(kind=Kind.TEXT, read=lambda event: event.site)


def _duration(timezone: tzinfo) -> Term:
    """The duration that came with the event, in whole seconds."""
    return Term(kind=Kind.NUMBER, read=lambda event: Decimal(event.duration // _SECOND))


def _hour(timezone: tzinfo) -> Term:
    """The hour of the day in which it was received, 0 to 23."""
    return Term(kind=Kind.NUMBER, read=lambda event: Decimal(event.received_at.astimezone(timezone).hour))


def _weekday(timezone: tzinfo) -> Term:
    """The day of the week on which it was received, mon to sun."""
    return Term(
        kind=Kind.TEXT,
        read=lambda event: WEEKDAYS[event.received_at.astimezone(timezone).weekday()],
        choices=WEEKDAYS,
    )


def _true(timezone: tzinfo) -> Term:
    return Term(kind=Kind.TRUTH, read=constant(True), constant=True)


def _false(timezone: tzinfo) -> Term:
    return Term(kind=Kind.TRUTH, read=constant(False), constant=False)


NAMES: dict[str, Callable[[tzinfo], Term]] = {
    "name": _name,
    "site": _site,
    "duration": _duration,
    "hour": _hour,
    "weekday": _weekday,
    "true": _true,
    "false": _false,
}
