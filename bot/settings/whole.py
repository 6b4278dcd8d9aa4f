"""Looks at the whole file: every name in it leads somewhere, and no secret opens two doors."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from bot.settings import tables
from bot.settings.locate import Path
from bot.settings.mistakes import as_key, as_text, did_you_mean
from bot.settings.reading import Raw
from bot.settings.secret import Secret
from bot.settings.source_tables import Site
from bot.settings.words import spell

Channels = Mapping[str, tables.SlackChannel | tables.MailChannel]


def check_owner(raw: Raw) -> None:
    """The channel that hears of the bot's own troubles must be there."""
    _check_known(raw, raw.names("bot").get("owner"), ("bot", "owner"), "bot.owner")


def check_sources(raw: Raw) -> None:
    """A website at Umami needs a way to it. A dashboard at Pirsch does not, where only events are heard."""
    for name, site in raw.names("site").items():
        if isinstance(site, dict) and site.get("source") == "umami" and "umami" not in raw.data:
            path, title = ("site", name, "source"), f"site.{as_key(name)}.source"
            raw.report.add(path, title, "there is no [umami] table with a login or a key")


def unreadable(raw: Raw, site: object) -> bool:
    """Whether a site's numbers cannot be read, since it is at Pirsch and there is no [pirsch] table."""
    of_pirsch = isinstance(site, dict) and site.get("source", "pirsch") == "pirsch"
    return of_pirsch and "pirsch" not in raw.data


def check_channels(raw: Raw, channels: Channels, delivery: tables.Delivery) -> None:
    """Each channel needs a server, fallbacks that end somewhere, and time for a second try."""
    for name, channel in channels.items():
        path, title = ("channel", name), f"channel.{name}"
        by_token = isinstance(channel, tables.SlackChannel) and channel.to is not None
        if by_token and "slack" not in raw.data:
            raw.report.add((*path, "to"), f"{title}.to", "there is no [slack] table with a token")
        if isinstance(channel, tables.MailChannel) and "mail" not in raw.data:
            raw.report.add((*path, "type"), f"{title}.type", "there is no [mail] table with a server")
        _check_known(raw, channel.fallback, (*path, "fallback"), f"{title}.fallback")
        if _comes_back(name, channels):
            raw.report.add(
                (*path, "fallback"), f"{title}.fallback", "the fallbacks lead back to this channel"
            )
        if channel.give_up_after < max(channel.pace, delivery.first_pause):
            longer = "its pace" if channel.pace > delivery.first_pause else "first_pause in [delivery]"
            what = f"this is shorter than {longer} ({spell(max(channel.pace, delivery.first_pause))})"
            raw.report.add(
                (*path, "give_up_after"), f"{title}.give_up_after", f"{what}: nothing would be tried twice"
            )


def check_secrets(raw: Raw, sites: Mapping[str, Site], others: Mapping[str, BaseModel | None]) -> None:
    """A hook's token travels in an address: it must not open anything else, not even another site."""
    places = {(name, *path): secret for name, one in others.items() for path, secret in _secrets_of(one)}
    for site, table in sites.items():
        ours = dict(_secrets_of(table, ("site", site)))
        for path, secret in ours.items():
            same = next((place for place, other in places.items() if other == secret), None)
            if same is not None:
                what = f"this is the same secret as {'.'.join(same)}: give each its own"
                raw.report.add(path, ".".join(path), what, "`pirsch-bot token` makes one")
        places |= ours


def _secrets_of(table: BaseModel | None, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Secret]]:
    values = [] if table is None else list(table)
    return [((*path, key), value) for key, value in values if isinstance(value, Secret)]


def _check_known(raw: Raw, channel: Any, path: Path, title: str) -> None:
    known = raw.names("channel")
    if isinstance(channel, str) and channel not in known:
        hint = did_you_mean(channel, known) or "there is no [channel.<name>] yet"
        raw.report.add(path, title, f'there is no channel "{as_text(channel)}"', hint)


def _comes_back(name: str, channels: Channels) -> bool:
    seen = set[str]()
    now = channels[name].fallback
    while now is not None and now in channels and now not in seen:
        if now == name:
            return True
        seen.add(now)
        now = channels[now].fallback
    return False
