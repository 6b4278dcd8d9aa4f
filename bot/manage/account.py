"""One dashboard as the kinds of objects reach it: exactly the calls of `ALLOWED`, and no others.

The harmful ones are not merely avoided: the wire that is handed on refuses them (`pirsch.narrow`), and so
do the switches that can only be flipped (`switches` has a wire of its own, for a person's command).
"""

from dataclasses import dataclass, field

from bot.manage.marks import Mark
from bot.pirsch.filters import Filters
from bot.pirsch.funnels import Funnels
from bot.pirsch.goals import Goals
from bot.pirsch.ids import DomainId
from bot.pirsch.narrow import Narrow
from bot.pirsch.reports import Reports
from bot.pirsch.traffic import Traffic
from bot.pirsch.webhooks import Webhooks

ALLOWED = frozenset(
    f"{area}.{call}"
    for area in ("filters", "goals", "funnels", "reports", "webhooks")
    for call in ("of", "create", "update", "delete")
) | {"traffic.set_spike_threshold", "traffic.set_silence_threshold"}
"""Every call of Pirsch that managing makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One dashboard. `endpoint` is where our webhooks go, a secret; None: we have no public address."""

    site: str
    domain: DomainId
    mark: Mark
    filters: Filters
    goals: Goals
    funnels: Funnels
    reports: Reports
    webhooks: Webhooks
    traffic: Traffic
    endpoint: str | None = field(default=None, repr=False)


def account(wire: Narrow, site: str, domain: DomainId, mark: Mark, endpoint: str | None = None) -> Account:
    """Return a dashboard over a wire, which `Pirsch.narrowed(ALLOWED)` makes."""
    return Account(
        site=site,
        domain=domain,
        mark=mark,
        filters=Filters(wire),
        goals=Goals(wire),
        funnels=Funnels(wire),
        reports=Reports(wire),
        webhooks=Webhooks(wire),
        traffic=Traffic(wire),
        endpoint=endpoint,
    )
