"""The life of alerts: their history, silences and timers."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    pass
