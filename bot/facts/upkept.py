"""What the bot did to the account by itself."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkept:
    """Something was done to the account, undone, or could not be done. `undo` is the command against it."""

    what: str
    why: str
    good: bool = True
    changes: tuple[str, ...] = ()
    undo: str = ""
    kind: Literal["upkept"] = "upkept"
