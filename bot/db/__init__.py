"""The store: its tables, one module a way through the house, and the doors to it."""

from bot.db.columns import Instant, metadata
from bot.db.deliveries import deliveries
from bot.db.goals import goals
from bot.db.ground import absences, agenda, leases, quotas
from bot.db.heard import events, memories, told_once
from bot.db.managed import ledger, plans
from bot.db.measured import baselines, readings, verdicts, watches
from bot.db.store import (
    SCHEMA,
    STORE_NOW,
    Database,
    Tx,
    address,
    count_by_state,
    insert_if_new,
    insert_missing,
    insert_or_replace,
    schema,
)
from bot.db.told import (
    alert_changes,
    alerts,
    attempts,
    conversations,
    editions,
    lanes,
    notices,
    recipients,
    silences,
)
from bot.db.upkept import additions, aftermath, errands, filter_sources, proposals

__all__ = [
    "SCHEMA",
    "STORE_NOW",
    "Database",
    "Instant",
    "Tx",
    "absences",
    "additions",
    "address",
    "aftermath",
    "agenda",
    "alert_changes",
    "alerts",
    "attempts",
    "baselines",
    "conversations",
    "count_by_state",
    "deliveries",
    "editions",
    "errands",
    "events",
    "filter_sources",
    "goals",
    "insert_if_new",
    "insert_missing",
    "insert_or_replace",
    "lanes",
    "leases",
    "ledger",
    "memories",
    "metadata",
    "notices",
    "plans",
    "proposals",
    "quotas",
    "readings",
    "recipients",
    "schema",
    "silences",
    "told_once",
    "verdicts",
    "watches",
]
