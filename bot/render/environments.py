"""One Jinja environment per target: escaping belongs to the target, undefined names are errors.

Every value that a template prints passes `finalize` first: instants, lengths and numbers are written as
people write them, text loses what cannot be shown, and Slack's three control characters are escaped.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from bot.render.figures import Figures
from bot.writing.formats import Formats
from bot.writing.spans import ago, span
from bot.writing.text import clean, cut, oneline, slack_escape

# Between the parts of a Slack message. No value can hold it: `clean` takes control characters out.
CUT_HERE = Markup("\x1e")


class Payload:
    """Strangers' keys and values, with no attribute that could shadow a key.

    Jinja looks for an attribute before it looks for a key: on a dict, `meta.items` would find the method.
    """

    __slots__ = ("__values",)

    def __init__(self, values: Mapping[str, object]) -> None:
        self.__values = values

    def __getitem__(self, key: str) -> object:
        return self.__values[key]

    def __contains__(self, key: object) -> bool:
        return key in self.__values

    def __iter__(self) -> Iterator[str]:
        return iter(self.__values)

    def __len__(self) -> int:
        return len(self.__values)


class _Environment(Environment):
    """Hands mappings to templates as `Payload`."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        return _wrapped(super().getattr(obj, attribute))

    def getitem(self, obj: Any, argument: Any) -> Any:
        return _wrapped(super().getitem(obj, argument))


def _wrapped(value: object) -> object:
    return Payload(value) if isinstance(value, Mapping) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Environments:
    """The three targets."""

    slack: Environment
    text: Environment
    html: Environment


def environments(folders: Sequence[Path], formats: Formats) -> Environments:
    """Make the environments; of two files with one name the one in the earlier folder is taken."""
    return Environments(
        # Slack's "autoescape" only keeps what is escaped already (macros, super()) from being escaped
        # again: `finalize` answers Markup, which Jinja's HTML escaping leaves alone.
        slack=_environment(folders, formats, partial(_for_slack, formats), autoescape=True),
        text=_environment(folders, formats, partial(_shown, formats), autoescape=False),
        html=_environment(folders, formats, partial(_shown, formats), autoescape=True),
    )


def _environment(
    folders: Sequence[Path], formats: Formats, finalize: Callable[[object], object], *, autoescape: bool
) -> Environment:
    environment = _Environment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        autoescape=autoescape,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= filters(formats)
    environment.globals["cut_here"] = CUT_HERE
    return environment


def filters(formats: Formats) -> Mapping[str, Callable[..., object]]:
    """List our own filters; docs/templates.md explains each."""
    figures = Figures(formats)
    return {
        "number": formats.number,
        "measure": formats.measure,
        "money": formats.money,
        "span": span,
        "when": formats.when,
        "clock": formats.clock,
        "ago": _ago,
        "oneline": oneline,
        "cut": cut,
        "pairs": _pairs,
        "now": figures.now,
        "was": figures.was,
        "usual": figures.usual,
        "change": figures.change,
        "compared": figures.compared,
        "odds": figures.odds,
        "days": figures.days,
        "called": formats.called,
        "weekday": formats.named,
    }


@pass_context
def _ago(context: Context, instant: datetime) -> str:
    # Counted from the notice, not from now: a message must say the same when it is read or sent again.
    return ago(instant, context["notice"].at)


def _pairs(payload: Payload) -> list[tuple[str, object]]:
    return [(key, payload[key]) for key in payload]


def _shown(formats: Formats, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Markup):
        return value
    if isinstance(value, datetime):
        return formats.when(value)
    if isinstance(value, timedelta):
        return span(value)
    if isinstance(value, int | float | Decimal):
        return formats.number(value)
    return clean(str(value))


def _for_slack(formats: Formats, value: object) -> Markup:
    shown = _shown(formats, value)
    return shown if isinstance(shown, Markup) else Markup(slack_escape(shown))  # noqa: S704 - just escaped
