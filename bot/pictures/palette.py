"""Colours that people with any colour vision tell apart, on white paper and on black.

Source: Okabe and Ito, "Color Universal Design" (jfly.uni-koeln.de/color): blue, sky blue, vermillion, orange.
Nothing is said by colour alone: bands have dashed edges, marks have rings and numbers, what was before is
hollow or dotted.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.pictures.shapes import Colour

LIGHT: Mapping[Colour, str] = MappingProxyType(
    {
        "paper": "#ffffff",
        "ink": "#17202b",
        "quiet": "#586474",
        "grid": "#e4e8ed",
        "main": "#0072b2",
        "band": "#56b4e9",
        "alarm": "#c24e00",  # vermillion, a little darker: as text it needs 4.5 to 1 on white
        "before": "#7d8896",
    }
)

DARK: Mapping[Colour, str] = MappingProxyType(
    {
        "paper": "#181d24",
        "ink": "#eef2f6",
        "quiet": "#a3afbd",
        "grid": "#2d3540",
        "main": "#56b4e9",
        "band": "#3f93c6",
        "alarm": "#e69f00",  # orange: vermillion is too dark on dark paper
        "before": "#8793a2",
    }
)
