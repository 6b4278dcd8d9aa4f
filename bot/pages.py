"""The pages of the bot: no script, nothing from elsewhere, no copy kept, no address told on.

What a page shows may be written by strangers and its address may be a key, so each answer says that it runs
nothing, is framed by nobody, is not stored, and that links on it do not tell where they stood.
"""

import secrets
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from flask import Response, request

from bot.render.environments import environments
from bot.render.renderer import shipped
from bot.writing.formats import Formats

MOST_FORM_BYTES = 8 * 1024


class Pages:
    """Makes pages of templates in `templates/web`; the owner's own come first, file by file."""

    def __init__(self, folders: Sequence[Path], formats: Formats) -> None:
        self.formats = formats
        self._html = environments([*folders, shipped()], formats).html

    def show(self, template: str, status: int = 200, **context: object) -> Response:
        """Render a page with its headers."""
        nonce = secrets.token_urlsafe(18)
        body = self._html.get_template(f"web/{template}").render(nonce=nonce, **context)
        answer = Response(body, status=status, mimetype="text/html")
        answer.headers.update(
            {
                "Content-Security-Policy": (
                    f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none';"
                    " frame-ancestors 'none'"
                ),
                "Referrer-Policy": "no-referrer",
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
                "X-Frame-Options": "DENY",
                "X-Robots-Tag": "noindex, nofollow",
                "Cross-Origin-Opener-Policy": "same-origin",
            }
        )
        return answer

    def sorry(self, status: int, what: str, why: str) -> Response:
        """Say that there is nothing to be done here, and why."""
        return self.show("sorry.html", status, what=what, why=why)


def from_here(public_url: str) -> bool:
    """Whether a form was sent from one of our own pages; what does not say where from is no browser.

    Pages are sent with `Referrer-Policy: no-referrer`, under which a browser writes the origin of a form as
    "null", so `Sec-Fetch-Site` is what counts where it is there.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    if origin in (None, "null"):
        return True  # the form's own signature has to do
    ours, theirs = urlsplit(public_url), urlsplit(origin)
    return (ours.scheme, ours.netloc) == (theirs.scheme, theirs.netloc)
