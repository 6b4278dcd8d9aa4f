"""pirsch-bot init: write a config by asking."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from bot.cli.asking import Questions, like, or_nothing
from bot.cli.ground import config_option, say, stop
from bot.cli.hooks import address
from bot.rules.mistakes import mistakes
from bot.rules.rule import Rule
from bot.settings import draft, read, tables, words
from bot.settings.draft import Draft, MailDraft, Variable

SLACK = ("token", "webhook", "none")
SECURITY = ("starttls", "tls", "none")


@click.command(
    short_help="Write a config by asking.",
    epilog="""Examples:

    \b
    pirsch-bot init
    pirsch-bot init --yes --domain shop.example.com --slack token --slack-channel "#sales"
    pirsch-bot init --yes --domain shop.example.com --slack none --mail-host smtp.example.com \\
      --mail-sender bot@example.com --owner owner@example.com
    """,
)
@click.option("--site", help="A short name for the site.  [default: shop]")
@click.option("--domain", help="Its domain, as Pirsch knows it.")
@click.option("--timezone", help="In which messages tell the time.  [default: this machine's]")
@click.option("--public-url", help="Where the bot can be reached: https://…")
@click.option("--slack", type=click.Choice(SLACK), help="How to tell people in Slack.  [default: token]")
@click.option("--slack-channel", help="Where in Slack, with a token.  [default: #website]")
@click.option("--mail/--no-mail", default=None, help="Whether to tell somebody by mail.")
@click.option("--mail-host", help="The server that takes mail from us.")
@click.option(
    "--mail-port",
    type=click.IntRange(1, 65535),
    metavar="PORT",
    help="Its port.  [default: 587, with tls 465]",
)
@click.option(
    "--mail-security", type=click.Choice(SECURITY), help="How it is encrypted.  [default: starttls]"
)
@click.option("--mail-username", help="Who we are to the server, when it asks for a password.")
@click.option("--mail-sender", help="From whom mails come.")
@click.option("--owner", help="Who gets them.")
@click.option("--event", help="Which event to tell, or * for every one.  [default: *]")
@click.option("--yes", is_flag=True, help="Ask nothing: what is not given has its default.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--show-token", is_flag=True, help="Spell the webhook's address with its secret.")
@config_option
def command(config: Path, yes: bool, force: bool, show_token: bool, **given: Any) -> None:
    """Write a config by asking: the site, Slack, mail, and a first rule. Each answer is checked at once.

    No secret goes into the file: it names environment variables. This prints how to set them, the address to
    give to Pirsch, and what to do next. A token for that address is made, and shown this once.
    """
    _check_place(config, force=force)
    answers = _asked(Questions(given, silent=yes))
    text = draft.text(answers)
    read(text, {one.name: one.like for one in draft.variables(answers)}, name=str(config))
    _write(config, text)
    _say_what_is_next(config, answers, show_token=show_token)


def _asked(questions: Questions) -> Draft:
    site = questions.text("site", "A short name for the site", like(words.Name), "shop")
    domain = questions.text("domain", "Its domain, as Pirsch knows it", like(words.Host))
    zone = questions.text("timezone", "Your time zone", like(words.Zone), _zone_of_this_machine())
    where = "Where will the bot be reached? https://… (empty: not known yet)"
    public_url = questions.text("public_url", where, or_nothing(like(words.WebAddress)), "")
    way = "Slack, by the token of an app, by an incoming webhook, or not"
    slack = questions.choice("slack", way, SLACK, "token")
    channel = ""
    if slack == "token":
        channel = questions.text("slack_channel", "In which channel", like(tables.SlackTo), "#website")
    mail = _asked_about_mail(questions, default=slack == "none")
    event = questions.text("event", "Which event to tell first (*: every one)", _event, "*")
    return Draft(
        site=site,
        domain=domain,
        timezone=zone,
        public_url=public_url.rstrip("/") or None,
        slack=slack,
        slack_channel=channel,
        mail=mail,
        event=event,
    )


def _asked_about_mail(questions: Questions, *, default: bool) -> MailDraft | None:
    named = questions.has("mail_host", "mail_port", "mail_security", "mail_username", "mail_sender", "owner")
    if not questions.yes("mail", "Tell somebody by mail", default=default or named):
        return None
    host = questions.text("mail_host", "The server that takes mail from us", like(words.MailHost))
    here = words.is_loopback(host)
    possible, usual = (SECURITY, "none") if here else (SECURITY[:2], "starttls")
    security = questions.choice("mail_security", "Its encryption", possible, usual)
    if security not in possible:
        stop('--mail-security: "none" is for a server on this machine only; use "starttls" or "tls"', code=2)
    port = questions.text("mail_port", "Its port", _port, "465" if security == "tls" else "587")
    ask_for_name = "Your name there, when it asks for a password (empty: it does not)"
    username = questions.text("mail_username", ask_for_name, or_nothing(like(words.Login)), "")
    sender = questions.text(
        "mail_sender", "From whom mails come", like(words.Address), f"bot@{_domain(host)}"
    )
    to = questions.text("owner", "Who gets them", like(words.Address))
    return MailDraft(
        host=host, port=int(port), security=security, username=username or None, sender=sender, to=to
    )


def _domain(host: str) -> str:
    """What probably stands behind the @: smtp.example.com takes mail for example.com."""
    labels = host.split(".")
    return "localhost" if words.is_loopback(host) else ".".join(labels[1:] if len(labels) > 2 else labels)


def _event(answer: str) -> str:
    like(words.Text)(answer)
    for key, what in mistakes(Rule(name="new", event=answer, notify=("new",))):
        raise ValueError(what if key == "event" else f"{key}: {what}")
    return answer


def _port(answer: str) -> str:
    if not answer.isascii() or not answer.isdigit() or not 1 <= int(answer) <= 65535:
        raise ValueError("a number from 1 to 65535 is needed")
    return answer


def _zone_of_this_machine() -> str:
    """The IANA name of the time zone in which this machine lives, UTC when it does not say."""
    names = [os.environ.get("TZ", "").lstrip(":")]
    here = Path("/etc/localtime")
    if here.is_symlink():
        names.append(str(here.resolve()).partition("/zoneinfo/")[2])
    for name in filter(None, names):
        try:
            return ZoneInfo(name).key.removeprefix("Etc/")
        except (KeyError, ValueError, OSError):
            continue
    return "UTC"


def _check_place(config: Path, *, force: bool) -> None:
    if os.path.isdir(config):
        stop(f"{config} is a folder; --config takes the file to write.", code=2)
    if not os.path.isdir(config.absolute().parent):
        stop(f"There is no folder {config.absolute().parent}; make it first.", code=2)
    if os.path.exists(config) and not force:
        stop(f"{config} is there already and stays as it is; --force writes over it, --config elsewhere.")


def _write(config: Path, text: str) -> None:
    """Write beside the file and rename, so that there is never half a config."""
    config = config.resolve()  # a link stays one
    beside = config.with_name(f".{config.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(config)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        stop(f"{config} cannot be written: {error.strerror or error}")


def _say_what_is_next(config: Path, answers: Draft, *, show_token: bool) -> None:
    token, *others = draft.variables(answers)
    present = os.environ.get(token.name, "").strip()
    value = present or secrets.token_urlsafe(32)
    elsewhere = "" if str(config) == "config.toml" else f" --config {config}"
    say(f"{config} is written. Next:\n")
    say("1. Set these where the bot runs: in a shell, or with `heroku config:set NAME=…`.\n")
    if not present:
        say(f"     export {token.name}={value}")
    for one in others:
        say(f"     {_exported(one)}")
    said = "is set already" if present else "is new, and shown only this once"
    say(f"\n   {token.name} {said}: it is the secret part {token.what}.\n")
    say("2. See whether everything is right, and whether messages arrive:\n")
    for command_ in ("check", "db upgrade", "send-test --all", "serve"):
        say(f"     pirsch-bot {command_}{elsewhere}")
    say("\n3. At Pirsch: Integration settings, Add Webhook, one for each event name, all with the address\n")
    say(f"     {address(answers.public_url, answers.site, value if show_token else f'${token.name}')}")


def _exported(variable: Variable) -> str:
    return f"export {variable.name}=…    # {variable.what}"
