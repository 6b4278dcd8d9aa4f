"""How good the detector is: `python -m benchmarks.detection [--quick | --full [--write]]`.

Made-up sites of several sizes are watched for months, hour by hour, by our detector and by the usual ones.
Printed are false alarms per site and month, the share of incidents found with the median hours it took,
and what a look costs. `--full --write` puts the tables into docs/detection.md.

An alarm while nothing was made up is a false one, also on a day that really was unusual. An incident counts
as found when an alarm on its side begins within it or within a day of its beginning, and as missed when the
detector was ringing already. Seeds are fixed: the same options print the same table.
"""

import argparse
import copy
import random
import statistics
import time
import timeit
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from benchmarks import rivals, traffic
from benchmarks.rivals import Rival, place
from benchmarks.traffic import FIRST_AT, INCIDENTS, ZONE, Incident, Nature
from bot.detect.chance import Budget
from bot.detect.expected import Baseline, Span, learn
from bot.detect.hours import CELLS, HOUR, Hours
from bot.detect.spell import Spell
from bot.detect.unusual import Unusual, look
from bot.detect.verdict import Side

PAGE = Path(__file__).resolve().parent.parent / "docs" / "detection.md"
BEGIN, END = "<!-- made by `python -m benchmarks.detection --full --write` -->", "<!-- end -->"
HOURS_PER_MONTH = 24 * 365.25 / 12
TITLES = {
    "outage 12 h": "No visitors for 12 h",
    "-50 % for 48 h": "Half the visitors for 48 h",
    "x4 for 3 h": "Four times as many for 3 h",
}
NATURES: dict[str, dict[str, float | bool]] = {
    "usual": {},
    "noisy": {"day_noise": 0.35, "hour_noise": 0.25},
    "late weekends": {"shifted_weekends": True},
    "gamma days": {"gamma_days": True},
}


class Watch(Protocol):
    """A detector at work on one site."""

    @property
    def ringing(self) -> bool:
        """Whether an alarm is on."""

    def hear(self, counts: Sequence[int], number: int) -> int:
        """Take the hour that was just completed; return 1 or -1 when an alarm begins with it."""


class RivalWatch:
    """A rival; its alarm is over after some quiet hours."""

    def __init__(self, rival: Rival, quiet: int) -> None:
        self._rival, self._quiet, self._left, self.ringing = rival, quiet, 0, False

    def hear(self, counts: Sequence[int], number: int) -> int:
        """Take an hour."""
        fires = self._rival(counts, number)
        if fires == 0:
            self._left -= 1
            self.ringing = self.ringing and self._left > 0
            return 0
        self._left, begins = self._quiet, not self.ringing
        self.ringing = True
        return fires if begins else 0


class OurWatch:
    """Our detector, as the bot runs it: learning every midnight, with its own past alarms."""

    def __init__(self, rule: Unusual, weeks: int) -> None:
        self._rule, self._weeks, self._day = rule, weeks, -1
        self._baseline: Baseline | None = None
        self._spell = Spell()
        self._alarmed: tuple[Span, ...] = ()

    @property
    def ringing(self) -> bool:
        """Whether there is trouble."""
        return self._spell.open

    def hear(self, counts: Sequence[int], number: int) -> int:
        """Take an hour."""
        day, cell = place(number)
        if day != self._day:
            self._day, midnight = day, number - cell % 24
            past = _hours(counts, max(0, midnight - self._weeks * CELLS), midnight)
            self._baseline = learn(past, (*self._alarmed, *self._open(past)))
        before = self._spell
        judged = look(self._rule, _hours(counts, number - 47, number + 1), self._baseline, before)
        self._spell = judged.spell
        if before.open and not self._spell.open and before.since_at is not None:
            span = Span(since_at=before.since_at - HOUR, until_at=judged.verdict.as_of_at)
            self._alarmed = (*self._alarmed, span)
        if before.open or not self._spell.open:
            return 0
        return 1 if judged.verdict.side is Side.UP else -1

    def _open(self, past: Hours) -> list[Span]:
        since_at = self._spell.since_at
        return [Span(since_at=since_at - HOUR, until_at=past.end_at)] if since_at else []


