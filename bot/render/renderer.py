"""Puts notices into words. A broken template is reported, never a reason to say nothing."""

import logging
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import css_inline
from jinja2 import TemplateError

from bot.facts import Notice, Picture
from bot.pictures import sentence
from bot.render import builtin
from bot.render.blocks import LONGEST_MESSAGE, LONGEST_TEXT, Block, Parts, blocks, reply, without_blocks
from bot.render.charts import charts
from bot.render.environments import CUT_HERE, Environments, environments
from bot.writing.formats import Formats
from bot.writing.text import cut, cut_escaped, oneline, slack_escape

log = logging.getLogger(__name__)

LONGEST_SUBJECT = 150
LONGEST_PLAIN = 60_000
LARGEST_HTML = 90_000  # bytes; Gmail cuts a mail off at 102 KB
ROOM_FOR_STYLES = 16_000  # letters of rules that may go when they are written into the elements
ROOM_FOR_CHARTS = 4_000  # letters of a Slack message
LADDER = 4
"""How often a template that says too much is asked to say less."""

_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)

Words = TypeVar("Words")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackWords:
    """One Slack message: `text` is read out and shown in notifications, `blocks` is what people see.

    `alone` says everything for a Slack that takes no blocks, `reply` is what is said in the thread of a
    message that shows the rest, and `charts` are blocks that not every workspace takes. `broken` tells which
    template was not used and why.
    """

    text: str
    blocks: tuple[Block, ...]
    alone: str
    reply: tuple[Block, ...] = ()
    charts: tuple[Block, ...] = ()
    broken: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailWords:
    """One mail: a subject of one line, and two bodies that each say everything."""

    subject: str
    plain: str
    html: str
    broken: str | None = None


class _Unusable(Exception):
    """A template was rendered, but what came out cannot be sent."""


def in_dark(cid: str) -> str:
    """Name a picture as it is drawn for a dark mail: it comes along beside the light one."""
    return f"{cid}-dark"


