"""The command line: parse, call one function, print. Each command is loaded when it is used."""

import importlib

import click

from bot import __version__

COMMANDS = {
    "init": "bot.cli.init",
    "check": "bot.cli.check",
    "token": "bot.cli.token",
    "send-test": "bot.cli.send_test",
    "events": "bot.cli.events",
    "replay": "bot.cli.replay",
    "outbox": "bot.cli.outbox",
    "alerts": "bot.cli.alerts",
    "db": "bot.cli.db",
    "serve": "bot.cli.serve",
    "work": "bot.cli.work",
    "demo": "bot.cli.demo",
}
"""Name → the module whose `command` it is, in the order in which one meets them."""


class Lazy(click.Group):
    """A group that imports a command when somebody asks for it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name]).command
        return command


@click.command(
    cls=Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with `pirsch-bot demo`, then `pirsch-bot init`. Each command explains itself with --help.",
)
@click.version_option(__version__, prog_name="pirsch-bot", message="%(prog)s %(version)s")
def main() -> None:
    """Hears a site's Pirsch events, tells people in Slack and by mail, and loses nothing on the way.

    The settings are one file, config.toml (or --config, or BOT_CONFIG). The store is SQLite beside it, or
    PostgreSQL by DATABASE_URL.
    """
