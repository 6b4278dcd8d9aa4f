"""Bodies become events, or sentences that say why not: nothing that a stranger sends ends otherwise."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.db import Database
from bot.events import LONGEST_BODY, Kept, Unreadable, read
from bot.facts import Event, EventHeard, Notice
from bot.record import read_notice, write_notice
from bot.rules.examples import example as quoted
from tests.render.limits import check_mail, check_slack
from tests.render.test_anything import RENDERER
from tests.spine.making import hear, judges, rule, seen
from tests.stores.making import NOON


def kept(body: bytes, size: int | None = None) -> Kept:
    return Kept(id=7, site="shop", body=body, size=len(body) if size is None else size, received_at=NOON)


def heard(**data: Any) -> Event:
    return read(kept(json.dumps({"event_name": "purchase"} | data).encode()))


def why(body: bytes | str | dict[str, Any], size: int | None = None) -> str:
    if isinstance(body, dict):
        body = json.dumps(body)
    with pytest.raises(Unreadable) as caught:
        read(kept(body.encode(errors="surrogatepass") if isinstance(body, str) else body, size))
    return str(caught.value)


# ---------------------------------------------------------------- what is an event


def test_an_event_as_pirsch_documents_it() -> None:
    body = (
        b'{"event_name": "purchase", "event_duration": 42, "event_meta": {"amount": "199.99", "plan": "pro"}}'
    )
    assert read(kept(body)) == Event(
        id=7,
        site="shop",
        name="purchase",
        received_at=NOON,
        duration=timedelta(seconds=42),
        meta={"amount": "199.99", "plan": "pro"},
    )


@pytest.mark.parametrize("meta", [{}, None, "absent"])
def test_no_meta_may_be_written_in_three_ways(meta: object) -> None:
    data = {"event_name": "x"} | ({} if meta == "absent" else {"event_meta": meta})
    assert read(kept(json.dumps(data).encode())).meta == {}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("199,99", "199,99"),
        ("", ""),
        (5, "5"),
        (5.0, "5"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (True, "true"),
        (False, "false"),
        (1e21, "1e+21"),
        ([1, {"a": None}], '[1,{"a":null}]'),
        ({"ü": "‹›"}, '{"ü":"‹›"}'),
        (12345678901234567890, "12345678901234567890"),
    ],
)
def test_other_values_are_taken_as_text(written: object, text: str) -> None:
    """The documents promised scalars until 2025-12."""
    assert heard(event_meta={"key": written}).meta == {"key": text}


def test_null_is_as_absent() -> None:
    assert heard(event_meta={"a": None, "b": "x"}).meta == {"b": "x"}


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (0, 0),
        (90, 90),
        (1.9, 1),
        ("17", 17),
        (2**32 - 1, 2**32 - 1),
        (2**32, 0),
        (-1, 0),
        (True, 0),
        (None, 0),
        ("x", 0),
        ("nan", 0),
        ("1e400", 0),
        ([1], 0),
        ({}, 0),
        (10**300, 0),
    ],
)
def test_an_odd_duration_loses_no_event(written: object, seconds: int) -> None:
    assert heard(event_duration=written).duration == timedelta(seconds=seconds)


def test_a_number_beyond_all_floats_is_no_duration() -> None:
    assert read(kept(b'{"event_name": "x", "event_duration": 1e999}')).duration == timedelta(0)
    assert read(kept(b'{"event_name": "x", "event_duration": 1' + b"0" * 4000 + b"}")).duration == timedelta(
        0
    )


def test_json_is_utf_8() -> None:
    """RFC 8259, 8.1."""
    body = '{"event_name": "Käse 🧀"}'
    assert read(kept(body.encode())).name == "Käse 🧀"
    assert "utf-8" in why(body.encode("utf-16"))


def test_what_no_store_takes_is_replaced() -> None:
    event = read(
        kept(rb'{"event_name": " a\u0000b\ud800\u001b[31m ", "event_meta": {"k\u0000": "v\udfff\n\t"}}')
    )
    assert event.name == "a�b��[31m"
    assert event.meta == {"k�": "v�\n\t"}


def test_whole_surrogate_pairs_are_letters() -> None:
    assert read(kept(rb'{"event_name": "\ud83e\uddc0"}')).name == "🧀"


def test_of_two_equal_keys_the_last_counts() -> None:
    assert read(kept(b'{"event_name": "a", "event_name": "b"}')).name == "b"


def test_unknown_keys_are_no_harm() -> None:
    assert heard(event_id=17, visitor={"ip": "::1"}).name == "purchase"


@pytest.mark.parametrize(
    ("data", "fits"),
    [
        ({"event_name": "x" * 1_000}, True),
        ({"event_name": "x" * 1_001}, False),
        ({"event_name": "  " + "x" * 1_000 + "\n"}, True),
        ({"event_name": "x", "event_meta": {str(n): "" for n in range(100)}}, True),
        ({"event_name": "x", "event_meta": {str(n): "" for n in range(101)}}, False),
        ({"event_name": "x", "event_meta": {"k": "v" * 20_000}}, True),
        ({"event_name": "x", "event_meta": {"k": "v" * 20_001}}, False),
    ],
)
def test_the_bounds_are_far_beyond_what_pirsch_sends(data: dict[str, Any], fits: bool) -> None:
    if fits:
        assert read(kept(json.dumps(data).encode()))
    else:
        assert why(data)


def test_a_long_key_is_cut() -> None:
    assert list(heard(event_meta={"k" * 900: "v"}).meta) == ["k" * 500]


# ---------------------------------------------------------------- what is none


@pytest.mark.parametrize(
    ("body", "says"),
    [
        pytest.param("", "not JSON", id="nothing"),
        pytest.param("event_name=x", "not JSON", id="a form"),
        pytest.param("<xml/>", "not JSON", id="xml"),
        pytest.param(b"\xff\xfe\x00\xd8", "not JSON", id="broken utf-16"),
        pytest.param(b'{"event_name": "\xe4"}', "not JSON", id="latin-1"),
        pytest.param('{"event_name": "x"', "not JSON", id="broken off"),
        pytest.param('{"event_name": "x"} {}', "not JSON", id="two"),
        pytest.param('{"event_name": "x", "n": NaN}', "NaN is not a JSON value", id="NaN"),
        pytest.param('{"event_name": "x", "n": -Infinity}', "-Infinity is not a JSON value", id="infinity"),
        pytest.param('{"event_name": "x", "n": ' + "9" * 5_000 + "}", "not JSON", id="5,000 digits"),
        pytest.param("[" * 60_000, "nested too deeply", id="60,000 brackets"),
        pytest.param('{"a":' * 50_000, "nested too deeply", id="50,000 braces"),
        pytest.param("[" * 17 + "]" * 17, "not an object", id="17 lists"),
        pytest.param('{"event_name": "x", "d": ' + "[" * 16 + "]" * 16 + "}", "more than 16", id="17 levels"),
        pytest.param("[]", "not an object, but a list", id="a list"),
        pytest.param('"x"', "not an object, but a text", id="a text"),
        pytest.param("17", "not an object, but a number", id="a number"),
        pytest.param("true", "not an object, but true or false", id="true"),
        pytest.param("null", "not an object, but null", id="null"),
        pytest.param("{}", "there is no event_name", id="an empty object"),
        pytest.param({"event_name": None}, "event_name is not a text, but null", id="no name"),
        pytest.param({"event_name": ["x"]}, "event_name is not a text, but a list", id="names"),
        pytest.param({"event_name": {}}, "event_name is not a text", id="an object for a name"),
        pytest.param({"event_name": " \n\t"}, "event_name is empty", id="a blank name"),
        pytest.param(
            {"event_name": "x", "event_meta": []}, "event_meta is not an object", id="meta is a list"
        ),
        pytest.param(
            {"event_name": "x", "event_meta": "{}"}, "event_meta is not an object", id="meta is text"
        ),
    ],
)
def test_whatever_is_no_event_says_why(body: bytes | str | dict[str, Any], says: str) -> None:
    assert says in why(body)


def test_sixteen_levels_are_an_event() -> None:
    assert read(kept(('{"event_name": "x", "d": ' + "[" * 15 + "]" * 15 + "}").encode())).name == "x"


@pytest.mark.parametrize(
    ("size", "fits"), [(LONGEST_BODY, True), (LONGEST_BODY + 1, False), (10_000_000, False)]
)
def test_a_body_that_was_cut_is_no_event_even_if_its_beginning_is(size: int, fits: bool) -> None:
    body = b'{"event_name": "x"}'
    if fits:
        assert read(kept(body, size)).name == "x"
    else:
        assert why(body, size) == f"longer than 256 KiB ({size:,} bytes); only the beginning is kept"


# ---------------------------------------------------------------- anything at all

TEXT = st.text(st.characters(), max_size=20) | st.sampled_from(["\x00", "\ud800", "\u202e", "🧀", "1e999"])
SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
JSON = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4)
)
EVENTLIKE = st.fixed_dictionaries(
    {"event_name": TEXT | JSON},
    optional={
        "event_duration": JSON,
        "event_meta": st.dictionaries(TEXT, JSON, max_size=6) | JSON,
        "x": JSON,
    },
)
BODY = (
    st.binary(max_size=200)
    | JSON.map(lambda data: json.dumps(data).encode())
    | EVENTLIKE.map(lambda data: json.dumps(data).encode())
    | EVENTLIKE.map(lambda data: json.dumps(data, ensure_ascii=False).encode(errors="surrogatepass"))
)


def _event_or_reason(body: bytes) -> Event | str:
    try:
        return read(kept(body))
    except Unreadable as problem:
        return str(problem)


@settings(max_examples=400)
@given(body=BODY)
@example(body=b"[" * 100_000)
@example(body=b'{"event_name": "' + b"\\ud800" * 100 + b'"}')
def test_any_bytes_are_an_event_or_have_a_reason(body: bytes) -> None:
    came = _event_or_reason(body)
    texts = [came.name, *came.meta, *came.meta.values()] if isinstance(came, Event) else [came]
    for text in texts:
        text.encode()  # no half letters
        assert "\x00" not in text
    if isinstance(came, str):
        assert came == came.strip() != ""
        assert len(came) < 300
        assert came.isprintable()


@settings(max_examples=60)
@given(body=EVENTLIKE.map(lambda data: json.dumps(data).encode()))
def test_any_event_can_be_kept_as_a_notice_and_put_into_words(body: bytes) -> None:
    event = _event_or_reason(body)
    if isinstance(event, str):
        return
    content = EventHeard(event=quoted(rule(), event), duration=event.duration)
    notice = Notice(key=f"shop/r/{event.id}", content=content, at=NOON, site="shop", rule="r")
    assert read_notice(write_notice(notice)) == notice
    check_slack(RENDERER.slack(notice))
    check_mail(RENDERER.mail(notice))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bodies=st.lists(BODY, max_size=4))
def test_any_bytes_go_through_the_store(database: Database, bodies: list[bytes]) -> None:
    """Every kind of rule hears them; what each event came to is written down and can be read again."""
    everything = judges(
        rule("Each", event="*"),
        rule("Many", event="*", collect=timedelta(seconds=1)),
        rule("Often", event="*", at_least=2, within=timedelta(days=1)),
        rule("Silence", event="*", none_within=timedelta(days=1)),
    )
    before = len(seen(database))
    assert hear(database, everything, *bodies).taken == len(bodies)
    for body, event in zip(bodies, seen(database)[before:], strict=True):
        assert event.body == body
        came = _event_or_reason(body)
        if isinstance(came, Event):
            assert (event.name, len(event.verdicts)) == (came.name, 4)
        else:
            assert (event.state, event.outcome) == ("quarantined", came)
