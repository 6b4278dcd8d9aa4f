"""The control surface, /_sandbox/…: it is not part of Pirsch. Tests and demos steer the simulator by it.

    GET     /_sandbox/               now, speed, domains, faults that wait
    POST    /_sandbox/clock          {"advance_seconds": 3600, "silent": false, "speed": 60}
    POST    /_sandbox/faults         {"kind": "cut", "cut": "after", "method": "POST", "path": "/goal"}
    DELETE  /_sandbox/faults         nothing goes wrong any more
    GET     /_sandbox/calls          how often each call was made (DELETE forgets)
    GET     /_sandbox/created        ids by kind, also of what is gone again
    GET     /_sandbox/mails          what Pirsch would have mailed
    GET     /_sandbox/deliveries     what came of each webhook
    POST    /_sandbox/incidents      {"domain_id": "…", "trouble": "viral", "hours": 3, "strength": 5}
    POST    /_sandbox/locks          {"shelf": "filter", "id": "…", "locked": true}
    POST    /_sandbox/tokens/expire  {}

Kinds of faults: unauthorized, forbidden, limited (wait: any of `faults.Wait`), server_error (status, done),
bad_gateway (done), empty, wrong_json, slow (seconds), cut (before, after, middle); all take `method`, `path`
and `times`. There is no password: whoever reaches the port may steer.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from werkzeug.wrappers import Request, Response

from bot.sandbox.pirsch import faults
from bot.sandbox.pirsch.account import Account
from bot.sandbox.pirsch.documents import moment
from bot.sandbox.pirsch.faults import Cut, Fault, Faults, Wait
from bot.sandbox.pirsch.fields import Field, Kind, flag, of, read, text
from bot.sandbox.pirsch.ledger import Ledger
from bot.sandbox.pirsch.refusal import Refused, invalid
from bot.sandbox.pirsch.rounds import Rounds
from bot.sandbox.pirsch.settings import Incident, Trouble
from bot.sandbox.pirsch.webhooks import Postman

_FAULT = (
    text("kind", required=True),
    text("method"),
    text("path"),
    *of(Kind.WHOLE, "times", "status"),
    *of(Kind.NUMBER, "seconds"),
    text("cut"),
    text("wait"),
    flag("done"),
)
_INCIDENT = (
    text("domain_id", required=True),
    text("trouble", required=True),
    text("start_at"),
    *of(Kind.NUMBER, "hours", "strength"),
    text("label"),
)
_LOCK = (text("shelf", required=True), text("id", required=True), flag("locked"))
_LONGEST_DELAY = timedelta(minutes=1)  # a delay holds a thread of the server
_LONGEST_WAIT = 86_400.0
_CLOCK = (*of(Kind.NUMBER, "advance_seconds"), Field(name="speed", kind=Kind.ANY), flag("silent"))


class Control:
    """Steers the clock, the faults and the locks, and tells what happened."""

    def __init__(
        self, account: Account, rounds: Rounds, postman: Postman, planned: Faults, ledger: Ledger
    ) -> None:
        self._account, self._rounds, self._postman = account, rounds, postman
        self._faults, self._ledger = planned, ledger
        self._table: Mapping[tuple[str, str], Callable[[Request], object]] = {
            ("GET", ""): self._state,
            ("POST", "clock"): self._clock,
            ("POST", "faults"): self._fault,
            ("DELETE", "faults"): lambda _: self._faults.clear(),
            ("GET", "calls"): lambda _: self._ledger.counts(),
            ("DELETE", "calls"): lambda _: self._ledger.clear(),
            ("GET", "created"): lambda _: {name: one.created for name, one in account.shelves.items()},
            ("GET", "mails"): self._mails,
            ("GET", "deliveries"): self._deliveries,
            ("POST", "incidents"): self._incident,
            ("POST", "locks"): self._lock,
            ("POST", "tokens/expire"): lambda _: account.door.expire_all(),
        }

    def answer(self, request: Request) -> Response:
        """Answer a request to the control surface. Posts must be JSON, which no foreign web page can send."""
        known = self._table.get((request.method, request.path.removeprefix("/_sandbox").strip("/")))
        try:
            if known is None:
                raise Refused(404, ["Not found."])
            if request.method != "GET" and request.mimetype != "application/json":
                raise Refused(415, ["Send application/json."])
            result = known(request)
        except Refused as refused:
            return Response(json.dumps(refused.body), refused.status, content_type="application/json")
        return Response(json.dumps(result), content_type="application/json")

    def _state(self, _: Request) -> object:
        clock = self._account.clock
        domains = {one.text("hostname"): one.id for one in self._account.shelves["domain"]}
        return {
            "now": moment(clock()),
            "speed": clock.speed,
            "domains": domains,
            "faults": self._faults.waiting(),
        }

    def _clock(self, request: Request) -> object:
        found = read(_body(request), _CLOCK)
        seconds, speed = found["advance_seconds"], found["speed"]
        clock = self._account.clock
        try:
            if isinstance(speed, int | float):
                clock.set_speed(speed)
            self._rounds.advance(timedelta(seconds=_number(seconds)), send=not found["silent"])
        except (ValueError, OverflowError):
            raise invalid(advance_seconds="Time does not run backwards, nor that far.") from None
        return {"now": moment(clock())}

    def _fault(self, request: Request) -> None:
        found = read(_body(request), _FAULT)
        made = self._made(found)
        times = max(1, int(_number(found["times"])))
        self._faults.plan(made.to(str(found["method"] or "*"), str(found["path"] or "*"), times=times))

    def _made(self, found: Mapping[str, object]) -> Fault:
        now, length = self._account.clock(), timedelta(seconds=_seconds(found["seconds"]))
        done, status = bool(found["done"]), int(_number(found["status"]))
        try:
            cut, wait = Cut(str(found["cut"] or "before")), Wait(str(found["wait"] or "seconds"))
        except ValueError:
            raise invalid(cut="The cut or wait is unknown.") from None
        match found["kind"]:
            case "unauthorized":
                return faults.unauthorized()
            case "forbidden":
                return faults.forbidden()
            case "limited":
                return faults.limited(now, length, wait)
            case "server_error":
                return faults.server_error(status or 500, done=done)
            case "bad_gateway":
                return faults.bad_gateway(done=done)
            case "empty":
                return faults.empty(status or 200)
            case "wrong_json":
                return faults.wrong_json()
            case "slow":
                return faults.slow(min(length, _LONGEST_DELAY))
            case "cut":
                return faults.cut(cut)
            case _:
                raise invalid(kind="The kind is unknown.")

    def _incident(self, request: Request) -> None:
        found = read(_body(request), _INCIDENT)
        record = self._account.records.get(str(found["domain_id"]))
        if record is None:
            raise invalid(domain_id="The domain is unknown.")
        now = self._account.clock()
        try:
            start_at = datetime.fromisoformat(str(found["start_at"])) if found["start_at"] else now
            trouble, length = Trouble(str(found["trouble"])), timedelta(hours=_number(found["hours"]) or 1)
            strength, label = _number(found["strength"]) or 1.0, str(found["label"])
            incident = Incident(
                trouble=trouble, start_at=max(start_at, now), length=length, strength=strength, label=label
            )
        except (ValueError, TypeError, OverflowError):
            raise invalid(trouble="The trouble or its start is invalid.") from None
        record.happen(incident)

    def _lock(self, request: Request) -> None:
        found = read(_body(request), _LOCK)
        shelf = self._account.shelves.get(str(found["shelf"]))
        if shelf is None:
            raise invalid(shelf="The shelf is unknown.")
        shelf.find(str(found["id"])).locked = bool(found["locked"])

    def _mails(self, _: Request) -> object:
        return [asdict(mail) | {"sent_at": moment(mail.sent_at)} for mail in self._account.mails]

    def _deliveries(self, _: Request) -> object:
        return [
            asdict(one) | {"sent_at": moment(one.sent_at), "took": one.took.total_seconds()}
            for one in list(self._postman.deliveries)
        ]


def _body(request: Request) -> Mapping[str, object]:
    try:
        found = json.loads(request.get_data())
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused(400, ["The body must be a JSON object."])
    return found


def _seconds(value: object) -> float:
    seconds = _number(value)
    if not 0 <= seconds <= _LONGEST_WAIT:
        raise invalid(seconds="The time must be from 0 seconds to a day.")
    return seconds


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
