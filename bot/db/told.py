"""Tables of what is told: alerts, the outbox, and the lanes that lead to people."""

import sqlalchemy as sa

from bot.db.columns import Instant, Json, Number, metadata

# Lasting troubles, one row from the beginning of one to its end. state: `facts.AlertState`
alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),  # the same trouble has the same key whenever it comes
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),  # the last verdict that changed something
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("site", sa.Text),
    sa.Column("rule", sa.Text),
    sa.Column("inhibits", sa.Text),  # which others it explains
    sa.Column("content", Json, nullable=False),
    sa.Column("life", Json, nullable=False),
    sa.Column("channels", Json, nullable=False),  # where it was told
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("resolved_at", Instant),
    sa.Column("due_at", Instant),  # when time alone may change the verdict
    sa.Index(
        "ix_alerts_alive",
        "key",
        unique=True,
        sqlite_where=sa.text("state != 'resolved'"),
        postgresql_where=sa.text("state != 'resolved'"),
    ),
    sa.Index("ix_alerts_key_opened_at", "key", "opened_at"),
    sa.Index("ix_alerts_due_at", "due_at"),
    sa.Index("ix_alerts_changed_at", "changed_at"),
    sa.Index(
        "ix_alerts_inhibits",
        "resolved_at",
        sqlite_where=sa.text("inhibits IS NOT NULL"),
        postgresql_where=sa.text("inhibits IS NOT NULL"),
    ),
)

# What happened to alerts: only added to. `alert` is null for what was over as soon as it was kept quiet.
alert_changes = sa.Table(
    "alert_changes",
    metadata,
    sa.Column("id", Number, primary_key=True, autoincrement=True),
    sa.Column("alert", sa.Text),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("state", sa.Text),
    sa.Column("by", sa.Text),
    sa.Column("cause", sa.Text),  # the alert that explains this one
    sa.Column("inputs", Json, nullable=False),
    sa.Column("content", Json, nullable=False),
    sa.Index("ix_alert_changes_alert", "alert"),
    sa.Index("ix_alert_changes_at", "at"),
    sa.Index("ix_alert_changes_cause", "cause"),
)

# Silences that people made while the bot ran; those of every week stand in the config.
silences = sa.Table(
    "silences",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("site", sa.Text),
    sa.Column("rule", sa.Text),
    sa.Column("severity", sa.Text),
    sa.Column("from_at", Instant, nullable=False),
    sa.Column("until_at", Instant, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("ended_by", sa.Text),
    sa.Index("ix_silences_until_at", "until_at"),
)

# The outbox. state: waiting -> sent | dead | diverted, waiting <-> held -> collected
notices = sa.Table(
    "notices",
    metadata,
    sa.Column("position", Number, primary_key=True, autoincrement=True),  # the order within a channel
    sa.Column("id", sa.Text, nullable=False, unique=True),  # goes out as Message-ID and Slack metadata
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("notice", Json, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
    sa.Column("put_at", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("meant_for", sa.Text),  # the closed channel that this one stands in for
    sa.Column("settled_at", Instant),
    sa.Column("receipt", sa.Text),
    sa.Column("why", sa.Text),  # the last failure, or why it is held, in words
    sa.Column(
        "rank", sa.Integer, nullable=False, server_default="0"
    ),  # what is greater waits for what is less
    sa.Column("due_at", Instant),  # not before; of what is held: until then
    sa.Column("only", Json),  # some of the channel's addresses, where the others have it
    sa.Column("silent", sa.Boolean, nullable=False, server_default=sa.false()),  # only shown, with no sound
    sa.Column("spared", sa.Text),  # why it was held, for good: quiet hours | budget
    sa.Index(
        "ix_notices_waiting",
        "channel",
        "rank",
        "position",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
    sa.Index(
        "ix_notices_dead",
        "position",
        sqlite_where=sa.text("state = 'dead'"),
        postgresql_where=sa.text("state = 'dead'"),
    ),
    sa.Index(
        "ix_notices_held",
        "channel",
        "due_at",
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    ),
    sa.Index(
        "ix_notices_spared",
        "put_at",
        sqlite_where=sa.text("spared IS NOT NULL"),
        postgresql_where=sa.text("spared IS NOT NULL"),
    ),
    sa.Index("ix_notices_settled_at", "settled_at"),
)

# Every try to deliver a notice.
attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("id", Number, primary_key=True, autoincrement=True),
    sa.Column("notice_id", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("tried_at", Instant, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),  # sent | temporary | unsure | permanent | closed
    sa.Column("why", sa.Text),
    sa.Index("ix_attempts_notice_id", "notice_id"),
    sa.Index("ix_attempts_tried_at", "tried_at"),
)

# One row a channel: who delivers there, when the next message may go, and whether the road is closed.
lanes = sa.Table(
    "lanes",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text),
    sa.Column("leased_until", Instant, nullable=False),
    sa.Column("open_at", Instant, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),  # in a row
    sa.Column("closed_why", sa.Text),
    sa.Column("remedy", sa.Text),
    sa.Column("probe_at", Instant),  # a closed road is tried again then
    sa.Column("closed_at", Instant),
    sa.Column("leads_to", sa.Text),  # what the config called the place beyond when it was found
    sa.Column("place", sa.Text),  # what it is called over there, whatever its name: Slack's id of a channel
)

# Which message stands at the head of an alert's thread, on a road where messages can be changed.
conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("alert", sa.Text, primary_key=True),
    sa.Column("place", sa.Text, nullable=False),  # Slack's id of the channel
    sa.Column("ref", sa.Text, nullable=False),  # Slack's ts: a text, not a number
    sa.Column("changed_at", Instant, nullable=False),
    sa.Index("ix_conversations_changed_at", "changed_at"),
)

# Addresses of a channel that are left out. state: unsubscribed | refused
recipients = sa.Table(
    "recipients",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("paused_at", Instant, nullable=False),
)

# What became of each edition of a digest, for each destination. outcome: told | usual | skipped
editions = sa.Table(
    "editions",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),  # its local days: 2026-11-09/2026-11-15
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("settled_at", Instant, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Index("ix_editions_settled_at", "settled_at"),
)
