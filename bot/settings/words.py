"""The small types of the file: lengths of time, names, texts, paths, and every kind of address."""

import os
import re
import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Strict, StringConstraints, ValidationInfo

from bot.writing.formats import UnknownLocale, locale

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(?:([0-9]{1,12})\s*(ms|s|m|h|d|w)\s*)+")
_PART = re.compile(r"([0-9]+)\s*(ms|s|m|h|d|w)")
LONGEST = timedelta(days=3660)

_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)*[^\W_](?:[\w-]{0,61}[^\W_])?\.?")
_MAILBOX = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
_ADDRESS = re.compile(rf"(?:[^<>@]*<(?P<named>{_MAILBOX})>|(?P<alone>{_MAILBOX}))")


def duration(value: object) -> timedelta:
    """Read "90s", "10m", "1h30m", "2d". Raises ValueError; a bare number has no unit and is refused."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str) or not _DURATION.fullmatch(value.strip()):
        raise ValueError('a length of time is needed, such as "90s", "10m", "1h30m" or "7d"')
    seconds = sum(int(number) * _UNITS[unit] for number, unit in _PART.findall(value))
    if seconds > LONGEST.total_seconds():
        raise ValueError("this is longer than ten years")
    return timedelta(seconds=seconds)


def spell(length: timedelta) -> str:
    """Write a length of time as the file does: the inverse of `duration` for whole milliseconds."""
    left = round(length.total_seconds() * 1000)
    words = []
    for unit, size in sorted(_UNITS.items(), key=lambda item: -item[1]):
        if unit == "w":
            continue  # "14d" reads better than "2w"
        number, left = divmod(left, round(size * 1000))
        if number:
            words.append(f"{number}{unit}")
    return "".join(words) or "0s"


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine: what goes there cannot be read on the way."""
    return host in ("localhost", "::1") or re.fullmatch(r"127(\.\d{1,3}){3}", host) is not None


def web_address(text: str) -> str:
    """Return an address without its last slash. Raises ValueError unless it begins with https://host."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:  # a port that is no number, a bracket that is never closed
        host = None
    if not host or parts.scheme not in ("https", "http") or " " in text or "\\" in text:
        raise ValueError("an address that begins with https:// is needed")
    if "@" in parts.netloc:
        raise ValueError("a user or password in an address does not belong into this file")
    if "?" in text or "#" in text:
        raise ValueError("an address without ? and # is needed")
    return text.rstrip("/")


def mail_address(text: str) -> str:
    """Return `a@example.com` or `Name <a@example.com>` as it is. Raises ValueError when it is neither."""
    found = _ADDRESS.fullmatch(text.strip())
    mailbox = (found["named"] or found["alone"]) if found else ""
    local = mailbox.partition("@")[0]
    if not text.isprintable() or not 3 <= len(mailbox) <= 254 or "" in local.split("."):
        raise ValueError("this is no mail address: write a@example.com or Name <a@example.com>")
    return text


def _host(text: str) -> str:
    if "/" in text or ":" in text:
        raise ValueError("only the name is needed, without :// before it and : or / behind it")
    if len(text) > 253 or not _HOST.fullmatch(text):
        raise ValueError('a host name is needed, such as "shop.example.com"')
    return text


def _mail_host(text: str) -> str:
    return text if is_loopback(text) else _host(text)


def _positive(length: timedelta) -> timedelta:
    if length <= timedelta(0):
        raise ValueError("this must be longer than nothing")
    return length


def _zone(value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, TypeError, OSError):
        raise ValueError('an IANA time zone is needed, such as "Europe/Berlin" or "UTC"') from None


def _locale(value: Any) -> str:
    try:
        locale(value if isinstance(value, str) else "")
    except UnknownLocale:
        raise ValueError('a locale is needed, such as "de", "en-US" or "fr-CH"') from None
    return str(value)


def _one_line(text: str) -> str:
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in text):
        raise ValueError("line breaks and control characters do not belong here")
    if not text.strip():
        raise ValueError("must not be empty")
    return text


def _path(value: Any, info: ValidationInfo) -> Path:
    """A path as it is meant: from the folder in which the file stands."""
    if not isinstance(value, str):
        raise ValueError("a path in quotes is needed")  # noqa: TRY004 - pydantic collects ValueErrors
    folder = (info.context or {}).get("folder", Path())
    try:
        return Path(folder / Path(_one_line(value)).expanduser())
    except RuntimeError:
        raise ValueError("nobody knows what ~ stands for here: write the whole path") from None


def _existing(path: Path) -> Path:
    if not os.path.exists(path):  # Path.exists raises for a path that no disk can have
        raise ValueError("there is no such file or folder; paths begin in the folder of the config")
    return path


def _folder(path: Path) -> Path:
    if not os.path.isdir(_existing(path)):
        raise ValueError("this is a file; a folder is needed")
    return path


def _file(path: Path) -> Path:
    if os.path.isdir(path):
        raise ValueError("this is a folder; a file is needed")
    return path


def _ascii(text: str) -> str:
    if not text.isascii():
        raise ValueError("a login with other letters than ASCII's is not possible over SMTP here")
    return text


Duration = Annotated[timedelta, BeforeValidator(duration), AfterValidator(_positive)]
Pause = Annotated[timedelta, BeforeValidator(duration)]
"""A length of time that may be nothing."""
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
LocaleName = Annotated[str, BeforeValidator(_locale)]
Whole = Annotated[int, Strict()]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
"""The name of a site or a channel: it stands in addresses and on the command line."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_one_line)]
Expression = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Host = Annotated[Text, AfterValidator(_host)]
MailHost = Annotated[Text, AfterValidator(_mail_host)]
Address = Annotated[Text, AfterValidator(mail_address)]
WebAddress = Annotated[Text, AfterValidator(web_address)]
File = Annotated[Path, BeforeValidator(_path), AfterValidator(_file)]
ExistingFile = Annotated[File, AfterValidator(_existing)]
Folder = Annotated[Path, BeforeValidator(_path), AfterValidator(_folder)]
Login = Annotated[Text, AfterValidator(_ascii)]
"""A name that SMTP's logins can carry."""
