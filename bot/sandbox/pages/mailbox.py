"""The mailbox as people know it: a list, and the mail that is read."""

from typing import Literal, get_args

from flask import Blueprint, Response, abort, render_template

from bot.sandbox.mailbox import Mailbox
from bot.sandbox.mailbox.mail import Mail
from bot.sandbox.pages.mrkdwn import visible
from bot.sandbox.pages.site import fragment

View = Literal["html", "plain", "source"]
SHOWN = 200  # mails in the list
HEADERS = (
    "Message-ID",
    "In-Reply-To",
    "References",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Auto-Submitted",
    "Precedence",
)
# The HTML part stands in a frame of its own: no script, no request, no access to the page around it.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; "
    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
NEW_TAB = '<base target="_blank">'


def mailbox_pages(mailbox: Mailbox) -> Blueprint:
    """Make the pages of one mailbox."""
    pages = Blueprint("mailbox", __name__, url_prefix="/mail")

    @pages.get("/")
    def home() -> str:
        return render_template("mailbox/page.html", number=None, view="html")

    @pages.get("/<int:number>")
    @pages.get("/<int:number>/<view>")
    def show(number: int, view: str = "html") -> str:
        _mail(mailbox, number)
        if view not in get_args(View):
            abort(404)
        return render_template("mailbox/page.html", number=number, view=view)

    @pages.get("/list/<int:number>")
    def listing(number: int) -> Response:
        mails = mailbox.messages
        return fragment(
            "mailbox/list.html", version=len(mails), mails=mails[: -SHOWN - 1 : -1], number=number
        )

    @pages.get("/latest/read")
    def latest() -> Response:
        mails = mailbox.messages
        return _read(mails[-1] if mails else None, "html")

    @pages.get("/<int:number>/<view>/read")
    def read(number: int, view: str) -> Response:
        return _read(_mail(mailbox, number), view)

    @pages.get("/<int:number>/as-html")
    def as_html(number: int) -> Response:
        html = _mail(mailbox, number).html_with_pictures
        if html is None:
            abort(404)
        answer = Response(visible(html) + NEW_TAB)
        answer.headers["Content-Security-Policy"] = MAIL_POLICY
        return answer

    return pages


def _mail(mailbox: Mailbox, number: int) -> Mail:
    mails = mailbox.messages
    if not 1 <= number <= len(mails):
        abort(404)
    return mails[number - 1]


def _read(mail: Mail | None, view: str) -> Response:
    if mail is not None and view == "html" and mail.html is None:
        view = "plain"
    headers = [(name, mail.header(name)) for name in HEADERS if mail.header(name)] if mail else []
    version = mail and mail.number
    return fragment("mailbox/read.html", version=version, mail=mail, view=view, headers=headers)
