"""The values that flow through the house. Read this first.

An `Event` was heard. A rule has an opinion about it: a `Finding`. When the opinion is news, it becomes
a `Notice`: facts that wait in the outbox until templates make words of them. Everything here is frozen,
knows no database, network, clock or template, and compares by value.

Instants end in `_at` and are aware UTC. Lengths of time are `timedelta`. Money is `Decimal`.
"""

from bot.facts.causes import Cause, Doubt, Driver, Explanation, Silence, Suspect
from bot.facts.deliveries import Away, DeliveriesLost, LostEvents
from bot.facts.digests import (
    AlertLine,
    AlertList,
    ChangeLine,
    Digest,
    Failed,
    HeldBack,
    Maintenance,
    SiteReport,
)
from bot.facts.doing import MOST_A_DAY, Deed, Do, Wish
from bot.facts.figures import DaySpan, Figure, Form, Says
from bot.facts.heard import (
    GOAL_PROGRESS,
    GOAL_REACHED,
    OUR_NAMES,
    Absence,
    Event,
    EventHeard,
    EventsCollected,
    Example,
    Frequency,
)
from bot.facts.managed import (
    CarriedOut,
    Drifted,
    DriftFound,
    Edited,
    PlanApplied,
    Planned,
    PlanProposed,
)
from bot.facts.measured import Measured
from bot.facts.notices import Content, Finding, Notice, Spared, Standing
from bot.facts.ourselves import ChannelTest, Missed, Moment, Trouble
from bot.facts.pictures import Bar, Bars, Funnel, Line, Picture, Point, Spark, Step
from bot.facts.reasons import SPEAKING, UPDATING, AlertState, HeldFor, Inhibits, Reason, Severity
from bot.facts.sections import (
    Chart,
    FunnelLine,
    FunnelList,
    GoalLine,
    GoalList,
    Numbers,
    Oddity,
    Pace,
    Section,
    Unusual,
)
from bot.facts.upkept import Upkept
from bot.facts.vendors import Vendor

__all__ = [
    "GOAL_PROGRESS",
    "GOAL_REACHED",
    "MOST_A_DAY",
    "OUR_NAMES",
    "SPEAKING",
    "UPDATING",
    "Absence",
    "AlertLine",
    "AlertList",
    "AlertState",
    "Away",
    "Bar",
    "Bars",
    "CarriedOut",
    "Cause",
    "ChangeLine",
    "ChannelTest",
    "Chart",
    "Content",
    "DaySpan",
    "Deed",
    "DeliveriesLost",
    "Digest",
    "Do",
    "Doubt",
    "DriftFound",
    "Drifted",
    "Driver",
    "Edited",
    "Event",
    "EventHeard",
    "EventsCollected",
    "Example",
    "Explanation",
    "Failed",
    "Figure",
    "Finding",
    "Form",
    "Frequency",
    "Funnel",
    "FunnelLine",
    "FunnelList",
    "GoalLine",
    "GoalList",
    "HeldBack",
    "HeldFor",
    "Inhibits",
    "Line",
    "LostEvents",
    "Maintenance",
    "Measured",
    "Missed",
    "Moment",
    "Notice",
    "Numbers",
    "Oddity",
    "Pace",
    "Picture",
    "PlanApplied",
    "PlanProposed",
    "Planned",
    "Point",
    "Reason",
    "Says",
    "Section",
    "Severity",
    "Silence",
    "SiteReport",
    "Spared",
    "Spark",
    "Standing",
    "Step",
    "Suspect",
    "Trouble",
    "Unusual",
    "Upkept",
    "Vendor",
    "Wish",
]
