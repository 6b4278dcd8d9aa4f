"""The same events through the pipeline, with a store and a clock, give the same notices and verdicts."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot import db, events
from bot.db import Database
from bot.facts import Notice
from bot.pipeline import GRACE
from bot.record import write_notice
from bot.rehearsal import Replay, Told
from bot.rules.expression import compile_condition, compile_key, compile_value
from tests.spine.making import MINUTE, begin, body, hear, judges, rule, seen, tick, told
from tests.stores.making import NOON

RULES = judges(
    rule("Big", condition=compile_condition("number(meta.amount) >= 50"), notify=("sales", "boss")),
    rule("Every", event="*", notify=("log",)),
    rule("Collected", collect=2 * MINUTE, value=compile_value("number(meta.amount)")),
    rule("Often", event="404*", at_least=3, within=MINUTE, notify=("boss",)),
    rule("Silent", event="signup", none_within=10 * MINUTE),
    rule("Blog only", event="signup", site="blog", none_within=5 * MINUTE),
    rule("Once", event="*", once_per=compile_key("meta.id")),
    rule("Once together", once_per=compile_key("site, meta.id"), collect=30 * timedelta(seconds=1)),
    rule("Once often", event="404", once_per=compile_key("meta.id"), at_least=2, within=MINUTE),
    sites=("shop", "blog"),
)
BODIES = [
    body("purchase", amount="10", id="1"),
    body("purchase", amount="99", id="2"),
    body("purchase", amount="?"),
    body("signup", id="1"),
    body("404", id="3"),
    body("404", id="4"),
    body("404 Page Not Found"),
    b"{",
    b"[]",
    b'{"event_name": ""}',
]
# Seconds: at once, on the limits of every length above, and long enough for everything to be over.
GAPS = [
    0,
    0,
    0,
    0.5,
    1,
    5,
    19,
    29,
    30,
    31,
    59,
    60,
    61,
    119,
    120,
    121,
    299,
    300,
    301,
    599,
    600,
    601,
    4000,
    90_000,
]
HAPPENED = st.tuples(st.sampled_from(GAPS), st.sampled_from(["shop", "blog"]), st.sampled_from(BODIES))

Happened = tuple[float, str, bytes]


def _through_the_pipeline(database: Database, happened: list[Happened]) -> datetime:
    """Let everything happen for real, with a schedule that is never late. Return when it was over."""
    begin(database, RULES)
    now = NOON
    for gap, site, sent in happened:
        now += timedelta(seconds=gap)
        _let_time_pass(database, now)
        hear(database, RULES, sent, at=now, site=site)
    now += timedelta(days=3)
    _let_time_pass(database, now)
    return now


def _let_time_pass(database: Database, until: datetime) -> None:
    while (at := _next_due(database)) is not None and at <= until:
        tick(database, RULES, at)


def _next_due(database: Database) -> datetime | None:
    """Return when the schedule acts next. Rules are given time for what may be on its way, alerts not."""
    with database.reading() as tx:
        rules: datetime | None = tx.execute(sa.select(sa.func.min(db.memories.c.due_at))).scalar()
        standing: datetime | None = tx.execute(sa.select(sa.func.min(db.alerts.c.due_at))).scalar()
    return min((at for at in (rules and rules + GRACE, standing) if at is not None), default=None)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(HAPPENED, max_size=25))
@example([(0.0, "shop", one) for one in BODIES * 2])
@example(
    [
        (30.0, "shop", BODIES[4]),
        (20.0, "shop", BODIES[5]),
        (5.0, "shop", BODIES[6]),
        (56.0, "shop", BODIES[4]),
    ]
)
def test_the_same_is_told(new_store: Callable[[], Database], happened: list[Happened]) -> None:
    database = new_store()
    over_at = _through_the_pipeline(database, happened)
    replay = Replay(RULES, NOON)
    with database.reading() as tx:
        heard = [replay.hear(kept) for kept in events.heard_since(tx, NOON, after=0, most=1000)]
    last = replay.pass_time(over_at - GRACE)

    messages = [message for one in heard for message in one.told] + last
    for channel in ("sales", "boss", "log", "owner"):
        real = Counter(map(_written, told(database, channel)))
        assert _sent_to(messages, channel) == real
        assert replay.tally.messages[channel] == real.total()

    settled = seen(database)
    assert [list(one.verdicts) for one in heard] == [one.verdicts for one in settled]
    assert [one.why for one in heard] == [
        one.outcome if one.state == events.QUARANTINED else None for one in settled
    ]
    assert replay.tally.unreadable == sum(one.state == events.QUARANTINED for one in settled)
    assert replay.waiting == []


def _sent_to(messages: list[Told], channel: str) -> Counter[str]:
    return Counter(_written(one.notice) for one in messages if channel in one.channels)


def _written(notice: Notice) -> str:
    """A notice but for the name of its alert, which is chance."""
    standing = None if notice.standing is None else replace(notice.standing, alert="?")
    return write_notice(replace(notice, standing=standing))
