"""The page of a proposal: GET shows the plan with its evidence and asks, POST decides; looking does nothing.

Deciding writes a yes or a no and returns at once; a job carries it out. The same `proposals.approve` serves
the command line and buttons elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, redirect, request

from bot.clock import Clock
from bot.db import Database
from bot.facts import Planned
from bot.pages import MOST_FORM_BYTES, Pages, from_here
from bot.signing import Expired, Forged
from bot.upkeep import proposals
from bot.upkeep.additions import Addition, AdditionKind
from bot.upkeep.links import Links, Ticket
from bot.upkeep.proposal import Answer, Approvers, Proposal, State
from bot.upkeep.telling import planned
from bot.writing.formats import Formats


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that was counted, with its name."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPage:
    """Everything that the page's template sees. `form` is empty when there is nothing to decide."""

    id: str
    site: str
    title: str
    asked_by: str
    made_at: datetime
    until_at: datetime
    note: str
    reasons: tuple[str, ...]
    figures: tuple[Figure, ...]
    changes: tuple[Planned, ...]
    wishes: tuple[str, ...]
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What the page needs: the store, the links, who may decide, and what to do once somebody has."""

    database: Database
    links: Links
    approvers: Approvers
    public_url: str
    clock: Clock
    decided: Callable[[], None]


PagesOf = Callable[[str | None], Pages]
"""Pages as a site has them, with its numbers and dates; None: the bot's own."""


def blueprint(door: Door, pages_of: PagesOf) -> Blueprint:
    """Return the page of proposals."""
    pages = pages_of(None)
    found = Blueprint("proposals", __name__)

    @found.get("/proposals/<token>")
    def ask(token: str) -> Response:
        ticket = _ticket(door, pages, token)
        return ticket if isinstance(ticket, Response) else _shown(door, pages_of, ticket)

    @found.post("/proposals/<token>")
    def decide(token: str) -> Response:
        ticket = _ticket(door, pages, token)
        if isinstance(ticket, Response):
            return ticket
        request.max_content_length = request.max_form_memory_size = MOST_FORM_BYTES
        if not from_here(door.public_url) or not door.links.is_form(request.form.get("form", ""), ticket):
            return pages.sorry(403, "Not decided", "Open the link again, and decide on its page.")
        return _decided(door, pages, ticket, request.form.get("answer", ""), request.path)

    return found


def _ticket(door: Door, pages: Pages, token: str) -> Ticket | Response:
    try:
        return door.links.read(token)
    except Expired:
        return pages.sorry(410, "This link is old", "What it asked was settled long ago.")
    except Forged:
        return pages.sorry(404, "There is nothing here", "The link is not whole, or is not one of ours.")


def _shown(door: Door, pages_of: PagesOf, ticket: Ticket) -> Response:
    with door.database.reading() as tx:
        proposal = proposals.find(tx, ticket.id)
    if proposal is None:
        return pages_of(None).sorry(410, "This proposal is old", "It was settled long ago.")
    pages = pages_of(proposal.draft.site)
    return pages.show("proposal.html", page=_page(door, proposal, ticket, pages.formats))


def _decided(door: Door, pages: Pages, ticket: Ticket, answer: str, here: str) -> Response:
    if answer not in ("approve", "reject", "never"):
        return pages.sorry(400, "Not decided", "The answer was neither yes nor no.")
    with door.database.transaction() as tx:
        about = (tx, ticket.id, ticket.who, ticket.hash, door.approvers, door.clock())
        if answer == "approve":
            said, _ = proposals.approve(*about)
        else:
            said, _ = proposals.reject(*about, never_again=answer == "never")
    if said is Answer.TAKEN:
        door.decided()
    return _plain(redirect(here, 303))  # a reload decides nothing, and the page says how it stands


def _plain(answer: object) -> Response:
    if not isinstance(answer, Response):
        raise TypeError("a redirect is a response")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


# ---------------------------------------------------------------- what it shows


def _page(door: Door, proposal: Proposal, ticket: Ticket, formats: Formats) -> ProposalPage:
    draft = proposal.draft
    note = _note(door, proposal, ticket, formats)
    return ProposalPage(
        id=proposal.id,
        site=draft.site,
        title=draft.title,
        asked_by=draft.asked_by,
        made_at=proposal.made_at,
        until_at=proposal.until_at,
        note=note,
        reasons=draft.evidence.sentences,
        figures=tuple(Figure(name=name, value=value) for name, value in draft.evidence.table),
        changes=tuple(planned(one) for one in draft.plan.changes),
        wishes=tuple(_wish(one, formats) for one in draft.additions),
        form="" if note else door.links.form(ticket),
    )


def _note(door: Door, proposal: Proposal, ticket: Ticket, formats: Formats) -> str:
    """Return why there is nothing to decide; empty when there is."""
    by = f"{proposal.decided_by}, {formats.when(proposal.decided_at)}" if proposal.decided_at else ""
    said = f" {proposal.said}" if proposal.said else ""
    match proposal.state_at(door.clock()):
        case State.APPROVED:
            return f"Approved by {by}. It is carried out within a minute; this page then says how it went."
        case State.DONE:
            return f"Approved by {by}, and done.{said}"
        case State.FAILED:
            return f"Approved by {by}, and not done.{said}"
        case State.REJECTED:
            return f"Rejected by {by}." + (" It is never proposed again." if proposal.never_again else "")
        case State.EXPIRED:
            return "Nobody decided in time. Nothing was done."
        case State.REPLACED:
            return "The account has moved since. A newer proposal says the same of it as it is now."
    if ticket.hash != proposal.hash:
        return "The plan is not the one that this link was written for."
    if not door.approvers.may(ticket.who, proposal.draft.site):
        return f"Links that were sent to {ticket.who} do not decide about {proposal.draft.site}."
    return ""


def _wish(one: Addition, formats: Formats) -> str:
    until = f" until {formats.when(one.until_at)}" if one.until_at else ""
    if one.kind is AdditionKind.MASK:
        return (
            f"{one.fields['value']} would be left out of the bot's own numbers{until}. Pirsch counts it as"
            " before, and it can be undone without a trace."
        )
    return f"This is kept beyond what the file says{until}, and can be undone."
