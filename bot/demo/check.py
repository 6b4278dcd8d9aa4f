"""The demo without eyes: 200 mixed events, and every expected message exactly once.

What is expected is worked out from what the shop sent, by the few lines of arithmetic in here; nothing of the
bot's own judgement is used for it.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from bot.demo.stage import Failed, Stage, Tempo
from bot.sandbox.shop import Item, Kind, mixed_events
from bot.sandbox.slack.workspace import Message
from bot.sandbox.world import World

EVENTS = 200
TEMPO = Tempo(pace="0s", collect="4s", silence="3s")
PATIENCE = 60.0

# What the amounts mean that real shops write; None is no plain number, and missing from a sum.
ODD_AMOUNTS = {
    "199,99": Decimal("199.99"),
    "$5": None,
    "": None,
    "1.299,00": Decimal(1299),
    "free": None,
    "12.50 EUR": None,
}
# Rubbish that is an event all the same: a purchase without anything to say about it.
STILL_AN_EVENT = frozenset({"duration is words"})

LONGEST_NAME = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What must arrive, worked out from what was sent."""

    readable: int
    unreadable: int
    orders: int
    total: Decimal
    big: Counter[str]
    dead_pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the check went: what is wrong (nothing, when all is well), and the line of figures."""

    wrong: tuple[str, ...]
    figures: str


def expected(items: Iterable[Item]) -> Expected:
    """Work out what the demo's rules have to make of these items."""
    listed = list(items)
    readable = [one for one in listed if _readable(one)]
    purchases = [_meta(one) for one in readable if _name(one) == "purchase"]
    amounts = [_amount(meta) for meta in purchases]
    return Expected(
        readable=len(readable),
        unreadable=len(listed) - len(readable),
        orders=len(purchases),
        total=sum((one for one in amounts if one is not None), Decimal(0)),
        big=Counter(
            meta.get("order_id", "")
            for meta, amount in zip(purchases, amounts, strict=True)
            if amount is not None and amount >= 500 and meta.get("currency") == "USD"
        ),
        dead_pages=sum(_name(one) == "404 Page Not Found" for one in readable),
    )


def _readable(item: Item) -> bool:
    if item.kind is Kind.RUBBISH:
        return item.what in STILL_AN_EVENT
    return len(_name(item)) <= LONGEST_NAME


def _name(item: Item) -> str:
    return item.event.name if item.event is not None else "purchase"


def _meta(item: Item) -> dict[str, str]:
    return dict(item.event.meta) if item.event is not None else {}


def _amount(meta: dict[str, str]) -> Decimal | None:
    text = meta.get("amount", "")
    return ODD_AMOUNTS[text] if text in ODD_AMOUNTS else Decimal(text)


def run(say: Callable[[str], None]) -> Outcome:
    """Start everything, send the events, wait, and compare. Raise Failed when it cannot be done at all."""
    items = mixed_events(count=EVENTS)
    wanted = expected(items)
    with World(channels=("sales", "website", "everything")) as world, Stage(world, TEMPO) as stage:
        say(f"the bot runs; sending {len(items)} events, floods, rubbish and hostile text among them …")
        began = time.monotonic()
        answers = [future.result(PATIENCE) for future in world.shop.submit(items)]
        sent_in = time.monotonic() - began
        refused = [answer for answer in answers if not answer.good]
        _wait(world, stage, wanted)
        arrived_in = time.monotonic() - began
        wrong = [f"{len(refused)} of {len(answers)} events were not thanked for"] if refused else []
        wrong += differences(world, stage, wanted)
        memory = stage.memory()
        stopped_in = stage.stop()
        slack, mails = len(world.slack.messages()), len(world.mailbox.messages)
    if wrong:
        wrong.append(f"the mails were: {[mail.subject for mail in world.mailbox.messages]}")
    figures = (
        f"{len(items)} events taken in {sent_in:.2f} s; {slack} Slack messages and {mails} mails in "
        f"{arrived_in:.1f} s, each exactly once; {wanted.unreadable} unreadable bodies quarantined; "
        f"{f'{memory / 2**20:.0f} MB' if memory else 'unknown'} of memory; stopped in {stopped_in:.1f} s"
    )
    return Outcome(wrong=tuple(wrong), figures=figures)


def _wait(world: World, stage: Stage, wanted: Expected) -> None:
    """Wait until nothing waits any more and the last collection was told; give up after PATIENCE."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        checks = stage.readiness()["checks"]
        settled = checks["events"]["kept"] == 0 and checks["notices"]["waiting"] == 0
        if settled and _told_orders(world)[0] >= wanted.orders and len(world.mailbox.messages) >= 3:
            time.sleep(1.0)  # whatever would come twice comes now
            return
        time.sleep(0.1)
    raise Failed(
        f"not everything arrived within {PATIENCE:.0f} s; the bot says: {json.dumps(stage.readiness())}"
    )


def differences(world: World, stage: Stage, wanted: Expected) -> list[str]:
    """Compare what arrived with what was to arrive; return a sentence for each difference."""
    orders, total = _told_orders(world)
    subjects = [mail.subject for mail in world.mailbox.messages]
    heard, ids = world.slack.messages("everything"), _ids(world.slack.messages())
    website = world.slack.messages("website")
    pairs: list[tuple[str, object, object]] = [
        ("events told one by one", len(heard), wanted.readable),
        ("messages with an id of their own", len(ids), len(set(ids))),
        ("orders in collected messages", orders, wanted.orders),
        ("their total", total, wanted.total),
        ("big orders", _big(world.slack.messages("sales")), wanted.big),
        ("alarms about broken links in Slack", len(website), int(wanted.dead_pages >= 20)),
        ("… and by mail", sum("Broken links" in one for one in subjects), int(wanted.dead_pages >= 20)),
        ("mails about the event that stayed out", sum("stock counted" in one for one in subjects), 1),
        (
            "mails about unreadable bodies",
            sum("unreadable" in one for one in subjects),
            int(wanted.unreadable > 0),
        ),
        ("mails in all", len(subjects), 3),
        ("quarantined bodies", stage.readiness()["checks"]["events"]["quarantined"], wanted.unreadable),
    ]
    return [f"{what}: {found} instead of {right}" for what, found, right in pairs if found != right]


def _told_orders(world: World) -> tuple[int, Decimal]:
    """How many orders the collected messages in #sales speak of, and their total."""
    count, total = 0, Decimal(0)
    for message in world.slack.messages("sales"):
        number, cross, rest = message.text.partition(" × Orders on kites")
        if cross:
            count += int(number)
            total += (
                Decimal(rest.split(": ")[1].split(" in total")[0].replace(",", ""))
                if "in total" in rest
                else 0
            )
    return count, total


def _big(messages: Iterable[Message]) -> Counter[str]:
    """The order numbers in the messages about big orders."""
    told = [json.dumps(list(one.blocks)) for one in messages if one.text.startswith("Big order")]
    return Counter(word.split('"')[0].split("\\n")[0].strip("* `") for text in told for word in _orders(text))


def _orders(text: str) -> list[str]:
    return [f"KT-{part[:4]}" for part in text.split("KT-")[1:2]]


def _ids(messages: Iterable[Message]) -> list[str]:
    return [str((one.metadata or {}).get("event_payload", {}).get("id", one.ts)) for one in messages]
