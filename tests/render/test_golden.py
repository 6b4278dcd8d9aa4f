"""Every message as people will read it. BOT_GOLDEN=write rewrites the files; the diff is the review."""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from bot.facts import Content, Notice
from bot.render import MailWords, Renderer, SlackWords, shipped
from bot.specimens.ordinary import PLAIN
from bot.specimens.worst import NASTIES
from bot.writing.formats import Formats
from tests.render.limits import check_mail, check_slack

GOLDEN = Path(__file__).parent / "golden"
RENDERER = Renderer([], Formats(zone=ZoneInfo("Europe/Berlin")))
KINDS = {kind.__dataclass_fields__["kind"].default for kind in get_args(Content)}


def cases() -> Iterator[tuple[str, Notice, timedelta | None, str | None]]:
    for name, one in PLAIN.items():
        yield name, one, None, None
    for name, one in NASTIES.items():
        yield f"{name}.nasty", one, None, None
    yield "test.late", PLAIN["test"], timedelta(hours=3, minutes=12), None
    yield "test.diverted", PLAIN["test"], timedelta(hours=3, minutes=12), "sales"


def compare(path: Path, words: str) -> None:
    if os.environ.get("BOT_GOLDEN") == "write":
        path.write_text(words, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == words


@pytest.mark.parametrize(
    ("name", "notice", "late", "meant_for"), [pytest.param(*case, id=case[0]) for case in cases()]
)
def test_slack_reads_as_agreed(
    name: str, notice: Notice, late: timedelta | None, meant_for: str | None
) -> None:
    words = RENDERER.slack(notice, late, meant_for)
    assert words.broken is None
    check_slack(words)
    compare(GOLDEN / f"{name}.slack.json", _slack_text(words))


@pytest.mark.parametrize(
    ("name", "notice", "late", "meant_for"), [pytest.param(*case, id=case[0]) for case in cases()]
)
def test_mail_reads_as_agreed(
    name: str, notice: Notice, late: timedelta | None, meant_for: str | None
) -> None:
    words = RENDERER.mail(notice, late, meant_for)
    assert words.broken is None
    check_mail(words)
    compare(GOLDEN / f"{name}.mail.txt", _mail_text(words))
    compare(GOLDEN / f"{name}.mail.html", words.html)


def _slack_text(words: SlackWords) -> str:
    whole = {"text": words.text, "blocks": words.blocks, "alone": words.alone, "reply": words.reply}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _mail_text(words: MailWords) -> str:
    return f"Subject: {words.subject}\n\n{words.plain}"


def test_every_kind_has_its_templates_and_every_template_its_kind() -> None:
    folder = shipped()
    wanted = {f"slack/{kind}.md" for kind in KINDS} | {f"words/{kind}.txt" for kind in KINDS}
    wanted |= {f"mail/{kind}/{part}" for kind in KINDS for part in ("subject.txt", "body.txt", "body.html")}
    shared = {
        "slack/base.md",
        "mail/base.txt",
        "mail/base.html",
        "mail/parts.html",
        "words/digest_said.txt",
        "words/explained.txt",
        *(
            f"words/{name}.txt"
            for name in (
                "headline",
                "site",
                "state",
                "standing",
                "why",
                "reason",
                "way",
                "meta",
                "losses_why",
                "turn",
            )
        ),
    }
    there = {
        path.relative_to(folder).as_posix()
        for target in ("slack", "mail", "words")
        for path in (folder / target).rglob("*")
        if path.is_file()
    }
    assert there == wanted | shared


def test_every_kind_is_shown_plain_and_nasty() -> None:
    assert {notice.kind for notice in PLAIN.values()} == KINDS
    assert {notice.kind for notice in NASTIES.values()} == KINDS


def test_no_golden_file_is_left_over() -> None:
    wanted = {f"{name}.{end}" for name, *_ in cases() for end in ("slack.json", "mail.txt", "mail.html")}
    assert {path.name for path in GOLDEN.iterdir()} == wanted
