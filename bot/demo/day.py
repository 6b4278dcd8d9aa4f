"""The demo's day: when it is, which sites there are beside the shop, what goes wrong and what is told."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.sandbox.clock import SandboxClock
from bot.sandbox.pirsch import Incident, Site, Trouble
from bot.sandbox.slack.workspace import Message
from bot.sandbox.world import World

START = datetime(2026, 3, 2, 7, 10, tzinfo=UTC)
"""A Monday morning, ten past eight in Berlin. Always the same one, so that the same things happen."""

HOUR = timedelta(hours=1)
HOURS = 8
"""How much of the day passes in the demo, an hour at a time."""

BLOG, DOCS, WIKI = "blog.kites.example", "docs.kites.example", "wiki.kites.example"
HANDBOOK = "handbook.kites.example"
NEWS = "https://news.ycombinator.com/"
GOAL, READERS = "Readers", 120


def begin(channels: Iterable[str], *, port: int = 0, visitors_per_day: float = 0.0) -> World:
    """Open the world on that morning; so many people come to the shop by themselves.

    Raises OSError when the port is taken.
    """
    return World(
        channels=channels,
        port=port,
        visitors_per_day=visitors_per_day,
        clock=SandboxClock(START),
        others=sites(),
        at_umami=(Site(hostname=HANDBOOK, visitors_per_day=180, incidents=()),),
    )


def sites() -> tuple[Site, ...]:
    """Return the sites beside the shop: one that is linked to, one that is down, one that is not counted.

    Another one is counted by Umami, and all is well there.
    """
    soon = START + timedelta(minutes=20)
    return (
        Site(hostname=BLOG, visitors_per_day=150, incidents=(_incident(Trouble.VIRAL, soon, 6, 4.0, NEWS),)),
        Site(hostname=DOCS, visitors_per_day=250, incidents=(_incident(Trouble.SITE_DOWN, soon, 2.2),)),
        Site(hostname=WIKI, visitors_per_day=250, incidents=(_incident(Trouble.TRACKER_BROKEN, soon, 24),)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A message that must come: once as a parent in #numbers, and at least once by mail."""

    what: str
    line: str
    says: str = ""
    mail: str = ""


WANTED = (
    Wanted(what="the digest", line=r"[\d,]+ visitors on 5 sites, 23 Feb – 1 Mar 2026"),
    Wanted(what="the goal", line=r"Goal on blog", says=GOAL),
    Wanted(what="the spike with its driver", line=r"\d+ visitors on blog within", says=NEWS),
    Wanted(
        what="the dead tracker", line=r".*No page views of wiki are counted any more", says="tracking code"
    ),
    Wanted(
        what="the outage, over again",
        line=r".* of “Visitors” on docs – over",
        mail=r"0 visitors on docs within",
    ),
)


def differences(messages: Sequence[Message], subjects: Sequence[str]) -> list[str]:
    """Compare what was told with what had to be; return a sentence for each difference."""
    wrong = []
    parents = [one for one in messages if not one.is_reply]
    for wanted in WANTED:
        found = [one for one in parents if re.match(wanted.line, one.text)]
        if len(found) != 1 or wanted.says not in json.dumps(list(found[0].blocks)):
            wrong.append(
                f"{wanted.what}: {len(found)} parents in #numbers that say {wanted.says or 'so'}, not 1"
            )
        if not any(re.match(wanted.mail or wanted.line, subject) for subject in subjects):
            wrong.append(f"{wanted.what}: no mail")
    if len(parents) != len(WANTED):
        wrong.append(f"in #numbers: {len(parents)} parents instead of {len(WANTED)}")
    return wrong


def _incident(
    trouble: Trouble, start_at: datetime, hours: float, strength: float = 1.0, label: str = ""
) -> Incident:
    return Incident(
        trouble=trouble, start_at=start_at, length=timedelta(hours=hours), strength=strength, label=label
    )
