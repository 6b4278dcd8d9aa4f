"""[alerts] and [[silence]] as written -> the policy, and whatever keeps a silence from meaning anything."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from bot.alerts import Policy, Silence, Timer, Weekly
from bot.alerts.timers import contradiction
from bot.detect.flapping import Flapping
from bot.facts import Severity
from bot.rules.rule import Rule
from bot.settings import alert_tables
from bot.settings.mistakes import as_text, did_you_mean
from bot.settings.reading import Raw
from bot.watches.watch import Watch

_SILENCE = TypeAdapter(alert_tables.Silence)


def read_policy(raw: Raw, zone: ZoneInfo, rules: Sequence[Rule], watches: Sequence[Watch]) -> Policy:
    """Read how people want to be told of what lasts.

    A silence that names a rule has to mean one of the rules or watches.
    """
    names = [*(rule.name for rule in rules), *(watch.name for watch in watches)]
    table = raw.table("alerts", alert_tables.Alerts) or alert_tables.Alerts()
    return Policy(
        timer=table.timer,
        timers=dict(_timers(raw, rules, table.most_reminders)),
        watch_timers=dict(_watch_timers(raw, watches, table.most_reminders)),
        flapping=Flapping(changes=table.unstable, within=table.unstable_within),
        settle=table.settle,
        silences=tuple(_silences(raw, zone, names)),
    )


def _timers(raw: Raw, rules: Sequence[Rule], most: int) -> Iterator[tuple[str, Timer]]:
    """Give the timers of the rules that have one of their own."""
    places = _places(raw, "rule")
    for rule in rules:
        if rule.remind is None:
            continue
        mistake = _unheard(rule.remind, rule.severity) or contradiction(rule.remind, most)
        if rule.at_least is None and rule.none_within is None:
            mistake = (
                "nobody is reminded of what is over as soon as it is told: at_least or none_within is needed"
            )
        if mistake is None:
            yield rule.name, Timer(pauses=rule.remind, most=most)
        else:
            raw.report.add(("rule", places[rule.name], "remind"), f'rule "{rule.name}".remind', mistake)


def _watch_timers(raw: Raw, watches: Sequence[Watch], most: int) -> Iterator[tuple[str, Timer]]:
    """Give the timers of the watches that have one of their own: one for all sites of a [[watch]]."""
    places = _places(raw, "watch")
    for name, watch in {watch.name: watch for watch in watches}.items():
        pauses = watch.remind
        if pauses is None:
            continue
        mistake = _unheard(pauses, watch.severity) or contradiction(pauses, most)
        if mistake is None:
            yield name, Timer(pauses=pauses, most=most)
        else:
            raw.report.add(("watch", places[name], "remind"), f'watch "{name}".remind', mistake)


def _unheard(pauses: Sequence[timedelta], severity: Severity) -> str | None:
    if pauses and severity is Severity.INFO:
        return "nobody is reminded of what is only for information: leave one of the two out"
    return None


def _places(raw: Raw, kind: str) -> dict[str, int]:
    """Where each of a list stands in the file, by its name."""
    return {str(one.get("name")): index for index, one in enumerate(_written(raw, kind))}


def _silences(raw: Raw, zone: ZoneInfo, names: Sequence[str]) -> Iterator[Silence]:
    if not isinstance(raw.data.get("silence", []), list):
        raw.report.add(("silence",), "silence", "write it as [[silence]]")
    for index, value in enumerate(_written(raw, "silence")):
        name = as_text(value.get("name", ""))
        title = f'silence "{name}"' if name else f"silence {index + 1}"
        _check_site(raw, index, title, value.get("site"))
        _check_rule(raw, index, title, value.get("rule"), names)
        table = raw.validated(_SILENCE, alert_tables.Silence, value, ("silence", index), title)
        if table is not None:
            yield _silence(table, zone)


def _silence(table: alert_tables.Silence, zone: ZoneInfo) -> Silence:
    when = Weekly(begins=table.begins, ends=table.ends, zone=table.zone(zone), days=table.weekdays())
    return Silence(name=table.name, when=when, site=table.site, rule=table.rule, severity=table.severity)


def _check_site(raw: Raw, index: int, title: str, site: object) -> None:
    known = raw.names("site")
    if isinstance(site, str) and site not in known:
        hint = did_you_mean(site, known) or "there is no [site.<name>] yet"
        raw.report.add(
            ("silence", index, "site"), f"{title}.site", f'there is no site "{as_text(site)}"', hint
        )


def _check_rule(raw: Raw, index: int, title: str, rule: object, names: Sequence[str]) -> None:
    written = {str(one.get("name")) for kind in ("rule", "watch") for one in _written(raw, kind)}
    known = written.union(names)  # also those with a mistake in them
    if isinstance(rule, str) and rule and not any(fnmatchcase(name, rule) for name in known):
        what = f'it keeps nothing quiet: no rule or watch is called "{as_text(rule)}"'
        raw.report.add(("silence", index, "rule"), f"{title}.rule", what, did_you_mean(rule, known))


def _written(raw: Raw, kind: str) -> list[Mapping[str, Any]]:
    """The tables of a list as they stand in the file; what is no table is left out."""
    value = raw.data.get(kind, [])
    return [one if isinstance(one, dict) else {} for one in value] if isinstance(value, list) else []
