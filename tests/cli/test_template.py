"""template list and preview: what messages are made of, by the owner's files where there are some."""

import re
from pathlib import Path

import pytest

from bot.cli.template import KINDS, THINGS, files, values
from bot.render.environments import CUT_HERE
from bot.specimens.ordinary import PLAIN
from bot.specimens.worst import NASTIES
from tests.cli.conftest import CONFIG, Place

OURS = CONFIG.replace("[bot]", '[bot]\ntemplates = "ours"', 1)


@pytest.fixture
def own(bare: Place) -> Place:
    """A config with a folder of templates."""
    (bare.folder / "ours").mkdir()
    bare.write(OURS)
    return bare


def write(place: Place, name: str, words: str) -> Path:
    path = place.folder / "ours" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words, encoding="utf-8")
    return path


def test_every_kind_is_listed_with_its_previews(place: Place) -> None:
    listed = "\n".join(place.lines("template", "list"))
    for kind in KINDS:
        assert re.search(rf"^{kind} ", listed, re.MULTILINE)
    assert "frequency, frequency-over" in listed


def test_every_kind_has_an_ordinary_and_a_worst_case() -> None:
    assert {one.kind for one in PLAIN.values()} == set(KINDS)
    assert set(KINDS) <= set(PLAIN)
    assert set(KINDS) == set(NASTIES)


@pytest.mark.parametrize("kind", THINGS)
def test_every_value_has_its_type(kind: str) -> None:
    for name, type_, about in values(kind):
        assert re.fullmatch(r"(content|notice|standing|example)\.\w+", name)
        assert type_
        assert about


def test_a_kind_lists_its_values_and_whose_its_files_are(own: Place) -> None:
    path = write(own, "words/event.txt", "Ka-ching\n")
    lines = own.lines("template", "list", "event")
    assert any(
        re.match(r"content\.duration +timedelta +the duration that came with it", line) for line in lines
    )
    assert any(re.match(rf"words/event\.txt +yours: {re.escape(str(path))}", line) for line in lines)
    assert any(re.match(r"slack/event\.md +the bot", line) for line in lines)
    assert set(files("event")) == {
        "words/event.txt",
        "slack/event.md",
        "mail/event/subject.txt",
        "mail/event/body.txt",
        "mail/event/body.html",
    }


@pytest.mark.parametrize("target", ["slack", "mail", "plain"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_shown_and_nothing_in_it_reaches_the_terminal(
    place: Place, kind: str, target: str
) -> None:
    for more in ((), ("--worst-case",)):
        shown = "\n".join(place.lines("template", "preview", kind, "--target", target, *more))
        assert shown.strip()
        assert not set(shown) & {"\x1b", "\x00", "\u202e", str(CUT_HERE)}


def test_the_owners_words_are_shown_and_only_theirs(own: Place) -> None:
    before = own.lines("template", "preview", "event", "--target", "mail")
    write(own, "words/event.txt", "Ka-ching: {{ content.event.value | money('EUR') }}\n")
    lines = own.lines("template", "preview", "event", "--target", "mail")
    assert lines[0] == "Subject: Ka-ching: 249.00 €"
    assert lines[0] != before[0]
    assert own.lines("template", "preview", "event")[0] == "Notification: Ka-ching: 249.00 €."
    assert "Ka-ching" not in "".join(own.lines("template", "preview", "test"))


def test_a_broken_template_is_named_with_its_line_and_plain_words_are_shown(own: Place) -> None:
    write(own, "slack/event.md", '{% extends "slack/base.md" %}\n{% block body %}\n{{ content.nobody }}\n')
    result = own.run("template", "preview", "event")
    assert result.exit_code == 1
    assert "slack/event.md" in result.stderr
    assert "Big order" in result.output


def test_unknown_kinds_are_refused_with_a_hint(place: Place) -> None:
    result = place.run("template", "preview", "evnt")
    assert result.exit_code == 2
    assert "did you mean" in result.stderr
    assert place.run("template", "list", "nothing").exit_code == 2
    assert place.run("template", "preview", "event", "--open", "--target", "slack").exit_code == 2


def test_the_mail_opens_with_its_pictures_in_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    place.lines("template", "preview", "measured", "--open")
    (address,) = opened
    page = Path(address.removeprefix("file://"))
    assert "data:image/png;base64," in page.read_text(encoding="utf-8")
    assert "cid:" not in page.read_text(encoding="utf-8")
    page.unlink()