def shipped() -> Path:
    """Find the templates that come with the bot: inside the package when installed, beside it in the tree."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_templates"
    return inside if inside.is_dir() else package.parent / "templates"


class Renderer:
    """Words by the owner's `folders` first, file by file, then by the shipped templates.

    Numbers and instants are written as `sites` says for a notice's site, or else by `formats`. Files are read
    once: a changed template needs a restart.
    """

    def __init__(
        self, folders: Sequence[Path], formats: Formats, sites: Mapping[str, Formats] = MappingProxyType({})
    ) -> None:
        self._formats = formats
        self._sites = sites
        # Compiled templates belong to their environment; sites that write alike share one.
        self._environments = {
            one: environments([*folders, shipped()], one) for one in {formats, *sites.values()}
        }

    def slack(
        self, notice: Notice, late: timedelta | None = None, meant_for: str | None = None
    ) -> SlackWords:
        """Write a Slack message. Never raises: plain words stand in for a broken template."""
        parts, broken = _either(
            lambda: self._slack_parts(notice, _values(notice, late, meant_for)),
            lambda: _plain_parts(notice, self.formats(notice)),
        )
        return SlackWords(
            text=cut_escaped(parts.text, LONGEST_TEXT),
            blocks=blocks(parts),
            alone=without_blocks(parts),
            reply=reply(parts),
            charts=charts(notice.pictures, self.formats(notice)),
            broken=broken,
        )

    def mail(
        self,
        notice: Notice,
        late: timedelta | None = None,
        meant_for: str | None = None,
        *,
        unsubscribe: str | None = None,
        drawn: Sequence[str] = (),
    ) -> MailWords:
        """Write a mail. Never raises: of subject, plain part and page only the broken one is replaced.

        `unsubscribe` is where its one reader can leave; `drawn` names the pictures that come along, in the
        order of `notice.pictures`; each comes `in_dark`, too.
        """
        values = _values(notice, late, meant_for) | {
            "unsubscribe": unsubscribe,
            "pictures": [
                {
                    "cid": cid,
                    "dark": None if cid is None else in_dark(cid),
                    "title": picture.title,
                    "says": sentence(picture, self.formats(notice)),
                }
                for cid, picture in zip_longest(drawn[: len(notice.pictures)], notice.pictures)
            ],
        }
        subject, no_subject = _either(lambda: self._subject(notice, values), lambda: builtin.headline(notice))
        plain, no_plain = _either(
            lambda: self._plain(notice, values), lambda: builtin.text(notice, self.formats(notice)) + "\n"
        )
        page, no_page = _either(
            lambda: self._page(notice, values), lambda: builtin.page(notice, self.formats(notice))
        )
        broken = no_subject or no_plain or no_page
        return MailWords(subject=cut(subject, LONGEST_SUBJECT), plain=plain, html=page, broken=broken)

    def formats(self, notice: Notice) -> Formats:
        """Return how numbers and times are written for those who read a notice."""
        return self._sites.get(notice.site or "", self._formats)

    def picture(self, picture: Picture, notice: Notice) -> str:
        """Say what a picture of a notice shows, for those who do not see it."""
        return sentence(picture, self.formats(notice))

    def _made(self, notice: Notice) -> Environments:
        return self._environments[self.formats(notice)]

    def _slack_parts(self, notice: Notice, values: Mapping[str, object]) -> Parts:
        template = self._made(notice).slack.get_template(f"slack/{notice.kind}.md")
        for less in range(LADDER):
            whole = template.render({**values, "less": less}).split(str(CUT_HERE))
            if sum(map(len, whole)) <= LONGEST_MESSAGE - (ROOM_FOR_CHARTS if notice.pictures else 0):
                break
        if len(whole) != len(Parts.__dataclass_fields__):
            raise _Unusable(f"slack/{notice.kind}.md does not extend slack/base.md")
        text, title, state, body, fields, context = (part.strip() for part in whole)
        if not text:
            raise _Unusable(f"slack/{notice.kind}.md has nothing in its block `text`")
        return Parts(
            text=" ".join(text.split()),
            title=title,
            state=" ".join(state.split()),
            body=body,
            fields=fields,
            context=context,
        )

    def _subject(self, notice: Notice, values: Mapping[str, object]) -> str:
        subject = oneline(
            self._made(notice).text.get_template(f"mail/{notice.kind}/subject.txt").render(values),
        )
        if not subject:
            raise _Unusable(f"mail/{notice.kind}/subject.txt says nothing")
        return subject

    def _plain(self, notice: Notice, values: Mapping[str, object]) -> str:
        template = self._made(notice).text.get_template(f"mail/{notice.kind}/body.txt")
        for less in range(LADDER):
            text = _beginning(template.generate({**values, "less": less}), LONGEST_PLAIN).strip()
            if len(text) <= LONGEST_PLAIN:
                break
        return cut(text, LONGEST_PLAIN) + "\n"

    def _page(self, notice: Notice, values: Mapping[str, object]) -> str:
        template = self._made(notice).html.get_template(f"mail/{notice.kind}/body.html")
        for less in range(LADDER):
            written = _beginning(template.generate({**values, "less": less}), LARGEST_HTML + ROOM_FOR_STYLES)
            if len(written) > LARGEST_HTML + ROOM_FOR_STYLES:
                continue  # no page any more, and too large before its styles are written into it
            page: str = _INLINER.inline(written)
            if len(page.encode()) <= LARGEST_HTML:
                return page
        raise _Unusable(f"mail/{notice.kind}/body.html makes a page of more than {LARGEST_HTML} bytes")


def _values(notice: Notice, late: timedelta | None, meant_for: str | None) -> dict[str, object]:
    return {"notice": notice, "content": notice.content, "late": late, "meant_for": meant_for}


def _beginning(pieces: Iterable[str], longest: int) -> str:
    """Put together what a template gives, and ask it for no more once that is too long."""
    made, length = [], 0
    for piece in pieces:
        made.append(piece)
        length += len(piece)
        if length > longest:
            break
    return "".join(made)


def _either(template: Callable[[], Words], plain: Callable[[], Words]) -> tuple[Words, str | None]:
    """Take the template's words, or plain ones and a sentence about what is wrong with the template."""
    try:
        return template(), None
    except Exception as error:  # the owner's template may raise anything, and the message must go out
        broken = _place(error)
        log.exception("template broken", extra={"template": broken})
        return plain(), broken


def _place(error: Exception) -> str:
    """Say in which file and line a template failed, and how."""
    if isinstance(error, _Unusable):
        return str(error)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).suffix != ".py"]
    where = f"{frames[-1].filename}, line {frames[-1].lineno}: " if frames else ""
    what = oneline(error) if isinstance(error, TemplateError) else f"{type(error).__name__}: {oneline(error)}"
    return f"{where}{cut(what, 300)}"


def _plain_parts(notice: Notice, formats: Formats) -> Parts:
    head = slack_escape(builtin.headline(notice))
    return Parts(text=head, title=head, body=slack_escape("\n".join(builtin.lines(notice, formats))))
