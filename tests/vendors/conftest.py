"""A simulated Pirsch and a simulated Umami on one clock, a config that names both, and a way to ask."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import clock
from bot.sandbox.clock import SandboxClock
from bot.sandbox.mailbox import Mailbox
from bot.sandbox.pirsch import Incident, Limits, Site, Trouble
from bot.sandbox.pirsch import Settings as PirschSettings
from bot.sandbox.pirsch import Simulator as PirschSimulator
from bot.sandbox.pirsch import start as start_pirsch
from bot.sandbox.slack import Slack
from bot.sandbox.umami import FunnelStep, Kind, SavedReport, Settings, Simulator, start
from tests.cli.conftest import SECRETS, Place, a_log_of_their_own, bare

__all__ = ["a_log_of_their_own", "bare"]

AT = datetime(2026, 11, 16, 9, 6, tzinfo=UTC)  # a Monday, 10:06 in Berlin
SHOP, WIKI = "shop.example.com", "wiki.example.com"
CONFIG = """
[bot]
timezone = "Europe/Berlin"
owner = "owner"

[pirsch]
url = "{pirsch}"
client_id = {{ env = "PIRSCH_CLIENT_ID" }}
client_secret = {{ env = "PIRSCH_CLIENT_SECRET" }}

[umami]
url = "{umami}"
username = "bot"
password = {{ env = "UMAMI_PASSWORD" }}

[site.shop]
domain = "shop.example.com"

[site.wiki]
source = "umami"
domain = "wiki.example.com"

[slack]
token = {{ env = "SLACK_BOT_TOKEN" }}
url = "{slack}/api"

[mail]
host = "{mail}"
port = {port}
security = "none"
sender = "bot@example.com"

[channel.sales]
type = "slack"
to = "#sales"
pace = "0s"

[channel.owner]
type = "mail"
to = ["owner@example.com"]

[[watch]]
name = "Visitors"
look = "visitors"
unusual = {{ budget = "1 per month" }}
notify = ["sales"]

[[watch]]
name = "Silence"
look = "silence"
silent_for = "auto"
notify = ["sales"]

[[watch]]
name = "Bounces"
look = "bounce_rate"
above = 0.99
notify = ["sales"]

[[watch]]
name = "Orders"
site = "wiki"
look = "event"
event = "purchase"
above = 500
notify = ["sales"]

[[digest]]
name = "Monday"
schedule = "mon 08:00"
sections = ["summary", "chart", "unusual", "pages", "referrers", "channels", "countries", "campaigns",
            "events", "revenue", "goals", "funnels"]
revenue = [{{ event = "purchase", key = "amount", currency = "USD" }}]
notify = ["sales", "owner"]
"""
SAVED = (
    SavedReport(
        kind=Kind.FUNNEL,
        name="To the till",
        steps=(FunnelStep(value="/"), FunnelStep(value="purchase", event=True)),
    ),
    SavedReport(kind=Kind.GOAL, name="Readers of the prices", steps=(FunnelStep(value="/pricing"),)),
)


@dataclass(frozen=True, kw_only=True)
class Both:
    """Two vendors, where messages go, and where a person types commands."""

    clock: SandboxClock
    pirsch: PirschSimulator
    umami: Simulator
    slack: Slack
    mailbox: Mailbox
    place: Place
    moved: Path

    def advance(self, length: timedelta) -> None:
        """Let time pass for everybody."""
        self.clock.advance(length)
        clock.move(self.moved, self.clock() - datetime.now(UTC))  # noqa: TID251 - by how much it is moved


def silent(hours: float) -> Incident:
    """Nobody is counted from the evening before for so many hours."""
    return Incident(
        trouble=Trouble.TRACKER_BROKEN, start_at=AT - timedelta(hours=2), length=timedelta(hours=hours)
    )


@pytest.fixture(params=[2, 3], ids=["Umami 2", "Umami 3"])
def both(
    request: pytest.FixtureRequest, bare: Place, sqlite_template: Path, tmp_path: Path
) -> Iterator[Both]:
    now = SandboxClock(AT, speed=0)
    pirsch_settings = PirschSettings(
        days=120,
        sites=(Site(hostname=SHOP, visitors_per_day=90, incidents=(), growth_per_year=0),),
        limits=Limits(security=None, configuration=None),
    )
    umami_settings = Settings(
        version=request.param,
        sites=(Site(hostname=WIKI, visitors_per_day=120, incidents=(), growth_per_year=0),),
        reports={WIKI: SAVED},
    )
    with (
        start_pirsch(pirsch_settings, now) as pirsch,
        start(umami_settings, now) as umami,
        Slack(["sales"]) as slack,
        Mailbox() as mailbox,
    ):
        slack.add_token(SECRETS["SLACK_BOT_TOKEN"])
        bare.write(
            CONFIG.format(
                pirsch=pirsch.url, umami=umami.url, slack=slack.url, mail=mailbox.host, port=mailbox.port
            )
        )
        shutil.copy(sqlite_template, bare.folder / "pirsch-bot.sqlite3")
        moved = tmp_path / "clock"
        user = pirsch.keys.user
        bare.environ |= {
            "PIRSCH_CLIENT_ID": user.client_id,
            "PIRSCH_CLIENT_SECRET": user.client_secret,
            "UMAMI_PASSWORD": umami_settings.password,
            clock.MOVED: str(moved),
            "COLUMNS": "100",
        }
        made = Both(
            clock=now, pirsch=pirsch, umami=umami, slack=slack, mailbox=mailbox, place=bare, moved=moved
        )
        made.advance(timedelta(0))
        yield made
