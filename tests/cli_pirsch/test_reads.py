"""Every read of the client is a command, and tells the same in three forms."""

import csv
import io
import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import click
import pytest

from bot import clock
from bot.cli.pirsch import command
from bot.cli.pirsch.areas import AREAS, made_by_itself, methods, reads
from bot.pirsch.auth import Credentials
from bot.pirsch.calls import CALLS
from bot.pirsch.client import Pirsch
from bot.sandbox.pirsch import Simulator
from tests.cli_pirsch.conftest import SHOP, Type

READS = [
    pytest.param(area, name, method, id=f"{area}.{method}")
    for area in AREAS
    for name, method in methods(area).items()
    if reads(area, method) and method != "export_csv"
]
MINUTES = ["--from", "2026-05-01", "--to", "2026-05-01", "--from-time", "10:00", "--to-time", "11:00"]


@pytest.fixture(scope="session")
def things(simulator: Simulator) -> dict[str, str]:
    """What arguments can be about."""
    shelves, domain = simulator.account.shelves, simulator.domain_id(SHOP)
    steps = [{"name": "A", "filter": {"path": ["/"]}}, {"name": "B", "filter": {"path": ["/care"]}}]
    dashboard = shelves["domain"].find(domain)
    dashboard.fields["custom_domain"] = "stats.example.com"
    access = shelves["access"].make(
        {"code": "code-of-access", "description": "", "valid_until": None}, domain
    )
    return {
        "funnel": shelves["funnel"].make({"name": "Funnel", "steps": steps}, domain).id,
        "organization": shelves["organization"].make({"name": "Ours"}).id,
        "code": access.text("code"),
        "subdomain": dashboard.text("subdomain"),
        "hostname": "stats.example.com",
        "event": "purchase",
        "key": "amount",
        "tag": "author",
        "keyword": "shirt",
        "regex": "^/a",
        "sample": "/about",
        "type": "event",
    }


def words_for(run: Type, area: str, name: str, method: str, things: dict[str, str]) -> list[str]:
    group = command.get_command(click.Context(command), area.replace("_", "-"))
    assert isinstance(group, click.Group)
    made = group.get_command(click.Context(group), name)
    assert made is not None
    words = [area.replace("_", "-"), name]
    words += MINUTES if method == "minutes" else []
    words += ["--filter", "tag=author"] if (area, method) == ("options", "tag_values") else []
    if method == "session_steps":
        session = json.loads(run("statistics", "sessions", "--most", "1").stdout)[0]
        return [*words, str(session["visitor_id"]), str(session["session_id"])]
    return words + [things[one.name or ""] for one in made.params if isinstance(one, click.Argument)]


@pytest.mark.parametrize(("area", "name", "method"), READS)
def test_a_read_has_its_command_in_three_forms(
    run: Type, things: dict[str, str], area: str, name: str, method: str
) -> None:
    words = words_for(run, area, name, method, things)
    told = run(*words)
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    rows = list(csv.reader(io.StringIO(run(*words, "--format", "csv").stdout)))
    assert len(rows) == 1 + (len(found) if isinstance(found, list) else 1)
    table = run(*words, "--format", "table")
    assert table.exit_code == 0
    assert table.stdout.strip()
    assert all(letter.isprintable() or letter == "\n" for letter in table.stdout)


@pytest.mark.parametrize(("area", "name", "method"), READS)
def test_a_command_explains_itself(run: Type, area: str, name: str, method: str) -> None:
    said = run(area.replace("_", "-"), name, "--help").stdout
    assert "Example: pirsch-bot pirsch" in said
    assert not said.split("\n")[2].startswith("  Return")


def test_every_call_has_its_command() -> None:
    commands = {f"{area}.{method}" for area in AREAS for method in methods(area).values()}
    assert commands | made_by_itself() == set(CALLS)
    client = Pirsch(Credentials(client_id="a", client_secret="b"))
    areas = {name: type(part) for name, part in vars(client).items() if not name.startswith("_")}
    assert areas == {name: one.kind for name, one in AREAS.items()}


# ---------------------------------------------------------------- what is asked


def asked(simulator: Simulator, path: str) -> list[str]:
    return [one.query for one in simulator.ledger.calls() if one.path == path]


