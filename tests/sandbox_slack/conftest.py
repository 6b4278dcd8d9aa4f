"""A workspace of its own for each test, and the vendor's client to speak to it."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.sandbox.slack import Slack


@pytest.fixture
def slack() -> Iterator[Slack]:
    """A workspace with two channels that the bot is in."""
    with Slack(["sales", "owner"]) as running:
        yield running


@pytest.fixture
def client(slack: Slack) -> WebClient:
    """Slack's own client, without its retries."""
    return WebClient(token=slack.token, base_url=slack.api_url, retry_handlers=[], timeout=3)
