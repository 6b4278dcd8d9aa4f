"""Facts as the store keeps them: JSON, with `read_notice(write_notice(x)) == x`."""

from pydantic import TypeAdapter

from bot.facts import Content, Notice

_NOTICE = TypeAdapter(Notice)
_CONTENT: TypeAdapter[Content] = TypeAdapter(Content)


def write_notice(notice: Notice) -> str:
    """Return a notice as JSON."""
    return _NOTICE.dump_json(notice).decode()


def read_notice(text: str) -> Notice:
    """Read a notice. Raises ValueError when the text is none, such as one of a newer program."""
    return _NOTICE.validate_json(text)


def write_content(content: Content) -> str:
    """Return what a notice says as JSON."""
    return _CONTENT.dump_json(content).decode()


def read_content(text: str) -> Content:
    """Read what a notice says. Raises ValueError when the text is none."""
    return _CONTENT.validate_json(text)
