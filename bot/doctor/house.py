"""Judges what is ours: store, channels, templates. Pure."""

from collections.abc import Iterator, Sequence

from bot.deliver.channel import Closed, Undelivered
from bot.doctor.judgement import Group, Judgement
from bot.doctor.look import SeenChannel, SeenStore, SeenTemplate
from bot.outbox import Lane

STORE, CHANNELS, TEMPLATES = Group("store"), Group("channels"), Group("templates")


def store(seen: SeenStore, *, on_dyno: bool) -> Iterator[Judgement]:
    """Judge whether everything that is kept can be kept, and stays."""
    if seen.trouble:
        yield STORE.wrong(
            f"{seen.address} cannot be read ({seen.trouble})",
            "See that the database runs and that DATABASE_URL names it.",
        )
        return
    if seen.schema is None and seen.embedded:
        yield STORE.advice(
            f"{seen.address} is not there yet", "It is made when the bot starts for the first time."
        )
    elif seen.schema != seen.needed:
        yield STORE.wrong(
            f"{seen.address} is at {seen.schema or 'nothing'}, and {seen.needed} is needed",
            "Run pirsch-bot db upgrade.",
        )
    else:
        yield STORE.ok(f"{seen.address} is reachable and up to date")
    if seen.embedded and on_dyno:
        yield STORE.wrong(
            "the store is a file on a dyno, whose disk is emptied at every restart",
            "Add a PostgreSQL database, so that DATABASE_URL is set.",
        )


def channels(seen: Sequence[SeenChannel]) -> Iterator[Judgement]:
    """Judge the channels by what was seen of them, and by how their last messages went. Nothing is sent."""
    if not seen:
        yield CHANNELS.wrong("there is no channel", "Add a [channel.<name>], so that somebody is told.")
    for one in seen:
        yield from _channel(one)


def _channel(seen: SeenChannel) -> Iterator[Judgement]:
    name, found = seen.name, seen.found
    if isinstance(found, Closed):
        yield CHANNELS.wrong(f"{name} would take no message: {found.why}", found.remedy)
    elif isinstance(found, Undelivered):
        yield CHANNELS.wrong(
            f"{name} cannot be looked at: {found.why}", "Try again; messages wait meanwhile."
        )
    else:
        yield CHANNELS.ok(f"{name} {found.said}")
        yield from (CHANNELS.advice(f"{name}: {lack.what}", lack.remedy) for lack in found.lacks)
    yield from _lane(name, seen.lane)


def _lane(name: str, lane: Lane | None) -> Iterator[Judgement]:
    if lane is None:
        yield CHANNELS.advice(f"{name} was not used yet", f"Try it: pirsch-bot send-test {name}")
    elif lane.closed_why:
        then = f"Then: pirsch-bot outbox reopen {name}"
        yield CHANNELS.wrong(f"{name} is closed: {lane.closed_why}", f"{lane.remedy or 'Mend it.'} {then}")
    elif lane.failures:
        yield CHANNELS.advice(
            f"{name} failed {lane.failures} times in a row, and {lane.waiting} messages wait",
            f"See why: pirsch-bot outbox --channel {name}",
        )


def templates(seen: Sequence[SeenTemplate]) -> Iterator[Judgement]:
    """Judge the owner's templates, file by file."""
    for one in seen:
        if one.trouble:
            yield TEMPLATES.wrong(
                f"{one.name} cannot be read ({one.trouble})",
                "Mend it; until then the shipped words are used. docs/templates.md",
            )
        elif not one.used:
            yield TEMPLATES.advice(
                f"{one.name} is never used", "Give it the name of a shipped template, or include it in one."
            )
    wrong = sum(bool(one.trouble) for one in seen)
    if seen and not wrong:
        yield TEMPLATES.ok(f"{len(seen)} of your own can be read")
