"""Told: conversations, who asked to be left alone, what is held, and where a road leads."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "quotas",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("taken", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_quotas")),
    )
    op.create_table(
        "conversations",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("alert", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "alert", name=op.f("pk_conversations")),
    )
    op.create_index("ix_conversations_changed_at", "conversations", ["changed_at"], unique=False)
    op.create_table(
        "recipients",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", name=op.f("pk_recipients")),
    )
    op.add_column("lanes", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("lanes", sa.Column("leads_to", sa.Text(), nullable=True))
    op.add_column("lanes", sa.Column("place", sa.Text(), nullable=True))
    op.add_column("notices", sa.Column("rank", sa.Integer(), server_default="0", nullable=False))
    op.add_column("notices", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notices", sa.Column("only", sa.Text(), nullable=True))
    silent = sa.Column("silent", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("notices", silent)
    op.add_column("notices", sa.Column("spared", sa.Text(), nullable=True))
    op.drop_index("ix_notices_waiting", table_name="notices")
    _index("waiting", ["channel", "rank", "position"], "state = 'waiting'")
    _index("held", ["channel", "due_at"], "state = 'held'")
    _index("spared", ["put_at"], "spared IS NOT NULL")
    _editions()


def _index(name: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(f"ix_notices_{name}", "notices", columns, sqlite_where=only, postgresql_where=only)


def _editions() -> None:
    op.create_table(
        "editions",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "period", "channel", name=op.f("pk_editions")),
    )
    op.create_index("ix_editions_settled_at", "editions", ["settled_at"])
