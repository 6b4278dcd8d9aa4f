"""pirsch-bot work: the worker without a web server."""

import os
import signal
import threading
from pathlib import Path

import click

from bot import app
from bot.cli.ground import config_option, serving_needs_a_store, settings_or_stop


@click.command(
    short_help="Run it without receiving webhooks.",
    epilog="Example: pirsch-bot work   # on one dyno, and on another: BOT_ROLES=web pirsch-bot serve",
)
@config_option
def command(config: Path) -> None:
    """Judge, deliver and tick, without receiving: for a dyno of its own beside `BOT_ROLES=web`.

    Any number may run at once: they share the work, and one of them runs the schedule.
    """
    serving_needs_a_store(settings_or_stop(config))
    os.environ["BOT_CONFIG"] = str(config.resolve())
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    app.work_until(stop, app.settings_of_process())
