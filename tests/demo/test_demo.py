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
HINT = re.compile(r"In another terminal: \. (\S+) && ")
OPEN = re.compile(r"Open (?:\x1b\[\d+m)*(http://127\.0\.0\.1:\d+)")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="it speaks to a shell")]


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


def test_the_demo_prints_one_address_listens_to_other_commands_and_ends_at_ctrl_c() -> None:
    """What it tells on its way is proved by `demo --check`, which has to pass by itself."""
    with playing("--port", "0") as (process, said), urllib3.PoolManager(retries=False) as http:
        printed = "".join(said)
        (url,) = OPEN.findall(printed)
        page = http.request("GET", url)
        assert page.status == 200
        assert "kites.example" in page.data.decode()
        (settings,) = HINT.findall(printed)
        shell = f'. "{settings}" && exec {sys.executable} -m bot check'
        done = subprocess.run(["/bin/sh", "-c", shell], cwd=TREE, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        process.send_signal(signal.SIGINT)
        assert process.wait(40) == 0
