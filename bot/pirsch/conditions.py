"""Demands on the traffic: a dimension, and what its value must be.

docs.pirsch.io, API v1, "Filter": `!` not, `~` contains, `^` contains not, `null` empty or unknown.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.pirsch.errors import Unaskable


class Dimension(StrEnum):
    """What traffic can be told apart by."""

    HOSTNAME = "hostname"
    PATH = "path"
    ENTRY_PATH = "entry_path"
    EXIT_PATH = "exit_path"
    PATTERN = "pattern"  # a regular expression; begin it with "(?i)^", as "^" alone is an operator
    EVENT = "event"
    EVENT_META_KEY = "event_meta_key"
    LANGUAGE = "language"
    COUNTRY = "country"
    REGION = "region"  # taken by the official SDKs, forgotten in the documents' table
    CITY = "city"
    REFERRER = "referrer"
    REFERRER_NAME = "referrer_name"
    CHANNEL = "channel"
    OS = "os"
    BROWSER = "browser"
    PLATFORM = "platform"
    SCREEN_CLASS = "screen_class"
    UTM_SOURCE = "utm_source"
    UTM_MEDIUM = "utm_medium"
    UTM_CAMPAIGN = "utm_campaign"
    UTM_CONTENT = "utm_content"
    UTM_TERM = "utm_term"
    TAG = "tag"
    KEYWORD = "keyword"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A demand on one value: an operator (empty, `!`, `~` or `^`) and what it is about."""

    operator: str
    value: str

    @property
    def text(self) -> str:
        """The condition as it stands in the query."""
        return self.operator + self.value


def equals(value: str) -> Condition:
    """Demand exactly this value. Use `unknown()` for the empty one."""
    return _condition("", value)


def differs(value: str) -> Condition:
    """Demand any value but this."""
    return _condition("!", value)


def contains(part: str) -> Condition:
    """Demand a value with this part."""
    return _condition("~", part)


def lacks(part: str) -> Condition:
    """Demand a value without this part."""
    return _condition("^", part)


def unknown() -> Condition:
    """Demand that the value is empty or unknown."""
    return Condition(operator="", value="null")


def known() -> Condition:
    """Demand that there is a value."""
    return Condition(operator="!", value="null")


def _condition(operator: str, value: str) -> Condition:
    if not value:
        raise Unaskable("an empty value would be ignored; unknown() asks for the empty one")
    if value[0] in "!~^":
        raise Unaskable(f"{value!r} would be read as an operator and a value")
    if value == "null":
        raise Unaskable("'null' would be read as the empty value; unknown() asks for that")
    return Condition(operator=operator, value=value)


def country(condition: Condition) -> Condition:
    """Return the condition as one on a country.

    Pirsch drops every other form, and answers for the whole world.
    """
    code = condition.value.lower()
    two_letters = len(code) == 2 and code.isascii() and code.isalpha()
    if condition.operator not in ("", "!") or not two_letters:
        raise Unaskable("a country is asked for by its two letters, with equals or differs")
    return Condition(operator=condition.operator, value=code)
