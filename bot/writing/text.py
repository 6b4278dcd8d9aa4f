"""Strangers' text made fit to be shown: nothing invisible, nothing that turns the line around, not too long.

Escaping is not done here: it belongs to the target.
"""

import re

ELLIPSIS = "…"
LONGEST_LINE = 1_000
"""Of a longer text, one line is made of its beginning: strangers send any size, and cleaning costs time."""

# C0 and C1 controls but not tab and line feed; lone surrogates, which no encoding takes; the marks that
# override or isolate the direction of text ("Trojan Source", Unicode TR 36); annotation anchors; BOM.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufeff]"
)
_BREAKS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_BROKEN_ENTITY = re.compile(r"&[a-z]{0,4}\Z")


def clean(text: str) -> str:
    """Leave out what cannot or must not be shown; lines end in a line feed."""
    if text.isprintable():
        return text
    return _UNSHOWABLE.sub("", _BREAKS.sub("\n", text))


def oneline(value: object) -> str:
    """Make one line of it: every run of white space is one blank; what is too long ends in an ellipsis."""
    text = str(value)
    line = " ".join(clean(text[:LONGEST_LINE]).split())
    return line if len(text) <= LONGEST_LINE else line + ELLIPSIS


def cut(value: object, longest: int = 200) -> str:
    """Keep at most `longest` characters; an ellipsis, counted in, shows that something is missing."""
    text = str(value)
    return text if len(text) <= longest else text[: longest - 1].rstrip() + ELLIPSIS


def cut_escaped(text: str, longest: int) -> str:
    """Cut text in which `&amp;`, `&lt;` and `&gt;` stand for one character, and leave none of them half."""
    if len(text) <= longest:
        return text
    return _BROKEN_ENTITY.sub("", text[: longest - 1]).rstrip() + ELLIPSIS


def slack_escape(text: str) -> str:
    """Escape what Slack reads as control characters, and nothing else.

    Source: docs.slack.dev/messaging/formatting-message-text, "Escaping text". Quotes stay: Slack would
    show `&#39;` as it is.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
