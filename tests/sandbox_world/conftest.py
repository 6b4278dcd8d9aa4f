"""A world of its own for each test, and a real browser for those who look at it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from bot.sandbox.serving import Serving
from bot.sandbox.world import World


@pytest.fixture
def world() -> Iterator[World]:
    """Everything that is outside of the bot."""
    with World(channels=("sales", "website")) as running:
        yield running


@pytest.fixture
def hooked(world: World) -> Iterator[str]:
    """A bot that says 204 to everything, and a webhook for purchases that leads there; return its address."""
    app = Flask(__name__)

    @app.post("/hooks/kites")
    def hear() -> tuple[str, int]:
        return "", 204

    with Serving(app) as serving:
        endpoint = f"{serving.url}/hooks/kites"
        domain_id = world.pirsch.domain_id(world.hostname)
        fields = {"description": "", "event": "purchase", "endpoint": endpoint, "active": True}
        world.pirsch.account.shelves["webhook"].make(fields, domain_id)
        world.shop.endpoint = endpoint
        yield endpoint


@dataclass
class Trap:
    """A server that nobody should ask for anything; `asked` holds the paths of those who did."""

    url: str = ""
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def trap() -> Iterator[Trap]:
    """A place outside of the sandbox that strangers' texts lead to."""
    app, found = Flask(__name__), Trap()

    @app.route("/", defaults={"path": ""})
    @app.route("/<path:path>")
    def anything(path: str) -> str:
        found.asked.append(path)
        return ""

    with Serving(app) as serving:
        found.url = serving.url
        yield found


@dataclass
class Looker:
    """Somebody who looks at a page, and writes down what goes wrong meanwhile."""

    page: Page
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def looker(browser: Browser) -> Iterator[Looker]:
    """A window of 1280 pixels in the reader's own time zone."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, timezone_id="Europe/Berlin")
    context.set_default_timeout(5_000)
    looking = Looker(page=context.new_page())
    page, complaints = looking.page, looking.complaints
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def dismiss(dialog: object) -> None:
        complaints.append("a dialog opened")
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", dismiss)
    yield looking
    context.close()
