"""Tables of what is managed: the ledger of every change at Pirsch, and the plans that wait for a yes."""

import sqlalchemy as sa

from bot.db.columns import Instant, Json, Number, metadata

# Everything that was done to an account, and what came of it. Rows are added and, once they are old, taken
# away; none is ever changed. An intent is written before the call, its outcome is a row of its own.
ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("id", Number, primary_key=True, autoincrement=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("entry", sa.Text, nullable=False),  # intent | outcome | claim | disclaim | seen
    sa.Column("intent", Number),  # of an outcome: the row that it settles
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("object_id", sa.Text),  # at Pirsch
    sa.Column("verb", sa.Text, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("authority", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("before", Json),
    sa.Column("after", Json),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("plan", sa.Text),  # the hash of the plan that it belonged to
    sa.Column("outcome", sa.Text),
    sa.Column("answer", sa.Text),
    sa.Index("ix_ledger_site_id", "site", "id"),
    sa.Index("ix_ledger_at", "at"),
    sa.Index("ix_ledger_intent", "intent"),
    sqlite_autoincrement=True,  # an id is never used twice, also after ageing
)

# Plans that somebody may come back to, by the beginning of their hash.
plans = sa.Table(
    "plans",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("plan", Json, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("saved_at", Instant, nullable=False),
    sa.Index("ix_plans_saved_at", "saved_at"),
)
