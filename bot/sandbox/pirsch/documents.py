"""What the account holds: named objects on shelves, kept as the documents that the API answers."""

import random
import string
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.sandbox.clock import SandboxClock
from bot.sandbox.pirsch.refusal import Refused, missing

Json = object
Fields = dict[str, Json]

_LETTERS = string.ascii_letters + string.digits


@dataclass(slots=True, kw_only=True)
class Document:
    """One object. `hidden` is what no answer shows: secrets, failures, positions of switches."""

    id: str
    def_at: datetime
    mod_at: datetime
    fields: Fields
    domain_id: str | None = None
    hidden: Fields = field(default_factory=dict)
    locked: bool = False

    def wire(self) -> Fields:
        """Return the object as an answer shows it."""
        own = {} if "domain_id" in self.fields or self.domain_id is None else {"domain_id": self.domain_id}
        times = {"def_time": moment(self.def_at), "mod_time": moment(self.mod_at)}
        return {"id": self.id, **times, **own, **self.fields}

    def text(self, name: str) -> str:
        """Return a field that is text; empty when it is null or absent."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""


class Ids:
    """Ids like the vendor's: ten letters and digits, the same ones for the same seed."""

    def __init__(self, seed: str) -> None:
        self._rng = random.Random(f"{seed}/ids")  # noqa: S311 - a simulation
        self._lock = threading.Lock()

    def new(self, length: int = 10) -> str:
        """Return another one."""
        with self._lock:
            return "".join(self._rng.choices(_LETTERS, k=length))


class Shelf:
    """All objects of one kind, in the order of their making."""

    def __init__(self, noun: str, ids: Ids, clock: SandboxClock) -> None:
        self.noun = noun
        self._ids, self._clock = ids, clock
        self._documents: dict[str, Document] = {}
        self.created: list[str] = []  # ids, also of what is gone again

    def __iter__(self) -> Iterator[Document]:
        return iter(list(self._documents.values()))

    def __len__(self) -> int:
        return len(self._documents)

    def make(
        self,
        fields: Mapping[str, Json],
        domain_id: str | None = None,
        hidden: Mapping[str, Json] | None = None,
    ) -> Document:
        """Put a new object on the shelf."""
        now = self._clock()
        made = Document(
            id=self._ids.new(),
            def_at=now,
            mod_at=now,
            fields=dict(fields),
            domain_id=domain_id,
            hidden=dict(hidden or {}),
        )
        self._documents[made.id] = made
        self.created.append(made.id)
        return made

    def find(self, id: str) -> Document:
        """Return an object. Raises Refused (404) when there is none."""
        found = self._documents.get(id)
        if found is None:
            raise missing(self.noun)
        return found

    def of(self, domain_id: str | None) -> list[Document]:
        """Return the objects of a domain."""
        return [document for document in self if document.domain_id == domain_id]

    def change(self, document: Document, fields: Mapping[str, Json]) -> Document:
        """Change fields. Raises Refused (403) when it is locked, which no answer shows."""
        _unlocked(document)
        document.fields.update(fields)
        document.mod_at = self._clock()
        return document

    def drop(self, id: str) -> Document:
        """Take an object off the shelf. Raises Refused when there is none, or it is locked."""
        found = self.find(id)
        _unlocked(found)
        del self._documents[id]
        return found


def _unlocked(document: Document) -> None:
    if document.locked:
        raise Refused(403, ["Forbidden"])


def moment(at: datetime) -> str:
    """Write an instant with six fractional digits."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"
