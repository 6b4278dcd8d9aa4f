"""A check that cannot fail is no check: each planted difference is found, and nothing else is said."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.demo.arrived import Arrived, differences
from bot.demo.expected import expected
from bot.sandbox.slack.workspace import Message
from tests.demo.sending import event, rubbish, sent

BIG = {"amount": "600", "currency": "USD", "order_id": "KT-1001"}
SMALL = {"amount": "199,99", "currency": "EUR", "order_id": "KT-1002"}
WANTED = expected(
    [
        sent(event("purchase", BIG)),
        sent(event("purchase", SMALL)),
        sent(event("signup", {})),
        sent(event("x" * 201, {}), 400),
        sent(event("<!channel>", {})),
        *(sent(event("404 Page Not Found", {})) for _ in range(20)),
        sent(rubbish("words"), 204),
        sent(rubbish("duration is words"), 204),
    ]
)
COLLECTED = "3 × Orders on kites in 1 s: 799.99 in total, largest 600.00."
SUBJECTS = (
    "pirsch-bot needs you on kites: Something unreadable came to kites",
    "20 × Broken links on kites within 10 min (alarm from 20)",
    "3 s without “stock counted” on kites",
)


def message(id: str, text: str, words: str) -> Message:
    """A message as the bot posts it."""
    block = {"type": "section", "text": {"type": "mrkdwn", "text": words}}
    metadata = {"event_type": "pirsch_bot_notice", "event_payload": {"id": id}}
    return Message(channel="C1", text=text, ts=id, blocks=[block], metadata=metadata)


def heard(number: int, name: str) -> Message:
    """A message about one event."""
    return message(f"e{number}", "Heard on kites.", f"Event *{name}*, 21 Nov 2026, 05:21 CET")


NAMES = ["purchase"] * 3 + ["signup", "&lt;!channel&gt;"] + ["404 Page Not Found"] * 20
SLACK: Mapping[str, list[Message]] = {
    "sales": [
        message("s1", "600.00 · Big order on kites.", "*order_id*\nKT-1001"),
        message("s2", COLLECTED, "The largest: KT-1001, KT-1002"),
    ],
    "website": [message("w1", "20 × Broken links on kites.", "20")],
    "everything": [heard(number, name) for number, name in enumerate(NAMES)],
}
ARRIVED = Arrived(slack=SLACK, subjects=SUBJECTS, kept=Counter(WANTED.kept), quarantined=1, sent=24, failed=0)


def test_when_all_arrived_nothing_is_said() -> None:
    assert WANTED.wrong == ()
    assert WANTED.total == Decimal("799.99")
    assert differences(WANTED, ARRIVED) == []


def slack(channel: str, change: Callable[[list[Message]], list[Message]]) -> Arrived:
    """Change what stands in a channel."""
    return replace(ARRIVED, slack={**SLACK, channel: change(SLACK[channel])})


def told(text: str) -> Arrived:
    """Change the message about orders."""
    return slack("sales", lambda said: [said[0], replace(said[1], text=text)])


def kept(change: Mapping[str, int]) -> Arrived:
    """Change how often bodies are kept."""
    return replace(ARRIVED, kept=+Counter({**WANTED.kept, **change}))


SIGN_UP = next(key for key in WANTED.kept if "signup" in key)
OTHER = SIGN_UP.replace("signup", "sign-up")
PLANTED: Mapping[str, tuple[Arrived, list[str]]] = {
    "a lost message": (
        slack("everything", lambda said: said[1:]),
        [
            "events told one by one: 24 instead of 25",
            "events by name: 1 missing, such as 'purchase'",
        ],
    ),
    "a doubled message": (
        slack("everything", lambda said: [*said, said[3]]),
        [
            "events told one by one: 26 instead of 25",
            "messages with an id of their own: 28 instead of 29",
            "events by name: 1 too many, such as 'signup'",
        ],
    ),
    "one lost, another doubled": (
        slack("everything", lambda said: [*said[1:], replace(said[3], metadata=None, ts="new")]),
        [
            "events by name: 1 missing, such as 'purchase'",
            "events by name: 1 too many, such as 'signup'",
        ],
    ),
    "a changed total": (
        told(COLLECTED.replace("799.99", "799.98")),
        ["their total: 799.98 instead of 799.99"],
    ),
    "no total": (
        told("3 × Orders on kites in 1 s."),
        ["their total: 0 instead of 799.99"],
    ),
    "an order too few": (
        told(COLLECTED.replace("3 ×", "2 ×")),
        ["orders in collected messages: 2 instead of 3"],
    ),
    "orders told twice": (
        slack("sales", lambda said: [*said, replace(said[1], metadata=None, ts="again")]),
        ["orders in collected messages: 6 instead of 3", "their total: 1599.98 instead of 799.99"],
    ),
    "a lost big order": (
        slack("sales", lambda said: said[1:]),
        ["big orders: 1 missing, such as 'KT-1001'"],
    ),
    "a big order that is none": (
        slack("sales", lambda said: [*said, message("s3", "5.00 · Big order on kites.", "KT-1002")]),
        ["big orders: 1 too many, such as 'KT-1002'"],
    ),
    "a second alarm": (
        slack("website", lambda said: [*said, replace(said[0], metadata=None, ts="w2")]),
        ["alarms about broken links in Slack: 2 instead of 1"],
    ),
    "a mail that stayed out": (
        replace(ARRIVED, subjects=SUBJECTS[1:]),
        ["mails about unreadable bodies: 0 instead of 1", "mails in all: 2 instead of 3"],
    ),
    "a mail about nothing": (
        replace(ARRIVED, subjects=[*SUBJECTS, "Hello"]),
        ["mails in all: 4 instead of 3"],
    ),
    "an alarm by mail, twice": (
        replace(ARRIVED, subjects=[*SUBJECTS[:2], SUBJECTS[1]]),
        ["… and by mail: 2 instead of 1", "mails about the event that stayed out: 0 instead of 1"],
    ),
    "an event that was not kept": (
        kept({SIGN_UP: 0}),
        ["bodies kept: 25 instead of 26", f"what the bot kept: 1 missing, such as {SIGN_UP!r}"],
    ),
    "an event that was kept twice": (
        kept({SIGN_UP: 2}),
        ["bodies kept: 27 instead of 26", f"what the bot kept: 1 too many, such as {SIGN_UP!r}"],
    ),
    "an event that was changed on the way": (
        kept({SIGN_UP: 0, OTHER: 1}),
        [
            f"what the bot kept: 1 missing, such as {SIGN_UP!r}",
            f"what the bot kept: 1 too many, such as {OTHER!r}",
        ],
    ),
    "a webhook that Pirsch never sent": (
        replace(ARRIVED, sent=23),
        ["webhooks sent by Pirsch: 23 instead of 24"],
    ),
    "a webhook that was not thanked for": (
        replace(ARRIVED, failed=1),
        ["webhooks that failed: 1 instead of 0"],
    ),
    "good bodies in quarantine": (
        replace(ARRIVED, quarantined=2),
        ["quarantined bodies: 2 instead of 1"],
    ),
}


@pytest.mark.parametrize("what", PLANTED)
def test_each_planted_difference_is_found(what: str) -> None:
    found, sentences = PLANTED[what]
    assert differences(WANTED, found) == sentences
