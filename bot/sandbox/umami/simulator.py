"""Puts the simulated Umami together, and starts and stops it."""

import json
import uuid
from collections.abc import Iterable
from datetime import timedelta
from types import TracebackType
from typing import Self

from werkzeug.wrappers import Request, Response

from bot.sandbox.clock import SandboxClock
from bot.sandbox.pirsch.faults import Fault, Faults
from bot.sandbox.pirsch.ledger import Asked as Noted
from bot.sandbox.pirsch.ledger import Ledger
from bot.sandbox.pirsch.record import Record
from bot.sandbox.pirsch.rhythm import Rhythm
from bot.sandbox.pirsch.settings import Site
from bot.sandbox.serving import Serving
from bot.sandbox.umami.calls import Calls
from bot.sandbox.umami.frame import Asked, Frame, No, Website
from bot.sandbox.umami.reports import Reports
from bot.sandbox.umami.settings import Settings

_JSON = "application/json"


class Simulator:
    """A running Umami. Use it as a context manager, or call `stop`.

    `url` is what a client takes for the address of the server. What no call shows is here: `ledger` (calls),
    `faults`, the token that a login gives.
    """

    def __init__(self, settings: Settings, clock: SandboxClock | None = None) -> None:
        self.settings = settings
        self.clock = clock or SandboxClock(settings.start_at, speed=settings.speed)
        self.websites = {site.id: site for site in map(self._website, settings.sites)}
        self.token = uuid.uuid5(uuid.NAMESPACE_DNS, f"{settings.seed} token").hex
        self.faults, self.ledger = Faults(), Ledger(())
        self._reports = Reports(frame=Frame(settings=settings, now=self.clock))
        self._calls = Calls(frame=self._reports.frame, reports=self._reports)
        self._serving = Serving(self, settings.host, settings.port)
        self.url = self._serving.url

    def website_id(self, domain: str) -> str:
        """Return the id of a website. Raises LookupError."""
        for site in self.websites.values():
            if site.domain == domain:
                return site.id
        raise LookupError(domain)

    def advance(self, length: timedelta) -> None:
        """Move the clock."""
        self.clock.advance(length)

    def stop(self) -> None:
        """Answer no more calls, free the port."""
        self._serving.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __call__(self, environ: dict[str, object], start_response: object) -> Iterable[bytes]:
        """Answer by WSGI."""
        request = Request(environ)
        path = request.path.removeprefix("" if self.settings.cloud else "/api")
        fault = self.faults.take(request.method, path)
        response = self._answered(request, path) if fault is None else _spoilt(fault)
        query = request.query_string.decode("latin-1")
        body = b"" if path == "/auth/login" else request.get_data()
        self.ledger.note(
            Noted(method=request.method, path=path, query=query, body=body, status=response.status_code)
        )
        return response(environ, start_response)  # type: ignore[arg-type]

    def _answered(self, request: Request, path: str) -> Response:
        try:
            return Response(json.dumps(self._answer(request, path)), content_type=_JSON)
        except No as no:
            if no.status == 404:
                return Response("<!DOCTYPE html><html></html>", 404, content_type="text/html")
            error: object = (
                [no.why] if self.settings.version == 2 else {"message": no.why, "status": no.status}
            )
            body = b"" if no.status == 500 else json.dumps({"error": error}).encode()
            return Response(body, no.status, content_type=_JSON)

    def _answer(self, request: Request, path: str) -> object:
        body = request.get_json(silent=True) if request.method == "POST" else None
        if path == "/auth/login" and not self.settings.cloud:
            login = {"username": self.settings.username, "password": self.settings.password}
            if body != login:
                raise No(401, "message.incorrect-username-password")
            return {"token": self.token, "user": {"username": self.settings.username, "isAdmin": False}}
        if not self._known(request):
            raise No(401, "Unauthorized")
        if path == "/websites":
            wanted = request.args.get("search", "")
            rows = [site.row() for site in self.websites.values() if wanted in site.domain]
            return {"data": rows, "count": len(rows), "page": 1, "pageSize": 100}
        if path.startswith("/websites/"):
            id, slash, rest = path.removeprefix("/websites/").partition("/")
            what = Asked(what=slash + rest, query=request.args.to_dict(), body=None)
            return self._calls.of_website(self._found(id), what)
        if path == "/reports" and self.settings.version == 3:
            return self._reports.saved(self._found(request.args.get("websiteId", "")))
        if path.startswith("/reports/") and request.method == "POST":
            site = self._found(str((body or {}).get("websiteId", "")))
            return self._reports.report(site, Asked(path.removeprefix("/reports/"), {}, body))
        raise No(404)

    def _found(self, id: str) -> Website:
        """Return a website. Whoever asks for another one's is told that he is nobody."""
        if id not in self.websites:
            raise No(401, "Unauthorized")
        return self.websites[id]

    def _known(self, request: Request) -> bool:
        key, bearer = self.settings.api_key, request.headers.get("Authorization", "")
        if self.settings.cloud:
            return key is not None and request.headers.get("x-umami-api-key") == key
        return bearer == f"Bearer {self.token}" or (key is not None and bearer == f"Bearer {key}")

    def _website(self, site: Site) -> Website:
        settings, now = self.settings, self.clock()
        first_day = (now - timedelta(days=settings.days)).date()
        rhythm = Rhythm(settings.seed, site, first_day, now.date())
        return Website(
            id=str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{settings.seed} {site.hostname}")),
            domain=site.hostname,
            record=Record(rhythm, site.incidents or (), settings.session_budget),
            reports=settings.reports.get(site.hostname, ()),
        )


def _spoilt(fault: Fault) -> Response:
    return Response(fault.body, fault.status or 500, dict(fault.headers))


def start(settings: Settings | None = None, clock: SandboxClock | None = None) -> Simulator:
    """Start an Umami. Raises OSError when the port is taken."""
    return Simulator(settings or Settings(), clock)
