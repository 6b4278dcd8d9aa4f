"""Secrets: named in the file, read from the environment or a file, never printed."""

from collections.abc import Mapping
from hmac import compare_digest
from pathlib import Path
from typing import Annotated, Any, NoReturn

from pydantic import BeforeValidator, ValidationInfo


class Secret:
    """A text that does not print. `reveal` gives it, once, to the constructor of whoever needs it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the secret itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written anywhere")


HOW = 'write { env = "NAME" } or { file = "path" }: the secret itself does not belong into this file'


def resolve(value: object, environ: Mapping[str, str], folder: Path) -> Secret:
    """Read what `{ env = "NAME" }` or `{ file = "path" }` points at; paths are relative to `folder`.

    Raises ValueError in words that name the place and never the value.
    """
    if isinstance(value, Secret):
        return value
    match value:
        case {"env": str(name), **rest} if not rest:
            found = environ.get(name, "").strip()
            if not found:
                raise ValueError(
                    f"environment variable {name} is {'empty' if name in environ else 'not set'}"
                )
            return Secret(found)
        case {"file": str(name), **rest} if not rest:
            try:
                found = (folder / name).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeError, ValueError) as error:
                raise ValueError(f"cannot read the file {name} ({_plain(error)})") from None
            if not found:
                raise ValueError(f"the file {name} is empty")
            return Secret(found)
        case _:
            raise ValueError(HOW)


def _plain(error: Exception) -> str:
    return error.strerror or "unreadable" if isinstance(error, OSError) else "it is not UTF-8 text"


def _validate(value: Any, info: ValidationInfo) -> Secret:
    context = info.context or {}
    return resolve(value, context.get("environ", {}), context.get("folder", Path()))


SecretText = Annotated[Secret, BeforeValidator(_validate)]
"""A secret in a table of the settings."""
