"""pirsch-bot serve: the web process."""

import os
import sys
from pathlib import Path

import click

from bot.cli.ground import config_option, settings_or_stop

HERE = Path(__file__).resolve().parent.parent.parent


@click.command(
    short_help="Run the bot: receive, judge, deliver.",
    epilog="Example: BOT_ROLES=web pirsch-bot serve --port 8000",
)
@config_option
@click.option("--port", type=click.IntRange(1, 65535), envvar="PORT", default=8000, show_default=True)
def command(config: Path, port: int) -> None:
    """Receive webhooks, judge, deliver and tick, all in one process (or what BOT_ROLES names).

    The settings are checked first. Stops within 25 seconds of SIGTERM, without losing or doubling work.
    """
    settings_or_stop(config)
    os.environ |= {"BOT_CONFIG": str(config.resolve()), "PORT": str(port)}
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", str(HERE / "gunicorn.conf.py")]
    os.execv(sys.executable, gunicorn)  # noqa: S606 - our own server, in our place
