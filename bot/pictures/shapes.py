"""What a drawing is made of. Colours are named by what they are for; the palette says what they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Colour = Literal["paper", "ink", "quiet", "grid", "main", "band", "alarm", "before"]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One line of words. With a `halo` it stays readable on top of a line."""

    x: float
    y: float
    words: str
    size: float
    colour: Colour = "ink"
    bold: bool = False
    anchor: Anchor = "start"
    halo: bool = False
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A line through places; `dash` is SVG's pattern of lengths."""

    path: str
    colour: Colour
    width: float
    dash: str | None = None
    kind: Literal["stroke"] = "stroke"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A filled outline."""

    path: str
    colour: Colour
    opacity: float = 1
    kind: Literal["area"] = "area"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle with round corners, filled or, with `hollow`, only outlined."""

    x: float
    y: float
    width: float
    height: float
    colour: Colour
    round: float = 2
    opacity: float = 1
    hollow: bool = False
    kind: Literal["box"] = "box"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A round mark; a `ring` has paper inside."""

    x: float
    y: float
    radius: float
    colour: Colour
    ring: bool = False
    kind: Literal["dot"] = "dot"


Shape = Text | Stroke | Area | Box | Dot


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Shapes on paper, the later ones on top."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


def path(places: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    """Write places as SVG's path data."""
    steps = " L".join(f"{x:.2f} {y:.2f}" for x, y in places)
    return f"M{steps}Z" if closed else f"M{steps}"
