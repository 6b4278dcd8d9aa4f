"""Judges what Pirsch says about a dashboard: credentials, scopes, plan, zone, traffic, webhooks. Pure."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from bot.doctor import webhooks
from bot.doctor.judgement import Group, Judgement
from bot.doctor.look import RECENT_DAYS, SeenSite
from bot.doctor.needs import Needs, SiteNeeds
from bot.pirsch.answers.account import Domain, OAuthClient
from bot.sources.errors import Gone, Misconfigured, SourceError, Unavailable
from bot.sources.pirsch import zone_of

LATER = "Try again later; Pirsch may be down, or this machine may not reach it."


def site(need: SiteNeeds, seen: SeenSite, needs: Needs) -> Iterator[Judgement]:
    """Judge one site in the order in which one thing needs the other."""
    group = Group(f"site {need.name}")
    if isinstance(seen.domain, SourceError):
        yield _no_domain(need, seen.domain, group)
        return
    yield group.ok(f"the dashboard of {need.hostname} is there, and the credentials are known")
    yield from subscription(seen.domain, need, group)
    yield from zone(seen.domain, needs.zone, group)
    yield from scopes(seen, needs.client_id, group)
    yield from traffic(seen, group)
    yield from hooks(need, seen, needs, group)


def _no_domain(need: SiteNeeds, trouble: SourceError, group: Group) -> Judgement:
    if isinstance(trouble, Gone):
        return group.wrong(
            f"these credentials see no dashboard of {need.hostname}",
            f"Correct domain in [site.{need.name}], or use a client of the account that owns the dashboard.",
        )
    return _trouble("the dashboard", trouble, group)


def _trouble(what: str, trouble: SourceError, group: Group) -> Judgement:
    remedy = trouble.remedy if isinstance(trouble, Misconfigured) else LATER
    if not isinstance(trouble, Misconfigured | Unavailable):
        remedy = "Look at the dashboard in a browser; if it is all right there, report this as a bug."
    return group.wrong(f"{what} cannot be read: {trouble.why}", remedy)


# ---------------------------------------------------------------- the account


def subscription(domain: Domain, need: SiteNeeds, group: Group) -> Iterator[Judgement]:
    """Judge the plan. Dashboards tell it since July 2026; what is not told is not judged."""
    if domain.subscription_active is False and not domain.free_trial:
        yield group.wrong(
            "the subscription is not active: nothing is counted", "Renew it at Pirsch, Settings, Billing."
        )
    if domain.subscription_plus is None and domain.free_trial is None:
        return
    if domain.subscription_plus or domain.free_trial:
        plan = "Plus" if domain.subscription_plus else "a free trial, with all of Plus until it ends"
        yield group.ok(f"the plan is {plan}")
    elif need.listens:
        yield group.wrong(
            "the plan has no webhooks and funnels, and rules wait for events",
            "Change to the Plus plan at Pirsch, or remove the rules: numbers can be watched without it.",
        )
    else:
        yield group.advice("the plan has no webhooks and funnels", "Change to the Plus plan to hear events.")


def zone(domain: Domain, ours: ZoneInfo, group: Group) -> Iterator[Judgement]:
    """Judge whether days begin at the same instant there and here."""
    try:
        theirs = zone_of(domain)
    except Misconfigured as trouble:
        yield group.wrong(trouble.why, trouble.remedy)
        return
    if theirs.key == ours.key:
        yield group.ok(f"its days and the bot's begin in {ours.key}")
        return
    yield group.advice(
        f"its days begin in {theirs.key}, and messages tell the time in {ours.key}",
        "Set timezone in [bot] to the dashboard's, unless you want to read it that way.",
    )


def scopes(seen: SeenSite, client_id: str, group: Group) -> Iterator[Judgement]:
    """Judge what the client may do: by what it could read, and by its scopes where Pirsch tells them."""
    for scope, trouble in (("statistics", seen.traffic), ("domains", seen.webhooks)):
        if isinstance(trouble, SourceError):
            yield _trouble(f"what needs the scope {scope} (r)", trouble, group)
        else:
            yield group.ok(f"the scope {scope} (r) is there")
    own = _own(seen, client_id)
    if own is not None and "w" not in own.domains:
        yield group.advice(
            "the client may not change anything: it lacks domains (w)",
            "Add it at Pirsch when webhooks, goals or filters are to be kept in order from here.",
        )


def _own(seen: SeenSite, client_id: str) -> OAuthClient | None:
    """Return the row of our client; clients of the whole account are in no dashboard's list."""
    if isinstance(seen.clients, SourceError):
        return None
    return next((one for one in seen.clients if one.client_id == client_id), None)


def traffic(seen: SeenSite, group: Group) -> Iterator[Judgement]:
    """Judge whether anything is counted at all."""
    if seen.traffic is None or isinstance(seen.traffic, SourceError):
        return
    visitors = seen.traffic.traffic.visitors
    if visitors:
        yield group.ok(f"{visitors:,} visitors in the last {RECENT_DAYS} days")
        return
    yield group.advice(
        f"nobody was counted in the last {RECENT_DAYS} days",
        "See that the pages carry Pirsch's snippet, and that no traffic filter keeps everybody out.",
    )


# ---------------------------------------------------------------- webhooks


def hooks(need: SiteNeeds, seen: SeenSite, needs: Needs, group: Group) -> Iterator[Judgement]:
    """Judge whether what the rules wait for is sent to this bot."""
    if isinstance(seen.webhooks, SourceError) or not need.listens:
        return
    if needs.public_url is None:
        yield group.advice(
            "which of its webhooks are this bot's cannot be told",
            "Set public_url in [bot] to the address of this bot.",
        )
    else:
        yield from webhooks.judge(seen.webhooks, need, needs.public_url, group)
