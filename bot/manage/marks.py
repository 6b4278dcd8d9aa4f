"""The mark in the description of what we made: `office · by pirsch-bot (bot.example.com)`.

People see in the dashboard whose it is; whoever takes the mark away has taken the object over. Two bots on
one account, each with its own public address, tell their objects apart by it.
"""

import re
from dataclasses import dataclass

from bot.manage.change import Owner

LONGEST = 200  # of a description, as far as anybody has seen
_MARK = re.compile(r"(?:^|\s·\s)by pirsch-bot(?: \((?P<whose>[^()]*)\))?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Whose mark: the host of the bot's public address; empty where it has none."""

    whose: str = ""

    def put(self, note: str) -> str:
        """Return a description: the note, and whose it is."""
        mark = f"by pirsch-bot ({self.whose})" if self.whose else "by pirsch-bot"
        if not note:
            return mark
        return f"{cut(note, LONGEST - len(mark) - 3)} · {mark}"

    def read(self, description: str) -> tuple[str, Owner]:
        """Return the note of a description, and whose the object is."""
        found = _MARK.search(description)
        if found is None:
            return description, Owner.SOMEBODYS
        ours = (found["whose"] or "") == self.whose
        return description[: found.start()], Owner.OURS if ours else Owner.ANOTHER_BOTS

    def longest_note(self) -> int:
        """How many characters of a note fit beside the mark."""
        return LONGEST - len(self.put("")) - 3


def cut(text: str, longest: int) -> str:
    """Return a text that fits."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
