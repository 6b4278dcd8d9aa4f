"""Channels as the settings name them, made into roads that the deliverer can use."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot import clock, leaving
from bot.deliver.care import Care, Quiet
from bot.deliver.channel import Channel
from bot.deliver.decide import Policy
from bot.deliver.mail import Draw, Mail, Server
from bot.deliver.mail.letter import address
from bot.deliver.road import Road
from bot.deliver.slack import Charts, Client, Slack, SlackHook
from bot.digests.outline import Part
from bot.facts import Picture
from bot.pictures import png
from bot.render import Renderer
from bot.settings import Settings
from bot.settings.tables import MailChannel, SlackChannel
from bot.signing import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """What the channels have in common: words, pictures, and one workspace of Slack."""

    renderer: Renderer
    draw: Draw
    client: Client | None
    charts: Charts


def roads(settings: Settings) -> dict[str, Road]:
    """Make every channel of the settings. Opens no connection."""
    folders = [settings.folder / settings.bot.templates] if settings.bot.templates is not None else []
    slack = settings.slack
    sites = {name: settings.formats(name) for name in settings.sites}
    shared = _Shared(
        renderer=Renderer(folders, settings.formats(), sites),
        draw=partial(_draw, settings),
        client=None if slack is None else Client(slack.token.reveal(), f"{slack.url}/"),
        charts=Charts(wanted=slack is None or slack.charts == "blocks"),
    )
    return {name: _road(settings, name, table, shared) for name, table in settings.channels.items()}


def _draw(settings: Settings, picture: Picture, site: str | None, *, dark: bool = False) -> bytes:
    return png(picture, settings.formats(site), dark=dark)


def _road(settings: Settings, name: str, table: SlackChannel | MailChannel, shared: _Shared) -> Road:
    is_mail = isinstance(table, MailChannel)
    return Road(
        channel=_channel(settings, name, table, shared),
        policy=Policy(
            pace=table.pace,
            patience=table.give_up_after,
            first_pause=settings.delivery.first_pause,
            longest_pause=settings.delivery.longest_pause,
            share=random.random,
        ),
        fallback=table.fallback,
        edits=isinstance(table, SlackChannel) and table.hook is None,
        care=_care(settings, name, table),
        leads_to=None if isinstance(table, MailChannel) else table.to,
        addresses=tuple(address(one).addr_spec for one in table.to) if is_mail and table.to else (),
    )


def _care(settings: Settings, name: str, table: SlackChannel | MailChannel) -> Care:
    quiet = table.quiet_hours
    return Care(
        zone=settings.bot.timezone,
        quiet=None if quiet is None else Quiet(starts=quiet.starts, ends=quiet.ends),
        budget=table.most_per_day,
        digested=any(
            name in one.outline.notify and Part.SUPPRESSED in one.outline.parts for one in settings.digests
        ),
    )


def _channel(settings: Settings, name: str, table: SlackChannel | MailChannel, shared: _Shared) -> Channel:
    if isinstance(table, MailChannel):
        return _mail(settings, name, table, shared)
    if table.hook is not None:
        return SlackHook(
            name,
            url=table.hook.reveal(),
            renderer=shared.renderer,
            mention=table.mention,
            charts=shared.charts,
        )
    if settings.slack is None or table.to is None:
        raise ValueError(f"channel {name} needs [slack]; the settings were not checked")
    return Slack(
        name,
        to=table.to,
        client=shared.client,
        renderer=shared.renderer,
        mention=table.mention,
        charts=shared.charts,
        draw=shared.draw if settings.slack.charts == "pictures" else None,
        long_open=table.long_open,
    )


def _mail(settings: Settings, name: str, table: MailChannel, shared: _Shared) -> Mail:
    server = settings.mail
    if server is None:
        raise ValueError(f"channel {name} needs [mail]; the settings were not checked")
    return Mail(
        name,
        to=table.to,
        sender=server.sender,
        server=Server(
            host=server.host,
            port=server.port,
            security=server.security,
            user=server.username,
            password=None if server.password is None else server.password.reveal(),
            ca_file=None if server.ca_file is None else settings.folder / server.ca_file,
        ),
        renderer=shared.renderer,
        one_click=_one_click(settings) if table.unsubscribe else None,
        draw=shared.draw,
    )


def _one_click(settings: Settings) -> Callable[[str, str], str] | None:
    """Return what writes the links by which somebody leaves a channel; None where links cannot be signed."""
    if settings.bot.link_secret is None or settings.bot.public_url is None:
        return None
    signer = Signer(settings.bot.link_secret.reveal(), clock.now)
    return partial(leaving.link, signer, settings.bot.public_url)
