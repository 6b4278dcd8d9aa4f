"""The line of everything in a TOML text, whatever is written around it."""

import tomllib
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings.locate import Path, line_of, locate

NOISE = st.sampled_from(["", "   ", "# a = 1", '# """', "# [table]", "\t# '''", "#[["])
KEYS = st.sampled_from(["a", "b", "c-d", "'a.b'", '"[x]"', '"# no"', '"it\'s"', "5"])
VALUES = st.sampled_from(
    [
        "1",
        '"a # b"',
        '"\\"[" # a comment with "',
        "'\\'",
        '""',
        "''",
        '"""one line"""',
        '"""\n[a]\nb = 1\n# c\n"""',
        '"""\\\n  a \\" \\""" b"""""',
        "'''\n'a' = ''1''\n'''",
        "'''a'''''",
        "[1, 2]",
        '[\n  "]", # ]\n\n  [3],\n]',
        '{ x = "}", y = [1] }',
        "2026-11-14T08:00:00Z",
    ]
)


@dataclass
class Written:
    """A text, and the line of each statement in it."""

    text: str = ""
    lines: dict[Path, int] = field(default_factory=dict)

    def write(self, statement: str, path: Path) -> None:
        self.lines[path] = self.text.count("\n") + 1
        self.text += f"{statement}\n"


@st.composite
def texts(draw: st.DrawFn) -> Written:
    written = Written()
    for number in range(draw(st.integers(0, 4))):
        is_array = draw(st.booleans())
        header: Path = ("many", number) if is_array else (f"table{number}", "inner")
        names = "many" if is_array else f"table{number}.inner"
        blank = draw(st.sampled_from(["", "  "]))
        if is_array and ("many", number - 1) not in written.lines and number:
            header = ("many", sum(1 for path in written.lines if path[0] == "many" and len(path) == 2))
        written.write(f"{blank}[[{names}]] # [x]" if is_array else f"{blank}[ {names} ]", header)
        for key in draw(st.lists(KEYS, unique=True, max_size=4)):
            written.text += "".join(f"{noise}\n" for noise in draw(st.lists(NOISE, max_size=2)))
            path = (*header, next(iter(tomllib.loads(f"{key} = 1"))))
            written.write(f"{blank}{key} = {draw(VALUES)}", path)
    return written


@given(texts(), st.sampled_from(["\n", "\r\n"]))
def test_every_key_has_the_line_on_which_it_was_written(written: Written, ending: str) -> None:
    text = written.text.replace("\n", ending)
    tomllib.loads(text)
    places = locate(text)
    assert {path: places.get(path) for path in written.lines} == written.lines


def test_the_end_of_a_line_is_what_toml_says() -> None:
    # Other signs that Unicode counts as line ends may stand in a text, and count as nothing.
    assert locate('a = "\u2028\x85"\nb = 1') == {("a",): 1, ("b",): 2}


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        pytest.param("\n[store]\nkeep.events = 5", ("store", "keep", "events"), 3, id="dotted"),
        pytest.param("a = { b = { c = 1 } }", ("a", "b", "c"), 1, id="inline"),
        pytest.param("\n[store.keep]", ("store",), 2, id="a header names its tables, too"),
        pytest.param(
            "[[a]]\n[[a.b]]\n[[a]]\n[[a.b]]\nc = 1", ("a", 1, "b", 0, "c"), 5, id="arrays of arrays"
        ),
        pytest.param("[[a]]\n[[a]]\n[a.b]\nc = 1", ("a", 1, "b", "c"), 4, id="a table in an array"),
        pytest.param("[a]\n\nb = [\n1,\n2]", ("a", "b", 1), 3, id="in a list: where the list begins"),
        pytest.param("[a]\nb = 1", ("a", "missing"), 1, id="missing: the table around it"),
        pytest.param("[a]\nb = 1", ("c",), None, id="nothing around it"),
    ],
)
def test_places(text: str, path: Path, line: int | None) -> None:
    assert line_of(locate(text), path) == line
