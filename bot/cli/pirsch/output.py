"""What Pirsch answers, for eyes, for programs, and for spreadsheets. Strangers wrote most of its texts."""

import csv
import io
import json
import shutil
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import click

Row = dict[str, object]

SECRET = frozenset({"endpoint", "webhook_endpoint", "code", "password"})
LONGEST_CELL = 60
_SHARES = ("rate", "cr", "relative", "growth", "drop_off", "ctr")
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def show(answer: object, form: str, *, secrets: bool) -> None:
    """Print an answer as "table", "json" or "csv"; addresses and codes that open something only if asked."""
    found = plain(answer, secrets=secrets)
    if form == "json":
        click.echo(_harmless(json.dumps(found, ensure_ascii=False, indent=2)))
    elif form == "csv":
        click.echo(as_csv(rows_of(found)), nl=False)
    elif isinstance(found, Mapping):
        for line in record(flat(found)):
            click.echo(line)
    else:
        for line in table(rows_of(found)):
            click.echo(line)


# ---------------------------------------------------------------- values


def plain(value: object, *, secrets: bool) -> Any:
    """Return an answer as JSON would have it: objects, lists, texts, numbers."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = {one.name: getattr(value, one.name) for one in fields(value)}
        rest = pairs.pop("rest", None) or {}
        return plain({**pairs, **rest}, secrets=secrets)
    if isinstance(value, Mapping):
        return (
            {
                str(name): ""
                if not inner
                else _veiled(inner)
                if name in SECRET and not secrets
                else plain(inner, secrets=secrets)
                for name, inner in value.items()
            }
            if False
            else {str(name): _member(str(name), inner, secrets=secrets) for name, inner in value.items()}
        )
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [plain(one, secrets=secrets) for one in value]
    return str(value)
