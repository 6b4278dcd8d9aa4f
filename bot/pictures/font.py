"""What our typeface can show, and how wide it is: read from the font's own tables, so the two cannot differ.

Format: learn.microsoft.com/typography/opentype/spec (table directory, head, hhea, hmtx, cmap format 4).
"""

import re
import struct
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.writing.text import ELLIPSIS, oneline

FOLDER = Path(__file__).resolve().parent / "fonts"
FILES = (FOLDER / "Inter-Regular.ttf", FOLDER / "Inter-SemiBold.ttf")


@dataclass(frozen=True, slots=True)
class Font:
    """One weight: `advances` is how far each character moves the pen, as a share of the size."""

    advances: Mapping[str, float]

    def width(self, text: str, size: float) -> float:
        """Measure text that `fit` made. Pairs that stand closer together are not counted: never too short."""
        return sum(self.advances[character] for character in text) * size

    def fit(self, text: object, size: float, width: float) -> str:
        """Make one line that the font can show and that is not wider than `width`.

        Emoji and scripts that the font does not have become an ellipsis: the words beside the picture say
        them in full.
        """
        # Cut before it is measured: a stranger's text may be megabytes.
        shown = self._showable(unicodedata.normalize("NFC", oneline(str(text)[:500])))
        if self.width(shown, size) <= width:
            return shown
        while shown and self.width(shown + ELLIPSIS, size) > width:
            shown = shown[:-1]
        return shown.rstrip() + ELLIPSIS

    def _showable(self, text: str) -> str:
        known = "".join(character if character in self.advances else "\0" for character in text)
        return re.sub("\0[\0 ]*\0|\0", ELLIPSIS, known).strip()


@lru_cache(maxsize=1)
def fonts() -> tuple[Font, Font]:
    """Read the regular and the semibold weight, once."""
    regular, semibold = (Font(advances(path.read_bytes())) for path in FILES)
    return regular, semibold


def advances(data: bytes) -> Mapping[str, float]:
    """Read the advance of every character in a TrueType file."""
    tables = {tag: data[start : start + length] for tag, start, length in _directory(data)}
    (units,) = struct.unpack_from(">H", tables[b"head"], 18)
    (count,) = struct.unpack_from(">H", tables[b"hhea"], 34)
    widths = struct.unpack_from(">" + "Hh" * count, tables[b"hmtx"])[::2]
    # Glyphs beyond the list are as wide as its last one.
    return {chr(code): widths[min(glyph, count - 1)] / units for code, glyph in _characters(tables[b"cmap"])}


def _directory(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    (count,) = struct.unpack_from(">H", data, 4)
    for place in range(count):
        tag, _, start, length = struct.unpack_from(">4sIII", data, 12 + 16 * place)
        yield tag, start, length


def _characters(cmap: bytes) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">H", cmap, 2)
    starts = [struct.unpack_from(">I", cmap, 4 + 8 * place + 4)[0] for place in range(count)]
    table = next(cmap[start:] for start in starts if cmap[start : start + 2] == b"\0\4")
    double = struct.unpack_from(">H", table, 6)[0]
    columns = [
        struct.unpack_from(
            f">{double // 2}{'h' if column == 2 else 'H'}", table, 14 + column * double + (2 if column else 0)
        )
        for column in range(4)
    ]
    for place, (last, first, delta, offset) in enumerate(zip(*columns, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offset:
                (glyph,) = struct.unpack_from(
                    ">H", table, 16 + 3 * double + 2 * place + offset + 2 * (code - first)
                )
            if glyph := glyph and (glyph + delta) & 0xFFFF:
                yield code, glyph
