"""pirsch-bot check: read the settings and say every mistake."""

from pathlib import Path

import click

from bot.cli.ground import config_option, many, say, settings_or_stop
from bot.cli.hooks import addresses
from bot.cli.small import too_small
from bot.settings.advice import advice


@click.command(
    short_help="Say every mistake of the settings.", epilog="Example: pirsch-bot check --config config.toml"
)
@click.option("--show-tokens", is_flag=True, help="Spell the webhooks' addresses with their secrets.")
@config_option
def command(config: Path, show_tokens: bool) -> None:
    """Read the settings and say every mistake at once, each with its line and what would be right.

    Exits 0 when there is none, and spells the addresses for Pirsch's webhooks. Once hours of a site are
    read, it says which watch can never see there what it is meant to see. Nothing is sent or written.
    """
    settings = settings_or_stop(config)
    say(
        f"{config} is right: {many(len(settings.sites), 'site')}, {many(len(settings.book.rules), 'rule')}, "
        f"{many(len(settings.channels), 'channel')}."
    )
    for never in too_small(settings):
        say(f"Advice: {never}")
    for one in advice(settings):
        say(f"Advice: {one}.")
    for line in addresses(settings, show_tokens=show_tokens):
        say(line)
