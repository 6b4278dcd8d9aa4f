"""What the bot says about itself: findings for the owner, each with what to do."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.facts import Finding, Inhibits, Moment, Severity, Trouble, Vendor

RAISED = "bot/rule-raised/"
"""How the keys of alerts about rules that broke down begin."""

CLOSED = "bot/channel-closed/"
"""How the keys of alerts about closed channels begin."""


SOURCE = "source/"
"""How the keys of alerts about vendors begin: numbers that cannot be read, or that are nobody's."""

REFUSED = "bot/watch-refused/"
"""How the keys of alerts about watches begin whose question is refused."""

TRACKER = "site/tracker/"
"""How the keys of alerts about sites begin on which nothing is counted any more."""

_RECORDING = "/records-nothing"


def source_key(vendor: Vendor) -> str:
    """Return the key of the alert about a vendor whose numbers cannot be read."""
    return f"{SOURCE}{vendor}"


def recording_key(vendor: Vendor) -> str:
    """Return the key of the alert about a vendor that answers, and counts nobody on any site."""
    return f"{SOURCE}{vendor}{_RECORDING}"


def is_recording(key: str) -> bool:
    """Whether a key is that of an alert about a vendor that counts nobody."""
    return key.startswith(SOURCE) and key.endswith(_RECORDING)


def unreadable(event_id: int, site: str, why: str, now: datetime) -> Finding:
    """Something came to a site's address that is no event. Told once a day."""
    content = Trouble(
        what=f"Something unreadable came to {site}",
        why=f"Event {event_id}: {why}.",
        remedy="Nothing is lost: `pirsch-bot events --quarantined` lists what could not be read.",
    )
    return Finding(key=f"bot/unreadable/{site}/{now:%Y-%m-%d}", content=content, seen_at=now, site=site)


def raised(rule: str, site: str, bug: Exception, now: datetime) -> Finding:
    """A rule broke down, first on this site. Told once, until `pipeline.begin` closes its alert."""
    content = Trouble(
        what=f"Rule “{rule}” broke down",
        why=f"It raised {type(bug).__name__} on an event of {site}. The other rules go on.",
        remedy="This is a fault in the bot: please report it with the log line `rule raised`.",
    )
    return Finding(
        key=f"{RAISED}{rule}",
        content=content,
        seen_at=now,
        severity=Severity.PAGE,
        site=site,
        rule=rule,
        lasting=True,
    )


def ephemeral(warning: str, now: datetime) -> Finding:
    """The store does not survive a restart."""
    content = Trouble(
        what="What the bot remembers is lost at every restart",
        why=warning,
        remedy="heroku addons:create heroku-postgresql:essential-0",
    )
    return Finding(
        key="bot/ephemeral-store", content=content, seen_at=now, severity=Severity.PAGE, lasting=True
    )


def closed(channel: str, why: str, remedy: str, now: datetime) -> Finding:
    """A channel takes nothing until somebody acts."""
    content = Trouble(what=f"Channel {channel} is closed", why=why, remedy=remedy)
    return _road(channel, content, now, Severity.PAGE, holds=True)


def open_again(channel: str, now: datetime) -> Finding:
    """A closed channel took a message."""
    content = Trouble(
        what=f"Channel {channel} works again", why="A message was taken there.", remedy="Nothing to do."
    )
    return _road(channel, content, now, Severity.NOTICE, holds=False)


def closed_key(channel: str) -> str:
    """Which alert is about a closed channel."""
    return f"{CLOSED}{channel}"


def losses_key(site: str, day: date) -> str:
    """Which finding is about the events of a day that did not come."""
    return f"bot/losses/{site}/{day}"


def _road(channel: str, content: Trouble, now: datetime, severity: Severity, *, holds: bool) -> Finding:
    return Finding(
        key=closed_key(channel), content=content, seen_at=now, severity=severity, lasting=True, holds=holds
    )


def refused(channel: str, address: str, why: str, now: datetime) -> Finding:
    """An address takes no mail, says its server, and is left out from now on."""
    content = Trouble(
        what=f"{address} gets no more mails of channel {channel}",
        why=f"Its mail server says: {why}.",
        remedy=f"Take it out of `to`, or, when it works again: `pirsch-bot recipients resume {address}`.",
    )
    return Finding(
        key=f"bot/refused/{channel}/{address}", content=content, seen_at=now, severity=Severity.PAGE
    )


def unsubscribed(channel: str, address: str, now: datetime) -> Finding:
    """Somebody wants no more mails of a channel."""
    content = Trouble(
        what=f"{address} has unsubscribed from channel {channel}",
        why="Somebody followed the link in one of its mails.",
        remedy=f"Take it out of `to`. If it was a mistake: `pirsch-bot recipients resume {address}`.",
    )
    return Finding(key=f"bot/unsubscribed/{channel}/{address}", content=content, seen_at=now)


