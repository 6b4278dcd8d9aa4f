"""The file on the disk, as editors and accidents leave it; and a file of a thousand rules."""

import itertools
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.db import address
from bot.settings import BadSettings, load
from bot.settings.load import LARGEST
from tests.settings.building import ENVIRON, HERE, WHOLE, mistakes_in, settings_of


def _write(folder: Path, data: bytes) -> Path:
    path = folder / "config.toml"
    path.write_bytes(data)
    return path


def _refused(path: Path) -> str:
    with pytest.raises(BadSettings) as bad:
        load(path, ENVIRON)
    (line,) = bad.value.lines()
    return line.replace(str(path), path.name)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(WHOLE.encode(), id="plain"),
        pytest.param(b"\xef\xbb\xbf" + WHOLE.encode(), id="a byte order mark"),
        pytest.param(WHOLE.replace("\n", "\r\n").encode(), id="line ends of Windows"),
        pytest.param(WHOLE.rstrip().encode(), id="no line end at the end"),
        pytest.param(WHOLE.encode() + b"# " + b"x" * 1_000_000, id="a megabyte of comments"),
    ],
)
def test_a_file_is_read_as_editors_leave_it(data: bytes, tmp_path: Path) -> None:
    settings = load(_write(tmp_path, data), ENVIRON)
    assert [rule.name for rule in settings.book.rules] == ["Order"]
    assert settings.folder == tmp_path


@pytest.mark.parametrize(
    ("data", "line"),
    [
        pytest.param(
            b'[bot]\ntimezone = "\xff"',
            "config.toml:2: this is not UTF-8 text (save it as UTF-8)",
            id="latin 1",
        ),
        pytest.param(
            "[bot]\n".encode("utf-16"),
            "config.toml:1: this is not UTF-8 text (save it as UTF-8)",
            id="UTF-16",
        ),
        pytest.param(
            b'[bot]\ntimezone = "UTC\x00"',
            "config.toml:2: this is not TOML: illegal character '\\x00'",
            id="a NUL byte",
        ),
        pytest.param(b"[bot]\rtimezone", "config.toml:1: this is not TOML:", id="line ends of old Macs"),
        pytest.param(
            b"#" + b"x" * LARGEST, "config.toml: larger than 4 MiB: this is no config", id="too large"
        ),
    ],
)
def test_a_file_that_is_no_config_says_so(data: bytes, line: str, tmp_path: Path) -> None:
    assert _refused(_write(tmp_path, data)).startswith(line)


def test_a_file_that_is_not_there_says_how_to_get_one(tmp_path: Path) -> None:
    assert "`pirsch-bot init` writes one" in _refused(tmp_path / "config.toml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert _refused(tmp_path).endswith("this is a folder; a file is needed")


@pytest.mark.parametrize("name", ["x" * 300, "a\x00b", "file/config.toml"])
def test_a_path_that_no_disk_has(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be read: " in _refused(tmp_path / name)


def test_paths_begin_in_the_folder_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    text = '[bot]\ntemplates = "words"\n[store]\npath = "kept/here.sqlite3"'
    settings = load(_write(tmp_path, text.encode()), {})
    assert settings.bot.templates == tmp_path / "words"
    assert settings.database_url.reveal() == f"sqlite:///{tmp_path}/kept/here.sqlite3"


def test_a_folder_may_have_signs_that_mean_something_in_an_address(tmp_path: Path) -> None:
    folder = tmp_path / "what? a #1 100%20"
    folder.mkdir()
    settings = load(_write(folder, b""), {})
    assert address(settings.database_url.reveal()).database == str(folder / "pirsch-bot.sqlite3")


@pytest.mark.parametrize("url", ["postgres://bot@db.example.com/bot", "sqlite:////tmp/bot.sqlite3"])
def test_the_environment_names_the_store(url: str) -> None:
    assert settings_of("", {"DATABASE_URL": url}).database_url.reveal() == url


@pytest.mark.parametrize("url", ["", "  "])
def test_an_empty_address_is_none(url: str) -> None:
    assert settings_of("", {"DATABASE_URL": url}).database_url.reveal().endswith("/pirsch-bot.sqlite3")


@pytest.mark.parametrize(
    "url",
    [
        "MARKER",
        "mysql://u:MARKER@h/db",
        "postgres://u:MAR/KER@h:port/db",
        "postgres://u:p@[::1/MARKER",
        "http://MARKER",
    ],
)
def test_an_address_of_no_store_is_a_mistake(url: str) -> None:
    (line,) = mistakes_in("", {"DATABASE_URL": url})
    assert line == "config.toml: environment variable DATABASE_URL: postgres://… or sqlite:///… is needed"


def test_mistakes_of_all_tables_are_said_together_and_in_order() -> None:
    lines = [line.split(":")[1] for line in mistakes_in((HERE / "mistakes/wrong-types.toml").read_text())]
    assert lines == sorted(lines, key=int)
    assert len(lines) > 20


def _many(number: int, notify: str = "sales") -> str:
    return WHOLE + "".join(
        f'''
[[rule]]
name = "Rule {index}"
event = "{"checkout *" if index % 3 == 0 else f"event {index}"}"
if = "number(meta.amount) >= {index} and meta.currency in ['USD', 'EUR']"
once_per = "meta.order_id"
collect = "2m"
notify = ["{notify}"]
'''
        for index in range(number)
    )


def _calls(read: Callable[[], object]) -> int:
    """Count the functions that are called: the work of it, on however busy a machine."""
    calls = itertools.count()
    sys.setprofile(lambda frame, event, arg: next(calls) if event == "call" else None)
    try:
        read()
    finally:
        sys.setprofile(None)
    return next(calls)


@pytest.mark.parametrize("notify", ["sales", "nobody"])
def test_ten_times_the_rules_are_ten_times_the_work(notify: str) -> None:
    read = mistakes_in if notify == "nobody" else settings_of
    read(_many(1, notify))  # what is done once is done
    few, many = (_calls(lambda number=number: read(_many(number, notify))) for number in (50, 500))  # type: ignore[misc]
    assert many < 12 * few


def test_a_thousand_rules_are_read() -> None:
    assert len(settings_of(_many(1_000)).book.rules) == 1_001


def test_and_so_are_a_thousand_mistakes() -> None:
    lines = mistakes_in(_many(1_000, "nobody"))
    assert len(lines) == 1_000
    assert lines[-1].startswith('config.toml:8016: rule "Rule 999".notify: there is no channel "nobody"')


@pytest.mark.parametrize("to", ["#sales", "#ärger-2", "C0123456789", "G01234567", "D01234567"])
def test_slack_channels_have_names_or_ids(to: str) -> None:
    channel = settings_of(WHOLE.replace("#sales", to)).channels["sales"]
    assert channel.to == to


def test_the_page_about_configuration_quotes_what_is_really_said() -> None:
    page = (HERE.parent.parent / "docs" / "configuration.md").read_text()
    quoted = re.findall(r"^  config.toml:\d+: [^:]+: (.*)$", page, re.MULTILINE)
    said = "".join(path.read_text() for path in (HERE / "mistakes").glob("*.txt"))
    assert len(quoted) == 3
    for words in quoted:
        assert words in said
