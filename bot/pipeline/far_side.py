"""A vendor that does not answer: one trouble for all sites and watches that rest on it."""

from datetime import datetime, timedelta

from bot import verdicts
from bot.detect import spell as spells
from bot.detect.spell import Pace, Sign, Spell, State
from bot.detect.verdict import Why
from bot.pipeline.step import Step
from bot.sources.errors import Misconfigured, Refused, SourceError
from bot.troubles import answerable, reachable, unanswerable, unreachable
from bot.verdicts import Stand
from bot.watches.memory import CALM, Memory
from bot.watches.watch import Watch

NAME = ""
"""The name under which a site's source is remembered among its watches."""

MEANING = "source"
HOLD = Pace(hold=timedelta(minutes=10))
"""A source may be away for so long before anybody hears of it."""


def note_source(step: Step, site: str, error: SourceError | None, known: Stand | None) -> None:
    """Note whether a site's source answers, and tell of it when it does not for long.

    A question that is refused is no trouble of the source. Sites of one vendor share the alert: it is
    over when the last of them reads again. `known` is how it stood before; while all is well nothing is asked
    of the store.
    """
    if isinstance(error, Refused) or (error is None and (known is None or known.state == State.OK)):
        return
    vendor = step.judges.vendor(site)
    stands = {
        one.site: one for one in verdicts.named(step.tx, NAME) if step.judges.vendor(one.site) is vendor
    }
    known = stands.get(site)
    before = CALM if known is None else Memory.from_json(known.memory).spell()
    after = spells.step(before, Sign.BACK if error is None else Sign.BAD, step.now, HOLD)
    if after.state is State.OK and before.state is State.OK:
        return
    verdicts.stand(step.tx, [_stand(site, after, step.now, error)])
    others = any(one.state == State.TROUBLE for place, one in stands.items() if place != site)
    if error is None and not others:
        step.trouble(reachable(vendor, step.now))
    elif error is not None:
        since_at = after.since_at or step.now
        remedy = error.remedy if isinstance(error, Misconfigured) else None
        step.trouble(unreachable(vendor, site, error.why, remedy, since_at, step.now, holds=after.open))


def refused(step: Step, watch: Watch, error: SourceError | None) -> None:
    """Note that a watch asks what its source refuses, such as for a goal that is gone, or no longer does."""
    if isinstance(error, Refused):
        step.trouble(unanswerable(watch.name, watch.site, error.why, step.now))
    elif error is None:
        step.trouble(answerable(watch.name, watch.site, step.now))


def _stand(site: str, spell: Spell, now: datetime, error: SourceError | None) -> Stand:
    return Stand(
        name=NAME,
        site=site,
        meaning=MEANING,
        memory=Memory(spells={"": spell}).to_json(),
        state=spell.state,
        why=Why.USUAL if error is None else Why.UNREADABLE,
        as_of_at=now,
        looked_at=now,
    )
