"""How the store came to look as it does, one file a step, and `upgrade`, which takes it to the newest.

Steps only add: during a release the old code still runs on the new tables.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from bot.db import SCHEMA, Database, schema

LOCK = 7_470_171
"""Any number, the same in every release: PostgreSQL's advisory lock of the one who migrates."""


def upgrade(database: Database) -> bool:
    """Bring the store to the newest schema. Return False when it was there already.

    Safe to run twice and at the same time: the second waits for the first and then finds nothing to do.
    """
    with database.keeping() as tx:
        if tx.dialect.name == "postgresql":
            tx.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        before = schema(tx)
        if before == SCHEMA:
            return False
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent))
        config.attributes["connection"] = tx
        command.upgrade(config, "head")
    return True
