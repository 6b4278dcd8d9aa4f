"""What happens when. APScheduler only ticks; what is due stands in rows, and one process may act on them.

To add a job: a `Job` with its name, its timing and a function of a `Turn`; its line in `bot/duties.py`.
"""

from bot.jobs.job import Job, Ran, Superseded, Turn
from bot.jobs.runner import Runner
from bot.jobs.schedule import LEAD, PRUNED_TOGETHER, Ages, Schedule
from bot.jobs.timing import Every, OnWall, Timing

__all__ = [
    "LEAD",
    "PRUNED_TOGETHER",
    "Ages",
    "Every",
    "Job",
    "OnWall",
    "Ran",
    "Runner",
    "Schedule",
    "Superseded",
    "Timing",
    "Turn",
]
