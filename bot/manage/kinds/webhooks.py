"""Webhooks: one for each event, to our own address, kept alive.

The address holds the site's token, so no plan, ledger or message may repeat it. In their fields stands its
host, and a fingerprint by which two of them are told apart.
"""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from bot.manage.account import Account
from bot.manage.change import Change, KindName, Owner, Risk, Thing, Verb, Wanted
from bot.manage.fingerprints import fingerprint
from bot.manage.kinds.owned import has_drifted, owner_by_mark
from bot.manage.kinds.present import raw_of
from bot.manage.memory import Memory
from bot.manage.wishes import FROM_RULES, Given, Managed
from bot.pirsch.answers.owned import Webhook
from bot.pirsch.errors import Unaskable
from bot.pirsch.ids import WebhookId

LOST = "what happened while it was off was not told to us"


class Webhooks:
    """Keys are "signup → https://bot.example.com/… (3f9a01c2)".

    So a new token makes a new webhook, and the old one goes after it: no event is missed in between.
    """

    name = KindName.WEBHOOK
    readable = True

    def wanted(self, managed: Managed, given: Given) -> Sequence[Wanted]:
        """Return a webhook for each event; none while we have no address to give."""
        if given.endpoint is None or managed.webhooks is None:
            return ()
        events = given.events if managed.webhooks == FROM_RULES else managed.webhooks
        endpoint = veiled(given.endpoint)
        return tuple(
            Wanted(
                kind=self.name,
                key=key_of(event, endpoint),
                fields={"event": event, "endpoint": endpoint, "active": True},
                when_new={"note": ""},
                why=managed.why(self.name, event, place="webhooks"),
            )
            for event in dict.fromkeys(events)
        )

    def read(self, account: Account, memory: Memory) -> Sequence[Thing]:
        """Return all webhooks, those that short links keep for themselves among them."""
        return [self._thing(one, account, memory) for one in account.webhooks.of(account.domain)]

    def differs(self, wanted: Wanted, thing: Thing) -> Sequence[str]:
        """Only that Pirsch switched it off: event and address are the key."""
        return [name for name in ("active",) if wanted.fields[name] != thing.fields[name]]

    def judged(self, change: Change) -> Change:
        """Without a webhook we are deaf to its event."""
        if change.verb is Verb.UPDATE and "active" in change.fields:
            return replace(change, undoable=False, warnings=(*change.warnings, LOST))
        return replace(change, risk=Risk.MIDDLE if change.verb is Verb.DELETE else Risk.LOW)

    def write(self, account: Account, change: Change, present: Thing | None) -> str | None:
        """Make one unless we are told already, revive it, or take it away."""
        after = change.after or {}
        if present is None:
            if account.endpoint is None or veiled(account.endpoint) != after["endpoint"]:
                raise Unaskable("the address of this webhook is no longer the bot's")
            mark = account.mark.put(str(after["note"]))
            made = account.webhooks.create(account.domain, str(after["event"]), account.endpoint, mark)
            return made.value.id if made.created else None
        if change.verb is Verb.DELETE:
            account.webhooks.delete(WebhookId(present.id or ""))
            return present.id
        return account.webhooks.update(account.domain, raw_of(present, Webhook)).id

    def _thing(self, one: Webhook, account: Account, memory: Memory) -> Thing:
        remembered = memory.of(self.name, one.id)
        note, owner, unmarked = owner_by_mark(account.mark, one.description, remembered)
        endpoint = veiled(one.endpoint)
        # Whether it is active changes by itself: that is trouble, and no hand of somebody else.
        fields = {"event": one.event, "endpoint": endpoint, "note": note}
        return Thing(
            kind=self.name,
            key=key_of(one.event, endpoint),
            fields={**fields, "active": one.active is not False},
            id=one.id,
            owner=owner,
            drifted=owner is Owner.OURS and (unmarked or has_drifted(fields, remembered)),
            raw=one,
        )


def key_of(event: str, endpoint: str) -> str:
    """Return what makes two webhooks one; the address is a veiled one."""
    return f"{event} → {endpoint}"


def veiled(endpoint: str) -> str:
    """Return an address without its secret: scheme and host, and a fingerprint of the whole."""
    try:
        parts = urlsplit(endpoint)
        host = f"{parts.scheme}://{parts.hostname or '?'}"
    except ValueError:
        host = "?"
    return f"{host}/… ({fingerprint(endpoint)[:8]})"
