"""Whether a change may be made: pure, and every answer has its reason.

What only a person may decide is askable (`Verdict.ASK` and its kin); what nobody may do like this is not,
and then the file has to say something else.
"""

import ipaddress
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bot.manage.change import Actor, Authority, Change, KindName, Owner, Plan, Verb
from bot.manage.outcome import Impact, Ruling, Verdict
from bot.manage.wishes import Managed, Mode

IP, HOSTNAME = "ip", "hostname"

Said = tuple[Verdict, str]
YES: Said = (Verdict.ALLOWED, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the guard has to know besides the plan: asked of the account and the ledger before.

    `ours` counts the objects of each kind that are ours now, `written_today` the changes of the last 24
    hours, `types` the types of filters that the account itself holds.
    """

    ours: Mapping[KindName, int] = field(default_factory=dict)
    written_today: int = 0
    types: Collection[str] = ()
    impacts: Mapping[str, Impact] = field(default_factory=dict)  # by the key of the filter


def rule(plan: Plan, managed: Managed, facts: Facts, actor: Actor) -> tuple[Ruling, ...]:
    """Return a word on every change of a plan, in its order."""
    rulings: list[Ruling] = []
    allowed = 0
    for change in plan.changes:
        said = _first_no(change, managed, facts, actor)
        if said == YES:
            said = _capped(change, managed, facts, allowed, rulings)
        if said == YES and actor.authority is Authority.BOT and managed.mode_of(change.kind) is Mode.APPROVE:
            said = (Verdict.ASK, "a person has to say yes first")
        if said[0] in (Verdict.ALLOWED, Verdict.ASK):
            allowed += 1
        impact = facts.impacts.get(change.key) if change.kind is KindName.FILTER else None
        rulings.append(Ruling(change=change, verdict=said[0], why=said[1], impact=impact))
    return tuple(rulings)


def _first_no(change: Change, managed: Managed, facts: Facts, actor: Actor) -> Said:
    checks = (
        _owner(change),
        _mode(change, managed),
        _filter(change, managed, facts) if change.kind is KindName.FILTER else YES,
        _whole(change),
        _attended(change, facts, actor),
    )
    return next((said for said in checks if said != YES), YES)


def _owner(change: Change) -> Said:
    if change.hands_off:
        return Verdict.HANDS_OFF, change.hands_off
    if change.verb is Verb.CREATE or change.owner is Owner.OURS:
        return YES
    if change.owner is Owner.ANOTHER_BOTS:
        return Verdict.ANOTHER_BOTS, "another bot's mark is on it"
    return (
        Verdict.NOT_OURS,
        "somebody else made it: `pirsch-bot apply --claim` takes it over",
    )


def _mode(change: Change, managed: Managed) -> Said:
    if managed.mode_of(change.kind) is Mode.PLAN:
        return Verdict.PLAN_ONLY, 'the mode is "plan": set it to "approve" or "auto" when the plan is right'
    return YES


def _whole(change: Change) -> Said:
    """Pirsch takes what is left out for empty, so every part has to be known before anything is written."""
    untold = sorted(name for name, value in (change.after or {}).items() if value is None)
    if change.verb is Verb.DELETE or not untold:
        return YES
    return Verdict.NOT_TOLD, f"Pirsch does not tell {', '.join(untold)}; write them into the file"


def _attended(change: Change, facts: Facts, actor: Actor) -> Said:
    """What only a person may decide, when nobody was asked."""
    if actor.authority is not Authority.BOT:
        return YES
    if change.drifted:
        return Verdict.SOMEBODY_CHANGED_IT, "somebody changed it in the dashboard: adopt, restore or ignore"
    if change.rearms and not change.rearming_meant:
        return Verdict.REARMS_A_MAIL, "writing it would arm a mail again that may have been sent"
    impact = facts.impacts.get(change.key) if change.kind is KindName.FILTER else None
    if impact is not None and impact.conversions and change.verb is not Verb.DELETE:
        return Verdict.COSTS_CONVERSIONS, str(impact)
    return YES


# ---------------------------------------------------------------- filters


def _filter(change: Change, managed: Managed, facts: Facts) -> Said:
    """Filters drop traffic for good, so they are looked at hardest. Taking one away drops nothing."""
    fields = change.after or change.before or {}
    type, value = str(fields.get("type", "")), str(fields.get("filter", ""))
    if type == HOSTNAME:
        return Verdict.HOSTNAME_WHITELIST, "the first filter on hostnames drops the traffic of all others"
    if change.verb is Verb.DELETE:
        return YES
    if type not in {IP, *managed.filter_types, *facts.types}:
        return (
            Verdict.UNKNOWN_TYPE,
            f'nobody has seen that Pirsch calls it "{type}": make one such filter in the dashboard, and'
            " look with `pirsch-bot pirsch filters list`",
        )
    return _network(value, managed) if type == IP else _traffic(change, value, managed, facts)


def _network(value: str, managed: Managed) -> Said:
    try:
        network = ipaddress.ip_network(value)
    except ValueError:
        return Verdict.TOO_WIDE, "this is no address and no network"
    caps = managed.caps
    widest = caps.widest_ipv4 if network.version == 4 else caps.widest_ipv6
    if network.prefixlen < widest:
        return Verdict.TOO_WIDE, f"a network wider than /{widest} could be half of the visitors"
    return YES


def _traffic(change: Change, value: str, managed: Managed, facts: Facts) -> Said:
    if not value.strip("*/ "):
        return Verdict.TOO_WIDE, "this is every page"
    impact = facts.impacts.get(change.key)
    if impact is None:
        return Verdict.IMPACT_UNKNOWN, "what it would have removed in the past could not be asked"
    if impact.share > managed.caps.traffic:
        return Verdict.TOO_MUCH_TRAFFIC, f"{impact}; more than {managed.caps.traffic:.0%} is not allowed"
    return YES


# ---------------------------------------------------------------- caps


def _capped(change: Change, managed: Managed, facts: Facts, allowed: int, before: Sequence[Ruling]) -> Said:
    caps = managed.caps
    if allowed >= caps.a_run:
        return Verdict.TOO_MANY_A_RUN, f"{caps.a_run} changes in one run are enough; the next run goes on"
    if facts.written_today + allowed >= caps.a_day:
        return Verdict.TOO_MANY_A_DAY, f"{caps.a_day} changes in 24 hours are enough"
    if change.verb is Verb.DELETE:
        gone = 1 + sum(
            one.change.verb is Verb.DELETE
            and one.change.kind is change.kind
            and one.verdict in (Verdict.ALLOWED, Verdict.ASK)
            for one in before
        )
        ours = facts.ours.get(change.kind, 0)
        if gone > max(1, int(ours * caps.deleted)):
            return (
                Verdict.TOO_MANY_DELETED,
                f"more than {caps.deleted:.0%} of our {ours} would go: was something lost from the file?",
            )
    return YES
