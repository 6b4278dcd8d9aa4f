"""Serves one WSGI application on a port of this machine, in a thread, until told to stop."""

import socket
import threading
from types import TracebackType
from typing import Self

from werkzeug.serving import WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
    """Speaks HTTP/1.1, one request a connection, and writes no access log."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing: addresses hold tokens."""


class Serving:
    """A running server; use it as a context manager, or call `stop`.

    Port 0 takes any free one. `url` has no slash at its end. Raises OSError when the port is taken.
    """

    def __init__(self, application: object, host: str = "127.0.0.1", port: int = 0) -> None:
        # Bound here, because the server would print and exit when the port is taken.
        self._listening = socket.create_server((host, port), backlog=128)
        self._server = make_server(
            host,
            self._listening.getsockname()[1],
            application,  # type: ignore[arg-type]
            threaded=True,
            request_handler=_Quiet,
            fd=self._listening.fileno(),
        )
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._server.block_on_close = False  # type: ignore[attr-defined]
        self.host, self.port = host, self._server.port
        self.url = f"http://{host}:{self.port}"
        self._thread = threading.Thread(target=self._serve, name=f"serving-{self.port}", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        """Take no more requests and free the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._listening.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
