"""Which hours and days are named along the foot of a line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bot.facts import Point
from bot.pictures import frame
from bot.pictures.scale import Scale
from bot.writing.formats import Formats

_APART = 9.0  # free paper between two names


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A named place: the tick stands at `x`, the middle of the words at `middle`, which stays on paper."""

    x: float
    middle: float
    words: str


def marks(points: Sequence[Point], across: Scale, formats: Formats, *, hourly: bool) -> list[Mark]:
    """Choose the points that are named, as many as there is room for, and name them."""
    if not points:
        return []
    length = points[-1].at - points[0].at
    choices, name = _candidates(points, formats, length, hourly=hourly)
    if not choices:
        choices, name = list(points), formats.time if hourly else _days(formats, length)
    named = [_mark(across.place(point.at.timestamp()), name(point.at), across) for point in choices]
    for stride in range(1, len(named) + 1):
        chosen = named[::stride]
        if all(_apart(left, right) for left, right in pairwise(chosen)):
            return chosen
    return named[:1]


def _mark(x: float, name: str, across: Scale) -> Mark:
    words = frame.small(name, 110)
    half = frame.width(words) / 2
    inside = min(max(x, across.start - 6 + half), frame.WIDTH - 4 - half)
    return Mark(x=x, middle=inside, words=words)


def _apart(left: Mark, right: Mark) -> bool:
    halves = (frame.width(left.words) + frame.width(right.words)) / 2
    return right.middle - left.middle >= halves + _APART


def _candidates(
    points: Sequence[Point], formats: Formats, length: timedelta, *, hourly: bool
) -> tuple[list[Point], Callable[[datetime], str]]:
    local = [(point, point.at.astimezone(formats.zone)) for point in points]
    if not hourly:
        return _daily(points, local, formats, length)
    if length <= timedelta(hours=36):
        return [point for point, at in local if at.hour % 3 == 0 and at.minute == 0], formats.time
    return [point for point, at in local if at.hour == 0], _days(formats, length)


def _daily(
    points: Sequence[Point], local: Sequence[tuple[Point, datetime]], formats: Formats, length: timedelta
) -> tuple[list[Point], Callable[[datetime], str]]:
    if length > timedelta(days=150):
        return [point for point, at in local if at.day == 1], _months(formats)
    if length > timedelta(days=12):  # weeks begin as they do here
        return [point for point, at in local if at.weekday() == formats.first_weekday], _days(formats, length)
    return list(points), _days(formats, length)


def _days(formats: Formats, length: timedelta) -> Callable[[datetime], str]:
    write = formats.weekday if length <= timedelta(days=12) else formats.day
    return lambda at: write(at.astimezone(formats.zone).date())


def _months(formats: Formats) -> Callable[[datetime], str]:
    return lambda at: formats.month(at.astimezone(formats.zone).date())
