"""The mark in the description of what we made: `office · by pirsch-bot (bot.example.com)`.

People see in the dashboard whose it is. Two bots on one account, each with its own public address, tell
their objects apart by it. Where somebody took the mark away, a person decides what becomes of the object.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.manage.change import Owner

LONGEST_NOTE = 100
"""Characters of a note, so that it fits into a description beside the mark."""

LONGEST_NAME = 60
_MARK = re.compile(r"(?:^|\s·\s)by pirsch-bot(?: \((?P<whose>[^()]*)\))?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Whose mark: the host of the bot's public address; empty where it has none."""

    whose: str = ""

    def put(self, note: str) -> str:
        """Return a description: the note, and whose it is."""
        mark = f"by pirsch-bot ({self.whose})" if self.whose else "by pirsch-bot"
        return f"{note[:LONGEST_NOTE]} · {mark}" if note else mark

    def read(self, description: str) -> tuple[str, Owner]:
        """Return the note of a description, and whose the object is."""
        found = _MARK.search(description)
        if found is None:
            return description, Owner.SOMEBODYS
        ours = (found["whose"] or "") == self.whose
        return description[: found.start()], Owner.OURS if ours else Owner.ANOTHER_BOTS


def mark_of(public_url: str | None) -> Mark:
    """Return the mark of a bot that is reached at an address."""
    host = urlsplit(public_url).hostname if public_url else None
    return Mark(whose=(host or "")[:LONGEST_NAME])
