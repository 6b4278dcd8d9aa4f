"""The account as code: what the owner wrote → a plan → a guard → a yes → carried out → the ledger.

Read `change` first: the values that flow. Then the way, downwards:

    wishes    what [manage.<site>] says, as values
    kinds     one file for each kind of object: read it at Pirsch, wish for it, write one change of it
    plan      wishes and what is there become sorted changes (pure)
    heirs     what takes the place of what cannot be changed, and is made before the old one goes (pure)
    guard     each change is allowed or refused, with the reason (pure)
    apply     one change after the other: intent into the ledger, a look, the call, a look, the outcome
    ledger    who, what, why, before, after, and what Pirsch answered; nothing in it is ever changed

To add a kind of object:

1. Its name in `change.KindName`, and what the owner writes for it in `wishes` and `bot/settings/manage.py`.
2. A module in `kinds` beside `goals.py`: a class with the five methods of `kinds.kind.Kind`.
3. Its line in `kinds.KINDS`, and the calls that it makes in `account.ALLOWED`.
4. Its strategy in `tests/manage/worlds.py`: the properties and every fault at every step then hold for it.
5. Its section in `config.example.toml` and in docs/manage.md.
"""
