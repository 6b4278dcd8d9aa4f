"""A simulated Pirsch of this very moment, a config that names it, and a way to type commands."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.sandbox.pirsch import Limits, Settings, Simulator, Site, start

SHOP = "shop.example.com"
SECRET = "PIRSCH_CLIENT_SECRET"
CONFIG = """
[pirsch]
client_id = {{ env = "PIRSCH_CLIENT_ID" }}
client_secret = {{ env = "PIRSCH_CLIENT_SECRET" }}
url = "{url}"

[site.shop]
domain = "shop.example.com"
"""

Type = Callable[..., Result]


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    settings = Settings(
        days=120,
        speed=0,
        sites=(
            Site(hostname=SHOP, visitors_per_day=30),
            Site(hostname="blog.example.com", visitors_per_day=0),
        ),
        limits=Limits(security=None, configuration=None),
    )
    with start(settings) as running:
        yield running


@pytest.fixture
def config(tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PIRSCH_CLIENT_ID", simulator.keys.user.client_id)
    monkeypatch.setenv(SECRET, simulator.keys.user.client_secret)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(url=simulator.url))
    return path


@pytest.fixture
def run(config: Path, simulator: Simulator) -> Iterator[Type]:
    """Type `pirsch-bot pirsch …`."""

    def typed(*words: str) -> Result:
        result = CliRunner().invoke(main, ["pirsch", *words, "--config", str(config)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result

    yield typed
    simulator.faults.clear()
