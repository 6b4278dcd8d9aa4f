"""[[rule]] as written -> rules that can judge, and everything that keeps one from ever doing so."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from bot.facts import GOAL_PROGRESS
from bot.rules.book import OF_GOALS
from bot.rules.expression import ExpressionError, compile_condition, compile_key, compile_value
from bot.rules.mistakes import mistakes
from bot.rules.rule import Rule
from bot.settings import tables
from bot.settings.entry import Entry
from bot.settings.reading import Raw
from bot.settings.source_tables import Site
from bot.settings.whole import unreadable
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


def read_rules(raw: Raw, sites: Mapping[str, Site], keep: tables.Keep, zone: ZoneInfo) -> tuple[Rule, ...]:
    """Read every [[rule]] that is right, in the order of the file."""
    found, names = [], dict[str, int]()
    for index, value in raw.listed("rule"):
        reading = _Reading(raw, "rule", index, value)
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


class _Reading(Entry):
    """One rule being read."""

    def read(self, zone: ZoneInfo, kept_for: timedelta) -> Rule:
        """Read it. What is wrong with one key hides nothing that is wrong with the others."""
        table, broken = self.table(_RULE, tables.Rule, _STAND_IN)
        compiled, wrong = expressions(table, zone)
        plain = {name: getattr(table, name) for name in tables.Rule.model_fields if name not in compiled}
        plain["do"] = None if table.do is None else table.do.meaning()
        rule = Rule(**plain, **compiled)
        for key, what in [*wrong, *mistakes(rule), *_too_long(rule, kept_for)]:
            if key not in broken:
                self.add(key, what)
        return rule

    def _sites(self) -> Mapping[str, object]:
        """Return the sites that it is about, as they stand in the file."""
        known, named = self.raw.names("site"), self.value.get("site")
        return {name: one for name, one in known.items() if named in (None, name)} or known

    def check_site(self, sites: Mapping[str, Site]) -> None:
        """Some event must be able to reach the rule: through a webhook, or because the bot makes it."""
        event = self.value.get("event")
        of_goals = isinstance(event, str) and event.startswith(OF_GOALS)
        if of_goals and all(unreadable(self.raw, one) for one in self._sites().values()):
            self.add("", "it can never match: goals are read from Pirsch, and there is no [pirsch]")
        heard = not of_goals or event == GOAL_PROGRESS
        if self.value.get("site") is None:
            known = self.raw.names("site").values()
            if heard and not any(isinstance(one, dict) and "hook_token" in one for one in known):
                self.add("", "it can never match: no [site.<name>] has a hook_token")
            return
        site = self.check_site_is_known()
        if heard and site is not None and site in sites and sites[site].hook_token is None:
            self.add("site", f"it can never match: [site.{site}] has no hook_token")


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
