"""[[watch]] as written -> watches, one a site, and everything that keeps one from ever judging."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter

from bot.detect.verdict import Side
from bot.settings import watch_tables
from bot.settings.entry import Entry
from bot.settings.mistakes import as_text, did_you_mean
from bot.settings.reading import Raw
from bot.settings.source_tables import Site
from bot.settings.watch_tables import CONDITIONS, LOOKS_AT
from bot.settings.whole import unreadable
from bot.watches.look import Look
from bot.watches.looks import LOOKS, untold
from bot.watches.watch import LEAST, Beyond, Changed, Condition, Silent, Unusual, Watch

_TABLE = TypeAdapter(watch_tables.Watch)
_STAND_IN: Mapping[str, Any] = {"name": "?", "look": "visitors", "notify": ["stand-in"]}
_WRITTEN: Mapping[type[Condition], str] = {
    Unusual: "unusual",
    Beyond: "above or below",
    Changed: "change",
    Silent: "silent_for",
}


def read_watches(raw: Raw, sites: Mapping[str, Site]) -> tuple[Watch, ...]:
    """Read every [[watch]] that is right, in the order of the file; one without a site is one for each."""
    found: list[Watch] = []
    names: dict[str, int] = {}
    for index, value in raw.listed("watch"):
        reading = _Reading(raw, "watch", index, value)
        before = len(raw.report.found)
        reading.check_name_is_new(names)
        reading.check_channels()
        reading.check_site_is_known()
        read = list(reading.read(sites))
        reading.check_numbers_can_be_read()
        if len(raw.report.found) == before:
            found.extend(read)
    return tuple(found)


class _Reading(Entry):
    """One watch being read."""

    def read(self, sites: Mapping[str, Site]) -> Iterator[Watch]:
        """Give it for each of its sites. One wrong key hides nothing that is wrong with the others."""
        table, broken = self.table(_TABLE, watch_tables.Watch, _STAND_IN)
        look = self._look(table, broken)
        if not table.notify:
            self.add("notify", "nobody is told: name at least one channel")
        if not sites and table.site is None:
            self.add("", "there is no [site.<name>] that it could look at")
        condition = self._condition(table, broken)
        if look is None:
            return
        self._check_keys(table, look, broken)
        if table.do is not None and table.do.filter is not None:
            self.add(
                "do",
                "a filter is made from the meta of an event, and a number has none",
                hint="a [[rule]] can",
            )
        if not self._fits(condition, look, broken):
            return
        named = [table.site] if table.site is not None else sorted(sites)
        self._check_told(table, sites, named)
        found = [_watch(table, site, look, condition) for site in named]
        for key, what in look.mistakes(found[0]) if found else ():
            self.add(key, what)
        yield from found

    def check_numbers_can_be_read(self) -> None:
        """Each of its sites needs a way to its numbers."""
        known, named = self.raw.names("site"), self.value.get("site")
        asked = known.values() if named is None else [known.get(str(named), {})]
        if any(unreadable(self.raw, one) for one in asked) or (not known and "pirsch" not in self.raw.data):
            self.add("", "it can never look: there is no [pirsch] table with the credentials of a client")

    def _check_told(self, table: watch_tables.Watch, sites: Mapping[str, Site], named: list[str]) -> None:
        """Not every vendor tells every number."""
        for site in named:
            why = untold(sites[site].vendor, table.look) if site in sites else None
            if why is not None:
                others = [one for one in sorted(sites) if untold(sites[one].vendor, table.look) is None]
                hint = f"a watch for each of {', '.join(others)} can" if others else ""
                self.add("look", f"{why}, and {site} is counted there", hint=hint)

    def _look(self, table: watch_tables.Watch, broken: set[str]) -> Look | None:
        if "look" in broken:
            return None
        if table.look not in LOOKS:
            hint = did_you_mean(table.look, LOOKS) or f"known: {', '.join(sorted(LOOKS))}"
            self.add("look", f'there is no look "{as_text(table.look)}"', hint=hint)
        return LOOKS.get(table.look)

    def _check_keys(self, table: watch_tables.Watch, look: Look, broken: set[str]) -> None:
        """A look takes some keys, and cannot do without others."""
        for key in LOOKS_AT:
            given = self.value.get(key) is not None
            if given and key not in look.needs | look.takes:
                takers = sorted(name for name, one in LOOKS.items() if key in one.needs | one.takes)
                hint = f"it belongs to {', '.join(takers)}" if takers else ""
                self.add(key, f'the look "{look.name}" takes no such key', hint=hint)
            elif not given and key in look.needs and key not in broken:
                self.add(key, f'the look "{look.name}" needs it')

    def _condition(self, table: watch_tables.Watch, broken: set[str]) -> Condition | None:
        """Return what is trouble; None where nothing is written: the look has its own, or a first one."""
        written = [key for key in CONDITIONS if self.value.get(key) is not None]
        if len(written) > 1:
            self.add(written[1], f"{' and '.join(written)} are {len(written)} watches: leave one")
        beyond = table.above is not None or table.below is not None
        if table.recovery is not None and not beyond and not broken & {"above", "below"}:
            self.add("recovery", "without above or below there is nothing to come back from")
        if table.least is not None and table.change is None and "change" not in broken:
            self.add("least", "only change has it here; unusual has its own: unusual = { least = … }")
        condition = _condition(table, "silent_for" in written)
        if isinstance(condition, Beyond) and table.recovery is not None and condition.recovery is None:
            where = "below the limit of above" if condition.side is Side.UP else "above the limit of below"
            self.add("recovery", f"it must lie {where}, or the trouble would end as it begins")
        return condition

    def _fits(self, condition: Condition | None, look: Look, broken: set[str]) -> bool:
        """A look can judge some conditions, and perhaps has one of its own."""
        known = [one for one in look.conditions if one is not None]
        if condition is not None and type(condition) not in known:
            written = _WRITTEN[type(condition)]
            can = ", ".join(_WRITTEN[one] for one in known) or "none: leave it out"
            self.add("", f'the look "{look.name}" cannot judge {written}', hint=f"it judges {can}")
            return False
        if condition is None and look.conditions[0] in (Beyond, Changed) and not broken:
            can = ", ".join(_WRITTEN[one] for one in known)
            self.add("", f"what is trouble? Write {can}")
            return False
        return not broken & {"look", *CONDITIONS}


def _condition(table: watch_tables.Watch, silence: bool) -> Condition | None:
    if table.unusual is not None:
        wanted = table.unusual
        return Unusual(budget=wanted.budget, side=wanted.side, ratio=wanted.ratio, least=wanted.least)
    limits = {Side.UP: table.above, Side.DOWN: table.below}
    for side, limit in limits.items():
        if limit is not None:
            return _beyond(side, limit, table.recovery)
    if table.change is not None:
        share, side_or_none = table.change
        return Changed(share=share, side=side_or_none, least=table.least or LEAST)
    return Silent(within=table.silent_for) if silence else None


def _beyond(side: Side, limit: float, recovery: float | None) -> Beyond:
    """Return the limit; without a recovery on its wrong side, which is a mistake."""
    if recovery is not None and (recovery > limit if side is Side.UP else recovery < limit):
        return Beyond(side=side, limit=limit)
    return Beyond(side=side, limit=limit, recovery=recovery)


def _watch(table: watch_tables.Watch, site: str, look: Look, condition: Condition | None) -> Watch:
    first = look.conditions[0]
    if condition is None and first in (Unusual, Silent):
        condition = first()
    return Watch(
        name=table.name,
        site=site,
        look=table.look,
        condition=condition,
        every=table.every or look.every,
        notify=table.notify,
        hold=table.hold,
        severity=table.severity,
        remind=table.remind,
        do=None if table.do is None else table.do.meaning(),
        **{key: getattr(table, key) for key in LOOKS_AT},
    )
