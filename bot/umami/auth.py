"""Who we are at Umami: a user who logs in, or a key.

A server of one's own has logins only, before 3.4; the token of one has no expiry and dies when the server's
secret changes. Umami Cloud has keys only (umami.is/docs/cloud/api-key, issue 4454 of umami-software/umami).
"""

import threading
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.umami.errors import BadCredentials

REFUSED_FOR = timedelta(minutes=1)
"""A login that was refused is not tried again before: a person has to correct it first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A user of the server. One of a team's with the role "view only" is enough."""

    username: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        if not self.username or not self.password:
            raise ValueError("username and password belong together")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key of Umami Cloud, or of a server of one's own from 3.4 on."""

    key: str = field(repr=False)

    def __post_init__(self) -> None:
        if not self.key or not self.key.isascii() or any(letter.isspace() for letter in self.key):
            raise ValueError("api_key is one word of plain letters, digits and signs")


Credentials = Login | ApiKey


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """The proof of a login. Compared by identity, so that an old one never stands for a newer one."""

    text: str = field(repr=False)


class Tokens:
    """Holds the token of a login, and logs in anew when it is refused: once for all threads."""

    def __init__(self, log_in: Callable[[], Token], now: Clock) -> None:
        self._log_in, self._now = log_in, now
        self._lock = threading.Lock()
        self._held: Token | None = None
        self._refused: tuple[BadCredentials, datetime] | None = None
        self._useless: tuple[Token, datetime] | None = None

    def current(self) -> Token:
        """Return the token. Raise UmamiError when there is none to be had."""
        return self.renewed(None) if self._held is None else self._held

    def renewed(self, rejected: Token | None) -> Token:
        """Return a token other than `rejected`; log in unless somebody did since."""
        with self._lock:
            if self._held is not None and self._held is not rejected:
                return self._held
            if self._refused is not None and self._now() < self._refused[1]:
                raise copy(self._refused[0])
            try:
                self._held = self._log_in()
            except BadCredentials as error:
                self._refused = copy(error), self._now() + REFUSED_FOR
                raise
            return self._held

    def refuse(self, fresh: Token) -> None:
        """Note that a token was refused though new: the website is another one's, and no login helps."""
        with self._lock:
            self._useless = fresh, self._now() + REFUSED_FOR

    def is_refused(self, held: Token) -> bool:
        """Whether a 401 for this token is the answer, and no reason to log in again."""
        with self._lock:
            return bool(self._useless and self._useless[0] is held and self._now() < self._useless[1])
