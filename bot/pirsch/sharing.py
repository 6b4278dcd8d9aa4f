"""Ways in and further names: access links and alternative domains of a dashboard (docs.pirsch.io, API v1)."""

from datetime import UTC, datetime

from bot.pirsch.answers.owned import AccessLink, Alternative
from bot.pirsch.errors import Unaskable
from bot.pirsch.ids import AccessLinkId, AlternativeId, DomainId
from bot.pirsch.making import Made, Maker
from bot.pirsch.removing import delete
from bot.pirsch.wire import Wire


class AccessLinks:
    """`pirsch.access_links`: addresses that let anybody look at a dashboard."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._maker = Maker(wire.timing)

    def of(self, domain: DomainId) -> tuple[AccessLink, ...]:
        """Return all access links, with their secret codes."""
        return self._wire.ask("access_links.of", (("domain_id", domain),)).many(AccessLink)

    def create(
        self, domain: DomainId, description: str, valid_until: datetime | None = None
    ) -> Made[AccessLink]:
        """Create an access link, unless one of that description is there."""
        if not description:
            raise Unaskable("an access link needs a description, by which it is found again")
        body = {"domain_id": domain, "description": description, "valid_until": _until(valid_until)}
        return self._maker.make(
            look=lambda: next((one for one in self.of(domain) if one.description == description), None),
            create=lambda: self._wire.ask("access_links.create", body=body).one(AccessLink),
        )

    def update(self, link: AccessLinkId, description: str, valid_until: datetime | None) -> None:
        """Write a whole access link."""
        body = {"id": link, "description": description, "valid_until": _until(valid_until)}
        self._wire.ask("access_links.update", body=body)

    def delete(self, link: AccessLinkId) -> bool:
        """Delete; False when it was gone already."""
        return delete(self._wire, "access_links.delete", link)


class Alternatives:
    """`pirsch.alternatives`: further hostnames whose traffic counts to a dashboard."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._maker = Maker(wire.timing)

    def of(self, domain: DomainId) -> tuple[Alternative, ...]:
        """Return all further hostnames."""
        return self._wire.ask("alternatives.of", (("domain_id", domain),)).many(Alternative)

    def create(self, domain: DomainId, hostname: str) -> Made[Alternative]:
        """Add a hostname, unless it is there."""
        if not hostname:
            raise Unaskable("a hostname is needed")
        body = {"domain_id": domain, "hostname": hostname}
        return self._maker.make(
            look=lambda: next((one for one in self.of(domain) if one.hostname == hostname), None),
            create=lambda: self._wire.ask("alternatives.create", body=body).one(Alternative),
        )

    def update(self, alternative: AlternativeId, hostname: str) -> None:
        """Put another hostname in the place of one."""
        self._wire.ask("alternatives.update", body={"id": alternative, "hostname": hostname})

    def delete(self, alternative: AlternativeId) -> bool:
        """Delete; False when it was gone already."""
        return delete(self._wire, "alternatives.delete", alternative)


def _until(at: datetime | None) -> str | None:
    if at is None:
        return None
    if at.tzinfo is None:
        raise Unaskable("valid_until needs a zone")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
