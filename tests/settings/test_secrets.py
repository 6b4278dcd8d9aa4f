"""A secret is in no word that anybody could read: not in a repr, not in an error, not in a trace."""

import copy
import logging
import pickle
import traceback
from pathlib import Path

import pytest

from bot import log
from bot.settings import BadSettings, Secret, Settings, read
from bot.settings.secret import LONGEST_FILE, resolve
from tests.settings.building import ENVIRON, HERE, SECRETS, settings_of

EVERY_SECRET = """
[slack]
token = { env = "SLACK_BOT_TOKEN" }

[mail]
host = "smtp.example.com"
sender = "bot@example.com"
username = "bot"
password = { env = "SMTP_PASSWORD" }

[pirsch]
client_id = { env = "PIRSCH_CLIENT_ID" }
client_secret = { env = "PIRSCH_CLIENT_SECRET" }

[site.shop]
domain = "shop.example.com"
hook_token = { env = "SHOP_HOOK_TOKEN" }
hook_token_old = { env = "DOCS_HOOK_TOKEN" }

[channel.sales]
type = "slack"
hook = { env = "SLACK_HOOK_URL" }
"""
URL = "postgres://bot:DATABASE-MARKER@db.example.com/bot"
MEANT = {*SECRETS} - {"SLACK_APP_TOKEN", "SHORT", "SIGNS", "LONG", "WORDS", "TWO_WORDS"}


@pytest.fixture
def settings() -> Settings:
    return settings_of(EVERY_SECRET, ENVIRON | {"DATABASE_URL": URL})


def test_every_secret_is_known_to_the_log(settings: Settings) -> None:
    assert set(settings.secrets()) == {SECRETS[name] for name in MEANT} | {URL, "DATABASE-MARKER"}


def test_no_secret_is_in_the_words_about_settings(settings: Settings) -> None:
    words = [repr(settings), str(settings), f"{settings}", f"{settings.slack!r} {settings.database_url}"]
    words += [repr(one) for one in (settings.mail, settings.sites, settings.channels, settings.pirsch)]
    words.append(str(settings.slack.model_dump() if settings.slack else ""))
    assert "MARKER" not in "".join(words)


def test_a_secret_says_where_it_comes_from(settings: Settings) -> None:
    token = settings.sites["shop"].hook_token
    assert token is not None
    assert token.name == "$SHOP_HOOK_TOKEN"
    assert settings.database_url.name == "$DATABASE_URL"


def test_no_secret_is_in_the_log(settings: Settings) -> None:
    record = logging.makeLogRecord({"msg": "it was %s", "args": (settings,), "all": list(settings.secrets())})
    assert "MARKER" not in log.Lines(settings.secrets()).format(record)


@pytest.mark.parametrize("name", sorted(MEANT))
def test_no_secret_is_in_an_error(name: str) -> None:
    """Each secret once where no secret belongs, and the trace with everything that is chained to it."""
    text = EVERY_SECRET.replace(f'{{ env = "{name}" }}', f'"{SECRETS[name]}"')
    assert text != EVERY_SECRET
    with pytest.raises(BadSettings) as bad:
        read(text, ENVIRON, folder=HERE)
    words = "".join(traceback.format_exception(bad.value)) + "\n".join(bad.value.lines())
    assert "MARKER" not in words
    assert bad.value.__cause__ is None
    assert bad.value.__context__ is None


@pytest.mark.parametrize("how", ["env", "file"])
def test_a_secret_in_place_of_its_name_is_not_repeated(how: str) -> None:
    for name in sorted(MEANT):
        with pytest.raises(ValueError, match="named here") as error:
            resolve({how: SECRETS[name]}, {}, HERE)
        assert "MARKER" not in str(error.value)


def test_a_secret_is_written_nowhere() -> None:
    secret = Secret("MARKER")
    for write in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="a secret is not written anywhere"):
            write(secret)


def test_secrets_are_compared_by_value() -> None:
    assert Secret("a") == Secret("a", "$A")
    assert Secret("a") != Secret("b")
    assert Secret("\udcff") == Secret("\udcff")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2


def test_blanks_around_a_secret_are_none_of_it(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("\ufeffin a file\r\n")
    assert resolve({"env": "A"}, {"A": " a \n"}, tmp_path).reveal() == "a"
    assert resolve({"file": "token"}, {}, tmp_path).reveal() == "in a file"
    assert resolve({"file": str(tmp_path / "token")}, {}, Path("elsewhere")).reveal() == "in a file"


def test_a_file_without_an_end_is_read_to_a_limit(tmp_path: Path) -> None:
    (tmp_path / "long").write_text("x" * (LONGEST_FILE + 1))
    assert len(resolve({"file": "long"}, {}, tmp_path).reveal()) == LONGEST_FILE


@pytest.mark.parametrize(
    ("value", "words"),
    [
        pytest.param("a\nb", "line break", id="a line break inside"),
        pytest.param("a\x9bb", "control character", id="a sign that terminals obey"),
        pytest.param("a\udcffb", "not UTF-8", id="bytes that are no text"),
    ],
)
def test_a_secret_that_was_not_copied_whole(value: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as error:
        resolve({"env": "A"}, {"A": value}, HERE)
    assert value not in str(error.value)
