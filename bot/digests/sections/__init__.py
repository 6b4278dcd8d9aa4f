"""The sections of a digest that are asked of a site's source: one module each, and the table of them.

A section is a function of an `Asking`. It raises a SourceError when it cannot be had, and returns None when
there is nothing of its kind on the site.
"""

from collections.abc import Callable, Mapping

from bot.digests.asking import Asking
from bot.digests.outline import Part
from bot.digests.sections import chart, events, funnels, goals, ranking, revenue, summary, unusual
from bot.facts import Section
from bot.sources.source import Dimension

SECTIONS: Mapping[Part, Callable[[Asking], Section | None]] = {
    Part.SUMMARY: summary.make,
    Part.CHART: chart.make,
    Part.UNUSUAL: unusual.make,
    Part.PAGES: ranking.by(Dimension.PAGE, "pages"),
    Part.REFERRERS: ranking.by(Dimension.REFERRER, "referrers"),
    Part.CHANNELS: ranking.by(Dimension.CHANNEL, "channels"),
    Part.COUNTRIES: ranking.by(Dimension.COUNTRY, "countries"),
    Part.CAMPAIGNS: ranking.by(Dimension.UTM_CAMPAIGN, "campaigns"),
    Part.EVENTS: events.make,
    Part.REVENUE: revenue.make,
    Part.GOALS: goals.make,
    Part.FUNNELS: funnels.make,
}

__all__ = ["SECTIONS"]
