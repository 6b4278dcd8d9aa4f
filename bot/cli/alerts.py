"""pirsch-bot alerts: the lasting troubles that are open now."""

import click

from bot import alerts, clock
from bot.alerts import Alert
from bot.cli.ground import ago, config_option, table, with_store
from bot.cli.wording import Wording
from bot.db import Database
from bot.facts import Notice, Reason, Severity
from bot.settings import Settings


@click.command(short_help="List the lasting troubles that are open.", epilog="Example: pirsch-bot alerts")
@config_option
@with_store
def command(settings: Settings, database: Database) -> None:
    """List the lasting troubles that are open: since when, how severe, and what was said about each."""
    now = clock.now()
    with database.reading() as tx:
        standing = alerts.standing(tx)
    wording = Wording(settings)
    table(
        ("opened", "severity", "alert", "says"),
        [(ago(one.opened_at, now), one.severity, one.key, wording.line(_notice(one))) for one in standing],
        empty="Nothing is wrong, as far as the rules can tell.",
    )


def _notice(alert: Alert) -> Notice:
    """What was told when it opened."""
    return Notice(
        key=alert.key,
        content=alert.content,
        at=alert.opened_at,
        severity=Severity(alert.severity),
        reason=Reason.OPENED,
        site=alert.site,
        rule=alert.rule,
    )
