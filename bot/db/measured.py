"""Tables of what was measured, of what is usual, and of where each watch stands."""

import sqlalchemy as sa

from bot.db.columns import Instant, Json, Number, metadata

# The hours of a part of a site's traffic, one row a local day: that is how the far side tells them.
readings = sa.Table(
    "readings",
    metadata,
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("part", sa.Text, primary_key=True),  # empty: everything
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("starts_at", Instant, nullable=False),
    sa.Column("hours", Json, nullable=False),  # by instant: [visitors, views, sessions, bounces] or null
    sa.Column(
        "early", Json, nullable=False, server_default="[]"
    ),  # what was counted soon after an hour's end
    sa.Column(
        "late", sa.Integer, nullable=False, server_default="0"
    ),  # hours that were read too late to judge
    sa.Column(
        "settled", sa.Boolean, nullable=False
    ),  # read so long after its end that nothing changes any more
    sa.Column("read_at", Instant, nullable=False),
    sa.Index("ix_readings_starts_at", "starts_at"),
)

# What is usual, learnt once a day from the readings, so that no look reads them all.
baselines = sa.Table(
    "baselines",
    metadata,
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("part", sa.Text, primary_key=True),
    sa.Column("counted", sa.Text, primary_key=True),  # visitors, views, …; or "grace": how long to wait
    sa.Column("day", sa.Date, nullable=False),  # learnt on this local day, from those before it
    sa.Column("learnt", Json),  # null: too little is known
)

# Where a watch stands. state is that of its last verdict
watches = sa.Table(
    "watches",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("meaning", sa.Text, nullable=False),  # of what it was judged: another meaning begins anew
    sa.Column("memory", Json, nullable=False),
    sa.Column("suspect", sa.Text),  # what it thinks is behind its open trouble
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("as_of_at", Instant, nullable=False),
    sa.Column("looked_at", Instant, nullable=False),
)

# Every verdict with its inputs. A look that says the same of the same hours adds no row.
verdicts = sa.Table(
    "verdicts",
    metadata,
    sa.Column("id", Number, primary_key=True, autoincrement=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("as_of_at", Instant, nullable=False),
    sa.Column("looked_at", Instant, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("told", sa.Text),  # the reason of the alerts; null when there was nothing to decide
    sa.Column("inputs", Json, nullable=False),
    sa.Index("ix_verdicts_name_site_looked_at", "name", "site", "looked_at"),
    sa.Index("ix_verdicts_looked_at", "looked_at"),
)
