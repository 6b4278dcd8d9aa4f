"""Slack: by a bot token into a channel, or by an incoming-webhook address, which is simpler and knows less.

Facts of the wire: docs.slack.dev/reference/methods/chat.postMessage and
docs.slack.dev/messaging/sending-messages-using-incoming-webhooks.
"""

import logging
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from http.client import HTTPException
from typing import NoReturn, TypeVar
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.deliver import slack_refusals
from bot.deliver.channel import Closed, Message, Permanent, Receipt, Temporary, Undelivered
from bot.deliver.slack_refusals import LayoutRefused
from bot.facts import Notice, Reason, Severity
from bot.render import Renderer, SlackWords
from bot.render.blocks import Block
from bot.writing.text import oneline

API = "https://slack.com/api/"
TIMEOUT = timedelta(seconds=10)
PACE = timedelta(seconds=1)  # "one message per second per channel", docs.slack.dev/apis/web-api/rate-limits
PATIENCE = timedelta(hours=6)
UNNAMED = "pirsch-bot"

# How slack_sdk lets faults of the network through: as they are. The last two come from answers that are no
# Slack answers at all (a list, an unknown charset).
FAULTS = (OSError, HTTPException, ValueError, LookupError, AttributeError)

Answer = TypeVar("Answer")

# slack_sdk logs whole requests at DEBUG, addresses of webhooks with them, and faults that we report anyway.
_silent = logging.getLogger(f"{__name__}.sdk")
_silent.setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class _Rung:
    """One try: what it shows, and what is said about it when a better one was refused."""

    text: str
    blocks: Sequence[Block]


class Slack:
    """Posts into one channel (`to`: a name with # or an id) with a bot token.

    `mention` goes before every urgent message exactly as the owner wrote it, for example `<!here>`.
    Raises ValueError for a token that cannot be one.
    """

    pace = PACE
    patience = PATIENCE

    def __init__(
        self,
        name: str,
        *,
        to: str,
        token: str,
        renderer: Renderer,
        mention: str | None = None,
        base_url: str = API,
        timeout: timedelta = TIMEOUT,
    ) -> None:
        if not _printable(token):
            raise ValueError("a Slack bot token is one word of printable ASCII")
        self.name = name
        self._to = to
        self._renderer = renderer
        self._mention = mention
        self._client = WebClient(
            token=token,
            base_url=base_url,
            timeout=max(1, round(timeout.total_seconds())),
            retry_handlers=[],  # the outbox repeats; the default handler would post twice after a reset
            logger=_silent,
            ssl=_trust(),
        )

    def __repr__(self) -> str:
        return f"Slack(name={self.name!r}, to={self._to!r})"

    def send(self, message: Message) -> Receipt:
        """Post, in a simpler layout where Slack refuses the full one. The receipt's `ref` is Slack's ts."""
        words = self._renderer.slack(message.notice, message.late, message.meant_for)
        mention = self._mention if _urgent(message.notice) else None
        return _climb_down(words, mention, lambda rung: self._post(rung, message.id))

    def close(self) -> None:
        """Nothing is held open: each call has a connection of its own."""

    def _post(self, rung: _Rung, message_id: str) -> str:
        try:
            answer = _asked(
                lambda: self._client.chat_postMessage(
                    channel=self._to,
                    text=rung.text,
                    blocks=rung.blocks or None,
                    metadata=_metadata(message_id),
                    parse="none",
                    link_names=False,
                    unfurl_links=False,
                    unfurl_media=False,
                )
            )
        except SlackApiError as error:
            raise self._judged(error) from error
        return str(answer.get("ts"))

    def _judged(self, error: SlackApiError) -> Undelivered:
        reply = error.response
        code = str(reply.get("error") or f"HTTP {reply.status_code}")
        remedy = slack_refusals.remedy(code)
        if remedy is None:
            return slack_refusals.judge(reply.status_code, code, reply.headers)
        bot = self._own_name() if "{bot}" in remedy else UNNAMED
        return Closed(f"Slack refuses {self._to}: {code}", remedy.format(to=self._to, bot=bot))

    def _own_name(self) -> str:
        """Ask what the bot is called in this workspace, so that the remedy can be typed as it stands."""
        try:
            return oneline(self._client.auth_test().get("user") or UNNAMED)
        except (SlackApiError, *FAULTS):
            return UNNAMED


