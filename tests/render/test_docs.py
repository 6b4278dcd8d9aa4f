"""docs/templates.md names exactly what a template can use, and its examples do what it says."""

import re
from dataclasses import fields
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from bot.facts import Content, EventHeard, Example, Notice, Standing
from bot.render import Renderer, shipped
from bot.render.environments import environments, filters
from bot.specimens import digests
from bot.specimens.contents import EVENT, NOON
from bot.specimens.ordinary import notice
from bot.writing.formats import Formats

FORMATS = Formats(zone=ZoneInfo("Europe/Berlin"))
DOCS = (Path(__file__).parents[2] / "docs" / "templates.md").read_text(encoding="utf-8")
FILTERS = re.findall(r"^\| `(\w+)` \| `(.+)` \| (.+) \|$", DOCS, re.MULTILINE)
TRADED = notice(
    EventHeard(
        event=Example(name="purchase", received_at=NOON, meta={"amount": "249.00"}, value=Decimal(249)),
        duration=timedelta(seconds=150),
    )
)


def table(heading: str) -> set[str]:
    """Read the names in the first column of a section's table."""
    section = DOCS.split(f"\n### {heading}")[1].split("\n## ")[0].split("\n### ")[0]
    return set(re.findall(r"^\| `([\w.]+)` \|", section, re.MULTILINE))


@pytest.mark.parametrize("kind", get_args(Content), ids=lambda kind: kind.__name__)
def test_every_value_of_a_kind_is_documented(kind: type) -> None:
    names = {one.name: one for one in fields(kind)}
    assert table(f"{names.pop('kind').default}:") == {f"content.{name}" for name in names}


def test_every_value_of_a_notice_and_an_example_is_documented() -> None:
    assert table("notice\n") == {f"notice.{one.name}" for one in fields(Notice)} | {"notice.kind"}
    assert table("standing:") == {f"standing.{one.name}" for one in fields(Standing)}
    assert table("example:") == {f"example.{one.name}" for one in fields(Example)}


def test_every_filter_is_documented() -> None:
    assert {name for name, *_ in FILTERS} == set(filters(FORMATS))


@pytest.mark.parametrize(("name", "source", "result"), FILTERS, ids=[name for name, *_ in FILTERS])
def test_the_examples_of_the_filters_are_right(name: str, source: str, result: str) -> None:
    assert f"| {name}" in source.replace("\\|", "|")
    template = environments([], FORMATS).text.from_string(source.replace("\\|", "|"))
    values = {"figure": digests.DOWN.figures[0], "span": digests.WEEK}
    rendered = template.render(notice=TRADED, content=TRADED.content, **values)
    assert rendered.strip().replace("\xa0", " ") == result


def test_every_file_is_documented() -> None:
    named = set(re.findall(r"`((?:words|slack|mail)/[\w<>/]+\.\w+)`", DOCS.split("## Values")[0]))
    there = {path.relative_to(shipped()).as_posix() for path in shipped().rglob("*") if path.is_file()}
    ours = {path for path in there if path.startswith(("words/", "slack/", "mail/"))}
    kinds = "|".join(kind.__dataclass_fields__["kind"].default for kind in get_args(Content))
    assert {re.sub(rf"/({kinds})\b", "/<kind>", path) for path in ours} == named - {
        "words/event.txt",
        "slack/event.md",
    }


def test_the_templates_shown_work(tmp_path: Path) -> None:
    line, message = re.findall(r"```jinja\n(.*?)```", DOCS, re.DOTALL)
    for name, source in (("words/event.txt", line), ("slack/event.md", message)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(source, encoding="utf-8")
    words = Renderer([tmp_path], FORMATS).slack(notice(EVENT, rule="Big order"))
    assert words.broken is None
    assert words.text == "Lamp “Aurora” was sold for 249.00 €."
    assert words.blocks[1]["text"] == {
        "type": "mrkdwn",
        "text": "Sold at 12:00:00: *Lamp “Aurora”*",
        "verbatim": True,
    }
