"""Who is on the site right now."""

from bot.sandbox.pirsch.record import Record
from bot.sandbox.pirsch.statistics.tally import Row, share


def active(record: Record, since: int, now: int) -> Row:
    """Return the visitors whose session was touched (page view or keep-alive, not event) since an instant.

    A visitor is listed under each path seen in the window, so that the list adds up to more than `visitors`.
    """
    visitors: set[int] = set()
    pages: dict[tuple[str, str], set[int]] = {}
    countries: dict[str, set[int]] = {}
    for session in record.sessions(since, now + 1, now):
        if session.last < since:
            continue  # only its events are that young
        visitor = session.visitor.visitor_id
        visitors.add(visitor)
        countries.setdefault(session.visitor.country, set()).add(visitor)
        for view in session.views:
            if view.at >= since:
                pages.setdefault((view.page.path, view.page.title), set()).add(visitor)
    return {
        "stats": [
            {"path": path, "title": title, "visitors": len(who)}
            for (path, title), who in sorted(pages.items(), key=lambda item: (-len(item[1]), item[0]))
        ],
        "countries": [
            {"country_code": code, "visitors": len(who), "relative_visitors": share(len(who), len(visitors))}
            for code, who in sorted(countries.items(), key=lambda item: (-len(item[1]), item[0]))
        ],
        "visitors": len(visitors),
    }
