"""Tables of the house itself: who may do what, and when."""

import sqlalchemy as sa

from bot.db.columns import Instant, metadata

# Who may run the schedule. `term` grows with every change of hands: the fencing token.
leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("until", sa.Float, nullable=False),  # epoch seconds of the store's own clock
    sa.Column("term", sa.Integer, nullable=False),
    sa.Column("beat_at", Instant, nullable=False),
)
