"""pirsch-bot silence: times in which nobody wants to hear of something."""

from datetime import datetime, timedelta
from fnmatch import fnmatchcase

import click

from bot import clock
from bot.alerts import Silence, Span, silencing
from bot.cli.ground import Length, config_option, known_or_stop, say, stop, table, when, with_store
from bot.cli.person import by_option
from bot.db import Database
from bot.facts import Severity
from bot.settings import Settings
from bot.settings.mistakes import did_you_mean

SEVERITY = click.Choice([one.value for one in Severity])
UNTIL = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%H:%M")


@click.group(
    short_help="Hear nothing of a site or a rule for a while.",
    epilog="Examples: pirsch-bot silence add --site shop --for 2h   |   pirsch-bot silence list",
)
def command() -> None:
    """Hear nothing of a site or a rule for a while. What still holds at the end is told then.

    Silences of every week stand in the config, as [[silence]].
    """


@command.command(
    epilog="Example: pirsch-bot silence add --site shop --rule 'Visitors*' --until '18:30' --why Deploy"
)
@click.option("--site", help="Only this site's.")
@click.option("--rule", help="Only this rule's or watch's; also a glob.")
@click.option(
    "--severity",
    type=SEVERITY,
    help="Only this one and what is less severe.",
)
@click.option("--for", "length", type=Length(), help="For how long, from now on: 30m, 2h, 1d.")
@click.option(
    "--until",
    type=click.DateTime(UNTIL),
    metavar="TIME",
    help="Until when, in the bot's time zone: 18:30, or with a date.",
)
@click.option("--why", default="by hand", show_default=True, help="What it is called.")
@by_option
@config_option
@with_store
def add(
    settings: Settings,
    database: Database,
    site: str | None,
    rule: str | None,
    severity: Severity | None,
    length: timedelta | None,
    until: datetime | None,
    why: str,
    by: str,
) -> None:
    """Begin a silence now. It counts for what is open already, too; the bot's own troubles stay audible."""
    if site is not None:
        known_or_stop("site", site, settings.sites)
    if rule is not None:
        _known_rule_or_stop(rule, settings)
    now = clock.now()
    span = Span(from_at=now, until_at=_until(now, length, until, settings))
    silence = Silence(name=" ".join(why.split())[:200], when=span, site=site, rule=rule, severity=severity)
    with database.transaction() as tx:
        name = silencing.add(tx, silence, span, by, now)
    say(f"Silence {name[:8]} until {when(span.until_at, settings.bot.timezone)}: {_meant(silence)}.")


@command.command("list", epilog="Example: pirsch-bot silence list")
@config_option
@with_store
def listed(settings: Settings, database: Database) -> None:
    """List the silences: those that somebody made, and those of every week."""
    now, zone = clock.now(), settings.bot.timezone
    with database.reading() as tx:
        made = [
            (
                one.id[:8],
                one.silence.name,
                _meant(one.silence),
                f"until {when(one.span.until_at, zone)}",
                one.by,
            )
            for one in silencing.current(tx, now)
        ]
    weekly = []
    for one in settings.policy.silences:
        ends_at = one.when.ends_at(now)
        how = f"until {when(ends_at, zone)}" if ends_at else f"again {when(one.when.next_at(now), zone)}"
        weekly.append(("config", one.name, _meant(one), how, ""))
    table(("id", "silence", "of", "lasts", "by"), [*made, *weekly], empty="Nothing is silenced.")


@command.command(epilog="Example: pirsch-bot silence end 3f9a01c2")
@click.argument("beginning", metavar="ID")
@by_option
@config_option
@with_store
def end(settings: Settings, database: Database, beginning: str, by: str) -> None:
    """End a silence before its time. What it kept quiet and still holds is told."""
    now, zone = clock.now(), settings.bot.timezone
    with database.transaction() as tx:
        made = silencing.find(tx, beginning)
        if made is None:
            stop(f"None, or several, have an id that begins with {beginning!r}: `pirsch-bot silence list`.")
        if made.ended_at is not None:
            say(f"{made.ended_by} ended it {when(made.ended_at, zone)}.")
        elif made.span.until_at <= now:
            say(f"It was over {when(made.span.until_at, zone)}.")
        else:
            silencing.end(tx, made, by, now)
            say(f"Ended: {made.silence.name}.")


def _until(now: datetime, length: timedelta | None, until: datetime | None, settings: Settings) -> datetime:
    """The instant that is meant; a time without a date is the next one."""
    if length is not None and until is None:
        return now + length
    if length is not None or until is None:
        stop("Until when? Say --for 2h, or --until 18:30.", code=2)
    zone = settings.bot.timezone
    if until.year == 1900:
        today = datetime.combine(now.astimezone(zone).date(), until.time(), zone)
        return today if today > now else today + timedelta(days=1)
    if (at := until.replace(tzinfo=zone)) <= now:
        stop(f"{when(at, zone)} is over.", code=2)
    return at


def _known_rule_or_stop(rule: str, settings: Settings) -> None:
    known = settings.judging
    if not any(fnmatchcase(name, rule) for name in known):
        hint = did_you_mean(rule, known)
        stop(f"No rule or watch is called {rule!r}{f': {hint}' if hint else '.'}", code=2)


def _meant(silence: Silence) -> str:
    parts = [
        f"rule {silence.rule}" if silence.rule is not None else "",
        f"site {silence.site}" if silence.site is not None else "",
        f"severity up to {silence.severity}" if silence.severity is not None else "",
    ]
    return ", ".join(part for part in parts if part) or "everything"
