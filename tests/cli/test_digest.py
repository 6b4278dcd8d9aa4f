"""digest: what comes when, how it reads in a terminal and a browser, and sent to Slack and by mail."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import clock
from bot.sandbox.mailbox import Mailbox
from bot.sandbox.pirsch import Fault, Incident, Limits, Settings, Simulator, Site, Trouble, start
from bot.sandbox.slack import Slack
from tests.cli.conftest import CONFIG, SECRETS, Place
from tests.cli.terminal import on_a_terminal

AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
DIGESTS = """
[pirsch]
url = "{url}"
client_id = {{ env = "PIRSCH_CLIENT_ID" }}
client_secret = {{ env = "PIRSCH_CLIENT_SECRET" }}

[[digest]]
name = "Monday"
schedule = "mon 08:00"
sections = ["summary", "chart", "unusual", "pages", "alerts"]
notify = ["sales", "owner"]

[[digest]]
name = "Blog"
schedule = "daily 07:30"
sites = ["blog"]
sections = ["summary", "pages"]
notify = ["owner"]
"""


@pytest.fixture(scope="module")
def pirsch() -> Iterator[Simulator]:
    broken = Incident(
        trouble=Trouble.TRACKER_BROKEN,
        start_at=datetime(2026, 11, 10, 23, tzinfo=UTC),
        length=timedelta(hours=50),
    )
    sites = (
        Site(hostname="shop.example.com", visitors_per_day=90, incidents=(broken,), growth_per_year=0),
        Site(hostname="blog.example.com", visitors_per_day=15, incidents=(), growth_per_year=0),
    )
    limits = Limits(security=None, configuration=None)
    with start(Settings(start_at=AT, speed=0, days=150, sites=sites, limits=limits)) as running:
        yield running


@pytest.fixture
def slack() -> Iterator[Slack]:
    with Slack(["sales"]) as workspace:
        workspace.add_token(SECRETS["SLACK_BOT_TOKEN"])
        yield workspace


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as running:
        yield running


@pytest.fixture
def world(bare: Place, slack: Slack, mailbox: Mailbox, pirsch: Simulator, tmp_path: Path) -> Iterator[Place]:
    """A config that leads to all of them, and a clock that says what theirs does."""
    config = CONFIG.replace("[slack]", f'[slack]\nurl = "{slack.url}/api"')
    config = config.replace('host = "127.0.0.1"', f'host = "{mailbox.host}"\nport = {mailbox.port}')
    bare.write(config + DIGESTS.format(url=pirsch.url))
    user = pirsch.keys.user
    moved = tmp_path / "clock"
    clock.move(moved, AT - datetime.now(UTC))  # noqa: TID251 - by how much the real one is moved
    bare.environ |= {
        "PIRSCH_CLIENT_ID": user.client_id,
        "PIRSCH_CLIENT_SECRET": user.client_secret,
        clock.MOVED: str(moved),
        "COLUMNS": "80",
    }
    yield bare
    pirsch.faults.clear()


def test_the_list_says_what_comes_when(world: Place) -> None:
    lines = world.lines("digest", "list")
    assert [line.split("  ")[0] for line in lines] == ["digest", "Monday", "Blog"]
    assert "mon 08:00 Europe/Berlin" in lines[1]
    assert "2026-11-23 08:00:00" in lines[1]
    assert "2026-11-17 07:30:00" in lines[2]
    assert lines[1].endswith("none yet")


def test_a_list_without_digests_says_so(bare: Place) -> None:
    bare.write(CONFIG)
    (line,) = bare.lines("digest", "list")
    assert line == "There is no [[digest]] in the settings; config.example.toml shows one."


def test_a_preview_reads_like_the_mail_and_fits_into_the_window(world: Place) -> None:
    lines = world.lines("digest", "preview", "Monday")
    text = "\n".join(lines)
    assert "visitors on shop, blog" in lines[0]
    assert "9–15 Nov 2026" in lines[0] + lines[1]
    assert "Compared with 2–8 Nov 2026" in text
    assert re.search(r"Wed,? 11 Nov", text)
    assert any(set("▁▂▃▄▅▆▇█") & set(line) for line in lines)
    assert max(map(len, lines)) <= 80
    assert "there is no store yet" in text


def test_a_terminal_shows_how_far_the_reading_is_and_then_only_the_digest(world: Place) -> None:
    shown = on_a_terminal(world, "digest", "preview", "Monday")
    steps = [(int(done), int(of)) for done, of in re.findall(r"Reading (\d+) of (\d+) …", shown)]
    assert steps
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1][0] == steps[-1][1]
    digest = shown.partition("\r\x1b[K")[2]
    assert "Reading" not in digest
    assert "Compared with 2–8 Nov 2026" in digest


def test_numbers_and_countries_are_written_as_the_site_has_them(world: Place) -> None:
    config = (world.folder / "config.toml").read_text()
    config = config.replace("[site.blog]", 'locale = "de"\n\n[site.blog]')
    config += """
