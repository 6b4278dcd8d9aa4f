"""What people are told when a site, or every site, has fallen silent. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.facts import Explanation, Finding, Inhibits, Moment, Severity, Silence, Suspect, Trouble, Vendor
from bot.troubles import TRACKER, recording_key


def tracker(site: str, said: Explanation, now: datetime) -> Finding:
    """Nothing is counted on a site any more, and it is not the visitors. It explains every drop there."""
    events = said.suspect is Suspect.EVENTS_ONLY
    what = f"No page views of {site} are counted any more"
    why = "Events still come through its webhooks." if events else "Other sites of the account are counted."
    if events:
        remedy = "The tracking code counts no page views: look at the last change of it."
    else:
        remedy = "Open the site. If it is there, its tracking code was lost: look at the last release."
    content = Trouble(what=what, why=why, remedy=remedy, moments=tuple(_moments(said.silence)))
    return _tracking(site, content, now, Severity.PAGE, holds=True)


def _moments(silence: Silence | None) -> Iterator[Moment]:
    if silence is None:
        return
    most = "" if silence.last_page is None else f", most of them on {silence.last_page},"
    yield Moment(what=f"The last page views were counted{most} before", at=silence.since_at)
    if silence.last_event_at is not None:
        yield Moment(what="The last event came", at=silence.last_event_at)


def tracking_again(site: str, now: datetime) -> Finding:
    """Page views of a site are counted again."""
    content = Trouble(
        what=f"Page views of {site} are counted again", why="Visitors were counted.", remedy="Nothing to do."
    )
    return _tracking(site, content, now, Severity.NOTICE, holds=False)


def _tracking(site: str, content: Trouble, now: datetime, severity: Severity, *, holds: bool) -> Finding:
    return Finding(
        key=f"{TRACKER}{site}",
        content=content,
        seen_at=now,
        severity=severity,
        site=site,
        lasting=True,
        holds=holds,
        inhibits=Inhibits.DROPS,
    )


def recording(vendor: Vendor, sites: Sequence[str], since_at: datetime | None, now: datetime) -> Finding:
    """Several sites are silent at once: the vendor answers, and records nothing."""
    content = Trouble(
        what=f"{vendor.called} answers, and counts nobody on any site",
        why=f"First seen on {', '.join(sites)}; other sites are silent as well.",
        remedy=f"It is probably {vendor.called}, or the way there. Single sites are quiet until it is over.",
        moments=() if since_at is None else (Moment(what="Nobody was counted since", at=since_at),),
    )
    return _recording(vendor, content, now, Severity.PAGE, holds=True)


def recording_again(vendor: Vendor, now: datetime) -> Finding:
    """Visitors are counted again."""
    content = Trouble(
        what=f"{vendor.called} counts visitors again",
        why="A site has visitors again.",
        remedy="Nothing to do.",
    )
    return _recording(vendor, content, now, Severity.NOTICE, holds=False)


def _recording(
    vendor: Vendor, content: Trouble, now: datetime, severity: Severity, *, holds: bool
) -> Finding:
    return Finding(
        key=recording_key(vendor),
        content=content,
        seen_at=now,
        severity=severity,
        lasting=True,
        holds=holds,
        inhibits=Inhibits.MEASURED,
    )
