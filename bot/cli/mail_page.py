"""A mail as a page in a browser, with its pictures in it."""

import base64
import re
import tempfile
import webbrowser
from pathlib import Path

from bot.cli.ground import say
from bot.facts import Notice
from bot.pictures import png
from bot.render import Renderer, in_dark
from bot.settings import Settings

_CID = re.compile(r"cid:([\w.@-]+)")


def folders(settings: Settings) -> list[Path]:
    """Return where the owner's own templates are."""
    return [] if settings.bot.templates is None else [settings.folder / settings.bot.templates]


def renderer(settings: Settings) -> Renderer:
    """Make the words as the bot makes them when it delivers."""
    sites = {name: settings.formats(name) for name in settings.sites}
    return Renderer(folders(settings), settings.formats(), sites)


def page(settings: Settings, notice: Notice) -> str:
    """Return the mail's page with its pictures in it."""
    drawn = {f"picture-{place}": one for place, one in enumerate(notice.pictures)}
    html = renderer(settings).mail(notice, drawn=tuple(drawn)).html
    formats = settings.formats(notice.site)
    shown = {cid: _address(png(one, formats)) for cid, one in drawn.items()}
    shown |= {in_dark(cid): _address(png(one, formats, dark=True)) for cid, one in drawn.items()}
    return _CID.sub(lambda found: shown.get(found[1], found[0]), html)


def _address(picture: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


def show(settings: Settings, notice: Notice) -> None:
    """Open the mail in a browser, and say where its page stands."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix="pirsch-bot-", suffix=".html", delete=False
    ) as file:
        file.write(page(settings, notice))
    say(f"The mail stands in {file.name}")
    webbrowser.open(Path(file.name).as_uri())
