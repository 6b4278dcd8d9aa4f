"""Events as messages quote them, cut so that strangers do not decide how much is kept."""

from decimal import Decimal

from bot.facts import Event, Example
from bot.rules.rule import Rule

MOST_EXAMPLES = 5
MOST_KEYS = 20
LONGEST_NAME = 200
LONGEST_KEY = 100
LONGEST_VALUE = 500


def example(rule: Rule, event: Event) -> Example:
    """Quote an event with the number that the rule reads from it.

    Pirsch promises at most 20 pairs, keys of 100 and values of 2,000 characters; a stranger who
    writes to us promises nothing.
    """
    return Example(
        name=_cut(event.name, LONGEST_NAME),
        received_at=event.received_at,
        meta={
            _cut(key, LONGEST_KEY): _cut(value, LONGEST_VALUE)
            for key, value in list(event.meta.items())[:MOST_KEYS]
        },
        value=rule.amount.of(event) if rule.amount is not None else None,
    )


def latest(examples: tuple[Example, ...], another: Example) -> tuple[Example, ...]:
    """Add an example and keep the latest, oldest first."""
    ordered = sorted((*examples, another), key=lambda each: each.received_at)
    return tuple(ordered[-MOST_EXAMPLES:])


def largest(examples: tuple[Example, ...], another: Example) -> tuple[Example, ...]:
    """Add an example and keep the largest, largest first. Of equal ones the first heard stays."""
    ordered = sorted((*examples, another), key=_size, reverse=True)
    return tuple(ordered[:MOST_EXAMPLES])


def _size(quoted: Example) -> tuple[bool, Decimal]:
    return quoted.value is not None, quoted.value or Decimal(0)


def _cut(text: str, longest: int) -> str:
    # Half a surrogate pair can come in a JSON body, and cannot be written as UTF-8.
    whole = text if text.isascii() else text.encode(errors="replace").decode()
    return whole if len(whole) <= longest else whole[: longest - 1] + "…"
