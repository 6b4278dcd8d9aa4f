"""The agenda: what is due, and who has claimed it."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    pass
