"""Joins the stages; the only package that does. Read this second, after `facts`.

    heard    kept event -> read -> the rules that ask for it -> finding -> is it news? -> notice in the outbox
    waiting  time passes -> the rules that wait for it ---------^
    deliveries  a day as the vendor counts it -> what came -> what is missing -> notice in the outbox
    goals    a look at the goals of a site -> what was reached -> an event of our own, kept
    digested a digest is due -> what was gathered -> once for each destination -> notice in the outbox

Each way is one transaction: a notice waits if and only if its cause is settled. `step` is what they share,
and `beginning` is before the first of them.
"""

from bot.pipeline.beginning import DEAF_AFTER, begin, deaf, listen_anew
from bot.pipeline.deliveries import compare_day
from bot.pipeline.digested import Due, tell_digest
from bot.pipeline.goals import learn_goals
from bot.pipeline.heard import judge_event, judge_events, set_aside
from bot.pipeline.step import Judges, Progress
from bot.pipeline.waiting import DUE_TOGETHER, GRACE, judge_time

__all__ = [
    "DEAF_AFTER",
    "DUE_TOGETHER",
    "GRACE",
    "Due",
    "Judges",
    "Progress",
    "begin",
    "compare_day",
    "deaf",
    "judge_event",
    "judge_events",
    "judge_time",
    "learn_goals",
    "listen_anew",
    "set_aside",
    "tell_digest",
]
