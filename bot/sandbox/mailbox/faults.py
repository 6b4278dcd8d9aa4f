"""What goes wrong with the mail server on demand."""

import threading
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Literal

Stage = Literal["greeting", "sender", "recipient", "data"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """How the server fails at one stage of a delivery.

    `reply` is said in place of the good answer, for example "450 4.2.1 Try later"; at the greeting the
    connection ends with it. `drop` breaks the connection without an answer, before or after the mail was
    taken in (at stages other than "data" there is no difference). `delay` comes first.
    `recipient` is a glob: at the stage "recipient" only matching addresses fail.
    """

    stage: Stage
    reply: str | None = None
    delay: timedelta = timedelta(0)
    drop: Literal["before", "after"] | None = None
    recipient: str = "*"


class Faults:
    """The faults that are ordered and not yet used up. Safe for threads."""

    def __init__(self) -> None:
        self._orders: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault, *, times: int = 1) -> None:
        """Let it happen at the next `times` chances."""
        with self._lock:
            self._orders.extend([fault] * times)

    def take(self, stage: Stage, recipient: str = "") -> Fault | None:
        """Use up one fault of the stage, the oldest first. None means that all goes well."""
        with self._lock:
            for index, fault in enumerate(self._orders):
                if fault.stage == stage and fnmatchcase(recipient, fault.recipient):
                    return self._orders.pop(index)
        return None

    def clear(self) -> None:
        """Let everything go well from now on."""
        with self._lock:
            self._orders.clear()
