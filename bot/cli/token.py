"""pirsch-bot token: a new secret for a webhook's address."""

import secrets

import click


@click.command(
    short_help="Make a secret for a webhook's address.",
    epilog="Example: export SHOP_HOOK_TOKEN=$(pirsch-bot token)",
)
def command() -> None:
    """Print a new token for a webhook's address: 256 random bits.

    To change a token without losing an event: put the present one under hook_token_old and the new one under
    hook_token, deploy, save the webhook at Pirsch with its new address, then remove hook_token_old.
    """
    click.echo(secrets.token_urlsafe(32))
