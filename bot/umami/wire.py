"""The one guarded question. Every method of the client goes through it, and nothing it asks changes anything.

1. A place in the budget is taken: Umami Cloud answers 50 calls in 15 seconds (umami.is/docs/cloud/api-key), a
   server of one's own has no limit, and gets one of ours, since each report is a heavy question to its
   database. No more than a few are on their way at once.
2. It is sent with the token of a login, or with a key. After a 401 a login is made anew, once.
3. What comes back is JSON, or an error named for what the caller can do.
4. 502, 503, 504, time-outs and lost connections are asked again with jitter; a 500 once, because Umami also
   means a wrong question by it; 400, 404 and 405 never.
"""

import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from bot.http import decoding
from bot.http.budget import Budget, Limit, Places, pause_asked
from bot.http.timing import Timing
from bot.http.transport import Cut, NotSent, Pairs, Reply, Sending, TooLarge, Transport, check_address
from bot.umami.auth import ApiKey, Credentials, Login, Token, Tokens
from bot.umami.errors import (
    BadCredentials,
    NotReadable,
    Refused,
    TryLater,
    UmamiError,
    Unreachable,
    said,
)

log = logging.getLogger(__name__)

CLOUD = "https://api.umami.is/v1"
CLOUD_LIMIT = Limit(calls=50, window=timedelta(seconds=15))
OWN_LIMIT = Limit(calls=50, window=timedelta(seconds=5))
RATE = "umami"
AT_ONCE = 4
MOST_TRIES = 4
_PASSING = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where Umami is: a server of one's own by the address of its pages, or the cloud by that of its API."""

    url: str = CLOUD
    cloud: bool = True

    def __post_init__(self) -> None:
        check_address(self.url)

    @classmethod
    def at(cls, url: str) -> "Server":
        """Return the server of an address. Raise ValueError for an address that must not be asked."""
        return cls(url=url, cloud=urlsplit(url).hostname == urlsplit(CLOUD).hostname)

    def address(self, path: str) -> str:
        """Return the address of a call: only a server of one's own has its API under /api."""
        return self.url.rstrip("/") + ("" if self.cloud else "/api") + path


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long we wait, how much we take, how often we ask."""

    exchange: timedelta = timedelta(seconds=30)
    total: timedelta = timedelta(seconds=60)
    largest: int = 16 * 2**20
    first_pause: timedelta = timedelta(seconds=1)
    limit: Limit | None = None  # None: what is usual for the kind of server


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """One call until its answer is there; `call` is how errors name it."""

    method: str
    path: str
    params: Pairs = ()
    body: Mapping[str, object] | None = field(default=None, repr=False)
    ends: float = 0.0

    @property
    def call(self) -> str:
        return f"{self.method} {self.path}"


class Wire:
    """Asks one Umami. Safe for threads; share one for each set of credentials."""

    def __init__(
        self,
        credentials: Credentials,
        server: Server,
        patience: Patience,
        timing: Timing,
        agent: str,
        places: Places | None = None,
    ) -> None:
        self._credentials, self._server, self._patience = credentials, server, patience
        self.timing = timing
        self._transport = Transport(agent)
        limit = patience.limit or (CLOUD_LIMIT if server.cloud else OWN_LIMIT)
        self._budget = Budget(timing.monotonic, {RATE: limit}, places)
        self._at_once = threading.BoundedSemaphore(AT_ONCE)
        self._tokens = Tokens(self._log_in, timing.now)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def get(self, path: str, params: Pairs = ()) -> object:
        """Return the JSON that a GET is answered with. Raise UmamiError."""
        return self._ask("GET", path, params, None)

    def post(self, path: str, body: Mapping[str, object]) -> object:
        """Return the JSON of a report, which only asks though it is a POST. Raise UmamiError."""
        return self._ask("POST", path, (), body)

    def _ask(self, method: str, path: str, params: Pairs, body: Mapping[str, object] | None) -> object:
        ends = self.timing.monotonic() + self._patience.total.total_seconds()
        question = _Question(method=method, path=path, params=params, body=body, ends=ends)
        tries = 0
        while True:
            tries += 1
            try:
                return self._once(question)
            except UmamiError as error:
                pause = self._pause(question, error, tries)
                if pause is None:
                    raise
                log.info(
                    "asking Umami again",
                    extra={"call": question.call, "why": type(error).__name__, "tries": tries},
                )
                self.timing.sleep(pause)

    # ------------------------------------------------------------ once

    def _once(self, question: _Question) -> object:
        if isinstance(self._credentials, ApiKey):
            return self._judged(question, self._send(question, self._key(self._credentials)))
        held = self._tokens.current()
        reply = self._send(question, _bearer(held.text))
        if reply.status == 401 and not self._tokens.is_refused(held):
            held = self._tokens.renewed(held)
            reply = self._send(question, _bearer(held.text))
            if reply.status == 401:
                self._tokens.refuse(held)
        return self._judged(question, reply, held.text)

    def _key(self, credentials: ApiKey) -> Mapping[str, str]:
        key = credentials.key
        return {"x-umami-api-key": key} if self._server.cloud else _bearer(key)

    def _log_in(self) -> Token:
        login = self._credentials
        if not isinstance(login, Login):
            raise TypeError("a key needs no login")
        ends = self.timing.monotonic() + self._patience.exchange.total_seconds()
        body = {"username": login.username, "password": login.password}
        question = _Question(method="POST", path="/auth/login", body=body, ends=ends)
        given = self._judged(question, self._send(question, {}))
        try:
            return Token(decoding.decode(_Given, given).token)
        except decoding.Unfit:
            # From 3.2 on an account may ask for a second factor, and then the password alone is no login.
            raise BadCredentials(
                "the login gave no token: an account with a second factor needs an api_key",
                call=question.call,
            ) from None

    def _send(self, question: _Question, headers: Mapping[str, str]) -> Reply:
        self._take_place(question)
        with self._at_once:
            try:
                reply = self._transport.send(self._sending(question, headers))
            except NotSent as error:
                raise Unreachable(f"no connection ({error})", call=question.call) from error
            except TooLarge as error:
                raise NotReadable(str(error), call=question.call) from error
            except Cut as error:
                raise Unreachable(f"no answer ({error})", call=question.call) from error
        asked = pause_asked(reply.status, reply.headers, self.timing.now())
        if asked:
            self._budget.pause(RATE, asked)
        return reply

    def _sending(self, question: _Question, headers: Mapping[str, str]) -> Sending:
        body = None if question.body is None else json.dumps(question.body, allow_nan=False).encode()
        kind = {} if body is None else {"Content-Type": "application/json"}
        left = max(question.ends - self.timing.monotonic(), 0.1)
        return Sending(
            method=question.method,
            url=self._server.address(question.path),
            params=question.params,
            body=body,
            headers={**headers, **kind},
            seconds=min(self._patience.exchange.total_seconds(), left),
            largest=self._patience.largest,
        )

    def _take_place(self, question: _Question) -> None:
        left = timedelta(seconds=max(0.0, question.ends - self.timing.monotonic()))
        wait = self._budget.reserve(RATE, at_most=left)
        if wait is None:
            raise TryLater(
                "the limit of calls is reached", call=question.call, retry_after=self._budget.wait(RATE)
            )
        if wait:
            self.timing.sleep(wait.total_seconds())

    # ------------------------------------------------------------ what came back

    def _judged(self, question: _Question, reply: Reply, token: str = "") -> object:
        try:
            body = json.loads(reply.body) if reply.body.strip() else None
        except (ValueError, RecursionError):
            body = None
            if reply.status == 200:
                raise NotReadable("the answer is not JSON", call=question.call, status=200) from None
        if reply.status == 200:
            return body
        told = said(body, [*self._secrets(), token])
        kind, why = _meaning(reply.status, in_cloud=self._server.cloud)
        asked = pause_asked(reply.status, reply.headers, self.timing.now())
        raise kind(
            f"{why} ({told})" if told else why, call=question.call, status=reply.status, retry_after=asked
        )

    def _secrets(self) -> list[str]:
        match self._credentials:
            case Login(password=password):
                return [password]
            case ApiKey(key=key):
                return [key]

    def _pause(self, question: _Question, error: UmamiError, tries: int) -> float | None:
        """Return how many seconds to wait before asking again, or None when that must not be."""
        again = isinstance(error, Unreachable) or error.status in _PASSING or error.status == 429
        if tries >= MOST_TRIES or not (again or (error.status == 500 and tries == 1)):
            return None
        first = self._patience.first_pause.total_seconds()
        pause = first * 2.0 ** (tries - 1) * (0.5 + self.timing.dice(0.0, 1.0) / 2)
        if error.retry_after is not None:
            pause += error.retry_after.total_seconds()
        return pause if pause < question.ends - self.timing.monotonic() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    token: str


def _bearer(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _meaning(status: int, *, in_cloud: bool) -> tuple[type[UmamiError], str]:
    """Return what a status means. Umami answers 401, never 403, for a website that is another one's."""
    if status == 429:
        return TryLater, "asked too often"
    if status >= 500:
        return TryLater, "failed"
    if status in (401, 403):
        who = "the key" if in_cloud else "the login or the key"
        return BadCredentials, f"{who} is not known, or may not see this website"
    if 300 <= status < 400:
        return NotReadable, "sent elsewhere, where we do not follow"
    if status in (404, 405):
        return Refused, "this version of Umami has no such call"
    return Refused, "refused"
