"""Measured: kept numbers, and where each watch stands."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _goals()


def _goals() -> None:
    op.create_table(
        "goals",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("known", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("site", "goal", name=op.f("pk_goals")),
    )
    op.create_index("ix_goals_event", "goals", ["site", "event"])
