"""Slack and the mail server are asked whether a message would be taken. Nothing is sent."""

from collections.abc import Iterator

import pytest

from bot.sandbox.mailbox.faults import Fault as MailFault
from bot.sandbox.slack import Slack
from tests.doctor.conftest import CONFIG, Patient

SLACK = """
[slack]
token = {{ env = "SLACK_BOT_TOKEN" }}
url = "%s"

[channel.sales]
type = "slack"
to = "#sales"
"""


@pytest.fixture
def slack(patient: Patient) -> Iterator[Slack]:
    with Slack(["sales"]) as running:
        patient.environ("SLACK_BOT_TOKEN", running.token)
        patient.write(CONFIG + SLACK % f"{running.url}/api")
        yield running


def about(patient: Patient, level: str, channel: str = "sales") -> list[str]:
    return [said for said in patient.said(level) if said.startswith(channel) and "not used yet" not in said]


def test_a_channel_that_the_bot_is_in(patient: Patient, slack: Slack) -> None:
    assert about(patient, "ok") == ["sales is in #sales of Sandbox as @pirsch-bot -> "]
    assert about(patient, "advice") == about(patient, "wrong") == []
    assert slack.messages() == []


def test_a_mail_server_that_lets_us_in(patient: Patient) -> None:
    assert about(patient, "ok", "owner") == ["owner can log in at 127.0.0.1 -> "]
    assert patient.mailbox.messages == []


def test_a_mail_server_that_is_not_there(patient: Patient) -> None:
    patient.mailbox.faults.add(MailFault(stage="greeting", reply="554 5.7.1 Go away"))
    (said,) = about(patient, "wrong", "owner")
    assert "Go away" in said


def test_a_channel_that_the_bot_was_not_invited_to(patient: Patient, slack: Slack) -> None:
    slack.add_channel("sales", member=False)
    (said,) = about(patient, "wrong")
    assert said.endswith("In Slack, type /invite @pirsch-bot in #sales.")


def test_an_archived_channel(patient: Patient, slack: Slack) -> None:
    slack.add_channel("sales", archived=True)
    (said,) = about(patient, "wrong")
    assert "unarchive #sales" in said


def test_a_channel_that_there_is_not(patient: Patient, slack: Slack) -> None:
    patient.write(CONFIG + SLACK.replace("#sales", "#elsewhere") % f"{slack.url}/api")
    (said,) = about(patient, "wrong")
    assert "Check the name #elsewhere" in said


def test_a_private_channel_needs_a_scope_of_its_own_to_be_seen(patient: Patient, slack: Slack) -> None:
    slack.add_channel("sales", private=True)
    scopes = ["chat:write", "channels:read", "groups:read", "groups:history"]
    slack.add_token(slack.token, scopes)
    assert about(patient, "ok")
    assert about(patient, "advice") == []


@pytest.mark.parametrize(
    ("missing", "what"),
    [
        ("channels:read", "nobody sees whether the bot is in #sales before it posts"),
        ("channels:history", "a message whose answer is lost is not looked up, and may come twice"),
    ],
)
def test_what_a_scope_would_buy(patient: Patient, slack: Slack, missing: str, what: str) -> None:
    scopes = {"chat:write", "channels:read", "channels:history"} - {missing}
    slack.add_token(slack.token, scopes)
    (said,) = about(patient, "advice")
    assert f"without the scope {missing} {what}" in said
    assert said.endswith(f"give the Slack app the scope {missing}, and install it again.")


def test_pictures_need_a_scope(patient: Patient, slack: Slack) -> None:
    slack.add_token(slack.token, ["chat:write", "channels:read", "channels:history"])
    table = SLACK.replace("[slack]\n", '[slack]\ncharts = "pictures"\n')
    patient.write(CONFIG + table % f"{slack.url}/api")
    (said,) = about(patient, "advice")
    assert "without the scope files:write pictures cannot be uploaded" in said


def test_a_token_that_may_not_write(patient: Patient, slack: Slack) -> None:
    slack.add_token(slack.token, ["channels:read"])
    (said,) = about(patient, "wrong")
    assert "give the Slack app the scope chat:write" in said


def test_a_token_that_was_revoked(patient: Patient, slack: Slack) -> None:
    slack.revoke(slack.token)
    (said,) = about(patient, "wrong")
    assert "invalid_auth" in said
