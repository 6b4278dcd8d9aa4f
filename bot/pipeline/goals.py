"""What is found out about goals becomes events of our own, which are judged like any other."""

from collections.abc import Iterable, Iterator, Mapping

from bot import events, goals
from bot.db import Tx
from bot.events import Made
from bot.facts import GOAL_PROGRESS, GOAL_REACHED, Event
from bot.goals import Known, Look
from bot.rules.book import RuleBook


def learn_goals(tx: Tx, site: str, look: Look) -> int:
    """Take in a look at the goals of a site; return how many were reached since the last one.

    An event is kept if and only if what proves it is remembered: a goal is reached once, whoever looks, and
    however often a look is repeated.
    """
    before = goals.lock(tx, site, look.at)
    if before.at is not None and before.at >= look.at:  # a slower look of a process that was replaced
        return 0
    after, news = goals.decide(before, look)
    goals.learn(tx, site, before, after)
    made = [Made(site=site, name=GOAL_REACHED, made_at=look.at, meta=one.meta) for one in news]
    events.keep_made(tx, made)
    return len(news)


def keep_progress(tx: Tx, book: RuleBook, heard: Iterable[Event]) -> int:
    """Keep an event of our own for each goal that an event counts towards; return how many.

    In the transaction that settles the event, so each counts once. Where no rule asks for them, none are
    made.
    """
    asked = [one for one in heard if not one.ours and book.of_ours(one.site, GOAL_PROGRESS)]
    tied = goals.tied(tx, ((event.site, event.name) for event in asked))
    made = [one for event in asked for one in _progress(event, tied)] if tied else []
    events.keep_made(tx, made)
    return len(made)


def _progress(event: Event, tied: Mapping[tuple[str, str], list[Known]]) -> Iterator[Made]:
    for goal in tied.get((event.site, event.name), ()):
        if goal.counts(event.meta):
            meta = {**event.meta, "goal": goal.name, "goal_id": goal.id, "event": event.name}
            yield Made(site=event.site, name=GOAL_PROGRESS, made_at=event.received_at, meta=meta)
