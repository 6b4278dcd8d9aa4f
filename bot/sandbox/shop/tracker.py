"""The shop's own tracking: its server tells Pirsch what happens, with an access key."""

import json
from dataclasses import dataclass, field

import urllib3

from bot.sandbox.shop.events import ShopEvent

PATIENCE = urllib3.Timeout(connect=2, read=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker:
    """Sends events of `hostname` to the Pirsch at `url` (docs.pirsch.io, API v1, "Sending Events")."""

    url: str
    key: str = field(repr=False)
    hostname: str

    def track(self, http: urllib3.PoolManager, event: ShopEvent) -> int:
        """Send one event and return the HTTP status. Raises urllib3's errors when no answer comes."""
        answer = http.request(
            "POST",
            f"{self.url}/api/v1/event",
            body=self.body(event),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
            timeout=PATIENCE,
            redirect=False,
        )
        return answer.status

    def body(self, event: ShopEvent) -> bytes:
        """Write an event as Pirsch's ingest wants it."""
        fields = {
            "url": f"https://{self.hostname}{event.path}",
            "ip": event.guest.ip,
            "user_agent": event.guest.user_agent,
            "accept_language": event.guest.language,
            "event_name": event.name,
            "event_duration": event.duration,
            "event_meta": dict(event.meta),
        }
        # ASCII only: a lone surrogate and NUL travel as \u escapes, like from any JSON library.
        return json.dumps(fields).encode("ascii")
