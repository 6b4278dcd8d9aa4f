"""What the rules would do, without doing it: last week's events once more, or one event that never came.

Memories stand in dicts, and time moves from event to event. No store, no network, no clock.
"""

from bot.rehearsal.replay import Heard, Replay, Told
from bot.rehearsal.trial import Trial, try_one

__all__ = ["Heard", "Replay", "Told", "Trial", "try_one"]
