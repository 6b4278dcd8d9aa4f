"""Traffic filters: what is kept out of the statistics (docs.pirsch.io, "Traffic Filters")."""

import ipaddress

from bot.pirsch.answers.owned import Filter
from bot.pirsch.errors import Unaskable
from bot.pirsch.ids import DomainId, FilterId
from bot.pirsch.making import Made, Maker, read_back
from bot.pirsch.removing import delete
from bot.pirsch.wire import Wire

IP = "ip"  # the only type that the documents name


class Filters:
    """`pirsch.filters`. A filter acts on new traffic only, and is followed after a few minutes."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._maker = Maker(wire.timing)

    def of(self, domain: DomainId) -> tuple[Filter, ...]:
        """Return all filters."""
        return self._wire.ask("filters.of", (("domain_id", domain),)).many(Filter)

    def create(self, domain: DomainId, type: str, filter: str, description: str = "") -> Made[Filter]:
        """Keep traffic out, unless an equal filter does already.

        Careful with types other than "ip": the first filter on hostnames keeps out all others.
        """
        key = (type, normalised(type, filter))
        body = {"domain_id": domain, "type": type, "description": description, "filter": key[1]}
        return self._maker.make(
            look=lambda: next((one for one in self.of(domain) if _key(one) == key), None),
            create=lambda: self._wire.ask("filters.create", body=body).one(Filter),
        )

    def update(self, domain: DomainId, filter: Filter) -> Filter:
        """Write a whole filter."""
        body = {
            **filter.rest,
            "id": filter.id,
            "domain_id": domain,
            "type": filter.type,
            "description": filter.description,
            "filter": normalised(filter.type, filter.filter),
        }
        return read_back(
            save=lambda: self._wire.ask("filters.update", body=body).one(Filter),
            look=lambda: next((one for one in self.of(domain) if one.id == filter.id), None),
            as_wished=lambda found: (_key(found), found.description) == (_key(filter), filter.description),
        )

    def delete(self, filter: FilterId) -> bool:
        """Delete; False when it was gone already."""
        return delete(self._wire, "filters.delete", filter)


def normalised(type: str, filter: str) -> str:
    """Return a filter in the one form in which two equal ones are the same text.

    An address or network of either version: `10.0.0.1/32` is `10.0.0.1`, IPv6 is written short. Raise
    Unaskable when it is neither, because Pirsch's own check is not documented.
    """
    text = filter.strip()
    if not type or not text:
        raise Unaskable("a filter needs a type and a value")
    if type != IP:
        return text
    try:
        network = ipaddress.ip_network(text)
    except ValueError as error:
        raise Unaskable(f"no address and no network: {error}") from None
    whole = network.prefixlen == network.max_prefixlen
    return str(network.network_address) if whole else str(network)


def _key(filter: Filter) -> tuple[str, str]:
    """What makes two filters one; what Pirsch holds may be in a form that we would not send."""
    try:
        return filter.type, normalised(filter.type, filter.filter)
    except Unaskable:
        return filter.type, filter.filter
