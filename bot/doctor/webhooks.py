"""Judges the webhooks of a dashboard: each event that rules name reaches this bot, once. Pure.

Only what points at this bot is judged. Addresses are never told: the last part of them is the secret.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.doctor.judgement import Group, Judgement
from bot.doctor.needs import SiteNeeds
from bot.pirsch.answers.owned import Webhook

REVIVE = (
    "See that the bot answers at its public_url (/readyz), then save the webhook at Pirsch: that revives it."
)
ADD = "At Pirsch: Integration, Add Webhook, with the event's exact name and the site's address."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """A dashboard's webhooks by where they point: to us, to our old address, to none that we know."""

    present: tuple[Webhook, ...] = ()
    old: tuple[Webhook, ...] = ()
    stray: tuple[Webhook, ...] = ()


def sort(webhooks: Sequence[Webhook], need: SiteNeeds, public_url: str) -> Sorted:
    """Sort webhooks by their endpoint. What points elsewhere is somebody else's, and left out."""
    ours = f"{public_url.rstrip('/')}/hooks/"
    here = {f"{ours}{need.name}/{token}": kind for token, kind in _tokens(need).items()}
    kinds: dict[str, list[Webhook]] = {"present": [], "old": [], "stray": []}
    for hook in webhooks:
        if hook.endpoint.startswith(ours):
            kinds[here.get(hook.endpoint, "stray")].append(hook)
    return Sorted(**{kind: tuple(found) for kind, found in kinds.items()})


def _tokens(need: SiteNeeds) -> dict[str, str]:
    tokens = {need.old_token: "old", need.token: "present"}
    return {token: kind for token, kind in tokens.items() if token}


def judge(webhooks: Sequence[Webhook], need: SiteNeeds, public_url: str, group: Group) -> Iterator[Judgement]:
    """Judge all webhooks of a dashboard that point at this bot."""
    found = sort(webhooks, need, public_url)
    for event in need.events:
        yield _event(event, found, group)
    named = set(need.events)
    for event in dict.fromkeys(hook.event for hook in found.present if hook.event not in named):
        yield from _unnamed(event, found, need, group)
    for hook in (*found.old, *found.stray):
        if hook.event not in named:
            yield _lost(hook, found, group)
    for glob in need.globs:
        yield _glob(glob, need, group)


def _event(event: str, found: Sorted, group: Group) -> Judgement:
    hooks = [hook for hook in found.present if hook.event == event]
    if len(hooks) > 1:
        return group.wrong(
            f"“{event}” has {len(hooks)} webhooks to this bot: each event comes as often",
            "Delete all but one of them at Pirsch.",
        )
    if hooks:
        return _one(hooks[0], group)
    if any(hook.event == event for hook in found.old):
        return group.advice(
            f"“{event}” still comes to the old address",
            "Save its webhook at Pirsch with the new address, before hook_token_old is removed.",
        )
    if any(hook.event == event for hook in found.stray):
        return group.wrong(
            f"“{event}” is sent to an address that this bot does not know (any more), and is lost",
            "Save its webhook at Pirsch with the address of this site's present hook_token.",
        )
    return group.wrong(f"“{event}” has no webhook: rules wait for it in vain", ADD)


def _one(hook: Webhook, group: Group) -> Judgement:
    if hook.active is False:
        return group.wrong(f"“{hook.event}” was switched off by Pirsch, after too many failures", REVIVE)
    return group.ok(f"“{hook.event}” is sent here")


def _unnamed(event: str, found: Sorted, need: SiteNeeds, group: Group) -> Iterator[Judgement]:
    """Judge an event that no rule names: perhaps a glob means it."""
    if need.asked_for(event):
        yield _event(event, found, group)
        return
    yield group.advice(
        f"“{event}” is sent here, and no rule asks for it",
        "Write a rule for it, or delete its webhook at Pirsch.",
    )


def _lost(hook: Webhook, found: Sorted, group: Group) -> Judgement:
    if hook in found.old:
        return group.advice(
            f"“{hook.event}” still comes to the old address, and no rule names it",
            "Delete its webhook at Pirsch, or save it with the new address.",
        )
    return group.advice(
        f"“{hook.event}” is sent to an address that this bot does not know (any more)",
        "Delete its webhook at Pirsch, or save it with the present address.",
    )


def _glob(glob: str, need: SiteNeeds, group: Group) -> Judgement:
    return group.advice(
        f"the rule on “{glob}” hears only names that have a webhook of their own",
        "Pirsch knows no wildcards: add a webhook for each name that is meant.",
    )
