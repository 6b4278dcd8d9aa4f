"""Writes down what came of a try, in one transaction, and tells the owner what needs a person."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import alerts, conversations, outbox, recipients, troubles
from bot.db import Tx
from bot.deliver.channel import Permanent, Receipt, Temporary, Undelivered
from bot.deliver.decide import Bury, PutAside, PutOff, Sent, Shut, Step
from bot.deliver.owner import Owner
from bot.deliver.road import Road
from bot.facts import Missed, Notice, Trouble
from bot.outbox import UNSURE, Attempt, Claimed
from bot.record import clean

log = logging.getLogger(__name__)

REST_LATER = timedelta(minutes=5)
"""When those get a mail whose server did not take it, while another's did: greylisting asks for minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One try: what was claimed, how it went, and what is to be done."""

    road: Road
    claimed: Claimed
    attempt: Attempt
    came: Receipt | Undelivered
    step: Step


def record(tx: Tx, tried: Record, owner: Owner, now: datetime) -> None:
    """Settle the notice and its lane, remember what the far side named, and tell the owner of troubles."""
    claimed, attempt = tried.claimed, tried.attempt
    match tried.step, tried.came:
        case Sent(), Receipt():
            _sent(tx, tried, tried.step, tried.came, owner, now)
        case PutOff(until), _:
            outbox.put_off(tx, claimed, attempt, until)
        case PutAside(until), _:
            outbox.put_aside(tx, claimed, attempt, until)
        case Bury(open_at), _:
            outbox.bury(tx, claimed, attempt, open_at)
            _given_up(tx, tried, owner, now)
        case Shut(), _:
            _shut(tx, tried, tried.step, owner, now)
    if isinstance(tried.came, Receipt | Permanent):
        for address, why in tried.came.refused.items():
            _pause(tx, tried, address, why, owner, now)


def _sent(tx: Tx, tried: Record, step: Sent, came: Receipt, owner: Owner, now: datetime) -> None:
    claimed, notice = tried.claimed, tried.claimed.notice
    ours = outbox.sent(tx, claimed, tried.attempt, clean(came.ref), step.open_at)
    if ours and came.head is not None and notice is not None and notice.standing is not None:
        alert, head = notice.standing.alert, came.head
        conversations.remember(tx, claimed.channel, alert, head.place, head.ref, now)
    if came.place is not None and tried.road.leads_to is not None:
        where = (tried.road.leads_to, came.place)
        if where != (claimed.leads_to, claimed.place):
            outbox.found(tx, claimed.channel, *where, now)
    if ours and came.rest:
        outbox.put_rest(tx, claimed, came.rest, now + REST_LATER)
    if claimed.closed_why is not None:
        owner.tell(tx, troubles.open_again(claimed.channel, now))
        _welcome_back(tx, tried, claimed.closed_why, now)
    if came.repaired is not None and alerts.first_today(tx, "mended", claimed.channel, now):
        owner.tell(tx, troubles.mended(claimed.id, claimed.channel, tried.attempt.why or "", now))


def _welcome_back(tx: Tx, tried: Record, why: str, now: datetime) -> None:
    """Tell a channel that is open again how much it missed, if it missed anything."""
    claimed = tried.claimed
    since = claimed.closed_at or claimed.put_at
    missing = outbox.missed(tx, claimed.channel, since)
    if not missing.elsewhere and not missing.lost:
        return
    content = Missed(
        channel=tried.road.leads_to or claimed.channel,
        why=why,
        since_at=since,
        until_at=now,
        elsewhere=missing.elsewhere,
        lost=missing.lost,
        fallback=tried.road.fallback,
    )
    outbox.put(
        tx, [claimed.channel], Notice(key=f"bot/missed/{claimed.channel}", content=content, at=now), now
    )


def _shut(tx: Tx, tried: Record, step: Shut, owner: Owner, now: datetime) -> None:
    """Close a road: what waits goes round by the fallback, else it waits until the road is open again."""
    road, claimed, attempt, remedy = tried.road, tried.claimed, tried.attempt, clean(step.remedy)
    gives_up = step.gives_up and road.fallback is None
    open_at = now if road.fallback else step.probe_at
    outbox.close(tx, claimed, attempt, remedy, step.probe_at, open_at, gives_up=gives_up)
    if road.fallback is not None:
        outbox.divert(tx, claimed.channel, road.fallback, now)
    owner.tell(tx, troubles.closed(claimed.channel, attempt.why or "", remedy, now), road.fallback)
    if gives_up:
        outbox.bury_old(tx, claimed.channel, now - road.policy.patience, attempt)
        _given_up(tx, tried, owner, now)


def _given_up(tx: Tx, tried: Record, owner: Owner, now: datetime) -> None:
    claimed, why = tried.claimed, tried.attempt.why
    extra = {"channel": claimed.channel, "notice_id": claimed.id, "attempt": claimed.attempt, "why": why}
    log.error("notice given up", extra=extra)
    content = claimed.notice.content if claimed.notice is not None else None
    if isinstance(content, Trouble):  # trouble about trouble would never end
        return
    if alerts.first_today(tx, "given-up", claimed.channel, now):
        owner.tell(tx, troubles.given_up(claimed.id, claimed.channel, why or "", now))


def _pause(tx: Tx, tried: Record, address: str, why: str, owner: Owner, now: datetime) -> None:
    """Write to an address no more whose server says that it is none, and tell it on another road."""
    channel, said = tried.claimed.channel, clean(why)
    if recipients.pause(tx, channel, address, recipients.REFUSED, said, now):
        log.warning("address paused", extra={"channel": channel, "why": said})
        owner.tell(tx, troubles.refused(channel, address, said, now))


def outcome(came: Receipt | Undelivered) -> str:
    """Name how a try went, in a word of `attempts.outcome`."""
    if isinstance(came, Receipt):
        return "sent"
    return UNSURE if isinstance(came, Temporary) and came.ambiguous else type(came).__name__.lower()


def reason(came: Receipt | Undelivered) -> str | None:
    """What the far side or the road said, fit to be written down: else the try would never be settled."""
    said = came.repaired if isinstance(came, Receipt) else came.why
    return None if said is None else clean(said)
