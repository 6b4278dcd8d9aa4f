"""Dashboards and their settings (docs.pirsch.io, API v1, "Domains").

Several settings can only be flipped. Where the dashboard tells their position, `set_...` reads it and flips
if need be, once; where it does not, there is only `flip_...`, which nobody may repeat after an `Unsure`.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.pirsch.answers.account import Domain, Snippet
from bot.pirsch.errors import NotFound, PirschError, Unaskable, Unsure
from bot.pirsch.ids import DomainId
from bot.pirsch.making import Made, Maker
from bot.pirsch.wire import Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainDraft:
    """A new dashboard. The two thresholds can be set here and are never told again; 0 leaves them off."""

    hostname: str
    subdomain: str
    timezone: str
    display_name: str = ""
    public: bool = False
    group_by_title: bool = False
    active_visitors: timedelta = timedelta(minutes=10)
    disable_scripts: bool = False
    spike_threshold: int = 0
    silence_days: int = 0
    settings: Mapping[str, bool] | None = None

    def body(self) -> dict[str, object]:
        """Return the whole object as it is sent."""
        return {
            "hostname": self.hostname,
            "subdomain": self.subdomain,
            "timezone": self.timezone,
            "organization_id": None,
            "theme_id": None,
            "public": self.public,
            "group_by_title": self.group_by_title,
            "active_visitors_seconds": int(self.active_visitors.total_seconds()),
            "disable_scripts": self.disable_scripts,
            "display_name": self.display_name,
            "traffic_spike_threshold": self.spike_threshold,
            "traffic_warning_threshold_days": self.silence_days,
            "settings": dict(self.settings or {}),
        }


class Domains:
    """`pirsch.domains`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._maker = Maker(wire.timing)
        self._flipping = threading.Lock()

    def all(self, search: str = "") -> tuple[Domain, ...]:
        """Return every dashboard that the credentials may see."""
        return self._wire.ask("domains.all", (("search", search),) if search else ()).many(Domain)

    def get(self, domain: DomainId) -> Domain:
        """Return a dashboard. Raise NotFound when there is none."""
        return self._wire.ask("domains.get", (("id", domain),)).one(Domain)

    def by_subdomain(self, subdomain: str) -> Domain:
        """Return the dashboard at a subdomain of pirsch.io."""
        return self._wire.ask("domains.by_subdomain", (("subdomain", subdomain),)).one(Domain)

    def by_custom_domain(self, hostname: str) -> Domain:
        """Return the dashboard at a domain of one's own."""
        return self._wire.ask("domains.by_custom_domain", (("domain", hostname),)).one(Domain)

    def by_access_link(self, code: str) -> Domain:
        """Return the dashboard that an access link opens. The code is a secret."""
        return self._wire.ask("domains.by_access_link", (("access", code),)).one(Domain)

    def create(self, draft: DomainDraft) -> Made[Domain]:
        """Create a dashboard, unless one has that hostname and subdomain. Needs a client of the account."""
        key = (draft.hostname, draft.subdomain)
        return self._maker.make(
            look=lambda: next((one for one in self.all() if (one.hostname, one.subdomain) == key), None),
            create=lambda: self._wire.ask("domains.create", body=draft.body()).one(Domain),
        )

    # ------------------------------------------------------------ settings that can be set

    def rename(self, domain: DomainId, display_name: str) -> None:
        """Set the name that people see."""
        self._set("domains.rename", domain, "display_name", display_name)

    def move_to_subdomain(self, domain: DomainId, subdomain: str) -> None:
        """Move the dashboard to another subdomain of pirsch.io."""
        self._set("domains.move_to_subdomain", domain, "subdomain", subdomain)

    def set_timezone(self, domain: DomainId, timezone: str) -> None:
        """Set the zone (IANA) in which the dashboard's days begin."""
        self._set("domains.set_timezone", domain, "timezone", timezone)

    def set_active_window(self, domain: DomainId, window: timedelta) -> None:
        """Set how long after the last page view a visitor counts as active."""
        if window < timedelta(seconds=1):
            raise Unaskable("visitors are active for a second at least")
        self._set("domains.set_active_window", domain, "time", int(window.total_seconds()))

    def set_settings(self, domain: DomainId, settings: Mapping[str, object]) -> None:
        """Write all settings of what the dashboard shows; take `Domain.settings` for those that stay."""
        self._set("domains.set_settings", domain, "settings", dict(settings))

    def set_metadata(self, domain: DomainId, metadata: Mapping[str, object]) -> None:
        """Write the free object that Pirsch keeps with a dashboard, as a whole."""
        self._set("domains.set_metadata", domain, "metadata", dict(metadata))

    def _set(self, name: str, domain: DomainId, field: str, value: object) -> None:
        self._wire.ask(name, body={"domain_id": domain, field: value})

    # ------------------------------------------------------------ settings that can only be flipped

    def set_public(self, domain: DomainId, on: bool) -> bool:
        """Open the dashboard to everybody, or close it. Return whether it had to be flipped."""
        return self._flip_to("domains.set_public", domain, on, lambda one: one.public)

    def set_scripts_disabled(self, domain: DomainId, on: bool) -> bool:
        """Disable the scripts of the dashboard, or enable them. Return whether it had to be flipped."""
        return self._flip_to("domains.set_scripts_disabled", domain, on, lambda one: one.disable_scripts)

    def set_grouped_by_title(self, domain: DomainId, on: bool) -> bool:
        """Group pages by title, or by path. Return whether it had to be flipped."""
        return self._flip_to("domains.set_grouped_by_title", domain, on, lambda one: one.group_by_title)

    def _flip_to(self, name: str, domain: DomainId, on: bool, position: Callable[[Domain], bool]) -> bool:
        """Look, flip once if need be, and look again after a doubt. Raise Unsure when it did not move."""
        with self._flipping:  # or two threads with one wish both find it off, and flip it on and off again
            if position(self.get(domain)) is on:
                return False
            try:
                self._wire.ask(name, body={"domain_id": domain})
            except Unsure:
                if not self._moved(domain, on, position):
                    raise
            return True

    def _moved(self, domain: DomainId, on: bool, position: Callable[[Domain], bool]) -> bool:
        """Whether it is known to have moved; a look that fails leaves the doubt, and must not hide it."""
        try:
            return position(self.get(domain)) is on
        except PirschError:
            return False

    def flip_week_start(self, domain: DomainId) -> None:
        """Let weeks begin on Sunday instead of Monday, or the other way. The position is not told."""
        self._wire.ask("domains.flip_week_start", body={"domain_id": domain})

    def flip_noindex(self, domain: DomainId) -> None:
        """Hide the dashboard from search engines, or show it. The position is not told."""
        self._wire.ask("domains.flip_noindex", body={"domain_id": domain})

    # ------------------------------------------------------------ around it

    def snippet(self, domain: DomainId, type: str) -> Snippet:
        """Return how the tracking code of a type ("page view", "event", ...) is set up."""
        return self._wire.ask("domains.snippet", (("domain_id", domain), ("type", type))).one(Snippet)

    def is_custom_domain(self, hostname: str) -> bool:
        """Whether a dashboard lives at this domain of one's own."""
        try:
            self._wire.ask("domains.is_custom_domain", (("domain", hostname),))
        except NotFound:
            return False
        return True
