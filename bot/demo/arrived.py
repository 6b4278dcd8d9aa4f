"""What arrived at the far ends of the demo, and how it differs from what had to."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.demo.expected import Expected
from bot.sandbox.slack.workspace import Message

MAILS = 3  # broken links, what stayed out, unreadable bodies
_SHOWN = 3

_COLLECTED = re.compile(r"(\d+) × Orders on kites(?:.*: ([\d,.]+) in total)?")
_BIG = re.compile(r"(?:[\d.,]+ · )?Big order on kites")
_EVENT = re.compile(r"Event \*(.+?)\*, ", re.DOTALL)
_ORDER = re.compile(r"KT-\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What is there in the end: Slack by channel, the mails' subjects, the bot's store, Pirsch's counts."""

    slack: Mapping[str, Sequence[Message]]
    subjects: Sequence[str]
    kept: Counter[str]
    quarantined: int
    sent: int
    failed: int

    @property
    def ids(self) -> list[str]:
        """Return what each message carries as its own mark."""
        messages = (one for channel in self.slack.values() for one in channel)
        return [str((one.metadata or {}).get("event_payload", {}).get("id", one.ts)) for one in messages]

    @property
    def orders(self) -> int:
        """How many orders the collected messages speak of."""
        return sum(int(found[1]) for found in self._collected())

    @property
    def total(self) -> Decimal:
        """What they say that these orders cost."""
        return sum(
            (Decimal(found[2].replace(",", "")) for found in self._collected() if found[2]), Decimal(0)
        )

    @property
    def big(self) -> Counter[str]:
        """The order numbers in the messages about big orders."""
        told = [one for one in self.slack["sales"] if _BIG.match(one.text)]
        return Counter(found[0] for one in told if (found := _ORDER.search(json.dumps(list(one.blocks)))))

    def _collected(self) -> list[re.Match[str]]:
        found = (_COLLECTED.match(one.text) for one in self.slack["sales"])
        return [one for one in found if one]


def differences(wanted: Expected, found: Arrived) -> list[str]:
    """Compare; return a sentence for each difference."""
    about = {what: sum(what in one for one in found.subjects) for what in _SUBJECTS}
    pairs: list[tuple[str, object, object]] = [
        ("webhooks sent by Pirsch", found.sent, wanted.sent),
        ("webhooks that failed", found.failed, 0),
        ("bodies kept", found.kept.total(), wanted.kept.total()),
        ("quarantined bodies", found.quarantined, wanted.unreadable),
        ("events told one by one", len(found.slack["everything"]), wanted.told.total()),
        ("messages with an id of their own", len(set(found.ids)), len(found.ids)),
        ("orders in collected messages", found.orders, wanted.orders),
        ("their total", found.total, wanted.total),
        ("alarms about broken links in Slack", len(found.slack["website"]), wanted.alarms),
        ("… and by mail", about["Broken links"], wanted.alarms),
        ("mails about the event that stayed out", about["stock counted"], 1),
        ("mails about unreadable bodies", about["unreadable"], int(wanted.unreadable > 0)),
        ("mails in all", len(found.subjects), MAILS),
    ]
    wrong = [f"{what}: {is_} instead of {right}" for what, is_, right in pairs if is_ != right]
    wrong += _counted("what the bot kept", found.kept, wanted.kept)
    wrong += _counted("big orders", found.big, wanted.big)
    return wrong + _counted("events by name", _names(found.slack["everything"]), _plain(wanted.told))


_SUBJECTS = ("Broken links", "stock counted", "unreadable")


def _counted(what: str, found: Counter[str], wanted: Counter[str]) -> list[str]:
    both = (("missing", wanted - found), ("too many", found - wanted))
    return [
        f"{what}: {sum(more.values())} {word}, such as {', '.join(map(_short, list(more)[:_SHOWN]))}"
        for word, more in both
        if more
    ]


def _short(text: str) -> str:
    return repr(text if len(text) <= 120 else f"{text[:119]}…")


def _names(messages: Iterable[Message]) -> Counter[str]:
    """Which ordinary events the messages are about; hostile names look different once they are escaped."""
    found = (_EVENT.search(json.dumps(list(one.blocks), ensure_ascii=False)) for one in messages)
    return _plain(Counter(one[1] for one in found if one))


def _plain(names: Counter[str]) -> Counter[str]:
    return Counter({name: count for name, count in names.items() if re.fullmatch(r"[\w ]+", name)})
