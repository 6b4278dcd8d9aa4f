"""A simulated Pirsch of this very moment, a config that names it, and a way to type the command."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.sandbox.pirsch import Limits, Settings, Simulator, Site, start

SHOP, BLOG = "shop.example.com", "blog.example.com"
ZONE = "Asia/Tokyo"  # its days are never those of UTC, and always have 24 hours
HOURS = "/statistics/hours"
CONFIG = """
[pirsch]
client_id = {{ env = "PIRSCH_CLIENT_ID" }}
client_secret = {{ env = "PIRSCH_CLIENT_SECRET" }}
url = "{url}"

[site.shop]
domain = "shop.example.com"

[site.blog]
domain = "blog.example.com"
"""

Type = Callable[..., Result]


@pytest.fixture(scope="session")
def pirsch() -> Iterator[Simulator]:
    settings = Settings(
        days=120,
        speed=0,
        sites=(
            Site(hostname=SHOP, visitors_per_day=30, timezone=ZONE, incidents=()),
            Site(hostname=BLOG, visitors_per_day=0, timezone=ZONE, incidents=()),
        ),
        limits=Limits(security=None, configuration=None),
    )
    with start(settings) as running:
        yield running


@pytest.fixture
def simulator(pirsch: Simulator) -> Iterator[Simulator]:
    """The simulator, as nobody had asked it anything."""
    pirsch.ledger.clear()
    yield pirsch
    pirsch.faults.clear()


@pytest.fixture
def config(tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PIRSCH_CLIENT_ID", simulator.keys.user.client_id)
    monkeypatch.setenv("PIRSCH_CLIENT_SECRET", simulator.keys.user.client_secret)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(url=simulator.url))
    return path


@pytest.fixture
def run(config: Path) -> Type:
    """Type `pirsch-bot numbers …`."""

    def typed(*words: str) -> Result:
        result = CliRunner().invoke(main, ["numbers", *words, "--config", str(config)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result

    return typed


def hours_asked(simulator: Simulator) -> int:
    """Return how many days' hours were asked for."""
    return sum(one.path == HOURS for one in simulator.ledger.calls())
