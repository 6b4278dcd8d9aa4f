"""The page of proposals over a store, as an application that a client or a browser can ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Thread
from zoneinfo import ZoneInfo

from flask import Flask
from werkzeug.serving import make_server

from bot.db import Database
from bot.pages import Pages
from bot.signing import Signer
from bot.upkeep import proposals
from bot.upkeep.links import Links
from bot.upkeep.page import Door, blueprint
from bot.upkeep.proposal import Approvers, Draft, Proposal
from bot.writing.formats import Formats
from tests.upkeep.making import NOON, draft


@dataclass
class Site:
    """The page, what it stands on, and the time, which tests move."""

    database: Database
    public_url: str = "https://bot.example.com"
    now: datetime = NOON
    woken: list[str] = field(default_factory=list)

    @property
    def links(self) -> Links:
        return Links(Signer("s" * 43, lambda: self.now), self.public_url)

    def app(self) -> Flask:
        app = Flask("test", static_folder=None, template_folder=None)
        door = Door(
            database=self.database,
            links=self.links,
            approvers=Approvers(by_site={"shop": ("owner",)}),
            public_url=self.public_url,
            clock=lambda: self.now,
            decided=lambda: self.woken.append("decided"),
        )
        app.register_blueprint(blueprint(door, self.pages))
        return app

    def pages(self, site: str | None) -> Pages:
        """The shop is German, the bot is not."""
        locale = "de" if site == "shop" else "en-150"
        return Pages([], Formats(zone=ZoneInfo("Europe/Berlin"), locale=locale))

    def offer(self, one: Draft | None = None) -> Proposal:
        with self.database.transaction() as tx:
            _, made = proposals.offer(tx, one or draft(), self.now)
        assert made is not None
        return made

    def find(self, id: str) -> Proposal:
        with self.database.reading() as tx:
            found = proposals.find(tx, id)
        assert found is not None
        return found

    def path(self, proposal: Proposal, who: str = "owner") -> str:
        return self.links.to(proposal, who).removeprefix(self.public_url)


@contextmanager
def served(site: Site) -> Iterator[None]:
    """Serve it over a real socket; its public address is where it is served."""
    server = make_server("127.0.0.1", 0, lambda *call: site.app().wsgi_app(*call), threaded=True)
    site.public_url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
