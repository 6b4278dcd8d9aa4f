"""The account from the command line: plan, apply, drift, import, ledger, switch, with their exit codes."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import migrations
from bot.cli import main
from bot.db import Database
from bot.sandbox.pirsch import Simulator
from tests.manage.keeping import SHOP

HEAD = """
[bot]
public_url = "https://bot.example.com"

[pirsch]
client_id = {{ env = "PIRSCH_CLIENT_ID" }}
client_secret = {{ env = "PIRSCH_CLIENT_SECRET" }}
url = "{url}"

[site.shop]
domain = "shop.example.com"
hook_token = {{ env = "SHOP_HOOK_TOKEN" }}
"""
MANAGE = """
[manage.shop]
mode = "approve"
spike_threshold = 40

[[manage.shop.filter]]
from = "203.0.113.7"
note = "office"

[[manage.shop.goal]]
name = "Signup"
event = "signup"
visitors = 500
"""

Type = Callable[..., Result]


@pytest.fixture
def config(tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    account = simulator.account
    monkeypatch.setenv("PIRSCH_CLIENT_ID", simulator.keys.user.client_id)
    monkeypatch.setenv("PIRSCH_CLIENT_SECRET", simulator.keys.user.client_secret)
    monkeypatch.setenv("SHOP_HOOK_TOKEN", "a-token-that-nobody-guesses")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    path = tmp_path / "config.toml"
    path.write_text(HEAD.format(url=simulator.url) + MANAGE)
    database = Database(f"sqlite:///{tmp_path / 'pirsch-bot.sqlite3'}")
    migrations.upgrade(database)
    database.close()
    yield path
    simulator.faults.clear()
    for shelf in ("filter", "goal", "funnel", "report", "webhook"):
        for document in account.shelves[shelf].of(simulator.domain_id(SHOP)):
            document.locked = False
            account.shelves[shelf].drop(document.id)


@pytest.fixture
def run(config: Path) -> Type:
    def typed(*words: str, answer: str | None = None) -> Result:
        result = CliRunner().invoke(main, [*words, "--config", str(config)], input=answer)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result

    return typed


def goals(simulator: Simulator) -> list[dict[str, object]]:
    return [one.fields for one in simulator.account.shelves["goal"].of(simulator.domain_id(SHOP))]


def test_a_plan_is_shown_and_carried_out_and_then_there_is_none(run: Type, simulator: Simulator) -> None:
    planned = run("plan")
    assert planned.exit_code == 2
    assert "shop: 3 changes" in planned.output
    assert '+ create filter "ip 203.0.113.7"' in planned.output
    assert "visitors: (nothing) → 500" in planned.output
    assert "what it keeps out is not counted, also not later" in planned.output
    applied = run("apply", "shop", "--yes")
    assert applied.exit_code == 0, applied.output
    assert applied.output.count("  ok  ") == 3
    again = run("plan")
    assert (again.exit_code, again.output) == (0, "shop: as it is wanted\n")
    assert [one["visitor_goal"] for one in goals(simulator)] == [500]


def test_it_asks_and_a_no_changes_nothing(run: Type, simulator: Simulator) -> None:
    result = run("apply", answer="n\n")
    assert result.exit_code == 1
    assert "Nothing was changed." in result.output
    assert goals(simulator) == []


def test_a_plan_as_json_tells_everything(run: Type) -> None:
    (told,) = json.loads(run("plan", "--format", "json").output)
    assert told["site"] == "shop"
    assert [one["verb"] for one in told["changes"]] == ["create", "create", "update"]
    filter = told["changes"][0]
    assert filter["after"] == {"type": "ip", "filter": "203.0.113.7", "note": "office"}
    assert (filter["verdict"], filter["risk"], filter["inverse"]["verb"]) == ("allowed", "high", "delete")


def test_a_saved_plan_is_carried_out_by_its_id_and_by_its_file(run: Type, tmp_path: Path) -> None:
    out = tmp_path / "shop.json"
    planned = run("plan", "shop", "--out", str(out))
    (id,) = [line.split()[-1] for line in planned.output.splitlines() if "--plan" in line]
    assert run("apply", "--plan", id[:6], "--yes").exit_code == 0
    stale = run("apply", "--plan", str(out), "--yes")
    assert stale.exit_code == 1
    assert "has moved since this plan was made" in stale.output


def test_a_plan_that_somebody_changed_is_none(run: Type, tmp_path: Path) -> None:
    out = tmp_path / "shop.json"
    run("plan", "shop", "--out", str(out))
    out.write_text(out.read_text().replace("203.0.113.7", "203.0.113.8"))
    result = run("apply", "--plan", str(out), "--yes")
    assert (result.exit_code, "was changed since it was written" in result.output) == (2, True)
    assert run("apply", "--plan", "0000", "--yes").exit_code == 2


def test_what_somebody_made_needs_a_claim(run: Type, simulator: Simulator) -> None:
    run("pirsch", "goals", "create", '{"name": "Signup", "path": "/x"}', "--yes")
    assert len(goals(simulator)) == 1
    refused = run("apply", "--yes")
    assert refused.exit_code == 1
    assert "NOT DONE: somebody else made it" in refused.output
    assert run("apply", "--yes", "--claim").exit_code == 0
    assert [(one["visitor_goal"], one["path_pattern"]) for one in goals(simulator)] == [(500, "/x")]


def test_drift_is_shown_with_what_to_write_and_can_be_let_be(run: Type, simulator: Simulator) -> None:
    run("apply", "--yes")
    assert run("drift").exit_code == 0
    goals(simulator)[0]["visitor_goal"] = 50
    shown = run("drift")
    assert shown.exit_code == 2
    assert 'somebody changed goal "Signup"' in shown.output
    assert "visitors: 500 → 50" in shown.output
    assert "[[manage.shop.goal]]\n" in shown.output
    assert "      visitors = 50\n" in shown.output
    (row,) = json.loads(run("drift", "--format", "json").output)
    assert (row["key"], row["fields"]) == ("Signup", ["visitors"])
    assert "to restore it: pirsch-bot apply shop" in shown.output
    assert "to let it be: pirsch-bot drift shop --ignore Signup" in shown.output
    assert run("drift", "--ignore", "nothing of that name").exit_code == 2
    assert run("drift", "--ignore", "Signup").exit_code == 0
    assert run("drift").exit_code == 0


def test_an_account_is_written_as_settings_that_have_nothing_to_change(
    run: Type, config: Path, simulator: Simulator
) -> None:
    run("apply", "--yes")
    imported = run("import", "shop")
    assert imported.exit_code == 0
    config.write_text(HEAD.format(url=simulator.url) + imported.output)
    planned = run("plan")
    assert (planned.exit_code, planned.output) == (0, "shop: as it is wanted\n")


def test_a_site_that_is_not_managed_yet_can_be_imported_and_claimed(
    run: Type, config: Path, simulator: Simulator
) -> None:
    config.write_text(HEAD.format(url=simulator.url))
    assert run("plan").exit_code == 2  # there is nothing to plan
    run("pirsch", "goals", "create", '{"name": "Theirs", "path": "/x"}', "--yes")
    imported = run("import", "shop", "--claim", "--out", str(config.with_name("shop.toml")))
    assert "1 objects are the bot's now." in imported.output
    written = config.with_name("shop.toml").read_text()
    config.write_text(HEAD.format(url=simulator.url) + written.replace('mode = "plan"', 'mode = "auto"'))
    assert run("plan").exit_code == 0
    config.write_text(HEAD.format(url=simulator.url) + '[manage.shop]\nmode = "auto"\n')
    assert run("apply", "--yes").exit_code == 0
    assert goals(simulator) == []


def test_the_ledger_tells_who_did_what_and_why(run: Type) -> None:
    run("apply", "--yes")
    shown = run("ledger").output
    assert "create goal Signup" in shown
    assert "cli: " in shown
    rows = [json.loads(line) for line in run("ledger", "--json").output.splitlines()]
    assert (
        [row["entry"] for row in rows].count("intent") == [row["entry"] for row in rows].count("outcome") == 3
    )
    goal = next(row for row in rows if row["kind"] == "goal" and row["entry"] == "outcome")
    assert (goal["outcome"], goal["after"]["visitors"], goal["why"]) == ("done", 500, "manage.shop.goal[1]")
    assert len(run("ledger", "--json", "--kind", "filter", "--limit", "1").output.splitlines()) == 1


def test_a_switch_is_flipped_only_when_somebody_has_looked(run: Type, simulator: Simulator) -> None:
    switch = simulator.account.switch(simulator.domain_id(SHOP), "spike")
    switch.on = False
    assert "unknown" in run("switch", "spike", "--site", "shop").output
    assert run("switch", "spike", "--site", "shop", "--flip").exit_code == 2
    assert switch.on is False
    flipped = run("switch", "spike", "--site", "shop", "--saw", "off", "--flip")
    assert (flipped.exit_code, switch.on) == (0, True)
    assert "spike mails of shop: on" in flipped.output
    assert run("switch", "spike", "--site", "shop", "--flip", "--blindly").exit_code == 0
    assert switch.on is False


def test_no_command_repeats_the_address_of_a_webhook(run: Type, config: Path, simulator: Simulator) -> None:
    config.write_text(
        HEAD.format(url=simulator.url) + '[manage.shop]\nmode = "auto"\nwebhooks = ["signup"]\n'
    )
    said = [run("plan"), run("plan", "--format", "json"), run("apply", "--yes"), run("ledger", "--json")]
    said += [run("import", "shop"), run("drift")]
    assert "a-token-that-nobody-guesses" not in "".join(one.output for one in said)


def test_a_name_that_leads_nowhere_is_said(run: Type, config: Path, simulator: Simulator) -> None:
    assert "did you mean" in run("plan", "shpo").output
    assert run("plan", "shpo").exit_code == run("import", "shpo").exit_code == 2
