"""Saved choices of filters and period (docs.pirsch.io, API v1, "Views")."""

from collections.abc import Mapping

from bot.pirsch.answers.owned import View
from bot.pirsch.errors import Unaskable
from bot.pirsch.ids import DomainId, ViewId
from bot.pirsch.making import Made, Maker, read_back
from bot.pirsch.removing import delete
from bot.pirsch.wire import Wire


class Views:
    """`pirsch.views`. The choice itself is an object in Pirsch's words, handed through as it is."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._maker = Maker(wire.timing)

    def of(self, domain: DomainId, search: str = "") -> tuple[View, ...]:
        """Return all views."""
        pairs = (("domain_id", domain), *((("search", search),) if search else ()))
        return self._wire.ask("views.of", pairs).many(View)

    def create(self, domain: DomainId, name: str, choice: Mapping[str, object]) -> Made[View]:
        """Save a choice, unless a view of that name is there (its choice is not compared)."""
        body = _body(domain, name, choice)
        return self._maker.make(
            look=lambda: next((one for one in self.of(domain) if one.name == name), None),
            create=lambda: self._wire.ask("views.create", body=body).one(View),
        )

    def update(self, domain: DomainId, view: ViewId, name: str, choice: Mapping[str, object]) -> View:
        """Write a whole view; take `View.rest` for a choice that is to stay."""
        body = {**_body(domain, name, choice), "id": view}
        return read_back(
            save=lambda: self._wire.ask("views.update", body=body).one(View),
            look=lambda: next((one for one in self.of(domain) if one.id == view), None),
            as_wished=lambda found: (
                found.name == name and all(found.rest.get(key) == value for key, value in choice.items())
            ),
        )

    def delete(self, view: ViewId) -> bool:
        """Delete; False when it was gone already."""
        return delete(self._wire, "views.delete", view)


def _body(domain: DomainId, name: str, choice: Mapping[str, object]) -> dict[str, object]:
    if not name:
        raise Unaskable("a view needs a name")
    return {**choice, "domain_id": domain, "name": name}
