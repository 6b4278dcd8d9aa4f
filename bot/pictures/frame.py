"""What all pictures share: the paper's width, the title, the key below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.pictures.font import fonts
from bot.pictures.shapes import Area, Box, Colour, Shape, Stroke, Text, path

WIDTH = 400  # readable where a phone shows it at 330 pixels, and not coarse at 600
MARGIN = 14
TITLE = 15.0
SMALL = 11.5
KEY_TOP = 42.0  # where the key's words stand
TOP = 54.0  # where a picture begins below title and key


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One entry of the key: how it looks, and what it means."""

    look: Literal["line", "dotted", "band", "full", "hollow", "tick", "percent"]
    meaning: str


def title(words: str) -> Text:
    """Write the title, cut to the paper."""
    shown = fonts()[1].fit(words, TITLE, WIDTH - 2 * MARGIN)
    return Text(x=MARGIN, y=24, words=shown, size=TITLE, bold=True)


def key(entries: Sequence[Key]) -> list[Shape]:
    """Write the key in one row; what has no room is cut."""
    shapes: list[Shape] = []
    x = float(MARGIN)
    for place, entry in enumerate(entries):
        room = (WIDTH - MARGIN - x) / (len(entries) - place)
        words = small(entry.meaning, room - 34)
        shapes += [*_look(entry.look, x, KEY_TOP - 4), quiet(x + 22, KEY_TOP, words)]
        x += 22 + width(words) + 14
    return shapes


def small(words: object, room: float) -> str:
    """Cut words in the small size to the room that there is."""
    return fonts()[0].fit(words, SMALL, max(room, 0))


def width(words: str, *, bold: bool = False, size: float = SMALL) -> float:
    """Measure words that were fitted."""
    return fonts()[bold].width(words, size)


def quiet(x: float, y: float, words: str, anchor: Literal["start", "middle", "end"] = "start") -> Text:
    """Write something small beside what matters."""
    return Text(x=x, y=y, words=words, size=SMALL, colour="quiet", anchor=anchor)


def nothing(y: float) -> Text:
    """Say that there is nothing to see."""
    return Text(x=WIDTH / 2, y=y, words="no numbers", size=13, colour="quiet", anchor="middle")


def _look(look: str, x: float, y: float) -> list[Shape]:
    across = path([(x, y), (x + 16, y)])
    if look == "line":
        return [Stroke(path=across, colour="main", width=2.25)]
    if look == "dotted":
        return [Stroke(path=across, colour="before", width=1.75, dash="2 3")]
    if look == "band":
        return band([(x, y - 5), (x + 16, y - 5)], [(x, y + 5), (x + 16, y + 5)])
    if look == "tick":
        return [Stroke(path=path([(x + 8, y - 6), (x + 8, y + 6)]), colour="ink", width=2)]
    if look == "percent":
        return [quiet(x + 8, y + 4, "%", "middle")]
    colour: Colour = "main" if look == "full" else "before"
    return [Box(x=x, y=y - 5, width=16, height=10, colour=colour, hollow=look == "hollow")]


def band(above: Sequence[tuple[float, float]], below: Sequence[tuple[float, float]]) -> list[Shape]:
    """Draw a band between two edges: tinted, with dashed edges for eyes or screens that lose the tint."""
    return [
        Area(path=path([*above, *reversed(below)], closed=True), colour="band", opacity=0.2),
        Stroke(path=path(above), colour="band", width=1, dash="3 3"),
        Stroke(path=path(below), colour="band", width=1, dash="3 3"),
    ]
