"""[[digest]] as written -> digests that can come, and everything that keeps one from saying anything."""

from collections.abc import Collection, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from bot.digests.outline import OF_THE_BOT, USUAL_PARTS, Money, Outline, Part, Periodical, Schedule
from bot.settings.digest_tables import Digest
from bot.settings.mistakes import as_text, did_you_mean
from bot.settings.reading import Raw
from bot.settings.source_tables import Site
from bot.settings.whole import unreadable

_DIGEST = TypeAdapter(Digest)


def read_digests(raw: Raw, sites: Mapping[str, Site], zone: ZoneInfo) -> tuple[Periodical, ...]:
    """Read every [[digest]] that is right, in the order of the file."""
    found, names = [], dict[str, int]()
    for index, value in enumerate(raw.items("digest")):
        if not isinstance(value, dict):
            place = f"digest {index + 1}"
            raw.report.add(("digest", index), place, "a table is needed: write it as [[digest]]")
            continue
        reading = _Reading(raw, index, value)
        before = len(raw.report.found)
        reading.check_name_is_new(names)
        reading.check_each("notify", raw.names("channel"), "channel")
        reading.check_each("sites", raw.names("site"), "site")
        reading.check_each("sections", [part.value for part in Part], "section")
        digest = reading.read(sites, zone)
        if digest is not None and len(raw.report.found) == before:
            found.append(digest)
    return tuple(found)


class _Reading:
    """One digest being read."""

    def __init__(self, raw: Raw, index: int, value: dict[str, Any]) -> None:
        self.raw, self.index, self.value = raw, index, value
        name = as_text(value.get("name", ""))
        self.title = f'digest "{name}"' if name else f"digest {index + 1}"

    def read(self, sites: Mapping[str, Site], zone: ZoneInfo) -> Periodical | None:
        """Read it; None when something in it is wrong."""
        table = self.raw.validated(_DIGEST, Digest, self.value, ("digest", self.index), self.title)
        if table is None:
            return None
        named = table.sections and tuple(Part(one) for one in table.sections if one in tuple(Part))
        parts = named or _usual(table)
        self._check_parts(table, parts)
        outline = Outline(
            name=table.name,
            sites=table.sites if table.sites is not None else tuple(sites),
            parts=parts,
            notify=table.notify,
            when_usual=table.when_usual,
            revenue=tuple(
                Money(event=one.event, key=one.key, currency=one.currency or "") for one in table.revenue
            ),
            goals_over=table.goals_over,
        )
        schedule = Schedule(
            at=table.schedule.at,
            zone=table.timezone or zone,
            weekdays=table.schedule.weekdays,
            day_of_month=table.schedule.day_of_month,
        )
        return Periodical(outline=outline, schedule=schedule)

    def check_name_is_new(self, names: dict[str, int]) -> None:
        """Its editions and its thread of mails are known by its name."""
        name = self.value.get("name")
        if isinstance(name, str) and (first := names.setdefault(name, self.index)) != self.index:
            line = self.raw.report.line(("digest", first))
            self._add(".name", f"the digest on line {line} has this name already", "name")

    def check_each(self, key: str, known: Collection[str], kind: str) -> None:
        """Everything named must be there, once; a list must not be empty."""
        value = self.value.get(key)
        if value == []:
            self._add(f".{key}", f"at least one {kind} is needed", key)
        named = [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
        for name in dict.fromkeys(named):
            if name not in known:
                missing = f"known: {', '.join(known)}" if known else f"there is no [{kind}.<name>] yet"
                hint = did_you_mean(name, known) or missing
                self._add(f".{key}", f'there is no {kind} "{as_text(name)}"', key, hint=hint)
            elif named.count(name) > 1:
                self._add(f".{key}", f'"{name}" is named twice', key)

    def _check_parts(self, table: Digest, parts: tuple[Part, ...]) -> None:
        if Part.REVENUE in parts and not table.revenue:
            what = 'the section "revenue" needs to know what is added up'
            self._add(
                ".sections", what, "sections", hint='revenue = [{ event = "purchase", key = "amount" }]'
            )
        if table.revenue and Part.REVENUE not in parts:
            self._add(".revenue", 'the section "revenue" is not among the sections', "revenue")
        named = table.sites or tuple(self.raw.names("site"))
        of_pirsch = any(unreadable(self.raw, self.raw.names("site").get(site)) for site in named)
        if any(part not in OF_THE_BOT for part in parts) and of_pirsch:
            self._add("", "its numbers come from Pirsch, and there is no [pirsch] table")

    def _add(self, place: str, what: str, *path: str, hint: str = "") -> None:
        self.raw.report.add(("digest", self.index, *path), f"{self.title}{place}", what, hint)


def _usual(table: Digest) -> tuple[Part, ...]:
    """Return the sections of a digest that names none: revenue is among them where something is added up."""
    if not table.revenue:
        return USUAL_PARTS
    at = USUAL_PARTS.index(Part.GOALS)
    return (*USUAL_PARTS[:at], Part.REVENUE, *USUAL_PARTS[at:])
