"""Sites at Pirsch and at Umami under one roof: one digest, watches on each, and one that is away."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from bot import audits
from bot.alerts import Policy
from bot.duties import siblings_of
from bot.explain.watched import Reasons
from bot.facts import Measured, Notice, Trouble, Vendor
from bot.goals.gather import look as look_at_goals
from bot.http.timing import Timing
from bot.jobs.watching import rounds
from bot.pipeline.history import fetch
from bot.pipeline.measured import Bench, look
from bot.sandbox.pirsch import Fault, Incident
from bot.sandbox.pirsch.settings import Trouble as Happens
from bot.settings import Settings, load
from bot.sites import Sites
from bot.sources.periods import Days
from bot.sources.umami import UmamiSource
from bot.umami.auth import Login
from bot.umami.client import Umami
from bot.umami.wire import Server
from tests.spine.making import judges, told
from tests.vendors.conftest import AT, SHOP, WIKI, Both

LAST_WEEK = Days(first=date(2026, 11, 9), last=date(2026, 11, 15))
HOUR = timedelta(hours=1)
NEW = pytest.mark.parametrize("both", [3], indirect=True, ids=["Umami 3"])
"""What does not depend on the words of a version."""


def visitors_of_the_wiki(both: Both) -> int:
    """Ask Umami by itself."""
    one = both.umami.settings
    with Umami(
        Login(username=one.username, password=one.password), Server(url=both.umami.url, cloud=False)
    ) as u:
        source = UmamiSource(u, both.umami.website_id(WIKI), ZoneInfo("Europe/Berlin"), both.clock)
        return source.totals(LAST_WEEK).traffic.visitors


# ---------------------------------------------------------------- one digest


def test_one_digest_tells_of_both(both: Both) -> None:
    lines = both.place.lines("digest", "preview", "Monday")
    text = "\n".join(lines)
    assert "visitors on shop, wiki" in lines[0]
    assert f"{visitors_of_the_wiki(both):,}" in text
    assert "of wiki:" not in text, "no section failed"
    asked = {one.path.rpartition("/")[2] for one in both.umami.ledger.calls()}
    pages, goals = ("insights", "goals") if both.umami.settings.version == 2 else ("breakdown", "goal")
    assert {"stats", "pageviews", "metrics", "values", "utm", "funnel", pages, goals} <= asked


@NEW
def test_it_goes_to_slack_and_mail(both: Both) -> None:
    both.place.lines("digest", "send", "Monday", "--to", "sales", "--to", "owner")
    (message,) = [one for one in both.slack.messages("sales") if not one.thread_ts][:1]
    assert "shop, wiki" in message.text
    (mail,) = both.mailbox.messages
    assert f"{visitors_of_the_wiki(both):,}" in (mail.plain or "")


@NEW
def test_one_that_is_away_is_named_and_the_other_is_told_of(both: Both) -> None:
    both.umami.faults.plan(Fault(status=401, times=100_000))
    text = "\n".join(both.place.lines("digest", "preview", "Monday"))
    assert "Umami" in text
    assert "of wiki: Umami" in text
    assert "visitors on shop" in text.partition("\n")[0]


# ---------------------------------------------------------------- asked by hand


def test_numbers_of_a_website_at_umami(both: Both) -> None:
    text = "\n".join(both.place.lines("numbers", "--site", "wiki"))
    assert text.startswith(f"{WIKI}, days of Europe/Berlin")
    assert f"{visitors_of_the_wiki(both):,}" in text
    assert "bounce rate" in text


def test_doctor_looks_at_both(both: Both) -> None:
    text = "\n".join(both.place.run("doctor").output.splitlines())
    assert f"the website {WIKI} is there, and answers as version {both.umami.settings.version}" in text
    assert "2 saved goals and funnels" in text
    assert f"the dashboard of {SHOP} is there" in text
    both.place.environ["UMAMI_PASSWORD"] = "another"
    text = "\n".join(both.place.run("doctor").output.splitlines())
    assert "the login or the key is not known" in text
    assert "another" not in text


@NEW
def test_nothing_at_umami_is_kept_in_order(both: Both) -> None:
    said = "\n".join(both.place.lines("import", "wiki", code=1))
    assert "wiki is counted by Umami" in said


@NEW
def test_check_advises_nothing_about_webhooks_of_umami(both: Both) -> None:
    said = both.place.run("check").output
    assert "site.shop: without hook_token nothing can be heard from it" in said
    assert "site.wiki" not in said


def test_saved_goals_are_looked_at_without_a_pirsch(both: Both) -> None:
    config = (both.place.folder / "config.toml").read_text()
    begins, ends = config.index("[pirsch]"), config.index("[umami]")
    alone = config[:begins] + config[ends:]
    shop = alone.index("[site.shop]"), alone.index("[site.wiki]")
    alone = alone[: shop[0]] + alone[shop[1] :]
    rule = '[[rule]]\nname = "Reached"\nevent = "goal.reached"\nnotify = ["owner"]\n'
    both.place.write(alone.replace("[[watch]]", f"{rule}\n[[watch]]", 1))
    settings = _settings(both)
    with closing(Sites(settings, both.clock)) as sites:
        judging = replace(judges(sites=("wiki",)), book=settings.book)
        assert [job.name for job in audits.jobs(settings, sites, judging)] == ["goals/wiki"]
        (prices,) = look_at_goals(sites.open("wiki"), both.clock()).goals
    assert prices.name == "Readers of the prices"
    assert prices.made_at is not None


@NEW
def test_doctor_says_what_to_do(both: Both) -> None:
    text = (both.place.folder / "config.toml").read_text()
    both.place.write(text.replace(WIKI, "nobody.example.com"))
    said = both.place.run("doctor").output
    assert "this login sees no website of nobody.example.com" in said
    assert "write the id that ends its address at Umami as website" in said
    domain = f'domain = "{WIKI}"'
    both.place.write(text.replace(domain, f'{domain}\nwebsite = "{both.umami.website_id(WIKI)}"'))
    assert f"the website {WIKI} is there" in both.place.run("doctor").output
    both.umami.faults.plan(Fault(status=502, times=1000))
    said = both.place.run("doctor").output
    assert "502" in said, said
    assert "Try again later" in said


# ---------------------------------------------------------------- watched


class Watching:
    """The watches of both sites, as the bot runs them."""

    def __init__(self, both: Both) -> None:
        self.both, self.settings = both, _settings(both)
        timing = Timing(now=both.clock, monotonic=lambda: both.clock().timestamp(), sleep=lambda _: None)
        self.sites = Sites(self.settings, both.clock, timing)
        self.database = both.place.store()
        reasons = Reasons(board=self.sites.board)
        self.bench = Bench(
            database=self.database,
            judges=replace(
                judges(sites=("shop", "wiki")),
                vendors=self.settings.vendors,
                policy=Policy(vendors=self.settings.vendors),
            ),
            source=self.sites.open,
            explain=reasons,
        )
        for _, round in rounds(self.settings.watches):
            fetch(self.bench, round, self.database.transaction, both.clock)

    def look(self, length: timedelta, every: timedelta = HOUR) -> list[str]:
        """Let time pass, and look again and again. Return what the looks said."""
        said = []
        for _ in range(length // every):
            self.both.advance(every)
            for _, round in rounds(self.settings.watches):
                said.append(look(self.bench, round, self.database.transaction, self.both.clock()).said)
        return said

    def told(self, channel: str = "sales") -> list[Notice]:
        return told(self.database, channel)


def _settings(both: Both) -> Settings:
    return load(both.place.folder / "config.toml", both.place.environ)


@pytest.fixture
def watching(both: Both) -> Iterator[Watching]:
    made = Watching(both)
    with closing(made.sites):
        yield made


@NEW
def test_every_watch_of_a_website_at_umami_reads_its_numbers(watching: Watching) -> None:
    said = watching.look(3 * HOUR)
    assert said
    assert not any("no numbers" in one or "broke down" in one for one in said), said
    assert watching.told() == []


@NEW
def test_a_website_that_falls_silent_is_told_with_its_page(watching: Watching, both: Both) -> None:
    record = both.umami.websites[both.umami.website_id(WIKI)].record
    record.happen(Incident(trouble=Happens.TRACKER_BROKEN, start_at=AT, length=timedelta(days=2)))
    watching.look(9 * HOUR)
    measured = [one for one in watching.told() if isinstance(one.content, Measured)]
    assert {one.site for one in measured} == {"wiki"}
    first = measured[0].content
    assert isinstance(first, Measured)
    assert first.explanation is not None
    page = f"{both.umami.url}/websites/{both.umami.website_id(WIKI)}?date=range:"
    assert (first.explanation.link or "").startswith(page)


@NEW
def test_an_umami_that_is_away_keeps_nothing_of_pirsch_quiet(watching: Watching, both: Both) -> None:
    both.umami.faults.plan(Fault(status=503, times=1_000_000))
    both.pirsch.happen(
        SHOP, Incident(trouble=Happens.TRACKER_BROKEN, start_at=both.clock(), length=timedelta(days=2))
    )
    watching.look(12 * HOUR)
    owner = {one.content.what for one in watching.told("owner") if isinstance(one.content, Trouble)}
    assert owner == {f"{Vendor.UMAMI.called} does not tell any numbers"}
    told_of = {one.site for one in watching.told() if isinstance(one.content, Measured)}
    assert told_of == {"shop"}


@NEW
def test_the_other_sites_of_the_same_vendor_are_siblings(both: Both) -> None:
    sites = Sites(_settings(both), both.clock)
    with closing(sites):
        vendors = {"shop": Vendor.PIRSCH, "blog": Vendor.PIRSCH, "wiki": Vendor.UMAMI}
        of = partial(siblings_of, vendors, sites)
        assert set(of("shop")) == {"blog"}
        assert set(of("wiki")) == set()
