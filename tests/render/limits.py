"""What Slack and mail programs take: the judges of the tests. Numbers: docs.slack.dev/reference/block-kit."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block as SlackBlock

from bot.render import MailWords, SlackWords

ENTITY = re.compile(r"&(?!amp;|lt;|gt;)")


def texts(value: Any) -> Iterator[Mapping[str, Any]]:
    """Find every text object in blocks."""
    if isinstance(value, Mapping):
        if value.get("type") in {"mrkdwn", "plain_text"}:
            yield value
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from texts(inner)


# A link to a page of the bot itself, as it stands in Slack and in a mail. Nothing else may be one.
OUR_LINK = re.compile(
    r"<https://bot\.example\.com/[\w./~-]+\|[^<>|]+>"
    r"|<a href=\"https://bot\.example\.com/[\w./~-]+\"[^<>]*>[^<>]+</a>"
)


def check_shown(text: str, breaks: str = "\n") -> None:
    """Nothing invisible or turned round, and nothing that no encoding takes."""
    text.encode()
    odd = {c for c in text if unicodedata.category(c) in {"Cc", "Cs"} and c not in breaks}
    assert not odd, odd
    assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def check_slack(words: SlackWords) -> None:
    """Hold a Slack message against Slack's limits."""
    assert words.text.strip()
    assert "\n" not in words.text
    assert len(words.text) <= 4_000
    assert len(words.alone) <= 4_000
    assert len(words.blocks) <= 50
    assert sum(len(found["text"]) for found in texts(words.blocks)) <= 12_000
    for text in (words.text, words.alone, *(found["text"] for found in texts([words.blocks, words.reply]))):
        check_shown(text, "\n\t")
        assert text
        bare = OUR_LINK.sub("", text)
        assert "<" not in bare
        assert ">" not in bare
        assert not ENTITY.search(text)
    shown = (*words.blocks, *words.reply)
    for block in shown:
        _check_block(block)
    for parsed in SlackBlock.parse_all(json.loads(json.dumps(shown))):
        parsed.validate_json()


def _check_block(block: Mapping[str, Any]) -> None:
    match block:
        case {"type": "header", "text": {"type": "plain_text", "text": text}}:
            assert 0 < len(text) <= 150
        case {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}:
            assert 0 < len(text) <= 3_000
        case {"type": "section", "fields": fields}:
            assert 0 < len(fields) <= 10
            assert all(0 < len(one["text"]) <= 2_000 and one["verbatim"] for one in fields)
        case {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}:
            assert 0 < len(text) <= 3_000
        case _:
            raise AssertionError(block)


def check_mail(words: MailWords) -> None:
    """Hold a mail against what mail programs take."""
    assert words.subject.strip()
    assert len(words.subject) <= 150
    check_shown(words.subject, "")
    check_shown(words.plain, "\n\t")
    check_shown(words.html, "\n\t")
    assert words.plain.strip()
    assert len(words.html.encode()) < 90_000
    assert "<script" not in words.html
    # Nothing from elsewhere: no style sheet, font or link, and no picture but those that come along.
    bare = OUR_LINK.sub("", words.html)
    assert not re.search(r"<(link|script|iframe|a)\b|@import|url\(", bare)
    assert all(image.startswith("cid:") for image in re.findall(r"<img\b[^>]*\bsrc=\"([^\"]*)", words.html))
