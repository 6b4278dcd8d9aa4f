"""[manage.<site>] for an account as it is: what can be said of it in the file, and comments on the rest.

What comes of it is right by itself: an item that the file's own tables would not take becomes a comment
with the reason, so that one odd object does not keep the others from being managed.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from pydantic import TypeAdapter, ValidationError

from bot.manage.change import Fields, KindName, Owner, Thing
from bot.manage.kinds.goals import EMPTY
from bot.manage.kinds.reports import FULL
from bot.manage.marks import LONGEST_NOTE
from bot.settings.explain import first_word
from bot.settings.manage_tables import DNS, EVERY, ITEMS, URL
from bot.settings.words import Text

Item = dict[str, object]


def text(site: str, things: Sequence[Thing], endpoint: str | None) -> str:
    """Write the tables of a site. `endpoint` is the veiled address of our webhooks."""
    lines = [
        f"# What {site} is like at Pirsch, as `pirsch-bot import` found it. docs/manage.md explains it.",
        f"[manage.{site}]",
        'mode = "plan"    # only shows; "approve" waits for a yes, "auto" does',
        *_thresholds(things),
        *_webhooks(things, endpoint),
        "",
    ]
    for kind in (KindName.FILTER, KindName.GOAL, KindName.FUNNEL, KindName.REPORT):
        lines += _tables(site, kind, [one for one in things if one.kind is kind])
    return "\n".join(lines).rstrip() + "\n"


def item(site: str, thing: Thing) -> str:
    """Write one object as it is now: how to adopt what somebody changed."""
    return "\n".join(_tables(site, thing.kind, [thing])).rstrip() + "\n"


# ---------------------------------------------------------------- tables


def _tables(site: str, kind: KindName, things: Sequence[Thing]) -> Iterator[str]:
    if kind.value not in ITEMS:
        yield from (f"# {one.kind}: {_quoted(one.key)}" for one in things)
        return
    seen = set[str]()
    for thing in sorted(things, key=lambda one: (one.owner is not Owner.OURS, one.key, one.id or "")):
        found = _item(thing)
        why = _why_not(thing, found, seen)
        mark = "# " if why else ""
        if why:
            yield f"# Left out: {_oneline(why)}"
        yield f"{mark}[[manage.{site}.{kind}]]"
        for key, value in found.items():
            yield f"{mark}{key} = {_toml(value)}"
        yield ""
        seen.add(thing.key)


def _why_not(thing: Thing, found: Item, seen: set[str]) -> str:
    """Say why an object cannot stand in the file; empty when it can."""
    if thing.hands_off:
        return thing.hands_off
    if thing.owner is Owner.ANOTHER_BOTS:
        return "another bot's mark is on it"
    if thing.key in seen:
        return "there are two of these; the first one is above"
    if str(found.get("from", "")).startswith((DNS, URL)):
        return "this is no address"
    try:
        TypeAdapter(ITEMS[thing.kind.value]).validate_python(found)
    except ValidationError as error:
        return first_word(error)
    if thing.kind is KindName.GOAL and not (found.get("path") or found.get("event")):
        return "it has neither a path nor an event"
    return ""


def _item(thing: Thing) -> Item:
    match thing.kind:
        case KindName.FILTER:
            return _filter(thing.fields)
        case KindName.GOAL:
            told = {name: value for name, value in thing.fields.items() if value != EMPTY.get(name)}
            return {"name": thing.key, **told}
        case KindName.FUNNEL:
            return {"name": thing.key, "step": [_step(one) for one in _list(thing.fields["steps"])]}
    told = {name: value for name, value in thing.fields.items() if name in FULL and value not in (None, "")}
    every = thing.fields["every"]
    often = EVERY[every] if isinstance(every, int) and 0 <= every < len(EVERY) else str(every)
    return {"to": [thing.fields["to"]], "every": often, **told}


def _filter(fields: Fields) -> Item:
    note = _oneline(str(fields.get("note") or ""))[:LONGEST_NOTE]
    found: Item = {"type": fields["type"], "from": fields["filter"]}
    return found | ({"note": note} if note else {})


def _step(step: object) -> Item:
    """A step in the file's words where it has some, else in Pirsch's."""
    if not isinstance(step, Mapping):
        return {}
    filter = dict(step["filter"])
    found: Item = {"name": step["name"]}
    for key, theirs in (("path", "path_pattern"), ("event", "event_name")):
        values = filter.get(theirs)
        if isinstance(values, list) and len(values) == 1 and _fits(key, values[0]):
            found[key] = values[0]
            del filter[theirs]
    return found | ({"filter": filter} if filter else {})


def _fits(key: str, value: object) -> bool:
    """Whether the file's own word takes a value; regular expressions stay in Pirsch's words."""
    if not isinstance(value, str) or not value.strip() or len(value) > 200 or not value.isprintable():
        return False
    return key == "event" or (value.startswith("/") and not value.endswith("$"))


def _thresholds(things: Sequence[Thing]) -> Iterator[str]:
    """What was set last, as far as the ledger remembers; Pirsch does not tell it."""
    for kind, unit in ((KindName.SPIKE_THRESHOLD, "visitors"), (KindName.WARNING_DAYS, "days")):
        number = next((one.fields.get(unit) for one in things if one.kind is kind), None)
        if number is None:
            yield f"#{kind} = …    # Pirsch does not tell it; what is not named stays as it is"
        else:
            yield f"{kind} = {number}"


def _webhooks(things: Sequence[Thing], endpoint: str | None) -> Iterator[str]:
    """The events of our own webhooks; those of others are named in comments."""
    hooks = [one for one in things if one.kind is KindName.WEBHOOK]
    ours = {str(one.fields["event"]) for one in hooks if endpoint and one.fields["endpoint"] == endpoint}
    sayable = sorted(event for event in ours if _is_event(event))
    if sayable:
        yield f'webhooks = {_toml(sayable)}    # or "from rules"'
    for one in hooks:
        if one.fields["event"] not in sayable or one.fields["endpoint"] != endpoint:
            yield f"# A webhook of somebody else, left alone: {_oneline(one.key)}"


def _is_event(name: str) -> bool:
    try:
        TypeAdapter(Text).validate_python(name)
    except ValidationError:
        return False
    return True


# ---------------------------------------------------------------- TOML


def _toml(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case Mapping():
            inner = ", ".join(
                f"{_key(name)} = {_toml(one)}" for name, one in value.items() if one is not None
            )
            return f"{{ {inner} }}" if inner else "{}"
        case list() | tuple():
            return f"[{', '.join(_toml(one) for one in value if one is not None)}]"
    return _quoted(str(value))


def _key(name: object) -> str:
    text = str(name)
    plain = text.isascii() and text.replace("_", "").replace("-", "").isalnum()
    return text if plain else _quoted(text)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _oneline(value: str) -> str:
    """A text that a comment can hold."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else []