def elsewhere(channel: str, what: str, remedy: str, now: datetime) -> Finding:
    """A place beyond a channel is no longer what the config calls it; messages still arrive."""
    content = Trouble(what=f"Channel {channel}: {what}", why="Messages still arrive.", remedy=remedy)
    return Finding(key=f"bot/elsewhere/{channel}", content=content, seen_at=now)


def given_up(notice_id: str, channel: str, why: str, now: datetime) -> Finding:
    """A message is a dead letter now. Told once a day and channel."""
    content = Trouble(
        what=f"A message for {channel} was given up",
        why=why,
        remedy=f"Look at it with `pirsch-bot outbox show {notice_id[:8]}`, send it again with "
        f"`pirsch-bot outbox retry {notice_id[:8]}`. Others of today: `pirsch-bot outbox --state dead`.",
    )
    return Finding(key=f"bot/given-up/{notice_id}", content=content, seen_at=now, severity=Severity.PAGE)


def mended(notice_id: str, channel: str, why: str, now: datetime) -> Finding:
    """A message arrived, but not as its template or its addresses wanted. Told once a day and channel."""
    content = Trouble(
        what=f"A message for {channel} was mended on its way",
        why=why,
        remedy="It arrived. Mend the template or the address that is named above.",
    )
    return Finding(key=f"bot/mended/{notice_id}", content=content, seen_at=now)


def unreachable(
    vendor: Vendor, site: str, why: str, remedy: str | None, since_at: datetime, now: datetime, *, holds: bool
) -> Finding:
    """No numbers can be read, first of this site. Until `holds` it is pending: most pauses are short."""
    content = Trouble(
        what=f"{vendor.called} does not tell any numbers",
        why=why,
        remedy=remedy
        or "Nothing to do if it ends soon: what was missed is read later. Nothing is judged until then.",
        moments=(Moment(what=f"First seen on {site},", at=since_at),),
    )
    return _source(vendor, content, now, holds=holds, wavering=not holds)


def reachable(vendor: Vendor, now: datetime) -> Finding:
    """Numbers can be read again."""
    content = Trouble(
        what=f"{vendor.called} tells numbers again",
        why="The last reading was answered.",
        remedy="Nothing to do.",
    )
    return _source(vendor, content, now, holds=False, wavering=False)


def _source(vendor: Vendor, content: Trouble, now: datetime, *, holds: bool, wavering: bool) -> Finding:
    return Finding(
        key=source_key(vendor),
        content=content,
        seen_at=now,
        lasting=True,
        holds=holds,
        wavering=wavering,
        inhibits=Inhibits.MEASURED,
    )


def unanswerable(watch: str, site: str, why: str, now: datetime) -> Finding:
    """A watch asks for something that the source refuses: it can say nothing until its owner mends it."""
    content = Trouble(
        what=f"Watch “{watch}” cannot be judged",
        why=why,
        remedy="Correct the [[watch]], or make at its vendor what it asks for. It looks again by itself.",
    )
    return _question(watch, site, content, now, holds=True)


def answerable(watch: str, site: str, now: datetime) -> Finding:
    """What a watch asks for is answered."""
    content = Trouble(
        what=f"Watch “{watch}” is judged again", why="It was answered.", remedy="Nothing to do."
    )
    return _question(watch, site, content, now, holds=False)


def _question(watch: str, site: str, content: Trouble, now: datetime, *, holds: bool) -> Finding:
    key = f"{REFUSED}{site}/{watch}"
    return Finding(key=key, content=content, seen_at=now, site=site, lasting=True, holds=holds)


def stumbled(watch: str, site: str, bug: Exception, now: datetime) -> Finding:
    """A watch broke down. Told once, until `pipeline.begin` closes its alert."""
    content = Trouble(
        what=f"Watch “{watch}” broke down",
        why=f"It raised {type(bug).__name__} on the numbers of {site}. The others go on.",
        remedy="This is a fault in the bot: please report it with the log line `watch raised`.",
    )
    key = f"{RAISED}watch/{site}/{watch}"
    return Finding(key=key, content=content, seen_at=now, severity=Severity.PAGE, site=site, lasting=True)


def too_small(site: str, sentences: Sequence[str], now: datetime) -> Finding:
    """What some watches of a site can never see. Told once, when its history is there."""
    content = Trouble(
        what=f"{site} is too small for {'a watch' if len(sentences) == 1 else f'{len(sentences)} watches'}",
        why=" ".join(sentences),
        remedy="Choose the window that is named, or leave it: `pirsch-bot check` says it again.",
    )
    return Finding(key=f"bot/too-small/{site}", content=content, seen_at=now, site=site)
