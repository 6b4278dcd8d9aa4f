"""Log lines: one JSON object each, with every secret and every webhook's address blotted out."""

import json
import logging
import math
import re
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus, unquote, urlsplit

BLOT = "***"
DEEPEST = 8
SHORTEST_SECRET = 6  # characters; a shorter one would blot out half of every line

_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_SLASH = r"(?:/|%2f)+"
# The address of a webhook, and a link that decides about a proposal: who has one may use it.
_HOOK = re.compile(rf"(hooks{_SLASH}[^\s\"'/?%]*{_SLASH}|proposals{_SLASH})[^\s\"'?]+", re.IGNORECASE)
# JSON leaves these as they are: line breaks, what a terminal obeys, what turns a line around, half letters.
_RAW = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Lines(logging.Formatter):
    """`{"at", "level", "logger", "event", …extra}`; values that no JSON has are written as their text."""

    converter = staticmethod(time.gmtime)  # instants are UTC in here

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        known = {form for secret in secrets for form in _forms(secret) if len(form) >= SHORTEST_SECRET}
        # The longest first: one secret may be the beginning of another.
        ordered = sorted(map(re.escape, known), key=len, reverse=True)
        self._secrets = re.compile("|".join(ordered)) if ordered else None

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. Never raises: what cannot be shown is named instead."""
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self._message(record),
        }
        for key, value in vars(record).items():
            if key not in _USUAL and key not in line:
                line[self._text(key)] = self._plain(value)
        if record.exc_info:
            line["trace"] = self._text(self.formatException(record.exc_info))
        text = json.dumps(line, ensure_ascii=False)
        return _RAW.sub(lambda letter: f"\\u{ord(letter[0]):04x}", text)

    def _message(self, record: logging.LogRecord) -> str:
        try:
            return self._text(record.getMessage())
        except Exception:  # noqa: BLE001 - logging would write the message to standard error as it is
            return f"{self._text(record.msg)} {self._text(record.args)}"

    def _plain(self, value: object, depth: int = 0) -> Any:
        """Return what JSON has a form for, with every text in it blotted."""
        if value is None or isinstance(value, bool) or (isinstance(value, float) and math.isfinite(value)):
            return value
        if type(value) is int and value.bit_length() < 64:
            return value
        if isinstance(value, dict) and depth < DEEPEST:
            return {self._text(key): self._plain(inner, depth + 1) for key, inner in value.items()}
        if isinstance(value, list | tuple | set | frozenset) and depth < DEEPEST:
            return [self._plain(inner, depth + 1) for inner in value]
        return self._text(value)

    def _text(self, value: object) -> str:
        try:
            text = str(value)
        except Exception:  # noqa: BLE001 - whatever it is, the line has to be written
            return f"<{type(value).__name__} that cannot be shown>"
        text = _HOOK.sub(rf"\1{BLOT}", text)
        return self._secrets.sub(BLOT, text) if self._secrets else text


def _forms(secret: str) -> Iterator[str]:
    """How a secret may stand in a text: as it is, quoted by Python, by JSON or for an address."""
    yield secret
    yield repr(secret)[1:-1]
    yield repr(secret.encode())[2:-1]
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield from (quote(secret), quote(secret, safe=""), quote_plus(secret))
    if "://" in secret and (password := _password(secret)):
        yield from _forms(password)
        yield from _forms(unquote(password))


def _password(address: str) -> str | None:
    try:
        return urlsplit(address).password
    except ValueError:
        return None


def set_up(secrets: Iterable[str] = (), level: int = logging.INFO) -> None:
    """Send every log line of this process to standard output in one form. Safe to call again."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(Lines(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("gunicorn.error", "gunicorn.access"):
        theirs = logging.getLogger(name)
        theirs.handlers[:] = []
        theirs.propagate = True
    # It says what it runs every second; what it misses and breaks is what we want to hear.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)


def quiet(secrets: Iterable[str] = ()) -> None:
    """For commands that talk to a person: only what went wrong, on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.ERROR)
