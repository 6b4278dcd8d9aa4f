"""Runs one command: asks or rehearses, and shows what came of it."""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from bot import log
from bot.cli.ground import settings_or_stop, stop
from bot.cli.pirsch import asking, output
from bot.cli.pirsch.areas import AREAS, reads
from bot.cli.pirsch.asking import WouldSend
from bot.cli.pirsch.parameters import Parameter, needs_domain
from bot.pirsch import paging
from bot.pirsch.making import Made
from bot.pirsch.query import Direction, Slice
from bot.pirsch.wire import Wire

NOT_SENT = 2


def run(
    *,
    area: str,
    method: str,
    function: Callable[..., object],
    found: list[Parameter],
    config: Path,
    form: str | None,
    show_secrets: bool,
    **values: Any,
) -> None:
    """Ask Pirsch and print the answer; a write without --yes is only shown, and ends with NOT_SENT."""
    settings = settings_or_stop(config)
    log.quiet()
    form = form or ("table" if sys.stdout.isatty() else "json")
    sends = reads(area, method) or values.get("yes", False)
    with asking.in_words(), asking.wire(settings, send=sends) as wire:
        domain = asking.domain_of(wire, settings, values.get("site")) if needs_domain(function) else None
        arguments = {one.name: one.value(domain, values) for one in found}
        if sends:
            answer = _asked(wire, area, method, arguments, values)
        else:
            answer = _rehearsed(wire, area, method, arguments, secrets=show_secrets)
    _shown(answer, form, read=reads(area, method), secrets=show_secrets)


def _asked(
    wire: Wire, area: str, method: str, arguments: Mapping[str, Any], values: Mapping[str, Any]
) -> object:
    ask = partial(_bound(wire, area, method), **arguments)
    if "most" not in values:
        return ask()
    direction = values["direction"] or Direction.DESCENDING
    read = partial(_page, ask)
    rows = paging.to_the_end(read, sort=values["sort"], direction=direction, most=values["most"])
    if not rows.complete:
        click.echo(f"There may be more than these {len(rows.rows)}: --most.", err=True)
    return rows.rows


def _bound(wire: Wire, area: str, method: str) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(AREAS[area].kind(wire), method)
    return found


def _page(ask: Callable[..., Any], rows: Slice) -> Sequence[object]:
    found: Sequence[object] = ask(rows=rows)
    return found


def _rehearsed(wire: Wire, area: str, method: str, arguments: Mapping[str, Any], *, secrets: bool) -> object:
    """Show what would be sent and end with NOT_SENT; return the answer when nothing needs to be sent."""
    lines: list[str] = []
    answer: object = None
    for each in _one_by_one(arguments):
        try:
            answer = _bound(wire, area, method)(**each)
        except WouldSend as would:
            lines += would.lines(secrets=secrets)
    if lines:
        click.echo("\n".join(["Would send:", *(f"  {line}" for line in lines)]))
        stop("Nothing was sent. Say --yes to send it.", code=NOT_SENT)
    click.echo("It is so already: nothing is to be sent.", err=True)
    return answer


def _one_by_one(arguments: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Divide what is written for several addresses: the client sends a call for each."""
    several = next((name for name, value in arguments.items() if isinstance(value, tuple)), None)
    if several is None:
        return [arguments]
    return [{**arguments, several: (one,)} for one in arguments[several]]


def _shown(answer: object, form: str, *, read: bool, secrets: bool) -> None:
    if isinstance(answer, bytes):
        if sys.stdout.isatty():
            stop(f"These are {len(answer):,} bytes of a ZIP archive; write them to a file: > a.zip", code=2)
        sys.stdout.buffer.write(answer)
    elif answer is None and not read:
        click.echo("Done.", err=True)
    else:
        output.show(_made(answer), form, secrets=secrets)


def _made(answer: object) -> object:
    """Say whether things were made or found, and return the things."""
    several = answer if isinstance(answer, tuple) else (answer,)
    if not several or not all(isinstance(one, Made) for one in several):
        return answer
    for one in several:
        click.echo("Made." if one.created else "It was there already.", err=True)
    things = tuple(one.value for one in several)
    return things if isinstance(answer, tuple) else things[0]
