"""Long Slack texts: several sections where one would be too long, within the room that a message has."""

import re
from collections.abc import Iterator

from bot.writing.text import ELLIPSIS, cut_escaped

_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")


def sections(body: str, longest: int, room: int) -> tuple[str, ...]:
    """Cut a body between paragraphs, or else between lines, into texts no longer than `longest`.

    Together they are no longer than `room`; an ellipsis shows that something is missing.
    """
    made: list[str] = []
    for piece in _pieces(body, longest):
        if made and len(made[-1]) + len(piece) + 2 <= longest:
            made[-1] = f"{made[-1]}\n\n{piece}"
        else:
            made.append(piece)
    return tuple(_within(made, room))


def _pieces(body: str, longest: int) -> Iterator[str]:
    """Give the paragraphs; one that is too long in pieces between its lines, or cut where it has none."""
    for paragraph in _PARAGRAPH.split(body.strip()):
        part = ""
        for line in paragraph.split("\n"):
            shown = cut_escaped(line, longest)
            if part and len(part) + len(shown) + 1 > longest:
                yield part
                part = shown
            else:
                part = f"{part}\n{shown}" if part else shown
        if part:
            yield part


def _within(texts: list[str], room: int) -> Iterator[str]:
    for text in texts:
        if len(text) > room:
            if room > len(ELLIPSIS) + 1:
                yield cut_escaped(text, room)
            return
        yield text
        room -= len(text)
