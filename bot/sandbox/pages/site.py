"""The page server: what all pages of the sandbox have in common."""

import base64
import hashlib
import secrets
from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, current_app, render_template, request

from bot.sandbox.pages.charts import plot
from bot.sandbox.pages.mrkdwn import colour, is_link, mrkdwn, plain, visible

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


def site(blueprints: Iterable[Blueprint]) -> Flask:
    """Make the WSGI application that shows these pages. It loads nothing from anywhere else."""
    app = Flask(__name__, template_folder="templates", static_folder="static")
    app.config["RUN"] = secrets.token_hex(8)  # what a browser knows of an earlier run is worth nothing
    app.jinja_env.filters["mrkdwn"] = mrkdwn
    app.jinja_env.filters["plain"] = plain
    app.jinja_env.filters["visible"] = visible
    app.jinja_env.filters["colour"] = colour
    app.jinja_env.filters["is_link"] = is_link
    app.jinja_env.filters["is_own_picture"] = is_own_picture
    app.jinja_env.filters["plot"] = plot
    app.jinja_env.filters["inline_picture"] = inline_picture
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(_refuse_other_sites)
    app.after_request(_guard)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    return app


def fragment(template: str, *, version: object, **context: object) -> Response:
    """Render a part of a page that is fetched again and again: 304 while its version stays the same.

    `version` is anything whose text changes with what the part shows.
    """
    stamp = f"{current_app.config['RUN']} {request.path} {version}"
    tag = hashlib.sha256(stamp.encode("utf-8", "replace")).hexdigest()[:32]
    if tag in request.if_none_match:
        answer = Response(status=304)
    else:
        answer = Response(render_template(template, **context))
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def is_own_picture(address: str) -> bool:
    """Whether a picture may be loaded: only from this very server."""
    return address.startswith(request.host_url)


def inline_picture(data: bytes) -> str:
    """Return a picture as an address that holds all of it. Whatever it is, it is shown as a PNG."""
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


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
