"""The one guarded call. Every method of the client goes through `Wire.ask`, and nothing goes around it.

1. The table (`calls`) says how to treat the call; what is not in it cannot be made.
2. A place in the budget of its class is taken; Pirsch's own demands for a pause are obeyed, also by those
   who wait already. A write is only sent with the whole time of an exchange before it.
3. It is sent with a token, or with an access key where that works. After a 401 the token is renewed and the
   call repeated, once; a new token that was refused as well is not renewed again for a while.
4. What comes back is an `Answer` or an error named for what the caller can do.
5. Reads, and writes that change nothing the second time, are repeated with jitter within `Patience.total`
   after 502, 503, 504, a time-out or a lost connection. Others are only replayed after a clean 429.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.http.budget import Budget, Limit, Places, pause_asked
from bot.http.timing import Timing
from bot.http.transport import Cut, NotSent, Pairs, Reply, Sending, TooLarge, Transport, check_address
from bot.pirsch.answer import Answer
from bot.pirsch.auth import Credentials, Token, Tokens, token
from bot.pirsch.calls import CALLS, LIMITS, TOKEN, Call, Key, Repeat
from bot.pirsch.errors import BadCredentials, NotReadable, PirschError, TryLater, Unreachable, Unsure
from bot.pirsch.judge import judge, may_repeat, pause_before, problem, sent_secrets

log = logging.getLogger(__name__)

MOST_TRIES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where Pirsch is. API v2 is announced; its place and prefix are a matter of these two."""

    url: str = "https://api.pirsch.io"
    prefix: str = "/api/v1"

    def __post_init__(self) -> None:
        check_address(self.url)

    def address(self, path: str) -> str:
        """Return the address of a call."""
        return self.url.rstrip("/") + self.prefix + path


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long we wait, how much we take, how often we ask. `slow` is for funnels, event lists and exports.

    Pirsch raised its limit for settings in February 2026 and did not publish the new number.
    """

    exchange: timedelta = timedelta(seconds=10)
    slow: timedelta = timedelta(seconds=60)
    total: timedelta = timedelta(seconds=45)
    largest: int = 8 * 2**20
    largest_slow: int = 64 * 2**20
    first_pause: timedelta = timedelta(seconds=1)
    limits: Mapping[str, Limit] = field(default_factory=lambda: LIMITS)

    def of(self, call: Call) -> timedelta:
        """Return how long one exchange may take."""
        return self.slow if call.slow else self.exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class _GivenToken:
    access_token: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """One call with its values, until its answer is there."""

    call: Call
    params: Pairs
    body: object
    ends: float  # on the monotonic clock


class Wire:
    """Asks Pirsch. Safe for threads; share one for each set of credentials, as it keeps token and budget."""

    def __init__(
        self,
        credentials: Credentials,
        server: Server,
        patience: Patience,
        timing: Timing,
        agent: str,
        places: Places | None = None,
    ) -> None:
        self._credentials = credentials
        self._server = server
        self._patience = patience
        self.timing = timing
        self._transport = Transport(agent)
        self._budget = Budget(timing.monotonic, patience.limits, places)
        self._tokens = Tokens(self._fetch_token, timing.now)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def ask(self, name: str, params: Pairs = (), body: object = None) -> Answer:
        """Make the call `name` of the table and return what Pirsch says, or raise a PirschError."""
        call = CALLS[name]
        ends = self.timing.monotonic() + max(self._patience.total, self._patience.of(call)).total_seconds()
        question = _Question(call=call, params=params, body=body, ends=ends)
        tries = 0
        while True:
            tries += 1
            try:
                return self._ask_once(question)
            except PirschError as error:
                pause = self._pause_before_repeat(question, error, tries)
                if pause is None:
                    raise
                log.info(
                    "asking Pirsch again",
                    extra={"call": name, "why": type(error).__name__, "status": error.status, "tries": tries},
                )
                self.timing.sleep(pause.total_seconds())

    # ------------------------------------------------------------ once

    def _ask_once(self, question: _Question) -> Answer:
        """Send with credentials; renew the token after a 401 and send again, once."""
        if question.call.key is Key.INGEST and self._credentials.access_key:
            return self._judged(question, self._send(question, self._credentials.access_key))
        if not self._credentials.client_id:
            raise BadCredentials(
                "an access key can only send traffic; this call needs an OAuth client",
                method=question.call.method,
                path=question.call.path,
            )
        held = self._tokens.current()
        reply = self._send(question, held.text)
        if reply.status == 401 and not self._tokens.is_refused(held):
            held = self._tokens.renewed(held)
            reply = self._send(question, held.text)
            if reply.status == 401:
                self._tokens.refuse(held)
        return self._judged(question, reply, held.text)

    def _fetch_token(self) -> Token:
        ends = self.timing.monotonic() + self._patience.exchange.total_seconds()
        body = {"client_id": self._credentials.client_id, "client_secret": self._credentials.client_secret}
        question = _Question(call=TOKEN, params=(), body=body, ends=ends)
        reply = self._send(question, "")
        if reply.status in (400, 401, 403):
            raise BadCredentials(
                "Pirsch does not know this client id and secret",
                method=TOKEN.method,
                path=TOKEN.path,
                status=reply.status,
                problem=problem(reply, self._secrets(question)),
            )
        given = _given_token(self._judged(question, reply))
        return token(given.access_token, given.expires_at, self.timing.now())

    def _send(self, question: _Question, bearer: str) -> Reply:
        """Wait for a place in the budget, exchange one request, and hear how Pirsch wants to be treated."""
        call = question.call
        self._take_place(question)
        try:
            reply = self._transport.send(self._sending(question, bearer))
        except NotSent as error:
            raise Unreachable(f"no connection ({error})", method=call.method, path=call.path) from error
        except TooLarge as error:
            raise NotReadable(str(error), method=call.method, path=call.path) from error
        except Cut as error:
            kind = Unreachable if call.reads else Unsure
            raise kind(f"no answer ({error})", method=call.method, path=call.path) from error
        asked = pause_asked(reply.status, reply.headers, self.timing.now())
        if asked:
            self._budget.pause(call.rate, asked)
        return reply

    def _sending(self, question: _Question, bearer: str) -> Sending:
        call = question.call
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        body = None
        if question.body is not None:
            body = json.dumps(question.body, allow_nan=False).encode()
            headers["Content-Type"] = "application/json"
        whole = self._patience.of(call).total_seconds()
        left = max(question.ends - self.timing.monotonic(), 0.1)
        return Sending(
            method=call.method,
            url=self._server.address(call.path),
            params=question.params,
            body=body,
            headers=headers,
            seconds=min(whole, left) if call.reads else whole,
            largest=self._patience.largest_slow if call.slow else self._patience.largest,
            # A kept connection that the far side has just closed looks like a write that was cut short.
            fresh=call.repeat is not Repeat.FREELY,
        )

    def _take_place(self, question: _Question) -> None:
        """Wait until the call may go. Raise TryLater when too little time would be left for it then."""
        call = question.call
        waits = True
        while waits:
            pause = self._budget.paused_until(call.rate)
            wait = self._budget.reserve(call.rate, at_most=self._to_spare(question))
            if wait is None:
                raise TryLater(
                    "the limit of this kind of call is reached",
                    retry_after=self._budget.wait(call.rate),
                    method=call.method,
                    path=call.path,
                )
            if wait:
                self.timing.sleep(wait.total_seconds())
            # Another call may have been told to pause meanwhile.
            waits = bool(wait) and self._budget.paused_until(call.rate) > pause

    def _to_spare(self, question: _Question) -> timedelta:
        """Return how long a call may still wait. A write that is cut short is a doubt: it needs its time."""
        left = timedelta(seconds=question.ends - self.timing.monotonic())
        needs = timedelta(0) if question.call.reads else self._patience.of(question.call)
        return max(left - needs, timedelta(0))

    def _judged(self, question: _Question, reply: Reply, token_text: str = "") -> Answer:
        secrets = self._secrets(question) | frozenset(filter(None, [token_text]))
        return judge(question.call, reply, secrets, self.timing.now())

    def _secrets(self, question: _Question) -> frozenset[str]:
        return self._credentials.secrets | sent_secrets(question.params, question.body)

    def _pause_before_repeat(self, question: _Question, error: PirschError, tries: int) -> timedelta | None:
        """Return how long to wait before a repetition, or None when there must be none."""
        if tries >= MOST_TRIES or not may_repeat(question.call, error):
            return None
        pause = pause_before(tries, error, self._patience.first_pause, self.timing.dice(0.0, 1.0))
        return pause if pause < self._to_spare(question) else None


def _given_token(answer: Answer) -> _GivenToken:
    """Read a token; an expiry that cannot be read is none."""
    try:
        return answer.one(_GivenToken)
    except NotReadable:
        bare = answer.one(_BareToken)
        return _GivenToken(access_token=bare.access_token)


@dataclass(frozen=True, slots=True, kw_only=True)
class _BareToken:
    access_token: str
