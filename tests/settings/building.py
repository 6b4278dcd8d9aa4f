"""An environment with secrets, and short ways to read a text."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.settings import BadSettings, Settings, read

HERE = Path(__file__).parent

SECRETS = {
    "SHOP_HOOK_TOKEN": "shop-MARKER-0123456789abcdef",
    "DOCS_HOOK_TOKEN": "docs-MARKER-0123456789abcdef",
    "SLACK_BOT_TOKEN": "xoxb-MARKER-0123456789-abcdef",
    "SLACK_APP_TOKEN": "xapp-MARKER-0123456789-abcdef",
    "SLACK_HOOK_URL": "https://hooks.slack.com/services/MARKER",
    "SMTP_PASSWORD": "password-MARKER",
    "PIRSCH_CLIENT_ID": "id-MARKER",
    "PIRSCH_CLIENT_SECRET": "secret-MARKER",
    "SHORT": "MARKER",
    "SIGNS": "MARKER/0123456789?abcdefghij",
    "LONG": "MARKER" * 40,
    "WORDS": "xoxb MARKER",
    "TWO_WORDS": "https://hooks.slack.com/MARKER MARKER",
}
ENVIRON = SECRETS | {"EMPTY": "  "}

WHOLE = """
[site.shop]
domain = "shop.example.com"
hook_token = { env = "SHOP_HOOK_TOKEN" }

[slack]
token = { env = "SLACK_BOT_TOKEN" }

[channel.sales]
type = "slack"
to = "#sales"

[[rule]]
name = "Order"
event = "purchase"
notify = ["sales"]
"""


def settings_of(text: str, environ: Mapping[str, str] = ENVIRON, folder: Path = HERE) -> Settings:
    """Read a text that is right."""
    return read(text, environ, folder=folder)


def mistakes_in(text: str, environ: Mapping[str, str] = ENVIRON, folder: Path = HERE) -> list[str]:
    """Read a text that is wrong, and return the lines about it."""
    with pytest.raises(BadSettings) as bad:
        read(text, environ, folder=folder)
    return bad.value.lines()
