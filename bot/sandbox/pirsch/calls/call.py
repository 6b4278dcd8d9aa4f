"""One call as its handler sees it, and the table rows that lead to handlers."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from werkzeug.datastructures import MultiDict

from bot.sandbox.pirsch.access import Right
from bot.sandbox.pirsch.account import Account
from bot.sandbox.pirsch.documents import Document, Fields, Shelf
from bot.sandbox.pirsch.limits import Class
from bot.sandbox.pirsch.record import Record
from bot.sandbox.pirsch.refusal import Refused, missing
from bot.sandbox.pirsch.webhooks import Postman

_HALF = re.compile("[\ud800-\udfff]")

READ_STATISTICS = Right(scope="statistics", letter="r")
READ, WRITE = Right(scope="domains", letter="r"), Right(scope="domains", letter="w")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Who asks what. `client` is None only on routes that are open."""

    account: Account
    postman: Postman
    client: Document | None
    query: MultiDict[str, str]
    raw: bytes
    now: datetime
    form: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> Fields:
        """Return the JSON object that was sent. Raises Refused (400) for anything else."""
        found = self._json()
        if not isinstance(found, dict):
            raise Refused(400, ["The body must be a JSON object."])
        return found

    def form_or_body(self) -> Fields:
        """Return the JSON object in the form's part `data`, or, without a form, the body."""
        return replace(self, raw=self.form["data"].encode()).body() if "data" in self.form else self.body()

    def batch(self) -> list[Fields]:
        """Return the JSON array of objects that was sent. Raises Refused (400) for anything else."""
        found = self._json()
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise Refused(400, ["The body must be a JSON array of objects."])
        return found

    def shelf(self, name: str) -> Shelf:
        """Return the objects of one kind."""
        return self.account.shelves[name]

    def domain(self, id: object) -> Document:
        """Return a domain that the client may see. Raises Refused (404): an empty id is answered alike."""
        found = self.shelf("domain").find(id if isinstance(id, str) else "")
        self._allow(found.id)
        return found

    def asked_domain(self, name: str) -> Document:
        """Return the domain whose id the query has: as "id" in some calls, as "domain_id" in others."""
        return self.domain(self.query.get(name))

    def owned(self, shelf: str, id: object) -> Document:
        """Return an object that the client may see. Raises Refused (404)."""
        found = self.shelf(shelf).find(id if isinstance(id, str) else "")
        self._allow(found.domain_id, self.shelf(shelf).noun)
        return found

    def record(self, domain: Document) -> Record:
        """Return the traffic of a domain."""
        return self.account.records[domain.id]

    def needs_plus(self) -> None:
        """Raise Refused (403) without the plan that has webhooks, funnels, tags and themes."""
        if not self.account.settings.plus:
            raise Refused(403, ["This feature requires the Plus plan."])

    def _allow(self, domain_id: str | None, noun: str = "Domain") -> None:
        own = self.client.domain_id if self.client else None
        if own is not None and domain_id != own:
            raise missing(noun)

    def _json(self) -> object:
        try:
            found = json.loads(self.raw, parse_constant=_no_number)
            # Half a surrogate pair cannot be written again; Go's decoder puts U+FFFD in its place, too.
            return json.loads(_HALF.sub("\ufffd", json.dumps(found, ensure_ascii=False)))
        except (ValueError, RecursionError):
            raise Refused(400, ["The body is not valid JSON."]) from None


def _no_number(name: str) -> float:
    raise ValueError(name)


Answer = Callable[[Call], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A call of the API. `sends` marks those that access keys may make; `open` needs no client at all."""

    method: str
    path: str
    answer: Answer
    needs: Right | None
    limited: Class = Class.CONFIGURATION
    sends: bool = False
    open: bool = False


def routes(needs: Right | None, table: Mapping[str, Answer]) -> tuple[Route, ...]:
    """Make routes of rows "METHOD /path": handler."""
    made = []
    for name, answer in table.items():
        method, path = name.split()
        made.append(Route(method=method, path=path, answer=answer, needs=needs))
    return tuple(made)


def search(call: Call, documents: list[Document], *fields: str) -> list[Document]:
    """Keep the objects that hold the query's `search` in one of these fields."""
    wanted = call.query.get("search", "").lower()
    return [one for one in documents if any(wanted in one.text(field).lower() for field in fields)]


def wired(documents: list[Document]) -> list[Fields]:
    """Return objects as an answer shows them."""
    return [document.wire() for document in documents]
