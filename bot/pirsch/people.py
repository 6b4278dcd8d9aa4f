"""Who belongs to what, and what it costs (docs.pirsch.io, API v1). Can be read here, and nothing changed."""

from datetime import date

from bot.pirsch.answers.account import (
    Domain,
    GoogleProfile,
    ImportJob,
    Invitation,
    Member,
    News,
    OAuthClient,
    Organization,
    Rewards,
    Theme,
    Usage,
)
from bot.pirsch.errors import NotFound, Unaskable
from bot.pirsch.ids import DomainId, OrganizationId
from bot.pirsch.wire import Wire


class Members:
    """`pirsch.members`: the people of a dashboard or an organisation."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def of(self, domain: DomainId) -> tuple[Member, ...]:
        """Return the members of a dashboard."""
        return self._wire.ask("members.of", (("id", domain),)).many(Member)

    def of_organization(self, organization: OrganizationId) -> tuple[Member, ...]:
        """Return the members of an organisation."""
        pairs = (("organization_id", organization),)
        return self._wire.ask("members.of_organization", pairs).many(Member)

    def invitations(self) -> tuple[Invitation, ...]:
        """Return the invitations that the owner of the credentials got."""
        return self._wire.ask("members.invitations").many(Invitation)

    def invitations_to(self, domain: DomainId) -> tuple[Invitation, ...]:
        """Return the open invitations to a dashboard."""
        return self._wire.ask("members.invitations_to", (("domain_id", domain),)).many(Invitation)

    def invitations_to_organization(self, organization: OrganizationId) -> tuple[Invitation, ...]:
        """Return the open invitations to an organisation."""
        pairs = (("organization_id", organization),)
        return self._wire.ask("members.invitations_to_organization", pairs).many(Invitation)


class Account:
    """`pirsch.account`: the owner of the credentials, the clients, the bill."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def clients(self, domain: DomainId) -> tuple[OAuthClient, ...]:
        """Return the OAuth clients and access keys of a dashboard, with their scopes and no secrets."""
        return self._wire.ask("account.clients", (("id", domain),)).many(OAuthClient)

    def user(self) -> object:
        """Return the owner of the credentials, as Pirsch tells it: its form is not documented."""
        return self._wire.ask("account.user").one(object)

    def news(self) -> tuple[News, ...]:
        """Return the vendor's news."""
        return self._wire.ask("account.news").many(News)

    def rewards(self) -> tuple[Rewards, ...]:
        """Return what the affiliate programme has earned."""
        return self._wire.ask("account.rewards").many(Rewards)

    def usage(self, first: date | None = None, last: date | None = None) -> tuple[Usage, ...]:
        """Return the billed page views by dashboard; beyond 50 dashboards one sum for all.

        The documents name the scopes *statistics* and *billing* for it, so have both.
        """
        if (first is None) != (last is None) or (first and last and first > last):
            raise Unaskable("a first and a last day are needed, in this order, or none")
        pairs = (("from", first.isoformat()), ("to", last.isoformat())) if first and last else ()
        return self._wire.ask("account.usage", pairs).many(Usage)


class Organizations:
    """`pirsch.organizations`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def all(self, search: str = "") -> tuple[Organization, ...]:
        """Return the organisations of the owner of the credentials."""
        pairs = (("search", search),) if search else ()
        return self._wire.ask("organizations.all", pairs).many(Organization)

    def domains(self, organization: OrganizationId, search: str = "") -> tuple[Domain, ...]:
        """Return the dashboards of an organisation."""
        pairs = (("id", organization), *((("search", search),) if search else ()))
        return self._wire.ask("organizations.domains", pairs).many(Domain)


class Themes:
    """`pirsch.themes`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def all(self, search: str = "", *, with_organizations: bool = False) -> tuple[Theme, ...]:
        """Return the themes of the owner of the credentials."""
        pairs = (("search", search),) if search else ()
        if with_organizations:
            pairs = (*pairs, ("include_organizations", "true"))
        return self._wire.ask("themes.all", pairs).many(Theme)

    def of_organization(self, organization: OrganizationId) -> tuple[Theme, ...]:
        """Return the themes of an organisation."""
        return self._wire.ask("themes.of_organization", (("organization_id", organization),)).many(Theme)

    def by_subdomain(self, subdomain: str) -> tuple[Theme, ...]:
        """Return the theme of the dashboard at a subdomain of pirsch.io."""
        return self._wire.ask("themes.by_subdomain", (("subdomain", subdomain),)).many(Theme)

    def by_custom_domain(self, hostname: str) -> tuple[Theme, ...]:
        """Return the theme of the dashboard at a domain of one's own."""
        return self._wire.ask("themes.by_custom_domain", (("domain", hostname),)).many(Theme)


class Imports:
    """`pirsch.imports`: imports that run, from other products."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def job(self, domain: DomainId) -> ImportJob | None:
        """Return the running import, or None."""
        return self._job("imports.job", domain)

    def google_job(self, domain: DomainId) -> ImportJob | None:
        """Return the running import from Google Analytics, or None."""
        return self._job("imports.google_job", domain)

    def _job(self, name: str, domain: DomainId) -> ImportJob | None:
        """The documents do not say how "none" looks: not found, null, or nothing at all."""
        try:
            answer = self._wire.ask(name, (("domain_id", domain),))
        except NotFound:
            return None
        return None if answer.is_empty else next(iter(answer.many(ImportJob)), None)

    def google_profiles(self, domain: DomainId) -> tuple[GoogleProfile, ...]:
        """Return what could be imported from Google Analytics."""
        return self._wire.ask("imports.google_profiles", (("domain_id", domain),)).many(GoogleProfile)
