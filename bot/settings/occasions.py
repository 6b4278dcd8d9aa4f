"""[[occasion]] as written -> a calendar for each site."""

from collections.abc import Mapping

from pydantic import TypeAdapter

from bot.settings import occasion_tables
from bot.settings.entry import Entry
from bot.settings.reading import Raw
from bot.settings.source_tables import Site
from bot.watches.calendar import Calendar, Occasion

_TABLE = TypeAdapter(occasion_tables.Occasion)


def read_calendars(raw: Raw, sites: Mapping[str, Site]) -> dict[str, Calendar]:
    """Return the days of each site that are not like others: its own before those of every site."""
    found: list[occasion_tables.Occasion] = []
    names: dict[str, int] = {}
    for index, value in raw.listed("occasion"):
        entry = Entry(raw, "occasion", index, value)
        entry.check_name_is_new(names)
        entry.check_site_is_known()
        table = raw.validated(_TABLE, occasion_tables.Occasion, value, ("occasion", index), entry.title)
        if table is not None:
            found.append(table)
    return {site: _calendar(site, found) for site in sites}


def _calendar(site: str, found: list[occasion_tables.Occasion]) -> Calendar:
    here = [one for one in found if one.site == site] + [one for one in found if one.site is None]
    return Calendar(
        occasions=tuple(Occasion(name=one.name, days=one.days, expect=one.expect) for one in here)
    )
