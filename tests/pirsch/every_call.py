"""How each method of the client is called: one row for each row of the table of calls."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from bot.pirsch.answers.owned import Filter, LinkUrl, Webhook
from bot.pirsch.client import Pirsch
from bot.pirsch.conditions import Dimension, equals
from bot.pirsch.domains import DomainDraft
from bot.pirsch.funnels import FunnelDraft, StepDraft
from bot.pirsch.goals import GoalDraft
from bot.pirsch.ids import (
    AccessLinkId,
    AlternativeId,
    DomainId,
    FilterId,
    FunnelId,
    GoalId,
    LinkId,
    OrganizationId,
    ReportId,
    SessionId,
    ViewId,
    VisitorId,
    WebhookId,
)
from bot.pirsch.ingest import EventHit, Hit, Visit
from bot.pirsch.links import LinkDraft
from bot.pirsch.query import Query
from bot.pirsch.reports import Every, ReportDraft

DOMAIN = DomainId("0DJ0mo934")
DAY = date(2026, 5, 4)
AT = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
QUERY = Query.days(DOMAIN, DAY, date(2026, 5, 10), tz="Europe/Berlin")
MINUTES = Query.window(DOMAIN, DAY, time(10, 0), time(11, 0))
VISIT = Visit(ip="192.0.2.1", user_agent="Mozilla/5.0 (X11; Linux x86_64)")
HIT = Hit(visit=VISIT, url="https://example.com/", at=AT)
EVENT = EventHit(hit=HIT, name="purchase", meta={"amount": "12.50"}, duration=timedelta(seconds=42))
GOAL = GoalDraft(name="Signup", event="signup", visitors=500)
STEPS = (
    StepDraft(name="Cart", filter={"path": ["/cart"]}),
    StepDraft(name="Bought", filter={"event_name": ["purchase"]}),
)
FUNNEL = FunnelDraft(name="Funnel for sale", steps=STEPS)
REPORT = ReportDraft(
    every=Every.WEEK,
    reply_to="",
    link_to="dashboard",
    visitor_graph=True,
    summary=True,
    top_pages=True,
    top_referrer=True,
    top_events=True,
    hide_dashboard_button=False,
)
LINK = LinkDraft(name="Spring", urls=(LinkUrl(url="https://example.com/spring"),))
ENDPOINT = "https://bot.example.com/hooks/shop/path-that-nobody-guesses"
FIVE_DAYS = timedelta(days=5)
ID = "A5kgYzK14m"
WEBHOOK = Webhook(id=WebhookId(ID), event="event_name", endpoint=ENDPOINT)
FILTER = Filter(id=FilterId(ID), type="ip", filter="89.56.99.71")
NEW_DOMAIN = DomainDraft(hostname="new.example.com", subdomain="new-example", timezone="Europe/Berlin")


class World(Protocol):
    """What the calls are about: fixed ids where answers are scripted, real ones where Pirsch is simulated."""

    @property
    def domain(self) -> DomainId: ...
    @property
    def subdomain(self) -> str: ...
    @property
    def custom_domain(self) -> str: ...
    @property
    def access_code(self) -> str: ...
    @property
    def query(self) -> Query: ...
    @property
    def minutes(self) -> Query: ...
    @property
    def visit(self) -> tuple[VisitorId, SessionId]: ...
    @property
    def organization(self) -> OrganizationId: ...
    @property
    def access_link(self) -> AccessLinkId: ...
    @property
    def alternative(self) -> AlternativeId: ...
    @property
    def webhook(self) -> Webhook: ...
    @property
    def filter(self) -> Filter: ...
    @property
    def goal(self) -> GoalId: ...
    @property
    def funnel(self) -> FunnelId: ...
    @property
    def report(self) -> ReportId: ...
    @property
    def link(self) -> LinkId: ...
    @property
    def view(self) -> ViewId: ...


class Scripted:
    """A world of which only the ids exist."""

    domain = DOMAIN
    subdomain = "example"
    custom_domain = "my-domain.com"
    access_code = "03kDM6o"
    query = QUERY
    minutes = MINUTES
    visit = (VisitorId("18446744073709551615"), SessionId(12345))
    organization = OrganizationId("Jk49fgm38")
    access_link = AccessLinkId(ID)
    alternative = AlternativeId(ID)
    webhook = WEBHOOK
    filter = FILTER
    goal = GoalId(ID)
    funnel = FunnelId(ID)
    report = ReportId(ID)
    link = LinkId(ID)
    view = ViewId(ID)


SCRIPTED = Scripted()

CALL: Mapping[str, Callable[[Pirsch, World], object]] = {
    "ingest.hit": lambda p, w: p.ingest.hit(HIT),
    "ingest.hits": lambda p, w: p.ingest.hits([HIT]),
    "ingest.event": lambda p, w: p.ingest.event(EVENT),
    "ingest.events": lambda p, w: p.ingest.events([EVENT]),
    "ingest.session": lambda p, w: p.ingest.session(VISIT),
    "ingest.sessions": lambda p, w: p.ingest.sessions([(AT, VISIT)]),
    "statistics.total": lambda p, w: p.statistics.total(w.query),
    "statistics.overview": lambda p, w: p.statistics.overview(w.domain),
    "statistics.visitors": lambda p, w: p.statistics.visitors(w.query),
    "statistics.growth": lambda p, w: p.statistics.growth(w.query),
    "statistics.active": lambda p, w: p.statistics.active(w.domain, timedelta(minutes=10)),
    "statistics.hours": lambda p, w: p.statistics.hours(w.query),
    "statistics.minutes": lambda p, w: p.statistics.minutes(w.minutes),
    "statistics.weekdays": lambda p, w: p.statistics.weekdays(w.query),
    "statistics.session_durations": lambda p, w: p.statistics.session_durations(w.query),
    "statistics.page_durations": lambda p, w: p.statistics.page_durations(w.query),
    "statistics.goals": lambda p, w: p.statistics.goals(w.query),
    "statistics.events": lambda p, w: p.statistics.events(w.query),
    "statistics.event_meta": lambda p, w: p.statistics.event_meta(w.query, "purchase", "currency"),
    "statistics.event_list": lambda p, w: p.statistics.event_list(w.query),
    "statistics.funnel": lambda p, w: p.statistics.funnel(w.query, w.funnel),
    "statistics.sessions": lambda p, w: p.statistics.sessions(w.query),
    "statistics.session_steps": lambda p, w: p.statistics.session_steps(w.query, *w.visit),
    "statistics.export_csv": lambda p, w: p.statistics.export_csv(w.query, ["visitors"]),
    "breakdowns.event_pages": lambda p, w: p.breakdowns.event_pages(w.query, "purchase"),
    "breakdowns.platforms": lambda p, w: p.breakdowns.platforms(w.query),
    "breakdowns.tag_values": lambda p, w: p.breakdowns.tag_values(w.query, "author"),
    "breakdowns.keyword_pages": lambda p, w: p.breakdowns.keyword_pages(w.query, "keyword"),
    "breakdowns.pages": lambda p, w: p.breakdowns.pages(w.query),
    "breakdowns.entry_pages": lambda p, w: p.breakdowns.entry_pages(w.query),
    "breakdowns.exit_pages": lambda p, w: p.breakdowns.exit_pages(w.query),
    "breakdowns.hostnames": lambda p, w: p.breakdowns.hostnames(w.query),
    "breakdowns.referrers": lambda p, w: p.breakdowns.referrers(w.query),
    "breakdowns.channels": lambda p, w: p.breakdowns.channels(w.query),
    "breakdowns.languages": lambda p, w: p.breakdowns.languages(w.query),
    "breakdowns.countries": lambda p, w: p.breakdowns.countries(w.query),
    "breakdowns.regions": lambda p, w: p.breakdowns.regions(w.query),
    "breakdowns.cities": lambda p, w: p.breakdowns.cities(w.query),
    "breakdowns.systems": lambda p, w: p.breakdowns.systems(w.query),
    "breakdowns.system_versions": lambda p, w: p.breakdowns.system_versions(w.query),
    "breakdowns.browsers": lambda p, w: p.breakdowns.browsers(w.query),
    "breakdowns.browser_versions": lambda p, w: p.breakdowns.browser_versions(w.query),
    "breakdowns.screens": lambda p, w: p.breakdowns.screens(w.query),
    "breakdowns.utm_sources": lambda p, w: p.breakdowns.utm_sources(w.query),
    "breakdowns.utm_mediums": lambda p, w: p.breakdowns.utm_mediums(w.query),
    "breakdowns.utm_campaigns": lambda p, w: p.breakdowns.utm_campaigns(w.query),
    "breakdowns.utm_contents": lambda p, w: p.breakdowns.utm_contents(w.query),
    "breakdowns.utm_terms": lambda p, w: p.breakdowns.utm_terms(w.query),
    "breakdowns.tags": lambda p, w: p.breakdowns.tags(w.query),
    "breakdowns.keywords": lambda p, w: p.breakdowns.keywords(w.query),
    "options.hostnames": lambda p, w: p.options.hostnames(w.query),
    "options.pages": lambda p, w: p.options.pages(w.query),
    "options.referrers": lambda p, w: p.options.referrers(w.query),
    "options.referrer_names": lambda p, w: p.options.referrer_names(w.query),
    "options.channels": lambda p, w: p.options.channels(w.query),
    "options.events": lambda p, w: p.options.events(w.query),
    "options.event_meta_keys": lambda p, w: p.options.event_meta_keys(w.query),
    "options.event_meta_values": lambda p, w: p.options.event_meta_values(w.query),
    "options.countries": lambda p, w: p.options.countries(w.query),
    "options.regions": lambda p, w: p.options.regions(w.query),
    "options.cities": lambda p, w: p.options.cities(w.query),
    "options.languages": lambda p, w: p.options.languages(w.query),
    "options.browsers": lambda p, w: p.options.browsers(w.query),
    "options.systems": lambda p, w: p.options.systems(w.query),
    "options.utm_sources": lambda p, w: p.options.utm_sources(w.query),
    "options.utm_mediums": lambda p, w: p.options.utm_mediums(w.query),
    "options.utm_campaigns": lambda p, w: p.options.utm_campaigns(w.query),
    "options.utm_contents": lambda p, w: p.options.utm_contents(w.query),
    "options.utm_terms": lambda p, w: p.options.utm_terms(w.query),
    "options.tags": lambda p, w: p.options.tags(w.query),
    "options.tag_values": lambda p, w: p.options.tag_values(w.query.where(Dimension.TAG, equals("author"))),
    "domains.all": lambda p, w: p.domains.all(search="hostname"),
    "domains.get": lambda p, w: p.domains.get(w.domain),
    "domains.by_subdomain": lambda p, w: p.domains.by_subdomain(w.subdomain),
    "domains.by_custom_domain": lambda p, w: p.domains.by_custom_domain(w.custom_domain),
    "domains.by_access_link": lambda p, w: p.domains.by_access_link(w.access_code),
    "domains.create": lambda p, w: p.domains.create(NEW_DOMAIN),
    "domains.rename": lambda p, w: p.domains.rename(w.domain, "New Display Name"),
    "domains.move_to_subdomain": lambda p, w: p.domains.move_to_subdomain(w.domain, "new-subdomain"),
    "domains.set_timezone": lambda p, w: p.domains.set_timezone(w.domain, "Europe/Berlin"),
    "domains.set_active_window": lambda p, w: p.domains.set_active_window(w.domain, timedelta(seconds=123)),
    "domains.set_settings": lambda p, w: p.domains.set_settings(w.domain, {"goals": True}),
    "domains.set_metadata": lambda p, w: p.domains.set_metadata(w.domain, {"kept by": "a bot"}),
    "domains.set_public": lambda p, w: p.domains.set_public(w.domain, on=True),
    "domains.set_scripts_disabled": lambda p, w: p.domains.set_scripts_disabled(w.domain, on=True),
    "domains.set_grouped_by_title": lambda p, w: p.domains.set_grouped_by_title(w.domain, on=True),
    "domains.flip_week_start": lambda p, w: p.domains.flip_week_start(w.domain),
    "domains.flip_noindex": lambda p, w: p.domains.flip_noindex(w.domain),
    "domains.snippet": lambda p, w: p.domains.snippet(w.domain, "event"),
    "domains.is_custom_domain": lambda p, w: p.domains.is_custom_domain(w.custom_domain),
    "access_links.of": lambda p, w: p.access_links.of(w.domain),
    "access_links.create": lambda p, w: p.access_links.create(w.domain, "for the board", AT),
    "access_links.update": lambda p, w: p.access_links.update(w.access_link, "for all", AT),
    "access_links.delete": lambda p, w: p.access_links.delete(w.access_link),
    "alternatives.of": lambda p, w: p.alternatives.of(w.domain),
    "alternatives.create": lambda p, w: p.alternatives.create(w.domain, "other.example.com"),
    "alternatives.update": lambda p, w: p.alternatives.update(w.alternative, "b.example.com"),
    "alternatives.delete": lambda p, w: p.alternatives.delete(w.alternative),
    "webhooks.of": lambda p, w: p.webhooks.of(w.domain),
    "webhooks.create": lambda p, w: p.webhooks.create(w.domain, "purchase", ENDPOINT),
    "webhooks.update": lambda p, w: p.webhooks.update(w.domain, w.webhook),
    "webhooks.delete": lambda p, w: p.webhooks.delete(w.webhook.id),
    "filters.of": lambda p, w: p.filters.of(w.domain),
    "filters.create": lambda p, w: p.filters.create(w.domain, "ip", "192.0.2.7/32", "office"),
    "filters.update": lambda p, w: p.filters.update(w.domain, w.filter),
    "filters.delete": lambda p, w: p.filters.delete(w.filter.id),
    "traffic.flip_spike_mails": lambda p, w: p.traffic.flip_spike_mails(w.domain),
    "traffic.set_spike_threshold": lambda p, w: p.traffic.set_spike_threshold(w.domain, 100),
    "traffic.flip_silence_mails": lambda p, w: p.traffic.flip_silence_mails(w.domain),
    "traffic.set_silence_threshold": lambda p, w: p.traffic.set_silence_threshold(
        w.domain, timedelta(days=5)
    ),
    "goals.of": lambda p, w: p.goals.of(w.domain, search="name"),
    "goals.create": lambda p, w: p.goals.create(w.domain, GOAL),
    "goals.update": lambda p, w: p.goals.update(w.domain, w.goal, GOAL),
    "goals.delete": lambda p, w: p.goals.delete(w.goal),
    "goals.regex_matches": lambda p, w: p.goals.regex_matches("(?i)^/a/[^/]*$", "/a/b"),
    "funnels.of": lambda p, w: p.funnels.of(w.domain, search="Funnel"),
    "funnels.tags": lambda p, w: p.funnels.tags(w.domain, search="test"),
    "funnels.create": lambda p, w: p.funnels.create(w.domain, FUNNEL),
    "funnels.update": lambda p, w: p.funnels.update(w.domain, w.funnel, FUNNEL),
    "funnels.delete": lambda p, w: p.funnels.delete(w.funnel),
    "reports.of": lambda p, w: p.reports.of(w.domain),
    "reports.create": lambda p, w: p.reports.create(w.domain, ["member@foo.example"], REPORT, DAY),
    "reports.update": lambda p, w: p.reports.update(w.domain, w.report, REPORT),
    "reports.delete": lambda p, w: p.reports.delete(w.report),
    "links.of": lambda p, w: p.links.of(w.domain, search="Name"),
    "links.tags": lambda p, w: p.links.tags(w.domain, search="test"),
    "links.create": lambda p, w: p.links.create(w.domain, LINK),
    "links.update": lambda p, w: p.links.update(w.domain, w.link, LINK),
    "links.delete": lambda p, w: p.links.delete(w.link),
    "views.of": lambda p, w: p.views.of(w.domain, search="My View"),
    "views.create": lambda p, w: p.views.create(w.domain, "Campaign", {"period": 5, "path": ["/sample"]}),
    "views.update": lambda p, w: p.views.update(w.domain, w.view, "My View", {"period": 5}),
    "views.delete": lambda p, w: p.views.delete(w.view),
    "members.of": lambda p, w: p.members.of(w.domain),
    "members.of_organization": lambda p, w: p.members.of_organization(w.organization),
    "members.invitations": lambda p, w: p.members.invitations(),
    "members.invitations_to": lambda p, w: p.members.invitations_to(w.domain),
    "members.invitations_to_organization": lambda p, w: p.members.invitations_to_organization(w.organization),
    "account.clients": lambda p, w: p.account.clients(w.domain),
    "account.user": lambda p, w: p.account.user(),
    "account.news": lambda p, w: p.account.news(),
    "account.rewards": lambda p, w: p.account.rewards(),
    "account.usage": lambda p, w: p.account.usage(DAY, DAY),
    "organizations.all": lambda p, w: p.organizations.all(search="Organization"),
    "organizations.domains": lambda p, w: p.organizations.domains(w.organization),
    "themes.all": lambda p, w: p.themes.all(search="name", with_organizations=True),
    "themes.of_organization": lambda p, w: p.themes.of_organization(w.organization),
    "themes.by_subdomain": lambda p, w: p.themes.by_subdomain(w.subdomain),
    "themes.by_custom_domain": lambda p, w: p.themes.by_custom_domain(w.custom_domain),
    "imports.job": lambda p, w: p.imports.job(w.domain),
    "imports.google_job": lambda p, w: p.imports.google_job(w.domain),
    "imports.google_profiles": lambda p, w: p.imports.google_profiles(w.domain),
}
