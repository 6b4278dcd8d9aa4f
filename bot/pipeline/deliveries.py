"""A day's events as the vendor counts them, beside those that came."""

from datetime import datetime

from bot import alerts, events, leases
from bot.db import Tx
from bot.deliveries import book
from bot.deliveries.compare import EDGE, Received, Sent, compare, told
from bot.facts import Finding
from bot.pipeline.step import Judges, Progress, Step
from bot.troubles import losses_key

REMEMBERED_AS = "bot/losses"


def compare_day(tx: Tx, judges: Judges, site: str, sent: Sent, now: datetime) -> Progress:
    """Compare a day, write it down, and tell the owner what is missing: once, whoever compares again."""
    if not sent.counts:
        return Progress()
    came = events.counted(tx, site, sent.starts_at, sent.ends_at)
    late = events.counted(tx, site, sent.ends_at, sent.ends_at + EDGE)
    at_most = {name: came.names.get(name, 0) + late.names.get(name, 0) for name in sent.counts}
    compared = compare(sent, Received(counts=came.names, at_most=at_most, unreadable=came.unreadable))
    book.write(tx, site, sent.day, compared, now)
    content = told(sent, compared, came.unreadable, leases.absences(tx, sent.starts_at, sent.ends_at))
    step = Step(tx=tx, judges=judges, now=now)
    if content is not None and alerts.first_time(tx, REMEMBERED_AS, site, sent.day.isoformat(), now):
        key = losses_key(site, sent.day)
        step.trouble(Finding(key=key, content=content, seen_at=now, site=site))
    return step.end(sum(one.lost for one in compared))
