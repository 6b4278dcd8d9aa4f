"""The areas of the client, and what its methods are called on the command line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Area:
    """A class of the client, which takes a `Wire`, and what its methods are about."""

    kind: type[Any]
    about: str


AREAS: Mapping[str, Area] = {
    "statistics": Area(Statistics, "Numbers over time, goals, events, funnels, sessions."),
    "breakdowns": Area(Breakdowns, "Numbers by page, source, place, device, campaign, tag."),
    "options": Area(Options, "What a filter can be set to: what occurred in a period."),
    "domains": Area(Domains, "Dashboards and their settings."),
    "goals": Area(Goals, "Conversion goals."),
    "funnels": Area(Funnels, "Funnels; their numbers are `statistics funnel`."),
    "webhooks": Area(Webhooks, "Webhooks: Pirsch tells an address of every event of one name."),
    "filters": Area(Filters, "What is kept out of the statistics."),
    "traffic": Area(Traffic, "Pirsch's own mails about spikes and silence."),
    "reports": Area(Reports, "Reports by mail."),
    "links": Area(Links, "Short links."),
    "views": Area(Views, "Saved choices of filters and period."),
    "access_links": Area(AccessLinks, "Addresses that let anybody look at a dashboard."),
    "alternatives": Area(Alternatives, "Further host names that count to a dashboard."),
    "members": Area(Members, "The people of a dashboard or an organisation."),
    "account": Area(Account, "The owner of the credentials, clients, news, usage."),
    "organizations": Area(Organizations, "Organisations and their dashboards."),
    "themes": Area(Themes, "How dashboards look."),
    "imports": Area(Imports, "Imports from other products."),
    "ingest": Area(Ingest, "Send traffic, as the site does. Billed, and counted for good."),
}
"""In the order in which `--help` lists them."""

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
