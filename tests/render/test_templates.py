"""The owner's templates: they come first, may be wrong, and never keep a message back."""

from dataclasses import fields, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.facts import EventHeard, Example, Notice
from bot.render import Renderer, shipped
from bot.render.renderer import LONGEST_PLAIN
from bot.specimens.contents import NASTY, NOON
from bot.specimens.ordinary import PLAIN, notice
from bot.specimens.worst import NASTIES
from bot.writing.formats import Formats
from tests.render.limits import check_mail, check_slack

FORMATS = Formats(zone=ZoneInfo("Europe/Berlin"))
BIG = PLAIN["event"]


def renderer(folder: Path, name: str, text: str) -> Renderer:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return Renderer([folder], FORMATS)


def test_the_owners_file_stands_in_for_ours_and_only_that_one(tmp_path: Path) -> None:
    mine = renderer(tmp_path, "words/event.txt", "Ka-ching: {{ content.event.value | money('USD') }}\n")
    assert mine.slack(BIG).text == "Ka-ching: 249.00 US$."
    assert mine.mail(BIG).subject == "Ka-ching: 249.00 US$"
    assert mine.slack(PLAIN["test"]).text == "Test: pirsch-bot can reach you here."


def test_a_block_can_be_replaced_and_extended(tmp_path: Path) -> None:
    mine = renderer(
        tmp_path,
        "slack/event.md",
        '{% extends "slack/base.md" %}'
        "{% block title %}{{ super() }} & more{% endblock %}"
        "{% block body %}{{ content.event.meta.product }} <{{ notice.at }}>{% endblock %}",
    )
    words = mine.slack(
        notice(EventHeard(event=Example(name="a&b", received_at=NOON, meta={"product": "<b>"})))
    )
    assert words.broken is None
    header, body, _ = words.blocks
    assert header["text"] == {"type": "plain_text", "text": "a&amp;b on shop & more", "emoji": False}
    assert body["text"] == {"type": "mrkdwn", "text": "&lt;b&gt; <14 Nov 2026, 12:00 CET>", "verbatim": True}


@pytest.mark.parametrize("key", ["items", "keys", "values", "get", "pop", "update", "copy", "__class__x"])
def test_a_key_is_found_whatever_it_is_called(tmp_path: Path, key: str) -> None:
    mine = renderer(
        tmp_path,
        "words/event.txt",
        f"{{{{ content.event.meta.{key} }}}} {{{{ content.event.meta['{key}'] }}}}"
        "{% for key, value in content.event.meta | pairs %} {{ key }}={{ value }}{% endfor %}",
    )
    one = notice(EventHeard(event=Example(name="e", received_at=NOON, meta={key: "here"})))
    words = mine.slack(one)
    assert words.broken is None
    assert words.text == f"here here {key}=here."


BROKEN = [
    pytest.param("{% if %}", "line 1", id="syntax"),
    pytest.param("first\n\n{{ content.amount }}", "line 3: ", id="undefined"),
    pytest.param("{{ content.event.meta.shoe_size }}", "shoe_size", id="missing key"),
    pytest.param("{{ nonsense | nosuch }}", "nosuch", id="no such filter"),
    pytest.param('{% include "nowhere.txt" %}', "nowhere.txt", id="missing file"),
    pytest.param("{{ 1 // 0 }}", "ZeroDivisionError", id="exception"),
    pytest.param("{{ notice.at | when(1, 2, 3) }}", "TypeError", id="wrong call"),
    pytest.param('{% include "slack/event.md" %}', "RecursionError", id="endless"),
    pytest.param("no blocks at all", "does not extend slack/base.md", id="no blocks"),
    pytest.param(
        '{% extends "slack/base.md" %}{% block text %} {% endblock %}',
        "nothing in its block",
        id="empty text",
    ),
]


@pytest.mark.parametrize(("source", "why"), BROKEN)
def test_plain_words_stand_in_for_a_broken_slack_template(tmp_path: Path, source: str, why: str) -> None:
    words = renderer(tmp_path, "slack/event.md", source).slack(BIG)
    assert words.broken is not None
    assert why in words.broken
    assert words.text == "Big order on shop"
    assert "249.00" in words.alone
    assert "Lamp “Aurora”" in words.alone
    check_slack(words)


