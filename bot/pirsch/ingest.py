"""Sends traffic to Pirsch (docs.pirsch.io, API v1, "Sending Page Views", "Events", "Keeping Sessions Alive").

Pirsch knows no repetition here: a hit that is sent twice counts twice. So nothing is sent again after an
`Unsure`, and the caller decides whether one too many or one too few is worse. A yes means "taken", not
"counted": what looks like a bot is dropped without a word.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.pirsch.errors import Unaskable
from bot.pirsch.wire import Wire

MOST_META = 20
LONGEST_KEY = 100
LONGEST_VALUE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who is there. Pirsch makes a fingerprint of address and user agent and keeps neither."""

    ip: str = field(repr=False)
    user_agent: str
    accept_language: str = ""
    sec_ch_ua: str = ""
    sec_ch_ua_mobile: str = ""
    sec_ch_ua_platform: str = ""
    sec_ch_ua_platform_version: str = ""
    sec_ch_width: str = ""
    sec_ch_viewport_width: str = ""
    disable_bot_filter: bool = False

    def __post_init__(self) -> None:
        if not self.ip or not self.user_agent:
            raise Unaskable("ip and user_agent are needed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A page view. `at` is needed in a batch, and only there."""

    visit: Visit
    url: str
    title: str = ""
    referrer: str = ""
    screen_width: int = 0
    screen_height: int = 0
    tags: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.url:
            raise Unaskable("url is needed")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventHit:
    """An event on a page: at most 20 pairs of meta, keys up to 100 and values up to 2000 characters."""

    hit: Hit
    name: str
    duration: timedelta = timedelta(0)
    meta: Mapping[str, str] = field(default_factory=dict)
    non_interactive: bool = False

    def __post_init__(self) -> None:
        if not self.name:
            raise Unaskable("an event needs a name")
        if len(self.meta) > MOST_META:
            raise Unaskable(f"at most {MOST_META} pairs of meta are taken")
        for key, value in self.meta.items():
            if not key.strip() or not value.strip():
                raise Unaskable("meta with an empty key or value would be dropped")
            if len(key) > LONGEST_KEY or len(value) > LONGEST_VALUE:
                raise Unaskable("meta with so long a key or value is not taken")


class Ingest:
    """`pirsch.ingest`: hits, events and signs of life, one at a time or many. Works with an access key."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def hit(self, hit: Hit) -> None:
        """Send a page view that happens now."""
        self._wire.ask("ingest.hit", body=_hit(hit))

    def hits(self, hits: Sequence[Hit]) -> None:
        """Send page views with their times; they are sorted, or durations would be spoilt."""
        self._wire.ask("ingest.hits", body=[_timed(_hit(hit), hit.at) for hit in sorted(hits, key=_hit_at)])

    def event(self, event: EventHit) -> None:
        """Send an event that happens now."""
        self._wire.ask("ingest.event", body=_event(event))

    def events(self, events: Sequence[EventHit]) -> None:
        """Send events with their times."""
        ordered = sorted(events, key=_event_at)
        self._wire.ask("ingest.events", body=[_timed(_event(event), event.hit.at) for event in ordered])

    def session(self, visit: Visit) -> None:
        """Keep a visit alive. Billed as a tenth of a page view."""
        self._wire.ask("ingest.session", body=_visit(visit))

    def sessions(self, visits: Sequence[tuple[datetime, Visit]]) -> None:
        """Keep visits alive at given times."""
        ordered = sorted(visits, key=_visit_at)
        self._wire.ask("ingest.sessions", body=[_timed(_visit(visit), at) for at, visit in ordered])


def _hit_at(hit: Hit) -> datetime:
    return _aware(hit.at)


def _event_at(event: EventHit) -> datetime:
    return _aware(event.hit.at)


def _visit_at(pair: tuple[datetime, Visit]) -> datetime:
    return _aware(pair[0])


def _aware(at: datetime | None) -> datetime:
    if at is None or at.tzinfo is None:
        raise Unaskable("everything in a batch needs its time, with a zone")
    return at.astimezone(UTC)


def _timed(body: dict[str, object], at: datetime | None) -> dict[str, object]:
    return {"time": _aware(at).isoformat().replace("+00:00", "Z"), **body}


def _visit(visit: Visit) -> dict[str, object]:
    told = {name: getattr(visit, name) for name in Visit.__dataclass_fields__}
    return {name: value for name, value in told.items() if value}


def _hit(hit: Hit) -> dict[str, object]:
    told = {
        "url": hit.url,
        "title": hit.title,
        "referrer": hit.referrer,
        "screen_width": hit.screen_width,
        "screen_height": hit.screen_height,
        "tags": dict(hit.tags),
    }
    return {**{name: value for name, value in told.items() if value}, **_visit(hit.visit)}


def _event(event: EventHit) -> dict[str, object]:
    told = {
        "event_name": event.name,
        "event_duration": int(event.duration.total_seconds()),
        "event_meta": dict(event.meta),
        "non_interactive": event.non_interactive,
    }
    return {**{name: value for name, value in told.items() if value}, **_hit(event.hit)}
