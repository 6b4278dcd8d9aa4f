"""The bot as it is deployed: gunicorn with the shipped settings, in processes of its own."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from bot.sandbox.slack import Slack
from tests.waiting import until

HERE = Path(__file__).resolve().parent.parent.parent
TOKEN = "k7Qz-3mPq_81LxYv0aBcDeFg"
_LISTENING = re.compile(r"Listening at: (http://127\.0\.0\.1:\d+)")

CONFIG = """
[bot]
owner = "owner"

[delivery]
lease = "5s"

[slack]
token = { env = "SLACK_BOT_TOKEN" }
url = "SLACK_URL"

[site.shop]
domain = "shop.example.com"
hook_token = { env = "SHOP_HOOK_TOKEN" }

[channel.sales]
type = "slack"
to = "#sales"
pace = "0s"

[channel.owner]
type = "slack"
to = "#owner"
pace = "0s"

[[rule]]
name = "Orders"
event = "purchase"
notify = ["sales"]
"""


class Bot:
    """One running service. Its log is a file; `url` is where it listens, None for a bare worker."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self._log = log

    @property
    def log(self) -> str:
        """Everything that it wrote so far."""
        return self._log.read_text(errors="replace")

    def lines(self, event: str) -> list[dict[str, Any]]:
        """The log lines that say this."""
        found = [json.loads(text) for text in self.log.splitlines() if text.startswith('{"at"')]
        return [line for line in found if line["event"] == event]

    @property
    def url(self) -> str:
        """Where it listens. Waits until it does."""
        until(lambda: _LISTENING.search(self.log) or self._died())
        found = _LISTENING.search(self.log)
        assert found is not None, self.log
        return found[1]

    @property
    def hook(self) -> str:
        """The address of the shop's webhook."""
        return f"{self.url}/hooks/shop/{TOKEN}"

    def wait_until_started(self) -> None:
        """Return when it judges and delivers."""
        until(lambda: self.lines("started") or self._died())
        assert self.lines("started"), self.log

    def wait_until_alive(self) -> None:
        """Return when it answers."""
        until(lambda: self._died() or _answers(f"{self.url}/healthz"))

    def ready(self) -> dict[str, Any]:
        """What /readyz says, and its status."""
        answer = requests.get(f"{self.url}/readyz", timeout=30)
        found: dict[str, Any] = answer.json()
        return found | {"status": answer.status_code}

    @property
    def worker(self) -> int:
        """The process that serves, judges and delivers: the master's last child."""
        master = self.process.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        return int(children[-1])

    def kill(self) -> None:
        """SIGKILL the master and the worker at once, as a crash of the machine would."""
        doomed = [self.process.pid]
        if _LISTENING.search(self.log):
            doomed.append(self.worker)
        for pid in doomed:
            os.kill(pid, signal.SIGKILL)
        self.process.wait(10)

    def terminate(self, within: float = 25.0) -> int:
        """Stop it as the platform does; return its exit code."""
        self.process.terminate()
        return self.process.wait(within)

    def _died(self) -> bool:
        return self.process.poll() is not None


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=1).status_code == 200
    except requests.RequestException:
        return False


class Place:
    """A folder with a config and a store; starts services there and ends what still runs."""

    def __init__(self, folder: Path, slack: Slack, database_url: str, config: str = CONFIG) -> None:
        self._folder = folder
        (folder / "config.toml").write_text(config.replace("SLACK_URL", slack.api_url.rstrip("/")))
        plain = {key: value for key, value in os.environ.items() if key not in ("DYNO", "PORT", "BOT_ROLES")}
        self._environ = plain | {
            "BOT_CONFIG": str(folder / "config.toml"),
            "DATABASE_URL": database_url,
            "SLACK_BOT_TOKEN": slack.token,
            "SHOP_HOOK_TOKEN": TOKEN,
            "NO_PROXY": "*",
        }
        self._running: list[Bot] = []

    def serve(self, *, before: Callable[[], None] | None = None, **environ: str) -> Bot:
        """Start the web process, as the Procfile does."""
        command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0"]
        return self._start(command, environ, before)

    def work(self, **environ: str) -> Bot:
        """Start a worker without a web server."""
        return self._start([sys.executable, "-m", "bot", "work"], environ, None)

    def _start(self, command: list[str], environ: dict[str, str], before: Callable[[], None] | None) -> Bot:
        log = self._folder / f"log-{len(self._running)}.txt"
        with log.open("wb") as out:
            process = subprocess.Popen(
                command,
                cwd=HERE,
                env=self._environ | environ,
                stdout=out,
                stderr=subprocess.STDOUT,
                preexec_fn=before,
            )
        self._running.append(Bot(process, log))
        return self._running[-1]

    def close(self) -> None:
        """End what a test left running."""
        for bot in self._running:
            if bot.process.poll() is None:
                bot.kill()


@contextmanager
def place(folder: Path, slack: Slack, database_url: str, config: str = CONFIG) -> Iterator[Place]:
    """Prepare a place, and clean it up."""
    made = Place(folder, slack, database_url, config)
    try:
        yield made
    finally:
        made.close()
