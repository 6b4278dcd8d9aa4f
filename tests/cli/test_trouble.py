"""What is missing, broken or out of reach is said in a sentence, by every command that meets it."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import CONFIG, Place

NEEDS_STORE = [
    ("events",),
    ("events", "show", "1"),
    ("outbox",),
    ("outbox", "show", "1"),
    ("outbox", "retry", "--all"),
    ("outbox", "lanes"),
    ("outbox", "reopen", "sales"),
    ("alerts",),
    ("replay", "--dry-run"),
]
NEEDS_SETTINGS = [
    *NEEDS_STORE,
    ("check",),
    ("rules",),
    ("rules", "test", "--event", "purchase", "--site", "shop"),
    ("send-test", "--all"),
    ("db", "upgrade"),
    ("db", "status"),
    ("serve",),
    ("work",),
]
SERVES = [("serve",), ("work",)]

every_store_command = pytest.mark.parametrize("words", NEEDS_STORE, ids=" ".join)
every_settings_command = pytest.mark.parametrize("words", NEEDS_SETTINGS, ids=" ".join)


@every_settings_command
def test_a_config_that_is_not_there(bare: Place, words: tuple[str, ...]) -> None:
    lines = bare.lines(*words, code=1)
    assert lines[0].startswith("config.toml: there is no such file (`pirsch-bot init` writes one")


@every_settings_command
def test_a_config_with_mistakes(bare: Place, words: tuple[str, ...]) -> None:
    bare.write('[bot]\ntimezon = "UTC"\n[site.shop]\n')
    assert bare.lines(*words, code=1) == [
        'config.toml:2: bot.timezon: unknown key (did you mean "timezone"?)',
        "config.toml:3: site.shop.domain: is missing",
        "config.toml has 2 mistakes",
    ]


@pytest.mark.parametrize("words", [("check",), ("events", "show", "1"), ("db", "status")], ids=" ".join)
@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(None, "this is a folder; a file is needed", id="a folder"),
        pytest.param(b'a = "\x00"', "this is not TOML", id="a NUL byte"),
        pytest.param(b"\xff\xfe[\x00", "this is not UTF-8 text", id="UTF-16"),
        pytest.param(b"# " + b"x" * 5_000_000, "larger than 4 MiB", id="five megabytes"),
        pytest.param(b"a = " + b"[" * 5_000, "this is not TOML", id="too many brackets"),
    ],
)
def test_a_config_that_is_none(bare: Place, words: tuple[str, ...], data: bytes | None, said: str) -> None:
    path = bare.folder / "config.toml"
    path.mkdir() if data is None else path.write_bytes(data)
    assert said in bare.lines(*words, code=1)[0]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["", "byte order mark"])
def test_a_config_as_windows_writes_it(bare: Place, ending: str, mark: bytes) -> None:
    (bare.folder / "config.toml").write_bytes(mark + CONFIG.replace("\n", ending).encode())
    assert bare.lines("check")[0].startswith("config.toml is right")


@every_store_command
def test_a_store_that_is_not_there_is_not_made_by_looking(bare: Place, words: tuple[str, ...]) -> None:
    bare.write(CONFIG)
    (line,) = bare.lines(*words, code=1)
    assert line == f"There is no store at {bare.folder}/pirsch-bot.sqlite3 yet: run `pirsch-bot db upgrade`."
    assert [path.name for path in bare.folder.iterdir()] == ["config.toml"]


@every_store_command
def test_a_store_that_is_not_set_up(bare: Place, words: tuple[str, ...]) -> None:
    bare.write(CONFIG)
    (bare.folder / "pirsch-bot.sqlite3").touch()
    assert bare.lines(*words, code=1) == [
        "The store is not set up for this version: run `pirsch-bot db upgrade`."
    ]


@pytest.mark.parametrize("words", [*NEEDS_STORE, ("db", "upgrade")], ids=" ".join)
def test_a_store_of_a_newer_version(place: Place, words: tuple[str, ...]) -> None:
    with sqlite3.connect(place.folder / "pirsch-bot.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    (line,) = place.lines(*words, code=1)
    assert line.startswith("The store is at 9999, made by a newer version than this one")


@pytest.mark.parametrize("words", [*NEEDS_STORE, ("db", "upgrade"), ("db", "status")], ids=" ".join)
def test_a_store_that_is_something_else(bare: Place, words: tuple[str, ...]) -> None:
    bare.write(CONFIG)
    (bare.folder / "pirsch-bot.sqlite3").write_bytes(b"not a database" * 100)
    (line,) = bare.lines(*words, code=1)
    assert line.startswith(f"The store at sqlite:///{bare.folder}/pirsch-bot.sqlite3 cannot be used: ")


def test_a_store_in_a_folder_that_cannot_be_made(bare: Place) -> None:
    (bare.folder / "file").touch()
    bare.write(f'[store]\npath = "file/here.sqlite3"\n{CONFIG}')
    (line,) = bare.lines("db", "upgrade", code=1)
    assert "cannot be used: " in line


@pytest.mark.parametrize("words", [*NEEDS_STORE, ("db", "upgrade"), ("db", "status"), *SERVES], ids=" ".join)
def test_a_postgresql_that_is_out_of_reach(bare: Place, words: tuple[str, ...]) -> None:
    bare.write(CONFIG)
    bare.environ["DATABASE_URL"] = "postgres://bot:MARKER@127.0.0.1:1/bot"
    lines = bare.lines(*words, code=1)
    assert lines[0].startswith("The store at postgresql+psycopg://bot:***@127.0.0.1:1/bot cannot be used: ")
    assert "MARKER" not in "".join(lines)


@every_settings_command
def test_an_address_of_no_store(bare: Place, words: tuple[str, ...]) -> None:
    bare.write(CONFIG)
    bare.environ["DATABASE_URL"] = "mysql://bot:MARKER@127.0.0.1/bot"
    lines = bare.lines(*words, code=1)
    assert lines[0] == (
        "config.toml: environment variable DATABASE_URL: postgres://… or sqlite:///… is needed"
    )
    assert "MARKER" not in "".join(lines)


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (("events", "show", "4711"), "There is no event 4711", 1),
        (("events", "show", "0"), "0 is not in the range", 2),
        (("events", "--site", "shp"), "There is no site 'shp' in the settings: did you mean \"shop\"?", 2),
        (("events", "--since", "5"), "a length of time is needed", 2),
        (("outbox", "show", "nope"), "None, or several, have an id that begins with 'nope'", 1),
        (("outbox", "retry", "nope"), "None, or several, have an id that begins with 'nope'", 1),
        (("outbox", "retry"), "Which? Name ids, or say --all.", 2),
        (
            ("outbox", "reopen", "sale"),
            "There is no channel 'sale' in the settings: did you mean \"sales\"?",
            2,
        ),
        (("outbox", "--channel", "x"), "There is no channel 'x' in the settings: known: owner, sales", 2),
        (("send-test",), "Which channel? Known: owner, sales.", 2),
        (("send-test", "sale"), "There is no channel 'sale'", 2),
        (("replay", "--dry-run", "--rule", "Big"), "There is no rule 'Big' in the settings", 2),
        (
            ("replay", "--dry-run", "--site", "x"),
            "There is no site 'x' in the settings: known: blog, shop",
            2,
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_names_and_ids_that_lead_nowhere(place: Place, words: tuple[str, ...], said: str, code: int) -> None:
    assert said in "\n".join(place.lines(*words, code=code))


@pytest.mark.parametrize(
    "words", [("check",), ("events",), ("events", "show", "1"), ("outbox", "lanes")], ids=" ".join
)
def test_the_config_is_where_one_says(place: Place, words: tuple[str, ...], tmp_path: Path) -> None:
    """By option, before or after the second word, or by environment; the option wins."""
    other = tmp_path / "other"
    other.mkdir()
    shutil.move(place.folder / "config.toml", other / "config.toml")
    shutil.move(place.folder / "pirsch-bot.sqlite3", other / "pirsch-bot.sqlite3")
    config = str(other / "config.toml")
    by_option = place.run(*words, "--config", config)
    first = place.run(words[0], "--config", config, *words[1:])
    place.environ["BOT_CONFIG"] = config
    by_environment = place.run(*words)
    place.environ["BOT_CONFIG"] = "nowhere.toml"
    over_environment = place.run(*words, "-c", config)
    outputs = {one.output for one in (by_option, first, by_environment, over_environment)}
    assert len(outputs) == 1
    assert "no such file" not in outputs.pop()
    assert place.run(*words).output.startswith("nowhere.toml: there is no such file")


@every_settings_command
def test_no_secret_is_said(place: Place, words: tuple[str, ...]) -> None:
    """By no command, whether it works or ends in trouble: here the mail server and Slack are not there."""
    place.write(CONFIG.replace("[slack]", '[slack]\nurl = "http://127.0.0.1:1/api"') + "\n[slack.extra]\n")
    assert "MARKER" not in place.run(*words).output
    place.write(CONFIG.replace("[slack]", '[slack]\nurl = "http://127.0.0.1:1/api"'))
    if words not in SERVES:
        assert "MARKER" not in place.run(*words).output
