"""What Pirsch answers, for eyes, for programs, and for spreadsheets. Strangers wrote most of its texts."""

import csv
import io
import json
import re
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import click

FORMS = ("table", "json", "csv")
SECRET = frozenset({"endpoint", "webhook_endpoint", "code", "password"})
LONGEST_CELL = 60

_SHARE = re.compile(r"(^|_|\.)(rate|cr|relative|growth|off|ctr)(_|$)")
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?\+00:00")
_FORMULA = ("=", "+", "-", "@")

Record = Mapping[str, object]


def show(answer: object, form: str, *, secrets: bool) -> None:
    """Print an answer in one of FORMS; what opens something (addresses with tokens) only with `secrets`."""
    found = plain(answer, secrets=secrets)
    if form == "json":
        click.echo(_harmless(json.dumps(found, ensure_ascii=False, indent=2)))
    elif form == "csv":
        click.echo(as_csv(rows_of(found)), nl=False)
    else:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        click.echo("\n".join(as_lines(found, width)))


# ---------------------------------------------------------------- values


def plain(value: object, *, secrets: bool) -> Any:
    """Return an answer as JSON would have it: objects, lists, texts, numbers."""
    if is_dataclass(value) and not isinstance(value, type):
        members = {one.name: getattr(value, one.name) for one in fields(value)}
        rest = members.pop("rest", {})
        return plain({**members, **rest}, secrets=secrets)
    if isinstance(value, Mapping):
        return {
            str(name): veiled(str(inner))
            if inner and name in SECRET and not secrets
            else plain(inner, secrets=secrets)
            for name, inner in value.items()
        }
    if isinstance(value, date):  # and datetime, which is one
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return [plain(one, secrets=secrets) for one in value] if isinstance(value, Iterable) else str(value)


def veiled(text: str) -> str:
    """Return how a secret is told: only whose address it is."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return "…"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/…" if parts.netloc else "…"


def flat(record: Record, before: str = "") -> dict[str, object]:
    """Return a record without records in it: `goal.name` for the name in the goal."""
    found: dict[str, object] = {}
    for name, value in record.items():
        if isinstance(value, Mapping) and value:
            found |= flat(value, f"{before}{name}.")
        else:
            found[f"{before}{name}"] = value
    return found


def rows_of(found: Any) -> list[dict[str, object]]:
    """Return an answer as rows: a list of plain values has one column."""
    several = found if isinstance(found, list) else [found]
    return [flat(one) if isinstance(one, Mapping) else {"value": one} for one in several]


# ---------------------------------------------------------------- for eyes


def as_lines(found: Any, width: int | None) -> list[str]:
    """Return a single answer as a record, several as a table, or as records where a table is too wide.

    `width` None is as wide as need be.
    """
    if isinstance(found, Mapping):
        return as_record(flat(found))
    rows = rows_of([] if found is None else found)
    if not rows:
        return ["Nothing."]
    for table in (as_table(rows), as_table(rows, narrow=True)):
        if width is None or len(table[0]) <= width:
            return [line.rstrip() for line in table]
    return [line for row in rows for line in (*as_record(row), "")]


def as_table(rows: Sequence[Record], *, narrow: bool = False) -> list[str]:
    """Return lines with a head, numbers on the right; columns in which nothing stands are left out.

    `narrow` lets the names of the head take a line for each of their words. All lines are equally long.
    """
    names = [name for name in _names(rows) if any(_told(name, row.get(name)) for row in rows)]
    heads = [name.split("_") if narrow else [name] for name in names]
    tall = max((len(head) for head in heads), default=0)
    columns = []
    for name, head in zip(names, heads, strict=True):
        cells = [cell(name, row.get(name)) for row in rows]
        if name.rpartition(".")[2] not in SECRET:  # half an address is of no use to whoever asked for it
            cells = [cut(text) for text in cells]
        texts = [*head, *[""] * (tall - len(head)), *cells]
        width = max(len(text) for text in texts)
        right = any(isinstance(row.get(name), int | float) for row in rows)
        columns.append([text.rjust(width) if right else text.ljust(width) for text in texts])
    return ["  ".join(texts) for texts in zip(*columns, strict=True)] or ["Nothing."]


def _told(name: str, value: object) -> bool:
    """Whether a value says something; Pirsch sends zeros for custom metrics that nobody asked for."""
    return value not in (None, "", [], {}) and not ("custom_metric" in name and value == 0)


def as_record(record: Record) -> list[str]:
    """Return a line for each part of a single answer."""
    width = max((len(name) for name in record), default=0)
    told = [(name, value) for name, value in record.items() if _told(name, value)]
    return [f"{name.ljust(width)}  {cell(name, value)}" for name, value in told] or ["Nothing."]


def cell(name: str, value: object) -> str:
    """Return a value on one line, as people read it, with nothing in it that a terminal would obey."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() if not name.endswith("id"):
            return f"{value:,}"
        case float():
            return f"{value:.1%}" if _SHARE.search(name) and "percent" not in name else f"{value:,.2f}"
        case list():
            return ", ".join(cell(name, one) for one in value)
        case Mapping():
            return one_line(json.dumps(value, ensure_ascii=False)) if value else ""
        case _:
            return one_line(_INSTANT.sub(r"\1 \2 UTC", str(value)))


def cut(text: str) -> str:
    """Return a text that fits into a column."""
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def one_line(text: str) -> str:
    """Return a stranger's text on one line, with nothing in it that a terminal would obey."""
    return "".join(letter if letter.isprintable() else "�" for letter in " ".join(text.split()))


# ---------------------------------------------------------------- for programs


def as_csv(rows: Sequence[Record]) -> str:
    """Return CSV with a head. A text that a spreadsheet would take for a formula begins with a quote."""
    out = io.StringIO()
    writer = csv.writer(out)
    names = _names(rows)
    writer.writerow(names)
    writer.writerows([_field(row.get(name)) for name in names] for row in rows)
    return out.getvalue()


def _field(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = one_line(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return f"'{text}" if text.startswith(_FORMULA) else text


def _harmless(text: str) -> str:
    """Escape what a terminal could obey; JSON stays the same JSON."""
    return "".join(one if one.isprintable() or one == "\n" else json.dumps(one)[1:-1] for one in text)


def _names(rows: Sequence[Record]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))
