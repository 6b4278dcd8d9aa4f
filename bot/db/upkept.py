"""Tables of upkeep: sources of filters, what is wanted beyond the file, and what waits for a yes."""

import sqlalchemy as sa

from bot.db.columns import Instant, Json, Number, metadata

# The last good state of each name and list that filters are made from, and the last look at it.
filter_sources = sa.Table(
    "filter_sources",
    metadata,
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, primary_key=True),  # dns:… or url:…
    sa.Column("entries", Json, nullable=False),  # network -> when it was first missed, or null
    sa.Column("good_at", Instant),
    sa.Column("looked_at", Instant, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("offered", Json),  # what was not taken, and a person may accept
)

# What is wanted beyond the file: a filter until Friday, a goal that was raised, a masked referrer. Rows end,
# and are never changed otherwise.
additions = sa.Table(
    "additions",
    metadata,
    sa.Column("id", Number, primary_key=True, autoincrement=True),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("fields", Json, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("until_at", Instant),
    sa.Column("ended_at", Instant),
    sa.Column("ended_by", sa.Text),
    sa.Index("ix_additions_site", "site"),
    sa.Index(
        "ix_additions_standing",
        "site",
        "kind",
        "key",
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)

# What a person has to decide. state: open -> approved -> done | failed, or rejected | expired | replaced
proposals = sa.Table(
    "proposals",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),  # the same wish again has the same
    sa.Column("hash", sa.Text, nullable=False),  # of the plan that a yes is bound to
    sa.Column("content", Json, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("until_at", Instant, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_at", Instant),
    sa.Column("said", sa.Text),  # what came of it, one sentence
    sa.Column("never_again", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix_proposals_state", "state", "until_at"),
    sa.Index("ix_proposals_about", "site", "about"),
    sa.Index(
        "ix_proposals_waiting",
        "site",
        "about",
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    ),
)

# What a rule or a watch asks for, written with the verdict that caused it. state: waiting -> done | refused
errands = sa.Table(
    "errands",
    metadata,
    sa.Column("id", Number, primary_key=True, autoincrement=True),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("asker", sa.Text, nullable=False),  # "rule Login", "watch Visitors"
    sa.Column("day", sa.Text, nullable=False),
    sa.Column(
        "number", sa.Integer, nullable=False
    ),  # of the day: no two rows have one, and there is a last one
    sa.Column("deed", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("detail", Json, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("from_event", sa.Boolean, nullable=False),  # a stranger had a part in it
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("said", sa.Text),
    sa.UniqueConstraint("asker", "site", "day", "number"),
    sa.Index("ix_errands_state", "state", "id"),
    sqlite_autoincrement=True,
)

# Changes that were carried out and are watched for a while. state: watching -> well | undone | unseen
aftermath = sa.Table(
    "aftermath",
    metadata,
    sa.Column("intent", Number, primary_key=True, autoincrement=False),  # in the ledger
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("change", Json, nullable=False),
    sa.Column("since_at", Instant, nullable=False),
    sa.Column("until_at", Instant, nullable=False),
    sa.Column("predicted", sa.Float, nullable=False),  # the share of visitors that it takes away
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("said", sa.Text),
    sa.Index("ix_aftermath_state", "state", "until_at"),
)
