"""Single sessions, as the dashboard shows them."""

from datetime import UTC, datetime

from bot.sandbox.pirsch.rows import Event, Session, View
from bot.sandbox.pirsch.statistics.scope import Scope
from bot.sandbox.pirsch.statistics.tally import Row


def listed(scope: Scope) -> list[Row]:
    """Return the sessions selected, the latest first. `visitor_id` is text here."""
    found = sorted((match.session for match in scope.matches()), key=lambda one: -one.last)
    return [_summary(session) for session in found]


def told(session: Session) -> list[Row]:
    """Return what happened in a session, the oldest first. `visitor_id` is a number here."""
    rows: list[tuple[int, Row]] = []
    following = [view.at for view in session.views[1:]] + [session.views[-1].at]
    for view, next_at in zip(session.views, following, strict=True):
        rows.append((view.at, {"page_view": _view(session, view, next_at - view.at), "event": None}))
    rows.extend((event.at, {"page_view": None, "event": _event(session, event)}) for event in session.events)
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def _summary(session: Session) -> Row:
    first, last = session.views[0].page, session.views[-1].page
    return {
        "visitor_id": str(session.visitor.visitor_id),
        "session_id": session.session_id,
        "time": instant(session.last),
        "start": instant(session.start),
        "duration_seconds": session.seconds,
        "entry_path": first.path,
        "exit_path": last.path,
        "page_views": len(session.views),
        "is_bounce": session.bounced,
        "entry_title": first.title,
        "exit_title": last.title,
        **_who(session),
        "extended": session.extended,
    }


def _view(session: Session, view: View, seconds: int) -> Row:
    return {
        **_ids(session, view.at),
        "duration_seconds": seconds,
        "path": view.page.path,
        "title": view.page.title,
        **_who(session),
        "tag_keys": [key for key, _ in view.page.tags],
        "tag_values": [value for _, value in view.page.tags],
    }


def _event(session: Session, event: Event) -> Row:
    return {
        **_ids(session, event.at),
        "name": event.name,
        "meta_keys": [key for key, _ in event.meta],
        "meta_values": [value for _, value in event.meta],
        "duration_seconds": event.duration,
        "path": event.page.path,
        "title": event.page.title,
        **_who(session),
    }


def _ids(session: Session, at: int) -> Row:
    return {"visitor_id": session.visitor.visitor_id, "session_id": session.session_id, "time": instant(at)}


def _who(session: Session) -> Row:
    visitor, source = session.visitor, session.source
    return {
        "language": visitor.language,
        "country_code": visitor.country,
        "region": visitor.region,
        "city": visitor.city,
        "referrer": source.referrer,
        "referrer_name": source.name,
        "referrer_icon": source.icon,
        "os": visitor.os,
        "os_version": visitor.os_version,
        "browser": visitor.browser,
        "browser_version": visitor.browser_version,
        "desktop": visitor.platform == "desktop",
        "mobile": visitor.platform == "mobile",
        "screen_class": visitor.screen_class,
        "utm_source": source.utm_source,
        "utm_medium": source.utm_medium,
        "utm_campaign": source.utm_campaign,
        "utm_content": source.utm_content,
        "utm_term": source.utm_term,
    }


def instant(at: int) -> str:
    """Write an instant with whole seconds."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"
