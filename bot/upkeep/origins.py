"""Where filters come from: each name and list is looked at in turn, judged, and its last good state kept."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot import db
from bot.db import Tx
from bot.upkeep import keeping
from bot.upkeep.fetch import Fetch, Unfetched
from bot.upkeep.keeping import Known, Looked, Verdict
from bot.upkeep.networks import WIDTH, Width
from bot.upkeep.resolve import NoAnswer, Resolve

DNS, URL = "dns:", "url:"

STALE = timedelta(days=2)
"""A source that was not good for so long is a trouble of its own: somebody has to look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The ways to the world: a resolver of names, and one who fetches lists."""

    resolve: Resolve
    fetch: Fetch


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A source as it stands after its last look."""

    site: str
    source: str
    known: Known
    verdict: Verdict
    why: str
    looked_at: datetime
    offered: tuple[str, ...] = ()

    @property
    def held(self) -> str:
        """Why what was made from it must not be deleted now; empty when it is good."""
        return (
            ""
            if self.verdict.good
            else f"{self.source} {self.verdict}" + (f" ({self.why})" if self.why else "")
        )

    def stale(self, now: datetime) -> bool:
        """Whether it was not good for so long that a person should know."""
        return not self.verdict.good and (self.known.good_at is None or now - self.known.good_at >= STALE)


def look(source: str, known: Known, doors: Doors, now: datetime, width: Width = WIDTH) -> Looked:
    """Ask a source. Never raises for what is wrong with it: that is a verdict."""
    try:
        if source.startswith(DNS):
            return keeping.judge_name(known, doors.resolve(source.removeprefix(DNS)), now)
        if source.startswith(URL):
            listed = keeping.read_list(doors.fetch(source.removeprefix(URL)), width)
            return keeping.judge_list(known, listed, now)
    except (NoAnswer, Unfetched) as error:
        return keeping.failed(known, str(error))
    raise ValueError(f"{source!r} is no source")


def refresh(
    sources: Iterable[str], known: Mapping[str, Origin], doors: Doors, now: datetime, width: Width = WIDTH
) -> dict[str, Looked]:
    """Look at each source; nothing is written."""
    before = {source: known[source].known if source in known else Known() for source in sources}
    return {source: look(source, one, doors, now, width) for source, one in before.items()}


# ---------------------------------------------------------------- the store


def keep(tx: Tx, site: str, looked: Mapping[str, Looked], now: datetime) -> None:
    """Write down what was looked at."""
    for source, one in sorted(looked.items()):
        row = {"site": site, "source": source, **_values(one.known, one.verdict, one.why, one.offered, now)}
        if not db.insert_if_new(tx, db.filter_sources, row):
            tx.execute(sa.update(db.filter_sources).where(*_is(site, source)).values(row))


def of(tx: Tx, site: str) -> dict[str, Origin]:
    """Return what is known of a site's sources."""
    rows = tx.execute(sa.select(db.filter_sources).where(db.filter_sources.c.site == site))
    return {row.source: _origin(row) for row in rows}


def accept(tx: Tx, site: str, source: str, now: datetime) -> tuple[str, ...]:
    """Take what a source offered and we did not take, because a person says so. Return it."""
    asked = sa.select(db.filter_sources).where(*_is(site, source)).with_for_update()
    row = tx.execute(asked).one_or_none()
    offered = () if row is None else _origin(row).offered
    if offered:
        known = keeping.accepted(offered, now)
        values = _values(known, Verdict.TAKEN, "accepted by a person", (), now)
        tx.execute(sa.update(db.filter_sources).where(*_is(site, source)).values(values))
    return offered


def forget(tx: Tx, site: str, but: Iterable[str]) -> None:
    """Forget the sources that the file does not name any more."""
    table = db.filter_sources
    tx.execute(sa.delete(table).where(table.c.site == site, table.c.source.not_in(list(but))))


def _is(site: str, source: str) -> tuple[sa.ColumnElement[bool], ...]:
    return db.filter_sources.c.site == site, db.filter_sources.c.source == source


def _values(
    known: Known, verdict: Verdict, why: str, offered: tuple[str, ...], now: datetime
) -> dict[str, Any]:
    entries = {name: None if at is None else at.isoformat() for name, at in sorted(known.missed_at.items())}
    return {
        "entries": json.dumps(entries),
        "good_at": known.good_at,
        "looked_at": now,
        "verdict": verdict.name,
        "why": why,
        "offered": json.dumps(list(offered)) if offered else None,
    }


def _origin(row: sa.Row[Any]) -> Origin:
    entries: dict[str, str | None] = json.loads(row.entries)
    missed_at = {name: None if at is None else datetime.fromisoformat(at) for name, at in entries.items()}
    return Origin(
        site=row.site,
        source=row.source,
        known=Known(missed_at=missed_at, good_at=row.good_at),
        verdict=Verdict[row.verdict],
        why=row.why,
        looked_at=row.looked_at,
        offered=tuple(json.loads(row.offered)) if row.offered else (),
    )
