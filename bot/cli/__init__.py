"""The command line: parse, call one function, print. Each command is loaded when it is used."""

import importlib

import click

from bot import __version__

COMMANDS = {
    "init": "bot.cli.init",
    "check": "bot.cli.check",
    "token": "bot.cli.token",
    "send-test": "bot.cli.send_test",
    "rules": "bot.cli.rules",
    "events": "bot.cli.events",
    "replay": "bot.cli.replay",
    "losses": "bot.cli.losses",
    "outbox": "bot.cli.outbox",
    "alerts": "bot.cli.alerts",
    "ack": "bot.cli.ack",
    "mute": "bot.cli.mute",
    "silence": "bot.cli.silence",
    "jobs": "bot.cli.jobs",
    "why": "bot.cli.why",
    "recipients": "bot.cli.recipients",
    "digest": "bot.cli.digest",
    "template": "bot.cli.template",
    "db": "bot.cli.db",
    "serve": "bot.cli.serve",
    "work": "bot.cli.work",
    "demo": "bot.cli.demo",
    "doctor": "bot.cli.doctor",
    "numbers": "bot.cli.numbers",
    "pirsch": "bot.cli.pirsch",
    "plan": "bot.cli.plan",
    "apply": "bot.cli.apply",
    "drift": "bot.cli.drift",
    "import": "bot.cli.importing",
    "ledger": "bot.cli.ledger",
    "proposals": "bot.cli.proposals",
    "approve": "bot.cli.approve",
    "reject": "bot.cli.reject",
    "undo": "bot.cli.undo",
    "additions": "bot.cli.additions",
    "sources": "bot.cli.sources",
    "switch": "bot.cli.switch",
    "sandbox": "bot.cli.sandbox",
}
"""Name → the module whose `command` it is, in the order in which one meets them."""


class Lazy(click.Group):
    """A group that imports a command when somebody asks for it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command; one whose packages are not installed says so when it is used."""
        if cmd_name not in COMMANDS:
            return None
        try:
            command: click.Command = importlib.import_module(COMMANDS[cmd_name]).command
        except ModuleNotFoundError as error:
            if error.name is None or error.name.partition(".")[0] == "bot":
                raise
            return _not_installed(error.name)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse what is no text before anybody stores it or looks for it."""
        if any("\ud800" <= letter <= "\udfff" for word in args for letter in word):
            raise click.UsageError("The command line holds bytes that are not UTF-8 text.", ctx)
        return super().parse_args(ctx, args)


def _not_installed(package: str) -> click.Command:
    what = f"Needs the package {package}, which is not installed here: pip install 'pirsch-bot[sandbox]'"

    def say_so() -> None:
        raise click.ClickException(f"This command {what[:1].lower()}{what[1:]}")

    anything = {"ignore_unknown_options": True, "allow_extra_args": True}
    return click.Command(None, callback=say_so, help=f"{what}.", context_settings=anything)


@click.command(
    cls=Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with `pirsch-bot demo`, then `pirsch-bot init`. Example: pirsch-bot init --help",
)
@click.version_option(__version__, prog_name="pirsch-bot", message="%(prog)s %(version)s")
def main() -> None:
    """Hears a site's Pirsch events, tells people in Slack and by mail, and loses nothing on the way.

    The settings are one file, config.toml (or --config, or BOT_CONFIG). The store is SQLite beside it, or
    PostgreSQL by DATABASE_URL.
    """
