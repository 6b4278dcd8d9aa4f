"""pirsch-bot demo: see it work, with no account and no key."""

import shutil
import sys
import threading

import click

from bot import log
from bot.cli.ground import stop
from bot.demo import check, day, scene
from bot.demo.stage import Failed, Stage, Tempo
from bot.sandbox.shop import NAMES
from bot.sandbox.world import World

VISITORS_PER_DAY = 300


@click.command(epilog="Example: pirsch-bot demo   or, without eyes: pirsch-bot demo --check")
@click.option(
    "--check",
    "headless",
    is_flag=True,
    help="Send 200 mixed events, let a day pass, check every message, and exit.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8700, show_default=True, help="The page's; 0: any."
)
@click.pass_context
def command(ctx: click.Context, headless: bool, port: int) -> None:
    """Start the unchanged bot between a simulated Pirsch, a Slack and a mailbox; print one address to open.

    Nothing leaves this machine, and nothing stays on it: the store is a temporary folder.
    """
    log.quiet()
    try:
        if headless:
            _check()
        else:
            _play(ctx, port)
    except Failed as error:
        stop(f"The demo failed: {error}")


def _check() -> None:
    outcome = check.run(click.echo)
    for line in outcome.wrong:
        click.echo(f"WRONG  {line}", err=True)
    if outcome.wrong:
        stop(f"The demo's self-check failed in {len(outcome.wrong)} points.")
    click.echo(outcome.figures)


def _play(ctx: click.Context, port: int) -> None:
    with _world(port) as world, Stage(world, Tempo(), NAMES) as stage:
        click.echo(f"\n  Open {click.style(world.url, bold=True)}\n")
        click.echo(f"  The bot itself: {stage.url}/readyz — its settings: bot/demo/config.toml")
        if hint := _another_command(ctx, stage):
            click.echo(f"  In another terminal: {hint}")
        click.echo("  Press Ctrl-C to end.\n")
        try:
            scene.play(world.shop, stage.move, threading.Event())
        except KeyboardInterrupt:
            click.echo("Stopping …")


def _world(port: int) -> World:
    """Open the world on a port, or on any when that one is taken."""
    try:
        return day.begin(check.CHANNELS, port=port, visitors_per_day=VISITORS_PER_DAY)
    except OSError:
        return day.begin(check.CHANNELS, visitors_per_day=VISITORS_PER_DAY)


def _another_command(ctx: click.Context, stage: Stage) -> str | None:
    """Say how to ask the running demo something by another command, where there is that command."""
    root = ctx.find_root()
    if not isinstance(root.command, click.Group) or "doctor" not in root.command.list_commands(root):
        return None
    program = "pirsch-bot" if shutil.which("pirsch-bot") else f"{sys.executable} -m bot"
    return f". {stage.environment} && {program} doctor"
