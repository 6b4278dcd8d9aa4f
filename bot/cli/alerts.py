"""pirsch-bot alerts: the lasting troubles that stand, and what happened to each."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from bot import alerts, clock
from bot.alerts import Alert, history
from bot.alerts.history import Change
from bot.cli.ground import ago, config_option, say, stop, table, when, with_store
from bot.cli.wording import Wording
from bot.db import Database
from bot.facts import AlertState, Notice, Reason
from bot.render import builtin
from bot.settings import Settings


@click.group(
    short_help="List the lasting troubles, and show what happened to one.",
    invoke_without_command=True,
    epilog="Examples: pirsch-bot alerts   |   pirsch-bot alerts --all --most 20",
)
@click.option("--all", "everything", is_flag=True, help="Also those that are over, the latest first.")
@click.option(
    "--most", type=click.IntRange(1, 10_000), default=50, show_default=True, metavar="N", help="How many."
)
@config_option
@click.pass_context
def command(ctx: click.Context, /, config: Path, **wanted: Any) -> None:
    """List the lasting troubles that stand: since when, how severe, how they stand, and what was said."""
    if ctx.invoked_subcommand is None:
        _listed(config=config, **wanted)


@with_store
def _listed(settings: Settings, database: Database, everything: bool, most: int) -> None:
    now, zone = clock.now(), settings.bot.timezone
    with database.reading() as tx:
        found = alerts.latest(tx, most) if everything else alerts.standing(tx)[:most]
    wording = Wording(settings)
    table(
        ("id", "opened", "severity", "state", "alert", "says"),
        [
            (
                one.id[:8],
                ago(one.opened_at, now),
                one.severity,
                _state(one, zone),
                one.key,
                wording.line(_notice(one)),
            )
            for one in found
        ],
        empty="There was never an alert."
        if everything
        else "Nothing is wrong, as far as the rules can tell.",
    )


@command.command(epilog="Example: pirsch-bot alerts show 3f9a01c2")
@click.argument("beginning", metavar="ID")
@config_option
@with_store
def show(settings: Settings, database: Database, beginning: str) -> None:
    """Show one alert, and every verdict about it with what it looked at. The beginning of an id is enough."""
    zone = settings.bot.timezone
    with database.reading() as tx:
        one = alerts.find(tx, beginning) or unknown(beginning)
        changes = history.of(tx, one.id)
        meanwhile, inhibited = history.kept_quiet_by(tx, one.id)
    say(f"alert    {one.id}")
    say(f"about    {one.key}, severity {one.severity}")
    say(f"state    {_state(one, zone)}, since {when(one.opened_at, zone)}")
    if one.resolved_at is not None:
        say(f"over     {when(one.resolved_at, zone)}")
    say(f"told     {one.life.told} times: {', '.join(one.channels) or 'nobody'}{_next(one, zone)}")
    if inhibited:
        say(f"explains {inhibited}: {', '.join(meanwhile)}{', …' if inhibited > len(meanwhile) else ''}")
    say(f"says     {builtin.headline(_notice(one))}")
    for line in builtin.lines(_notice(one), settings.formats(_notice(one).site)):
        say(f"           {line}")
    table(
        ("when", "verdict", "state", "by", "looked at"),
        [
            (when(each.at, zone), _words(each.reason), each.state, each.by or "", _inputs(each))
            for each in changes
        ],
        empty="Its history is older than [store.keep] alerts.",
    )


def unknown(beginning: str) -> Alert:
    """End: no alert, or more than one, has such an id."""
    stop(f"None, or several, have an id that begins with {beginning!r}: `pirsch-bot alerts` lists them.")


def _state(one: Alert, zone: ZoneInfo) -> str:
    """How it stands, in words."""
    life = one.life
    if life.hush is not None and one.state is AlertState.MUTED:
        return f"muted: {life.hush.why}{_until(life.hush.until_at, zone)}"
    if one.state is AlertState.ACKNOWLEDGED and life.by is not None:
        return f"acknowledged by {life.by}"
    return "unstable" if life.unstable else str(one.state)


def _until(at: datetime | None, zone: ZoneInfo) -> str:
    return "" if at is None else f" until {when(at, zone)}"


def _next(one: Alert, zone: ZoneInfo) -> str:
    return "" if one.due_at is None else f", looked at again {when(one.due_at, zone)}"


def _words(reason: Reason) -> str:
    return str(reason).replace("_", " ")


def _inputs(change: Change) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in change.inputs.items())


def _notice(alert: Alert) -> Notice:
    """What was told last."""
    return Notice(
        key=alert.key,
        content=alert.content,
        at=alert.changed_at,
        severity=alert.severity,
        reason=alert.reason,
        site=alert.site,
        rule=alert.rule,
    )
