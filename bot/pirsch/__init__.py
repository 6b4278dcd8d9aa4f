"""A client for the HTTP API of Pirsch Analytics. Knows the wire, and nothing of the bot.

`client.Pirsch` groups the calls by area: `pirsch.statistics.total(query)`, `pirsch.goals.create(...)`.
Every call goes through one guard (`wire.Wire.ask`), which takes its manners from one table (`calls.CALLS`);
what comes back is a frozen value (`answers`), and what goes wrong is one small tree (`errors`).
`python -m bot.pirsch.catalogue` writes the list of all calls, with those that are left out and why.
"""
