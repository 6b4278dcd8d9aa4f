"""Reports by mail (docs.pirsch.io, API v1, "Email Reports"). Pirsch keeps one report for each address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from bot.pirsch.answers.owned import Report
from bot.pirsch.errors import NotReadable, Unaskable
from bot.pirsch.ids import DomainId, ReportId
from bot.pirsch.making import Made, Maker, read_back
from bot.pirsch.removing import delete
from bot.pirsch.wire import Wire


class Every(IntEnum):
    """How often a report is sent. Pirsch's own dashboard offers four weeks for a month."""

    DAY = 0
    WEEK = 1
    TWO_WEEKS = 2
    THREE_WEEKS = 3
    FOUR_WEEKS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDraft:
    """A report as it is written. Nothing has a default: what is left out, Pirsch takes for "no"."""

    every: Every
    reply_to: str
    link_to: str
    visitor_graph: bool
    summary: bool
    top_pages: bool
    top_referrer: bool
    top_events: bool
    hide_dashboard_button: bool

    def body(self) -> dict[str, object]:
        """Return the parts that creating and updating share."""
        return {
            "reply_to": self.reply_to,
            "interval": int(self.every),
            "link_to": self.link_to,
            "visitor_graph": self.visitor_graph,
            "summary": self.summary,
            "top_pages": self.top_pages,
            "top_referrer": self.top_referrer,
            "top_events": self.top_events,
            "hide_dashboard_button": self.hide_dashboard_button,
        }

    def is_told_by(self, report: Report) -> bool:
        """Whether a report is as this draft says, in all that was told of it."""
        return all(getattr(report, name) in (None, value) for name, value in self.body().items())


class Reports:
    """`pirsch.reports`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._maker = Maker(wire.timing)

    def of(self, domain: DomainId) -> tuple[Report, ...]:
        """Return all reports; what they hold may be left out of the list."""
        return self._wire.ask("reports.of", (("id", domain),)).many(Report)

    def create(
        self, domain: DomainId, emails: Sequence[str], draft: ReportDraft, start: date | None = None
    ) -> tuple[Made[Report], ...]:
        """Have a report sent to each address, unless it gets one as often already. In the given order.

        One address at a time, so that a call that is cut short leaves a single one in doubt.
        """
        if not emails:
            raise Unaskable("a report needs an address")
        return tuple(self._create(domain, email, draft, start) for email in dict.fromkeys(emails))

    def _create(self, domain: DomainId, email: str, draft: ReportDraft, start: date | None) -> Made[Report]:
        starts = start.isoformat() if start else None
        body = {**draft.body(), "domain_id": domain, "emails": [email], "start_date": starts}
        return self._maker.make(
            look=lambda: _to(email, self.of(domain), draft.every),
            create=lambda: self._send(body, email, draft.every),
        )

    def _send(self, body: object, email: str, every: Every) -> Report:
        """Send one creation. Pirsch answers with a list; older documents with one object."""
        reports = self._wire.ask("reports.create", body=body).many(Report)
        found = _to(email, reports, every) or (reports[0] if len(reports) == 1 else None)
        if found is None:
            raise NotReadable("the answer does not hold the new report", method="POST", path="/report")
        return found

    def update(self, domain: DomainId, report: ReportId, draft: ReportDraft) -> Report:
        """Write everything but the address and the first day."""
        body = {**draft.body(), "id": report}
        return read_back(
            save=lambda: self._wire.ask("reports.update", body=body).one(Report),
            look=lambda: next((one for one in self.of(domain) if one.id == report), None),
            as_wished=draft.is_told_by,
        )

    def delete(self, report: ReportId) -> bool:
        """Delete; False when it was gone already."""
        return delete(self._wire, "reports.delete", report)


def _to(email: str, reports: Sequence[Report], every: Every) -> Report | None:
    wanted = email.casefold()
    return next(
        (
            one
            for one in reports
            if one.interval == every and wanted in (address.casefold() for address in one.emails)
        ),
        None,
    )
