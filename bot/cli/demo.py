"""pirsch-bot demo: see it work, with no account and no key."""

import itertools
import time

import click

from bot import log
from bot.cli.ground import stop
from bot.demo import check
from bot.demo.stage import Failed, Stage, Tempo
from bot.sandbox.world import World

EVERY = 6.0
"""Seconds between two people who come by."""


@click.command(epilog="Example: pirsch-bot demo   or, without eyes: pirsch-bot demo --check")
@click.option(
    "--check", "headless", is_flag=True, help="Send 200 mixed events, check every message, and exit."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8700, show_default=True, help="The page's; 0: any."
)
def command(headless: bool, port: int) -> None:
    """Start the unchanged bot beside a simulated shop, a Slack and a mailbox, and print one address to open.

    Nothing leaves this machine, and nothing stays on it: the store is a temporary folder.
    """
    log.quiet()
    try:
        if headless:
            _check()
        else:
            _play(port)
    except Failed as error:
        stop(f"The demo failed: {error}")


def _check() -> None:
    outcome = check.run(click.echo)
    for line in outcome.wrong:
        click.echo(f"WRONG  {line}", err=True)
    if outcome.wrong:
        stop(f"The demo's self-check failed in {len(outcome.wrong)} points.")
    click.echo(outcome.figures)


def _play(port: int) -> None:
    try:
        world = World(channels=("sales", "website", "everything"), port=port)
    except OSError:
        world = World(channels=("sales", "website", "everything"))
    with world, Stage(world, Tempo()) as stage:
        click.echo(f"\n  Open {click.style(world.url, bold=True)}\n")
        click.echo(f"  The bot itself: {stage.url}/readyz — its settings: bot/demo/config.toml")
        click.echo("  Press Ctrl-C to end.\n")
        try:
            for _ in itertools.count():
                world.shop.submit([world.shop.visitors.anybody()])
                time.sleep(EVERY)
        except KeyboardInterrupt:
            click.echo("Stopping …")
