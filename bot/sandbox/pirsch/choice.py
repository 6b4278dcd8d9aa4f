"""One filter of a query: the values that may be, and those that must not be."""

from collections.abc import Callable, Sequence
from functools import partial

Test = Callable[[str], bool]

EMPTY = "null"  # the literal that stands for empty or unknown


def choice(values: Sequence[str]) -> Test:
    """Return the test for a filter that is named once or more.

    Repeated values are alternatives; prefixes are `!` not, `~` contains, `^` does not contain. What must not
    be is joined by "and", or else two exclusions would let everything through.
    """
    wanted = [_test(value) for value in values if value[:1] not in ("!", "^")]
    unwanted = [_test(value) for value in values if value[:1] in ("!", "^")]

    def passes(text: str) -> bool:
        return (not wanted or any(test(text) for test in wanted)) and all(test(text) for test in unwanted)

    return passes


def _test(value: str) -> Test:
    match value[:1], value[1:]:
        case "!", rest:
            return partial(_differs, "" if rest == EMPTY else rest)
        case "~", rest:
            return partial(_contains, rest.lower())
        case "^", rest:
            return partial(_lacks, rest.lower())
        case _:
            return partial(_equals, "" if value == EMPTY else value)


def _equals(wanted: str, text: str) -> bool:
    return text == wanted


def _differs(unwanted: str, text: str) -> bool:
    return text != unwanted


def _contains(part: str, text: str) -> bool:
    return part in text.lower()


def _lacks(part: str, text: str) -> bool:
    return part not in text.lower()
