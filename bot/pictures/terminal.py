"""Pictures where there are only characters."""

from collections.abc import Sequence
from itertools import pairwise

from bot.pictures.scale import near

_BLOCKS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float | None], width: int = 60) -> str:
    """Draw a row of blocks, at most `width` of them; a blank is where nothing is known.

    Where there are more values than blocks, a block stands for the mean of its share.
    """
    thinned = _thinned([value if value is None else near(value) for value in values], width)
    known = [value for value in thinned if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    rises = (high - low) or 1.0
    # The share first: the smallest values that a float can hold have no finite reciprocal.
    return "".join(
        " " if value is None else _BLOCKS[round((value - low) / rises * (len(_BLOCKS) - 1))]
        for value in thinned
    )


def _thinned(values: Sequence[float | None], width: int) -> list[float | None]:
    if len(values) <= width:
        return list(values)
    edges = [place * len(values) // width for place in range(width + 1)]
    return [_mean(values[start:end]) for start, end in pairwise(edges)]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
