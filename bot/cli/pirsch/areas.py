"""The areas of the client, and what its methods are called on the command line."""

from collections.abc import Callable, Mapping

from bot.pirsch.breakdowns import Breakdowns
from bot.pirsch.calls import CALLS, Key
from bot.pirsch.domains import Domains
from bot.pirsch.filters import Filters
from bot.pirsch.funnels import Funnels
from bot.pirsch.goals import Goals
from bot.pirsch.ingest import Ingest
from bot.pirsch.links import Links
from bot.pirsch.options import Options
from bot.pirsch.people import Account, Imports, Members, Organizations, Themes
from bot.pirsch.reports import Reports
from bot.pirsch.sharing import AccessLinks, Alternatives
from bot.pirsch.statistics import Statistics
from bot.pirsch.traffic import Traffic
from bot.pirsch.views import Views
from bot.pirsch.webhooks import Webhooks
from bot.pirsch.wire import Wire

AREAS: Mapping[str, Callable[[Wire], object]] = {
    "statistics": Statistics,
    "breakdowns": Breakdowns,
    "options": Options,
    "domains": Domains,
    "goals": Goals,
    "funnels": Funnels,
    "webhooks": Webhooks,
    "filters": Filters,
    "traffic": Traffic,
    "reports": Reports,
    "links": Links,
    "views": Views,
    "access_links": AccessLinks,
    "alternatives": Alternatives,
    "members": Members,
    "account": Account,
    "organizations": Organizations,
    "themes": Themes,
    "imports": Imports,
    "ingest": Ingest,
}
"""Name → the class with its methods, in the order in which `--help` lists them."""

_SHORT = {"of": "list", "all": "list"}


def methods(area: str) -> dict[str, str]:
    """Return the commands of an area: name → method, in the order of the table of calls."""
    names = [name.partition(".")[2] for name in CALLS if name.startswith(f"{area}.")]
    return {_SHORT.get(name, name).replace("_", "-"): name for name in names}


def reads(area: str, method: str) -> bool:
    """Whether a method changes nothing at Pirsch."""
    return CALLS[f"{area}.{method}"].reads


def made_by_itself() -> set[str]:
    """Return the calls that have no command, because the client makes them for every other."""
    return {call.name for call in CALLS.values() if call.key is Key.NOBODY}
