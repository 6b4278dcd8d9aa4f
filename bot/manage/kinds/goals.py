"""Conversion goals: always written whole, over what is there, so that no target gets lost.

Writing a goal that sends a mail when it is reached arms that mail again. Pirsch turns the flag off once the
mail is out; that is no difference to mend, or a goal that is reached would send its mail for ever.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.manage.account import Account
from bot.manage.change import Change, Fields, KindName, Risk, Thing, Verb, Wanted
from bot.manage.kinds.owned import has_drifted, owner_by_ledger
from bot.manage.kinds.present import raw_of
from bot.manage.memory import Memory
from bot.manage.wishes import Given, Managed
from bot.pirsch.answers.owned import Goal
from bot.pirsch.goals import GoalDraft
from bot.pirsch.ids import GoalId

MAIL = "email_reached"
REARMS = "its mail is armed again, and comes once more if the goal is reached"
VANISHES = "Pirsch deletes it as soon as it is reached"
EMPTY: Fields = {
    "path": "",
    "tags": [],
    "event": "",
    "event_meta_key": "",
    "event_meta_value": "",
    "metric_key": "",
    "metric_type": "",
    "visitors": 0,
    "cr_percent": 0,
    "total": 0,
    "average": 0,
    "delete_reached": False,
    "email_reached": False,
}
"""Every field of a goal, and what it is when nobody says anything. 0 is no target."""


class Goals:
    """Keys are names. Pirsch has no place for a mark, so whose a goal is stands in the ledger."""

    name = KindName.GOAL
    readable = True

    def wanted(self, managed: Managed, given: Given) -> Sequence[Wanted]:
        """Return the goals of the file."""
        found = [
            Wanted(
                kind=self.name,
                key=one.name,
                fields=_sorted(one.fields),
                when_new=EMPTY,
                why=one.place,
                rearms=one.rearms,
            )
            for one in managed.goals
        ]
        return tuple({one.key: one for one in reversed(found)}.values())

    def read(self, account: Account, memory: Memory) -> Sequence[Thing]:
        """Return all goals."""
        return [self._thing(one, memory) for one in account.goals.of(account.domain)]

    def differs(self, wanted: Wanted, thing: Thing) -> Sequence[str]:
        """A mail that was sent is no difference, unless it is meant to come again."""
        spent = () if wanted.rearms else thing.spent
        return [
            name
            for name, value in wanted.fields.items()
            if name not in spent and _plain(name, value) != _plain(name, thing.fields.get(name))
        ]

    def judged(self, change: Change) -> Change:
        """Targets are people's; a goal that is gone takes its targets along."""
        after = change.after or {}
        warnings = [*change.warnings, *([VANISHES] if after.get("delete_reached") else [])]
        rearms = change.verb is Verb.UPDATE and bool(after.get(MAIL))
        if rearms:
            warnings.append(REARMS)
        risk = Risk.LOW if change.verb is Verb.CREATE else Risk.MIDDLE
        return replace(change, risk=risk, rearms=rearms, warnings=tuple(warnings))

    def write(self, account: Account, change: Change, present: Thing | None) -> str | None:
        """Make one unless one of that name is there, write the whole, or take one away."""
        if present is None:
            made = account.goals.create(account.domain, _draft(change))
            return made.value.id if made.created else None
        id = GoalId(present.id or "")
        if change.verb is Verb.DELETE:
            account.goals.delete(id)
        else:
            draft = replace(_draft(change), rest=raw_of(present, Goal).rest)
            account.goals.update(account.domain, id, draft)
        return id

    def _thing(self, goal: Goal, memory: Memory) -> Thing:
        remembered = memory.of(self.name, goal.id)
        fields = _fields(goal)
        armed = bool(remembered and remembered.fields and remembered.fields.get(MAIL))
        spent = (MAIL,) if armed and not goal.email_reached else ()
        regex = bool(goal.regex and not goal.glob)
        return Thing(
            kind=self.name,
            key=goal.name,
            fields=fields,
            id=goal.id,
            owner=owner_by_ledger(remembered),
            hands_off="its path is a regular expression, which the API cannot write back" if regex else "",
            drifted=has_drifted(fields, remembered, spent),
            spent=spent,
            raw=goal,
        )


def _sorted(fields: Fields) -> Fields:
    """Tags have no order; in one order, equal goals are equal JSON."""
    return {name: _plain(name, value) for name, value in fields.items()}


def _plain(name: str, value: object) -> object:
    return sorted(str(one) for one in value) if name == "tags" and isinstance(value, Sequence) else value


def _fields(goal: Goal) -> Fields:
    return {
        "path": goal.glob or goal.regex,
        "tags": sorted(goal.tags),
        "event": goal.event_name,
        "event_meta_key": goal.event_meta_key,
        "event_meta_value": goal.event_meta_value,
        "metric_key": goal.custom_metric_key,
        "metric_type": goal.custom_metric_type,
        "visitors": goal.visitors or 0,
        "cr_percent": goal.cr_percent or 0,
        "total": goal.custom_metric_total or 0,
        "average": goal.custom_metric_avg or 0,
        "delete_reached": goal.delete_reached,
        "email_reached": goal.email_reached,
    }


def _draft(change: Change) -> GoalDraft:
    after = change.after or {}
    tags = after["tags"]
    return GoalDraft(
        name=change.key,
        path=str(after["path"]),
        tags=tuple(str(one) for one in tags) if isinstance(tags, Sequence) else (),
        event=str(after["event"]),
        event_meta_key=str(after["event_meta_key"]),
        event_meta_value=str(after["event_meta_value"]),
        custom_metric_key=str(after["metric_key"]),
        custom_metric_type=str(after["metric_type"]),
        visitors=int(_number(after["visitors"])),
        cr_percent=_number(after["cr_percent"]),
        custom_metric_total=_number(after["total"]),
        custom_metric_avg=_number(after["average"]),
        delete_reached=bool(after["delete_reached"]),
        email_reached=bool(after["email_reached"]),
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
