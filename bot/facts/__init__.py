"""The values that flow through the house. Read this first.

An `Event` was heard. A rule has an opinion about it: a `Finding`. When the opinion is news, it becomes
a `Notice`: facts that wait in the outbox until templates make words of them. Everything here is frozen,
knows no database, network, clock or template, and compares by value.

Instants end in `_at` and are aware UTC. Lengths of time are `timedelta`. Money is `Decimal`.
"""

from bot.facts.causes import Cause, Doubt, Driver, Explanation
from bot.facts.heard import Absence, Event, EventHeard, EventsCollected, Example, Frequency
from bot.facts.notices import Content, Finding, Notice, Standing
from bot.facts.ourselves import ChannelTest, Trouble
from bot.facts.pictures import Bar, Bars, Funnel, Line, Picture, Point, Spark, Step
from bot.facts.reasons import SPEAKING, AlertState, Reason, Severity

__all__ = [
    "SPEAKING",
    "Absence",
    "AlertState",
    "Bar",
    "Bars",
    "Cause",
    "ChannelTest",
    "Content",
    "Doubt",
    "Driver",
    "Event",
    "EventHeard",
    "EventsCollected",
    "Example",
    "Explanation",
    "Finding",
    "Frequency",
    "Funnel",
    "Line",
    "Notice",
    "Picture",
    "Point",
    "Reason",
    "Severity",
    "Spark",
    "Standing",
    "Step",
    "Trouble",
]
