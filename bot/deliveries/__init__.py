"""Were all events delivered? The vendor counts what happened, and we count what came.

A webhook is not repeated, so whatever is missing in the comparison is lost for good: this names it. `compare`
decides (pure), `gather` asks the vendor, `book` keeps what was compared.
"""

from bot.deliveries.book import prune

__all__ = ["prune"]
