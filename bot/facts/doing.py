"""What a rule or a watch may ask to be done at Pirsch, besides telling people.

Events are written by strangers. So of an event only one value may be used, and only for one deed: an address
for a filter, and nothing wider than one address. Everything else stands in the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class Deed(StrEnum):
    """What may be asked for."""

    FILTER = "filter"  # keep the visits of an address out, for a time
    SPIKE_THRESHOLD = "spike_threshold"  # raise it, so that Pirsch's mail comes for the next spike only
    GOAL = "goal"  # raise the target of a goal
    REPORT = "report"  # send Pirsch's report to an address
    WEBHOOK = "webhook"  # hear another event


MOST_A_DAY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Do:
    """`do = { … }` of a rule or a watch.

    `subject` is what the file says: the name of a goal or an event, a mail address, or for a filter the key
    of the meta that holds the address. `by` is a share to raise something by; `lasts` is None for ever.
    """

    deed: Deed
    subject: str = ""
    by: float = 0.0
    every: int | None = None  # of a report, as Pirsch counts: 0 is a day, 1 to 4 are weeks
    lasts: timedelta | None = None
    at_most: int = MOST_A_DAY  # of one rule or watch on one site, in a day


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Something to be done on a site. `asker` is who said so, with its kind: "rule Login", "watch Visitors".

    `from_event`: a stranger had a part in it.
    """

    site: str
    asker: str
    deed: Deed
    subject: str
    why: str
    detail: Mapping[str, object] = field(default_factory=dict)
    from_event: bool = False