@pytest.mark.parametrize("part", ["subject.txt", "body.txt", "body.html"])
def test_only_the_broken_part_of_a_mail_is_replaced(tmp_path: Path, part: str) -> None:
    good = Renderer([], FORMATS).mail(BIG)
    words = renderer(tmp_path, f"mail/event/{part}", "{{ oh }}").mail(BIG)
    assert words.broken is not None
    assert part in words.broken
    assert "'oh' is undefined" in words.broken
    same = {
        "subject.txt": words.subject == good.subject,
        "body.txt": words.plain == good.plain,
        "body.html": words.html == good.html,
    }
    assert [name for name, unchanged in same.items() if not unchanged] == [part]
    assert "249.00" in words.plain
    assert "249.00" in words.html
    check_mail(words)


def test_a_page_that_is_too_large_is_replaced(tmp_path: Path) -> None:
    words = renderer(tmp_path, "mail/event/body.html", "<p>{{ 'long ' * 20000 }}</p>").mail(BIG)
    assert words.broken is not None
    assert "90000 bytes" in words.broken
    check_mail(words)


def test_a_text_that_is_too_long_says_less_of_its_sites_and_still_all_of_the_rest() -> None:
    plain = Renderer([], FORMATS).mail(NASTIES["digest"]).plain
    assert len(plain) < LONGEST_PLAIN
    assert "59 more sites: `pirsch-bot digest preview` shows them all" in plain
    assert "\nHeld back\n" in plain
    assert "\nThe next one comes " in plain


def test_a_subject_that_says_nothing_is_replaced(tmp_path: Path) -> None:
    words = renderer(tmp_path, "mail/event/subject.txt", " \n").mail(BIG)
    assert words.subject == "Big order on shop"
    assert words.broken == "mail/event/subject.txt says nothing"


def test_plain_words_escape_too(tmp_path: Path) -> None:
    one = notice(EventHeard(event=Example(name=NASTY, received_at=NOON, meta={NASTY: NASTY})), rule=NASTY)
    check_slack(renderer(tmp_path, "slack/event.md", "{{ oh }}").slack(one))
    check_mail(renderer(tmp_path, "mail/event/body.html", "{{ oh }}").mail(one))


def test_strangers_text_is_no_template() -> None:
    one = notice(EventHeard(event=Example(name="{{ notice.key }}", received_at=NOON)))
    assert Renderer([], FORMATS).slack(one).text == "{{ notice.key }} on shop."


def test_the_shipped_templates_are_there() -> None:
    assert (shipped() / "slack" / "base.md").is_file()


@pytest.mark.parametrize("one", [*PLAIN.values(), NASTIES["collected"]], ids=lambda one: one.kind)
def test_plain_words_tell_every_fact(tmp_path: Path, one: Notice) -> None:
    words = renderer(tmp_path, f"slack/{one.kind}.md", "{{ oh }}").slack(one)
    check_slack(words)
    mail = renderer(tmp_path, f"mail/{one.kind}/body.txt", "{{ oh }}").mail(one)
    check_mail(mail)
    labels = {line.split(":")[0].split(",")[0].split(" ")[0] for line in mail.plain.splitlines()}
    facts = {
        field.name.split("_")[0]
        for field in fields(one.content)
        if field.name != "kind" and getattr(one.content, field.name) not in (None, ())
    }
    assert facts <= labels


def test_each_site_has_its_own_way_of_writing(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    words = "{{ content.event.value | money('EUR') }}; {{ 1234.5 | number }}; {{ notice.at }}\n"
    (tmp_path / "words" / "event.txt").write_text(words, encoding="utf-8")
    german = Formats(zone=FORMATS.zone, locale="de")
    one = Renderer([tmp_path], FORMATS, {"blog": german})
    assert one.slack(BIG).text == "249.00 €; 1,234.50; 14 Nov 2026, 12:00 CET."
    blog = one.slack(replace(BIG, site="blog"))
    assert blog.text == "249,00 €; 1.234,50; 14. Nov. 2026, 12:00 CET."
    assert one.slack(replace(BIG, site=None)).text == one.slack(BIG).text
