"""[manage.<site>] as written -> what is wished, and everything that keeps a wish from being one."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter

from bot.facts import Vendor
from bot.manage.change import KindName
from bot.manage.kinds.goals import EMPTY
from bot.manage.kinds.reports import FULL
from bot.manage.wishes import (
    Caps,
    FilterType,
    FilterWish,
    FunnelWish,
    GoalWish,
    Managed,
    ReportWish,
)
from bot.settings import manage_tables
from bot.settings.locate import Path
from bot.settings.mistakes import as_text, did_you_mean
from bot.settings.reading import Raw
from bot.settings.source_tables import Site
from bot.settings.table import Table

T = TypeVar("T", bound=Table)

_MANAGE = TypeAdapter(manage_tables.Manage)


def read_managed(
    raw: Raw, sites: Mapping[str, Site], public_url: str | None, *, has_pirsch: bool
) -> dict[str, Managed]:
    """Read every [manage.<site>] that is right."""
    found = {}
    for name, value, path, title in raw.named_tables("manage"):
        before = len(raw.report.found)
        reading = _Reading(raw, name, value, path, title)
        reading.check_site(sites, has_pirsch=has_pirsch)
        reading.check_webhooks(sites, public_url)
        reading.check_channels()
        wished = reading.read()
        if wished is not None and len(raw.report.found) == before:
            found[name] = wished
    return found


class _Reading:
    """One [manage.<site>] being read."""

    def __init__(self, raw: Raw, site: str, value: dict[str, Any], path: Path, title: str) -> None:
        self.raw, self.site, self.value, self.path, self.title = raw, site, value, path, title

    def read(self) -> Managed | None:
        """Read its own keys, then each of its items by itself."""
        alone = {key: one for key, one in self.value.items() if key not in manage_tables.ITEMS}
        head = self.raw.validated(_MANAGE, manage_tables.Manage, alone, self.path, self.title)
        filters = [self._filter(*one) for one in self._items("filter", manage_tables.Filter)]
        goals = [self._goal(*one) for one in self._items("goal", manage_tables.Goal)]
        funnels = [self._funnel(*one) for one in self._items("funnel", manage_tables.Funnel)]
        reports = [self._report(*one) for one in self._items("report", manage_tables.Report)]
        self._check_each_once(goals, filters, funnels, reports)
        if head is None:
            return None
        modes = {KindName(kind): mode for kind, mode in head.modes if mode is not None}
        return Managed(
            site=self.site,
            mode=head.mode,
            modes=modes,
            caps=Caps(**head.caps.model_dump()),
            spike_threshold=head.spike_threshold,
            warning_days=head.warning_days,
            webhooks=head.webhooks,
            filters=tuple(filters),
            filter_types=head.filter_types,
            spam_hosts=head.spam_hosts,
            list_hosts=head.list_hosts,
            notify=head.notify,
            approvers=head.approvers,
            goals=tuple(goals),
            funnels=tuple(funnels),
            reports=tuple(reports),
            named=frozenset(self._named()),
        )

    def check_site(self, sites: Mapping[str, Site], *, has_pirsch: bool) -> None:
        """There must be a dashboard, and a way to it."""
        if self.site not in self.raw.names("site"):
            hint = did_you_mean(self.site, self.raw.names("site")) or "there is no [site.<name>] yet"
            self.raw.report.add(self.path, self.title, f'there is no site "{as_text(self.site)}"', hint)
        elif self.site in sites and sites[self.site].vendor is not Vendor.PIRSCH:
            what = "Umami is only read: there is nothing at it that the bot keeps in order"
            self.raw.report.add(self.path, self.title, what)
            return
        if not has_pirsch:
            self.raw.report.add(self.path, self.title, "there is no [pirsch] table with a client")

    def check_webhooks(self, sites: Mapping[str, Site], public_url: str | None) -> None:
        """A webhook needs an address to call: ours, with the site's token."""
        if "webhooks" not in self.value:
            return
        site = sites.get(self.site)
        if public_url is None:
            self._add("webhooks", "needs public_url in [bot]: the address that Pirsch is to call")
        elif site is not None and site.hook_token is None:
            self._add("webhooks", f"needs hook_token in [site.{self.site}]")

    def check_channels(self) -> None:
        """Everybody who is to be asked and told must be there."""
        known = self.raw.names("channel")
        for key in ("notify", "approvers"):
            named = self.value.get(key)
            for name in named if isinstance(named, list) else []:
                if isinstance(name, str) and name not in known:
                    hint = did_you_mean(name, known) or "there is no [channel.<name>] yet"
                    what = f'there is no channel "{as_text(name)}"'
                    self.raw.report.add((*self.path, key), f"{self.title}.{key}", what, hint)

    # ------------------------------------------------------------ items

    def _items(self, key: str, model: type[T]) -> Iterator[tuple[T, str, int]]:
        """Give those items of a kind that are right, with their place."""
        some = self.value.get(key, [])
        if not isinstance(some, list):
            self._add(key, f"write it as [[{self.title}.{key}]]")
            return
        for index, value in enumerate(some):
            place, path = f"{self.title}.{key}[{index + 1}]", (*self.path, key, index)
            if not isinstance(value, dict):
                self.raw.report.add(path, place, f"a table is needed: write it as [[{self.title}.{key}]]")
                continue
            one = self.raw.validated(TypeAdapter(model), model, value, path, place)
            if one is not None:
                yield one, place, index

    def _filter(self, table: manage_tables.Filter, place: str, _: int) -> FilterWish:
        type = FilterType(table.type)
        return FilterWish(type=type, source=table.source, note=table.note, until=table.until, place=place)

    def _goal(self, table: manage_tables.Goal, place: str, index: int) -> GoalWish:
        written = {name: value for name, value in table if name in EMPTY and value is not None}
        if table.path is None and table.event is None:
            path = (*self.path, "goal", index)
            self.raw.report.add(path, place, "path or event is needed: what visitors should do")
        fields = {name: sorted(one) if name == "tags" else one for name, one in written.items()}
        return GoalWish(name=table.name, fields=fields, place=place, when_reached=table.when_reached)

    def _funnel(self, table: manage_tables.Funnel, place: str, _: int) -> FunnelWish:
        return FunnelWish(name=table.name, steps=tuple(_step(one) for one in table.step), place=place)

    def _report(self, table: manage_tables.Report, place: str, _: int) -> ReportWish:
        fields = {name: value for name, value in table if name in FULL and value is not None}
        every = manage_tables.EVERY.index(table.every)
        return ReportWish(to=table.to, every=every, fields=fields, place=place)

    def _check_each_once(
        self,
        goals: list[GoalWish],
        filters: list[FilterWish],
        funnels: list[FunnelWish],
        reports: list[ReportWish],
    ) -> None:
        """Two wishes for one object would undo each other."""
        keys = [(f'a goal named "{one.name}"', one.place) for one in goals]
        keys += [(f'a funnel named "{one.name}"', one.place) for one in funnels]
        keys += [(f"a filter on {one.source}", one.place) for one in filters]
        keys += [
            (f"a report to {to} every {manage_tables.EVERY[one.every]}", one.place)
            for one in reports
            for to in dict.fromkeys(address.casefold() for address in one.to)
        ]
        first: dict[str, str] = {}
        for what, place in keys:
            if (other := first.setdefault(what, place)) != place:
                kind, index = place.removeprefix(f"{self.title}.").rstrip("]").split("[")
                path = (*self.path, kind, int(index) - 1)
                self.raw.report.add(path, place, f"there is {as_text(what)} already: {other}")

    def _named(self) -> Iterator[KindName]:
        keys = {"webhooks": KindName.WEBHOOK} | {kind.value: kind for kind in KindName}
        return (kind for key, kind in keys.items() if key in self.value)

    def _add(self, key: str, what: str) -> None:
        self.raw.report.add((*self.path, key), f"{self.title}.{key}", what)


def _step(table: manage_tables.FunnelStep) -> dict[str, object]:
    """A step in Pirsch's own words."""
    filter: dict[str, Any] = dict(table.filter or {})
    if table.path is not None:
        filter["path_pattern"] = [table.path]
    if table.event is not None:
        filter["event_name"] = [table.event]
    return {"name": table.name, "filter": filter}
