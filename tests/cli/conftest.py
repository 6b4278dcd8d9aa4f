"""A folder with a config and a store, and a way to run commands in it."""

import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.db import Database

CONFIG = """
[bot]
public_url = "https://bot.example.com"
timezone = "Europe/Berlin"
owner = "owner"

[site.shop]
domain = "shop.example.com"
hook_token = { env = "SHOP_HOOK_TOKEN" }

[site.blog]
domain = "blog.example.com"
hook_token = { env = "BLOG_HOOK_TOKEN" }

[slack]
token = { env = "SLACK_BOT_TOKEN" }

[channel.sales]
type = "slack"
to = "#sales"
fallback = "owner"

[mail]
host = "127.0.0.1"
security = "none"
sender = "bot@example.com"

[channel.owner]
type = "mail"
to = ["owner@example.com"]

[[rule]]
name = "Big order"
event = "purchase"
if = "number(meta.amount) >= 100 and meta.currency == 'USD'"
collect = "2m"
once_per = "meta.order_id"
notify = ["sales"]

[[rule]]
name = "Broken links"
event = "404*"
site = "shop"
at_least = 3
within = "10m"
severity = "page"
notify = ["owner", "sales"]

[[rule]]
name = "No signups"
event = "signup"
site = "blog"
none_within = "1d"
notify = ["owner"]
"""
SECRETS = {
    "SHOP_HOOK_TOKEN": "shop-MARKER-0123456789abcdef",
    "BLOG_HOOK_TOKEN": "blog-MARKER-0123456789abcdef",
    "SLACK_BOT_TOKEN": "xoxb-MARKER",
}


@dataclass(kw_only=True)
class Place:
    """Where a person stands: a folder, its config, and the variables of the environment."""

    folder: Path
    environ: dict[str, str]
    databases: list[Database] = field(default_factory=list)

    def run(self, *arguments: str, input: str | bytes | None = None) -> Result:
        """Run a command. It may end in any way but with an exception."""
        environ: dict[str, str | None] = {"DATABASE_URL": None, "BOT_CONFIG": None, "PORT": None}
        result = CliRunner(env=environ | self.environ).invoke(main, arguments, input=input)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert "Traceback" not in result.output
        return result

    def lines(self, *arguments: str, input: str | bytes | None = None, code: int = 0) -> list[str]:
        """Run a command that ends with a code; return all that it said."""
        result = self.run(*arguments, input=input)
        assert result.exit_code == code, result.output
        return result.output.splitlines()

    def write(self, text: str, name: str = "config.toml") -> Path:
        """Write a config."""
        path = self.folder / name
        path.write_text(text)
        return path

    def store(self) -> Database:
        """Open the store."""
        url = self.environ.get("DATABASE_URL") or f"sqlite:///{self.folder / 'pirsch-bot.sqlite3'}"
        self.databases.append(Database(url))
        return self.databases[-1]


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """An empty folder, and every secret in the environment."""
    monkeypatch.chdir(tmp_path)
    place = Place(folder=tmp_path, environ=dict(SECRETS))
    yield place
    for database in place.databases:
        database.close()


@pytest.fixture(autouse=True)
def a_log_of_their_own() -> Iterator[None]:
    """Commands set the log up for a person; the tests after them want theirs back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def place(bare: Place, sqlite_template: Path) -> Place:
    """A folder with a config and an empty store."""
    bare.write(CONFIG)
    shutil.copy(sqlite_template, bare.folder / "pirsch-bot.sqlite3")
    return bare


@pytest.fixture
def on_both(bare: Place, store_url: str) -> Place:
    """The same, once with each kind of store."""
    bare.write(CONFIG)
    bare.environ["DATABASE_URL"] = store_url
    return bare
