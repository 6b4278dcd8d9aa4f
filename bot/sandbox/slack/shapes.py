"""The small checks of which larger ones are made. The wording of the refusals is Slack's own."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that Slack would refuse, and where: `pointer` is a JSON pointer."""

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


Check = Callable[[object, str], Iterator[Problem]]


def string(longest: int, shortest: int = 1) -> Check:
    """Check a text's length."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(pointer=pointer, message="must be a string")
        elif len(value) > longest:
            yield Problem(pointer=pointer, message=f"must be less than {longest + 1} characters")
        elif len(value) < shortest:
            yield Problem(pointer=pointer, message=f"must be more than {shortest - 1} characters")

    return check


def one_of(*allowed: object) -> Check:
    """Check that it is one of a few."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if value not in allowed:
            yield Problem(pointer=pointer, message=f"must be one of: {', '.join(map(str, allowed))}")

    return check


def boolean(value: object, pointer: str) -> Iterator[Problem]:
    """Check a switch."""
    if not isinstance(value, bool):
        yield Problem(pointer=pointer, message="must be a boolean")


def anything(value: object, pointer: str) -> Iterator[Problem]:
    """Let everything pass."""
    yield from ()


def items(check_item: Check, *, at_most: int, at_least: int = 1) -> Check:
    """Check an array and each of its items."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(pointer=pointer, message="must be an array")
        elif len(value) > at_most:
            yield Problem(pointer=pointer, message=f"no more than {at_most} items allowed")
        elif len(value) < at_least:
            yield Problem(pointer=pointer, message=f"no fewer than {at_least} items allowed")
        else:
            for index, item in enumerate(value):
                yield from check_item(item, f"{pointer}/{index}")

    return check


def named(required: Mapping[str, Check], optional: Mapping[str, Check]) -> Check:
    """Check an object: what must be in it, what may be, and nothing else."""

    known = {**required, **optional}

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(pointer=pointer, message="must be an object")
            return
        for name in required:
            if name not in value:
                yield Problem(pointer=pointer, message=f"missing required field: {name}")
        for name, item in value.items():
            if name not in known:
                yield Problem(pointer=pointer, message=f"invalid additional property: {name}")
            else:
                yield from known[name](item, f"{pointer}/{name}")

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    """Check an object by what its `type` says."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(pointer=pointer, message="must be an object")
        elif not isinstance(kind := value.get("type"), str):
            yield Problem(pointer=pointer, message="missing required field: type")
        elif kind not in kinds:
            yield Problem(pointer=f"{pointer}/type", message=f"unsupported type: {kind[:75]}")
        else:
            yield from kinds[kind](value, pointer)

    return check


KIND: Mapping[str, Check] = {"type": anything}
"""The type of an object at which `by_type` has looked."""
