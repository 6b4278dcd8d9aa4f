"""The attributes that statistics are filtered by and broken down by, and where a row keeps them."""

from collections.abc import Callable, Mapping

from bot.sandbox.pirsch.rows import Pairs, Session

Attribute = Callable[[Session], str]

OF_SESSION: Mapping[str, Attribute] = {
    "hostname": lambda session: session.hostname,
    "entry_path": lambda session: session.views[0].page.path,
    "exit_path": lambda session: session.views[-1].page.path,
    "language": lambda session: session.visitor.language,
    "country": lambda session: session.visitor.country,
    "region": lambda session: session.visitor.region,
    "city": lambda session: session.visitor.city,
    "referrer": lambda session: session.source.referrer,
    "referrer_name": lambda session: session.source.name,
    "channel": lambda session: session.source.channel,
    "os": lambda session: session.visitor.os,
    "os_version": lambda session: session.visitor.os_version,
    "browser": lambda session: session.visitor.browser,
    "browser_version": lambda session: session.visitor.browser_version,
    "platform": lambda session: session.visitor.platform,
    "screen_class": lambda session: session.visitor.screen_class,
    "utm_source": lambda session: session.source.utm_source,
    "utm_medium": lambda session: session.source.utm_medium,
    "utm_campaign": lambda session: session.source.utm_campaign,
    "utm_content": lambda session: session.source.utm_content,
    "utm_term": lambda session: session.source.utm_term,
    "visitor_id": lambda session: str(session.visitor.visitor_id),
    "session_id": lambda session: str(session.session_id),
}


def value_of(pairs: Pairs, key: str) -> str:
    """Return the value of a tag or of an event's meta; an absent one is empty."""
    return next((value for name, value in pairs if name == key), "")


def has_key(pairs: Pairs, key: str) -> bool:
    """Say whether a tag or a meta key is there."""
    return any(name == key for name, _ in pairs)
