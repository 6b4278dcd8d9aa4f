"""A dashboard of the simulated Pirsch under upkeep: its file, its sources, its people, and the time."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot import agenda, errands, outbox
from bot.agenda import First
from bot.facts import Notice, PlanProposed, Upkept, Wish
from bot.jobs import Ran, Turn
from bot.manage.impact import impacts
from bot.manage.wishes import FilterType, FilterWish, Managed, Mode
from bot.signing import Signer
from bot.sources.source import Source
from bot.upkeep import carrying, proposals, working
from bot.upkeep.fetch import Unfetched
from bot.upkeep.given import Surroundings
from bot.upkeep.links import Links
from bot.upkeep.origins import Doors
from bot.upkeep.proposal import Answer, Approvers, Proposal
from bot.upkeep.resolve import NoAnswer
from bot.upkeep.rounds import Round
from bot.upkeep.telling import Audience
from bot.upkeep.tending import Tender
from tests.manage.keeping import ENDPOINT, NOON, TODAY, Town, managed

OURS = Approvers(by_site={"shop": ("owner",)})
ME = "cli: anna"


def office(source: str = "dns:office.test") -> FilterWish:
    return FilterWish(type=FilterType.IP, source=source, note="office", place="manage.shop.filter[1]")


@dataclass
class Village:
    """What names and lists say, whether we answer, and one site's upkeep over a simulated Pirsch."""

    town: Town
    file: Managed = field(default_factory=lambda: managed(filters=(office(),)))
    names: dict[str, Sequence[str]] = field(default_factory=lambda: {"office.test": ["93.184.216.34"]})
    lists: dict[str, bytes] = field(default_factory=dict)
    healthy: bool = True
    events: tuple[str, ...] = ()
    started: datetime = NOON
    numbers: Source | None = None  # that tell what a filter would have removed

    # ------------------------------------------------------------ the parts

    def tender(self) -> Tender:
        keeper = self.town.steward(self.file)
        links = Links(Signer("s" * 43, self.town.hours.now), "https://bot.example.com")
        return Tender(
            keeper=keeper
            if self.numbers is None
            else replace(keeper, impacts=partial(impacts, self.numbers)),
            surroundings=Surroundings(events=self.events, endpoint=ENDPOINT),
            audience=Audience(site="shop", channels=("owner",), links=links),
            today=lambda: TODAY,
        )

    def resolve(self, name: str) -> Sequence[str]:
        if name not in self.names:
            raise NoAnswer("the name servers do not answer")
        return self.names[name]

    def fetch(self, url: str) -> bytes:
        if url not in self.lists:
            raise Unfetched("it answered 503")
        return self.lists[url]

    def turn(self, name: str = "upkeep/shop") -> Turn:
        now = self.town.hours.now()
        with self.town.database.transaction() as tx:
            agenda.plan(tx, {name: First(timing="now and then", due_at=now)})
            claim = agenda.claim_now(tx, name, "test", 600.0)
        assert claim is not None
        return Turn(due_at=now, now=now, clock=self.town.hours.now, database=self.town.database, claim=claim)

    def run(self, job: Any) -> Ran:
        turn = self.turn()
        try:
            ran = job(turn)
        finally:
            with self.town.database.transaction() as tx:
                agenda.give_back(tx, "test")
        assert isinstance(ran, Ran)
        return ran

    # ------------------------------------------------------------ what happens

    def round(self) -> Ran:
        doors = Doors(resolve=self.resolve, fetch=self.fetch)
        return self.run(Round(tender=self.tender(), doors=doors, answers=lambda: self.healthy).run)

    def work(self) -> Ran:
        return self.run(lambda turn: working.work_off({"shop": self.tender}, turn))

    def carry(self) -> Ran:
        return self.run(lambda turn: carrying.work_off({"shop": self.tender}, turn))

    def ask(self, wish: Wish, at_most: int = 3) -> errands.Asked:
        with self.town.database.transaction() as tx:
            return errands.ask(tx, wish, self.town.hours.now(), at_most)

    def later(self, length: timedelta) -> None:
        self.town.hours.seconds += length.total_seconds()

    def mode(self, mode: Mode) -> None:
        self.file = replace(self.file, mode=mode)

    # ------------------------------------------------------------ people

    def waiting(self) -> list[Proposal]:
        with self.town.database.reading() as tx:
            return list(proposals.latest(tx, 20, waiting=True))

    def proposal(self, id: str) -> Proposal:
        with self.town.database.reading() as tx:
            found = proposals.find(tx, id)
        assert found is not None
        return found

    def approve(self, proposal: Proposal, who: str = ME) -> Answer:
        with self.town.database.transaction() as tx:
            said, _ = proposals.approve(tx, proposal.id, who, proposal.hash, OURS, self.town.hours.now())
        return said

    # ------------------------------------------------------------ seeing

    def filters(self) -> list[str]:
        return sorted(str(one["filter"]) for one in self.town.shelf("filter"))

    def notices(self) -> list[Notice]:
        with self.town.database.reading() as tx:
            entries = outbox.entries(tx, most=50)
            return [one.notice for one in reversed(entries)]

    def told(self) -> list[Upkept]:
        return [one.content for one in self.notices() if isinstance(one.content, Upkept)]

    def asked(self) -> list[PlanProposed]:
        return [one.content for one in self.notices() if isinstance(one.content, PlanProposed)]

    def errand(self) -> errands.Errand:
        with self.town.database.reading() as tx:
            return errands.latest(tx, 1)[0]
