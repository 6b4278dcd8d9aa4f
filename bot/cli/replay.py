"""pirsch-bot replay: what would today's rules do with last week's events, and why."""

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import click

from bot import clock, events
from bot.cli.ground import (
    Length,
    config_option,
    harmless,
    known_or_stop,
    many,
    opened,
    say,
    settings_or_stop,
    stop,
    table,
    when,
)
from bot.cli.wording import Wording
from bot.db import Database
from bot.events import Kept
from bot.pipeline import GRACE, Judges
from bot.rehearsal import Heard, Replay, Told
from bot.rules.book import RuleBook
from bot.settings import Settings

TOGETHER = 500
"""Events that are read at a time."""

ONLY_DRY = (
    "A replay only ever shows what would be told: say --dry-run.",
    "To send a message again that was given up, use `pirsch-bot outbox retry`.",
)


@click.command(
    short_help="Judge last week's events once more.",
    epilog="""Examples:

    \b
    pirsch-bot replay --dry-run --since 7d
    pirsch-bot replay --dry-run --since 24h --site shop --rule "Big order"
    pirsch-bot replay --dry-run --since 30d --config other.toml --brief
    """,
)
@click.option("--dry-run", is_flag=True, help="Needed: a replay sends nothing and writes nothing.")
@click.option(
    "--since", type=Length(), default="7d", show_default=True, metavar="LENGTH", help="How far back."
)
@click.option("--site", "sites", multiple=True, help="Only this site's events. As often as needed.")
@click.option("--rule", "names", multiple=True, help="Only this rule. As often as needed.")
@click.option("--brief", is_flag=True, help="Only the sums, not each message.")
@config_option
def command(
    config: Path, dry_run: bool, since: timedelta, sites: tuple[str, ...], names: tuple[str, ...], brief: bool
) -> None:
    """Say what today's rules would have done with the events that were kept, and why.

    Each message that would have been told, when, by which rule and where; then how often each rule said what.
    To try other rules on the same events, name their file with --config. Memories begin empty: what was
    counted, collected or told once before --since is not known. Nothing is sent and nothing is written.
    """
    if not dry_run:
        stop(*ONLY_DRY, code=2)
    settings = settings_or_stop(config)
    judges = _judges(settings, sites, names)
    now = clock.now()
    with opened(settings) as database:
        replay = Replay(judges, now - since)
        printer = _Printer(settings, brief=brief)
        kept = (one for one in _kept(database, now - since) if not sites or one.site in sites)
        _run(replay, printer, kept, now - since, now)
    printer.sums(replay)


def _judges(settings: Settings, sites: tuple[str, ...], names: tuple[str, ...]) -> Judges:
    for site in sites:
        known_or_stop("site", site, settings.sites)
    rules = {rule.name: rule for rule in settings.book.rules}
    for name in names:
        known_or_stop("rule", name, rules)
    book = RuleBook([rules[name] for name in rules if not names or name in names])
    told = None if names else settings.bot.owner  # who asks about one rule does not mean the bot's troubles
    return Judges(
        book=book,
        sites=sites or tuple(settings.sites),
        told=told,
        policy=settings.policy,
        unheard=settings.unheard,
    )


def _kept(database: Database, since_at: datetime) -> Iterator[Kept]:
    """Read events piece by piece, each in a look of its own: a long look would hold up the store's upkeep."""
    after = 0
    while True:
        with database.reading() as tx:
            some = events.heard_since(tx, since_at, after, TOGETHER)
        yield from some
        if len(some) < TOGETHER:
            return
        after = some[-1].id


def _run(
    replay: Replay, printer: "_Printer", kept: Iterable[Kept], since_at: datetime, now: datetime
) -> None:
    seconds = max(1, round((now - since_at).total_seconds()))
    # On a terminal only, and where it does not stand in the way of what is piped.
    with click.progressbar(length=seconds, label="Replaying", file=sys.stderr, hidden=not _watched()) as bar:
        printer.clear = "\r\033[K" if _watched() else ""
        for one in kept:
            printer.heard(one, replay.hear(one))
            bar.update(max(0, round((one.received_at - since_at).total_seconds()) - bar.pos))
        printer.told(replay.pass_time(now - GRACE))
        bar.update(seconds - bar.pos)


def _watched() -> bool:
    return sys.stderr.isatty()


class _Printer:
    """Prints messages as they come up, and the sums at the end. `clear` wipes the progress bar's line."""

    def __init__(self, settings: Settings, *, brief: bool) -> None:
        self.clear = ""
        self._settings = settings
        self._wording = Wording(settings)
        self._brief = brief

    def heard(self, kept: Kept, heard: Heard) -> None:
        """Print what one event brought about."""
        self.told(heard.told)
        if heard.why is not None and not self._brief:
            self._line(kept.received_at, f"event {kept.id} on {kept.site} would be quarantined: {heard.why}")

    def told(self, messages: Iterable[Told]) -> None:
        """Print messages."""
        for one in () if self._brief else messages:
            whom = ", ".join(one.channels)
            why = str(one.notice.reason).replace("_", " ")
            about = f"{one.notice.rule}: {why}" if one.notice.rule else why
            self._line(one.notice.at, f"→ {whom}: {self._wording.line(one.notice)} ({about})")

    def sums(self, replay: Replay) -> None:
        """Print what came of everything."""
        tally = replay.tally
        if not self._brief and (tally.messages or tally.unreadable):
            say()
        table(
            ("rule", "what it said", "times"),
            [(name, reason, f"{times:,}") for (name, reason), times in sorted(tally.verdicts.items())],
            empty="No rule said anything.",
        )
        say()
        for name, site in replay.waiting:
            say(f"{name} on {site} still collects; its message would come later.")
        for broken in sorted(self._wording.broken):
            say(f"A template is broken, and plain words stood in for it: {broken}")
        say(_summary(replay))

    def _line(self, at: datetime, text: str) -> None:
        if self.clear:
            click.echo(self.clear, nl=False, err=True)
        say(f"{when(at, self._settings.bot.timezone)}  {' '.join(harmless(text).split())}")


def _summary(replay: Replay) -> str:
    tally = replay.tally
    sent = [f"{many(number, 'message')} to {name}" for name, number in tally.messages.most_common()]
    parts = {"unreadable": tally.unreadable, "that concerned no rule": tally.concerned_nobody}
    about = ", ".join(f"{number:,} {what}" for what, number in parts.items() if number)
    heard = f"{many(tally.events, 'event')}{f' ({about})' if about else ''}"
    return f"{heard}: would have sent {', '.join(sent) or 'nothing'}."
