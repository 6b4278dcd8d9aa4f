"""Secrets: named in the file, read from the environment or a file, never printed."""

import re
from collections.abc import Mapping
from hmac import compare_digest
from pathlib import Path
from typing import Annotated, Any, NoReturn

from pydantic import BeforeValidator, ValidationInfo

LONGEST_FILE = 64 * 1024
_USUAL_NAME = re.compile(r"[A-Z_][A-Z0-9_]*")
HOW = 'write { env = "NAME" } or { file = "path" }: the secret itself does not belong into this file'


class Secret:
    """A text that does not print. `reveal` gives it, once, to the constructor of whoever needs it.

    `name` says where it comes from, such as `$SLACK_BOT_TOKEN`: that may be shown.
    """

    __slots__ = ("_text", "name")

    def __init__(self, text: str, name: str = "") -> None:
        self._text = text
        self.name = name

    def reveal(self) -> str:
        """Return the secret itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and compare_digest(_bytes(self), _bytes(other))

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written anywhere")


def _bytes(secret: Secret) -> bytes:
    return secret.reveal().encode("utf-8", "surrogatepass")


def resolve(value: object, environ: Mapping[str, str], folder: Path) -> Secret:
    """Read what `{ env = "NAME" }` or `{ file = "path" }` points at; paths begin at `folder`.

    Raises ValueError in words that never repeat a value: what stands in the wrong place may be the secret.
    """
    match value:
        case {"env": str(name), **rest} if not rest:
            return Secret(_fit(_from_environment(name, environ)), f"${name}")
        case {"file": str(name), **rest} if not rest:
            return Secret(_fit(_from_file(folder, name)), f"file {name}")
        case _:
            raise ValueError(HOW)


def _from_environment(name: str, environ: Mapping[str, str]) -> str:
    if found := environ.get(name, "").strip():
        return found
    what = "is empty" if name in environ else "is not set"
    if _USUAL_NAME.fullmatch(name):
        raise ValueError(f"environment variable {name} {what}")
    raise ValueError(f"the environment variable that is named here {what}; env takes a name, not the secret")


def _from_file(folder: Path, name: str) -> str:
    try:
        with (folder / Path(name).expanduser()).open("rb") as file:
            found = file.read(LONGEST_FILE).decode("utf-8-sig").strip()
    except UnicodeError:
        raise ValueError("the file that is named here is not UTF-8 text") from None
    except (OSError, ValueError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or "no such path"
        raise ValueError(
            f"the file that is named here cannot be read: {why}; paths begin in the folder of the config"
        ) from None
    if not found:
        raise ValueError("the file that is named here is empty")
    return found


def _fit(text: str) -> str:
    if any(ord(letter) < 32 or "\x7f" <= letter <= "\x9f" for letter in text):
        raise ValueError("the secret holds a line break or a control character: it was not copied whole")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("the secret is not UTF-8 text")
    return text


def _validate(value: Any, info: ValidationInfo) -> Secret:
    context = info.context or {}
    return resolve(value, context.get("environ", {}), context.get("folder", Path()))


SecretText = Annotated[Secret, BeforeValidator(_validate)]
"""A secret in a table of the settings."""
