"""For each channel: a far side that works, ways to make it fail, and what arrived there."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.deliver.channel import Channel
from bot.deliver.mail import Mail, Server
from bot.deliver.slack import Slack, SlackHook
from bot.render import Renderer
from bot.sandbox.mailbox import Mailbox
from bot.sandbox.mailbox.faults import Fault as MailFault
from bot.sandbox.slack import Slack as Workspace
from bot.sandbox.slack.faults import Fault as SlackFault
from bot.writing.formats import Formats

RENDERER = Renderer([], Formats(zone=ZoneInfo("Europe/Berlin")))
IMPATIENT = timedelta(seconds=1)
PASSWORD = "correct-horse-battery"


@dataclass(frozen=True, kw_only=True)
class FarSide:
    """One channel with its far side. `arrived` gives what came, as text; `secrets` must show nowhere."""

    channel: Channel
    secrets: tuple[str, ...]
    arrived: Callable[[], list[str]]
    busy: Callable[[], None]
    refuse: Callable[[], None]
    lock_out: Callable[[], None]
    hang_up_before: Callable[[], None]
    hang_up_after: Callable[[], None]
    stall: Callable[[], None]
    stop: Callable[[], None]


def _texts(slack: Workspace) -> list[str]:
    return [
        json.dumps([message.text, message.blocks, message.metadata], ensure_ascii=False, default=list)
        for message in slack.messages()
    ]


def _slack_faults(slack: Workspace, call: str) -> dict[str, Callable[[], None]]:
    def order(fault: SlackFault) -> Callable[[], None]:
        return lambda: slack.faults.add(fault, calls=call)

    limited = SlackFault(
        status=429, body='{"ok":false,"error":"ratelimited"}', retry_after=timedelta(seconds=7)
    )
    return {
        "busy": order(limited),
        "hang_up_before": order(SlackFault(cut="before")),
        "hang_up_after": order(SlackFault(cut="after")),
        "stall": order(SlackFault(delay=timedelta(seconds=1.2))),
        "stop": slack.stop,
    }


@contextmanager
def slack_side() -> Iterator[FarSide]:
    with Workspace(["sales"]) as slack:
        yield FarSide(
            channel=Slack(
                "sales",
                to="#sales",
                token=slack.token,
                renderer=RENDERER,
                base_url=slack.api_url,
                timeout=IMPATIENT,
            ),
            secrets=(slack.token,),
            arrived=lambda: _texts(slack),
            refuse=lambda: slack.faults.add(SlackFault(error="no_text"), calls="chat.postMessage"),
            lock_out=lambda: slack.revoke(slack.token),
            **_slack_faults(slack, "chat.postMessage"),
        )


@contextmanager
def hook_side() -> Iterator[FarSide]:
    with Workspace(["sales"]) as slack:
        url = slack.webhook_url("sales")
        yield FarSide(
            channel=SlackHook("sales", url=url, renderer=RENDERER, timeout=IMPATIENT),
            secrets=(url, url.rsplit("/", 1)[1]),
            arrived=lambda: _texts(slack),
            refuse=lambda: slack.faults.add(
                SlackFault(status=400, body="no_text", content_type="text/plain"), calls="webhook", times=3
            ),
            lock_out=lambda: slack.faults.add(SlackFault(status=404, body="no_service"), calls="webhook"),
            **_slack_faults(slack, "webhook"),
        )


@contextmanager
def running_mailbox() -> Iterator[tuple[Mailbox, Callable[[], None]]]:
    """A mailbox that wants a login, and the way to stop it before its time."""
    mailbox = Mailbox(accounts={"bot": PASSWORD})
    once = ExitStack()
    once.callback(mailbox.stop)
    with once:
        yield mailbox, once.close


@contextmanager
def mail_side() -> Iterator[FarSide]:
    with running_mailbox() as (mailbox, stop):

        def order(fault: MailFault) -> Callable[[], None]:
            return lambda: mailbox.faults.add(fault)

        def account(password: str) -> Server:
            return Server(
                host=mailbox.host,
                port=mailbox.port,
                security="none",
                user="bot",
                password=password,
                timeout=IMPATIENT,
            )

        yield FarSide(
            channel=Mail(
                "owner",
                to=["owner@example.com"],
                sender="Pirsch bot <bot@example.com>",
                server=account(PASSWORD),
                renderer=RENDERER,
            ),
            secrets=(PASSWORD,),
            arrived=lambda: [
                f"{mail.source}\n{mail.subject}\n{mail.plain}\n{mail.html}" for mail in mailbox.messages
            ],
            busy=order(MailFault(stage="recipient", reply="451 4.7.1 Greylisted, try later")),
            refuse=order(MailFault(stage="data", reply="554 5.7.1 Looks like spam")),
            lock_out=order(MailFault(stage="recipient", reply="550 5.1.1 No such user")),
            hang_up_before=order(MailFault(stage="data", drop="before")),
            hang_up_after=order(MailFault(stage="data", drop="after")),
            stall=order(MailFault(stage="data", delay=timedelta(seconds=1.2))),
            stop=stop,
        )


FAR_SIDES = {"slack": slack_side, "hook": hook_side, "mail": mail_side}
