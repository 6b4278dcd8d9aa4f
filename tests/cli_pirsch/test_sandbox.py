"""The simulated Pirsch that anybody can start: it says how to reach it, and ends when it is told to."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from bot.cli import main
from bot.pirsch.auth import Credentials
from bot.pirsch.client import Pirsch
from bot.pirsch.wire import Server

TREE = Path(__file__).resolve().parent.parent.parent
STARTS_WITHIN = 20


@pytest.fixture
def welcome() -> Iterator[str]:
    command = [
        sys.executable,
        "-u",
        "-m",
        "bot",
        "sandbox",
        "--port",
        "0",
        "--visitors",
        "20",
        "--days",
        "120",
    ]
    with subprocess.Popen(command, cwd=TREE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if sum("access key" in one for one in lines) == 2:
                break
        yield "".join(lines)
        process.send_signal(signal.SIGTERM)
        assert process.wait(STARTS_WITHIN) == 0


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, text
    return match[1]


def test_any_client_can_be_pointed_at_it(welcome: str) -> None:
    url = found(r"listens on (http://127\.0\.0\.1:\d+)", welcome)
    credentials = Credentials(
        client_id=found(r"client id +(\S+)", welcome), client_secret=found(r"client secret +(\S+)", welcome)
    )
    with Pirsch(credentials, Server(url=url)) as pirsch:
        assert {one.hostname for one in pirsch.domains.all()} == {"shop.example.com", "blog.example.com"}
    assert requests.get(f"{url}/_sandbox/", timeout=30).json()["speed"] == 1.0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--days", "5"], "120<=x"),
        (["--speed", "-1"], "0<=x"),
        (["--speed", "nan"], "finite"),
        (["--visitors", "-1"], "range"),
    ],
)
def test_what_cannot_be_is_refused(words: list[str], said: str) -> None:
    result = CliRunner().invoke(main, ["sandbox", *words])
    assert result.exit_code == 2
    assert said in result.output


def test_a_taken_port_is_told_in_words() -> None:
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as other:
        assert other.stdout is not None
        port = found(r"port (\d+)", other.stdout.readline())
        result = CliRunner().invoke(main, ["sandbox", "--port", port])
        other.terminate()
    assert result.exit_code == 1
    assert "--port 0 takes any free one" in result.output
