"""Delivers one notice: claim, send, record. What to do about a failure is decided in `decide`."""

import itertools
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot import alerts, conversations, outbox, recipients
from bot.clock import Clock
from bot.db import Database, Tx
from bot.deliver import care
from bot.deliver.channel import Head, Message, Permanent, Receipt, Temporary, Undelivered
from bot.deliver.decide import Bury, PutOff, Sent, Step, after
from bot.deliver.owner import Owner
from bot.deliver.recording import Record, outcome, reason, record
from bot.deliver.road import Road
from bot.facts import Notice, Reason
from bot.outbox import Attempt, Claimed, Later

log = logging.getLogger(__name__)

USUAL_WAIT = timedelta(minutes=10)
"""A message that waited longer says so."""

CLOCKS_APART = timedelta(minutes=1)
"""How much the far side's clock may be behind ours when we look for what a former try did."""

FORGOTTEN = timedelta(days=3)
"""As long may a message stand for an alert of which the store knows nothing: it is new, or was lost."""

LONGEST_RECORD_PAUSE = 30.0

NO_SOUND = "nothing to say here"
"""The receipt of a notice that only changes what was told, where nothing was told or can be changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverer:
    """All that delivering one notice needs.

    `owner` is this process; `told` is the channel that hears of the bot's own troubles, and `policy` how;
    `stopping` is set when nothing new is to be begun.
    """

    database: Database
    roads: Mapping[str, Road]
    clock: Clock
    owner: str
    lease: timedelta
    told: str | None = None
    policy: alerts.Policy = field(default_factory=alerts.Policy)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def told_of_troubles(self) -> Owner:
        """Whoever hears of the bot's own troubles."""
        return Owner(channel=self.told, policy=self.policy)

    def deliver_next(self, channel: str) -> Later | None:
        """Deliver the first due notice of a channel. Return when to look again, None for at once.

        1. Claim it in a short transaction.
        2. Send it with no transaction open: a slow far side must not hold locks.
        3. Record what came of it in a second short transaction.

        After a crash between 2 and 3 the next try is in doubt: where the far side can be asked whether it
        has the message, it is asked; elsewhere people are told twice, which is better than never.
        """
        road = self.roads[channel]
        with self.database.transaction() as tx:
            claimed = outbox.claim(tx, channel, self.owner, self.clock(), self.lease)
            if isinstance(claimed, Later):
                return claimed
            if claimed.closed_why is not None and self._divert_unless_due(tx, road, claimed):
                return None
            if self._spared(tx, road, claimed):
                return None
            message = self._message(tx, road, claimed)
        started = time.perf_counter()
        tried_at = self.clock()
        came = self._send(road, claimed, message)
        attempt = Attempt(
            tried_at=tried_at, seconds=time.perf_counter() - started, outcome=outcome(came), why=reason(came)
        )
        step = after(
            came,
            put_at=claimed.put_at,
            failures=claimed.attempt - 1 if claimed.only else claimed.failures,
            now=self.clock(),
            policy=road.policy,
            aside=bool(claimed.only),
        )
        self._record_surely(Record(road=road, claimed=claimed, attempt=attempt, came=came, step=step))
        return _pause(step, self.clock())

    def _record_surely(self, tried: Record) -> None:
        """Write down what came of a try, again and again until the store takes it or we are told to stop.

        Claiming anew instead would send the message again and again, for as long as the store is unwell.
        """
        for pauses in itertools.count():
            try:
                with self.database.transaction() as tx:
                    record(tx, tried, self.told_of_troubles, self.clock())
            except Exception:
                extra = _names(tried.claimed) | {"outcome": tried.attempt.outcome}
                log.exception("outcome not recorded", extra=extra)
                if self.stopping.wait(min(2.0**pauses, LONGEST_RECORD_PAUSE)):
                    raise
            else:
                return

    def _message(self, tx: Tx, road: Road, claimed: Claimed) -> Message | None:
        """Gather what the channel must know of a notice. None when the notice cannot be read."""
        notice = claimed.notice
        if notice is None:
            return None
        waited = self.clock() - claimed.put_at
        head, unknown_since = None, None
        if road.edits and notice.standing is not None:
            known = conversations.head(tx, claimed.channel, notice.standing.alert)
            head = None if known is None else Head(place=known[0], ref=known[1])
            if known is None and alerts.is_first(tx, notice.key, notice.standing.alert):
                unknown_since = self.clock() - FORGOTTEN
        return Message(
            id=claimed.id,
            notice=notice,
            late=waited if waited > USUAL_WAIT else None,
            meant_for=claimed.meant_for,
            head=head,
            place=claimed.place if claimed.leads_to == road.leads_to else None,
            in_doubt_since=claimed.put_at - CLOCKS_APART if claimed.in_doubt else None,
            unknown_since=unknown_since,
            only=claimed.only,
            left_out=recipients.paused(tx, claimed.channel) if road.addresses else frozenset(),
        )

    def _send(self, road: Road, claimed: Claimed, message: Message | None) -> Receipt | Undelivered:
        if message is None:
            return Permanent("a newer version of the bot wrote it, and this one cannot read it")
        if not message.notice.reason.speaks and message.head is None:
            return Receipt(ref=NO_SOUND)
        try:
            return road.channel.send(message)
        except Undelivered as problem:
            extra = _names(claimed) | {"why": problem.why, "outcome": outcome(problem)}
            log.warning("not delivered", extra=extra)
            return problem
        except Exception as bug:  # our bug must not hold up other people's messages
            log.exception("delivery crashed", extra=_names(claimed))
            return Temporary(f"a fault in the bot ({type(bug).__name__})")

    def _divert_unless_due(self, tx: Tx, road: Road, claimed: Claimed) -> bool:
        """Take a closed lane's notices round by the fallback, until it is time to probe."""
        now = self.clock()
        if road.fallback is None or claimed.probe_at is None or claimed.probe_at <= now:
            return False
        outbox.divert(tx, claimed.channel, road.fallback, now)
        return True

    def _spared(self, tx: Tx, road: Road, claimed: Claimed) -> bool:
        """Hold what the channel is to be spared for now."""
        if claimed.notice is None:
            return False
        now = self.clock()
        spare = care.spare(
            claimed.notice,
            now,
            road.care,
            lambda: outbox.told_since(tx, claimed.channel, road.care.day_began_at(now)),
        )
        if spare is None:
            return False
        outbox.hold(tx, claimed, spare.until, spare.why, spare.reason)
        self._show(tx, road, claimed.channel, claimed.notice)
        log.info("held", extra=_names(claimed) | {"why": spare.why, "until": spare.until.isoformat()})
        return True

    def _show(self, tx: Tx, road: Road, channel: str, notice: Notice) -> None:
        """Let the message of an alert show at once how it stands: only a reply makes a sound."""
        if not road.edits or notice.standing is None:
            return
        if conversations.head(tx, channel, notice.standing.alert) is not None:
            outbox.put(tx, [channel], replace(notice, reason=Reason.HELD), self.clock())


def _pause(step: Step, now: datetime) -> Later | None:
    """When the lane may speak again: known without asking the store once more."""
    match step:
        case Sent(open_at=at) | Bury(open_at=at) | PutOff(until=at) if at > now:
            return Later(at=at)
        case _:
            return None


def _names(claimed: Claimed) -> dict[str, object]:
    return {"channel": claimed.channel, "notice_id": claimed.id, "attempt": claimed.attempt}
