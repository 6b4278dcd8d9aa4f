"""What a site's owner does at Pirsch beforehand: a webhook for each event's name, and a goal."""

from collections.abc import Iterable

from bot.demo import day
from bot.pirsch.auth import Credentials
from bot.pirsch.client import Pirsch
from bot.pirsch.errors import Refused
from bot.pirsch.goals import GoalDraft
from bot.pirsch.ids import DomainId
from bot.pirsch.wire import Server
from bot.sandbox.world import World


def hook_up(world: World, endpoint: str, names: Iterable[str]) -> tuple[str, ...]:
    """Register a webhook of the shop for each name. Return the names that Pirsch refuses.

    Raises PirschError when Pirsch cannot be asked.
    """
    refused = []
    with _client(world) as pirsch:
        domain = DomainId(world.pirsch.domain_id(world.hostname))
        for name in dict.fromkeys(names):
            try:
                pirsch.webhooks.create(domain, name, endpoint, "pirsch-bot demo")
            except Refused:
                refused.append(name)
    return tuple(refused)


def set_goal(world: World) -> None:
    """Wish for readers of the blog, where Pirsch counts it. Raises PirschError."""
    if day.BLOG in world.pirsch.keys.domains:
        with _client(world) as pirsch:
            draft = GoalDraft(name=day.GOAL, path="/**", visitors=day.READERS)
            pirsch.goals.create(DomainId(world.pirsch.domain_id(day.BLOG)), draft)


def _client(world: World) -> Pirsch:
    keys = world.pirsch.keys.user
    credentials = Credentials(client_id=keys.client_id, client_secret=keys.client_secret)
    return Pirsch(credentials, Server(url=world.pirsch.url))
