"""Tables of what is told: alerts, the outbox, and the lanes that lead to people."""

import sqlalchemy as sa

from bot.db.columns import Instant, Json, Number, metadata

# Lasting troubles. state: open | resolved
alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("site", sa.Text),
    sa.Column("rule", sa.Text),
    sa.Column("content", Json, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("resolved_at", Instant),
    sa.Index("ix_alerts_changed_at", "changed_at"),
)

# The outbox. state: waiting -> sent | dead | diverted
notices = sa.Table(
    "notices",
    metadata,
    sa.Column("position", Number, primary_key=True, autoincrement=True),  # the order within a channel
    sa.Column("id", sa.Text, nullable=False, unique=True),  # goes out as Message-ID and Slack metadata
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("notice", Json, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
    sa.Column("put_at", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("meant_for", sa.Text),  # the closed channel that this one stands in for
    sa.Column("settled_at", Instant),
    sa.Column("receipt", sa.Text),
    sa.Column("why", sa.Text),  # the last failure, in words
    sa.Index(
        "ix_notices_waiting",
        "channel",
        "position",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
    sa.Index(
        "ix_notices_dead",
        "position",
        sqlite_where=sa.text("state = 'dead'"),
        postgresql_where=sa.text("state = 'dead'"),
    ),
    sa.Index("ix_notices_settled_at", "settled_at"),
)

# Every try to deliver a notice.
attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("id", Number, primary_key=True, autoincrement=True),
    sa.Column("notice_id", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("tried_at", Instant, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),  # sent | temporary | permanent | closed | crashed
    sa.Column("why", sa.Text),
    sa.Index("ix_attempts_notice_id", "notice_id"),
    sa.Index("ix_attempts_tried_at", "tried_at"),
)

# One row a channel: who delivers there, when the next message may go, and whether the road is closed.
lanes = sa.Table(
    "lanes",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text),
    sa.Column("leased_until", Instant, nullable=False),
    sa.Column("open_at", Instant, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),  # in a row
    sa.Column("closed_why", sa.Text),
    sa.Column("remedy", sa.Text),
    sa.Column("probe_at", Instant),  # a closed road is tried again then
)
