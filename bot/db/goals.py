"""Tables of what was found out about goals."""

import sqlalchemy as sa

from bot.db.columns import Instant, Json, metadata

# Each goal as it was seen last. The row without a goal's id says when a site was looked at.
goals = sa.Table(
    "goals",
    metadata,
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("goal", sa.Text, primary_key=True),
    sa.Column("known", Json, nullable=False),
    sa.Column("event", sa.Text, nullable=False),  # of a goal that counts nothing else
    sa.Column("seen_at", Instant, nullable=False),
    sa.Index("ix_goals_event", "site", "event"),
)
