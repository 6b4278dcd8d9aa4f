"""What the commands about proposals share: the one that is meant, how it looks, and a decision in words."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from bot import clock
from bot.cli.ground import say, stop, when
from bot.cli.managing import person
from bot.cli.pirsch.asking import NO_CREDENTIALS, in_words
from bot.db import Database
from bot.manage.steward import Busy, Stale
from bot.settings import Settings
from bot.sites import Sites
from bot.tenders import UnderUpkeep
from bot.upkeep import proposals
from bot.upkeep.proposal import Answer, Proposal
from bot.upkeep.telling import sentence


@contextmanager
def upkeep(settings: Settings, database: Database) -> Iterator[UnderUpkeep]:
    """Give the sites under upkeep; end with words when Pirsch or the settings are at fault."""
    if settings.pirsch is None:
        stop(*NO_CREDENTIALS)
    try:
        with closing(Sites(settings, database=database)) as sites, in_words():
            yield UnderUpkeep(settings, database, sites.client, person().who)
    except Busy as busy:
        stop(f"{busy}. Try again in a minute; after a crash it takes up to five.")
    except Stale as stale:
        stop(f"{stale}. Try again.")


def proposal_or_stop(database: Database, id: str) -> Proposal:
    """Return a proposal by its id, or by the beginning of it."""
    with database.reading() as tx:
        exact = proposals.find(tx, id)
        alike = [one for one in proposals.latest(tx, 200) if one.id.startswith(id)]
    found = [exact] if exact is not None else alike
    if len(found) != 1:
        stop(f"{id!r} is the beginning of several." if found else f"There is no proposal {id!r}.", code=2)
    return found[0]


def show(proposal: Proposal, settings: Settings) -> None:
    """Print a proposal with its evidence and all of its changes."""
    zone, draft = settings.bot.timezone, proposal.draft
    say(f"{proposal.id}  {draft.title}")
    say(f"  site {draft.site}, asked for by {draft.asked_by}, {when(proposal.made_at, zone)}")
    for one in draft.evidence.sentences:
        say(f"  {one}")
    for name, value in draft.evidence.table:
        say(f"  {name}: {value}")
    for change in draft.plan.changes:
        say(f"  → {sentence(change)}")
        for warning in change.warnings:
            say(f"    note: {warning}")
    for wish in draft.additions:
        until = f" until {when(wish.until_at, zone)}" if wish.until_at else ""
        say(f"  + {wish.kind} {wish.key}, beyond the file{until}")
    say(f"  {state(proposal, settings)}")


def state(proposal: Proposal, settings: Settings) -> str:
    """Say how a proposal stands: who decided, or until when one can."""
    zone = settings.bot.timezone
    words = str(proposal.state_at(clock.now()))
    if proposal.decided_by is not None:
        said = f": {proposal.said}" if proposal.said else ""
        return f"{words} by {proposal.decided_by}, {when(proposal.decided_at, zone)}{said}"
    return f"{words}, to be decided until {when(proposal.until_at, zone)}"


def answered_or_stop(said: Answer, known: Proposal | None, settings: Settings) -> None:
    """End with words unless a decision was taken."""
    if said is Answer.TAKEN:
        return
    how = f" It is {state(known, settings)}." if known is not None else ""
    stop(f"Not decided: {said}.{how}")
