"""The plug for whoever knows why a number differs."""

from typing import Protocol

from bot.facts import Explanation
from bot.sources.source import Source
from bot.watches.look import Kept
from bot.watches.opinion import Opinion
from bot.watches.watch import Watch


class Explain(Protocol):
    """Asks for what made a difference, when that is about to be told and nothing is written yet."""

    def __call__(self, watch: Watch, kept: Kept, opinion: Opinion, source: Source) -> Explanation | None:
        """Return what made the difference; None where nothing can be asked.

        May raise SourceError: the message goes out without an explanation then.
        """


def unexplained(watch: Watch, kept: Kept, opinion: Opinion, source: Source) -> None:
    """Ask for nothing."""
