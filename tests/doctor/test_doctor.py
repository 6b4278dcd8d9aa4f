"""Each thing that can be broken, broken at the far side, gives its line and its remedy."""

import json
import sqlite3

import pytest

from bot.sandbox.pirsch.access import SENDING
from bot.sandbox.pirsch.faults import forbidden, server_error
from tests.doctor.conftest import ADDRESS, CONFIG, GLOB, OLD, SHOP, TOKEN, Patient


def one(lines: list[str], part: str) -> str:
    found = [line for line in lines if part in line]
    assert len(found) == 1, lines
    return found[0]


def test_all_is_well(patient: Patient) -> None:
    result = patient.typed()
    assert result.exit_code == 0, result.output
    assert "WRONG" not in result.output
    assert "“purchase” is sent here" in result.stdout
    assert "reachable and up to date" in result.stdout
    assert patient.said("wrong") == []
    assert patient.said("advice") == ["owner was not used yet -> Try it: pirsch-bot send-test owner"]


def test_groups_are_printed_and_wrong_things_end_with_1(patient: Patient) -> None:
    patient.dashboard.fields["timezone"] = "America/New_York"
    patient.hook("purchase")
    result = patient.typed()
    assert result.exit_code == 1
    heads = [line for line in result.stdout.splitlines() if line and not line.startswith(" ")]
    assert heads[:-1] == ["store", "channels", "site shop"]
    assert heads[-1].endswith("1 wrong, 2 with advice.")


# ---------------------------------------------------------------- credentials, scopes, plan


def test_wrong_credentials(patient: Patient) -> None:
    patient.environ("PIRSCH_CLIENT_SECRET", "not-the-secret")
    assert "Set client_id and client_secret" in one(patient.said("wrong"), "does not know this client")


def test_no_credentials_is_advice(patient: Patient) -> None:
    text = CONFIG[: CONFIG.index("[pirsch]")] + CONFIG[CONFIG.index("[site.shop]") :]
    patient.write(text)
    assert "[pirsch]" in one(patient.said("advice"), "no numbers can be read")
    assert patient.typed().exit_code == 0


def test_an_address_that_is_not_safe(patient: Patient) -> None:
    patient.config.write_text(CONFIG.format(url="http://pirsch.example.com", mail=patient.mailbox.port))
    assert "https" in one(patient.said("wrong"), "credentials cannot be used")


def test_nobody_answers(patient: Patient) -> None:
    patient.simulator.faults.plan(server_error(500).to("GET", "/domain", times=10))
    assert "Try again later" in one(patient.said("wrong"), "the dashboard cannot be read")


@pytest.mark.parametrize(("scope", "path"), [("statistics", "/statistics/total"), ("domains", "/webhook")])
def test_a_scope_is_missing(patient: Patient, scope: str, path: str) -> None:
    patient.simulator.faults.plan(forbidden().to("GET", path, times=10))
    assert "Give the client the scopes" in one(patient.said("wrong"), f"scope {scope} (r)")


def test_a_client_that_may_only_read(patient: Patient) -> None:
    scopes = dict.fromkeys(SENDING, "") | {"statistics": "r", "domains": "r"}
    reader = patient.simulator.account.door.admit(patient.dashboard.id, scopes, "reader")
    patient.environ("PIRSCH_CLIENT_ID", reader.client_id)
    patient.environ("PIRSCH_CLIENT_SECRET", reader.client_secret)
    assert "Add it at Pirsch" in one(patient.said("advice"), "domains (w)")
    assert patient.said("wrong") == []


def test_a_dashboard_that_is_not_there(patient: Patient) -> None:
    patient.write(CONFIG.replace(SHOP, "shop.example.org"))
    assert "[site.shop]" in one(patient.said("wrong"), "no dashboard of shop.example.org")


@pytest.mark.parametrize(
    ("fields", "level", "part"),
    [
        ({"subscription_active": False, "free_trial": False}, "wrong", "not active"),
        ({"subscription_plus": False, "free_trial": False}, "wrong", "no webhooks and funnels"),
        ({"subscription_plus": False, "free_trial": True}, "ok", "free trial"),
    ],
)
def test_the_plan(patient: Patient, fields: dict[str, object], level: str, part: str) -> None:
    patient.dashboard.fields.update(fields)
    one(patient.said(level), part)


def test_a_plan_that_is_not_told_is_not_judged(patient: Patient) -> None:
    for name in ("subscription_active", "subscription_plus", "free_trial"):
        patient.dashboard.fields[name] = None
    assert patient.said("wrong") == []


# ---------------------------------------------------------------- zone, traffic


def test_days_begin_elsewhere(patient: Patient) -> None:
    patient.dashboard.fields["timezone"] = "America/New_York"
    assert "Set timezone" in one(patient.said("advice"), "America/New_York")


def test_a_zone_that_nobody_knows(patient: Patient) -> None:
    patient.dashboard.fields["timezone"] = "Mars/Olympus"
    one(patient.said("wrong"), "Choose a zone such as")


def test_nothing_is_counted(patient: Patient) -> None:
    patient.write(CONFIG.replace(SHOP, "empty.example.com"))
    assert "snippet" in one(patient.said("advice"), "nobody was counted")


# ---------------------------------------------------------------- webhooks


def unhooked(patient: Patient) -> None:
    shelf = patient.simulator.account.shelves["webhook"]
    for hook in list(shelf.of(patient.dashboard.id)):
        shelf.drop(hook.id)


