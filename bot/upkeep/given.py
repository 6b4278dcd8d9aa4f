"""What a plan needs besides the file, from the store: sources, thresholds, events (`manage.wishes.Given`)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.db import Database
from bot.manage.change import KindName
from bot.manage.wishes import FilterType, Given, Managed
from bot.sources.source import Dimension
from bot.upkeep import additions, origins
from bot.upkeep.additions import Addition
from bot.upkeep.origins import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What of a site does not change while the bot runs: where its webhooks go, and what rules ask for."""

    events: tuple[str, ...] = ()
    endpoint: str | None = field(default=None, repr=False)


def sources_of(managed: Managed) -> tuple[str, ...]:
    """Return the names and lists that the file makes filters from."""
    return tuple(
        dict.fromkeys(one.source for one in managed.filters if not one.literal and one.type is FilterType.IP)
    )


def wished(database: Database, now: Callable[[], datetime], managed: Managed) -> Managed:
    """Return what is wanted of a site, with what stands beyond the file."""
    with database.reading() as tx:
        standing = additions.standing(tx, now(), managed.site)
    return additions.overlay(managed, standing, now())


def masked(database: Database, now: Callable[[], datetime], site: str) -> dict[Dimension, tuple[str, ...]]:
    """Return what is left out of our own numbers of a site."""
    with database.reading() as tx:
        return additions.masks(additions.standing(tx, now(), site), now())


def filled(database: Database, now: Callable[[], datetime], managed: Managed, plain: Given) -> Given:
    """Return what a plan needs besides the file, with what the store knows of sources and thresholds."""
    with database.reading() as tx:
        standing = additions.standing(tx, now(), managed.site)
        known = origins.of(tx, managed.site)
    surroundings = Surroundings(events=plain.events, endpoint=plain.endpoint)
    found = given(surroundings, known, standing, plain.today)
    return replace(found, events=tuple(dict.fromkeys([*found.events, *additions.events(standing, now())])))


def given(
    surroundings: Surroundings,
    origins: Mapping[str, Origin],
    standing: Sequence[Addition],
    today: date,
) -> Given:
    """Put it together. A source that was good once stands for what it said then, whatever it says now."""
    good = {source: one for source, one in origins.items() if one.known.good_at is not None}
    return Given(
        today=today,
        events=surroundings.events,
        endpoint=surroundings.endpoint,
        resolved={source: one.known.networks for source, one in good.items()},
        unresolved={source: one.held for source, one in origins.items() if source not in good},
        spike_threshold=additions.advice(standing, KindName.SPIKE_THRESHOLD),
        warning_days=additions.advice(standing, KindName.WARNING_DAYS),
    )
