"""pirsch-bot serve: the web process."""

import os
import sys
from pathlib import Path

import click

from bot.cli.ground import config_option, serving_needs_a_store, settings_or_stop, stop

GUNICORN = Path(__file__).resolve().parent.parent.parent / "gunicorn.conf.py"


@click.command(
    short_help="Run the bot: receive, judge, deliver.",
    epilog="Example: BOT_ROLES=web pirsch-bot serve --port 8000",
)
@config_option
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    metavar="PORT",
    envvar="PORT",
    default=8000,
    show_default="8000, or PORT",
    help="Where to listen.",
)
def command(config: Path, port: int) -> None:
    """Receive webhooks, judge, deliver and tick, all in one process (or what BOT_ROLES names).

    The settings and the store are looked at first. Stops within 25 seconds of SIGTERM, without losing or
    doubling work.
    """
    settings = settings_or_stop(config)
    if not GUNICORN.is_file():
        stop(f"There is no {GUNICORN}: the bot is served from its source tree.")
    serving_needs_a_store(settings)
    os.environ |= {"BOT_CONFIG": str(config.resolve()), "PORT": str(port)}
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", str(GUNICORN)]
    os.execv(sys.executable, gunicorn)  # noqa: S606 - our own server, in our place
