"""What is wrong with a file: each mistake with its place, and all of them together."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.settings.locate import Path, line_of, locate

LONGEST_NAME = 60
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake of a file. `place` is a path as the file spells it, `line` counts from 1."""

    place: str
    what: str
    line: int | None = None
    hint: str = ""

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.place}: {self.what}{hint}" if self.place else f"{self.what}{hint}"


class BadSettings(Exception):
    """The file has mistakes: all of them, in the order of their lines."""

    def __init__(self, name: str, mistakes: Sequence[Mistake]) -> None:
        self.name = name
        self.mistakes = sorted(mistakes, key=lambda one: (one.line or 0, one.place, one.what))
        super().__init__(f"{name} has {len(mistakes)} mistake{'s' if len(mistakes) > 1 else ''}")

    def lines(self) -> list[str]:
        """Return a line for each mistake: `config.toml:12: rule "Big order".notify: …`."""
        return [
            f"{self.name}:{one.line}: {one}" if one.line else f"{self.name}: {one}" for one in self.mistakes
        ]


class Report:
    """The mistakes found so far in one text. Lines are looked for when there is a first one."""

    def __init__(self, text: str) -> None:
        self.found: list[Mistake] = []
        self._text = text

    def add(self, path: Path, place: str, what: str, hint: str = "") -> None:
        """Note a mistake at `path`, which people know as `place`."""
        self.found.append(Mistake(place=place, what=what, line=self.line(path), hint=hint))

    def line(self, path: Path) -> int | None:
        """Return the line of a path, or of the nearest table around it."""
        return line_of(self._places, path)

    @cached_property
    def _places(self) -> dict[Path, int]:
        return locate(self._text)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `did you mean "…"?` when something known is close, else what is known, else nothing."""
    names = sorted(known)
    if close := difflib.get_close_matches(word[:LONGEST_NAME], names, n=1, cutoff=0.7):
        return f'did you mean "{close[0]}"?'
    return f"known: {', '.join(names)}" if names and len(names) <= 13 else ""


def as_text(data: object) -> str:
    """Return a name for a message: short, on one line, without anything that a terminal obeys."""
    text = "".join(letter if letter.isprintable() else "\ufffd" for letter in " ".join(str(data).split()))
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"


def as_key(key: object) -> str:
    """Return a key as the file spells it: in quotes where TOML needs them."""
    text = as_text(key)
    return text if _BARE.fullmatch(text) else f'"{text}"'
