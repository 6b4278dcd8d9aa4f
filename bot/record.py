"""Facts as the store keeps them: JSON, with `read_notice(write_notice(x)) == x`.

Versions of the program share a store while one replaces the other: what cannot be read was written by a
newer one, and is still there for it.
"""

import re
from datetime import UTC, datetime

from pydantic import TypeAdapter

from bot.facts import Content, Notice, Trouble

_NOTICE = TypeAdapter(Notice)
_CONTENT: TypeAdapter[Content] = TypeAdapter(Content)
_SEALED = Trouble(
    what="This version of the bot cannot read it",
    why="A newer version wrote it.",
    remedy="Deploy the newer version again.",
)


def write_notice(notice: Notice) -> str:
    """Return a notice as JSON."""
    return _NOTICE.dump_json(notice).decode()


def read_notice(text: str) -> Notice:
    """Read a notice. Raises ValueError when the text is none, such as one of a newer program."""
    return _NOTICE.validate_json(text)


def show_notice(text: str) -> Notice:
    """Read a notice for a list; one that cannot be read says so itself."""
    try:
        return read_notice(text)
    except ValueError:
        return Notice(key="bot/cannot-be-read", content=_SEALED, at=datetime.fromtimestamp(0, UTC))


def write_content(content: Content) -> str:
    """Return what a notice says as JSON."""
    return _CONTENT.dump_json(content).decode()


def show_content(text: str) -> Content:
    """Read what a notice says for a list; what cannot be read says so itself."""
    try:
        return _CONTENT.validate_json(text)
    except ValueError:
        return _SEALED


# NUL cannot be stored by PostgreSQL, lone surrogates cannot be written as UTF-8, and the rest of the control
# characters (but tab and line breaks) have no business in a name or a value.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean(text: str) -> str:
    """Replace what cannot be stored or shown by the replacement character."""
    return _UNWANTED.sub("�", text)
