"""From one wish to the next: one object is made, one is changed, one goes; and what must be so in the end."""

from collections.abc import Mapping

import sqlalchemy as sa

from bot import db
from bot.manage.change import Fields, KindName
from bot.manage.kinds.goals import EMPTY
from bot.manage.outcome import Step
from bot.manage.wishes import FilterType, FilterWish, FunnelWish, GoalWish, Managed, ReportWish
from bot.pirsch.ids import DomainId
from tests.manage.keeping import BOT, Town, managed
from tests.manage.worlds import THEIRS

STEPS: tuple[Fields, ...] = (
    {"name": "Home", "filter": {"path_pattern": ["/**"]}},
    {"name": "Paid", "filter": {"event_name": ["purchase"]}},
)


def _filters(*wished: tuple[str, str]) -> Managed:
    some = (FilterWish(type=FilterType.IP, source=source, note=note) for source, note in wished)
    return managed(filters=tuple(some))


def _goals(*wished: tuple[str, int]) -> Managed:
    some = (GoalWish(name=name, fields={**EMPTY, "event": "signup", "visitors": n}) for name, n in wished)
    return managed(goals=tuple(some))


def _funnels(*wished: tuple[str, tuple[Fields, ...]]) -> Managed:
    return managed(funnels=tuple(FunnelWish(name=name, steps=steps) for name, steps in wished))


def _reports(*wished: tuple[str, int, bool]) -> Managed:
    some = (ReportWish(to=(to,), every=every, fields={"top_pages": top}) for to, every, top in wished)
    return managed(reports=tuple(some))


# From one wish to the next: one object is made, one is changed, one goes.
AFTERWARDS: Mapping[KindName, tuple[Managed, Managed]] = {
    KindName.FILTER: (
        _filters(("203.0.113.7", "office"), ("203.0.113.8", "")),
        _filters(("203.0.113.7", "home"), ("203.0.113.9", "new")),
    ),
    KindName.GOAL: (_goals(("Signup", 100), ("Old", 5)), _goals(("Signup", 200), ("New", 7))),
    KindName.FUNNEL: (
        _funnels(("Buying", STEPS), ("Old", STEPS)),
        _funnels(("Buying", STEPS[::-1]), ("New", STEPS)),
    ),
    KindName.REPORT: (
        _reports(("a@example.com", 1, True), ("b@example.com", 0, True)),
        _reports(("a@example.com", 1, False), ("c@example.com", 0, True)),
    ),
    KindName.WEBHOOK: (managed(webhooks=("signup", "old")), managed(webhooks=("signup", "new"))),
    KindName.SPIKE_THRESHOLD: (managed(spike_threshold=50), managed(spike_threshold=80)),
    KindName.WARNING_DAYS: (managed(warning_days=2), managed(warning_days=3)),
}
PATHS = {
    KindName.FILTER: "/filter",
    KindName.GOAL: "/goal",
    KindName.FUNNEL: "/funnel",
    KindName.REPORT: "/report",
    KindName.WEBHOOK: "/webhook",
    KindName.SPIKE_THRESHOLD: "/traffic/spike",
    KindName.WARNING_DAYS: "/traffic/warning",
}


def forget(town: Town) -> None:
    with town.database.transaction() as tx:
        tx.execute(sa.delete(db.ledger))
        tx.execute(sa.delete(db.leases))


def prepared(town: Town, kind: KindName) -> tuple[Managed, object]:
    """The first wish carried out, beside what somebody else made; then the wish is another one."""
    if kind in THEIRS:
        THEIRS[kind].make(town.pirsch, DomainId(town.domain))
    first, second = AFTERWARDS[kind]
    theirs = [one for one in town.things() if one.kind is kind]
    assert all(isinstance(one, Step) and one.outcome.good for one in town.keep(first, BOT))
    if kind is KindName.WEBHOOK:  # what is changed about a webhook is that it was switched off
        for document in town.simulator.account.shelves["webhook"].of(town.domain):
            if document.fields["event"] == "signup" and "theirs" not in str(document.fields["endpoint"]):
                document.fields["active"] = False
    return second, theirs


def until_it_is_so(town: Town, wish: Managed) -> None:
    """Runs go on, without faults, until nothing is left to do."""
    town.simulator.faults.clear()
    for _ in range(4):
        town.hours.sleep(60)
        town.keep(wish, BOT)
        if not town.look(wish, BOT).plan.changes:
            return
    raise AssertionError([one.title for one in town.look(wish, BOT).plan.changes])


def check(town: Town, kind: KindName, wish: Managed, theirs: object) -> None:
    """It is as wished, each thing once and known as ours; what was somebody else's is as it was."""
    look = town.look(wish, BOT)
    assert not look.plan.changes
    assert look.memory.doubts == ()
    if kind is not KindName.SPIKE_THRESHOLD and kind is not KindName.WARNING_DAYS:
        assert look.survey.ours() == {kind: 2}
    if kind in (KindName.SPIKE_THRESHOLD, KindName.WARNING_DAYS):
        name = "spike" if kind is KindName.SPIKE_THRESHOLD else "warning"
        switch = town.simulator.account.switch(town.domain, name)
        assert (switch.threshold, switch.on) == (wish.spike_threshold or wish.warning_days, False)
        return
    things = [one for one in town.things() if one.kind is kind]
    keys = [one.key for one in things]
    assert len(keys) == len(set(keys)) == 3  # two of ours, one of theirs
    assert isinstance(theirs, list)
    assert [one for one in things if one.id in {other.id for other in theirs}] == theirs
