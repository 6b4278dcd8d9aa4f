"""pirsch-bot template: what the words are made of, and how a message reads before anybody gets it."""

import html
import logging
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import click

from bot import log
from bot.cli import mail_page
from bot.cli.ground import config_option, harmless, say, settings_or_stop, stop, table
from bot.facts import Content, Example, Notice, Standing
from bot.render import SlackWords, shipped
from bot.render.environments import filters
from bot.render.values import VALUES
from bot.settings import Settings
from bot.settings.mistakes import did_you_mean
from bot.specimens.ordinary import PLAIN
from bot.specimens.worst import NASTIES

KINDS = {kind.__dataclass_fields__["kind"].default: kind for kind in get_args(Content)}
THINGS: Mapping[str, type] = {"notice": Notice, "standing": Standing, "example": Example} | KINDS
_NARROWEST, _WIDEST = 40, 100


@click.group(
    short_help="What messages are made of: list, preview.",
    epilog="Example: pirsch-bot template preview frequency --worst-case",
)
def command() -> None:
    """Look at the templates: the kinds of messages, what each may use, and how one reads."""


@command.command(
    "list",
    short_help="The kinds of messages, and what a template may use.",
    epilog="Example: pirsch-bot template list   or   pirsch-bot template list event",
)
@click.argument("kind", required=False)
@config_option
def list_(config: Path, kind: str | None) -> None:
    """List the kinds of messages; with a KIND, its files and every value that they may use.

    `notice`, `standing` and `example` are no kinds, but have values, too.
    """
    settings = settings_or_stop(config)
    if kind is None:
        rows = [(name, ", ".join(_variants(name)), VALUES[name].about) for name in KINDS]
        table(("kind", "previews", "what it is"), rows, empty="")
        say(f"\nFilters: {', '.join(sorted(filters(settings.formats())))}; see docs/templates.md")
        return
    _known(kind, THINGS)
    table(
        ("value", "type", "what it is"),
        [(name, type_, about.replace("`", "")) for name, type_, about in values(kind)],
        empty="",
    )
    if kind in KINDS:
        say()
        own = mail_page.folders(settings)
        table(("file", "taken from"), [(name, _owner(name, own)) for name in files(kind)], empty="")


def values(kind: str) -> Iterator[tuple[str, str, str]]:
    """Give every value of a kind: how a template writes it, its type, and what it is."""
    within = "content" if kind in KINDS else kind
    types: dict[str, Any] = {one.name: one.type for one in fields(THINGS[kind])}
    for name, about in VALUES[kind].values.items():
        yield f"{within}.{name}", _type(types.get(name, "str")), about


def files(kind: str) -> list[str]:
    """Return the shipped files that make a kind's words."""
    places = (f"words/{kind}.txt", f"slack/{kind}.md", *(f"mail/{kind}/{name}" for name in _MAIL))
    return [place for place in places if (shipped() / place).is_file()]


_MAIL = ("subject.txt", "body.txt", "body.html")


def _type(written: Any) -> str:
    name = getattr(written, "__name__", None) if isinstance(written, type) else None
    return (name or str(written)).replace("typing.", "").replace("datetime.", "").replace("bot.facts.", "")


def _owner(name: str, own: Sequence[Path]) -> str:
    found = next((folder for folder in own if (folder / name).is_file()), None)
    return "the bot" if found is None else f"yours: {found / name}"


def _variants(kind: str) -> list[str]:
    return [name for name, one in PLAIN.items() if one.kind == kind]


def _known(name: str, known: Mapping[str, object]) -> None:
    if name not in known:
        hint = did_you_mean(name, known)
        stop(f"There is no kind {name!r}{f': {hint}' if hint else ''}. Known: {', '.join(known)}.", code=2)


@command.command(
    short_help="How a message of a kind reads.",
    epilog="""Examples:

    \b
    pirsch-bot template preview event
    pirsch-bot template preview digest --target plain
    pirsch-bot template preview frequency --target mail --worst-case --open
    """,
)
@click.argument("kind")
@click.option(
    "--target",
    type=click.Choice(["slack", "mail", "plain"]),
    help="Where it would be read.  [default: slack, or mail with --open]",
)
@click.option("--worst-case", is_flag=True, help="With long, hostile, right-to-left text and emoji.")
@click.option("--open", "in_browser", is_flag=True, help="Show the mail in a browser.")
@config_option
def preview(config: Path, kind: str, *, target: str | None, worst_case: bool, in_browser: bool) -> None:
    """Put a made-up message into words, by your templates where you have some, and show it here.

    KIND is a kind or one of its previews from `template list`. Exits 1 when a template is broken: then the
    plain words are shown that people would get.
    """
    settings = settings_or_stop(config)
    log.quiet()
    logging.getLogger().setLevel(logging.CRITICAL)  # a broken template is told below, in words
    known = NASTIES if worst_case else PLAIN
    _known(kind, known)
    notice = known[kind]
    if in_browser and target in ("slack", "plain"):
        stop("--open shows the mail: leave out --target.", code=2)
    if in_browser:
        mail_page.show(settings, notice)
    broken = _print(settings, notice, target or ("mail" if in_browser else "slack"))
    if broken is not None:
        stop(f"A template is broken: {harmless(broken)}")


def _print(settings: Settings, notice: Notice, target: str) -> str | None:
    words = mail_page.renderer(settings)
    if target == "slack":
        message = words.slack(notice)
        for line in slack_lines(message):
            click.echo(line)
        return message.broken
    mail = words.mail(notice)
    if target == "mail":
        click.echo(click.style(f"Subject: {harmless(mail.subject)}", bold=True))
        click.echo(click.style(f"Page:    {len(mail.html.encode()):,} bytes; --open shows it", dim=True))
        click.echo()
    click.echo(harmless(mail.plain.rstrip()))
    return mail.broken


def slack_lines(words: SlackWords) -> Iterator[str]:
    """Give a Slack message as lines, styled: what a notification says, then every block."""
    width = max(_NARROWEST, min(shutil.get_terminal_size((80, 24)).columns, _WIDEST))
    yield click.style(f"Notification: {_said(words.text)}", dim=True)
    for block in words.blocks:
        yield click.style("─" * width, dim=True)
        match block["type"]:
            case "header":
                yield click.style(_said(_text(block["text"])), bold=True)
            case "context":
                yield from (click.style(_said(_text(one)), dim=True) for one in _several(block["elements"]))
            case "section":
                yield from (_said(_text(block[one])) for one in ("text",) if one in block)
                yield from (_said(_text(one)) for one in _several(block.get("fields", ())))
    for chart in words.charts:
        yield click.style(f"[chart: {_said(str(chart.get('title', '')))}]", dim=True)


def _text(part: object) -> str:
    return str(part["text"]) if isinstance(part, Mapping) else ""


def _several(parts: object) -> Sequence[object]:
    return parts if isinstance(parts, Sequence) else ()


def _said(text: str) -> str:
    return harmless(html.unescape(text))
