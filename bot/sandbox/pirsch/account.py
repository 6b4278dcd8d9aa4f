"""The whole state of the simulated account, and how it looks at first."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.sandbox.clock import SandboxClock
from bot.sandbox.pirsch.access import ALL_SCOPES, SENDING, Credentials, Door
from bot.sandbox.pirsch.documents import Document, Ids, Shelf
from bot.sandbox.pirsch.record import Record
from bot.sandbox.pirsch.rhythm import Rhythm, usual_incidents
from bot.sandbox.pirsch.settings import Settings, Site

SHELVES: Mapping[str, str] = MappingProxyType(
    {
        "domain": "Domain",
        "webhook": "Webhook",
        "filter": "Filter",
        "goal": "Goal",
        "funnel": "Funnel",
        "report": "Report",
        "link": "Link",
        "view": "View",
        "member": "Member",
        "invitation": "Invitation",
        "organization": "Organization",
        "theme": "Theme",
        "access": "Access link",
        "alternative": "Domain",
        "snippet": "Snippet",
        "client": "Client",
        "import": "Import job",
    }
)
SETTINGS = (
    "active", "funnels", "sessions", "links", "graphs", "pages", "sources", "goals", "events", "location",
    "devices", "weekdays", "keywords", "nav_reload", "nav_filter", "nav_views", "nav_period",
    "nav_comparison", "nav_period_live",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail that Pirsch would have sent. `kind` is goal, webhook, spike, warning or report."""

    kind: str
    domain_id: str
    about: str
    sent_at: datetime


@dataclass(slots=True, kw_only=True)
class Switch:
    """A switch whose position no call shows, with its threshold."""

    on: bool = False
    threshold: int = 0
    muted_until: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Keys:
    """The credentials made at the start: of the user, and of each domain by hostname."""

    user: Credentials
    domains: dict[str, Credentials] = field(default_factory=dict)
    access_keys: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Keys(domains={sorted(self.domains)!r})"


class Account:
    """Shelves of objects, the record of each domain, switches, mails. Hold `lock` to change anything."""

    def __init__(self, settings: Settings, clock: SandboxClock) -> None:
        self.settings, self.clock = settings, clock
        self.lock = threading.RLock()
        self.ids = Ids(settings.seed)
        self.shelves = {name: Shelf(noun, self.ids, clock) for name, noun in SHELVES.items()}
        self.door = Door(settings.seed, self.shelves["client"], clock, settings.token_lifetime)
        self.records: dict[str, Record] = {}
        self.switches: dict[tuple[str, str], Switch] = {}
        self.mails: list[Mail] = []
        self.user = self._user()
        self.keys = Keys(user=self.door.admit(None, ALL_SCOPES, "user client"))
        for site in settings.sites:
            self._found(site)

    def domain_id(self, hostname: str) -> str:
        """Return the id of a domain. Raises LookupError."""
        for domain in self.shelves["domain"]:
            if domain.fields["hostname"] == hostname:
                return domain.id
        raise LookupError(hostname)

    def switch(self, domain_id: str, name: str) -> Switch:
        """Return a hidden switch of a domain: spike, warning, start_week_sunday or noindex."""
        return self.switches.setdefault((domain_id, name), Switch())

    def mail(self, kind: str, domain_id: str, about: str) -> None:
        """Note a mail."""
        self.mails.append(Mail(kind=kind, domain_id=domain_id, about=about, sent_at=self.clock()))

    def open_domain(self, fields: Mapping[str, object], site: Site | None = None) -> Document:
        """Make a domain with its record; without a site its traffic is only what is sent in."""
        document = self.shelves["domain"].make(self._domain_fields() | dict(fields))
        hostname, timezone = document.text("hostname"), document.text("timezone")
        quiet = Site(hostname=hostname, visitors_per_day=0, timezone=timezone, incidents=())
        self.records[document.id] = self._record(site or quiet)
        member = {"organization_id": None, "role": "admin", "user_id": self.user["id"], "user": self._face()}
        self.shelves["member"].make(member, document.id)
        return document

    def _found(self, site: Site) -> None:
        fields = {
            "hostname": site.hostname,
            "subdomain": site.hostname.replace(".", "-"),
            "timezone": site.timezone,
            "display_name": site.hostname,
            "gsc_domain": f"sc-domain:{site.hostname}",
        }
        domain = self.open_domain(fields, site)
        domain.def_at = domain.mod_at = self.clock() - timedelta(days=self.settings.days)
        self.keys.domains[site.hostname] = self.door.admit(domain.id, ALL_SCOPES, "domain client")
        sender = self.door.admit(domain.id, SENDING, "access key", key=True)
        self.keys.access_keys[site.hostname] = sender.client_secret

    def _record(self, site: Site) -> Record:
        settings, now = self.settings, self.clock()
        first_day = (now - timedelta(days=settings.days)).date()
        incidents = site.incidents
        if incidents is None:
            incidents = usual_incidents(settings.seed, site, now, settings.days)
        rhythm = Rhythm(settings.seed, site, first_day, now.date())
        return Record(rhythm, incidents, settings.session_budget)

    def _domain_fields(self) -> dict[str, object]:
        return {
            "user_id": self.user["id"],
            "organization_id": None,
            "hostname": "",
            "subdomain": "",
            "identification_code": self.ids.new(32),
            "public": False,
            "google_user_id": None,
            "google_user_email": None,
            "gsc_domain": None,
            "new_owner": None,
            "timezone": "UTC",
            "group_by_title": False,
            "active_visitors_seconds": 600,
            "disable_scripts": False,
            "statistics_start": None,
            "imported_statistics": False,
            "metadata": {},
            "theme_id": None,
            "theme": {},
            "custom_domain": None,
            "user_role": "Owner",
            "settings": {name: True for key in SETTINGS for name in (key, f"{key}_public")},
            "theme_settings": {},
            "display_name": "",
            "pinned": False,
            "free_trial": False,
            "subscription_active": True,
            "subscription_plus": self.settings.plus,
        }

    def _user(self) -> dict[str, object]:
        return {
            "id": self.ids.new(),
            "email": "owner@example.com",
            "full_name": "Owner",
            "picture": None,
            "language": "en",
            "default_time_range": "7d",
            "marketing": False,
            "active": False,
            "fullwidth": False,
            "darkmode": False,
            "colorblind": False,
            "news": 0,
        }

    def _face(self) -> dict[str, object]:
        return {name: self.user[name] for name in ("id", "email", "full_name", "picture")}
