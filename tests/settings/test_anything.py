"""Whatever the file says, it is Settings or BadSettings: nothing else ever happens."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import BadSettings, read, tables
from bot.settings.explain import keys_of
from bot.settings.source_tables import Site
from bot.settings.table import Table
from tests.settings.building import ENVIRON, HERE
from tests.settings.test_example import EVERYTHING

MODELS: tuple[type[Table], ...] = (
    *tables.TABLES.values(),
    tables.Keep,
    Site,
    tables.SlackChannel,
    tables.MailChannel,
    tables.Rule,
)
KEYS = sorted(
    {key for model in MODELS for key in keys_of(model)}
    | {"env", "file", "unknown", "'two words'", '"\\u0000"', '""'}
)
HEADERS = [
    *(f"[{name}]" for name in tables.TABLES),
    "[store.keep]",
    "[site.shop]",
    "[site]",
    "[[site]]",
    "[channel.sales]",
    '[channel.""]',
    "[[rule]]",
    "[rule]",
    "[[rule.notify]]",
    "[other]",
]
WORDS = [
    *("5", "-1", "1e400", "nan", "true", "0x" + "f" * 40, "9" * 25, "[]", "{}", "[[], {}]", "08:00:00"),
    *('"5m"', '"mail"', '"slack"', '"UTC"', '"#sales"', '"sales"', '"shop"', '"~/x"', '"~nobody/x"', '"/"'),
    *('"purchase"', '"["', '"meta.a > 5"', '"number(meta.a)"', '"a@example.com"', '"https://[::1"', '"tls"'),
    *(
        '["sales"]',
        '["a@example.com", 5]',
        '{ env = "SHOP_HOOK_TOKEN" }',
        '{ env = "\\u0000" }',
        "{ env = 5 }",
    ),
    *(
        '{ file = "\\u0000" }',
        '{ file = "mistakes" }',
        '"\\u0000"',
        '"\\U0010ffff"',
        '"\u2028"',
        '"' + "x" * 300 + '"',
    ),
    *("2026-11-14", "2026-11-14T08:00:00Z", '{ type = "slack" }', "{ type = [] }", '[{ name = "a" }]'),
]
STATEMENTS = st.one_of(
    st.sampled_from(HEADERS),
    st.builds("{} = {}".format, st.sampled_from(KEYS), st.sampled_from(WORDS)),
    st.builds("{}.{} = {}".format, st.sampled_from(KEYS), st.sampled_from(KEYS), st.sampled_from(WORDS)),
)


def _read(text: str) -> None:
    """Read it, as whatever it is; every mistake must be on a line that the text has."""
    try:
        read(text, ENVIRON, folder=HERE)
    except BadSettings as bad:
        _look_at(bad, text.count("\n") + 1)


def _look_at(bad: BadSettings, last_line: int) -> None:
    assert bad.mistakes
    for mistake in bad.mistakes:
        assert mistake.line is None or 1 <= mistake.line <= last_line
        assert "MARKER" not in str(mistake)
    assert all(line.isprintable() for line in "\n".join(bad.lines()).splitlines())


@given(st.lists(STATEMENTS, max_size=25))
def test_statements_in_any_order(statements: list[str]) -> None:
    _read("\n".join(statements))


@given(st.lists(st.builds("{} = {}".format, st.sampled_from(KEYS), st.sampled_from(WORDS)), max_size=6))
@pytest.mark.parametrize("header", [one for one in HEADERS if one != "[other]"])
def test_a_table_of_any_keys(header: str, keys: list[str]) -> None:
    _read("\n".join([header, *dict(zip([key.split(" = ")[0] for key in keys], keys, strict=True)).values()]))


@given(st.text())
def test_any_text(text: str) -> None:
    _read(text)


@given(st.data())
def test_the_example_with_a_hole_or_a_stain(data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(EVERYTHING)))
    end = min(len(EVERYTHING), begin + data.draw(st.integers(0, 40)))
    stain = data.draw(st.one_of(st.just(""), st.sampled_from(WORDS), st.text(max_size=5)))
    _read(EVERYTHING[:begin] + stain + EVERYTHING[end:])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a = " + "[" * 100_000, id="brackets without an end"),
        pytest.param("a = " + "[" * 20_000 + "]" * 20_000, id="brackets by the thousand"),
        pytest.param("a = " + "{a=" * 20_000 + "1" + "}" * 20_000, id="tables by the thousand"),
        pytest.param("a." * 2_000 + "a = 1", id="dots by the thousand"),
        pytest.param("a = " + "9" * 5_000, id="a number of thousands of digits"),
        pytest.param("port = 0x" + "f" * 5_000, id="a number in hexadecimal digits"),
        pytest.param("[mail]\nport = 0x" + "f" * 5_000, id="such a port"),
        pytest.param('a = "\x00"', id="NUL"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_nobody_would_write(text: str) -> None:
    _read(text)


def test_whatever_toml_takes_is_located(tmp_path: Path) -> None:
    """The locator must find its way through all that the parser takes, for the sake of its lines."""
    for text in (EVERYTHING, EVERYTHING.replace("\n", "\r\n")):
        assert tomllib.loads(text)
        with pytest.raises(BadSettings) as bad:
            read(f"{text}\nunknown = 1", ENVIRON, folder=tmp_path)
        assert bad.value.mistakes[-1].line == text.count("\n") + 2
