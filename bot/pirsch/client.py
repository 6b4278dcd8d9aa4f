"""Pirsch, as the rest of the program sees it: calls by area, over one guarded wire.

with Pirsch(Credentials(client_id="...", client_secret="...")) as pirsch:
    (shop,) = pirsch.domains.all(search="shop.example.com")
    print(pirsch.statistics.total(Query.days(shop.id, monday, sunday, tz=shop.timezone)).visitors)
"""

from collections.abc import Collection
from types import TracebackType
from typing import Self

from bot.http.budget import Places
from bot.http.timing import Timing
from bot.pirsch.auth import Credentials
from bot.pirsch.breakdowns import Breakdowns
from bot.pirsch.domains import Domains
from bot.pirsch.filters import Filters
from bot.pirsch.funnels import Funnels
from bot.pirsch.goals import Goals
from bot.pirsch.ingest import Ingest
from bot.pirsch.links import Links
from bot.pirsch.narrow import Narrow
from bot.pirsch.options import Options
from bot.pirsch.people import Account, Imports, Members, Organizations, Themes
from bot.pirsch.reports import Reports
from bot.pirsch.sharing import AccessLinks, Alternatives
from bot.pirsch.statistics import Statistics
from bot.pirsch.traffic import Traffic
from bot.pirsch.views import Views
from bot.pirsch.webhooks import Webhooks
from bot.pirsch.wire import Patience, Server, Wire

PIRSCH = Server()
PATIENCE = Patience()
TIMING = Timing()


class Pirsch:
    """The API of one set of credentials. Safe for threads: share it, since it keeps token and budget.

    Processes that share the credentials share their limits, too: `places` counts for all of them.

    Every method raises a `PirschError`, named for what the caller can do, and nothing else of the far side.
    """

    def __init__(
        self,
        credentials: Credentials,
        server: Server = PIRSCH,
        *,
        patience: Patience = PATIENCE,
        timing: Timing = TIMING,
        agent: str = "pirsch-bot",
        places: Places | None = None,
    ) -> None:
        self._wire = wire = Wire(credentials, server, patience, timing, agent, places)
        self.ingest = Ingest(wire)
        self.statistics = Statistics(wire)
        self.breakdowns = Breakdowns(wire)
        self.options = Options(wire)
        self.domains = Domains(wire)
        self.access_links = AccessLinks(wire)
        self.alternatives = Alternatives(wire)
        self.webhooks = Webhooks(wire)
        self.filters = Filters(wire)
        self.traffic = Traffic(wire)
        self.goals = Goals(wire)
        self.funnels = Funnels(wire)
        self.reports = Reports(wire)
        self.links = Links(wire)
        self.views = Views(wire)
        self.members = Members(wire)
        self.account = Account(wire)
        self.organizations = Organizations(wire)
        self.themes = Themes(wire)
        self.imports = Imports(wire)

    def narrowed(self, allowed: Collection[str]) -> Narrow:
        """Return a wire for those who may make only some of the calls; it shares token and budget."""
        return Narrow(self._wire, allowed)

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
