"""Log lines: one JSON object each, with every secret and every webhook's address blotted out."""

import json
import logging
import re
import sys
import time
from collections.abc import Iterable
from typing import Any

_HOOK = re.compile(r"(/hooks/[^/\s\"']{0,80}/)[^\s\"'?]+")
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
BLOT = "***"


class Lines(logging.Formatter):
    """`{"at", "level", "logger", "event", …extra}`; values that no JSON has are written as their text."""

    converter = staticmethod(time.gmtime)  # instants are UTC in here

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        # The longest first: one secret may be the beginning of another.
        known = sorted((re.escape(secret) for secret in secrets if len(secret) >= 6), key=len, reverse=True)
        self._secrets = re.compile("|".join(known)) if known else None

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in _USUAL}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return self._blotted(json.dumps(line, default=str, ensure_ascii=False))

    def _blotted(self, text: str) -> str:
        text = _HOOK.sub(rf"\1{BLOT}", text)
        return self._secrets.sub(BLOT, text) if self._secrets else text


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


def quiet() -> None:
    """For commands that talk to a person: only what went wrong, on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.ERROR)
