"""`config.example.toml` is the reference: it has every key that the program knows, and it is right."""

import json
import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from pydantic import BaseModel

from bot.settings import (
    Settings,
    alert_tables,
    digest_tables,
    manage_tables,
    occasion_tables,
    read,
    tables,
    watch_tables,
)
from bot.settings.advice import advice
from bot.settings.explain import keys_of
from bot.settings.source_tables import Site
from bot.settings.watch_tables import LOOKS_AT
from bot.watches.looks import LOOKS
from tests.settings.building import SECRETS, settings_of

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = (ROOT / "config.example.toml").read_text()
# "#key" and "#[table]" are settings that are left out; "# text" explains.
EVERYTHING = re.sub(r"(?m)^#(?=\S)", "", EXAMPLE)
NAMED = sorted(set(re.findall(r'env = "(\w+)"', EVERYTHING)))
NO_LOOK_TAKES = set(LOOKS_AT).difference(*(look.needs | look.takes for look in LOOKS.values()))
OTHER_WAYS_IN = {"umami": {"api_key"}}
"""What cannot stand beside the keys that are shown."""

ENVIRON = {name: f"token-of-{name.lower().replace('_', '-')}" for name in NAMED} | {
    "SLACK_HOOK_URL": SECRETS["SLACK_HOOK_URL"],
    "BOT_LINK_SECRET": "a secret that signs links, long enough",
}


@pytest.fixture
def everything(tmp_path: Path) -> Settings:
    """The example with every key that is left out put in."""
    (tmp_path / "templates-of-ours").mkdir()
    (tmp_path / "our-ca.pem").write_text(trustme.CA().cert_pem.bytes().decode())
    return read(EVERYTHING, ENVIRON, folder=tmp_path)


def test_it_loads_and_nothing_in_it_needs_advice() -> None:
    settings = settings_of(EXAMPLE, ENVIRON)
    assert advice(settings) == []
    assert [rule.name for rule in settings.book.rules] == ["Big order", "Broken links", "No signups"]
    assert settings.pirsch is None


def test_it_loads_with_every_key_that_is_left_out(everything: Settings) -> None:
    assert everything.pirsch is not None
    assert everything.channels["night"].type == "slack"
    assert everything.sites["shop"].hook_token_old is not None
    assert len(everything.managed["shop"].filters) == len(everything.managed["shop"].goals) == 1


@pytest.mark.parametrize(
    ("table", "model"),
    [
        *tables.TABLES.items(),
        ("store.keep", tables.Keep),
        ("site", Site),
        ("slack channel", tables.SlackChannel),
        ("mail channel", tables.MailChannel),
        ("rule", tables.Rule),
        ("digest", digest_tables.Digest),
        ("digest revenue", digest_tables.Revenue),
        ("alerts", alert_tables.Alerts),
        ("silence", alert_tables.Silence),
        ("manage", manage_tables.Manage),
        ("manage.shop.modes", manage_tables.Modes),
        ("manage.shop.caps", manage_tables.Caps),
        *((f"manage item {name}", model) for name, model in manage_tables.ITEMS.items()),
        ("manage step", manage_tables.FunnelStep),
        ("watch", watch_tables.Watch),
        ("occasion", occasion_tables.Occasion),
    ],
)
def test_every_key_that_the_program_knows_stands_in_it(table: str, model: type[BaseModel]) -> None:
    known = set(keys_of(model)) - (NO_LOOK_TAKES if table == "watch" else set())
    known -= OTHER_WAYS_IN.get(table, set())
    assert known == set().union(*_written(tomllib.loads(EVERYTHING), table))


def test_the_other_ways_in_are_shown_in_words() -> None:
    assert all(f"{key} = " in EXAMPLE for keys in OTHER_WAYS_IN.values() for key in keys)


def test_every_table_that_the_program_knows_stands_in_it() -> None:
    more = {"alerts", "rule", "watch", "occasion", "silence", "digest"}
    assert set(tomllib.loads(EVERYTHING)) == {*tables.TABLES, *tables.NAMED, *more}


def test_what_is_left_out_shows_its_default(everything: Settings) -> None:
    shown, left_out = tomllib.loads(EXAMPLE), tomllib.loads(EVERYTHING)
    checked = 0
    for table, read_as in {
        "bot": everything.bot,
        "store": everything.store,
        "store.keep": everything.store.keep,
        "delivery": everything.delivery,
        "slack": everything.slack,
        "mail": everything.mail,
        "pirsch": everything.pirsch,
        "site.shop": everything.sites["shop"],
        "channel.sales": everything.channels["sales"],
        "channel.owner": everything.channels["owner"],
    }.items():
        for key in set(_at(left_out, table)) - set(_at(shown, table)):
            default = type(read_as).model_fields[key].default  # type: ignore[union-attr]
            if isinstance(default, str | int | timedelta):
                assert getattr(read_as, key) == default, f"{table}.{key}"
                checked += 1
    assert checked >= 15


def test_every_secret_that_it_names_is_asked_for_by_the_one_click_deploy() -> None:
    asked = json.loads((ROOT / "app.json").read_text())["env"]
    named = set(re.findall(r'env = "(\w+)"', re.sub(r"(?m)^#.*$", "", EXAMPLE)))
    assert named <= set(asked)


def test_lines_fit_on_a_page() -> None:
    assert [line for line in EXAMPLE.splitlines() if len(line) > 120] == []


def _written(data: dict[str, Any], table: str) -> list[set[str]]:
    """The keys of each table of a kind."""
    match table:
        case "site":
            return [set(one) for one in data["site"].values()]
        case "slack channel" | "mail channel":
            return [set(one) for one in data["channel"].values() if one["type"] == table.split()[0]]
        case "rule" | "watch" | "occasion" | "silence" | "digest":
            return [set(one) for one in data[table]]
        case "digest revenue":
            return [set(one) for digest in data["digest"] for one in digest["revenue"]]
        case "manage":
            return [set(one) for one in data["manage"].values()]
        case "manage step":
            return [set(step) for one in data["manage"]["shop"]["funnel"] for step in one["step"]]
    if table.startswith("manage item"):
        return [set(one) for one in data["manage"]["shop"][table.split()[-1]]]
    return [set(_at(data, table))]


def _at(data: dict[str, Any], path: str) -> dict[str, Any]:
    for part in path.split("."):
        data = data.get(part, {})
    return data
