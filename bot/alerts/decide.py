"""When something about an alert is news. Pure: values in, the reason out.

`decide` says why people hear of it, or why not; `after` says how the alert stands then; `due_at` says when
time alone may change the answer. Nobody is told twice: every speaking reason changes what `decide` looks at.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.alerts.around import Around
from bot.alerts.life import Hush, Life
from bot.alerts.subject import Subject
from bot.detect.flapping import remembered, unstable
from bot.facts import AlertState, Finding, Reason

ENDING = frozenset({Reason.RESOLVED, Reason.ENDED_QUIETLY, Reason.WAS_NOT_OPEN, Reason.CLOSED})
"""After these, the alert is over."""


SOON = timedelta(seconds=1)


def decide(life: Life | None, finding: Finding | None, around: Around, now: datetime) -> Reason:
    """Say what a finding, or time alone (None), means for an alert as it stands.

    A momentary finding has no life: it is told, unless something keeps it quiet. Of a life that is over only
    its turns matter.
    """
    if finding is not None and not finding.lasting:
        hush = around.hush(Subject.of(finding), None, now)
        return finding.reason if hush is None else hush.reason
    if finding is None and (life is None or life.over):
        return Reason.WAS_NOT_OPEN
    life = _begun(life, finding)
    look = _looked(life, finding)
    hush = around.hush(look.subject, look.mute, now)
    if not life.told:
        return _untold(life, look, hush, around, now)
    if life.unstable:
        return _unsteady(life, look, hush, around, now)
    return _told(life, look, hush, around, now)


def after(life: Life | None, reason: Reason, finding: Finding | None, around: Around, now: datetime) -> Life:
    """Return how the alert stands once `reason` was decided about it."""
    life = _begun(life, finding)
    look = _looked(life, finding)
    hush = around.hush(look.subject, look.mute, now)
    restless = unstable(around.policy.flapping, look.turned_at, now, life.unstable)
    look = replace(
        look,
        reason=life.reason if reason is Reason.STILL_OPEN else reason,
        hush=_remembered_hush(life, hush, reason),
        told=life.told + reason.speaks,
        told_at=now if reason.speaks else life.told_at,
        reminded=life.reminded + (reason is Reason.REMINDED),
        unstable=reason is Reason.UNSTABLE or (life.unstable and restless),
        turned_at=remembered(around.policy.flapping, look.turned_at, now),
    )
    if reason in ENDING:
        return replace(look, state=AlertState.RESOLVED, hush=None, unstable=False)
    return replace(look, state=_state(look, hush))


def due_at(life: Life, around: Around, now: datetime) -> datetime | None:
    """Return when time alone may change what is decided, if no finding comes. Always later than `now`."""
    if life.over or (not life.told and life.hush is None):
        return None
    instants = [life.hush.until_at if life.hush is not None else around.next_silence_at(life.subject, now)]
    if life.unstable:
        instants.append(max(life.turned_at, default=now) + around.policy.flapping.within)
    elif life.hush is None and _may_be_reminded(life):
        at = _reminder_at(life, around)
        instants.append(None if at is None else max(at, now + SOON))  # overdue while it was kept quiet
    return min((at for at in instants if at is not None and at > now), default=None)


def next_reminder_at(life: Life, around: Around) -> datetime | None:
    """Return when people hear of it again if nothing changes; None when they do not."""
    if life.hush is not None or life.unstable or life.told_at is None or not _may_be_reminded(life):
        return None
    return around.policy.timer_of(life.subject).next_at(life.told_at, life.reminded)


# ---------------------------------------------------------------- verdicts


def _untold(life: Life, look: Life, hush: Hush | None, around: Around, now: datetime) -> Reason:
    """Nobody knows of it: it begins, is pending, or was kept quiet from its beginning."""
    if not look.holds:
        return Reason.PENDING if look.wavering else Reason.WAS_NOT_OPEN
    if hush is not None:
        return _hushing(life, hush) or Reason.STILL_OPEN
    if life.hush is not None:
        return Reason.STILL_OPEN if look.wavering else Reason.STILL_BAD
    if unstable(around.policy.flapping, look.turned_at, now, False):
        return Reason.UNSTABLE
    return Reason.OPENED


def _unsteady(life: Life, look: Life, hush: Hush | None, around: Around, now: datetime) -> Reason:
    """People know that it begins and ends all the time: they hear of it again when it does not."""
    if look.holds != life.holds:
        return Reason.FLAPPED
    if unstable(around.policy.flapping, look.turned_at, now, True):
        return _hushing(life, hush) or Reason.STILL_OPEN
    if not look.holds:
        return Reason.RESOLVED if hush is None else Reason.ENDED_QUIETLY
    return Reason.CALM if hush is None else _hushing(life, hush) or Reason.STILL_OPEN


def _told(life: Life, look: Life, hush: Hush | None, around: Around, now: datetime) -> Reason:
    """People know of it."""
    if not look.holds:
        if hush is not None:
            return Reason.ENDED_QUIETLY
        restless = unstable(around.policy.flapping, look.turned_at, now, False)
        return Reason.UNSTABLE if restless else Reason.RESOLVED
    if hush is not None:
        return _hushing(life, hush) or Reason.STILL_OPEN
    if look.wavering:
        return Reason.STILL_OPEN if life.state is AlertState.RECOVERING else Reason.RECOVERING
    if life.hush is not None:
        return Reason.STILL_BAD if look.acknowledged is None else Reason.UNMUTED
    reminding = _reminding(look, around, now)
    relapsed = life.state is AlertState.RECOVERING and reminding is Reason.STILL_OPEN
    return Reason.RELAPSED if relapsed else reminding


def _hushing(life: Life, hush: Hush | None) -> Reason | None:
    """What changed about the quiet around an alert; None when nothing did."""
    if hush is None:
        return None if life.hush is None else Reason.UNMUTED
    return None if life.hush is not None and life.hush.reason is hush.reason else hush.reason


def _reminding(look: Life, around: Around, now: datetime) -> Reason:
    at = _reminder_at(look, around) if _may_be_reminded(look) else None
    if at is None or now < at:
        return Reason.STILL_OPEN
    return Reason.REMINDED if look.reminded < around.policy.timer_of(look.subject).most else Reason.CAPPED


def _reminder_at(life: Life, around: Around) -> datetime | None:
    """When the next reminder comes, or would come if the cap did not forbid it."""
    pause = around.policy.timer_of(life.subject).pause(life.reminded)
    if pause is None or life.told_at is None or life.reason is Reason.CAPPED:
        return None
    return life.told_at + pause


def _may_be_reminded(life: Life) -> bool:
    return life.told > 0 and life.holds and not life.wavering and life.acknowledged is None


# ---------------------------------------------------------------- what is remembered


def _begun(life: Life | None, finding: Finding | None) -> Life:
    """The alert as it is, or a new one: the same trouble after its end is another alert."""
    if life is not None and not life.over:
        return life
    if finding is None:
        raise ValueError("no alert begins without a finding")
    turned = () if life is None else life.turned_at
    return Life(subject=Subject.of(finding), opened_at=finding.seen_at, turned_at=turned)


def _looked(life: Life, finding: Finding | None) -> Life:
    """The alert after one look, before anything is decided. What holds and is pending anew was never over."""
    if finding is None:
        return life
    anew = finding.pending and life.holds
    holds = finding.holds or anew
    turned = (*life.turned_at, finding.seen_at) if holds != life.holds else life.turned_at
    return replace(
        life,
        subject=Subject.of(finding),
        opened_at=finding.seen_at if holds and not life.holds and not life.told else life.opened_at,
        holds=holds,
        wavering=finding.wavering and not anew,
        turned_at=turned,
    )


def _remembered_hush(life: Life, hush: Hush | None, reason: Reason) -> Hush | None:
    """What kept it quiet is remembered until its end was noticed: a turn or a recovery may hide that."""
    if reason is Reason.FLAPPED:
        return life.hush
    if hush is None and reason in (Reason.RECOVERING, Reason.STILL_OPEN):
        return life.hush
    return hush


def _state(look: Life, hush: Hush | None) -> AlertState:
    if not look.told and not look.holds:
        return AlertState.PENDING
    if hush is not None or not look.told:
        return AlertState.MUTED
    if look.wavering or not look.holds:
        return AlertState.RECOVERING
    return AlertState.OPEN if look.acknowledged is None else AlertState.ACKNOWLEDGED
