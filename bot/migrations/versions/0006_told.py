"""Told: conversations, digests, and who asked to be left alone."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    pass
