"""A Pirsch that stands still on a Wednesday afternoon, and a caller that knows nothing but HTTP."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from bot.sandbox.pirsch import Settings, Simulator, Site, start

SHOP, BLOG = "shop.example.com", "blog.example.com"
NOW = datetime(2026, 11, 18, 14, 30, tzinfo=UTC)  # 25 days after the clocks changed in Berlin
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36"
SETTINGS = Settings(
    start_at=NOW,
    speed=0,
    days=120,
    sites=(
        Site(hostname=SHOP, visitors_per_day=40),
        Site(hostname=BLOG, visitors_per_day=20, timezone="America/New_York"),
    ),
)


@dataclass(kw_only=True)
class Caller:
    """Calls the API with one client's token."""

    pirsch: Simulator
    bearer: str
    session: requests.Session = field(default_factory=requests.Session)

    def send(self, method: str, path: str, query: object = None, body: object = None) -> requests.Response:
        return self.session.request(
            method,
            f"{self.pirsch.url}/api/v1{path}",
            params=query,  # type: ignore[arg-type]
            json=body,
            headers={"Authorization": f"Bearer {self.bearer}"},
            timeout=20,
        )

    def get(self, path: str, /, *pairs: tuple[str, str], **query: object) -> Any:
        reply = self.send(
            "GET", path, [*pairs, *((name.rstrip("_"), value) for name, value in query.items())]
        )
        assert reply.status_code == 200, reply.text
        return reply.json()

    def post(self, path: str, /, **body: object) -> Any:
        reply = self.send("POST", path, body=body)
        assert reply.status_code == 200, reply.text
        return reply.json() if reply.content else None

    def shop(self, part: str, /, *pairs: tuple[str, str], **query: object) -> Any:
        """Ask for the shop's statistics of all time, unless other days are named."""
        whole = {"id": self.pirsch.domain_id(SHOP), "from_": "2026-07-01", "to": "2026-11-19"}
        return self.get(f"/statistics{part}", *pairs, **(whole | query))


@contextmanager
def calling(pirsch: Simulator, hostname: str | None = None) -> Iterator[Caller]:
    """Call as the user, or as a domain's own client."""
    keys = pirsch.keys.domains[hostname] if hostname else pirsch.keys.user
    reply = requests.post(
        f"{pirsch.url}/api/v1/token",
        json={"client_id": keys.client_id, "client_secret": keys.client_secret},
        timeout=20,
    )
    assert reply.status_code == 200, reply.text
    made = Caller(pirsch=pirsch, bearer=reply.json()["access_token"])
    with made.session:
        yield made


@pytest.fixture
def pirsch() -> Iterator[Simulator]:
    with start(SETTINGS) as simulator:
        yield simulator


@pytest.fixture(scope="session")
def still() -> Iterator[Simulator]:
    """One that no test may change."""
    with start(SETTINGS) as simulator:
        yield simulator


@pytest.fixture(scope="session")
def numbers(still: Simulator) -> Iterator[Caller]:
    with calling(still) as made:
        yield made


@pytest.fixture
def api(pirsch: Simulator) -> Iterator[Caller]:
    with calling(pirsch) as made:
        yield made


def empty_site(**changes: Any) -> Settings:
    """Return settings with one site on which nobody is."""
    site = Site(hostname=SHOP, visitors_per_day=0, incidents=())
    return replace(SETTINGS, sites=(site,), **changes)


def total(rows: Sequence[dict[str, Any]], name: str) -> float:
    return float(sum(row[name] for row in rows))
