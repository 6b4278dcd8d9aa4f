"""Log lines: one JSON object each, whatever is logged, and no secret in any."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import log
from bot.log import BLOT, Lines

TOKEN = "k7Qz-3mPq_81LxYv0aBcDeFg"
PASSWORD = 'p"ä\\s\n<s>%20'
URL = "postgresql://bot:wörd%2Fpass@db.example.com/bot"
SECRETS = [TOKEN, PASSWORD, URL, TOKEN + "-longer"]


class Unprintable:
    """A value that cannot even say what it is."""

    def __str__(self) -> str:
        raise RuntimeError("no")

    __repr__ = __str__


def line(message: object, *args: object, extra: dict[str, Any] | None = None, error: Any = None) -> str:
    logger = logging.getLogger("bot.test")
    record = logger.makeRecord(
        "bot.test",
        logging.ERROR,
        "x.py",
        1,
        message,
        args,
        (type(error), error, None) if error else None,
        extra=extra,
    )
    return Lines(SECRETS).format(record)


def read(text: str) -> dict[str, Any]:
    assert "\n" not in text
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_line_says_when_how_grave_who_and_what() -> None:
    found = read(line("event unreadable", extra={"event_id": 17, "why": "not JSON"}))
    assert found.pop("at").endswith("Z")
    assert found == {
        "level": "error",
        "logger": "bot.test",
        "event": "event unreadable",
        "event_id": 17,
        "why": "not JSON",
    }


def _wrapped(text: str) -> Exception:
    error = ValueError("outer")
    error.__cause__ = OSError(text)
    return error


@pytest.mark.parametrize("secret", SECRETS, ids=["token", "password", "url", "longer"])
@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda s: line(f"said {s} aloud"), id="message"),
        pytest.param(lambda s: line("said %s aloud", s), id="argument"),
        pytest.param(lambda s: line("said %r aloud", s), id="its repr"),
        pytest.param(lambda s: line(OSError(s)), id="an error as message"),
        pytest.param(lambda s: line("x", extra={"who": s}), id="extra"),
        pytest.param(lambda s: line("x", extra={s: 1}), id="the name of an extra"),
        pytest.param(lambda s: line("x", extra={"who": {"deep": [s, {s: s}]}}), id="deep in an extra"),
        pytest.param(lambda s: line("x", extra={"who": OSError(s)}), id="an error as extra"),
        pytest.param(lambda s: line("x", extra={"who": s.encode()}), id="bytes"),
        pytest.param(lambda s: line("x", error=OSError(s)), id="exception"),
        pytest.param(lambda s: line("x", error=_wrapped(s)), id="its cause"),
        pytest.param(lambda s: line("x", error=KeyError(s)), id="an exception that shows a repr"),
        pytest.param(lambda s: line("%d", s), id="arguments that do not fit"),
    ],
)
def test_no_secret_is_in_a_line(write: Any, secret: str) -> None:
    text = write(secret)
    read(text)
    shown = [text, text.encode().decode("unicode_escape", "replace"), json.dumps(json.loads(text))]
    written = [secret, repr(secret)[1:-1], repr(secret.encode())[2:-1], json.dumps(secret)[1:-1]]
    assert not [form for form in written for whole in shown if form in whole]


@pytest.mark.parametrize(
    "text",
    [
        "Error handling request /hooks/shop/{}",
        "Error handling request /hooks/shop/{}?x=1",
        "'POST /hooks/shop/{} HTTP/1.1'",
        'POST "http://bot.example.com/hooks/shop/{}"',
        "//hooks/shop/{}",
        "/hooks//{}",
        "/hooks/shop/{}/more/{}",
        "/hooks/" + "s" * 300 + "/{}",
        "/hooks/shop%2F{}",
        "/hooks%2Fshop%2F{}",
        "/HOOKS/shop/{}",
        "b'POST /hooks/shop/{}\\r\\n'",
    ],
)
def test_no_address_of_a_webhook_is_in_a_line_not_even_of_a_site_that_is_unknown(text: str) -> None:
    unknown = "neverHeardOf-this_token"
    for written in (
        line(text.format(*[unknown] * 2)),
        line("x", extra={"path": text.format(*[unknown] * 2)}),
    ):
        assert unknown not in written
        assert BLOT in written


def test_what_stands_around_an_address_stays() -> None:
    found = read(line("POST /hooks/shop/abc-def?x=1 from 10.0.0.1"))
    assert found["event"].startswith(f"POST /hooks/shop/{BLOT}")
    assert found["event"].endswith("from 10.0.0.1")


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.binary(max_size=9)
    | st.text(st.characters(), max_size=9)
    | st.builds(Unprintable)
    | st.builds(lambda: 10**5000)
    | st.sampled_from([object, ValueError("x"), {1, 2}]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(st.characters()) | st.integers() | st.tuples(st.integers()), inner, max_size=3
        )
    ),
)


@given(message=ANYTHING, args=st.lists(ANYTHING, max_size=2), extra=ANYTHING)
def test_whatever_is_logged_becomes_one_line_of_json_that_can_be_written(
    message: object, args: list[object], extra: object
) -> None:
    text = line(message, *args, extra={"given": extra})
    assert isinstance(read(text), dict)
    assert len(text.splitlines()) == 1
    text.encode()


def test_a_value_that_contains_itself_is_logged() -> None:
    circle: list[object] = []
    circle.append(circle)
    assert read(line("x", extra={"circle": circle}))["event"] == "x"


def test_an_extra_cannot_pose_as_the_line_itself() -> None:
    found = read(line("real", extra={"at": "never", "level": "calm", "logger": "nobody", "event": "forged"}))
    assert (found["level"], found["logger"], found["event"]) == ("error", "bot.test", "real")


def test_without_secrets_lines_are_the_same() -> None:
    record = logging.makeLogRecord({"msg": "x", "name": "n"})
    assert json.loads(Lines().format(record))["event"] == "x"


@pytest.fixture
def logging_as_found() -> Iterator[None]:
    """Put the handlers back."""
    loggers = [logging.getLogger(name) for name in (None, "gunicorn.error", "gunicorn.access", "apscheduler")]
    before = [(logger, logger.handlers[:], logger.level, logger.propagate) for logger in loggers]
    yield
    for logger, handlers, level, propagate in before:
        logger.handlers[:], logger.propagate = handlers, propagate
        logger.setLevel(level)


@pytest.mark.usefixtures("logging_as_found")
def test_one_form_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    logging.getLogger("gunicorn.error").addHandler(logging.StreamHandler(sys.stderr))
    for _ in range(2):  # a second call changes nothing
        log.set_up([TOKEN])
    logging.getLogger("gunicorn.error").warning(
        "Invalid request from ip=%s: %s", "::1", f"/hooks/shop/{TOKEN}"
    )
    logging.getLogger("bot.test").info("hello")
    logging.getLogger("apscheduler.executors").info("Running job")
    first, second = out.getvalue().splitlines()
    assert json.loads(first)["event"] == f"Invalid request from ip=::1: /hooks/shop/{BLOT}"
    assert json.loads(second)["event"] == "hello"


@pytest.mark.usefixtures("logging_as_found")
def test_commands_show_only_what_went_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    log.quiet([TOKEN])
    logging.getLogger("bot.test").warning("unimportant")
    logging.getLogger("bot.test").error("it broke at %s", TOKEN)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert json.loads(shown.err)["event"] == f"it broke at {BLOT}"
