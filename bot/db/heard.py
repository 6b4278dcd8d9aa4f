"""Tables of what was heard, and of what the rules remember of it."""

import sqlalchemy as sa

from bot.db.columns import Instant, Json, Number, metadata

# What was heard, as it came. state: kept -> done | quarantined
events = sa.Table(
    "events",
    metadata,
    sa.Column("id", Number, primary_key=True, autoincrement=True),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),  # what was announced or read; more than the body when cut
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="kept"),
    sa.Column("name", sa.Text),  # once it was read
    sa.Column("outcome", Json),  # what each rule said, or why it is quarantined
    sa.Column("origin", sa.Text, nullable=False, server_default="webhook"),  # or "goal": the bot found it out
    sa.Index(
        "ix_events_kept",
        "id",
        sqlite_where=sa.text("state = 'kept'"),
        postgresql_where=sa.text("state = 'kept'"),
    ),
    sa.Index(
        "ix_events_quarantined",
        "id",
        sqlite_where=sa.text("state = 'quarantined'"),
        postgresql_where=sa.text("state = 'quarantined'"),
    ),
    sa.Index("ix_events_received_at", "received_at"),
    sqlite_autoincrement=True,  # an id is never used twice, also after pruning
)

# What a rule remembers of a site between events.
memories = sa.Table(
    "memories",
    metadata,
    sa.Column("rule", sa.Text, primary_key=True),
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("memory", Json, nullable=False),
    sa.Column("due_at", Instant),  # when time alone changes its mind
    sa.Column("changed_at", Instant, nullable=False),
    sa.Index("ix_memories_due_at", "due_at"),
)

# Once-per keys that were told, as digests: keys are written by strangers and may be long.
told_once = sa.Table(
    "told_once",
    metadata,
    sa.Column("rule", sa.Text, primary_key=True),
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("key_digest", sa.LargeBinary(32), primary_key=True),
    sa.Column("told_at", Instant, nullable=False),
    sa.Index("ix_told_once_told_at", "told_at"),
)
