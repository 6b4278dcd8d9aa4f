"""Judges what Umami says about a website: the way in, the website, traffic, saved reports. Pure."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from bot.doctor.judgement import Group, Judgement
from bot.doctor.look import RECENT_DAYS, SeenWebsite
from bot.sources.errors import Gone, Misconfigured, SourceError

LATER = "Try again later; Umami may be down, or this machine may not reach it."


def site(name: str, domain: str, zone: ZoneInfo, seen: SeenWebsite) -> Iterator[Judgement]:
    """Judge one site in the order in which one thing needs the other."""
    group = Group(f"site {name}")
    if isinstance(seen.website, SourceError):
        yield _no_website(name, domain, seen.website, group)
        return
    yield group.ok(
        f"the website {seen.website.domain or domain} is there, and answers as version {seen.dialect}"
    )
    yield group.ok(f"its days begin in {zone.key}, as the settings say: Umami knows no zone of its own")
    yield from _traffic(seen, group)
    yield from _reports(seen, group)


def _no_website(name: str, domain: str, trouble: SourceError, group: Group) -> Judgement:
    if isinstance(trouble, Gone):
        return group.wrong(
            f"this login sees no website of {domain}",
            f"Correct domain in [site.{name}], or write the id that ends its address at Umami as website.",
        )
    remedy = trouble.remedy if isinstance(trouble, Misconfigured) else LATER
    return group.wrong(f"the website cannot be read: {trouble.why}", remedy)


def _traffic(seen: SeenWebsite, group: Group) -> Iterator[Judgement]:
    if isinstance(seen.traffic, SourceError):
        yield group.wrong(f"its numbers cannot be read: {seen.traffic.why}", LATER)
    elif seen.traffic is not None and seen.traffic.traffic.visitors:
        yield group.ok(f"{seen.traffic.traffic.visitors:,} visitors in the last {RECENT_DAYS} days")
    else:
        yield group.advice(
            f"nobody was counted in the last {RECENT_DAYS} days", "See that the pages carry Umami's snippet."
        )


def _reports(seen: SeenWebsite, group: Group) -> Iterator[Judgement]:
    if isinstance(seen.reports, SourceError):
        yield group.advice(
            f"saved goals and funnels cannot be read: {seen.reports.why}",
            "Let the user of [umami] see them, where a digest or a watch is to tell of them.",
        )
    else:
        yield group.ok(f"{seen.reports} saved goals and funnels")