[[digest]]
name = "Places"
schedule = "mon 08:00"
sites = ["shop"]
sections = ["summary", "countries"]
notify = ["owner"]
"""
    world.write(config)
    text = "\n".join(world.lines("digest", "preview", "Places", "--full"))
    assert "9.–15. Nov. 2026" in text
    assert "Deutschland" in text
    assert re.search(r"\d+ %", text)


def test_with_a_store_nothing_is_missing(world: Place, sqlite_template: Path) -> None:
    shutil.copy(sqlite_template, world.folder / "pirsch-bot.sqlite3")
    assert "Missing here" not in "\n".join(world.lines("digest", "preview", "Monday"))


def test_a_preview_of_a_calm_site_is_one_line_and_the_rest_on_demand(world: Place) -> None:
    short = world.lines("digest", "preview", "Blog")
    assert short[0].endswith("15 Nov 2026: nothing unusual")
    assert len(short) == 2
    full = world.lines("digest", "preview", "Blog", "--full")
    assert "In short" in full
    assert any(line.startswith("Pages") for line in full)


def test_the_edition_about_a_day(world: Place) -> None:
    assert "2–8 Nov 2026" in "\n".join(world.lines("digest", "preview", "Monday", "--for", "2026-11-05")[:2])
    (line,) = world.lines("digest", "preview", "Monday", "--for", "2026-11-16", code=1)
    assert line == "The edition about 2026-11-16 comes 2026-11-23 08:00:00: its days are not over."


def test_what_fails_is_named(world: Place, pirsch: Simulator) -> None:
    pirsch.faults.plan(Fault(path="/statistics/page", status=400, body=b"{}", times=20))
    text = "\n".join(world.lines("digest", "preview", "Blog"))
    assert "Missing here" in text
    assert "pages of blog" in text


def test_it_opens_in_the_browser_with_its_pictures(world: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = list[str]()
    monkeypatch.setattr("webbrowser.open", opened.append)
    (said,) = world.lines("digest", "preview", "Monday", "--open")
    file = Path(said.removeprefix("The mail stands in "))
    assert opened == [file.as_uri()]
    page = file.read_text(encoding="utf-8")
    file.unlink()
    assert "data:image/png;base64," in page
    assert "cid:" not in page


def test_it_goes_to_slack_with_a_chart_and_by_mail_with_a_picture(
    world: Place, slack: Slack, mailbox: Mailbox
) -> None:
    lines = world.lines("digest", "send", "Monday", "--to", "sales", "--to", "me", "--to", "owner")
    assert [line.split(",")[0] for line in lines] == ["sales: taken", "owner: taken"]
    (message,) = slack.messages("sales")
    assert "data_visualization" in {block["type"] for block in message.blocks}
    (mail,) = mailbox.messages
    assert "visitors on shop, blog" in mail.subject
    assert b"image/png" in mail.raw


def test_sent_by_hand_to_the_owner(world: Place, mailbox: Mailbox) -> None:
    assert world.lines("digest", "preview", "Blog", "--to", "me")[0].startswith("owner: taken")
    assert [mail.subject.endswith("nothing unusual") for mail in mailbox.messages] == [True]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("preview", "Mondy"), "There is no digest 'Mondy' in the settings: did you mean \"Monday\"?"),
        (
            ("send", "Monday", "--to", "sale"),
            "There is no channel 'sale' in the settings: did you mean \"sales\"?",
        ),
    ],
)
def test_a_name_that_leads_nowhere(world: Place, arguments: tuple[str, ...], said: str) -> None:
    assert world.lines("digest", *arguments, code=2) == [said]
