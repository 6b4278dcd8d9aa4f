"""pirsch-bot why: what a watch thought, step by step, also when it said nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from bot import clock, verdicts
from bot.cli.ground import Length, config_option, known_or_stop, say, stop, table, when, with_store
from bot.db import Database
from bot.detect.chance import in_words
from bot.detect.spell import Spell
from bot.detect.verdict import Why
from bot.settings import Settings
from bot.verdicts import Record
from bot.watches.trace import Hours, Trace, Traced
from bot.writing.spans import span

TOLD = {
    None: "nothing to decide: there is no trouble, and there was none",
    "opened": "told: it began",
    "resolved": "told: it ended",
    "still_open": "not told again: it was told before",
    "was_not_open": "not told: nobody was told that it began",
    "pending": "not told yet: it does not last long enough",
    "recovering": "not told yet: it seems over, but not for long enough",
    "inhibited": "not told: another alert explains it",
    "silenced": "not told: a silence keeps it quiet",
    "muted": "not told: somebody muted it",
}


class At(click.ParamType[Any]):
    """An instant, or how long ago it was."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read `2h` as a length, and anything else as an instant."""
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return Length().convert(value, param, ctx)


@click.command(
    short_help="What a watch thought, step by step.",
    epilog="""Examples:

    \b
    pirsch-bot why Visitors
    pirsch-bot why Visitors --site shop --at 2026-11-18T09:30
    pirsch-bot why "No orders" --at 3h
    """,
)
@click.argument("watch")
@click.option("--site", help="Its site, where the watch looks at several.")
@click.option("--at", type=At(), metavar="WHEN", help="Bot time, or how long ago.  [default: now]")
@config_option
@with_store
def command(
    settings: Settings, database: Database, watch: str, site: str | None, at: datetime | timedelta | None
) -> None:
    """Tell what a watch thought at an instant: what it read, what is usual, how it judged, and whom it told.

    Also when it said nothing: every verdict is kept with its inputs, as long as [store.keep] verdicts says.
    """
    known_or_stop("watch", watch, {one.name for one in settings.watches})
    zone, now = settings.bot.timezone, clock.now()
    instant = _instant(at, now, zone)
    sites = [one.site for one in settings.watches if one.name == watch and site in (None, one.site)]
    if not sites:
        stop(f"The watch {watch!r} does not look at {site!r}.", code=2)
    for number, one in enumerate(sites):
        if number:
            say()
        with database.reading() as tx:
            record = verdicts.at(tx, (watch, one), instant)
        if record is None:
            say(f"{watch} on {one}: nothing is kept that is so old; `pirsch-bot jobs` tells when it looks.")
        else:
            _explain(record, zone)


def _instant(at: datetime | timedelta | None, now: datetime, zone: ZoneInfo) -> datetime:
    if at is None:
        return now
    if isinstance(at, timedelta):
        return now - at
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


def _explain(record: Record, zone: ZoneInfo) -> None:
    trace = Trace.from_json(record.inputs)
    verdict = f"{_words(record.state)}, {_words(record.why)}"
    say(f"{record.name} on {record.site}, looked at {when(record.looked_at, zone)}: {verdict}.")
    say(f"  Read      {trace.error}" if trace.error else "\n".join(_read(trace.hours, record, zone)))
    for opinion in trace.opinions:
        for line in _judged(opinion, zone):
            say(line)
        if opinion.weighed:
            table(
                ("  hours", "came", "usual", "by chance", "news below"),
                [
                    (
                        f"  {one.hours:>5}",
                        one.got,
                        _amount(one.expected),
                        "near enough" if one.chance is None else f"{one.chance:.1e}",
                        "" if one.alpha is None else f"{one.alpha:.1e}",
                    )
                    for one in opinion.weighed
                ],
                empty="",
            )
        say(f"  Told      {TOLD.get(opinion.told, _words(opinion.told or ''))}.")
    if not trace.opinions:
        say("  Judged    nothing stands out.")


def _read(hours: Hours | None, record: Record, zone: ZoneInfo) -> Iterator[str]:
    if hours is None:
        yield f"  Read      what it asks for, as of {when(record.as_of_at, zone)}"
        return
    until = "none is complete" if hours.until_at is None else f"complete up to {when(hours.until_at, zone)}"
    late = f", {hours.late} of these days were read late" if hours.late else ""
    yield f"  Read      the hours at {when(hours.read_at, zone)}; {until}, by a grace of {span(hours.grace)}"
    yield f"            {hours.known} of the last 48 hours are known{late}"
    if hours.usual is None:
        yield "  Usual     too little is known: three weeks of hours are needed"
        return
    usual = hours.usual
    yield f"  Usual     learnt {when(usual.learnt_at, zone)} from {usual.days} days, level {usual.level:.2f}"


def _judged(one: Traced, zone: ZoneInfo) -> Iterator[str]:
    subject = f" of “{one.subject}”" if one.subject else ""
    yield f"  Judged    {_words(one.state)}, {_words(one.why)}{subject}"
    if (evidence := one.evidence) is not None:
        parts = [f"{_amount(evidence.value, one.unit)} {one.number}"]
        if evidence.window:
            parts.append(f"within {span(evidence.window)}")
        if evidence.expected is not None:
            parts.append(f"where {_amount(evidence.expected, one.unit)} are usual")
        if evidence.limit is not None:
            parts.append(f"against the limit of {_amount(evidence.limit, one.unit)}")
        yield f"            {' '.join(parts)}"
    if one.occasion is not None:
        held_back = ": it would be trouble on another day" if one.why is Why.SPECIAL_DAY else ""
        yield f"  Occasion  {one.occasion}{held_back}"
    if evidence is not None and evidence.chance is not None:
        seldom = f", {in_words(evidence.once_in)}" if evidence.once_in is not None else ""
        yield f"            chance alone: {evidence.chance:.1e}{seldom}"
    yield f"  Spell     {_spell(one.before, zone)} → {_spell(one.after, zone)}"


def _amount(value: float, unit: str = "") -> str:
    if unit == "%":
        return f"{value:.1%}"
    return span(timedelta(seconds=value)) if unit == "s" else f"{value:,.1f}".removesuffix(".0")


def _spell(spell: Spell, zone: ZoneInfo) -> str:
    since = f" since {when(spell.since_at, zone)}" if spell.since_at is not None else ""
    return f"{_words(spell.state)}{since}"


def _words(text: str) -> str:
    return text.replace("_", " ")
