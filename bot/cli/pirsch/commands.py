"""Makes a command of a method: its options from the signature, its help from the docstring, an example."""

import inspect
import re
from collections.abc import Callable, Sequence
from functools import partial

import click

from bot.cli.ground import config_option
from bot.cli.pirsch import output, questions, running
from bot.cli.pirsch.areas import AREAS, methods, reads
from bot.cli.pirsch.parameters import explained, needs_domain, pages, parameters


class Areas(click.Group):
    """The areas, in the order of the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names."""
        return [name.replace("_", "-") for name in AREAS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make the commands of one area."""
        area = cmd_name.replace("-", "_")
        return AreaGroup(area) if area in AREAS else None


class AreaGroup(click.Group):
    """The calls of one area, made into commands when somebody asks."""

    def __init__(self, area: str) -> None:
        self._area = area
        self._methods = methods(area)
        super().__init__(name=area.replace("_", "-"), help=AREAS[area].about)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of the client's table."""
        return list(self._methods)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make one command."""
        if cmd_name not in self._methods:
            return None
        return _command(self._area, cmd_name, self._methods[cmd_name])


def _summary(function: Callable[..., object]) -> str:
    """Return what a method promises, as a command does it."""
    return re.sub(r"\AReturn\b", "Show", (inspect.getdoc(function) or "").replace("`", ""))


def _command(area: str, name: str, method: str) -> click.Command:
    function: Callable[..., object] = getattr(AREAS[area].kind, method)
    found = parameters(function)
    sorted_by = pages(function)
    own: list[click.Parameter] = [option for one in found for option in one.options]
    if sorted_by is not None:
        own += questions.slice_options(sorted_by.sort)
    writes = not reads(area, method)
    run = partial(running.run, area=area, method=method, function=function, found=found)
    objects = explained(function)
    made = click.Command(
        name=name,
        params=[*own, *_common(writes=writes, domain=needs_domain(function))],
        callback=run,
        help=_summary(function) + (f"\n\n{objects}" if objects else ""),
        epilog=_example(area, name, own, domain=needs_domain(function)),
    )
    return config_option(made)


def _common(*, writes: bool, domain: bool) -> list[click.Parameter]:
    """Return the options that every command has, or every write, or every one about a dashboard."""
    site = "Its name in the settings, or its host name.  [default: the only one]"
    form = "[default: table on a terminal, else json]"
    return [
        *([click.Option(["--site", "-s"], help=site)] if domain else []),
        *([click.Option(["--yes"], is_flag=True, help="Send it.")] if writes else []),
        click.Option(["--format", "form"], type=click.Choice(output.FORMS), help=form),
        click.Option(["--show-secrets"], is_flag=True, help="Show whole addresses of webhooks, and codes."),
    ]


def _example(area: str, name: str, own: Sequence[click.Parameter], *, domain: bool) -> str:
    words = ["pirsch-bot pirsch", area.replace("_", "-"), name]
    words += [str(one.metavar) for one in own if isinstance(one, click.Argument)]
    words += ["--site shop"] if domain else []
    days = any(isinstance(one, click.Option) and "--from" in one.opts for one in own)
    words += ["--from 2026-05-01 --to 2026-05-07"] if days else []
    return f"Example: {' '.join(words)}"
