"""Delivers one notice: claim, send, record. What to do about a failure is decided in `decide`."""

import itertools
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import alerts, outbox, troubles
from bot.clock import Clock
from bot.db import Database, Tx
from bot.deliver.channel import Channel, Message, Permanent, Receipt, Temporary, Undelivered
from bot.deliver.decide import Bury, Policy, PutOff, Sent, Shut, Step, after
from bot.facts import Finding, Trouble
from bot.outbox import Attempt, Claimed, Later
from bot.record import clean

log = logging.getLogger(__name__)

USUAL_WAIT = timedelta(minutes=10)
"""A message that waited longer says so."""

LONGEST_RECORD_PAUSE = 30.0

NO_SOUND = "nothing to say here"
"""The receipt of a notice that only changes what was told, on a road where nothing can be changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """A channel, where its messages go when it is closed, and how its pauses grow.

    `edits` says that what was told there can be changed later. Where it cannot, notices that need no sound
    are done without a message.
    """

    channel: Channel
    policy: Policy
    fallback: str | None = None
    edits: bool = False


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

    def deliver_next(self, channel: str) -> Later | None:
        """Deliver the first due notice of a channel. Return when to look again, None for at once.

        1. Claim it in a short transaction.
        2. Send it with no transaction open: a slow far side must not hold locks.
        3. Record what came of it in a second short transaction.

        A crash between 2 and 3 tells people twice; that is better than never.
        """
        road = self.roads[channel]
        with self.database.transaction() as tx:
            claimed = outbox.claim(tx, channel, self.owner, self.clock(), self.lease)
            if isinstance(claimed, Later):
                return claimed
            if claimed.closed_why is not None and self._divert_unless_due(tx, road, claimed):
                return None
        started = time.perf_counter()
        tried_at = self.clock()
        came = self._send(road, claimed, tried_at)
        attempt = Attempt(
            tried_at=tried_at, seconds=time.perf_counter() - started, outcome=_outcome(came), why=_why(came)
        )
        step = after(
            came, put_at=claimed.put_at, failures=claimed.failures, now=self.clock(), policy=road.policy
        )
        self._record_surely(road, claimed, attempt, came, step)
        return _pause(step, self.clock())

    def _record_surely(
        self, road: Road, claimed: Claimed, attempt: Attempt, came: Receipt | Undelivered, step: Step
    ) -> None:
        """Write down what came of a try, again and again until the store takes it or we are told to stop.

        Claiming anew instead would send the message again and again, for as long as the store is unwell.
        """
        for pauses in itertools.count():
            try:
                with self.database.transaction() as tx:
                    self._record(tx, road, claimed, attempt, came, step)
            except Exception:
                log.exception("outcome not recorded", extra=_names(claimed) | {"outcome": attempt.outcome})
                if self.stopping.wait(min(2.0**pauses, LONGEST_RECORD_PAUSE)):
                    raise
            else:
                return

    def _send(self, road: Road, claimed: Claimed, now: datetime) -> Receipt | Undelivered:
        if claimed.notice is None:
            return Permanent("a newer version of the bot wrote it, and this one cannot read it")
        if not claimed.notice.reason.speaks and not road.edits:
            return Receipt(ref=NO_SOUND)
        waited = now - claimed.put_at
        message = Message(
            id=claimed.id,
            notice=claimed.notice,
            late=waited if waited > USUAL_WAIT else None,
            meant_for=claimed.meant_for,
        )
        try:
            return road.channel.send(message)
        except Undelivered as problem:
            log.warning(
                "not delivered", extra=_names(claimed) | {"why": problem.why, "outcome": _outcome(problem)}
            )
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

    def _record(
        self, tx: Tx, road: Road, claimed: Claimed, attempt: Attempt, came: Receipt | Undelivered, step: Step
    ) -> None:
        now = self.clock()
        match step, came:
            case Sent(open_at), Receipt(ref=ref, repaired=repaired):
                outbox.sent(tx, claimed, attempt, clean(ref), open_at)
                if claimed.closed_why is not None:
                    self._tell(tx, troubles.open_again(claimed.channel, now))
                if repaired is not None and alerts.first_today(tx, "mended", claimed.channel, now):
                    self._tell(tx, troubles.mended(claimed.id, claimed.channel, attempt.why or "", now))
            case PutOff(until), _:
                outbox.put_off(tx, claimed, attempt, until)
            case Bury(open_at), _:
                outbox.bury(tx, claimed, attempt, open_at)
                self._tell_given_up(tx, claimed, attempt, now)
            case Shut(), _:
                self._shut(tx, road, claimed, attempt, step)

    def _shut(self, tx: Tx, road: Road, claimed: Claimed, attempt: Attempt, step: Shut) -> None:
        """Close a road: what waits goes round by the fallback, else it waits until the road is open again."""
        now, remedy = self.clock(), clean(step.remedy)
        gives_up = step.gives_up and road.fallback is None
        open_at = now if road.fallback else step.probe_at
        outbox.close(tx, claimed, attempt, remedy, step.probe_at, open_at, gives_up=gives_up)
        if road.fallback is not None:
            outbox.divert(tx, claimed.channel, road.fallback, now)
        self._tell(tx, troubles.closed(claimed.channel, attempt.why or "", remedy, now), road.fallback)
        if gives_up:
            outbox.bury_old(tx, claimed.channel, now - road.policy.patience, attempt)
            self._tell_given_up(tx, claimed, attempt, now)

    def _tell_given_up(self, tx: Tx, claimed: Claimed, attempt: Attempt, now: datetime) -> None:
        log.error("notice given up", extra=_names(claimed) | {"why": attempt.why})
        content = claimed.notice.content if claimed.notice is not None else None
        if isinstance(content, Trouble):  # trouble about trouble would never end
            return
        if alerts.first_today(tx, "given-up", claimed.channel, now):
            self._tell(tx, troubles.given_up(claimed.id, claimed.channel, attempt.why or "", now))

    def _tell(self, tx: Tx, finding: Finding, instead: str | None = None) -> None:
        """Tell the owner, or, when the owner's own channel is the trouble, its fallback."""
        told = self.told
        if told is not None and finding.key == troubles.closed_key(told):
            told = instead or told
        now = finding.seen_at
        around = alerts.look_around(tx, self.policy, now)
        noted = alerts.note(tx, finding, [told] if told is not None else [], around, now)
        outbox.put(tx, noted.channels, noted.notice, now)


def _pause(step: Step, now: datetime) -> Later | None:
    """When the lane may speak again: known without asking the store once more."""
    match step:
        case Sent(open_at=at) | Bury(open_at=at) | PutOff(until=at) if at > now:
            return Later(at=at)
        case _:
            return None


def _names(claimed: Claimed) -> dict[str, object]:
    return {"channel": claimed.channel, "notice_id": claimed.id, "attempt": claimed.attempt}


def _outcome(came: Receipt | Undelivered) -> str:
    return "sent" if isinstance(came, Receipt) else type(came).__name__.lower()


def _why(came: Receipt | Undelivered) -> str | None:
    """What the far side or the road said, fit to be written down: else the try would never be settled."""
    said = came.repaired if isinstance(came, Receipt) else came.why
    return None if said is None else clean(said)
