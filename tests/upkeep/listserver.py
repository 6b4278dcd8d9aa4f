"""A server of lists over a real socket that answers as it is told to, also badly."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class ListServer:
    """What it serves, by path, and what it was asked."""

    port: int = 0
    scheme: str = "http"
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)  # host, path

    def url(self, path: str = "/list.txt", host: str = "lists.test") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def serve(self, body: bytes, path: str = "/list.txt", **headers: str) -> None:
        self.answers[path] = lambda handler: whole(handler, body, headers)


def whole(handler: BaseHTTPRequestHandler, body: bytes, headers: dict[str, str], status: int = 200) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def moved(to: str) -> Answer:
    return lambda handler: whole(handler, b"", {"Location": to}, 302)


def dripping(seconds: float) -> Answer:
    """Send a byte now and then, for so long; and say beforehand that there will be many."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        _drip(handler, seconds)

    return answer


def dripping_headers(seconds: float) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        _drip(handler, seconds)

    return answer


def _drip(handler: BaseHTTPRequestHandler, seconds: float) -> None:
    ends_at = time.monotonic() + seconds
    try:
        while time.monotonic() < ends_at:
            handler.wfile.write(b"1")
            handler.wfile.flush()
            time.sleep(0.02)
    except OSError:
        return


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"93.184.216.0/24\n" * 4096)
    except OSError:
        return


def cut_short(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b"93.184.216.0/24\n")


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[ListServer]:
    state = ListServer(scheme="http" if tls is None else "https")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append((self.headers["Host"], self.path))
            answer = state.answers.get(self.path)
            if answer is None:
                whole(self, b"no", {}, 404)
            else:
                answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # those who ask go away in the middle

    server = Quiet(("127.0.0.1", 0), Handler)
    state.port = server.server_port
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