def test_options_become_the_query(run: Type, simulator: Simulator) -> None:
    simulator.ledger.clear()
    demands = [
        "path=/x",
        "country!=de",
        "country!=at",
        "referrer~news",
        "event=purchase",
        "meta.currency=USD",
        "utm_source=null",
    ]
    filters = [word for demand in demands for word in ("--filter", demand)]
    said = run(
        "statistics", "total", "--site", "shop", "--from", "2026-05-01", "--to", "2026-05-07", *filters
    )
    assert said.exit_code == 0, said.output
    (query,) = asked(simulator, "/statistics/total")
    assert query.split("&", 1)[1] == (
        "from=2026-05-01&to=2026-05-07&tz=Europe%2FBerlin&path=%2Fx&country=%21de&country=%21at"
        "&referrer=~news&event=purchase&meta_currency=USD&utm_source=null"
    )


def test_without_days_the_last_seven_whole_ones(run: Type) -> None:
    found = json.loads(run("statistics", "visitors").stdout)
    assert len(found) == 7
    total = json.loads(run("statistics", "total").stdout)
    assert total["views"] == sum(row["views"] for row in found)


def test_one_day_and_the_last_minutes(run: Type, simulator: Simulator) -> None:
    simulator.ledger.clear()
    assert run("statistics", "total", "--from", "2026-05-01", "--tz", "UTC").exit_code == 0
    assert run("statistics", "total", "--last", "30m").exit_code == 0
    day, latest = asked(simulator, "/statistics/total")
    assert "from=2026-05-01&to=2026-05-01&tz=UTC" in day
    assert "start=1800" in latest
    assert "from=" not in latest


def test_a_site_is_named_in_two_ways(run: Type) -> None:
    by_host = json.loads(run("domains", "get", "--site", "blog.example.com").stdout)
    assert by_host["hostname"] == "blog.example.com"
    assert json.loads(run("domains", "get", "--site", "shop").stdout)["hostname"] == SHOP
    unknown = run("domains", "get", "--site", "shpo")
    assert unknown.exit_code == 2
    assert "known: shop" in unknown.stderr


def test_more_rows_than_asked_for_are_told(run: Type) -> None:
    found = run("breakdowns", "pages", "--most", "2")
    assert len(json.loads(found.stdout)) == 2
    assert "may be more" in found.stderr
    few = [row["visitors"] for row in json.loads(run("breakdowns", "pages", "--ascending").stdout)]
    assert few == sorted(few)


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--from", "2026-05-07", "--to", "2026-05-01"], 2, "would swap"),
        (["--filter", "country=Germany"], 2, "two letters"),
        (["--filter", "colour=red"], 2, "hostname"),
        (["--filter", "path"], 2, "NAME=VALUE"),
        (["--tz", "Mars/Olympus"], 2, "no time zone"),
        (["--last", "2h"], 2, "one hour"),
        (["--site", "other.example.com"], 1, "no dashboard of other.example.com"),
    ],
)
def test_a_mistake_is_told_in_words(run: Type, words: list[str], code: int, said: str) -> None:
    found = run("statistics", "total", *words)
    assert found.exit_code == code
    assert said in found.stderr
    assert found.stdout == ""


def test_refused_credentials_say_what_to_do(run: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIRSCH_CLIENT_SECRET", "not-the-secret")
    found = run("statistics", "total")
    assert found.exit_code == 1
    assert "What to do: Set client_id" in found.stderr
    assert "not-the-secret" not in found.output


def test_without_credentials(run: Type, config: Any) -> None:
    config.write_text('[site.shop]\ndomain = "shop.example.com"\n')
    found = run("statistics", "total")
    assert found.exit_code == 1
    assert "There is no [pirsch] table" in found.stderr
    assert 'client_id = { env = "PIRSCH_CLIENT_ID" }' in found.stderr


def test_an_export_is_bytes(run: Type) -> None:
    found = run("statistics", "export-csv", "visitors", "pages")
    assert found.exit_code == 0
    assert found.stdout_bytes.startswith(b"PK")


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_the_last_whole_days_are_those_of_the_zone_that_is_sent(
    run: Type, simulator: Simulator, zone: str
) -> None:
    """There are 26 hours between the two, so it is never the same day in both."""
    simulator.ledger.clear()
    assert run("statistics", "total", "--tz", zone).exit_code == 0
    (asked,) = [one for one in simulator.ledger.calls() if one.path == "/statistics/total"]
    sent = dict(parse_qsl(asked.query))
    yesterday = clock.now().astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    assert (sent["tz"], sent["to"]) == (zone, yesterday.isoformat())


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "Europe", "../../etc/passwd"])
def test_an_unknown_zone_is_not_asked_for(run: Type, zone: str) -> None:
    found = run("statistics", "total", "--tz", zone)
    assert (found.exit_code, "is no time zone" in found.stderr) == (2, True)
