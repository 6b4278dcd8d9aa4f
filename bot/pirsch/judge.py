"""What a reply means for the caller, and whether its call may be sent again. Pure.

docs.pirsch.io, API v1 guide: 400 validation, 401 credentials, 404 object or domain missing, 429 limit. 403
is not documented, and a proxy in between answers 502 with HTML.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from bot.http.budget import pause_asked
from bot.http.transport import Pairs, Reply
from bot.pirsch.answer import Answer
from bot.pirsch.calls import Call, Repeat
from bot.pirsch.errors import (
    SAID_NOTHING,
    BadCredentials,
    Forbidden,
    NotFound,
    NotReadable,
    PirschError,
    Problem,
    Refused,
    TryLater,
    Unreachable,
    Unsure,
    read_problem,
)

TRANSIENT = frozenset({502, 503, 504})
SECRET_FIELDS = frozenset({"access", "code", "endpoint", "password", "webhook_endpoint"})


def judge(call: Call, reply: Reply, secrets: Collection[str], now: datetime) -> Answer:
    """Return the answer of a reply that says yes, or raise what its status means for the caller."""
    if 200 <= reply.status < 300:
        return Answer(call=call, body=reply.body)
    found = problem(reply, secrets)
    if reply.status == 429 or (reply.status >= 500 and call.reads):
        raise TryLater(
            "asked too often" if reply.status == 429 else "Pirsch failed",
            retry_after=pause_asked(reply.status, reply.headers, now),
            method=call.method,
            path=call.path,
            status=reply.status,
            problem=found,
        )
    kind, why = _meaning(reply.status, call)
    raise kind(why, method=call.method, path=call.path, status=reply.status, problem=found)


def _meaning(status: int, call: Call) -> tuple[type[PirschError], str]:
    if status >= 500:
        return Unsure, "failed on the way, and may have happened"
    if status < 400:  # whoever sends us elsewhere need not have asked Pirsch first
        return NotReadable if call.reads else Unsure, "sent elsewhere, where we do not follow"
    return {
        401: (BadCredentials, "the credentials were refused"),
        403: (Forbidden, "forbidden"),
        404: (NotFound, "not found"),
    }.get(status, (Refused, "refused"))


def problem(reply: Reply, secrets: Collection[str]) -> Problem:
    """Read what a reply says about the trouble; a page of a proxy says nothing."""
    try:
        return read_problem(json.loads(reply.body), secrets)
    except (ValueError, RecursionError):
        return SAID_NOTHING


def may_repeat(call: Call, error: PirschError) -> bool:
    """Whether a call that ended with `error` may be sent once more without anybody looking."""
    if error.status == 429:
        return True  # Pirsch did not carry it out
    if call.repeat is not Repeat.FREELY:
        return False
    if isinstance(error, Unreachable):
        return True
    return isinstance(error, TryLater | Unsure) and (error.status is None or error.status in TRANSIENT)


def pause_before(tries: int, error: PirschError, first: timedelta, dice: float) -> timedelta:
    """Return how long to wait after `tries` sendings; `dice` from 0 to 1 spreads a crowd of clients."""
    backoff = first * (2.0 ** (tries - 1) * (0.5 + dice / 2))
    if isinstance(error, TryLater) and error.retry_after:
        return error.retry_after + backoff / 4
    return backoff


def sent_secrets(params: Pairs, body: object) -> frozenset[str]:
    """Return the values of a call that must not come back in the text of an error."""
    told: list[tuple[object, object]] = [*params, *(body.items() if isinstance(body, Mapping) else ())]
    return frozenset(str(value) for name, value in told if name in SECRET_FIELDS and value)
