"""The WSGI application: faults around the API, and the control surface beside it."""

import socket
import time
from collections.abc import Iterable

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from bot.sandbox.pirsch.api import LONGEST_BODY, PREFIX, Api
from bot.sandbox.pirsch.control import Control
from bot.sandbox.pirsch.faults import Cut, Fault, Faults
from bot.sandbox.pirsch.ledger import Asked, Ledger

_LONGEST_NOTED = 1 << 10


class Server:
    """Takes requests from the socket; notes, spoils and answers them."""

    def __init__(self, api: Api, faults: Faults, ledger: Ledger, control: Control) -> None:
        self._api, self._faults, self._ledger, self._control = api, faults, ledger, control

    def __call__(self, environ: dict[str, object], start_response: object) -> Iterable[bytes]:
        """Answer by WSGI."""
        request = Request(environ)
        request.max_content_length = LONGEST_BODY
        try:
            body = request.get_data(parse_form_data=False, cache=True)
            response = self._respond(request, body)
        except RequestEntityTooLarge as error:
            # The rest of the body is still on its way; nothing else can be read from this connection.
            response = Response(str(error), 413, {"Connection": "close"})
        return response(environ, start_response)  # type: ignore[arg-type]

    def _respond(self, request: Request, body: bytes) -> Response:
        if request.path.startswith("/_sandbox"):
            return self._control.answer(request)
        if not request.path.startswith(f"{PREFIX}/"):
            return Response("404 page not found", 404)
        path = request.path.removeprefix(PREFIX)
        fault = self._faults.take(request.method, path)
        response = self._spoilt(request, fault)
        asked = Asked(
            method=request.method,
            path=path,
            query=request.query_string.decode("latin-1"),
            body=body[:_LONGEST_NOTED],
            status=None if fault and fault.cut else response.status_code,
        )
        self._ledger.note(asked)
        if fault and fault.cut:
            _hang_up(request, response if fault.cut is Cut.MIDDLE else None)
        return response

    def _spoilt(self, request: Request, fault: Fault | None) -> Response:
        if fault is None:
            return self._api.answer(request)
        time.sleep(fault.delay.total_seconds())
        if fault.cut is Cut.BEFORE:
            return Response()
        if fault.status is None:
            return self._api.answer(request)
        if fault.done:
            self._api.answer(request)
        return Response(fault.body, fault.status, dict(fault.headers))


def _hang_up(request: Request, half: Response | None) -> None:
    """Close the connection under the client, after half of an answer or none.

    Raises ConnectionAbortedError, which the server takes for a client that went away.
    """
    connection = request.environ["werkzeug.socket"]
    if half is not None:
        body = half.get_data() or b" "
        head = (
            f"HTTP/1.1 {half.status}",
            f"Content-Type: {half.content_type}",
            f"Content-Length: {len(body) + 1}",
        )
        connection.sendall("\r\n".join((*head, "", "")).encode("latin-1") + body[: max(1, len(body) // 2)])
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("cut on demand")
