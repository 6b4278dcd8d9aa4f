"""Kinds of objects, one module each; `kind.py` says what each promises."""

from collections.abc import Mapping

from bot.manage.change import KindName
from bot.manage.kinds.filters import Filters
from bot.manage.kinds.funnels import Funnels
from bot.manage.kinds.goals import Goals
from bot.manage.kinds.kind import Kind
from bot.manage.kinds.reports import Reports
from bot.manage.kinds.thresholds import SpikeThreshold, WarningDays
from bot.manage.kinds.webhooks import Webhooks

KINDS: Mapping[KindName, Kind] = {
    one.name: one
    for one in (Filters(), Goals(), Funnels(), Reports(), Webhooks(), SpikeThreshold(), WarningDays())
}
"""All kinds, in the order in which a config is written."""

__all__ = ["KINDS", "Kind"]
