"""The door to Slack's Web API: one method a call, one try, every fault named for what can be done about it.

Facts of the wire: docs.slack.dev/reference/methods/<method>. Nothing is repeated here: the outbox repeats.
"""

import logging
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from http.client import HTTPException
from typing import Any, NoReturn, TypeVar
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import SlackResponse

from bot.deliver.channel import Head, Temporary
from bot.deliver.slack.ladder import Rung

API = "https://slack.com/api/"
TIMEOUT = timedelta(seconds=10)
EVENT_TYPE = "pirsch_bot_notice"
PAGE = 200
MOST_PAGES = 20

# How slack_sdk lets faults of the network through: as they are. The last ones come from answers that are no
# Slack answers at all (a list, an unknown charset).
FAULTS = (OSError, HTTPException, ValueError, LookupError, AttributeError)

Answer = TypeVar("Answer")

# slack_sdk logs whole requests at DEBUG, addresses of webhooks with them, and faults that we report anyway.
silent = logging.getLogger(f"{__name__}.sdk")
silent.setLevel(logging.CRITICAL)


class Refusal(Exception):
    """Slack answered that it will not. `needed` is the scope that is missing, where it says so."""

    def __init__(self, status: int, code: str, headers: Mapping[str, str], needed: str = "") -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.headers = headers
        self.needed = needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who a token is: the bot's name, its workspace, and what it may do."""

    name: str
    team: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A channel of Slack as it is now."""

    id: str
    name: str
    member: bool
    archived: bool
    private: bool


class Client:
    """Speaks for one bot token. Safe for threads. Raises ValueError for a token that cannot be one.

    Every call raises Refusal, or Temporary when the network fails.
    """

    def __init__(self, token: str, base_url: str = API, timeout: timedelta = TIMEOUT) -> None:
        if not printable(token):
            raise ValueError("a Slack bot token is one word of printable ASCII")
        self._web = WebClient(
            token=token,
            base_url=base_url,
            timeout=max(1, round(timeout.total_seconds())),
            retry_handlers=[],  # the outbox repeats; the default handler would post twice after a reset
            logger=silent,
            ssl=trust(),
        )

    def __repr__(self) -> str:
        return f"Client({self._web.base_url!r})"

    def post(
        self,
        place: str,
        rung: Rung,
        about: Mapping[str, str],
        thread: str | None = None,
        *,
        aloud: bool = False,
    ) -> Head:
        """Post into a channel, by id or name, or as a reply; `aloud` shows the reply in the channel, too."""
        answer = _asked(
            lambda: self._web.chat_postMessage(
                channel=place,
                text=rung.text,
                blocks=rung.blocks or None,
                metadata=_metadata(about),
                thread_ts=thread,
                reply_broadcast=aloud if thread else None,
                parse="none",
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return Head(ref=str(answer.get("ts")), place=str(answer.get("channel") or place))

    def change(self, head: Head, rung: Rung, about: Mapping[str, str]) -> None:
        """Put new words in the place of old ones, and what the message carries for machines."""
        _asked(
            lambda: self._web.chat_update(
                channel=head.place,
                ts=head.ref,
                text=rung.text,
                blocks=list(rung.blocks),  # an empty list takes the old blocks away
                metadata=_metadata(about),
                parse="none",
                link_names=False,
            )
        )

    def said(self, place: str, since: float, about: str, thread: str | None = None) -> str | None:
        """Find our own message about a notice, in a channel or a thread, since an instant; return its ts."""
        given: dict[str, Any] = {
            "channel": place,
            "oldest": f"{since:.6f}",
            "include_all_metadata": True,
            "limit": PAGE,
        }
        ask: Callable[..., SlackResponse] = self._web.conversations_history
        if thread is not None:
            ask, given = self._web.conversations_replies, given | {"ts": thread}
        for message, payload in self._ours(lambda cursor: ask(**given, cursor=cursor)):
            if payload.get("id") == about:
                return str(message["ts"])
        return None

    def last_about(self, place: str, since: float, key: str) -> tuple[str, str] | None:
        """Find our latest message that stands for alerts of a key; return its ts and how its alert stands."""

        def ask(cursor: str | None) -> SlackResponse:
            return self._web.conversations_history(
                channel=place, oldest=f"{since:.6f}", include_all_metadata=True, limit=PAGE, cursor=cursor
            )

        for message, payload in self._ours(ask):
            if payload.get("key") == key:
                return str(message["ts"]), str(payload.get("state"))
        return None

    def who(self) -> Who:
        """Ask who we are. The scopes stand in a header of every answer."""
        answer = _asked(self._web.auth_test)
        headers = {str(name).lower(): str(value) for name, value in answer.headers.items()}
        scopes = headers.get("x-oauth-scopes", "").replace(" ", "").split(",")
        return Who(
            name=str(answer.get("user") or ""),
            team=str(answer.get("team") or ""),
            scopes=frozenset(scope for scope in scopes if scope),
        )

    def conversation(self, place: str) -> Conversation:
        """Ask about one channel by its id."""
        return _conversation(_asked(lambda: self._web.conversations_info(channel=place)).get("channel") or {})

    def ours(self, types: Sequence[str]) -> Iterator[Conversation]:
        """Go through the channels that we are in."""
        pages = self._pages(
            "channels",
            lambda cursor: self._web.users_conversations(types=",".join(types), limit=PAGE, cursor=cursor),
        )
        return map(_conversation, pages)

    def all(self, types: Sequence[str]) -> Iterator[Conversation]:
        """Go through all channels that we may see."""
        pages = self._pages(
            "channels",
            lambda cursor: self._web.conversations_list(types=",".join(types), limit=PAGE, cursor=cursor),
        )
        return map(_conversation, pages)

    def upload(self, picture: bytes, name: str, title: str, alt: str, head: Head) -> None:
        """Put a picture into the thread of a message, by the three steps of an external upload."""
        file = {"content": picture, "filename": name, "title": title, "alt_txt": alt}
        _asked(
            lambda: self._web.files_upload_v2(
                file_uploads=[file],
                channel=head.place,
                thread_ts=head.ref,
            )
        )

    def _ours(
        self, ask: Callable[[str | None], SlackResponse]
    ) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """Go through messages of ours, the newest first, each with what it carries for machines."""
        for message in self._pages("messages", ask):
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == EVENT_TYPE:
                yield message, metadata.get("event_payload") or {}

    def _pages(self, name: str, ask: Callable[[str | None], SlackResponse]) -> Iterator[Mapping[str, Any]]:
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            answer = _asked(lambda at=cursor: ask(at))  # type: ignore[misc]
            found = answer.get(name)
            yield from found if isinstance(found, list) else ()
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return


def _conversation(found: Mapping[str, Any]) -> Conversation:
    return Conversation(
        id=str(found.get("id") or ""),
        name=str(found.get("name") or ""),
        member=bool(found.get("is_member")),
        archived=bool(found.get("is_archived")),
        private=bool(found.get("is_private")),
    )


def _asked(call: Callable[[], SlackResponse]) -> SlackResponse:
    """Call slack_sdk once, and name what went wrong."""
    try:
        return guarded(call)
    except SlackApiError as error:
        reply = error.response
        code = str(reply.get("error") or f"HTTP {reply.status_code}")
        needed = str(reply.get("needed") or "")
        raise Refusal(reply.status_code, code, reply.headers, needed) from error
    except SlackRequestError as error:  # an upload whose second step was not answered with 200
        raise Refusal(502, "the upload was not taken", {}) from error


def guarded(call: Callable[[], Answer]) -> Answer:
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
def trust() -> ssl.SSLContext:
    """Whom we trust. Once for all: left alone, urllib would read every certificate for each message."""
    return ssl.create_default_context()


def _metadata(about: Mapping[str, str]) -> dict[str, object]:
    return {"event_type": EVENT_TYPE, "event_payload": dict(about)}


def printable(text: str) -> bool:
    """Whether a secret can stand in a header or an address."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text
