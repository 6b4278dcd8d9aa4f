"""One dimension of the traffic, row by row (docs.pirsch.io, API v1, "Statistics"). All calls only read.

Each list ends after 100 rows; `paging.to_the_end(partial(pirsch.breakdowns.pages, query))` reads on.
"""

from typing import TypeVar

from bot.pirsch.answers.breakdowns import (
    Browser,
    Channel,
    City,
    Country,
    EntryPage,
    ExitPage,
    Hostname,
    Language,
    Page,
    Platforms,
    Referrer,
    Region,
    Screen,
    SearchRow,
    System,
    Tag,
    Utm,
)
from bot.pirsch.conditions import Dimension, equals
from bot.pirsch.errors import Unaskable
from bot.pirsch.query import FIRST_ROWS, Query, Slice
from bot.pirsch.wire import Wire

Row = TypeVar("Row")

BY_CLICKS = Slice(sort="clicks")
BY_ENTRIES = Slice(sort="entries")
BY_EXITS = Slice(sort="exits")


class Breakdowns:
    """`pirsch.breakdowns`: pages, sources, places, devices, campaigns, tags, search keywords."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def _rows(self, name: str, kind: type[Row], query: Query, rows: Slice) -> tuple[Row, ...]:
        pairs = query.pairs(self._wire.timing.now()) + rows.pairs()
        return self._wire.ask(f"breakdowns.{name}", pairs).many(kind)

    def pages(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[Page, ...]:
        """Return the traffic of each page."""
        return self._rows("pages", Page, query, rows)

    def entry_pages(self, query: Query, rows: Slice = BY_ENTRIES) -> tuple[EntryPage, ...]:
        """Return the pages on which sessions began."""
        return self._rows("entry_pages", EntryPage, query, rows)

    def exit_pages(self, query: Query, rows: Slice = BY_EXITS) -> tuple[ExitPage, ...]:
        """Return the pages on which sessions ended."""
        return self._rows("exit_pages", ExitPage, query, rows)

    def event_pages(self, query: Query, event: str, rows: Slice = FIRST_ROWS) -> tuple[Page, ...]:
        """Return the pages on which an event happened. Without its name Pirsch answers with nothing."""
        return self._rows("event_pages", Page, _with(query, Dimension.EVENT, event), rows)

    def hostnames(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[Hostname, ...]:
        """Return the traffic of each hostname."""
        return self._rows("hostnames", Hostname, query, rows)

    def referrers(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[Referrer, ...]:
        """Return where visitors came from."""
        return self._rows("referrers", Referrer, query, rows)

    def channels(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[Channel, ...]:
        """Return the kinds of ways visitors came by."""
        return self._rows("channels", Channel, query, rows)

    def languages(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[Language, ...]:
        """Return visitors by language."""
        return self._rows("languages", Language, query, rows)

    def countries(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[Country, ...]:
        """Return visitors by country."""
        return self._rows("countries", Country, query, rows)

    def regions(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[Region, ...]:
        """Return visitors by region."""
        return self._rows("regions", Region, query, rows)

    def cities(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[City, ...]:
        """Return visitors by city."""
        return self._rows("cities", City, query, rows)

    def systems(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[System, ...]:
        """Return visitors by operating system."""
        return self._rows("systems", System, query, rows)

    def system_versions(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[System, ...]:
        """Return visitors by version of the operating system."""
        return self._rows("system_versions", System, query, rows)

    def browsers(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[Browser, ...]:
        """Return visitors by browser."""
        return self._rows("browsers", Browser, query, rows)

    def browser_versions(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[Browser, ...]:
        """Return visitors by version of the browser."""
        return self._rows("browser_versions", Browser, query, rows)

    def platforms(self, query: Query) -> Platforms:
        """Return visitors by kind of device, in one value."""
        pairs = query.pairs(self._wire.timing.now())
        return self._wire.ask("breakdowns.platforms", pairs).one(Platforms)

    def screens(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[Screen, ...]:
        """Return visitors by class of screen."""
        return self._rows("screens", Screen, query, rows)

    def utm_sources(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[Utm, ...]:
        """Return visitors by UTM source."""
        return self._rows("utm_sources", Utm, query, rows)

    def utm_mediums(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[Utm, ...]:
        """Return visitors by UTM medium."""
        return self._rows("utm_mediums", Utm, query, rows)

    def utm_campaigns(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[Utm, ...]:
        """Return visitors by UTM campaign."""
        return self._rows("utm_campaigns", Utm, query, rows)

    def utm_contents(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[Utm, ...]:
        """Return visitors by UTM content."""
        return self._rows("utm_contents", Utm, query, rows)

    def utm_terms(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[Utm, ...]:
        """Return visitors by UTM term."""
        return self._rows("utm_terms", Utm, query, rows)

    def tags(self, query: Query, rows: Slice = FIRST_ROWS) -> tuple[Tag, ...]:
        """Return the traffic of the pages with each tag."""
        return self._rows("tags", Tag, query, rows)

    def tag_values(self, query: Query, tag: str, rows: Slice = FIRST_ROWS) -> tuple[Tag, ...]:
        """Return the traffic of each value of one tag."""
        return self._rows("tag_values", Tag, _with(query, Dimension.TAG, tag), rows)

    def keywords(self, query: Query, rows: Slice = BY_CLICKS) -> tuple[SearchRow, ...]:
        """Return what people searched for, from the Google Search Console."""
        return self._rows("keywords", SearchRow, query, rows)

    def keyword_pages(self, query: Query, keyword: str, rows: Slice = BY_CLICKS) -> tuple[SearchRow, ...]:
        """Return the pages that a search for a keyword led to."""
        return self._rows("keyword_pages", SearchRow, _with(query, Dimension.KEYWORD, keyword), rows)


def _with(query: Query, dimension: Dimension, value: str) -> Query:
    if query.asks_for(dimension):
        raise Unaskable(f"{dimension} is named twice")
    return query.where(dimension, equals(value))
