"""The table of every call that the client can make. The guard takes its manners from here.

A call is named by the Python method that makes it: `goals.create` is `Pirsch.goals.create`. What is not in
this table cannot be called; `catalogue` holds what is left out on purpose.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.http.budget import Limit


class Rate(StrEnum):
    """How often a call may be made (docs.pirsch.io, API v1 guide, "Rate limits", since 2024-09-02)."""

    SECURITY = "security"  # 10 a minute; asking for a token is behaved for as if it were of this kind
    CONFIGURATION = "configuration"  # 60 a minute
    FREE = "free"  # statistics, ingest, funnels, views: no limit at present


LIMITS: Mapping[str, Limit] = {Rate.SECURITY: Limit(calls=10), Rate.CONFIGURATION: Limit(calls=60)}


class Repeat(StrEnum):
    """What may be done when nobody knows whether a call happened."""

    FREELY = "freely"  # a second time changes nothing
    LOOK = "look"  # it creates: look whether it is there, then decide
    NEVER = "never"  # a second time undoes or doubles the first; only a clean 401 or 429 is replayed


class Key(StrEnum):
    """Which credentials a call takes."""

    CLIENT = "client"  # a token of an OAuth client
    INGEST = "ingest"  # an access key, or a token
    NOBODY = "nobody"  # none: it is how a token is got


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the API, as the guard must treat it."""

    name: str
    method: str
    path: str
    rate: Rate
    repeat: Repeat
    key: Key = Key.CLIENT
    slow: bool = False

    @property
    def reads(self) -> bool:
        """Whether it changes nothing at Pirsch."""
        return self.method == "GET" or self.name in PURE_POSTS


# Posts that only ask: a pattern is tried on a sample, a token is given out.
PURE_POSTS = frozenset({"goals.regex_matches", "token"})
SLOW = frozenset({"statistics.funnel", "statistics.event_list", "statistics.export_csv"})

FREELY, LOOK, NEVER = Repeat.FREELY, Repeat.LOOK, Repeat.NEVER


def _statistics(*rows: tuple[str, str]) -> list[Call]:
    return [
        Call(name=name, method="GET", path=path, rate=Rate.FREE, repeat=FREELY, slow=name in SLOW)
        for name, path in rows
    ]


def _ingest(*rows: tuple[str, str]) -> list[Call]:
    return [
        Call(name=name, method="POST", path=path, rate=Rate.FREE, repeat=NEVER, key=Key.INGEST)
        for name, path in rows
    ]


def _settings(rate: Rate, *rows: tuple[str, str, str, Repeat]) -> list[Call]:
    return [
        Call(name=name, method=method, path=path, rate=rate, repeat=repeat)
        for name, method, path, repeat in rows
    ]


TOKEN = Call(name="token", method="POST", path="/token", rate=Rate.SECURITY, repeat=FREELY, key=Key.NOBODY)

