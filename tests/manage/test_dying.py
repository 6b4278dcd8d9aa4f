"""A process that dies anywhere: the next one goes on from there, once the lease of the dead one is over."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from bot import db
from bot.db import Database, Tx
from bot.manage.change import KindName
from bot.manage.steward import Busy
from tests.manage.afterwards import check, forget, prepared, until_it_is_so
from tests.manage.keeping import BOT, Town


class Killed(BaseException):
    """The process is gone."""


class Mortal:
    """A store that is reached by a process which dies at its nth transaction, or right after it."""

    def __init__(self, database: Database, dies_at: int, *, after: bool) -> None:
        self._database, self._left, self._after = database, dies_at, after
        self.died = False

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        self._left -= 1
        dies = self._left == 0
        self.died |= dies
        with self._database.transaction() as tx:
            if dies and not self._after:
                raise Killed
            yield tx
        if dies:
            raise Killed

    def __getattr__(self, name: str) -> object:
        return getattr(self._database, name)


@pytest.mark.parametrize("after", [False, True], ids=["before it commits", "after it commits"])
@pytest.mark.parametrize("kind", [KindName.GOAL, KindName.SPIKE_THRESHOLD])
def test_a_process_that_dies_anywhere(town: Town, kind: KindName, after: bool) -> None:
    deaths = 0
    for moment in range(1, 20):
        town.clean()
        forget(town)
        wish, theirs = prepared(town, kind)
        mortal = Mortal(town.database, moment, after=after)
        try:
            town.keep(wish, BOT, database=mortal)
        except Killed:
            deaths += 1
        if not mortal.died:
            break
        with pytest.raises(Busy) if _holds(town) else _nothing():
            town.keep(wish, BOT)
        _its_lease_ends(town)
        until_it_is_so(town, wish)
        check(town, kind, wish, theirs)
    assert deaths >= 4


def _holds(town: Town) -> bool:
    with town.database.reading() as tx:
        return bool(tx.execute(sa.select(db.leases.c.until).where(db.leases.c.until > 0)).first())


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def _its_lease_ends(town: Town) -> None:
    with town.database.transaction() as tx:
        tx.execute(sa.update(db.leases).values(until=0.0))
