"""When a channel is spared a message: quiet hours, and a budget for each day. Pure.

What is urgent is never held, nor what makes no sound, nor what came at a time that its reader chose.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.facts import HeldFor, Notice, Reason, Severity

MORNING = time(8)
DIGEST_WITHIN = timedelta(days=8)
"""What is left to a digest is told without one after so long: a week, and a day for it to be late."""

NEVER_HELD = frozenset({"test", "digest"})
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Every night from one time of day to another, in the channel's zone; `ends` may lie on the next day."""

    starts: time
    ends: time

    def until(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """Return when the quiet hours end that it is now; None when it is not quiet.

        Whatever clocks do, a night begins once and ends once: the hour that comes twice does not begin it
        again, and what begins or ends in an hour that there is not begins or ends as much later.
        """
        today = now.astimezone(zone).date()
        for day in (today - timedelta(days=1), today):
            begin = _instant(datetime.combine(day, self.starts), zone)
            last = day if self.starts < self.ends else day + timedelta(days=1)
            end = _instant(datetime.combine(last, self.ends), zone)
            if begin <= now < end:
                return end
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """What a channel is spared. `budget` is how many messages it takes a day.

    `digested` says that a digest comes there, which tells what was over the budget.
    """

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    quiet: Quiet | None = None
    budget: int | None = None
    digested: bool = False

    def day_began_at(self, now: datetime) -> datetime:
        """Return when the channel's day began."""
        return _instant(datetime.combine(now.astimezone(self.zone).date(), time()), self.zone)

    def next_morning(self, now: datetime) -> datetime:
        """Return when what is left over from today may be told."""
        tomorrow = now.astimezone(self.zone).date() + timedelta(days=1)
        at = self.quiet.ends if self.quiet is not None else MORNING
        return _instant(datetime.combine(tomorrow, at), self.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spare:
    """Hold a notice until then. `why` is in words, for whoever looks at the queue."""

    until: datetime
    reason: HeldFor
    why: str


def spare(notice: Notice, now: datetime, care: Care, told_today: Callable[[], int]) -> Spare | None:
    """Say whether a notice is held, and until when; None when it goes out now."""
    if notice.severity is Severity.PAGE or notice.kind in NEVER_HELD or not notice.reason.speaks:
        return None
    if care.quiet is not None and (until := care.quiet.until(now, care.zone)):
        return Spare(until=until, reason=HeldFor.QUIET_HOURS, why="it came in the channel's quiet hours")
    if care.budget is not None and told_today() >= care.budget:
        until = now + DIGEST_WITHIN if care.digested else care.next_morning(now)
        why = f"the channel had its {care.budget} messages of the day"
        return Spare(until=until, reason=HeldFor.BUDGET, why=why)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """What becomes of held notices, by their ids.

    Those `alone` are told as themselves, those `together` in one message; nobody hears of the `outdated`,
    because a later one says more.
    """

    alone: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()


def morning(held: Sequence[tuple[str, Notice]]) -> Morning:
    """Sort what was held: an alert that still holds, or was told before, speaks for itself by its last word.

    What began and ended meanwhile, and what was over as soon as it was told, goes together.
    """
    groups: dict[str, list[tuple[str, Notice]]] = {}
    for id, notice in held:
        groups.setdefault(notice.standing.alert if notice.standing else f"notice {id}", []).append(
            (id, notice)
        )
    alone: list[str] = []
    together: list[str] = []
    outdated: list[str] = []
    for group in groups.values():
        *earlier, (last_id, last) = group
        outdated += [id for id, _ in earlier]
        came_and_went = group[0][1].reason is Reason.OPENED and last.reason is Reason.RESOLVED
        (together if last.standing is None or came_and_went else alone).append(last_id)
    if len(together) == 1:
        alone, together = alone + together, []
    return Morning(alone=tuple(alone), together=tuple(together), outdated=tuple(outdated))


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC)
