"""Who it is that types."""

import getpass

import click


def _somebody() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without a name for its user
        return "somebody"


def _one_line(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    name = " ".join(value.split())
    if not name or not name.isprintable() or len(name) > 80:
        raise click.BadParameter("a name is needed, at most 80 characters")
    return name


by_option = click.option(
    "--by", default=_somebody, show_default="your login", callback=_one_line, help="Who does it."
)
