"""What a site's owner does at Pirsch before anything is heard: one webhook for each event's name."""

from collections.abc import Iterable

from bot.pirsch.auth import Credentials
from bot.pirsch.client import Pirsch
from bot.pirsch.errors import Refused
from bot.pirsch.ids import DomainId
from bot.pirsch.wire import Server
from bot.sandbox.world import World


def hook_up(world: World, endpoint: str, names: Iterable[str]) -> tuple[str, ...]:
    """Register a webhook for each name. Return the names that Pirsch refuses.

    Raises PirschError when Pirsch cannot be asked.
    """
    keys = world.pirsch.keys.domains[world.hostname]
    credentials = Credentials(client_id=keys.client_id, client_secret=keys.client_secret)
    refused = []
    with Pirsch(credentials, Server(url=world.pirsch.url)) as pirsch:
        domain = DomainId(world.pirsch.domain_id(world.hostname))
        for name in dict.fromkeys(names):
            try:
                pirsch.webhooks.create(domain, name, endpoint, "pirsch-bot demo")
            except Refused:
                refused.append(name)
    return tuple(refused)
