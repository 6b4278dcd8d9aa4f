"""A config.toml for somebody who has none yet: the text, and the variables that it names."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

OWNER, TEAM = "owner", "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDraft:
    """A mail server, and who is told by it."""

    host: str
    sender: str
    to: str
    port: int = 587
    security: str = "starttls"
    username: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What one has to know for a first config. Every value is right by itself: `tables` has its type."""

    site: str
    domain: str
    timezone: str = "UTC"
    public_url: str | None = None
    slack: str = "none"  # or "token", or "webhook"
    slack_channel: str = ""
    mail: MailDraft | None = None
    event: str = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """An environment variable that a config names. `like` is a value of the right shape, no real one."""

    name: str
    what: str
    like: str


def variables(draft: Draft) -> list[Variable]:
    """Return the variables that have to be set, the hook's token first."""
    found = [Variable(name=hook_token(draft.site), what="of the webhook's address", like="t" * 43)]
    if draft.slack == "token":
        what = "Slack's bot token: your app, OAuth & Permissions, scope chat:write"
        found.append(Variable(name="SLACK_BOT_TOKEN", what=what, like="xoxb-0"))
    if draft.slack == "webhook":
        what = "Slack's address: your app, Incoming Webhooks"
        found.append(Variable(name="SLACK_HOOK_URL", what=what, like="https://hooks.slack.com/services/0"))
    if draft.mail is not None and draft.mail.username is not None:
        found.append(Variable(name="SMTP_PASSWORD", what="the mail server's password", like="0"))
    return found


def hook_token(site: str) -> str:
    """Name the variable that holds a site's token: SHOP_HOOK_TOKEN."""
    name = re.sub(r"[^A-Z0-9]", "_", site.upper())
    return f"{'SITE_' if name[0].isdigit() else ''}{name}_HOOK_TOKEN"


def text(draft: Draft) -> str:
    """Write the config."""
    return "\n".join([*_bot(draft), *_site(draft), *_slack(draft), *_mail(draft), *_rule(draft)])


def _bot(draft: Draft) -> Iterator[str]:
    yield "# The settings of pirsch-bot. config.example.toml explains every key."
    yield ""
    yield "[bot]"
    if draft.public_url is None:
        yield '#public_url = "https://…"    # where the bot can be reached'
    else:
        yield f"public_url = {_quoted(draft.public_url)}"
    yield f"timezone = {_quoted(draft.timezone)}"
    if owner := OWNER if draft.mail else TEAM if draft.slack != "none" else None:
        yield f"owner = {_quoted(owner)}    # hears of the bot's own troubles"
    yield ""


def _site(draft: Draft) -> Iterator[str]:
    yield f"[site.{draft.site}]"
    yield f"domain = {_quoted(draft.domain)}"
    yield f"hook_token = {_from(hook_token(draft.site))}"
    yield ""


def _slack(draft: Draft) -> Iterator[str]:
    if draft.slack == "none":
        return
    if draft.slack == "token":
        yield "[slack]"
        yield f"token = {_from('SLACK_BOT_TOKEN')}"
        yield ""
    yield f"[channel.{TEAM}]"
    yield 'type = "slack"'
    yield (
        f"to = {_quoted(draft.slack_channel)}"
        if draft.slack == "token"
        else f"hook = {_from('SLACK_HOOK_URL')}"
    )
    if draft.mail is not None:
        yield f"fallback = {_quoted(OWNER)}    # told there while Slack takes nothing"
    yield ""


def _mail(draft: Draft) -> Iterator[str]:
    mail = draft.mail
    if mail is None:
        return
    yield "[mail]"
    yield f"host = {_quoted(mail.host)}"
    yield f"port = {mail.port}"
    yield f"security = {_quoted(mail.security)}"
    if mail.username is not None:
        yield f"username = {_quoted(mail.username)}"
        yield f"password = {_from('SMTP_PASSWORD')}"
    yield f"sender = {_quoted(mail.sender)}"
    yield ""
    yield f"[channel.{OWNER}]"
    yield 'type = "mail"'
    yield f"to = [{_quoted(mail.to)}]"
    yield ""


def _rule(draft: Draft) -> Iterator[str]:
    told = TEAM if draft.slack != "none" else OWNER if draft.mail else None
    mark = "" if told else "#"
    if not told:
        yield "# Nobody is told yet: add a [channel.…], and then a rule such as this one."
    every = draft.event == "*"
    yield f"{mark}[[rule]]"
    yield f"{mark}name = {_quoted('Every event' if every else draft.event)}"
    yield f"{mark}event = {_quoted(draft.event)}"
    if every:
        yield f'{mark}collect = "1m"    # what comes within a minute becomes one message'
    yield f"{mark}notify = [{_quoted(told or TEAM)}]"
    yield ""


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _from(variable: str) -> str:
    return f"{{ env = {_quoted(variable)} }}"
