"""Goals: who reached them, and whether a target is met."""

from collections.abc import Mapping
from dataclasses import replace

from bot.sandbox.pirsch.selection import Filters, read
from bot.sandbox.pirsch.statistics.scope import Scope
from bot.sandbox.pirsch.statistics.tally import Row, share


def filters_of(goal: Mapping[str, object]) -> Filters:
    """Translate a goal's definition into the filters of a query. `pattern` is the regular expression."""
    found: dict[str, list[str]] = {}
    for field, name in (
        ("pattern", "pattern"),
        ("event_name", "event"),
        ("event_meta_key", "event_meta_key"),
        ("custom_metric_key", "custom_metric_key"),
        ("custom_metric_type", "custom_metric_type"),
    ):
        if value := goal.get(field):
            found[name] = [str(value)]
    if goal.get("event_meta_key") and goal.get("event_meta_value"):
        found[f"meta_{goal['event_meta_key']}"] = [str(goal["event_meta_value"])]
    tags = goal.get("tags")
    for tag in tags if isinstance(tags, list) else []:
        key, equals, value = str(tag).partition("=")
        found.setdefault(f"tag_{key}" if equals else "tag", []).append(value if equals else key)
    return found


def reached_by(scope: Scope, goal: Mapping[str, object]) -> Row:
    """Return the visitors, page views and conversion rate (a fraction) of one goal."""
    own = read(scope.period, filters_of(goal))
    tally = scope.over(replace(own, sessions=own.sessions + scope.selection.sessions)).tally()
    return {
        "visitors": len(tally.visitors),
        "views": tally.views,
        "cr": share(len(tally.visitors), scope.everybody()),
        "custom_metric_avg": tally.metric_average,
        "custom_metric_total": tally.amounts,
    }


def met(goal: Mapping[str, object], stats: Mapping[str, object]) -> bool:
    """Say whether a goal has targets and all of them are met. `cr_goal` is in percent, `cr` a fraction."""
    targets = (
        (goal.get("visitor_goal"), _number(stats["visitors"])),
        (goal.get("cr_goal"), 100 * _number(stats["cr"])),
        (goal.get("custom_metric_total_goal"), _number(stats["custom_metric_total"])),
        (goal.get("custom_metric_avg_goal"), _number(stats["custom_metric_avg"])),
    )
    wanted = [(_number(target), value) for target, value in targets if target]
    return bool(wanted) and all(value >= target for target, value in wanted)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
