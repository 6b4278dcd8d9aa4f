"""Short ways to make findings, policies and what is around alerts."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot import alerts
from bot.alerts import Around, Life, Policy, Silence, Span, Timer
from bot.detect.flapping import Flapping
from bot.facts import Absence, Finding, Reason
from tests.stores.making import NOON, at

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEADY = Flapping(changes=1000)
POLICY = Policy(timer=Timer(pauses=(4 * HOUR, DAY), most=3), flapping=STEADY, settle=HOUR)


def finding(**wanted: Any) -> Finding:
    """Return a finding that a rule's event is missing on the shop."""
    content = Absence(state="firing", expected="signup", none_within=HOUR, watched_since_at=NOON)
    given: dict[str, Any] = {"key": "shop/Signups", "content": content, "seen_at": NOON, "lasting": True}
    return Finding(**(given | {"site": "shop", "rule": "Signups", "drop": True} | wanted))


def around(*silences: Silence, policy: Policy = POLICY, causes: tuple[alerts.Cause, ...] = ()) -> Around:
    """Return a policy, and silences and causes besides."""
    return Around(policy=policy, silences=silences, causes=causes)


def silence(from_hour: float, until_hour: float, **wanted: Any) -> Silence:
    """Return a silence from one hour after noon until another."""
    span = Span(from_at=at(3600 * from_hour), until_at=at(3600 * until_hour))
    given: dict[str, Any] = {"name": "Deploys", "when": span}
    return Silence(**(given | wanted))


class Story:
    """One alert and its time. Each step returns the reason."""

    def __init__(self, around: Around | None = None) -> None:
        self.around = Around(policy=POLICY) if around is None else around
        self.life: Life | None = None
        self.said: list[tuple[float, Reason]] = []

    def look(self, hour: float, *, holds: bool = True, wavering: bool = False, **wanted: Any) -> Reason:
        """Let a finding come."""
        seen_at = at(3600 * hour)
        return self._decide(hour, finding(holds=holds, wavering=wavering, seen_at=seen_at, **wanted))

    def tick(self, hour: float) -> Reason:
        """Let time pass."""
        return self._decide(hour, None)

    def until(self, hour: float) -> list[tuple[float, Reason]]:
        """Let time pass as the schedule does: whatever is due is decided. Return what was said aloud."""
        said = len(self.said)
        now = max((one for one, _ in self.said), default=0.0)
        while self.life is not None:
            due = alerts.due_at(self.life, self.around, at(3600 * now))
            if due is None or due > at(3600 * hour):
                break
            assert due > at(3600 * now)
            now = (due - NOON) / HOUR
            self._decide(now, None)
        return [(when, reason) for when, reason in self.said[said:] if reason.speaks]

    def change(self, **changed: Any) -> None:
        """Let somebody do something to the alert."""
        assert self.life is not None
        self.life = replace(self.life, **changed)

    def _decide(self, hour: float, found: Finding | None) -> Reason:
        now = at(3600 * hour)
        reason = alerts.decide(self.life, found, self.around, now)
        if reason is not Reason.WAS_NOT_OPEN or self.life is not None:
            self.life = alerts.after(self.life, reason, found, self.around, now)
        self.said.append((hour, reason))
        return reason