ALL = (
    TOKEN,
    *_ingest(
        ("ingest.hit", "/hit"),
        ("ingest.hits", "/hit/batch"),
        ("ingest.event", "/event"),
        ("ingest.events", "/event/batch"),
        ("ingest.session", "/session"),
        ("ingest.sessions", "/session/batch"),
    ),
    *_statistics(
        ("statistics.total", "/statistics/total"),
        ("statistics.overview", "/statistics/overview"),
        ("statistics.visitors", "/statistics/visitor"),
        ("statistics.growth", "/statistics/growth"),
        ("statistics.active", "/statistics/active"),
        ("statistics.hours", "/statistics/hours"),
        ("statistics.minutes", "/statistics/minutes"),
        ("statistics.weekdays", "/statistics/weekdays"),
        ("statistics.session_durations", "/statistics/duration/session"),
        ("statistics.page_durations", "/statistics/duration/page"),
        ("statistics.goals", "/statistics/goals"),
        ("statistics.events", "/statistics/events"),
        ("statistics.event_meta", "/statistics/event/meta"),
        ("statistics.event_list", "/statistics/event/list"),
        ("statistics.funnel", "/statistics/funnel"),
        ("statistics.sessions", "/statistics/session/list"),
        ("statistics.session_steps", "/statistics/session/details"),
        ("statistics.export_csv", "/statistics"),
        ("breakdowns.pages", "/statistics/page"),
        ("breakdowns.entry_pages", "/statistics/page/entry"),
        ("breakdowns.exit_pages", "/statistics/page/exit"),
        ("breakdowns.event_pages", "/statistics/event/page"),
        ("breakdowns.hostnames", "/statistics/hostname"),
        ("breakdowns.referrers", "/statistics/referrer"),
        ("breakdowns.channels", "/statistics/channel"),
        ("breakdowns.languages", "/statistics/language"),
        ("breakdowns.countries", "/statistics/country"),
        ("breakdowns.regions", "/statistics/region"),
        ("breakdowns.cities", "/statistics/city"),
        ("breakdowns.systems", "/statistics/os"),
        ("breakdowns.system_versions", "/statistics/os/version"),
        ("breakdowns.browsers", "/statistics/browser"),
        ("breakdowns.browser_versions", "/statistics/browser/version"),
        ("breakdowns.platforms", "/statistics/platform"),
        ("breakdowns.screens", "/statistics/screen"),
        ("breakdowns.utm_sources", "/statistics/utm/source"),
        ("breakdowns.utm_mediums", "/statistics/utm/medium"),
        ("breakdowns.utm_campaigns", "/statistics/utm/campaign"),
        ("breakdowns.utm_contents", "/statistics/utm/content"),
        ("breakdowns.utm_terms", "/statistics/utm/term"),
        ("breakdowns.tags", "/statistics/tags"),
        ("breakdowns.tag_values", "/statistics/tag/details"),
        ("breakdowns.keywords", "/statistics/keywords"),
        ("breakdowns.keyword_pages", "/statistics/pages"),
        ("options.hostnames", "/statistics/options/hostname"),
        ("options.pages", "/statistics/options/page"),
        ("options.referrers", "/statistics/options/referrer"),
        ("options.referrer_names", "/statistics/options/referrer/name"),
        ("options.channels", "/statistics/options/channel"),
        ("options.events", "/statistics/options/event"),
        ("options.event_meta_keys", "/statistics/options/metadata/keys"),
        ("options.event_meta_values", "/statistics/options/metadata"),
        ("options.countries", "/statistics/options/country"),
        ("options.regions", "/statistics/options/region"),
        ("options.cities", "/statistics/options/city"),
        ("options.languages", "/statistics/options/language"),
        ("options.browsers", "/statistics/options/browser"),
        ("options.systems", "/statistics/options/os"),
        ("options.utm_sources", "/statistics/options/utm/source"),
        ("options.utm_mediums", "/statistics/options/utm/medium"),
        ("options.utm_campaigns", "/statistics/options/utm/campaign"),
        ("options.utm_contents", "/statistics/options/utm/content"),
        ("options.utm_terms", "/statistics/options/utm/term"),
        ("options.tags", "/statistics/options/tag"),
        ("options.tag_values", "/statistics/options/tag/value"),
    ),
    *_settings(
        Rate.FREE,
        ("funnels.of", "GET", "/funnel", FREELY),
        ("funnels.tags", "GET", "/funnel/tags", FREELY),
        ("funnels.create", "POST", "/funnel", LOOK),
        ("funnels.update", "POST", "/funnel", FREELY),
        ("funnels.delete", "DELETE", "/funnel", FREELY),
        ("views.of", "GET", "/view", FREELY),
        ("views.create", "POST", "/view", LOOK),
        ("views.update", "POST", "/view", FREELY),
        ("views.delete", "DELETE", "/view", FREELY),
    ),
    *_settings(
        Rate.CONFIGURATION,
        ("domains.all", "GET", "/domain", FREELY),
        ("domains.get", "GET", "/domain", FREELY),
        ("domains.by_subdomain", "GET", "/domain", FREELY),
        ("domains.by_custom_domain", "GET", "/domain", FREELY),
        ("domains.by_access_link", "GET", "/domain", FREELY),
        ("domains.create", "POST", "/domain", LOOK),
        ("domains.rename", "POST", "/domain/name", FREELY),
        ("domains.move_to_subdomain", "POST", "/domain/subdomain", FREELY),
        ("domains.set_timezone", "POST", "/domain/timezone", FREELY),
        ("domains.set_active_window", "POST", "/domain/active", FREELY),
        ("domains.set_settings", "POST", "/domain/settings", FREELY),
        ("domains.set_metadata", "POST", "/domain/metadata", FREELY),
        ("domains.set_public", "POST", "/domain/public", NEVER),
        ("domains.set_scripts_disabled", "POST", "/domain/scripts", NEVER),
        ("domains.set_grouped_by_title", "POST", "/domain/title", NEVER),
        ("domains.flip_week_start", "POST", "/domain/start-week-sunday", NEVER),
        ("domains.flip_noindex", "PUT", "/domain/noindex", NEVER),
        ("domains.snippet", "GET", "/domain/snippet", FREELY),
        ("domains.is_custom_domain", "GET", "/domain/custom", FREELY),
        ("access_links.of", "GET", "/domain/link", FREELY),
        ("access_links.create", "POST", "/domain/link", LOOK),
        ("access_links.update", "PUT", "/domain/link", FREELY),
        ("access_links.delete", "DELETE", "/domain/link", FREELY),
        ("alternatives.of", "GET", "/domain/alternative", FREELY),
        ("alternatives.create", "POST", "/domain/alternative", LOOK),
        ("alternatives.update", "PUT", "/domain/alternative", FREELY),
        ("alternatives.delete", "DELETE", "/domain/alternative", FREELY),
        ("webhooks.of", "GET", "/webhook", FREELY),
        ("webhooks.create", "POST", "/webhook", LOOK),
        ("webhooks.update", "POST", "/webhook", FREELY),
        ("webhooks.delete", "DELETE", "/webhook", FREELY),
        ("filters.of", "GET", "/filter", FREELY),
        ("filters.create", "POST", "/filter", LOOK),
        ("filters.update", "POST", "/filter", FREELY),
        ("filters.delete", "DELETE", "/filter", FREELY),
        ("traffic.flip_spike_mails", "PUT", "/traffic/spike", NEVER),
        ("traffic.set_spike_threshold", "POST", "/traffic/spike", FREELY),
        ("traffic.flip_silence_mails", "PUT", "/traffic/warning", NEVER),
        ("traffic.set_silence_threshold", "POST", "/traffic/warning", FREELY),
        ("goals.of", "GET", "/goal", FREELY),
        ("goals.create", "POST", "/goal", LOOK),
        ("goals.update", "PUT", "/goal", FREELY),
        ("goals.delete", "DELETE", "/goal", FREELY),
        ("goals.regex_matches", "POST", "/goal/regex", FREELY),
        ("reports.of", "GET", "/report", FREELY),
        ("reports.create", "POST", "/report", LOOK),
        ("reports.update", "PUT", "/report", FREELY),
        ("reports.delete", "DELETE", "/report", FREELY),
        ("links.of", "GET", "/link", FREELY),
        ("links.tags", "GET", "/link/tags", FREELY),
        ("links.create", "POST", "/link", LOOK),
        ("links.update", "POST", "/link", FREELY),
        ("links.delete", "DELETE", "/link", FREELY),
        ("members.of", "GET", "/member", FREELY),
        ("members.of_organization", "GET", "/member", FREELY),
        ("members.invitations", "GET", "/invitation", FREELY),
        ("members.invitations_to", "GET", "/invitation", FREELY),
        ("members.invitations_to_organization", "GET", "/invitation", FREELY),
        ("account.clients", "GET", "/client", FREELY),
        ("account.user", "GET", "/user", FREELY),
        ("account.news", "GET", "/user/news", FREELY),
        ("account.rewards", "GET", "/user/rewards", FREELY),
        ("account.usage", "GET", "/billing", FREELY),
        ("organizations.all", "GET", "/organization", FREELY),
        ("organizations.domains", "GET", "/organization/domain", FREELY),
        ("themes.all", "GET", "/theme", FREELY),
        ("themes.of_organization", "GET", "/theme", FREELY),
        ("themes.by_subdomain", "GET", "/theme", FREELY),
        ("themes.by_custom_domain", "GET", "/theme", FREELY),
        ("imports.job", "GET", "/import", FREELY),
        ("imports.google_job", "GET", "/google/import/job", FREELY),
        ("imports.google_profiles", "GET", "/google/import/profile", FREELY),
    ),
)

CALLS: Mapping[str, Call] = {call.name: call for call in ALL}
