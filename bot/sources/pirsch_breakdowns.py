"""Breakdowns at Pirsch: which list tells the traffic by which dimension, and what its rows are called."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from bot.pirsch import paging
from bot.pirsch.breakdowns import Breakdowns
from bot.pirsch.query import Query, Slice
from bot.sources import pirsch_words as words
from bot.sources.errors import Refused
from bot.sources.source import Dimension, Row, Traffic


class _Answer(Protocol):
    """A row of any list of Pirsch. Some tell views, sessions and bounces as well."""

    @property
    def visitors(self) -> int: ...


A = TypeVar("A", bound=_Answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The rows, the largest first. `whole` is False when there are more."""

    rows: tuple[Row, ...]
    whole: bool


Reader = Callable[[Breakdowns, Query, int], Found]


def read(breakdowns: Breakdowns, dimension: Dimension, query: Query, most: int) -> Found:
    """Return at most so many rows. Raise Refused for a dimension that has no list, PirschError."""
    if dimension not in _READERS:
        raise Refused(f"there is no list of traffic by {dimension}")
    return _READERS[dimension](breakdowns, query, most)


def _list(lists: Callable[[Breakdowns, Query, Slice], Sequence[A]], value: Callable[[A], str]) -> Reader:
    def reader(breakdowns: Breakdowns, query: Query, most: int) -> Found:
        found = paging.to_the_end(partial(lists, breakdowns, query), most=most)
        return Found(rows=tuple(_row(value(one), one) for one in found.rows), whole=found.complete)

    return reader


def _row(value: str, answer: _Answer) -> Row:
    counted = Traffic(
        visitors=answer.visitors,
        views=getattr(answer, "views", None),
        sessions=getattr(answer, "sessions", None),
        bounces=getattr(answer, "bounces", None),
    )
    return Row(value=value, traffic=counted, share=getattr(answer, "relative_visitors", None))


def _devices(breakdowns: Breakdowns, query: Query, most: int) -> Found:
    rows = words.devices(breakdowns.platforms(query))
    return Found(rows=rows[:most], whole=len(rows) <= most)


_READERS: Mapping[Dimension, Reader] = {
    Dimension.PAGE: _list(Breakdowns.pages, lambda row: row.path),
    Dimension.ENTRY_PAGE: _list(Breakdowns.entry_pages, lambda row: row.path),
    Dimension.EXIT_PAGE: _list(Breakdowns.exit_pages, lambda row: row.path),
    Dimension.HOSTNAME: _list(Breakdowns.hostnames, lambda row: row.hostname),
    Dimension.REFERRER: _list(Breakdowns.referrers, lambda row: row.referrer or row.name),
    Dimension.CHANNEL: _list(Breakdowns.channels, lambda row: row.channel),
    Dimension.COUNTRY: _list(Breakdowns.countries, lambda row: row.country),
    Dimension.REGION: _list(Breakdowns.regions, lambda row: row.region),
    Dimension.CITY: _list(Breakdowns.cities, lambda row: row.city),
    Dimension.LANGUAGE: _list(Breakdowns.languages, lambda row: row.language),
    Dimension.BROWSER: _list(Breakdowns.browsers, lambda row: row.name),
    Dimension.SYSTEM: _list(Breakdowns.systems, lambda row: row.name),
    Dimension.SCREEN: _list(Breakdowns.screens, lambda row: row.screen_class),
    Dimension.DEVICE: _devices,
    Dimension.UTM_SOURCE: _list(Breakdowns.utm_sources, lambda row: row.value),
    Dimension.UTM_MEDIUM: _list(Breakdowns.utm_mediums, lambda row: row.value),
    Dimension.UTM_CAMPAIGN: _list(Breakdowns.utm_campaigns, lambda row: row.value),
    Dimension.UTM_CONTENT: _list(Breakdowns.utm_contents, lambda row: row.value),
    Dimension.UTM_TERM: _list(Breakdowns.utm_terms, lambda row: row.value),
    Dimension.TAG: _list(Breakdowns.tags, lambda row: row.key),
}
