"""A server that answers as real ones did: recordings of Umami 2.18.1 and 3.1.0 on PostgreSQL, over a socket.

Both had the same scripted traffic. A question that nobody asked a real server is answered with 501: so a body
or a filter that it would not understand cannot pass.
"""

import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request, Response

from bot.sandbox.serving import Serving

DATA = Path(__file__).parent / "data"
VERSIONS = ("v2.18.1", "v3.1.0")
SHOP = "11111111-1111-4111-8111-111111111111"
DST = "22222222-2222-4222-8222-222222222222"
EMPTY = "33333333-3333-4333-8333-333333333333"
GHOST = "99999999-9999-4999-8999-999999999999"
_PAGING = frozenset({"search", "page", "pageSize", "limit", "includeTeams"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, as it arrived."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    authorization: str = field(repr=False)


class Recorded:
    """One version. `asked` has every question; `foreign` is the id of a website that is another one's."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.rows = json.loads((DATA / f"{version}.json").read_text("utf-8"))
        self.asked: list[Asked] = []
        self.token = "<token>"
        self.foreign = ""
        self._lock = threading.Lock()
        self._serving = Serving(self)
        self.url = self._serving.url

    def __enter__(self) -> "Recorded":
        return self

    def __exit__(self, *_: object) -> None:
        self._serving.stop()

    def named(self, name: str) -> Any:
        """Return what was recorded under a name."""
        return next(row for row in self.rows if row["name"] == name)

    def __call__(self, environ: dict[str, object], start_response: Any) -> Iterable[bytes]:
        """Answer by WSGI."""
        request = Request(environ)
        body = request.get_json() if request.data else None
        path = request.path.removeprefix("/api")
        headers = request.headers
        asked = Asked(
            method=request.method,
            path=path,
            query=request.args.to_dict(),
            body=body,
            authorization=headers.get("Authorization", ""),
        )
        with self._lock:
            self.asked.append(asked)
        return self._answer(asked)(environ, start_response)

    def _answer(self, asked: Asked) -> Response:
        if asked.path == "/auth/login":
            good = asked.body == {"username": "admin", "password": "umami"}
            return _said(self.named("login-ok" if good else "login-wrong-password"), token=self.token)
        if asked.authorization != f"Bearer {self.token}" or (self.foreign and self.foreign in asked.path):
            return _said(self.named("stats-foreign-plain-user"))
        for row in self.rows:
            if row["auth"] == "Bearer <admin token>" and _is_it(row, asked):
                return _said(row)
        if asked.path.endswith("/stats") and asked.query.keys() == {"startAt", "endAt"}:
            return _said(self.named("stats-empty"))
        return Response("nobody asked a real server that", 501)


def _is_it(row: Mapping[str, Any], asked: Asked) -> bool:
    if (row["method"], row["path"]) != (asked.method, asked.path):
        return False
    wanted = {key: str(value) for key, value in row["query"].items() if key not in _PAGING}
    told = {key: value for key, value in asked.query.items() if key not in _PAGING}
    return wanted == told and _within(asked.body, row["body"])


def _within(asked: Any, recorded: Any) -> bool:
    """Whether all that was asked was recorded, too; the recorded body may say more."""
    if isinstance(asked, dict) and isinstance(recorded, dict):
        return all(key in recorded and _within(value, recorded[key]) for key, value in asked.items())
    if isinstance(asked, list) and isinstance(recorded, list):
        return len(asked) == len(recorded) and all(map(_within, asked, recorded))
    return bool(asked == recorded)


def _said(row: Mapping[str, Any], token: str | None = None) -> Response:
    answer = row["answer"]
    if token is not None and isinstance(answer, dict) and "token" in answer:
        answer = {**answer, "token": token}
    text = isinstance(answer, str)
    body = answer if text else json.dumps(answer)
    return Response(body, row["status"], content_type="text/html" if text else "application/json")
