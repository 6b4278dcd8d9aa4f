"""One page for the whole sandbox: a shop to press buttons in, Pirsch under it, Slack and mailbox beside."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.sandbox.mailbox import Mailbox
from bot.sandbox.pages.journal import Journal
from bot.sandbox.pages.site import fragment
from bot.sandbox.shop import Shop
from bot.sandbox.shop.till import FLOOD_OF, HAPPENINGS, ORDERS_IN_A_ROW
from bot.sandbox.slack import Slack

LOGGED = 60
LONGEST_AMOUNT = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something that can happen in the shop."""

    what: str
    label: str
    hint: str
    tone: str = ""


BUTTONS = (
    Button(what="big_order", label="A big order", hint="500 or more at once"),
    Button(what="sign_up", label="Somebody signs up", hint="newsletter, trial or club"),
    Button(what="refund", label="A refund", hint="an order comes back"),
    Button(what="orders", label=f"{ORDERS_IN_A_ROW} orders in a row", hint="a good minute"),
    Button(what="flood", label=f"A flood of {FLOOD_OF} dead links", hint="404 Page Not Found", tone="rough"),
    Button(what="rubbish", label="A rubbish body", hint="what is no event at all", tone="rough"),
    Button(what="hostile", label="Hostile text", hint="scripts, mentions, header tricks", tone="rough"),
)


def world_pages(journal: Journal, shop: Shop, slack: Slack, mailbox: Mailbox) -> Blueprint:
    """Make the page of the whole sandbox."""
    pages = Blueprint("world", __name__)

    @pages.get("/")
    def home() -> str:
        return render_template("world/page.html", buttons=BUTTONS, hostname=journal.hostname)

    @pages.get("/figures")
    def figures() -> Response:
        standing, posts, mails = journal.standing(), slack.workspace.posts, len(mailbox.messages)
        version = (standing, posts, mails)
        return fragment("world/figures.html", version=version, standing=standing, messages=posts, mails=mails)

    @pages.get("/pirsch")
    def pirsch() -> Response:
        standing = journal.standing()
        return fragment("world/pirsch.html", version=standing, standing=standing)

    @pages.get("/shop/log")
    def log() -> Response:
        version = journal.version
        return fragment("world/log.html", version=version, lines=journal.lines(LOGGED))

    @pages.post("/shop/<what>")
    def happen(what: str) -> AnyResponse | tuple[str, int]:
        if what not in HAPPENINGS:
            abort(404)
        amount = request.form.get("amount", "")[:LONGEST_AMOUNT] if what == "purchase" else None
        shop.happen(what, amount)
        if request.headers.get("Accept") == "text/plain":  # asked by the page's script, which stays
            return "", 204
        return redirect(url_for("world.home"))

    return pages
