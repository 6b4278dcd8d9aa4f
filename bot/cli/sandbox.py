"""pirsch-bot sandbox: a simulated Pirsch, for trying any client on."""

import math
from typing import Any

import click

from bot import log
from bot.cli.ground import stop
from bot.sandbox import pirsch
from bot.sandbox.pirsch.settings import LEAST_DAYS


class Speed(click.FloatRange):
    """How fast time passes: a finite number from 0 on."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read it, or say what would be right."""
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail("a finite number is needed", param, ctx)
        return number


@click.command(epilog="Example: pirsch-bot sandbox --visitors 500 --speed 60   (an hour passes in a minute)")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Where it listens: whoever reaches it may steer it.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=8701, show_default=True, help="0: any.")
@click.option(
    "--seed",
    default="pirsch",
    show_default=True,
    help="Another word, other traffic; the same word, the same.",
)
@click.option(
    "--visitors",
    type=click.IntRange(0, 20_000),
    default=150,
    show_default=True,
    help="A day, on the shop; the blog has a quarter.",
)
@click.option(
    "--days",
    type=click.IntRange(LEAST_DAYS, 1_000),
    default=240,
    show_default=True,
    help="How far its history goes back.",
)
@click.option(
    "--speed",
    type=Speed(min=0, max=100_000),
    default=1.0,
    show_default=True,
    help="Simulated seconds in a real one; 0 stops the clock.",
)
def command(host: str, port: int, seed: str, visitors: int, days: int, speed: float) -> None:
    """Start a simulated Pirsch with a shop and a blog, and say how to point a client at it.

    Statistics, goals, funnels, filters and webhooks act as documented; all is forgotten at the end. Faults,
    time and incidents are steered under /_sandbox/.
    """
    log.quiet()
    try:
        pirsch.run(
            host=host,
            port=port,
            seed=seed,
            visitors=visitors,
            days=days,
            speed=speed,
            write=lambda text: click.echo(text, nl=False),
        )
    except OSError as error:
        stop(f"Nothing can listen on {host}:{port} ({error.strerror or error}). --port 0 takes any free one.")
