"""The two ways to run the demo, as somebody types them."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import urllib3

TREE = Path(__file__).resolve().parent.parent.parent
DEMO = (sys.executable, "-m", "bot", "demo")
OPEN = re.compile(r"Open (?:\x1b\[\d+m)*(http://127\.0\.0\.1:\d+)")

pytestmark = pytest.mark.slow


def test_the_check_passes_and_says_how_it_went() -> None:
    done = subprocess.run([*DEMO, "--check"], cwd=TREE, capture_output=True, text=True, timeout=150)
    assert (done.returncode, done.stderr) == (0, "")
    figures = done.stdout.splitlines()[-1]
    assert re.search(r"200 events taken in \d+\.\d\d s, 1\d\d of them by Pirsch's webhooks", figures)
    assert "each exactly once" in figures


@contextmanager
def playing(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Start the interactive demo; give its process and what it printed until it was ready."""
    with subprocess.Popen(
        [*DEMO, *arguments], cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        try:
            said = []
            for line in process.stdout:
                said.append(line)
                if "Ctrl-C" in line:
                    break
            yield process, said
        finally:
            process.kill()


def test_the_demo_prints_one_address_to_open_and_ends_at_ctrl_c() -> None:
    with playing("--port", "0") as (process, said), urllib3.PoolManager(retries=False) as http:
        (url,) = OPEN.findall("".join(said))
        page = http.request("GET", url)
        assert page.status == 200
        assert "kites.example" in page.data.decode()
        process.send_signal(signal.SIGINT)
        assert process.wait(40) == 0


@pytest.mark.skipif(os.name != "posix", reason="the hint is for a shell")
def test_another_command_can_speak_to_the_running_demo() -> None:
    with playing("--port", "0") as (process, said):
        hint = re.search(r"In another terminal: \. (\S+) && ", "".join(said))
        if hint is None:
            pytest.skip("there is no such command yet")
        shell = f'. "{hint[1]}" && exec {sys.executable} -m bot check'
        done = subprocess.run(["/bin/sh", "-c", shell], cwd=TREE, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        process.send_signal(signal.SIGINT)
        assert process.wait(40) == 0
