"""A bot's settings, a simulated Pirsch that is as they need it, and a doctor to ask."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import migrations
from bot.cli import main
from bot.db import Database
from bot.sandbox.mailbox import Mailbox
from bot.sandbox.pirsch import Limits, Settings, Simulator, Site, start
from bot.sandbox.pirsch.documents import Document

SHOP = "shop.example.com"
TOKEN, OLD = "the-present-token-of-the-shop", "the-old-token-of-the-shop-x"
ADDRESS = "https://bot.example.com/hooks/shop/"
CONFIG = """
[bot]
public_url = "https://bot.example.com"
timezone = "Europe/Berlin"

[pirsch]
client_id = {{ env = "PIRSCH_CLIENT_ID" }}
client_secret = {{ env = "PIRSCH_CLIENT_SECRET" }}
url = "{url}"

[site.shop]
domain = "shop.example.com"
hook_token = {{ env = "SHOP_HOOK_TOKEN" }}
hook_token_old = {{ env = "SHOP_HOOK_TOKEN_OLD" }}

[mail]
host = "127.0.0.1"
port = {mail}
security = "none"
sender = "bot@example.com"

[channel.owner]
type = "mail"
to = ["owner@example.com"]

[[rule]]
name = "Order"
event = "purchase"
notify = ["owner"]
"""
GLOB = """
[[rule]]
name = "Any sign-up"
event = "signup*"
notify = ["owner"]
"""


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    settings = Settings(
        days=120,
        speed=0,
        sites=(
            Site(hostname=SHOP, visitors_per_day=30),
            Site(hostname="empty.example.com", visitors_per_day=0),
        ),
        limits=Limits(security=None, configuration=None),
    )
    with start(settings) as simulator:
        yield simulator


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as running:
        yield running


@dataclass(frozen=True, kw_only=True)
class Patient:
    """What can be broken, and what the doctor then says."""

    simulator: Simulator
    mailbox: Mailbox
    config: Path
    environ: Callable[[str, str], None]

    @property
    def dashboard(self) -> Document:
        return self.simulator.account.shelves["domain"].find(self.simulator.domain_id(SHOP))

    def hook(self, event: str, endpoint: str = ADDRESS + TOKEN, *, active: bool = True) -> None:
        fields = {"event": event, "endpoint": endpoint, "description": "", "active": active}
        self.simulator.account.shelves["webhook"].make(fields, self.dashboard.id)

    def write(self, text: str) -> None:
        self.config.write_text(text.format(url=self.simulator.url, mail=self.mailbox.port))

    def typed(self, *words: str) -> Result:
        result = CliRunner().invoke(main, ["doctor", "--config", str(self.config), *words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        for secret in (TOKEN, OLD, self.simulator.keys.user.client_secret):
            assert secret not in result.output
        return result

    def said(self, level: str) -> list[str]:
        """Return what the doctor finds of a level, each with its remedy."""
        found = json.loads(self.typed("--format", "json").stdout)
        return [f"{one['what']} -> {one['remedy']}" for one in found if one["level"] == level]


@pytest.fixture
def patient(
    running: Simulator, mailbox: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Patient]:
    """Everything is well at first."""
    user = running.keys.user
    for name, value in {
        "PIRSCH_CLIENT_ID": user.client_id,
        "PIRSCH_CLIENT_SECRET": user.client_secret,
        "SHOP_HOOK_TOKEN": TOKEN,
        "SHOP_HOOK_TOKEN_OLD": OLD,
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("DATABASE_URL", "DYNO"):
        monkeypatch.delenv(name, raising=False)
    database = Database(f"sqlite:///{tmp_path / 'pirsch-bot.sqlite3'}")
    migrations.upgrade(database)
    database.close()
    config = tmp_path / "config.toml"
    made = Patient(simulator=running, mailbox=mailbox, config=config, environ=monkeypatch.setenv)
    made.write(CONFIG)
    made.hook("purchase")
    dashboard = made.dashboard
    before = dict(dashboard.fields)
    yield made
    dashboard.fields.update(before)
    for hook in list(running.account.shelves["webhook"].of(dashboard.id)):
        running.account.shelves["webhook"].drop(hook.id)
    running.faults.clear()
