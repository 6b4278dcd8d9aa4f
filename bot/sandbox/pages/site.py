"""The page server: what all pages of the sandbox have in common."""

import hashlib
from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, render_template, request

from bot.sandbox.pages.mrkdwn import colour, is_link, mrkdwn, plain, visible

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


def site(blueprints: Iterable[Blueprint]) -> Flask:
    """Make the WSGI application that shows these pages. It loads nothing from anywhere else."""
    app = Flask(__name__, template_folder="templates", static_folder="static")
    app.jinja_env.filters["mrkdwn"] = mrkdwn
    app.jinja_env.filters["plain"] = plain
    app.jinja_env.filters["visible"] = visible
    app.jinja_env.filters["colour"] = colour
    app.jinja_env.filters["is_link"] = is_link
    app.jinja_env.filters["is_own_picture"] = is_own_picture
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(_refuse_other_sites)
    app.after_request(_guard)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    return app


def fragment(template: str, **context: object) -> Response:
    """Render a part of a page that is fetched again and again: 304 while it stays the same."""
    html = render_template(template, **context)
    answer = Response(html)
    answer.set_etag(hashlib.sha256(html.encode()).hexdigest()[:32])
    answer.headers["Cache-Control"] = "no-cache"
    return answer.make_conditional(request)  # type: ignore[return-value]


def is_own_picture(address: str) -> bool:
    """Whether a picture may be loaded: only from this very server."""
    return address.startswith(request.host_url)


def _refuse_other_sites() -> None:
    """Let no page of the internet press buttons here, nor read along under a name of its own."""
    if urlsplit(request.host_url).hostname not in LOCAL:
        abort(403)
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "none") not in (
        "none",
        "same-origin",
    ):
        abort(403)


def _guard(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", POLICY)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
