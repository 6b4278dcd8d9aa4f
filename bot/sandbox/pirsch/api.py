"""From a request to an answer: route, client, scope, limit, handler, wire."""

import json
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime

from werkzeug.wrappers import Request, Response

from bot.sandbox.pirsch import access, wire
from bot.sandbox.pirsch.account import Account
from bot.sandbox.pirsch.calls import conversion, domains, hooks, ingest, organizations, outward, sharing, user
from bot.sandbox.pirsch.calls import statistics as numbers
from bot.sandbox.pirsch.calls.call import Call, Route
from bot.sandbox.pirsch.calls.overview import Overviews, routes_with
from bot.sandbox.pirsch.documents import Document
from bot.sandbox.pirsch.limits import Class, Limiter
from bot.sandbox.pirsch.refusal import Refused, missing
from bot.sandbox.pirsch.webhooks import Postman

PREFIX = "/api/v1"
LONGEST_BODY = 8 << 20
_JSON = "application/json"


class Api:
    """Answers the calls of API v1 for one account."""

    def __init__(self, account: Account, postman: Postman, limiter: Limiter) -> None:
        self._account, self._postman, self._limiter = account, postman, limiter
        modules = (numbers, ingest, domains, hooks, conversion, outward, sharing, organizations, user)
        rows: list[Route] = [route for module in modules for route in module.ROUTES]
        rows.extend(routes_with(Overviews()))
        self._routes = {(route.method, route.path): route for route in rows}

    @property
    def calls(self) -> frozenset[tuple[str, str]]:
        """Every call there is, as method and path after the prefix."""
        return frozenset(self._routes)

    def answer(self, request: Request) -> Response:
        """Answer a request, also one that makes no sense."""
        try:
            return self._answer(request)
        except Refused as refused:
            body = json.dumps(refused.body, ensure_ascii=False).encode()
            return Response(body, refused.status, dict(refused.headers), content_type=_JSON)

    def _answer(self, request: Request) -> Response:
        route = self._route(request)
        now = self._account.clock()
        client = self._client(route, request, now)
        if client is not None:
            _check(route, client)
        who = client.id if client else request.remote_addr or ""
        headers = self._limiter.pass_by(who, route.limited, now)
        result = self._result(route, client, request, now)
        return self._written(result, headers)

    def _route(self, request: Request) -> Route:
        path = request.path.removeprefix(PREFIX)
        route = self._routes.get((request.method, path))
        if route is not None:
            return route
        known = any(path == other for _, other in self._routes)
        raise Refused(405, ["Method not allowed."]) if known else Refused(404, ["Not found."])

    def _client(self, route: Route, request: Request, now: datetime) -> Document | None:
        if route.limited is Class.TOKEN:
            return None
        if route.open and "access" in request.args:
            self._check_link(request, now)
            return None
        return self._account.door.who(request.headers.get("Authorization", ""))

    def _check_link(self, request: Request, now: datetime) -> None:
        """Let an access link look, at its own domain only."""
        code = request.args["access"]
        link = next((one for one in self._account.shelves["access"] if one.fields["code"] == code), None)
        if link is None or _over(link, now):
            raise missing("Domain")
        if request.path != f"{PREFIX}/domain" and request.args.get("id") != link.domain_id:
            raise missing("Domain")

    def _result(self, route: Route, client: Document | None, request: Request, now: datetime) -> object:
        form: Mapping[str, str] = request.form if request.mimetype == "multipart/form-data" else {}
        call = Call(
            account=self._account,
            postman=self._postman,
            client=client,
            query=request.args,
            raw=b"" if form else request.get_data(),
            now=now,
            form=form,
        )
        # Counting takes long and changes nothing; everything else sees the account alone.
        reads = route.method == "GET" and route.limited is Class.STATISTICS
        with nullcontext() if reads else self._account.lock:
            return route.answer(call)

    def _written(self, result: object, headers: Mapping[str, str]) -> Response:
        if isinstance(result, Response):
            result.headers.extend(headers)
            return result
        if result is None:
            return Response(b"", headers=dict(headers))
        body = wire.encode(result, null_lists=self._account.settings.null_lists)
        return Response(body, headers=dict(headers), content_type=_JSON)


def _check(route: Route, client: Document) -> None:
    if client.hidden["type"] == "token" and not route.sends:
        raise Refused(403, ["Forbidden"])
    access.allow(client, route.needs)


def _over(link: Document, now: datetime) -> bool:
    until = link.text("valid_until")
    try:
        return bool(until) and datetime.fromisoformat(until) <= now
    except (ValueError, TypeError):
        return False
