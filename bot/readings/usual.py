"""What is usual, as rows: learnt once a local day, so that no look reads the whole history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from bot import db
from bot.db import Tx
from bot.detect.completeness import USUAL_GRACE, Completeness
from bot.detect.expected import Baseline

Which = tuple[str, str]
"""A part of a site's traffic, and a count of it."""

GRACE: Which = ("", "grace")
"""The row that says how long to wait before an hour is judged."""

UNLEARNT = Completeness(grace=USUAL_GRACE, missing=0.0, learnt=False)

_LEARNT = sa.select(db.baselines).where(db.baselines.c.site == sa.bindparam("of_site"))
_BASELINE = TypeAdapter(Baseline)
_COMPLETENESS = TypeAdapter(Completeness)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What was learnt of a site, and on which local day. A baseline is None while too little is known."""

    learnt_on: Mapping[Which, date] = field(default_factory=dict)
    baselines: Mapping[Which, Baseline | None] = field(default_factory=dict)
    completeness: Completeness = UNLEARNT

    def stale(self, which: Which, today: date) -> bool:
        """Whether something has to be learnt anew: once a local day."""
        return self.learnt_on.get(which) != today


def usual(tx: Tx, site: str) -> Usual:
    """Return everything that was learnt of a site."""
    learnt_on: dict[Which, date] = {}
    baselines: dict[Which, Baseline | None] = {}
    completeness = UNLEARNT
    for row in tx.execute(_LEARNT, {"of_site": site}):
        which = (row.part, row.counted)
        learnt_on[which] = row.day
        if which == GRACE:
            completeness = _COMPLETENESS.validate_json(row.learnt)
        else:
            baselines[which] = None if row.learnt is None else _BASELINE.validate_json(row.learnt)
    return Usual(learnt_on=learnt_on, baselines=baselines, completeness=completeness)


def remember(
    tx: Tx,
    site: str,
    day: date,
    baselines: Mapping[Which, Baseline | None],
    completeness: Completeness | None = None,
) -> None:
    """Remember what was learnt on a local day, in place of what was learnt before."""
    learnt = {
        which: None if one is None else _BASELINE.dump_json(one).decode() for which, one in baselines.items()
    }
    if completeness is not None:
        learnt[GRACE] = _COMPLETENESS.dump_json(completeness).decode()
    rows: list[dict[str, Any]] = [
        {"site": site, "part": part, "counted": count, "day": day, "learnt": text}
        for (part, count), text in sorted(learnt.items())
    ]
    if rows:
        db.insert_or_replace(tx, db.baselines, rows)
