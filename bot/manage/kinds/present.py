"""What was just read, handed from a kind's reading to its writing: nothing that Pirsch told gets lost."""

from typing import TypeVar

from bot.manage.change import Thing

T = TypeVar("T")


def raw_of(thing: Thing, kind: type[T]) -> T:
    """Return the client's own value of a thing that a kind has read."""
    if not isinstance(thing.raw, kind):
        raise TypeError(f"{thing.kind} {thing.key!r} was not read from the account")
    return thing.raw
