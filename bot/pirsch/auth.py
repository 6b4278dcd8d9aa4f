"""Who we are at Pirsch, and the token that proves it for a while.

docs.pirsch.io, API v1, "Getting an Access Token": client id and secret give an `access_token` and its
`expires_at`; the lifetime is not documented and there is no refresh token. An access key (`pa_...`) never
expires and works for ingest only.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.pirsch.errors import BadCredentials, PirschError

EARLY = timedelta(minutes=1)
SHORTEST = timedelta(seconds=30)  # even when our clock is wrong; a 401 renews it anyway
REFUSED_FOR = timedelta(minutes=1)  # credentials that were refused are not tried again before
ASSUMED_LIFE = timedelta(minutes=55)  # when `expires_at` is missing or unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """An OAuth client, an access key, or both. Neither secret shows in a repr.

    A client made for a dashboard sees that dashboard only, one made in the account settings sees all.
    """

    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    access_key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if bool(self.client_id) != bool(self.client_secret):
            raise ValueError("client_id and client_secret belong together")
        if not (self.client_id or self.access_key):
            raise ValueError("an OAuth client or an access key is needed")
        if any(letter.isspace() for letter in self.client_id + self.client_secret + self.access_key):
            raise ValueError("credentials hold no blanks and no line ends")

    @property
    def secrets(self) -> frozenset[str]:
        """What must never be told."""
        return frozenset(filter(None, (self.client_secret, self.access_key)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Token:
    """A proof for a while. Compared by identity, so that an old one never stands for a newer one."""

    text: str = field(repr=False)
    got_at: datetime
    expires_at: datetime

    @property
    def renew_at(self) -> datetime:
        """When to get the next one, before this one fails."""
        return max(self.expires_at - EARLY, self.got_at + SHORTEST)


def token(text: str, expires_at: datetime | None, now: datetime) -> Token:
    """Return a token got just now."""
    return Token(text=text, got_at=now, expires_at=expires_at or now + ASSUMED_LIFE)


class Tokens:
    """Holds the token and fetches the next: early, once for all threads, never in a loop.

    Threads that need one while it is being fetched wait for that one answer and share it, good or bad.
    """

    def __init__(self, fetch: Callable[[], Token], clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._token: Token | None = None
        self._flight: Future[Token] | None = None
        self._refused: tuple[BadCredentials, datetime] | None = None
        self._useless: tuple[Token, datetime] | None = None

    def current(self) -> Token:
        """Return a token that should work. A failed early renewal is no trouble while the old one lives."""
        held = self._token
        if held and self._clock() < held.renew_at:
            return held
        try:
            return self.renewed(held)
        except BadCredentials:
            raise
        except PirschError:
            if held and self._clock() < held.expires_at:
                return held
            raise

    def renewed(self, rejected: Token | None) -> Token:
        """Return a token other than `rejected`; fetch one unless somebody did since."""
        with self._lock:
            if self._token is not None and self._token is not rejected:
                return self._token  # a late 401 of an old token must not throw away a newer one
            self._raise_if_refused()
            flight = self._flight
            if flight is None:
                mine = self._flight = Future[Token]()
        if flight is not None:
            return _landed(flight)
        return self._fly(mine)

    def refuse(self, fresh: Token) -> None:
        """Note that a token was refused though it had just been fetched: a further one would not help."""
        with self._lock:
            self._useless = (fresh, self._clock() + REFUSED_FOR)

    def is_refused(self, held: Token) -> bool:
        """Whether a 401 for this token is the answer, and no reason to fetch another one."""
        with self._lock:
            return bool(self._useless and self._useless[0] is held and self._clock() < self._useless[1])

    def _raise_if_refused(self) -> None:
        if self._refused and self._clock() < self._refused[1]:
            raise copy(self._refused[0])

    def _fly(self, flight: Future[Token]) -> Token:
        try:
            fetched = self._fetch()
        except BaseException as error:
            with self._lock:
                self._flight = None
                if isinstance(error, BadCredentials):
                    self._refused = (copy(error), self._clock() + REFUSED_FOR)
            flight.set_exception(error)
            raise
        with self._lock:
            self._token, self._flight = fetched, None
        flight.set_result(fetched)
        return fetched


def _landed(flight: Future[Token]) -> Token:
    """Return what another thread fetched. An error is raised as a copy: each raise adds to its traceback."""
    try:
        return flight.result()
    except PirschError as error:
        raise copy(error) from None
