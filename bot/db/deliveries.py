"""Tables of what should have been heard."""

import sqlalchemy as sa

from bot.db.columns import Instant, metadata

# Each event of each day that was compared with the vendor's own count.
deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),  # of the site
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("sent", sa.Integer, nullable=False),
    sa.Column("received", sa.Integer, nullable=False),
    sa.Column("lost", sa.Integer, nullable=False),
    sa.Column("compared_at", Instant, nullable=False),
    sa.Index("ix_deliveries_day", "day"),
)
