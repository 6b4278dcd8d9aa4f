"""Channels as the settings name them, made into roads that the deliverer can use."""

import random

from bot.deliver.channel import Channel
from bot.deliver.decide import Policy
from bot.deliver.mail import Mail, Server
from bot.deliver.slack import Slack, SlackHook
from bot.deliver.worker import Road
from bot.render import Renderer
from bot.settings import Settings
from bot.settings.tables import MailChannel, SlackChannel


def roads(settings: Settings) -> dict[str, Road]:
    """Make every channel of the settings. Opens no connection."""
    folders = [settings.folder / settings.bot.templates] if settings.bot.templates is not None else []
    renderer = Renderer(folders, settings.bot.timezone)
    return {
        name: Road(
            channel=_channel(settings, name, table, renderer),
            policy=Policy(
                pace=table.pace,
                patience=table.give_up_after,
                first_pause=settings.delivery.first_pause,
                longest_pause=settings.delivery.longest_pause,
                share=random.random,
            ),
            fallback=table.fallback,
        )
        for name, table in settings.channels.items()
    }


def _channel(settings: Settings, name: str, table: SlackChannel | MailChannel, renderer: Renderer) -> Channel:
    if isinstance(table, MailChannel):
        return _mail(settings, name, table, renderer)
    if table.hook is not None:
        return SlackHook(name, url=table.hook.reveal(), renderer=renderer, mention=table.mention)
    if settings.slack is None or table.to is None:
        raise ValueError(f"channel {name} needs [slack]; the settings were not checked")
    return Slack(
        name,
        to=table.to,
        token=settings.slack.token.reveal(),
        base_url=f"{settings.slack.url}/",
        renderer=renderer,
        mention=table.mention,
    )


def _mail(settings: Settings, name: str, table: MailChannel, renderer: Renderer) -> Mail:
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
        renderer=renderer,
    )