def test_an_event_without_a_webhook(patient: Patient) -> None:
    unhooked(patient)
    assert "Add Webhook" in one(patient.said("wrong"), "“purchase” has no webhook")


def test_a_webhook_elsewhere_is_none_of_ours(patient: Patient) -> None:
    unhooked(patient)
    patient.hook("purchase", "https://other.example.com/hooks/shop/" + TOKEN)
    one(patient.said("wrong"), "“purchase” has no webhook")


def test_a_webhook_that_was_switched_off(patient: Patient) -> None:
    unhooked(patient)
    patient.hook("purchase", active=False)
    assert "revives" in one(patient.said("wrong"), "switched off")


def test_a_webhook_twice(patient: Patient) -> None:
    patient.hook("purchase")
    assert "all but one" in one(patient.said("wrong"), "2 webhooks")


def test_a_webhook_to_the_old_address(patient: Patient) -> None:
    unhooked(patient)
    patient.hook("purchase", ADDRESS + OLD)
    assert "before hook_token_old" in one(patient.said("advice"), "old address")
    assert patient.said("wrong") == []


def test_a_webhook_to_an_address_that_is_gone(patient: Patient) -> None:
    unhooked(patient)
    patient.hook("purchase", ADDRESS + "a-token-from-long-ago-abc")
    line = one(patient.said("wrong"), "is lost")
    assert "long-ago" not in line


def test_a_webhook_that_no_rule_asks_for(patient: Patient) -> None:
    patient.hook("newsletter")
    patient.hook("old one", ADDRESS + OLD)
    patient.hook("stray one", ADDRESS + "a-token-from-long-ago-abc")
    found = patient.said("advice")
    one(found, "“newsletter” is sent here, and no rule")
    one(found, "“old one” still comes to the old address")
    one(found, "“stray one” is sent to an address that this bot does not know")


def test_a_glob_hears_only_what_has_a_webhook(patient: Patient) -> None:
    patient.write(CONFIG + GLOB)
    patient.hook("signup done")
    patient.hook("signup twice")
    patient.hook("signup twice")
    assert "no wildcards" in one(patient.said("advice"), "signup*")
    one(patient.said("ok"), "“signup done” is sent here")
    one(patient.said("wrong"), "“signup twice” has 2 webhooks")


def test_a_site_that_is_only_measured_needs_no_webhooks(patient: Patient) -> None:
    patient.write(CONFIG + '\n[site.numbers]\ndomain = "empty.example.com"\n')
    found = json.loads(patient.typed("--format", "json").stdout)
    assert not [line for line in found if line["group"] == "site numbers" and "purchase" in line["what"]]
    assert patient.said("wrong") == []


def test_no_public_url(patient: Patient) -> None:
    patient.write("\n".join(line for line in CONFIG.splitlines() if "public_url" not in line))
    one(patient.said("advice"), "Set public_url")


def test_a_hostile_event_name_obeys_no_terminal(patient: Patient) -> None:
    patient.hook("\x1b[2Jgone")
    assert "\x1b[2J" not in patient.typed().stdout


# ---------------------------------------------------------------- our own house


def test_a_store_that_is_not_there_yet_is_not_made_by_looking(patient: Patient) -> None:
    file = patient.config.parent / "pirsch-bot.sqlite3"
    file.unlink()
    one(patient.said("advice"), "is not there yet")
    assert not file.exists()


def test_a_store_of_another_version(patient: Patient) -> None:
    store = sqlite3.connect(patient.config.parent / "pirsch-bot.sqlite3")
    store.execute("UPDATE alembic_version SET version_num = '0000'")
    store.commit()
    store.close()
    assert "pirsch-bot db upgrade" in one(patient.said("wrong"), "is at 0000")


def test_a_store_that_cannot_be_read(patient: Patient) -> None:
    (patient.config.parent / "pirsch-bot.sqlite3").write_bytes(b"no database, but long enough to be one" * 99)
    one(patient.said("wrong"), "cannot be read")


def test_a_database_that_is_down_shows_no_password(patient: Patient) -> None:
    patient.environ("DATABASE_URL", "postgresql://bot:the-password@127.0.0.1:9/bot")
    line = one(patient.said("wrong"), "cannot be read")
    assert "the-password" not in line


def test_a_file_on_a_dyno(patient: Patient) -> None:
    patient.environ("DYNO", "web.1")
    assert "PostgreSQL" in one(patient.said("wrong"), "disk is emptied")


@pytest.mark.parametrize(
    ("name", "text", "level", "part"),
    [
        ("mail/event/subject.txt", "{{ notice.", "wrong", "line 1"),
        ("mail/event/subject.txt", "{{ notice.site }}", "ok", "1 of your own"),
        ("mail/evnet/subject.txt", "{{ notice.site }}", "advice", "never used"),
    ],
)
def test_templates(patient: Patient, name: str, text: str, level: str, part: str) -> None:
    path = patient.config.parent / "ours" / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    patient.write(CONFIG.replace("[bot]", '[bot]\ntemplates = "ours"'))
    one(patient.said(level), part)


def test_words_for_programs(patient: Patient) -> None:
    found = json.loads(patient.typed("--format", "json").stdout)
    assert all(set(line) == {"group", "level", "what", "remedy"} for line in found)
    assert {line["group"] for line in found} == {"store", "channels", "site shop"}
