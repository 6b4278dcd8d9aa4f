"""What watches can never see on their sites, by what the store has learnt of them so far."""

import os
from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from bot import db, readings
from bot.cli.ground import is_sqlite
from bot.db import Database
from bot.readings import Usual
from bot.settings import Settings
from bot.watches import outlook
from bot.watches.looks import LOOKS
from bot.watches.watch import Watch


def too_small(settings: Settings) -> Iterator[str]:
    """Give a sentence for each watch whose site is too small for it. Nothing where nothing is known yet."""
    if not settings.watches:
        return
    learnt = _learnt(settings)
    for watch in settings.watches:
        if watch.site in learnt and (never := _never(watch, learnt[watch.site])) is not None:
            yield never


def _never(watch: Watch, usual: Usual) -> str | None:
    part = LOOKS[watch.look].part(watch)
    baseline = None if part is None else usual.baselines.get((part.key, part.count))
    return None if baseline is None else outlook.too_small(watch, baseline)


def _learnt(settings: Settings) -> dict[str, Usual]:
    """Return what is usual on each site; nothing where there is no store, or none that can be read."""
    url = db.address(settings.database_url.reveal())
    if is_sqlite(settings) and not os.path.isfile(url.database or ""):
        return {}
    database = Database(settings.database_url.reveal())
    try:
        with database.reading() as tx:
            if db.schema(tx) != db.SCHEMA:
                return {}
            return {site: readings.usual(tx, site) for site in settings.sites}
    except SQLAlchemyError:  # `check` is about the file; the doctor looks at the store
        return {}
    finally:
        database.close()
