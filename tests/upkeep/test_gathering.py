"""Machines among the visitors of a simulated Pirsch: seen by several grounds, put before people, taken off.

The same look at a quiet site, at a busy forum's link, or at a shop with a campaign finds nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from bot.db import Database
from bot.jobs import Ran
from bot.manage.wishes import Caps, Mode
from bot.pirsch.goals import GoalDraft
from bot.pirsch.ids import DomainId
from bot.sandbox.pirsch import Incident, Limits, Settings, Site, start
from bot.sandbox.pirsch.settings import Trouble
from bot.sources.masked import Masked
from bot.sources.periods import completed
from bot.sources.pirsch import source
from bot.sources.source import Dimension, Source, Where
from bot.upkeep import gathering
from bot.upkeep.additions import masks
from bot.upkeep.proposal import Proposal
from bot.upkeep.spam_hosts import NOBODY
from bot.upkeep.suspicion import Ground, Suspicion
from tests.manage.keeping import NOON, SHOP, Town, managed
from tests.upkeep.village import Village

DAY = timedelta(days=1)
LIST = "url:https://lists.test/spammers.txt"
CART = "add_to_cart"
SCANNED = "/wp-login.php"


@pytest.fixture
def backend() -> str:
    return "sqlite"


class Post:
    """A village whose Pirsch has had these incidents, and what is seen from it."""

    def __init__(self, village: Village, numbers: Source) -> None:
        self.village, self.numbers = village, numbers

    def look(self) -> Ran:
        return self.village.run(
            lambda turn: gathering.gather(
                self.village.tender(), lambda: self.numbers, self.village.fetch, turn
            )
        )

    def suspects(self) -> dict[str, Suspicion]:
        found = gathering.suspects(self.numbers, {}, NOBODY)
        return {f"{one.subject.dimension} {one.subject.value}": one for one in found}

    def asked(self) -> dict[str, Proposal]:
        return {one.draft.about: one for one in self.village.waiting()}


MakePost = Callable[..., Post]


def incident(trouble: Trouble, strength: float = 1.0, label: str = "") -> Incident:
    return Incident(trouble=trouble, start_at=NOON - 6 * DAY, length=5 * DAY, strength=strength, label=label)


@pytest.fixture
def post(database: Database) -> Iterator[MakePost]:
    with ExitStack() as stack:

        def made(*incidents: Incident) -> Post:
            shop = Site(hostname=SHOP, visitors_per_day=150, incidents=incidents, growth_per_year=0)
            limits = Limits(security=None, configuration=None)
            settings = Settings(start_at=NOON, speed=0, days=120, sites=(shop,), limits=limits)
            town = Town(stack.enter_context(start(settings)), database)
            stack.callback(town.close)
            numbers = source(town.pirsch, SHOP, town.simulator.clock)
            village = Village(town, file=managed(mode=Mode.APPROVE, caps=Caps(traffic=0.5)), numbers=numbers)
            return Post(village, numbers)

        yield made


def test_forged_referrers_are_three_grounds_and_become_a_mask(post: MakePost) -> None:
    here = post(incident(Trouble.SPAM))
    here.look()
    asked = here.asked()
    assert set(asked) == {
        f"mask referrer https://{host}.example" for host in ("buttons-4-you", "free-traffic", "seo-rank")
    }
    one = here.suspects()["referrer https://seo-rank.example"]
    assert {Ground.ENGAGEMENT, Ground.ORIGIN, Ground.NOVELTY} <= one.grounds
    evidence = asked["mask referrer https://seo-rank.example"].draft.evidence.sentences
    assert any("left at once" in said for said in evidence)
    assert any("none lasted a second" in said for said in evidence)
    assert here.village.town.writes() == []


def test_a_mask_is_a_yes_that_can_be_taken_back(post: MakePost) -> None:
    here = post(incident(Trouble.SPAM))
    here.look()
    week = completed(here.numbers.today(), 7)
    masked = Masked(here.numbers, lambda: masks(here.village.tender().standing(), NOON))
    spam = here.numbers.totals(
        week, (Where(dimension=Dimension.REFERRER, value="https://seo-rank.example"),)
    ).traffic.visitors
    before = masked.totals(week).traffic.visitors
    here.village.approve(here.asked()["mask referrer https://seo-rank.example"])
    here.village.carry()
    assert masked.totals(week).traffic.visitors == before - spam
    assert masked.left_out(week).in_words == f"{spam} excluded as referrer spam: 1 host"
    assert here.village.town.writes() == []
    here.village.later(181 * DAY)
    here.village.round()
    assert masked.totals(week).traffic.visitors == before


@pytest.mark.parametrize("known", [True, False])
def test_a_page_that_only_machines_ask_for_becomes_a_filter_where_its_type_is_known(
    post: MakePost, *, known: bool
) -> None:
    here = post(incident(Trouble.BOTS, strength=0.3, label=SCANNED))
    if known:
        here.village.file = managed(mode=Mode.APPROVE, caps=Caps(traffic=0.5), filter_types=("page",))
    here.look()
    assert here.suspects()[f"page {SCANNED}"].enough
    (one,) = [one for one in here.village.waiting() if SCANNED in one.draft.about]
    assert one.draft.about == (f"filter page {SCANNED}" if known else f"mask page {SCANNED}")
    assert here.village.filters() == []
    here.village.approve(one)
    here.village.carry()
    assert here.village.filters() == ([SCANNED] if known else [])


def test_who_is_on_a_list_has_a_ground_more(post: MakePost) -> None:
    here = post(incident(Trouble.SPAM))
    here.village.file = managed(mode=Mode.APPROVE, spam_hosts=LIST)
    here.village.lists = {LIST.removeprefix("url:"): b"# spammers\nseo-rank.example\nother.example\n"}
    here.look()
    said = {about: " ".join(one.draft.evidence.sentences) for about, one in here.asked().items()}
    assert "name: listed by" in said["mask referrer https://seo-rank.example"]
    assert "name: listed by" not in said["mask referrer https://free-traffic.example"]


def test_a_list_that_fails_only_says_so(post: MakePost) -> None:
    here = post(incident(Trouble.SPAM))
    here.village.file = managed(mode=Mode.APPROVE, spam_hosts=LIST)
    ran = here.look()
    assert "list of spam hosts was left out" in ran.said
    assert not ran.failed
    assert len(here.asked()) == 3


def test_who_buys_nothing_is_told_from_those_who_do(post: MakePost) -> None:
    here = post(incident(Trouble.SPAM))
    town = here.village.town
    town.pirsch.goals.create(DomainId(town.domain), GoalDraft(name="Cart", event=CART))
    said = [term.said for term in here.suspects()["referrer https://seo-rank.example"].terms]
    assert any(one.startswith("0 conversions, where ") for one in said), said


@pytest.mark.parametrize(
    "incidents",
    [
        (),
        (incident(Trouble.VIRAL, 4, "https://news.ycombinator.com/"),),
        (incident(Trouble.CAMPAIGN, 2, "may"),),
    ],
    ids=["quiet", "a link that spreads", "a campaign"],
)
def test_people_are_no_machines(post: MakePost, incidents: tuple[Incident, ...]) -> None:
    here = post(*incidents)
    assert here.look().said == "Nothing looks like a machine."
    assert here.village.waiting() == []
