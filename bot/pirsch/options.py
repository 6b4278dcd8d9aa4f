"""The values that a filter can take: what occurred in a period (docs.pirsch.io, API v1, "Filter Options").

At most 200 of each, in Pirsch's order; `Query.search` narrows them down. All calls only read.
"""

from bot.pirsch.conditions import Dimension
from bot.pirsch.errors import Unaskable
from bot.pirsch.query import Query
from bot.pirsch.wire import Wire


class Options:
    """`pirsch.options`: which hostnames, pages, referrers, events ... occurred."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def _values(self, name: str, query: Query) -> tuple[str, ...]:
        return self._wire.ask(f"options.{name}", query.pairs(self._wire.timing.now())).many(str)

    def hostnames(self, query: Query) -> tuple[str, ...]:
        """Return the hostnames."""
        return self._values("hostnames", query)

    def pages(self, query: Query) -> tuple[str, ...]:
        """Return the pages."""
        return self._values("pages", query)

    def referrers(self, query: Query) -> tuple[str, ...]:
        """Return the addresses that visitors came from."""
        return self._values("referrers", query)

    def referrer_names(self, query: Query) -> tuple[str, ...]:
        """Return the names of the sites that visitors came from."""
        return self._values("referrer_names", query)

    def channels(self, query: Query) -> tuple[str, ...]:
        """Return the channels."""
        return self._values("channels", query)

    def events(self, query: Query) -> tuple[str, ...]:
        """Return the names of events."""
        return self._values("events", query)

    def event_meta_keys(self, query: Query) -> tuple[str, ...]:
        """Return the keys of the meta of events; name the event in the query."""
        return self._values("event_meta_keys", query)

    def event_meta_values(self, query: Query) -> tuple[str, ...]:
        """Return the values of the meta of events; name the event and the key in the query."""
        return self._values("event_meta_values", query)

    def countries(self, query: Query) -> tuple[str, ...]:
        """Return the countries, in two letters."""
        return self._values("countries", query)

    def regions(self, query: Query) -> tuple[str, ...]:
        """Return the regions."""
        return self._values("regions", query)

    def cities(self, query: Query) -> tuple[str, ...]:
        """Return the cities."""
        return self._values("cities", query)

    def languages(self, query: Query) -> tuple[str, ...]:
        """Return the languages."""
        return self._values("languages", query)

    def browsers(self, query: Query) -> tuple[str, ...]:
        """Return the browsers."""
        return self._values("browsers", query)

    def systems(self, query: Query) -> tuple[str, ...]:
        """Return the operating systems."""
        return self._values("systems", query)

    def utm_sources(self, query: Query) -> tuple[str, ...]:
        """Return the UTM sources."""
        return self._values("utm_sources", query)

    def utm_mediums(self, query: Query) -> tuple[str, ...]:
        """Return the UTM mediums."""
        return self._values("utm_mediums", query)

    def utm_campaigns(self, query: Query) -> tuple[str, ...]:
        """Return the UTM campaigns."""
        return self._values("utm_campaigns", query)

    def utm_contents(self, query: Query) -> tuple[str, ...]:
        """Return the UTM contents."""
        return self._values("utm_contents", query)

    def utm_terms(self, query: Query) -> tuple[str, ...]:
        """Return the UTM terms."""
        return self._values("utm_terms", query)

    def tags(self, query: Query) -> tuple[str, ...]:
        """Return the keys of page tags."""
        return self._values("tags", query)

    def tag_values(self, query: Query) -> tuple[str, ...]:
        """Return the values of one tag. Raise Unaskable unless the query names exactly one."""
        if [name for name, _ in query.conditions].count(Dimension.TAG) != 1:
            raise Unaskable("exactly one tag must be named")
        return self._values("tag_values", query)
