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

# Until when the calls of the last minute take a place, by their class: Pirsch counts all processes together.
quotas = sa.Table(
    "quotas",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("taken", sa.Text, nullable=False),  # JSON: epoch seconds of the store's own clock, in order
)

# When nobody showed that the bot lives. The first row, from 1970 on, ends with the first sign of life.
absences = sa.Table(
    "absences",
    metadata,
    sa.Column("since_at", Instant, primary_key=True),
    sa.Column("until_at", Instant, nullable=False),
    sa.Index("ix_absences_until_at", "until_at"),
)

# What is to be done, and when. `term` grows with every claim: the fencing token of a run.
agenda = sa.Table(
    "agenda",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("timing", sa.Text, nullable=False),  # in words: another timing makes another first instant
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("owner", sa.Text),
    sa.Column("claimed_until", sa.Float),  # epoch seconds of the store's own clock
    sa.Column("term", sa.Integer, nullable=False, server_default="0"),
    sa.Column("ran_at", Instant),
    sa.Column("seconds", sa.Float),
    sa.Column("outcome", sa.Text),  # ran | failed
    sa.Column("said", sa.Text),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),  # in a row
    sa.Index("ix_agenda_due_at", "due_at"),
)
