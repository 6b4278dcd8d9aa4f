"""Plain words made without any template, for when a template is broken: dry, complete, and always there."""

import html
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.facts import Notice
from bot.writing.formats import Formats
from bot.writing.spans import span
from bot.writing.text import cut, oneline

LONGEST_VALUE = 300
MOST_VALUES = 20


def headline(notice: Notice) -> str:
    """Say in one line which rule speaks of which site."""
    about = cut(oneline(notice.rule or f"pirsch-bot ({notice.kind})"), 80)
    return f"{about} on {cut(oneline(notice.site), 60)}" if notice.site else about


def lines(notice: Notice, formats: Formats) -> Iterator[str]:
    """Give every fact of the notice as a line `name: value`, in the order of `bot.facts`."""
    yield from _facts(notice.content, formats)
    if notice.standing is not None:
        yield from _facts(notice.standing, formats)
    yield f"reason: {notice.reason.value.replace('_', ' ')}"
    yield f"severity: {notice.severity.value}"
    yield f"time: {formats.when(notice.at)}"


def text(notice: Notice, formats: Formats) -> str:
    """Say the headline and every fact below it."""
    return "\n".join((headline(notice), "", *lines(notice, formats)))


def page(notice: Notice, formats: Formats) -> str:
    """Say the same in HTML without any style."""
    rows = "".join(f"<li dir=auto>{html.escape(line)}</li>" for line in lines(notice, formats))
    head = html.escape(headline(notice))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{head}</title></head>'
        f"<body><h1>{head}</h1><ul>{rows}</ul></body></html>"
    )


def _facts(value: object, formats: Formats, prefix: str = "") -> Iterator[str]:
    for name, inner in _named(value):
        label = f"{prefix}{name}"
        if is_dataclass(inner) or isinstance(inner, Mapping):
            yield from _facts(inner, formats, f"{label}, ")
        elif isinstance(inner, tuple):
            yield from _facts(dict(zip(range(1, len(inner) + 1), inner, strict=True)), formats, f"{label} ")
        elif inner is not None:
            yield f"{label}: {cut(_shown(inner, formats), LONGEST_VALUE)}"


def _named(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for place, (key, inner) in enumerate(value.items()):
            if place == MOST_VALUES:
                yield "more", len(value) - MOST_VALUES
                return
            yield cut(oneline(key), 60), inner
    elif is_dataclass(value):
        for one in fields(value):
            if one.name != "kind":
                yield one.name.removesuffix("_at").replace("_", " "), getattr(value, one.name)


def _shown(value: object, formats: Formats) -> str:
    if isinstance(value, datetime):
        return formats.when(value)
    if isinstance(value, timedelta):
        return span(value)
    if isinstance(value, Decimal | int):
        return formats.number(value)
    return oneline(value)
