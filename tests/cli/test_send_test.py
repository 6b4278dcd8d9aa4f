"""send-test, against a Slack and a mail server that are there, and that are not."""

from collections.abc import Iterator

import pytest

from bot.sandbox.mailbox import Mailbox
from bot.sandbox.slack import Slack
from tests.cli.conftest import CONFIG, SECRETS, Place


@pytest.fixture
def slack() -> Iterator[Slack]:
    with Slack(["sales"]) as workspace:
        workspace.add_token(SECRETS["SLACK_BOT_TOKEN"])
        yield workspace


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as running:
        yield running


@pytest.fixture
def world(bare: Place, slack: Slack, mailbox: Mailbox) -> Place:
    """A config that leads to both."""
    config = CONFIG.replace("[slack]", f'[slack]\nurl = "{slack.url}/api"')
    bare.write(config.replace('host = "127.0.0.1"', f'host = "{mailbox.host}"\nport = {mailbox.port}'))
    return bare


def test_a_message_goes_to_each_channel(world: Place, slack: Slack, mailbox: Mailbox) -> None:
    lines = world.lines("send-test", "--all")
    assert [line.split(", ")[0] for line in lines] == ["sales: taken", "owner: taken"]
    assert [message.text for message in slack.messages("sales")] == ["Test: pirsch-bot can reach you here."]
    assert [mail.subject for mail in mailbox.messages] == ["Test: pirsch-bot can reach you here"]


def test_only_those_that_are_named(world: Place, slack: Slack, mailbox: Mailbox) -> None:
    assert len(world.lines("send-test", "owner")) == 1
    assert slack.messages("sales") == []


def test_one_that_is_refused_says_what_to_do_and_stops_no_other(
    world: Place, slack: Slack, mailbox: Mailbox
) -> None:
    slack.add_channel("sales", member=False)
    lines = world.lines("send-test", "sales", "owner", code=1)
    assert lines[0].startswith("sales: not taken. Slack refuses #sales: not_in_channel. What to do: ")
    assert lines[1].startswith("owner: taken")
    assert len(mailbox.messages) == 1


def test_a_far_side_that_is_not_there(world: Place, slack: Slack, mailbox: Mailbox) -> None:
    slack.stop()
    mailbox.stop()
    lines = world.lines("send-test", "--all", code=1)
    assert [line.split(".")[0] for line in lines] == ["sales: not taken", "owner: not taken"]
    assert "MARKER" not in "".join(lines)


def test_somebody_without_a_name_may_ask(
    world: Place, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise KeyError("uid not found: 12345")

    monkeypatch.setattr("getpass.getuser", nobody)
    world.lines("send-test", "owner")
    assert "somebody" in (mailbox.messages[0].plain or "")
