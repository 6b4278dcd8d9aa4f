"""Jobs that ask what an account knows better than we do: which goals were reached, and what never came."""

from collections.abc import Iterator, Sequence
from functools import partial

from bot.facts import GOAL_PROGRESS, GOAL_REACHED, Vendor
from bot.jobs import Job
from bot.jobs.deliveries import Deliveries
from bot.jobs.goals import Goals
from bot.pipeline import Judges
from bot.settings import Settings
from bot.sites import Sites
from bot.sources.source import Hook


def jobs(settings: Settings, sites: Sites, judges: Judges) -> Iterator[Job]:
    """Return those that the settings need: nobody is asked for what nobody waits for."""
    for name, site in settings.sites.items():
        if site.vendor is Vendor.PIRSCH and settings.pirsch is None:
            continue
        source = partial(sites.open, name)
        if _minds_goals(judges, name):
            yield Goals(site=name, source=source).job
        tokens = [one.reveal() for one in (site.hook_token, site.hook_token_old) if one is not None]
        if tokens:
            yield Deliveries(
                site=name,
                source=source,
                hooks=partial(hooks, sites, name, [f"/hooks/{name}/{token}" for token in tokens]),
                judges=judges,
                zone=settings.bot.timezone,
                kept_for=settings.store.keep.events,
            ).job


def _minds_goals(judges: Judges, site: str) -> bool:
    """Whether a rule waits for goals, or the file says what follows when one is reached."""
    if any(of == site for of, _ in judges.reaching):
        return True
    return any(judges.book.of_ours(site, event) for event in (GOAL_REACHED, GOAL_PROGRESS))


def hooks(sites: Sites, site: str, paths: Sequence[str]) -> list[Hook]:
    """Return the webhooks that lead here: the secret in their address is ours. Raise SourceError."""
    return [hook for hook in sites.open(site).hooks() if hook.address.rstrip("/").endswith(tuple(paths))]
