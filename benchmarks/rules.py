"""How much a rule costs: `python -m benchmarks.rules`.

Two ratios, each measured in one run on one machine, so that they can be compared anywhere:

- finding the rules for an event in a book of 10 and of 10,000 rules (nine of ten with an exact name, one
  of ten a glob), for names of the shop and for names that a stranger makes up;
- a condition by our compiler and by Jinja's sandbox, the nearest thing that needs no compiler.
"""

import random
import statistics
import string
import timeit
from collections.abc import Callable
from datetime import UTC, datetime

from jinja2.sandbox import SandboxedEnvironment

from bot.facts import Event
from bot.rules.book import RuleBook
from bot.rules.expression import compile_condition
from bot.rules.rule import Rule

CONDITION = "meta.currency == 'USD' and number(meta.amount) >= 100"
JINJA = "meta['currency'] == 'USD' and meta['amount'] | float >= 100"
EVENT = Event(
    id=1,
    site="shop",
    name="purchase",
    received_at=datetime(2026, 3, 2, 12, tzinfo=UTC),
    meta={"amount": "199.99", "currency": "USD", "country": "de"},
)
NAMES = 2_000


def main() -> None:
    """Print both comparisons."""
    print("finding the rules of an event         µs per event")
    for title, made_up in (("names of the shop", False), ("names made up by strangers", True)):
        few, many = (_finding(size, made_up=made_up) for size in (10, 10_000))
        print(f"  {title:28} 10 rules {few:6.2f}   10,000 rules {many:6.2f}   ratio {many / few:5.1f}")
    condition = compile_condition(CONDITION)
    expression = SandboxedEnvironment().compile_expression(JINJA)
    own = _microseconds(lambda: condition.holds(EVENT))
    jinja = _microseconds(lambda: expression(meta=EVENT.meta))
    print("asking a condition                    µs per event")
    print(
        f"  {CONDITION}\n  {'':28} own      {own:6.2f}   jinja2       {jinja:6.2f}   ratio {jinja / own:5.1f}"
    )


def _finding(size: int, *, made_up: bool) -> float:
    """Return the microseconds for one event among so many rules."""
    chance = random.Random(1)
    globs = size // 10
    book = RuleBook(
        Rule(name=str(number), event=f"shop {number}*" if number < globs else f"event {number}")
        for number in range(size)
    )
    names = [
        "".join(chance.choices(string.ascii_letters + " 0123456789", k=20))
        if made_up
        else chance.choice(
            [f"shop {chance.randrange(globs)} order", f"event {chance.randrange(globs, size)}"]
        )
        for _ in range(NAMES)
    ]
    return _microseconds(lambda: [book.matching("shop", name) for name in names], runs=5) / NAMES


def _microseconds(work: Callable[[], object], runs: int = 20_000) -> float:
    return statistics.median(timeit.repeat(work, number=runs, repeat=5)) / runs * 1e6


if __name__ == "__main__":
    main()