@dataclass(kw_only=True)
class Score:
    """What a detector did."""

    hours: int = 0
    alarms: int = 0
    tried: dict[str, int] = field(default_factory=dict)
    after: dict[str, list[int]] = field(default_factory=dict)

    def add(self, other: "Score") -> None:
        """Take in what it did on another site."""
        self.hours, self.alarms = self.hours + other.hours, self.alarms + other.alarms
        for name, number in other.tried.items():
            self.tried[name] = self.tried.get(name, 0) + number
            self.after.setdefault(name, []).extend(other.after.get(name, []))

    @property
    def per_month(self) -> float:
        """Return the false alarms per site and month."""
        return self.alarms / (self.hours / HOURS_PER_MONTH)

    def found(self, name: str) -> str:
        """Return the share of these incidents that were found, and the median hours it took."""
        hours = self.after.get(name, [])
        share = 100 * len(hours) / max(1, self.tried.get(name, 0))
        return f"{share:3.0f} ({statistics.median(hours):2.0f})" if hours else f"{share:3.0f}     "


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One site to watch."""

    visitors: float
    kind: str
    site: int
    history: int
    weeks: int
    budgets: tuple[str, ...]
    rivals: bool


def watched(task: Task) -> dict[str, Score]:
    """Watch one site with every detector, and break it a few times on the side."""
    nature = Nature(visitors_per_day=task.visitors, **NATURES[task.kind])  # type: ignore[arg-type]
    rng = random.Random(f"{task.visitors:g}/{task.kind}/{task.site}")
    first = 8 * CELLS  # the same hours are judged with any length of history
    means = list(traffic.means(nature, first + task.weeks * CELLS, rng))
    counts = traffic.drawn(means, rng)
    broken = _broken(means, counts, first, rng)
    return {name: _score(watch, counts, first, broken) for name, watch in _watches(task).items()}


def _watches(task: Task) -> dict[str, Watch]:
    found: dict[str, Watch] = {}
    if task.rivals:
        for name, make in rivals.RIVALS.items():
            found[name] = RivalWatch(make(), quiet=12 if name.startswith("Plausible") else 6)
    for budget in task.budgets:
        rule = Unusual(budget=Budget.read(budget))
        found[f"ours, {budget}, {task.history} weeks"] = OurWatch(rule, task.history)
    return found


Broken = dict[int, list[tuple[Incident, list[int]]]]


def _broken(means: Sequence[float], counts: list[int], first: int, rng: random.Random) -> Broken:
    """Return the counts with an incident in them, by the hour at which it begins (9 to 16 h)."""
    found: Broken = {}
    for incident in INCIDENTS:
        for _ in range(2):
            start = rng.randrange(first + CELLS, len(counts) - 96)
            start += 9 + rng.randrange(8) - place(start)[1] % 24
            changed = counts[: start + 72]
            for number in range(start, start + incident.hours):
                changed[number] = _changed(incident.factor, counts[number], means[number], rng)
            found.setdefault(start, []).append((incident, changed))
    return found


def _changed(factor: float, count: int, mean: float, rng: random.Random) -> int:
    if factor > 1:
        return count + traffic.poisson(rng, mean * (factor - 1))
    return sum(rng.random() < factor for _ in range(count))


def _score(watch: Watch, counts: Sequence[int], first: int, broken: Broken) -> Score:
    score = Score(hours=len(counts) - first)
    for number in range(first, len(counts)):
        for incident, changed in broken.get(number, []):
            score.tried[incident.name] = score.tried.get(incident.name, 0) + 1
            after = _found_after(copy.copy(watch), changed, number, incident)
            if after is not None:
                score.after.setdefault(incident.name, []).append(after)
        score.alarms += watch.hear(counts, number) != 0
    return score


def _found_after(watch: Watch, counts: Sequence[int], start: int, incident: Incident) -> int | None:
    if watch.ringing:
        return None
    wanted = 1 if incident.factor > 1 else -1
    for passed in range(max(incident.hours, 24)):
        if watch.hear(counts, start + passed) == wanted:
            return passed + 1
    return None


def _hours(counts: Sequence[int], first: int, end: int) -> Hours:
    return Hours(first_at=FIRST_AT + first * HOUR, counts=tuple(counts[first:end]), zone=ZONE)


def compare(tasks: Sequence[Task], workers: int) -> dict[str, Score]:
    """Watch many sites."""
    total: dict[str, Score] = {}
    with ProcessPoolExecutor(workers) as pool:
        for scores in pool.map(watched, tasks):
            for name, score in scores.items():
                total.setdefault(name, Score()).add(score)
    return total


def cost(visitors: float) -> tuple[float, float, float]:
    """Return the CPU milliseconds of learning, of a look that sees nothing, and of one that sees trouble."""
    rng = random.Random(1)
    counts = traffic.drawn(list(traffic.means(Nature(visitors_per_day=visitors), 8 * CELLS, rng)), rng)
    history = _hours(counts, 0, len(counts))
    baseline, rule = learn(history), Unusual(budget=Budget.read("1 per quarter"))
    usual = history.last(48)
    odd = replace(usual, counts=tuple(3 * (count or 0) for count in usual.counts))
    return (
        _milliseconds(lambda: learn(history), 5),
        _milliseconds(lambda: look(rule, usual, baseline, Spell()), 200),
        _milliseconds(lambda: look(rule, odd, baseline, Spell()), 200),
    )


def _milliseconds(work: Callable[[], object], runs: int) -> float:
    return min(timeit.repeat(work, timer=time.process_time, number=runs, repeat=5)) / runs * 1000


def _print(title: str, scores: dict[str, Score]) -> None:
    names = [incident.name for incident in INCIDENTS]
    print(f"\n{title:40} false/month  " + "  ".join(f"{name:14}" for name in names))
    for name, score in scores.items():
        shares = "  ".join(f"{score.found(incident):14}" for incident in names)
        print(f"  {name:38} {score.per_month:8.2f}     {shares}", flush=True)


def tables(found: dict[float, dict[str, Score]]) -> str:
    """Write what was found as the tables of docs/detection.md: false alarms, then each kind of incident."""
    alarms = _table(found, lambda score: f"{score.per_month:.2f}")
    made = [f"**False alarms per site and month**\n\n{alarms}"]
    for incident in INCIDENTS:
        shares = _table(found, _share(incident.name))
        made.append(f"**{TITLES[incident.name]}**: share found in %, median hours in brackets\n\n{shares}")
    return "\n\n".join(made)


def _share(name: str) -> Callable[[Score], str]:
    return lambda score: " ".join(score.found(name).split()).replace("( ", "(")


def _table(found: dict[float, dict[str, Score]], cell: Callable[[Score], str]) -> str:
    sizes, rules = list(found), list(next(iter(found.values())))
    rows = [["rule", *(f"{size:,.0f} a day" for size in sizes)]]
    for rule in rules:
        name = f"**{rule}**" if rule.startswith("ours") else rule.replace(">=", "≥").replace("+-", "±")
        rows.append([name, *(cell(found[size][rule]) for size in sizes)])
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def _tasks(options: argparse.Namespace, visitors: float, history: int, *, with_rivals: bool) -> list[Task]:
    return [
        Task(
            visitors=visitors,
            kind=options.kind,
            site=site,
            history=history,
            weeks=options.weeks,
            budgets=tuple(options.budget),
            rivals=with_rivals,
        )
        for site in range(options.sites)
    ]


def _options(arguments: Iterable[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument(
        "--full",
        action="store_true",
        help="24 sites of five sizes for 26 weeks, two budgets, two lengths of history",
    )
    parser.add_argument("--quick", action="store_true", help="about a minute: 2 sites for 6 weeks")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/detection.md")
    parser.add_argument("--sites", type=int, default=4)
    parser.add_argument("--weeks", type=int, default=13)
    parser.add_argument("--visitors", type=float, nargs="+", default=[30, 150, 1000])
    parser.add_argument("--history", type=int, nargs="+", default=[8], help="weeks, from 3 to 8")
    parser.add_argument("--budget", nargs="+", default=["1 per quarter"])
    parser.add_argument("--kind", choices=NATURES, default="usual")
    parser.add_argument("--ours", action="store_true", help="without the rivals")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(None if arguments is None else list(arguments))
    if options.quick:
        options.sites, options.weeks = 2, 6
    if options.full:
        options.sites, options.weeks, options.history = 24, 26, [8, 4]
        options.budget = ["2 per year", "1 per quarter"]
        options.visitors = [10, 30, 150, 1000, 10000]
    return options


def main(arguments: Iterable[str] | None = None) -> None:
    """Print the comparison."""
    options = _options(arguments)
    print("share of incidents found in %, in brackets the median hours it took")
    found: dict[float, dict[str, Score]] = {}
    for visitors in options.visitors:
        scores: dict[str, Score] = {}
        for number, history in enumerate(options.history):
            tasks = _tasks(options, visitors, history, with_rivals=number == 0 and not options.ours)
            scores |= compare(tasks, options.workers)
        found[visitors] = scores
        _print(f"{visitors:,.0f} visitors a day, {options.kind}", scores)
    if options.write:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        PAGE.write_text(f"{before}{BEGIN}\n\n{tables(found)}\n\n{END}{after}", encoding="utf-8")
    print("\nCPU milliseconds: to learn eight weeks (once a day), for a look, for one that sees trouble")
    for visitors in options.visitors:
        learnt, looked, alarmed = cost(visitors)
        print(f"  {visitors:7,.0f} visitors a day  {learnt:6.2f}  {looked:6.3f}  {alarmed:6.3f}")


if __name__ == "__main__":
    main()
