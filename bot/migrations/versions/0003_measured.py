"""Measured: kept numbers, and where each watch stands."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _goals()
    _deliveries()


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


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("site", "day", "event", name=op.f("pk_deliveries")),
    )
    op.create_index("ix_deliveries_day", "deliveries", ["day"])
    op.create_table(
        "absences",
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("since_at", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_until_at", "absences", ["until_at"])
