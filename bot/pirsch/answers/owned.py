"""What a bot keeps in order on a dashboard: webhooks, filters, goals, funnels, reports, links, views.

`rest` holds what Pirsch told beyond the documents; an update sends it back, because Pirsch writes whole
objects and takes what is left out for empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from bot.http.decoding import Keys, Rest
from bot.pirsch.ids import (
    AccessLinkId,
    AlternativeId,
    DomainId,
    FilterId,
    FunnelId,
    FunnelStepId,
    GoalId,
    LinkId,
    LinkUrlId,
    ReportId,
    ViewId,
    WebhookId,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Tells an endpoint of every event with one name.

    `active` turns false after more than 100 failed deliveries; saving the webhook revives it
    (docs.pirsch.io, "Webhooks"). None: not told.
    """

    id: WebhookId
    domain_id: DomainId | None = None
    created_at: Annotated[datetime | None, Keys("def_time")] = None
    changed_at: Annotated[datetime | None, Keys("mod_time")] = None
    description: str = ""
    event: str
    endpoint: str = field(repr=False)
    active: bool | None = None
    rest: Rest = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Keeps traffic out, from the moment it is saved on. The only documented type is "ip"."""

    id: FilterId
    domain_id: DomainId | None = None
    created_at: Annotated[datetime | None, Keys("def_time")] = None
    changed_at: Annotated[datetime | None, Keys("mod_time")] = None
    type: str
    description: str = ""
    filter: str
    rest: Rest = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A conversion goal with its targets; None means no target. `cr_percent` is percent.

    The documents swap the meaning of `path_pattern` and `pattern`: use `glob` and `regex`, which tell them
    apart by what they hold.
    """

    id: GoalId
    domain_id: DomainId | None = None
    created_at: Annotated[datetime | None, Keys("def_time")] = None
    changed_at: Annotated[datetime | None, Keys("mod_time")] = None
    name: str
    path_pattern: str = ""
    pattern: str = ""
    tags: tuple[str, ...] = ()
    event_name: str = ""
    event_meta_key: str = ""
    event_meta_value: str = ""
    custom_metric_key: str = ""
    custom_metric_type: str = ""
    visitors: Annotated[int | None, Keys("visitor_goal")] = None
    cr_percent: Annotated[float | None, Keys("cr_goal")] = None
    custom_metric_total: Annotated[float | None, Keys("custom_metric_total_goal")] = None
    custom_metric_avg: Annotated[float | None, Keys("custom_metric_avg_goal")] = None
    delete_reached: bool = False
    email_reached: bool = False
    rest: Rest = field(default_factory=dict, repr=False)

    @property
    def glob(self) -> str:
        """The path with wildcards, as a person wrote it; empty when there is none."""
        return next((text for text in (self.path_pattern, self.pattern) if text and not _is_regex(text)), "")

    @property
    def regex(self) -> str:
        """The regular expression on the path; empty when there is none."""
        return next((text for text in (self.path_pattern, self.pattern) if _is_regex(text)), "")


def _is_regex(text: str) -> bool:
    return text.startswith(("(?i)", "^")) or text.endswith("$")


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelStep:
    """One step and what must be true in it. `filter` is Pirsch's own object, to be handed back as it is."""

    id: FunnelStepId | None = None
    name: str = ""
    step: int | None = None
    filter: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """Two to eight steps. Ids of steps may change whenever the funnel is saved."""

    id: FunnelId
    domain_id: DomainId | None = None
    created_at: Annotated[datetime | None, Keys("def_time")] = None
    changed_at: Annotated[datetime | None, Keys("mod_time")] = None
    name: str
    steps: tuple[FunnelStep, ...] = ()
    rest: Rest = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report by mail to one address. The list leaves out some parts of it: None means not told."""

    id: ReportId
    domain_id: DomainId | None = None
    created_at: Annotated[datetime | None, Keys("def_time")] = None
    changed_at: Annotated[datetime | None, Keys("mod_time")] = None
    emails: Annotated[tuple[str, ...], Keys("email", "emails")]
    interval: int
    reply_to: str | None = None
    link_to: str | None = None
    visitor_graph: bool | None = None
    summary: bool | None = None
    top_pages: bool | None = None
    top_referrer: bool | None = None
    top_events: bool | None = None
    hide_dashboard_button: bool | None = None
    next_report: datetime | None = None
    rest: Rest = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkUrl:
    """Where a short link leads; country, language and system choose among several."""

    id: LinkUrlId | None = None
    url: str
    country: str = ""
    language: str = ""
    os: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A short link. A `webhook_endpoint` makes Pirsch keep a webhook of its own for it, `webhook_id`."""

    id: LinkId
    domain_id: DomainId | None = None
    created_at: Annotated[datetime | None, Keys("def_time")] = None
    changed_at: Annotated[datetime | None, Keys("mod_time")] = None
    name: str
    event_name: str = ""
    referrer: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_term: str = ""
    utm_content: str = ""
    expires_at: datetime | None = None
    expired_url: str = ""
    webhook_id: WebhookId | None = None
    webhook_endpoint: str = field(default="", repr=False)
    title: str = ""
    description: str = ""
    image: str = ""
    allow_indexing: bool = False
    tags: tuple[str, ...] = ()
    has_password: bool = False
    urls: tuple[LinkUrl, ...] = ()
    rest: Rest = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A saved choice of filters and period. `rest` holds the choice, in Pirsch's own words."""

    id: ViewId
    domain_id: DomainId | None = None
    created_at: Annotated[datetime | None, Keys("def_time")] = None
    changed_at: Annotated[datetime | None, Keys("mod_time")] = None
    name: str
    rest: Rest = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLink:
    """Lets anybody who has its `code` look at the dashboard: treat the code as a secret."""

    id: AccessLinkId
    domain_id: DomainId | None = None
    code: str = field(default="", repr=False)
    description: str = ""
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another hostname whose traffic counts to the dashboard."""

    id: AlternativeId
    domain_id: DomainId | None = None
    hostname: str
