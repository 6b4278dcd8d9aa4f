"""pirsch-bot check: read the settings and say every mistake."""

from pathlib import Path

import click

from bot.cli.ground import config_option, settings_or_stop


@click.command(epilog="Example: pirsch-bot check --config config.toml")
@config_option
def command(config: Path) -> None:
    """Read the settings and say every mistake at once, each with its line and what would be right.

    Exits 0 when there is none. Nothing is sent and nothing is written.
    """
    settings = settings_or_stop(config)
    rules = len(settings.book.rules)
    click.echo(
        f"{config.name} is right: {_many(len(settings.sites), 'site')}, {_many(rules, 'rule')}, "
        f"{_many(len(settings.channels), 'channel')}."
    )
    if settings.bot.owner is None:
        click.echo("Advice: set owner in [bot], so that somebody hears of the bot's own troubles.")


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
