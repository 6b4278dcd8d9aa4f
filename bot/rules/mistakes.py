"""What is wrong with a rule before it ever hears an event."""

import unicodedata
from datetime import timedelta

from bot.facts import Deed
from bot.rules.globs import LONGEST_NAME, GlobError, is_glob, pattern
from bot.rules.rule import Rule

Mistake = tuple[str, str]

MOST_HITS = 1000
LONGEST_COLLECT = timedelta(days=1)
LONGEST_WITHIN = timedelta(days=31)
LONGEST_SILENCE = timedelta(days=366)


def mistakes(rule: Rule) -> list[Mistake]:
    """Return every reason why this rule cannot work as written: the key in the config, a sentence."""
    return [
        *_in_name(rule),
        *_in_event(rule.event),
        *_in_frequency(rule),
        *_in_absence(rule),
        *_in_lengths(rule),
        *_in_amount(rule),
        *_in_doing(rule),
    ]


def _in_name(rule: Rule) -> list[Mistake]:
    found = []
    if not rule.name.strip():
        found.append(("name", "a rule needs a name: messages and alerts are known by it"))
    if not rule.notify:
        found.append(("notify", "nobody is told: name at least one channel"))
    return found


def _in_event(event: str) -> list[Mistake]:
    if not event:
        return [("event", "the name of an event is missing; '*' stands for all of them")]
    found = []
    if event != event.strip():
        found.append(("event", "never matches: Pirsch removes spaces around an event's name"))
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in event):
        found.append(("event", "never matches: no event's name has a control character"))
    if len(event) > LONGEST_NAME:
        found.append(("event", f"never matches: only {LONGEST_NAME:,} characters of a name are looked at"))
    if is_glob(event):
        try:
            pattern(event)
        except GlobError as error:
            found.append(("event", str(error)))
    return found


def _in_frequency(rule: Rule) -> list[Mistake]:
    found = []
    if rule.at_least is None:
        if rule.within is not None:
            found.append(("within", "without at_least there is nothing to count within this time"))
        return found
    if not 2 <= rule.at_least <= MOST_HITS:
        found.append(
            ("at_least", f"a number from 2 to {MOST_HITS:,} is needed; each single event is told without it")
        )
    if rule.within is None:
        found.append(("within", "say within which time at_least is counted, such as within = '10m'"))
    if rule.collect is not None:
        found.append(("collect", "at_least speaks once for many events already: leave one of them out"))
    return found


def _in_absence(rule: Rule) -> list[Mistake]:
    if rule.none_within is None:
        return []
    found = []
    if rule.at_least is not None:
        found.append(
            ("none_within", "many events and no events are two rules: leave none_within or at_least out")
        )
    if rule.collect is not None:
        found.append(("collect", "there is nothing to collect when an event does not come"))
    if rule.once_per is not None:
        found.append(("once_per", "an event that does not come has no key"))
    if rule.value is not None:
        found.append(("value", "an event that does not come has no value"))
    return found


def _in_lengths(rule: Rule) -> list[Mistake]:
    found = []
    for key, length, longest in (
        ("within", rule.within, LONGEST_WITHIN),
        ("none_within", rule.none_within, LONGEST_SILENCE),
        ("collect", rule.collect, LONGEST_COLLECT),
    ):
        if length is not None and not timedelta(seconds=1) <= length <= longest:
            found.append((key, f"a length from one second to {_days(longest)} is needed"))
    return found


def _in_amount(rule: Rule) -> list[Mistake]:
    if rule.value is not None and rule.at_least is not None:
        return [("value", "at_least counts events and adds nothing up: leave value out")]
    return []


def _in_doing(rule: Rule) -> list[Mistake]:
    if rule.do is None or rule.do.deed is not Deed.FILTER:
        return []
    if rule.at_least is not None or rule.none_within is not None or rule.collect is not None:
        return [
            (
                "do",
                "a filter is made from a single event: at_least, none_within and collect have many or none",
            )
        ]
    return []


def _days(length: timedelta) -> str:
    return "one day" if length.days == 1 else f"{length.days} days"
