"""Deletes, where an object that is gone already is no error: deleting twice is deleting."""

from bot.pirsch.errors import NotFound
from bot.pirsch.wire import Wire


def delete(wire: Wire, name: str, thing: str) -> bool:
    """Delete by id. Return False when there was nothing (any more) to delete."""
    try:
        wire.ask(name, (("id", thing),))
    except NotFound:
        return False
    return True