class SlackHook:
    """Posts through an incoming webhook, whose address is the secret and fixes the channel.

    Raises ValueError for an address that cannot be one, without showing it.
    """

    pace = PACE
    patience = PATIENCE

    def __init__(
        self,
        name: str,
        *,
        url: str,
        renderer: Renderer,
        mention: str | None = None,
        timeout: timedelta = TIMEOUT,
    ) -> None:
        if not _printable(url) or not url.startswith(("https://", "http://")):
            raise ValueError("the address of a Slack webhook begins with https:// and holds no blanks")
        self.name = name
        self._renderer = renderer
        self._mention = mention
        self._client = WebhookClient(
            url,
            timeout=max(1, round(timeout.total_seconds())),
            retry_handlers=[],
            logger=_silent,
            ssl=_trust(),
        )

    def __repr__(self) -> str:
        return f"SlackHook(name={self.name!r})"

    def send(self, message: Message) -> Receipt:
        """Post. Slack names no message here, so the receipt's `ref` is our own id."""
        words = self._renderer.slack(message.notice, message.late, message.meant_for)
        mention = self._mention if _urgent(message.notice) else None
        return _climb_down(words, mention, lambda rung: self._post(rung, message.id))

    def close(self) -> None:
        """Nothing is held open: each call has a connection of its own."""

    def _post(self, rung: _Rung, message_id: str) -> str:
        answer = _asked(
            lambda: self._client.send(
                text=rung.text,
                blocks=rung.blocks or None,
                metadata=_metadata(message_id),
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        if answer.status_code != 200 or answer.body.strip() != "ok":
            raise slack_refusals.judge_hook(answer.status_code, answer.body, answer.headers)
        return message_id


def _climb_down(words: SlackWords, mention: str | None, post: Callable[[_Rung], str]) -> Receipt:
    """Post the full layout, then one without the cells, then text alone: a layout never loses a message."""
    refused = None
    for rung in _rungs(words, mention):
        try:
            ref = post(rung)
        except LayoutRefused as error:
            refused = error
            continue
        notes = [note for note in (words.broken, refused.why if refused else None) if note]
        return Receipt(ref=ref, repaired="; ".join(notes) or None)
    raise Permanent(refused.why if refused else "there is nothing to say") from refused


def _rungs(words: SlackWords, mention: str | None) -> Sequence[_Rung]:
    if mention is None:
        called, text, alone = words.blocks, words.text, words.alone
    else:
        block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": mention, "verbatim": True}}
        called = (*words.blocks, block)
        text, alone = f"{mention} {words.text}", f"{mention} {words.alone}"
    fewer = [block for block in called if "text" in block]
    return (_Rung(text, called), _Rung(text, fewer), _Rung(alone, ()))


def _asked(call: Callable[[], Answer]) -> Answer:
    """Call slack_sdk, and name faults of the network for what can be done about them."""
    try:
        return call()
    except FAULTS as fault:
        _network_fault(fault)


def _network_fault(fault: Exception) -> NoReturn:
    # urllib wraps what goes wrong until the request is out in URLError; what comes raw happened while the
    # answer was awaited, so Slack may have posted the message. Only the kind is told: the text of some of
    # these exceptions holds the whole address.
    reason = fault.reason if isinstance(fault, URLError) else fault
    kind = type(reason).__name__ if isinstance(reason, Exception) else "URLError"
    detail = f" ({reason.strerror})" if isinstance(reason, OSError) and reason.strerror else ""
    why = f"Slack cannot be reached: {kind}{detail}"
    raise Temporary(why, ambiguous=not isinstance(fault, URLError)) from fault


@cache
def _trust() -> ssl.SSLContext:
    # Once for all: left alone, urllib would read every authority's certificate for each message.
    return ssl.create_default_context()


def _metadata(message_id: str) -> dict[str, object]:
    return {"event_type": "pirsch_bot_notice", "event_payload": {"id": message_id}}


def _urgent(notice: Notice) -> bool:
    return notice.severity is Severity.PAGE and notice.reason is not Reason.RESOLVED


def _printable(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable() and " " not in text
