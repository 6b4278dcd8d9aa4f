"""pirsch-bot pirsch: every call of the client as a command, made from its method."""

import click

from bot.cli.pirsch.commands import Areas


@click.group(
    cls=Areas,
    epilog="Examples: pirsch-bot pirsch statistics total --site shop --from 2026-05-01 --to 2026-05-07 "
    "--filter path=/x --filter 'country!=de'   |   pirsch-bot pirsch goals list --site shop --format json",
)
def command() -> None:
    """Ask Pirsch, or change something there. Writes only show what they would send, unless you say --yes.

    Credentials are those of [pirsch] in the settings. docs/pirsch-calls.md lists every call.
    """
