"""What was gathered becomes one digest. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.digests import editions
from bot.digests.editions import Edition
from bot.digests.outline import OF_THE_BOT, Outline, WhenUsual
from bot.digests.records import Records
from bot.digests.settle import settle
from bot.facts import Digest, Failed, Notice, Severity, SiteReport
from bot.sources.growth import comparable

PATIENCE = timedelta(hours=2)
"""How long an edition waits for a source that answers nothing at all."""


def write(
    outline: Outline, edition: Edition, reports: Sequence[SiteReport], records: Records, now: datetime
) -> Digest:
    """Put a digest together and decide which of its numbers are loud."""
    return Digest(
        name=outline.name,
        span=editions.span(edition.days),
        before=editions.span(comparable(edition.days).before),
        sites=settle(reports),
        alerts=records.alerts,
        maintenance=records.maintenance,
        held_back=records.held_back,
        late=edition.late(now),
        next_at=edition.next_at,
        full=outline.when_usual is WhenUsual.FULL,
    )


def notice(digest: Digest, key: str, now: datetime) -> Notice:
    """Return the digest as a notice. It yields to every alert."""
    only = digest.sites[0].site if len(digest.sites) == 1 else None
    return Notice(key=key, content=digest, at=now, severity=Severity.INFO, site=only, rule=digest.name)


def told_nothing(outline: Outline, reports: Sequence[SiteReport]) -> str | None:
    """Return why the sources said nothing at all; None when one of them said something."""
    asked = any(part not in OF_THE_BOT for part in outline.parts)
    if not asked or any(report.sections for report in reports) or not any(one.failed for one in reports):
        return None
    failures: list[Failed] = [one for report in reports for one in report.failed]
    return failures[0].why


def failing(digest: Digest, *failed: Failed) -> Digest:
    """Name something more that could not be had."""
    return replace(digest, failed=(*digest.failed, *failed))
