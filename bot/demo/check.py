"""The demo without eyes: 200 mixed events and a day's troubles, and every expected message exactly once."""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bot.demo import day
from bot.demo.arrived import MAILS, Arrived, differences
from bot.demo.expected import Expected, body_key, expected
from bot.demo.stage import Failed, Stage, Tempo
from bot.sandbox.shop import NAMES, mixed_events
from bot.sandbox.world import World

EVENTS = 200
CHANNELS = ("sales", "website", "everything", "numbers")
TEMPO = Tempo(pace="0s", collect="4s", silence="3s")
PATIENCE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the check went: what is wrong (nothing, when all is well), and the line of figures."""

    wrong: tuple[str, ...]
    figures: str


def run(say: Callable[[str], None]) -> Outcome:
    """Start everything, send the events, wait, and compare. Raise Failed when it cannot be done at all."""
    items = mixed_events(count=EVENTS)
    names = [*NAMES, *(one.event.name.strip() for one in items if one.event is not None)]
    with day.begin(CHANNELS) as world, Stage(world, TEMPO, names) as stage:
        say(f"the bot runs; {len(items)} events happen, floods, rubbish and hostile text among them …")
        began = time.monotonic()
        wanted = expected([future.result(PATIENCE) for future in world.shop.submit(items)])
        if not world.pirsch.postman.settle(PATIENCE):
            raise Failed(f"Pirsch did not get rid of its webhooks within {PATIENCE:.0f} s")
        sent_in = time.monotonic() - began
        late = _wait(world, stage, wanted)
        arrived_in = time.monotonic() - began
        found = look(world, stage)
        wrong = [*wanted.wrong, *late, *differences(wanted, found)]
        say(f"{day.HOURS} hours pass: a digest is due, a goal is near, and three sites are in trouble …")
        began = time.monotonic()
        wrong += _pass_a_day(world, stage)
        passed_in = time.monotonic() - began
        memory, stopped_in = stage.memory(), stage.stop()
    if wrong:
        wrong.append(f"the mails were: {[mail.subject for mail in world.mailbox.messages]}")
    figures = (
        f"{len(items)} events taken in {sent_in:.2f} s, {found.sent} of them by Pirsch's webhooks, "
        f"{len(items) - wanted.kept.total()} refused by Pirsch; "
        f"{len(found.ids)} Slack messages and {len(found.subjects)} mails in {arrived_in:.1f} s, "
        f"each exactly once; {wanted.unreadable} unreadable bodies quarantined; "
        f"{day.HOURS} moved hours in {passed_in:.1f} s: {len(day.WANTED)} of {len(day.WANTED)} told; "
        f"{f'{memory / 2**20:.0f} MB' if memory else 'unknown'} of memory; stopped in {stopped_in:.1f} s"
    )
    return Outcome(wrong=tuple(wrong), figures=figures)


def _pass_a_day(world: World, stage: Stage) -> list[str]:
    """Let the day pass hour by hour. Return a sentence for everything that was not told as it had to be."""
    for _ in range(day.HOURS):
        if not stage.settle(PATIENCE):
            return [f"the jobs were not done within {PATIENCE:.0f} s: {json.dumps(stage.readiness())}"]
        stage.move(day.HOUR)
    until = time.monotonic() + PATIENCE
    while wrong := day.differences(
        world.slack.messages("numbers"), [mail.subject for mail in world.mailbox.messages]
    ):
        if time.monotonic() > until:
            break
        time.sleep(0.2)
    return wrong


def look(world: World, stage: Stage) -> Arrived:
    """Collect what is there now."""
    postman = world.pirsch.postman
    return Arrived(
        slack={channel: world.slack.messages(channel) for channel in CHANNELS},
        subjects=[mail.subject for mail in world.mailbox.messages],
        kept=Counter(map(body_key, stage.kept())),
        quarantined=stage.readiness()["checks"]["events"]["quarantined"],
        sent=postman.sent,
        failed=postman.failed,
    )


def _wait(world: World, stage: Stage, wanted: Expected) -> list[str]:
    """Wait until nothing waits and the last collection was told. Return a sentence when that took long."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        checks = stage.readiness()["checks"]
        settled = checks["events"]["kept"] == 0 and checks["notices"]["waiting"] == 0
        if settled and look(world, stage).orders >= wanted.orders and len(world.mailbox.messages) >= MAILS:
            time.sleep(1.0)  # whatever would come twice comes now
            return []
        time.sleep(0.1)
    return [f"not all arrived within {PATIENCE:.0f} s; the bot says: {json.dumps(stage.readiness())}"]
