"""A write without --yes is shown and not sent; with it, exactly that is sent."""

import json
from pathlib import Path

import pytest

from bot.cli.pirsch.areas import AREAS, methods, reads
from bot.sandbox.pirsch import Simulator
from tests.cli_pirsch.conftest import SHOP, Type

GOAL = '{"name": "Signup %s", "event": "signup", "visitors": 500}'
REPORT = json.dumps(
    {
        "every": 1,
        "reply_to": "",
        "link_to": "dashboard",
        **dict.fromkeys(
            ("visitor_graph", "summary", "top_pages", "top_referrer", "top_events", "hide_dashboard_button"),
            True,
        ),
    }
)
VISIT = '{"ip": "192.0.2.1", "user_agent": "Mozilla/5.0 (X11; Linux x86_64)"}'
HIT = f'{{"visit": {VISIT}, "url": "https://shop.example.com/"}}'
TIMED = f'{{"visit": {VISIT}, "url": "https://shop.example.com/", "at": "2026-05-04T10:00:00Z"}}'
EVENT = f'{{"hit": {HIT}, "name": "purchase", "meta": {{"amount": "12.50"}}}}'
HOOK = "https://bot.example.com/hooks/shop/a-token-that-nobody-guesses"
DOMAIN = '{"hostname": "new.example.com", "subdomain": "new", "timezone": "UTC"}'
STEPS = [{"name": "Cart", "filter": {"path": ["/cart"]}}, {"name": "Bought", "filter": {"path": ["/thanks"]}}]
FUNNEL = json.dumps({"name": "Sale", "steps": STEPS})
LINK = '{"name": "Spring", "urls": [{"url": "https://shop.example.com/spring"}]}'
WEBHOOK = json.dumps({"id": "Ab1", "event": "purchase", "endpoint": HOOK})
FILTER = '{"id": "Ab1", "type": "ip", "filter": "192.0.2.7"}'

WORDS = {
    "domains.create": [DOMAIN],
    "domains.rename": ["New name"],
    "domains.move_to_subdomain": ["elsewhere"],
    "domains.set_timezone": ["Europe/Berlin"],
    "domains.set_active_window": ["--window", "5m"],
    "domains.set_settings": ['{"goals": true}'],
    "domains.set_metadata": ['{"kept by": "a bot"}'],
    "domains.set_public": ["--on"],
    "domains.set_scripts_disabled": ["--on"],
    "domains.set_grouped_by_title": ["--on"],
    "domains.flip_week_start": [],
    "domains.flip_noindex": [],
    "access_links.create": ["for the board", "--valid-until", "2030-01-01"],
    "access_links.update": ["Ab1", "for all"],
    "access_links.delete": ["Ab1"],
    "alternatives.create": ["other.example.com"],
    "alternatives.update": ["Ab1", "b.example.com"],
    "alternatives.delete": ["Ab1"],
    "webhooks.create": ["signup", HOOK],
    "webhooks.update": [WEBHOOK],
    "webhooks.delete": ["Ab1"],
    "filters.create": ["ip", "192.0.2.7", "--description", "office"],
    "filters.update": [FILTER],
    "filters.delete": ["Ab1"],
    "traffic.flip_spike_mails": [],
    "traffic.set_spike_threshold": ["100"],
    "traffic.flip_silence_mails": [],
    "traffic.set_silence_threshold": ["--silence", "2d"],
    "goals.create": [GOAL],
    "goals.update": ["Ab1", GOAL],
    "goals.delete": ["Ab1"],
    "funnels.create": [FUNNEL],
    "funnels.update": ["Ab1", FUNNEL],
    "funnels.delete": ["Ab1"],
    "reports.create": ["a@example.com", "b@example.com", REPORT],
    "reports.update": ["Ab1", REPORT],
    "reports.delete": ["Ab1"],
    "links.create": [LINK],
    "links.update": ["Ab1", LINK],
    "links.delete": ["Ab1"],
    "views.create": ["Mobile", '{"platform": "mobile"}'],
    "views.update": ["Ab1", "Mobile", '{"platform": "mobile"}'],
    "views.delete": ["Ab1"],
    "ingest.hit": [HIT],
    "ingest.hits": [f"[{TIMED}]"],
    "ingest.event": [EVENT],
    "ingest.events": [f'[{{"hit": {TIMED}, "name": "purchase"}}]'],
    "ingest.session": [VISIT],
    "ingest.sessions": [f'[["2026-05-04T10:00:00Z", {VISIT}]]'],
}
WRITES = [
    pytest.param(area, name, method, id=f"{area}.{method}")
    for area in AREAS
    for name, method in methods(area).items()
    if not reads(area, method)
]


