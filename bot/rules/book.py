"""Finds the rules that an event concerns, without trying them all.

Exact names stand in a dict. All globs are one automaton (`re2.Set`) that reads the name once. Strangers
choose the names: nothing is remembered about them but the automaton's states, whose memory is bounded.
"""

from collections import defaultdict
from collections.abc import Iterable

import re2

from bot.facts import OUR_NAMES, Event
from bot.rules.globs import LONGEST_NAME, is_glob, pattern
from bot.rules.rule import Rule

_Placed = tuple[int, Rule]

OF_GOALS = "goal."
"""How the names of events about goals begin."""

# 8 MiB are enough for some thousand globs. Compiling fails when they are not, never matching.
_MEMORY = (8 << 20, 32 << 20, 128 << 20)


class RuleBook:
    """All rules of the config, in its order."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Index the rules. Raise GlobError for an event name that `mistakes` would have reported."""
        self.rules = tuple(rules)
        self._exact: dict[str, list[_Placed]] = defaultdict(list)
        by_glob: dict[str, list[_Placed]] = defaultdict(list)
        for placed in enumerate(self.rules):
            event = placed[1].event
            (by_glob if is_glob(event) else self._exact)[event].append(placed)
        self._exact.default_factory = None
        self._by_glob = list(by_glob.values())
        self._globs = _compiled([pattern(glob) for glob in by_glob]) if by_glob else None

    def asking_for(self, event: Event) -> tuple[Rule, ...]:
        """Return the rules for an event, in the file's order."""
        return (self.of_ours if event.ours else self.matching)(event.site, event.name)

    def of_ours(self, site: str, event_name: str) -> tuple[Rule, ...]:
        """Return the rules for an event that the bot makes. "*" is all that a site sends, and none of it."""
        return tuple(rule for rule in self.matching(site, event_name) if about_goals(rule))

    def named(self, site: str) -> tuple[str, ...]:
        """Return the events that rules name for a site and that the site has to send, globs among them."""
        mine = (rule.event for rule in self.rules if rule.site in (None, site))
        return tuple(dict.fromkeys(name for name in mine if name not in OUR_NAMES))

    def matching(self, site: str, event_name: str) -> tuple[Rule, ...]:
        """Return the rules for an event that a site sends, in the file's order."""
        name = event_name[:LONGEST_NAME]
        found = self._exact.get(name, [])
        if self._globs is not None:
            # Half a surrogate pair can come in a JSON body, and cannot be written as UTF-8.
            hits = self._globs.Match(name.encode(errors="replace"))
            if hits:
                found = sorted(
                    [*found, *(placed for hit in hits for placed in self._by_glob[hit])], key=_place
                )
        return tuple(rule for _, rule in found if rule.site is None or rule.site == site)


def about_goals(rule: Rule) -> bool:
    """Whether a rule asks for events that the bot makes of goals: "goal.reached", "goal.*"."""
    return rule.event.startswith(OF_GOALS)


def _place(placed: _Placed) -> int:
    return placed[0]


def _compiled(patterns: list[str]) -> re2.Set:
    for memory in _MEMORY[:-1]:
        try:
            return _automaton(patterns, memory)
        except re2.error:
            continue
    return _automaton(patterns, _MEMORY[-1])


def _automaton(patterns: list[str], memory: int) -> re2.Set:
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.dot_nl = True
    options.max_mem = memory
    automaton = re2.Set.FullMatchSet(options)
    for each in patterns:
        automaton.Add(each)
    automaton.Compile()
    return automaton
