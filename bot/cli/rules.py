"""pirsch-bot rules: what the rules ask for, and what they would make of one event."""

import json
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import click

from bot import clock, events
from bot.cli.ground import config_option, known_or_stop, many, say, settings_or_stop, stop, table
from bot.events import GOAL, LONGEST_BODY, LONGEST_DURATION, Kept, Unreadable
from bot.facts import OUR_NAMES, Event, Severity
from bot.rehearsal import Trial, try_one
from bot.rules.rule import Rule
from bot.settings import Settings
from bot.settings.tables import MailChannel, SlackChannel
from bot.settings.words import spell

NAMED_AT_MOST = 8


@click.group(
    short_help="List the rules; try one event on them.",
    invoke_without_command=True,
    epilog="Examples: pirsch-bot rules   |   pirsch-bot rules test --event purchase --meta amount=129.90",
)
@config_option
@click.pass_context
def command(ctx: click.Context, /, config: Path) -> None:
    """List the rules: what each asks for, when it tells, and whom.

    `pirsch-bot rules test` says what they would make of one event.
    """
    if ctx.invoked_subcommand is not None:
        return
    settings = settings_or_stop(config)
    table(
        ("rule", "site", "event", "whom", "tells"),
        [
            (rule.name, rule.site or "every", rule.event, _whom(rule, settings), _tells(rule))
            for rule in settings.book.rules
        ],
        empty="There is no [[rule]] in the settings: everything is kept, and nobody is told.",
    )


def _tells(rule: Rule) -> str:
    """When it tells, in words."""
    words = []
    if rule.at_least is not None and rule.within is not None:
        words.append(f"from {rule.at_least} within {spell(rule.within)}, and when it is over")
    elif rule.none_within is not None:
        words.append(f"when none came for {spell(rule.none_within)}, and when one comes again")
    elif rule.collect is not None:
        words.append(f"what comes within {spell(rule.collect)}, together")
    else:
        words.append("each")
    if rule.once_per is not None:
        words.append(f"once per {rule.once_per.text}")
    if rule.condition is not None:
        words.append(f"if {rule.condition.text}")
    return ", ".join(words)


def _whom(rule: Rule, settings: Settings) -> str:
    told = ", ".join(f"{name} ({_road(settings.channels[name])})" for name in rule.notify)
    return f"{told}, as urgent" if rule.severity is Severity.PAGE else told


def _road(channel: SlackChannel | MailChannel) -> str:
    if isinstance(channel, MailChannel):
        return f"mail to {', '.join(channel.to)}"
    return f"Slack {channel.to or 'by an incoming webhook'}"


@command.command(
    "test",
    epilog="""Examples:

    \b
    pirsch-bot rules test --site shop --event purchase --meta amount=129.90 --meta currency=USD
    pirsch-bot rules test --site shop event.json
    curl -s https://shop.example.com/event.json | pirsch-bot rules test -
    """,
)
@click.argument("file", required=False, type=click.File("rb"))
@click.option("--site", help="On which site it happens.  [default: the only one]")
@click.option("--event", "name", help="Its name.")
@click.option("--meta", "pairs", multiple=True, metavar="KEY=VALUE", help="One of its values; once for each.")
@click.option(
    "--duration",
    type=click.IntRange(0, LONGEST_DURATION),
    default=0,
    metavar="SECONDS",
    help="How long it took.",
)
@config_option
def one_event(
    config: Path,
    file: BinaryIO | None,
    site: str | None,
    name: str | None,
    pairs: tuple[str, ...],
    duration: int,
) -> None:
    """Say which rules would mean an event, why the others would not, and whom they would tell.

    The event is written with --event and --meta, or is a FILE (- for standard input) with the JSON that
    Pirsch sends. Exits 0 when a rule means it, 1 when none does. Nothing is kept and nothing is sent.
    """
    settings = settings_or_stop(config)
    if (file is None) == (name is None):
        stop("Which event? Name it with --event, or give a file with what Pirsch sends.", code=2)
    if file is not None and (pairs or duration):
        stop("A file says everything about its event: leave --meta and --duration out.", code=2)
    body = _body(name or "", pairs, duration) if file is None else file.read(LONGEST_BODY + 1)
    event = _event_or_stop(body, _site_or_stop(settings, site))
    trials = try_one(settings.book, event, settings.bot.timezone)
    for trial in trials:
        _print(trial, settings)
    _print_others(trials, settings)
    if not any(trial.matches for trial in trials):
        raise SystemExit(1)


def _site_or_stop(settings: Settings, site: str | None) -> str:
    if site is not None:
        known_or_stop("site", site, settings.sites)
        return site
    if len(settings.sites) != 1:
        stop(f"On which site? --site, one of: {', '.join(settings.sites) or 'none is configured'}", code=2)
    return next(iter(settings.sites))


def _body(name: str, pairs: tuple[str, ...], duration: int) -> bytes:
    meta = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            stop(f"--meta takes KEY=VALUE, such as amount=129.90; this is {pair!r}", code=2)
        meta[key] = value
    return json.dumps({"event_name": name, "event_duration": duration, "event_meta": meta}).encode()


def _event_or_stop(body: bytes, site: str) -> Event:
    kept = Kept(id=1, site=site, body=body[:LONGEST_BODY], size=len(body), received_at=clock.now())
    try:
        event = events.read(replace(kept, origin=GOAL))  # so that rules about goals can be tried, too
    except Unreadable as problem:
        stop(f"This is no event, it would be quarantined: {problem}.")
    return replace(event, ours=event.name in OUR_NAMES)


def _print(trial: Trial, settings: Settings) -> None:
    rule = trial.rule
    if not trial.matches:
        say(f"no    {rule.name}")
        for why in trial.why_not:
            say(f"      {why}")
        return
    say(f"yes   {rule.name}: {_what_comes_of_it(rule)} → {_whom(rule, settings)}")
    if trial.value is not None:
        say(f"      its value is {trial.value}")
    if rule.once_per is not None and trial.key is not None:
        key = json.dumps(trial.key.replace("\x1f", ", "), ensure_ascii=False)
        say(f"      unless {key} was told before (once per {rule.once_per.text})")
    elif rule.once_per is not None:
        say(f"      each time: a part of its key is missing (once per {rule.once_per.text})")


def _what_comes_of_it(rule: Rule) -> str:
    if rule.at_least is not None and rule.within is not None:
        return f"counts towards {rule.at_least} within {spell(rule.within)}"
    if rule.none_within is not None:
        return f"shows that it still comes; {spell(rule.none_within)} without it would be told"
    if rule.collect is not None:
        return f"told with what else comes within {spell(rule.collect)}"
    return "told at once"


def _print_others(trials: list[Trial], settings: Settings) -> None:
    mentioned = {trial.rule.name for trial in trials}
    others = [rule for rule in settings.book.rules if rule.name not in mentioned]
    if others:
        names = ", ".join(f"{rule.name} ({rule.event})" for rule in others[:NAMED_AT_MOST])
        more = f" and {len(others) - NAMED_AT_MOST} more" if len(others) > NAMED_AT_MOST else ""
        say(f"{many(len(others), 'rule')} for other events: {names}{more}")
