"""What to do after a try: pure, with the reason in the name of the step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.deliver.channel import Closed, Permanent, Receipt, Temporary, Undelivered

PROBE_EVERY = timedelta(minutes=30)
SHORTEST_ASIDE = timedelta(minutes=1)
LONGEST_RETRY_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How long to pause and how long to try. `share` draws from [0, 1): the jitter."""

    pace: timedelta
    patience: timedelta
    first_pause: timedelta
    longest_pause: timedelta
    share: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Sent:
    """The far side has it; the lane may speak again at `open_at`."""

    open_at: datetime


@dataclass(frozen=True, slots=True)
class PutOff:
    """Try the same notice again at `until`."""

    until: datetime


@dataclass(frozen=True, slots=True)
class PutAside:
    """Try the same notice again at `until`, and let those behind it go first."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Bury:
    """Give it up: refused for good, or older than anybody's patience. Those behind it go on at `open_at`."""

    open_at: datetime


@dataclass(frozen=True, slots=True)
class Shut:
    """The road is closed until a person acts; try it again at `probe_at`, unless this notice is too old."""

    remedy: str
    probe_at: datetime
    gives_up: bool = False


Step = Sent | PutOff | PutAside | Bury | Shut


def after(
    came: Receipt | Undelivered,
    *,
    put_at: datetime,
    failures: int,
    now: datetime,
    policy: Policy,
    aside: bool = False,
) -> Step:
    """Decide about a notice that waits since `put_at`, after `failures` failed tries of its lane in a row.

    One for those alone who did not get it while others did is tried `aside`: it holds up nobody, and what
    fails for them does not close the road of the others.
    """
    if isinstance(came, Receipt):
        return Sent(now + policy.pace)
    too_old = now - put_at >= policy.patience
    if isinstance(came, Closed) and not aside:
        return Shut(came.remedy, now + PROBE_EVERY, gives_up=too_old)
    if (isinstance(came, Permanent) and not isinstance(came, Closed)) or too_old:
        return Bury(now + policy.pace)
    retry_after = came.retry_after if isinstance(came, Temporary) else None
    wait = pause(failures, retry_after, policy)
    return PutAside(now + max(wait, SHORTEST_ASIDE)) if aside else PutOff(now + wait)


def pause(failures: int, retry_after: timedelta | None, policy: Policy) -> timedelta:
    """Double with every failure, up to the longest.

    Jitter takes up to half off, so that many who failed together do not return together. The far side's own
    word counts more, within an hour: a header must not silence a channel for days.
    """
    if retry_after is not None:
        return max(min(retry_after, LONGEST_RETRY_AFTER), policy.pace)
    doubled = 2 ** min(failures, 20)
    small = policy.first_pause < policy.longest_pause / doubled  # asked so, because a length can overflow
    grown = policy.first_pause * doubled if small else policy.longest_pause
    return max(grown * (1 - policy.share() / 2), policy.pace)
