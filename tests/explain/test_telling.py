"""What is told of a site that has fallen silent, in the time of those who read it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.explain.telling import recording, tracker
from bot.facts import Explanation, Finding, Notice, Silence, Suspect, Vendor
from bot.render import Renderer
from bot.troubles import unreachable
from bot.writing.formats import Formats

NOON = datetime(2026, 7, 14, 12, tzinfo=UTC)
SINCE = datetime(2026, 7, 14, 3, 30, tzinfo=UTC)


def silent(suspect: Suspect, last_event_at: datetime | None = None) -> Explanation:
    silence = Silence(since_at=SINCE, last_page="/shop", last_event_at=last_event_at)
    return Explanation(got=0, expected=40.0, causes=(), suspect=suspect, silence=silence)


def told(found: Finding, zone: str) -> tuple[str, str]:
    notice = Notice(key=found.key, content=found.content, at=NOON, severity=found.severity, site=found.site)
    renderer = Renderer([], Formats(zone=ZoneInfo(zone)))
    return str(renderer.slack(notice).blocks), renderer.mail(notice).plain


@pytest.mark.parametrize(
    ("zone", "since", "event"),
    [
        ("America/New_York", "13 Jul 2026, 23:30 EDT", "14 Jul 2026, 08:00 EDT"),
        ("Europe/Berlin", "14 Jul 2026, 05:30 CEST", "14 Jul 2026, 14:00 CEST"),
    ],
)
def test_instants_are_in_the_site_s_time(zone: str, since: str, event: str) -> None:
    for text in told(tracker("shop", silent(Suspect.EVENTS_ONLY, NOON), NOON), zone):
        assert f"The last page views were counted, most of them on /shop, before {since}." in text
        assert f"The last event came {event}." in text
    for text in told(recording(Vendor.PIRSCH, ["shop", "blog"], SINCE, NOON), zone):
        assert f"Nobody was counted since {since}." in text


def test_what_nobody_knows_is_not_told() -> None:
    unknown = Explanation(got=0, expected=40.0, causes=(), suspect=Suspect.TRACKER)
    for text in told(tracker("shop", unknown, NOON), "UTC"):
        assert "Other sites of the account are counted." in text
        assert "last page view" not in text
    for text in told(recording(Vendor.PIRSCH, ["shop"], None, NOON), "UTC"):
        assert "since" not in text.partition("First seen")[2]


def test_a_vendor_that_is_away_is_told_since_when() -> None:
    away = unreachable(Vendor.PIRSCH, "shop", "Pirsch answered 503.", None, SINCE, NOON, holds=True)
    for text in told(away, "America/New_York"):
        assert "Pirsch answered 503. First seen on shop, 13 Jul 2026, 23:30 EDT." in text
