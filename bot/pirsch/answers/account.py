"""What a Pirsch account holds: dashboards, people, clients, themes, imports, usage."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from bot.http.decoding import Keys, Rest
from bot.pirsch.ids import (
    ClientRowId,
    DomainId,
    ImportId,
    InvitationId,
    MemberId,
    OrganizationId,
    SnippetId,
    ThemeId,
    UserId,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A dashboard. What Pirsch began to tell later, or tells in some answers only, may be None."""

    id: DomainId
    user_id: UserId | None = None
    organization_id: OrganizationId | None = None
    hostname: str
    subdomain: str = ""
    display_name: str = ""
    public: bool = False
    timezone: str = ""
    group_by_title: bool = False
    active_visitors_seconds: int | None = None
    disable_scripts: bool = False
    statistics_start: datetime | None = None
    imported_statistics: bool = False
    gsc_domain: str | None = None
    metadata: Mapping[str, object]
    settings: Mapping[str, object]
    theme_id: ThemeId | None = None
    custom_domain: str | None = None
    user_role: str = ""
    free_trial: bool | None = None
    subscription_active: bool | None = None
    subscription_plus: bool | None = None
    rest: Rest = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """How the tracking code of a dashboard is set up."""

    id: SnippetId
    domain_id: DomainId | None = None
    type: str = ""
    dev: bool = False
    include: str = ""
    exclude: str = ""
    domains: str = ""
    endpoint: str = ""
    sample: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a Pirsch account."""

    id: UserId
    email: str = ""
    full_name: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person's part in a dashboard or an organisation. Roles are written in either case."""

    id: MemberId
    user_id: UserId | None = None
    domain_id: DomainId | None = None
    organization_id: OrganizationId | None = None
    role: str = ""
    user: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation that nobody took up yet."""

    id: InvitationId
    domain_id: DomainId | None = None
    organization_id: OrganizationId | None = None
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthClient:
    """A client and its scopes: `r`, `w`, both, or empty. Its secret is shown once, when it is made."""

    id: ClientRowId
    domain_id: DomainId | None = None
    client_id: str = ""
    description: str = ""
    hit: Annotated[str, Keys("scope_hit")] = ""
    event: Annotated[str, Keys("scope_event")] = ""
    session: Annotated[str, Keys("scope_session")] = ""
    statistics: Annotated[str, Keys("scope_statistics")] = ""
    domains: Annotated[str, Keys("scope_domains")] = ""
    organizations: Annotated[str, Keys("scope_organizations")] = ""
    themes: Annotated[str, Keys("scope_themes")] = ""
    billing: Annotated[str, Keys("scope_billing")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """A group of people and dashboards."""

    id: OrganizationId
    user_id: UserId | None = None
    name: str
    members: Annotated[int | None, Keys("member", "members")] = None
    domains: int | None = None
    themes: int | None = None
    role: str = ""
    can_edit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """The look of a dashboard."""

    id: ThemeId
    user_id: UserId | None = None
    organization_id: OrganizationId | None = None
    name: str = ""
    settings: Mapping[str, object]
    is_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """An import that runs, from another analytics product: "ga", "plausible", "fathom"."""

    id: ImportId
    domain_id: DomainId | None = None
    type: str = ""
    google_user_email: str | None = None
    source: Annotated[str | None, Keys("domain")] = None
    first_day: Annotated[date | None, Keys("from")] = None
    last_day: Annotated[date | None, Keys("to")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleProfile:
    """A property of Google Analytics that could be imported."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A piece of news of the vendor; `content` is HTML written by them."""

    number: Annotated[int, Keys("news")]
    date: datetime | None = None
    version: str = ""
    headline: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewards:
    """What the affiliate programme has earned."""

    sum: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Billed page views of a dashboard in a period."""

    domain: object = None
    page_views: int

    @property
    def domain_id(self) -> DomainId | None:
        """The dashboard, or None for the sum of all."""
        if isinstance(self.domain, Mapping) and self.domain.get("id"):
            return DomainId(str(self.domain["id"]))
        return None