def sent(simulator: Simulator) -> list[str]:
    return [one.method for one in simulator.ledger.calls() if one.method != "GET" and one.path != "/token"]


@pytest.mark.parametrize(("area", "name", "method"), WRITES)
def test_a_write_is_shown_and_not_sent(
    run: Type, simulator: Simulator, area: str, name: str, method: str
) -> None:
    simulator.ledger.clear()
    found = run(area.replace("_", "-"), name, *WORDS[f"{area}.{method}"])
    assert found.exit_code == 2, found.output
    assert found.stdout.startswith("Would send:\n  ")
    assert f"{simulator.url}/api/v1/" in found.stdout
    assert "Say --yes" in found.stderr
    assert sent(simulator) == []


def test_what_is_sent_is_what_was_shown(run: Type, simulator: Simulator) -> None:
    words = ["goals", "create", GOAL % "shown"]
    shown = run(*words).stdout
    body = json.loads(shown.split("/api/v1/goal\n", 1)[1])
    simulator.ledger.clear()
    made = run(*words, "--yes")
    assert made.exit_code == 0, made.output
    (post,) = [one for one in simulator.ledger.calls() if one.method == "POST" and one.path == "/goal"]
    assert json.loads(post.body) == body
    assert json.loads(made.stdout)["name"] == "Signup shown"
    assert "Made." in made.stderr


def test_what_is_there_already_is_not_made_again(run: Type, simulator: Simulator) -> None:
    words = ["goals", "create", GOAL % "once"]
    run(*words, "--yes")
    simulator.ledger.clear()
    again = run(*words)
    assert again.exit_code == 0
    assert "nothing is to be sent" in again.stderr
    assert "there already" in run(*words, "--yes").stderr
    assert sent(simulator) == []


def test_several_addresses_are_several_calls(run: Type) -> None:
    found = run("reports", "create", "a@example.com", "b@example.com", REPORT)
    assert found.stdout.count("POST ") == 2
    assert '"a@example.com"' in found.stdout
    assert '"b@example.com"' in found.stdout


def test_an_object_can_be_a_file(run: Type, tmp_path: Path) -> None:
    (tmp_path / "goal.json").write_text(GOAL % "from a file")
    found = run("goals", "create", f"@{tmp_path / 'goal.json'}")
    assert "Signup from a file" in found.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"nam": "x"}', "there is no 'nam'"),
        ('{"name": "x"}', "a path or an event"),
        ('{"name": "x", "event": "e", "visitors": "many"}', "visitors"),
        ("{", "not the JSON"),
        ("@/no/such/file", "cannot read"),
        ("[" * 100_000, "not the JSON"),
    ],
)
def test_a_wrong_object_is_told_in_words(run: Type, text: str, said: str) -> None:
    found = run("goals", "create", text)
    assert found.exit_code == 2
    assert said in found.stderr


def test_a_webhooks_address_is_shown_when_asked_only(run: Type, simulator: Simulator) -> None:
    run("webhooks", "create", "purchase", HOOK, "--yes")
    for form in ("json", "csv", "table"):
        told = run("webhooks", "list", "--format", form).stdout
        assert "a-token-that" not in told
        assert "https://bot.example.com/…" in told
        assert HOOK in run("webhooks", "list", "--format", form, "--show-secrets").stdout
    simulator.account.shelves["webhook"].of(simulator.domain_id(SHOP))


def test_a_rehearsal_shows_no_secret_unless_it_is_told_to(run: Type) -> None:
    link = {**json.loads(LINK), "password": "open-sesame", "webhook_endpoint": HOOK}
    for words in (["webhooks", "create", "signup", HOOK], ["links", "create", json.dumps(link)]):
        veiled = run(*words).stdout
        assert "that-nobody-guesses" not in veiled
        assert "open-sesame" not in veiled
        assert "https://bot.example.com/" in veiled
        assert "that-nobody-guesses" in run(*words, "--show-secrets").stdout
