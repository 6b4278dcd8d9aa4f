"""Sends straight to channels, past the outbox, and says how it went."""

import uuid
from collections.abc import Callable, Iterable, Mapping

from bot.cli.ground import say
from bot.deliver.channel import Closed, Message, Undelivered
from bot.deliver.road import Road
from bot.facts import Notice


def send(
    known: Mapping[str, Road],
    wanted: Iterable[str],
    notice: Callable[[str], Notice],
    left_out: Callable[[str], frozenset[str]] = lambda channel: frozenset(),
) -> None:
    """Send what `notice` gives for each channel. End with 1 when one was not taken."""
    failed = 0
    for name in wanted:
        message = Message(id=uuid.uuid4().hex, notice=notice(name), left_out=left_out(name))
        try:
            receipt = known[name].channel.send(message)
        except Undelivered as problem:
            failed += 1
            remedy = f" What to do: {problem.remedy}" if isinstance(problem, Closed) else ""
            say(f"{name}: not taken. {problem.why.rstrip('.')}.{remedy}", err=True)
        else:
            note = f" ({receipt.repaired})" if receipt.repaired else ""
            say(f"{name}: taken, receipt {receipt.ref}{note}")
    if failed:
        raise SystemExit(1)
