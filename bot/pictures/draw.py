"""A picture as SVG for pages, and as PNG for mails and Slack. No font of the system is needed."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import resvg_py
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.facts import Bars, Funnel, Line, Picture, Spark
from bot.pictures.bars import bars
from bot.pictures.font import FILES
from bot.pictures.funnel import funnel
from bot.pictures.line import line
from bot.pictures.palette import DARK, LIGHT
from bot.pictures.sentence import sentence
from bot.pictures.shapes import Colour, Drawing
from bot.pictures.spark import spark
from bot.writing.formats import Formats

LARGEST = 4  # times the size of the drawing; resvg ends the process when a picture does not fit into memory


def layout(picture: Picture, formats: Formats) -> Drawing:
    """Decide where everything of a picture stands."""
    match picture:
        case Line():
            return line(picture, formats)
        case Bars():
            return bars(picture, formats)
        case Funnel():
            return funnel(picture, formats)
        case Spark():
            return spark(picture)


def svg(picture: Picture, formats: Formats, *, dark: bool = False) -> str:
    """Draw a picture for a page; its sentence is in it, for those who do not see it."""
    palette: Mapping[Colour, str] = DARK if dark else LIGHT
    return _template().render(
        drawing=layout(picture, formats), palette=palette, sentence=sentence(picture, formats)
    )


def png(picture: Picture, formats: Formats, *, dark: bool = False, scale: float = 2.5) -> bytes:
    """Draw a picture for a mail or for Slack, `scale` times its size: sharp on screens of high resolution."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg(picture, formats, dark=dark),
            font_files=[str(path) for path in FILES],
            skip_system_fonts=True,
            font_family="Inter",
            zoom=min(max(scale, 1), LARGEST),
        )
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).resolve().parent),
        autoescape=True,  # a stranger's label never becomes an element: resvg would read local files for it
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["place"] = lambda number: f"{number:.2f}"
    return environment.get_template("drawing.svg")
