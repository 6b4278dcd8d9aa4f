"""Reads a file's tables one by one, so that one mistake hides no other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.settings import tables
from bot.settings.explain import explain, where_known
from bot.settings.locate import Path as Place
from bot.settings.mistakes import Report, as_key, did_you_mean
from bot.settings.source_tables import Site
from bot.settings.words import Name

T = TypeVar("T", bound=BaseModel)

KNOWN = (*tables.TABLES, *tables.NAMED, "alerts", "rule", "watch", "occasion", "silence", "digest")
_NAME = TypeAdapter(Name)
_CHANNEL: TypeAdapter[tables.SlackChannel | tables.MailChannel] = TypeAdapter(tables.Channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """A file's data as TOML gives it, what its secrets and paths are read from, and the mistakes so far."""

    data: Mapping[str, Any] = field(repr=False)  # a secret may stand in the wrong place
    environ: Mapping[str, str] = field(repr=False)
    folder: Path
    report: Report

    def check_names_of_tables(self) -> None:
        """Note every table that there is not."""
        for name, value in self.data.items():
            if name not in KNOWN:
                is_table = isinstance(value, dict | list)
                what = "unknown table" if is_table else "unknown key outside of a table"
                hint = did_you_mean(name, KNOWN) if is_table else where_known(name)
                self.report.add((name,), as_key(name), what, hint)

    def table(self, name: str, model: type[T]) -> T | None:
        """Read a table that stands alone; None when it is missing or wrong."""
        if name not in self.data:
            return None
        found: T | None = self.validated(TypeAdapter(model), model, self.data[name], (name,), name)
        return found

    def sites(self) -> dict[str, Site]:
        """Read every [site.<name>] that is right."""
        read = TypeAdapter(Site)
        return {
            name: one
            for name, value, path, title in self.named_tables("site")
            if (one := self.validated(read, Site, value, path, title)) is not None
        }

    def channels(self) -> dict[str, tables.SlackChannel | tables.MailChannel]:
        """Read every [channel.<name>] that is right. Its type decides which keys it has."""
        found = {}
        for name, value, path, title in self.named_tables("channel"):
            model = tables.MailChannel if value.get("type") == "mail" else tables.SlackChannel
            if (one := self.validated(_CHANNEL, model, value, path, title)) is not None:
                found[name] = one
        return found

    def names(self, kind: str) -> Mapping[str, Any]:
        """Return the tables of a kind as written, right or wrong: a name that stands there is known."""
        value = self.data.get(kind)
        return value if isinstance(value, dict) else {}

    def items(self, kind: str) -> list[Any]:
        """Return the tables of a list, such as [[rule]], as written."""
        value = self.data.get(kind, [])
        if isinstance(value, list):
            return value
        self.report.add((kind,), kind, f"write it as [[{kind}]]")
        return []

    def listed(self, kind: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Give the tables of a list with their places; note what is none."""
        for index, one in enumerate(self.items(kind)):
            if isinstance(one, dict):
                yield index, one
            else:
                what = f"a table is needed: write it as [[{kind}]]"
                self.report.add((kind, index), f"{kind} {index + 1}", what)

    def validated(
        self, read: TypeAdapter[Any], model: type[BaseModel], value: object, path: Place, title: str
    ) -> Any:
        """Read one table; None, and its mistakes in the report, when it is wrong."""
        try:
            return read.validate_python(value, context={"environ": self.environ, "folder": self.folder})
        except ValidationError as error:
            explain(error, model, path, title, self.report)
            return None

    def named_tables(self, kind: str) -> Iterator[tuple[str, dict[str, Any], Place, str]]:
        """Give the tables of a kind with their name, path and title; note what is no table or no name."""
        how = f"write it as {tables.NAMED[kind]}"
        if not isinstance(self.data.get(kind, {}), dict):
            self.report.add((kind,), kind, how)
        for name, value in self.names(kind).items():
            path, title = (kind, name), f"{kind}.{as_key(name)}"
            try:
                _NAME.validate_python(name)
            except ValidationError:
                self.report.add(path, title, 'the name needs small letters, digits, "-" and "_"')
            if isinstance(value, dict):
                yield name, value, path, title
            else:
                self.report.add(path, title, f"a table is needed: {how}")
