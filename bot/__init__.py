"""pirsch-bot: hears a site's events, watches its numbers, tells people, keeps the account in order.

Start with `bot.facts` (the values that flow), then `bot.pipeline` (the ways they flow).
"""

__version__ = "0.1.0"
