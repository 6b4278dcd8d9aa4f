"""Slack's markup as HTML. Everything in it was written by strangers: what is not known is shown as text.

Syntax: docs.slack.dev/messaging/formatting-message-text. Slack decodes `&amp;`, `&lt;` and `&gt;` only.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from markupsafe import Markup, escape

EMOJI: Mapping[str, str] = {
    "bar_chart": "📊",
    "bell": "🔔",
    "bulb": "💡",
    "chart_with_downwards_trend": "📉",
    "chart_with_upwards_trend": "📈",
    "email": "✉️",
    "eyes": "👀",
    "fire": "🔥",
    "hourglass": "⌛",
    "information_source": "ℹ️",
    "large_green_circle": "🟢",
    "large_yellow_circle": "🟡",
    "link": "🔗",
    "mag": "🔍",
    "moneybag": "💰",
    "mute": "🔇",
    "package": "📦",
    "red_circle": "🔴",
    "rotating_light": "🚨",
    "shopping_trolley": "🛒",
    "speech_balloon": "💬",
    "tada": "🎉",
    "warning": "⚠️",
    "white_check_mark": "✅",
    "wrench": "🔧",
    "x": "❌",
}
_FENCE = re.compile(r"```\n?(.+?)\n?```", re.DOTALL)
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<angle>[^<>\n]+)>"
    r"|(?<!\w)\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?!\w)"
    r"|(?<!\w)_(?P<sloped>[^\s_](?:[^_\n]*[^\s_])?)_(?!\w)"
    r"|(?<!\w)~(?P<struck>[^\s~](?:[^~\n]*[^\s~])?)~(?!\w)"
    r"|:(?P<emoji>[a-z0-9_+-]{1,40}):"
)
_QUOTE = re.compile(r"(?:&gt;|>) ?(.*)")
_DATE = re.compile(r"!date\^(\d{1,20})\^([^^|]+)(?:\^([^|]+))?$")
_TAGS = {"bold": "b", "sloped": "i", "struck": "s"}
_COLOURS = {"good": "#2eb886", "warning": "#daa038", "danger": "#a30200"}
_HEX = re.compile(r"#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_SCHEMES = ("http://", "https://", "mailto:")
_ALL = frozenset({"channel", "here", "everyone"})
_DEEPEST = 6


def is_link(address: str) -> bool:
    """Whether an address leads to a page or a mail, and is nothing that runs."""
    return address.lower().startswith(_SCHEMES)


def colour(name: object) -> str:
    """Return the colour of an attachment's bar; grey for what is none."""
    text = str(name)
    if text in _COLOURS:
        return _COLOURS[text]
    return "#" + text.removeprefix("#") if _HEX.fullmatch(text) else "#ddd"


def decoded(text: str) -> str:
    """Give back the three characters that senders escape."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def plain(text: object) -> Markup:
    """Return text in which only emoji names are special."""
    words = re.sub(r":([a-z0-9_+-]{1,40}):", lambda found: EMOJI.get(found[1], found[0]), decoded(str(text)))
    return escape(visible(words))


def mrkdwn(text: object) -> Markup:
    """Return markup as HTML."""
    parts = _FENCE.split(visible(str(text)))
    html = [
        Markup("<pre>{}</pre>").format(decoded(part)) if index % 2 else _lines(part)
        for index, part in enumerate(parts)
    ]
    return Markup("").join(html)


def visible(text: str) -> str:
    """Replace what no page can carry: NUL, and halves of characters."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _lines(text: str) -> Markup:
    """Turn lines into quotes, points and line breaks."""
    html = Markup("")
    before = ""
    for line in text.split("\n"):
        quoted = _QUOTE.match(line)
        if quoted:
            kind, words = "blockquote", Markup("<blockquote>{}</blockquote>").format(_inline(quoted[1]))
        elif line.startswith("• "):
            kind, words = "point", Markup('<span class="point">• {}</span>').format(_inline(line[2:]))
        else:
            kind, words = "line", _inline(line)
        html += Markup("<br>") + words if before == kind == "line" else words
        before = kind
    return html


def _inline(text: str, depth: int = 0) -> Markup:
    html, end = [], 0
    for found in _INLINE.finditer(text):
        html += [escape(decoded(text[end : found.start()])), _token(found, depth)]
        end = found.end()
    return Markup("").join([*html, escape(decoded(text[end:]))])


def _token(found: re.Match[str], depth: int) -> Markup:
    kind, inner = str(found.lastgroup), found[str(found.lastgroup)]
    if kind == "code":
        return Markup("<code>{}</code>").format(decoded(inner))
    if kind == "emoji":
        return escape(EMOJI.get(inner, found[0]))
    if kind == "angle":
        return _angle(inner)
    if depth >= _DEEPEST:
        return escape(decoded(found[0]))
    tag = Markup(_TAGS[kind])  # noqa: S704 - one of three words above
    return Markup("<{0}>{1}</{0}>").format(tag, _inline(inner, depth + 1))


def _angle(inner: str) -> Markup:
    target, _, label = inner.partition("|")
    if date := _DATE.match(target):
        return _date(date, label)
    if target.startswith("!"):
        return _mention(label or "@" + target[1:].partition("^")[0], loud=target[1:] in _ALL)
    if target.startswith("@"):
        return _mention("@" + (label or target[1:]))
    if target.startswith("#"):
        return _mention("#" + (label or target[1:]))
    if is_link(decoded(target)):
        link = Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>')
        return link.format(decoded(target), decoded(label or target))
    return escape(decoded(f"<{inner}>"))


def _mention(name: str, *, loud: bool = False) -> Markup:
    return Markup('<span class="{}">{}</span>').format("mention loud" if loud else "mention", decoded(name))


# What each token of a <!date> means; browsers put it into the reader's own zone afterwards.
_DATE_WORDS: Mapping[str, Callable[[datetime], str]] = {
    "{date_num}": lambda at: f"{at:%Y-%m-%d}",
    "{date_short_pretty}": lambda at: f"{at:%b} {at.day}, {at:%Y}",
    "{date_short}": lambda at: f"{at:%b} {at.day}, {at:%Y}",
    "{date_pretty}": lambda at: f"{at:%B} {at.day}, {at:%Y}",
    "{date_long_pretty}": lambda at: f"{at:%A}, {at:%B} {at.day}, {at:%Y}",
    "{date_long}": lambda at: f"{at:%A}, {at:%B} {at.day}, {at:%Y}",
    "{date}": lambda at: f"{at:%B} {at.day}, {at:%Y}",
    "{time_secs}": lambda at: f"{at:%H:%M:%S}",
    "{time}": lambda at: f"{at:%H:%M}",
    "{ago}": lambda at: f"{at:%Y-%m-%d %H:%M}",
}


def _date(found: re.Match[str], fallback: str) -> Markup:
    try:
        at = datetime.fromtimestamp(int(found[1]), UTC)
    except (ValueError, OverflowError, OSError):
        return escape(decoded(fallback))
    words = found[2]
    for token, say in _DATE_WORDS.items():
        words = words.replace(token, say(at))
    time = Markup('<time datetime="{}" data-format="{}" title="{}">{}</time>')
    return time.format(at.isoformat(), found[2], decoded(fallback), decoded(words))
