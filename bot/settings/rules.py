"""[[rule]] as written -> rules that can judge, and everything that keeps one from ever doing so."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from bot.facts import GOAL_PROGRESS
from bot.rules.book import OF_GOALS
from bot.rules.expression import ExpressionError, compile_condition, compile_key, compile_value
from bot.rules.mistakes import mistakes
from bot.rules.rule import Rule
from bot.settings import tables
from bot.settings.explain import explain
from bot.settings.mistakes import as_text, did_you_mean
from bot.settings.reading import Raw
from bot.settings.words import spell

T = TypeVar("T")

_RULE = TypeAdapter(tables.Rule)
# In place of what cannot be read, so that the other keys are looked at and none of them seems to lack it.
_STAND_IN: Mapping[str, Any] = {
    "name": "?",
    "event": "*",
    "notify": ["stand-in"],
    "at_least": 2,
    "within": "1m",
    "none_within": "1h",
    "collect": "1m",
}


def read_rules(
    raw: Raw, sites: Mapping[str, tables.Site], keep: tables.Keep, zone: ZoneInfo
) -> tuple[Rule, ...]:
    """Read every [[rule]] that is right, in the order of the file."""
    found, names = [], dict[str, int]()
    for index, value in enumerate(raw.items("rule")):
        if not isinstance(value, dict):
            raw.report.add(("rule", index), f"rule {index + 1}", "a table is needed: write it as [[rule]]")
            continue
        reading = _Reading(raw, index, value)
        before = len(raw.report.found)
        reading.check_name_is_new(names)
        reading.check_channels()
        reading.check_site(sites)
        rule = reading.read(zone, keep.events)
        if len(raw.report.found) == before:
            found.append(rule)
    return tuple(found)


def expressions(table: tables.Rule, zone: ZoneInfo) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Compile `if`, `value` and `once_per`. Return them, and what is wrong as (key, sentence) pairs."""
    wrong: list[tuple[str, str]] = []

    def compiled(key: str, text: str | None, compile_: Callable[..., T]) -> T | None:
        try:
            return None if text is None else compile_(text, timezone=zone)
        except ExpressionError as error:
            wrong.append((key, _in_place(error)))
            return None

    found = {
        "condition": compiled("if", table.condition, compile_condition),
        "value": compiled("value", table.value, compile_value),
        "once_per": compiled("once_per", table.once_per, compile_key),
    }
    return found, wrong


class _Reading:
    """One rule being read."""

    def __init__(self, raw: Raw, index: int, value: dict[str, Any]) -> None:
        self.raw = raw
        self.index = index
        self.value = value
        name = as_text(value.get("name", ""))
        self.title = f'rule "{name}"' if name else f"rule {index + 1}"

    def read(self, zone: ZoneInfo, kept_for: timedelta) -> Rule:
        """Read it. What is wrong with one key hides nothing that is wrong with the others."""
        table, broken = self._table()
        compiled, wrong = expressions(table, zone)
        plain = {name: getattr(table, name) for name in tables.Rule.model_fields if name not in compiled}
        plain["do"] = None if table.do is None else table.do.meaning()
        rule = Rule(**plain, **compiled)
        for key, what in [*wrong, *mistakes(rule), *_too_long(rule, kept_for)]:
            if key not in broken:
                self._add(f".{key}", what, key)
        return rule

    def check_name_is_new(self, names: dict[str, int]) -> None:
        """A rule's memory, alerts and messages are known by its name."""
        name = self.value.get("name")
        if isinstance(name, str) and (first := names.setdefault(name, self.index)) != self.index:
            line = self.raw.report.line(("rule", first))
            self._add(".name", f"the rule on line {line} has this name already", "name")

    def check_channels(self) -> None:
        """Everybody who is to be told must be there, and is told once."""
        known, notify = self.raw.names("channel"), self.value.get("notify")
        named = [one for one in notify if isinstance(one, str)] if isinstance(notify, list) else []
        for name in dict.fromkeys(named):
            if name not in known:
                hint = did_you_mean(name, known) or "there is no [channel.<name>] yet"
                self._add(".notify", f'there is no channel "{as_text(name)}"', "notify", hint=hint)
            elif named.count(name) > 1:
                self._add(".notify", f'"{name}" is named twice and would be told twice', "notify")

    def check_site(self, sites: Mapping[str, tables.Site]) -> None:
        """Some event must be able to reach the rule: through a webhook, or because the bot makes it."""
        known, site, event = self.raw.names("site"), self.value.get("site"), self.value.get("event")
        of_goals = isinstance(event, str) and event.startswith(OF_GOALS)
        if of_goals and "pirsch" not in self.raw.data:
            self._add("", "it can never match: goals are read from Pirsch, and there is no [pirsch]")
        heard = not of_goals or event == GOAL_PROGRESS
        if site is None:
            if heard and not any(isinstance(one, dict) and "hook_token" in one for one in known.values()):
                self._add("", "it can never match: no [site.<name>] has a hook_token")
        elif isinstance(site, str) and site not in known:
            hint = did_you_mean(site, known) or "there is no [site.<name>] yet"
            self._add(".site", f'there is no site "{as_text(site)}"', "site", hint=hint)
        elif heard and isinstance(site, str) and site in sites and sites[site].hook_token is None:
            self._add(".site", f"it can never match: [site.{site}] has no hook_token", "site")

    def _table(self) -> tuple[tables.Rule, set[str]]:
        """Return the table, with stand-ins for the keys that are broken, and which those are."""
        try:
            return _RULE.validate_python(self.value), set()
        except ValidationError as error:
            explain(error, tables.Rule, ("rule", self.index), self.title, self.raw.report)
            broken = {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}
        right = {key: one for key, one in self.value.items() if key not in broken}
        stand_ins = {key: one for key, one in _STAND_IN.items() if key in broken}
        return _RULE.validate_python(right | stand_ins), broken

    def _add(self, place: str, what: str, *path: str, hint: str = "") -> None:
        self.raw.report.add(("rule", self.index, *path), f"{self.title}{place}", what, hint)


def _too_long(rule: Rule, kept_for: timedelta) -> list[tuple[str, str]]:
    """What a rule waits for must still be there when it speaks, or nobody could look into it."""
    lengths = (("within", rule.within), ("none_within", rule.none_within), ("collect", rule.collect))
    return [
        (key, f"this is longer than events are kept: [store.keep] events = {spell(kept_for)}")
        for key, length in lengths
        if length is not None and length > kept_for
    ]


def _in_place(error: ExpressionError) -> str:
    """The sentence, and below it the expression with a caret under the place."""
    pointer = "\n".join(f"    {line}" for line in error.pointer.splitlines())
    return f"{error.sentence}\n{pointer}"
