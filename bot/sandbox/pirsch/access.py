"""Who may call: clients with scopes, their tokens, and access keys that may only send."""

import random
import string
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from bot.sandbox.clock import SandboxClock
from bot.sandbox.pirsch.documents import Document, Shelf
from bot.sandbox.pirsch.refusal import Refused

SCOPES = ("hit", "event", "session", "statistics", "domains", "organizations", "themes", "billing")
ALL_SCOPES = {"hit": "w", "event": "w", "session": "w", "statistics": "r", "billing": "r"} | dict.fromkeys(
    ("domains", "organizations", "themes"), "rw"
)
SENDING = {"hit": "w", "event": "w", "session": "w"}
_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """What a route needs: "r" or "w" in one of a client's scopes."""

    scope: str
    letter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a client is configured with. Neither secret prints itself."""

    client_id: str
    client_secret: str

    def __repr__(self) -> str:
        return f"Credentials(client_id={self.client_id!r}, client_secret='…')"


class Door:
    """Issues tokens and knows whose they are. A token is a random text; nothing can be read from it."""

    def __init__(self, seed: str, clients: Shelf, clock: SandboxClock, lifetime: timedelta) -> None:
        self._rng = random.Random(f"{seed}/secrets")  # noqa: S311 - a simulation
        self._clients, self._clock, self.lifetime = clients, clock, lifetime
        self._tokens: dict[str, tuple[str, datetime]] = {}
        self._lock = threading.Lock()

    def admit(
        self, domain_id: str | None, scopes: Mapping[str, str], description: str, *, key: bool = False
    ) -> Credentials:
        """Make a client (of a domain, or of the user when None); with `key`, an access key as its secret."""
        client_id = self._text(32)
        secret = "pa_" + self._text(45) if key else self._text(64)
        fields = {f"scope_{name}": scopes.get(name, "") for name in SCOPES}
        self._clients.make(
            {"client_id": client_id, "description": description, **fields},
            domain_id,
            {"secret": secret, "type": "token" if key else "oauth"},
        )
        return Credentials(client_id=client_id, client_secret=secret)

    def token(self, client_id: str, client_secret: str) -> tuple[str, datetime]:
        """Return a new token and its end. Raises Refused (400) for wrong credentials."""
        for client in self._clients:
            secret = str(client.hidden["secret"])
            known = client.hidden["type"] == "oauth" and client.fields["client_id"] == client_id
            if known and compare_digest(secret.encode(), client_secret.encode()):
                token, ends_at = self._text(120), self._clock() + self.lifetime
                with self._lock:
                    now = self._clock()
                    alive = {text: whose for text, whose in self._tokens.items() if whose[1] > now}
                    self._tokens = {**alive, token: (client.id, ends_at)}
                return token, ends_at
        raise Refused(400, ["Client ID or secret invalid."])

    def expire_all(self) -> None:
        """Make every token invalid."""
        with self._lock:
            self._tokens.clear()

    def who(self, authorization: str) -> Document:
        """Return the client of a header `Authorization: Bearer …`. Raises Refused (401)."""
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer" or not token:
            raise _unauthorized()
        if token.startswith("pa_"):
            return self._of_key(token)
        with self._lock:
            client_id, ends_at = self._tokens.get(token, ("", None))
        if ends_at is None or ends_at <= self._clock():
            raise _unauthorized()
        found = next((client for client in self._clients if client.id == client_id), None)
        if found is None:
            raise _unauthorized()
        return found

    def _of_key(self, key: str) -> Document:
        for client in self._clients:
            if compare_digest(str(client.hidden["secret"]).encode(), key.encode()):
                return client
        raise _unauthorized()

    def _text(self, length: int) -> str:
        with self._lock:
            return "".join(self._rng.choices(_LETTERS, k=length))


def allow(client: Document, right: Right | None) -> None:
    """Raise Refused (403) unless the client's scopes hold what a route needs."""
    if right is not None and right.letter not in client.text(f"scope_{right.scope}"):
        raise Refused(403, ["Forbidden"])


def _unauthorized() -> Refused:
    return Refused(401, ["Unauthorized"])
