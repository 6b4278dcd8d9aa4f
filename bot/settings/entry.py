"""What the tables of a list, such as [[rule]], have in common: a name, a site, and people who are told."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.settings.explain import explain
from bot.settings.mistakes import as_text, did_you_mean
from bot.settings.reading import Raw


class Entry:
    """One table of a list, being read. `title` is how its mistakes call it: `rule "Big order"`."""

    def __init__(self, raw: Raw, kind: str, index: int, value: dict[str, Any]) -> None:
        self.raw = raw
        self.kind = kind
        self.index = index
        self.value = value
        name = as_text(value.get("name", ""))
        self.title = f'{kind} "{name}"' if name else f"{kind} {index + 1}"

    def add(self, key: str, what: str, *, hint: str = "") -> None:
        """Note a mistake at a key; at the table itself where the key is empty."""
        path = (self.kind, self.index, key) if key else (self.kind, self.index)
        self.raw.report.add(path, f"{self.title}.{key}" if key else self.title, what, hint)

    def check_name_is_new(self, names: dict[str, int]) -> None:
        """What is remembered, alerts and messages are known by the name."""
        name = self.value.get("name")
        if isinstance(name, str) and (first := names.setdefault(name, self.index)) != self.index:
            line = self.raw.report.line((self.kind, first))
            self.add("name", f"the {self.kind} on line {line} has this name already")

    def check_channels(self) -> None:
        """Everybody who is to be told must be there, and is told once."""
        known, notify = self.raw.names("channel"), self.value.get("notify")
        named = [one for one in notify if isinstance(one, str)] if isinstance(notify, list) else []
        for name in dict.fromkeys(named):
            if name not in known:
                hint = did_you_mean(name, known) or "there is no [channel.<name>] yet"
                self.add("notify", f'there is no channel "{as_text(name)}"', hint=hint)
            elif named.count(name) > 1:
                self.add("notify", f'"{name}" is named twice and would be told twice')

    def check_site_is_known(self) -> str | None:
        """Return the site that is named, if it is there."""
        known, site = self.raw.names("site"), self.value.get("site")
        if not isinstance(site, str):
            return None
        if site in known:
            return site
        hint = did_you_mean(site, known) or "there is no [site.<name>] yet"
        self.add("site", f'there is no site "{as_text(site)}"', hint=hint)
        return None

    def table(
        self, read: TypeAdapter[Any], model: type[BaseModel], stand_ins: Mapping[str, Any]
    ) -> tuple[Any, set[str]]:
        """Return the table, with stand-ins for the keys that are broken, and which those are.

        So one broken key hides nothing that is wrong with the others.
        """
        try:
            return read.validate_python(self.value), set()
        except ValidationError as error:
            explain(error, model, (self.kind, self.index), self.title, self.raw.report)
            broken = {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}
        right = {key: one for key, one in self.value.items() if key not in broken}
        return read.validate_python(right | {key: stand_ins[key] for key in broken & set(stand_ins)}), broken
