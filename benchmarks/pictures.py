"""What a picture costs: `python -m benchmarks.pictures`.

Each kind of picture is drawn at its largest: as many points, bars, steps as are ever shown. Printed are the
CPU milliseconds of the layout, of the SVG and of the PNG (the best of some runs), the bytes, and how many of
each fit into the 300 ms that a picture may take.
"""

import time
import timeit
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.facts import Bar, Bars, Funnel, Line, Picture, Point, Spark, Step
from bot.pictures import png, sentence, svg
from bot.pictures.bars import MOST_BARS
from bot.pictures.draw import layout
from bot.pictures.funnel import MOST_STEPS
from bot.pictures.line import MOST_POINTS
from bot.pictures.spark import MOST_VALUES
from bot.writing.formats import Formats

FORMATS = Formats(zone=ZoneInfo("Europe/Berlin"))
BUDGET = 300  # milliseconds
START_AT = datetime(2026, 10, 1, tzinfo=UTC)


def largest() -> dict[str, Picture]:
    """Return each kind with as much in it as is ever shown."""
    points = tuple(
        Point(
            at=START_AT + timedelta(hours=hour),
            value=hour % 97,
            low=max(0, hour % 97 - 20),
            high=hour % 97 + 20,
            before=hour % 89,
            marked=hour % 50 == 0,
        )
        for hour in range(MOST_POINTS)
    )
    rows = tuple(Bar(label=f"Page {number}", value=1000 - number, before=900) for number in range(MOST_BARS))
    steps = tuple(
        Step(name=f"Step {number}", visitors=1000 - number, usual=900) for number in range(MOST_STEPS)
    )
    return {
        "line": Line(title="Visitors", unit="visitors", points=points, hourly=True, before="the week before"),
        "bars": Bars(title="Pages", unit="visitors", bars=rows, now="this week", before="the week before"),
        "funnel": Funnel(title="Checkout", steps=steps),
        "spark": Spark(title="Visitors", values=tuple(float(value % 31) for value in range(MOST_VALUES))),
    }


def _milliseconds(work: Callable[[], object]) -> float:
    work()
    return min(timeit.repeat(work, timer=time.process_time, number=1, repeat=7)) * 1000


def main() -> None:
    """Print the table."""
    print(
        f"{'':8} {'layout':>8} {'svg':>8} {'png':>8} {'sentence':>9}"
        f" {'svg KB':>7} {'png KB':>7}  in {BUDGET} ms"
    )
    for name, picture in largest().items():
        laid = _milliseconds(lambda picture=picture: layout(picture, FORMATS))  # type: ignore[misc]
        written = _milliseconds(lambda picture=picture: svg(picture, FORMATS))  # type: ignore[misc]
        drawn = _milliseconds(lambda picture=picture: png(picture, FORMATS))  # type: ignore[misc]
        said = _milliseconds(lambda picture=picture: sentence(picture, FORMATS))  # type: ignore[misc]
        sizes = len(svg(picture, FORMATS)) / 1024, len(png(picture, FORMATS)) / 1024
        print(
            f"{name:8} {laid:8.1f} {written:8.1f} {drawn:8.1f} {said:9.1f} {sizes[0]:7.0f} {sizes[1]:7.0f}"
            f"  {BUDGET / drawn:6.1f}"
        )


if __name__ == "__main__":
    main()
