"""The command as a process of its own, on a terminal: what click's runner cannot show."""

import os
import pty
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Place

ROOT = Path(__file__).parent.parent.parent
BOT = [sys.executable, "-m", "bot"]


def environ_of(place: Place) -> dict[str, str]:
    """Return the variables of a process that stands in a place."""
    inherited = {key: value for key, value in os.environ.items() if key in ("PATH", "LANG", "HOME", "TMPDIR")}
    return inherited | place.environ | {"PYTHONPATH": str(ROOT)}


def on_a_terminal(place: Place, *words: str) -> str:
    """Run with standard output and error on a terminal; return what it shows."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*BOT, *words],
        cwd=place.folder,
        env=environ_of(place) | {"TERM": "xterm"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:  # the other end is closed: on Linux that is an error
        pass
    os.close(ours)
    assert process.wait(30) == 0
    return shown.decode()
