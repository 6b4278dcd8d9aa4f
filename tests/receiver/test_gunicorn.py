"""The door behind the server that we ship: raw sockets, odd requests, and what the log says about them."""

import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot import events
from bot.db import Database
from bot.events import LONGEST_BODY, Seen
from bot.sandbox.slack import Slack
from tests.process.running import TOKEN, Bot, place
from tests.waiting import until

WRONG = "wrong-wrong-wrong-wrong-1"


@pytest.fixture(scope="module")
def store(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("gunicorn")
    return f"sqlite:///{shutil.copy(sqlite_template, folder / 'store.sqlite3')}"


@pytest.fixture(scope="module")
def bot(store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """One server for all tests of this file. It only receives, so that what was kept stays as it came."""
    with (
        Slack(["sales", "owner"]) as slack,
        place(tmp_path_factory.mktemp("place"), slack, store) as here,
    ):
        running = here.serve(BOT_ROLES="web")
        running.wait_until_alive()
        yield running
        assert running.terminate() == 0
        assert TOKEN not in running.log
        assert WRONG not in running.log


@pytest.fixture
def kept(store: str) -> Iterator["Kept"]:
    with closing(Database(store)) as database:
        yield Kept(database)


class Kept:
    """What came into the store since the test began."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._before = len(self._all())

    def _all(self) -> list[Seen]:
        with self._database.reading() as tx:
            return events.seen(tx, most=1000)[::-1]

    @property
    def events(self) -> list[Seen]:
        return self._all()[self._before :]


def connected(bot: Bot) -> socket.socket:
    place = urlsplit(bot.url)
    return socket.create_connection((str(place.hostname), place.port or 0), timeout=30)


def said(bot: Bot, *parts: bytes, hang_up: bool = True) -> bytes:
    """Send bytes as they are, and return everything that came back until the far side hangs up."""
    came = b""
    with connected(bot) as wire, suppress(ConnectionError):
        for part in parts:
            wire.sendall(part)
        if hang_up:
            with suppress(OSError):  # the far side may have hung up before
                wire.shutdown(socket.SHUT_WR)
        while more := wire.recv(65536):
            came += more
    return came


def request(
    path: str = f"/hooks/shop/{TOKEN}", *headers: str, body: bytes = b"", method: str = "POST"
) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: bot.example.com", "Connection: close", *headers]
    if not any(header.lower().startswith(("content-length", "transfer-encoding")) for header in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def status(answer: bytes) -> int:
    return int(answer.split()[1]) if answer else 0


def test_thanks_have_no_body(bot: Bot, kept: Kept) -> None:
    answer = said(bot, request(body=b"{}"))
    head, _, rest = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 204 No Content\r\n")
    assert rest == b""
    assert b"transfer-encoding" not in head.lower()
    assert [event.body for event in kept.events] == [b"{}"]


def test_one_connection_takes_many(bot: Bot, kept: Kept) -> None:
    several = b"".join(request(body=str(number).encode()) for number in range(5))
    answer = said(bot, several.replace(b"Connection: close", b"Connection: keep-alive"))
    assert answer.count(b"HTTP/1.1 204") == 5
    assert [event.body for event in kept.events] == [b"0", b"1", b"2", b"3", b"4"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "OPTIONS"])
@pytest.mark.parametrize("path", [f"/hooks/shop/{TOKEN}", f"/hooks/shop/{WRONG}"], ids=["right", "wrong"])
def test_a_refused_body_ends_the_connection_and_is_taken_for_no_request(
    bot: Bot, kept: Kept, method: str, path: str
) -> None:
    first = request(path, body=b"refused", method=method).replace(b"close", b"keep-alive")
    answer = said(bot, first + request(body=b"next"))
    assert status(answer) == (405 if TOKEN in path else 404)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert kept.events == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"/hooks/shop/{TOKEN}?x=1", 204),  # a query is not part of the path
        (f"http://bot.example.com/hooks/shop/{TOKEN}", 204),
        (f"/%68ooks/shop/{TOKEN}", 204),  # the same address, written otherwise
        (f"/hooks/shop%2F{TOKEN}", 204),
        (f"//hooks/shop/{TOKEN}", 404),
        (f"/hooks/shop//{TOKEN}", 404),
        (f"/hooks/./shop/{TOKEN}", 404),
        (f"/hooks/x/../shop/{TOKEN}", 404),
        (f"/hooks/x/%2e%2e/shop/{TOKEN}", 404),
        (f"/hooks/shop/{TOKEN}/", 404),
        (f"/hooks/shop/{TOKEN}%00", 404),
        (f"/hooks/shop/{TOKEN}%20", 404),
        (f"/hooks/shop/{TOKEN}%ff%fe", 404),
        (f"/hooks/shop;{TOKEN}", 404),
        ("/hooks/shop/" + WRONG, 404),
        ("/hooks/", 404),
        ("/hooks", 404),
        ("/", 404),
        ("*", 404),
    ],
)
def test_how_an_address_may_be_written(bot: Bot, kept: Kept, path: str, expected: int) -> None:
    answer = status(said(bot, request(path, body=b"x")))
    assert answer == expected or (expected == 404 and answer == 400)
    assert len(kept.events) == (expected == 204)


@pytest.mark.parametrize("length", [8 * 1024, 70 * 1024])
def test_a_very_long_path_is_refused(bot: Bot, kept: Kept, length: int) -> None:
    assert status(said(bot, request(f"/hooks/shop/{TOKEN}" + "x" * length))) in (0, 400, 404, 414, 431)
    assert kept.events == []


@pytest.mark.parametrize("size", [0, LONGEST_BODY, LONGEST_BODY + 1, 10_000_000])
def test_long_bodies(bot: Bot, kept: Kept, size: int) -> None:
    answer = said(bot, request(body=b"x" * size), hang_up=False)
    assert status(answer) == 204
    (event,) = kept.events
    assert len(event.body) == min(size, LONGEST_BODY)
    assert min(size, LONGEST_BODY + 1) <= event.size <= size


def test_a_long_body_at_a_wrong_address_is_not_waited_for(bot: Bot, kept: Kept) -> None:
    answer = said(bot, request(f"/hooks/shop/{WRONG}", f"Content-Length: {10**9}"), hang_up=False)
    assert status(answer) == 404
    assert kept.events == []


def test_bodies_in_chunks(bot: Bot, kept: Kept) -> None:
    chunked = request(f"/hooks/shop/{TOKEN}", "Transfer-Encoding: chunked")
    answer = said(bot, chunked, b'5\r\n{"eve\r\n', b'e\r\nnt_name": "x"}\r\n0\r\n\r\n')
    assert status(answer) == 204
    assert [event.body for event in kept.events] == [b'{"event_name": "x"}']


def test_a_very_long_body_in_chunks(bot: Bot, kept: Kept) -> None:
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    chunked = request(f"/hooks/shop/{TOKEN}", "Transfer-Encoding: chunked")
    answer = said(bot, chunked, *[chunk] * 160, b"0\r\n\r\n", hang_up=False)
    assert status(answer) == 204
    (event,) = kept.events
    assert len(event.body) == LONGEST_BODY
    assert event.size > LONGEST_BODY


@pytest.mark.parametrize(
    "rubbish",
    [
        pytest.param(b"hello\r\n", id="no number"),
        pytest.param(b"-5\r\nhello\r\n", id="a negative number"),
        pytest.param(b"5\r\nhello world, this is more than five\r\n", id="more than announced"),
        pytest.param(b"fffffffffffffffffffff\r\nx", id="a huge number"),
        pytest.param(b"5\r\nhel", id="broken off"),
        pytest.param(b"", id="nothing"),
        pytest.param(
            b"5\r\nhello\r\n0\r\nX-Token: " + TOKEN.encode() + b"\r\n\xff\xff", id="rubbish behind it"
        ),
    ],
)
def test_rubbish_in_chunks_harms_nobody(bot: Bot, kept: Kept, rubbish: bytes) -> None:
    chunked = request(f"/hooks/shop/{TOKEN}", "Transfer-Encoding: chunked")
    assert status(said(bot, chunked, rubbish)) in (0, 204, 400)
    assert len(kept.events) <= 1
    assert status(said(bot, request(body=b"next"))) == 204


def test_what_breaks_off_is_kept_as_far_as_it_came(bot: Bot, kept: Kept) -> None:
    broken = request(f"/hooks/shop/{TOKEN}", "Content-Length: 1000", body=b'{"event_name": "pur')
    assert status(said(bot, broken)) in (0, 204, 400)
    until(lambda: kept.events, within=30)
    (event,) = kept.events
    assert event.body == b'{"event_name": "pur'


def test_a_connection_that_is_reset_harms_nobody(bot: Bot, kept: Kept) -> None:
    with connected(bot) as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        wire.sendall(request(f"/hooks/shop/{TOKEN}", "Content-Length: 1000", body=b"x" * 500))
    assert status(said(bot, request(body=b"next"))) == 204
    until(lambda: b"next" in [event.body for event in kept.events], within=30)


@pytest.mark.parametrize(
    "rubbish",
    [
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)), id="TLS"),
        pytest.param(f"POST /hooks/shop/{TOKEN}\r\n\r\n".encode(), id="no version"),
        pytest.param(f"POST /hooks/shop/{TOKEN} HTTP/9.9\r\n\r\n".encode(), id="a version to come"),
        pytest.param(f"P()ST /hooks/shop/{TOKEN} HTTP/1.1\r\n\r\n".encode(), id="an odd method"),
        pytest.param(f"POST /hooks/shop/{TOKEN} x HTTP/1.1\r\n\r\n".encode(), id="a blank in the path"),
        pytest.param(f"POST /hooks/shop/{TOKEN} HTTP/1.1\r\nHost bot\r\n\r\n".encode(), id="an odd header"),
        pytest.param(request(f"/hooks/shop/{TOKEN}", "Content-Length: x"), id="a length that is none"),
        pytest.param(request(f"/hooks/shop/{TOKEN}", "Content-Length: -1"), id="a negative length"),
        pytest.param(
            request(f"/hooks/shop/{TOKEN}", "Content-Length: 3", "Content-Length: 5", body=b"hello"),
            id="two lengths",
        ),
        pytest.param(
            request(
                f"/hooks/shop/{TOKEN}", "Content-Length: 3", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"
            ),
            id="a length and chunks",
        ),
        pytest.param(request(f"/hooks/shop/{TOKEN}", "Transfer-Encoding: gzip"), id="an unknown encoding"),
        pytest.param(request(f"/hooks/shop/{TOKEN}", "X-Long: " + "x" * 100_000), id="a long header"),
        pytest.param(request(f"/hooks/shop/{TOKEN}", *["X: y"] * 1_000), id="a thousand headers"),
        pytest.param(f"POST /hooks/shop/{TOKEN} HTTP/1.1\nHost: x\n\n".encode(), id="bare line feeds"),
        pytest.param(request(f"/hooks/shop/{TOKEN}", "Expect: 200-ok"), id="an odd expectation"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", id="HTTP/2"),
        pytest.param(b"\x00" * 10_000, id="zeros"),
    ],
)
def test_rubbish_is_no_http_and_its_token_is_not_in_the_log(bot: Bot, rubbish: bytes) -> None:
    """The log is searched when all tests of this file are done."""
    assert status(said(bot, rubbish)) in (0, 204, 400, 404, 405, 408, 413, 414, 417, 431, 501, 505)
    assert status(said(bot, request(body=b"next"))) == 204


def test_who_does_not_hang_up_keeps_nobody_out(bot: Bot, kept: Kept) -> None:
    lingering = [connected(bot) for _ in range(20)]
    try:
        for wire in lingering[::2]:
            wire.sendall(request("/hooks/"))
            assert wire.recv(9) == b"HTTP/1.1 "
        began = time.monotonic()
        assert status(said(bot, request(body=b"next"))) == 204
        assert time.monotonic() - began < 8.0  # each that is lingered with costs two
    finally:
        for wire in lingering:
            wire.close()


def test_who_falls_silent_keeps_nobody_out_for_long(bot: Bot, kept: Kept) -> None:
    """As many as there are threads send half a head or half a body, and stay."""
    silent = [connected(bot) for _ in range(16)]
    try:
        for wire in silent[::2]:
            wire.sendall(request()[:40])
        for wire in silent[1::2]:
            wire.sendall(request(f"/hooks/shop/{TOKEN}", "Content-Length: 99", body=b"half"))
        assert status(said(bot, request(body=b"next"))) == 204
        until(lambda: len(kept.events) == 9)
    finally:
        for wire in silent:
            wire.close()
    assert sorted(event.body for event in kept.events) == [b""] * 8 + [b"next"]
