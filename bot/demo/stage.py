"""Starts the bot as it is deployed, on a store of its own, pointed at the sandbox."""

import os
import secrets
import shlex
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Template
from types import TracebackType
from typing import Any, Self

import requests

from bot import clock
from bot.demo.owner import hook_up, set_goal
from bot.pirsch.errors import PirschError
from bot.sandbox.umami import Simulator as Umami
from bot.sandbox.world import World

HERE = Path(__file__).resolve().parent
TREE = HERE.parent.parent
STARTS_WITHIN = 20.0
STOPS_WITHIN = 28.0


class Failed(Exception):
    """The demo cannot go on; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """How fast the demo's Slack and rules are: for eyes, or for a check that does not want to wait."""

    pace: str = "1s"
    collect: str = "8s"
    silence: str = "3m"


@dataclass(slots=True)
class Stage:
    """The bot's process; a context manager. `hook` is the webhooks' address, `url` the bot's own.

    At Pirsch a webhook is registered for each name that a rule spells out, and for `names` beside.
    """

    world: World
    tempo: Tempo
    names: Iterable[str] = ()
    url: str = ""
    hook: str = ""
    _folder: tempfile.TemporaryDirectory[str] | None = None
    _process: subprocess.Popen[bytes] | None = None
    _token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="pirsch-bot-demo-")
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.hook = f"{self.url}/hooks/kites/{self._token}"
        config = self._config()
        (self.folder / "config.toml").write_text(config, encoding="utf-8")
        self._tell_the_time()
        secret = self._secrets()
        self.environment.write_text(_as_shell(secret), encoding="utf-8")
        environ = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DYNO")}
        environ |= secret | {"BOT_ROLES": "web,worker", "PORT": str(port)}
        command = [sys.executable, "-m", "gunicorn", "-c", str(TREE / "gunicorn.conf.py")]
        with self.log_file.open("wb") as log:
            self._process = subprocess.Popen(command, cwd=TREE, env=environ, stdout=log, stderr=log)  # noqa: S603
        try:
            self._wait_until_ready()
            self._hook_up(config)
        except BaseException:
            self._end()
            raise
        self.world.shop.endpoint = self.hook
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    @property
    def folder(self) -> Path:
        """Where the settings, the store and the log are, as long as the bot runs."""
        if self._folder is None:
            raise Failed("the stage is not set up")
        return Path(self._folder.name)

    def move(self, length: timedelta) -> None:
        """Let time pass at once, for everybody."""
        self.world.move(length)
        self._tell_the_time()

    def _tell_the_time(self) -> None:
        real = datetime.now(UTC)  # noqa: TID251 - the difference is what the bot has to know
        clock.move(self.folder / "clock", self.world.clock() - real)

    @property
    def log_file(self) -> Path:
        """Where the bot's log lines go."""
        return self.folder / "bot.log"

    @property
    def environment(self) -> Path:
        """A file for a shell's dot command, after which the bot's other commands speak to this demo."""
        return self.folder / "environment"

    def kept(self) -> list[bytes]:
        """Return every body that the bot keeps, read from its store without its help."""
        address = f"{(self.folder / 'pirsch-bot.sqlite3').as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=10)) as store:
            return [body for (body,) in store.execute("SELECT body FROM events ORDER BY id")]

    def rests(self) -> bool:
        """Whether no job runs or is due, read from the bot's store without its help."""
        address = f"{(self.folder / 'pirsch-bot.sqlite3').as_uri()}?mode=ro"
        now = self.world.clock().strftime("%Y-%m-%d %H:%M:%S.%f")
        with closing(sqlite3.connect(address, uri=True, timeout=10)) as store:
            asked = "SELECT count(*) FROM agenda WHERE owner IS NOT NULL OR due_at <= ?"
            return [*store.execute(asked, (now,))] == [(0,)]

    def settle(self, within: float) -> bool:
        """Wait until no job runs or is due. Return False when that took too long."""
        until = time.monotonic() + within
        time.sleep(1.5)  # the bot looks once a second for what is due
        while not self.rests():
            if time.monotonic() > until:
                return False
            time.sleep(0.1)
        return True

    def readiness(self) -> dict[str, Any]:
        """Return what /readyz says. Raise Failed when it does not answer."""
        try:
            answer: dict[str, Any] = requests.get(f"{self.url}/readyz", timeout=5).json()
        except (requests.RequestException, ValueError) as error:
            raise Failed(f"the bot does not answer ({type(error).__name__})") from error
        return answer

    def memory(self) -> int | None:
        """Return the bytes that the bot's processes take (proportional set size), where the system tells."""
        if self._process is None:
            return None
        found = [_pss(pid) for pid in [self._process.pid, *_children(self._process.pid)]]
        return sum(size for size in found if size is not None) or None

    def stop(self) -> float:
        """Stop the bot as a dyno is stopped; return how many seconds it took. Raise Failed past the limit."""
        process = self._process
        if process is None:
            return 0.0
        began = time.monotonic()
        process.terminate()
        try:
            code = process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            raise Failed(f"the bot was still running {STOPS_WITHIN:.0f} s after SIGTERM") from None
        if code != 0:
            raise Failed(f"the bot ended with exit code {code}")
        return time.monotonic() - began

    def _config(self) -> str:
        text = Template((HERE / "config.toml").read_text(encoding="utf-8"))
        return text.substitute(
            PUBLIC_URL=self.url,
            SLACK_URL=self.world.slack.api_url.rstrip("/"),
            MAIL_HOST=self.world.mailbox.host,
            MAIL_PORT=self.world.mailbox.port,
            PIRSCH_URL=self.world.pirsch.url,
            UMAMI_URL=self._umami.url,
            PACE=self.tempo.pace,
            COLLECT=self.tempo.collect,
            SILENCE=self.tempo.silence,
            UPPER="$UPPER",
        )

    def _secrets(self) -> dict[str, str]:
        """What the settings name by environment. These secrets open nothing but the sandbox."""
        keys = self.world.pirsch.keys.user
        return {
            "BOT_CONFIG": str(self.folder / "config.toml"),
            clock.MOVED: str(self.folder / "clock"),
            "SLACK_BOT_TOKEN": self.world.slack.token,
            "KITES_HOOK_TOKEN": self._token,
            "PIRSCH_CLIENT_ID": keys.client_id,
            "PIRSCH_CLIENT_SECRET": keys.client_secret,
            "UMAMI_PASSWORD": self._umami.settings.password,
        }

    @property
    def _umami(self) -> Umami:
        if self.world.umami is None:
            raise Failed("the demo's world has no Umami")
        return self.world.umami

    def _hook_up(self, config: str) -> None:
        try:
            hook_up(self.world, self.hook, [*spelled_out(config), *self.names])
            set_goal(self.world)
        except PirschError as error:
            raise Failed(f"the webhooks could not be registered: {error}") from error

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                raise Failed(f"the bot did not start:\n{self.log_file.read_text(errors='replace')[-2000:]}")
            try:
                if requests.get(f"{self.url}/readyz", timeout=2).ok:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.05)
        raise Failed(f"the bot was not ready after {STARTS_WITHIN:.0f} s")

    def _end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._folder is not None:
            self._folder.cleanup()


def spelled_out(config: str) -> list[str]:
    """Return the names of events in the rules of some settings; a pattern is none, nor is a goal."""
    names = [rule["event"] for rule in tomllib.loads(config)["rule"]]
    return [name for name in names if not set(name) & set("*?[") and not name.startswith("goal.")]


def _as_shell(variables: Mapping[str, str]) -> str:
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _pss(pid: int) -> int | None:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), None)
