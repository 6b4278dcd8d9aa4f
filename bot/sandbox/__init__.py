"""The far sides, simulated: a shop, Pirsch, Slack and a mailbox over real sockets.

The demo's world and the tests' far side. Nothing in here knows the bot: any client can be pointed at it.
"""
