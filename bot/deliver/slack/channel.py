"""The fuller road: a bot token, by which an alert is one message that shows how it stands.

Its changes are replies in its thread. Facts of the wire: docs.slack.dev/reference/methods/chat.postMessage
and chat.update.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from bot.deliver.channel import Closed, Head, Looked, Message, Receipt, Temporary, Undelivered
from bot.deliver.slack import ladder, marks, places, refusals
from bot.deliver.slack.client import API, TIMEOUT, Client, Conversation, Refusal
from bot.deliver.slack.climbing import Charts, climb_down, urgent
from bot.deliver.slack.ladder import Rung
from bot.deliver.slack.places import Unfound
from bot.facts import AlertState, Notice, Picture, Reason
from bot.render import Renderer, SlackWords
from bot.writing.text import oneline

log = logging.getLogger(__name__)

PACE = timedelta(seconds=1)  # "one message per second per channel", docs.slack.dev/apis/web-api/rate-limits
PATIENCE = timedelta(hours=6)
LONG_OPEN = timedelta(hours=1)
UNNAMED = "pirsch-bot"

Draw = Callable[[Picture, str | None], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What came of one notice: the name of its message, its head, and what had to be mended."""

    ref: str
    head: Head
    note: str | None = None


class Slack:
    """Posts into one channel (`to`: a name with # or an id) with a bot token.

    `mention` goes before every urgent message exactly as the owner wrote it, for example `<!here>`. That an
    alert is over is shown in the channel, too, when it was open for at least `long_open`. With `draw`,
    pictures are uploaded into the thread instead of Slack's own charts. `client` and `charts` are shared by
    the channels of one workspace. Raises ValueError for a token that cannot be one.
    """

    pace = PACE
    patience = PATIENCE

    def __init__(
        self,
        name: str,
        *,
        to: str,
        renderer: Renderer,
        token: str = "",
        client: Client | None = None,
        mention: str | None = None,
        base_url: str = API,
        timeout: timedelta = TIMEOUT,
        charts: Charts | None = None,
        draw: Draw | None = None,
        long_open: timedelta = LONG_OPEN,
    ) -> None:
        self.name = name
        self._to = to
        self._renderer = renderer
        self._mention = mention
        self._client = client or Client(token, base_url, timeout)
        self._charts = charts or Charts(wanted=draw is None)
        self._draw = draw
        self._long_open = long_open

    def __repr__(self) -> str:
        return f"Slack(name={self.name!r}, to={self._to!r})"

    def send(self, message: Message) -> Receipt:
        """Post, in a simpler layout where Slack refuses the full one. The receipt's `ref` is Slack's ts.

        Of an alert that was told here before, its message is changed to show how it stands, and what happened
        is said in its thread.
        """
        words = self._renderer.slack(message.notice, message.late, message.meant_for)
        try:
            told = self._told(message, words)
        except Refusal as refusal:
            raise self._judged(refusal) from refusal
        return Receipt(
            ref=told.ref,
            repaired="; ".join(filter(None, (words.broken, told.note))) or None,
            head=told.head if message.notice.standing is not None else None,
            place=told.head.place,
        )

    def look(self, place: str | None = None) -> Looked:
        """Ask who we are and whether we are in the channel. Needs the scope channels:read to see that."""
        try:
            who = self._client.who()
            found = places.find(self._client, who, self._to, place)
        except Refusal as refusal:
            raise self._judged(refusal) from refusal
        if who.scopes and "chat:write" not in who.scopes:
            raise self._closed("missing_scope", who.name)
        if found is Unfound.NOWHERE:
            raise self._closed("channel_not_found", who.name)
        lacks = tuple(places.lacks(who, self._to, found, uploads=self._draw is not None))
        if not isinstance(found, Conversation):
            said = f"speaks to the workspace {oneline(who.team)} as @{oneline(who.name)}"
            return Looked(said=said, lacks=lacks)
        if found.archived:
            raise self._closed("is_archived", who.name)
        if not found.member:
            raise self._closed("not_in_channel", who.name)
        said = f"is in #{oneline(found.name)} of {oneline(who.team)} as @{oneline(who.name)}"
        return Looked(said=said, leads_to=self._to, place=found.id, lacks=lacks)

    def close(self) -> None:
        """Nothing is held open: each call has a connection of its own."""

    # ------------------------------------------------------------ the life of an alert

    def _told(self, message: Message, words: SlackWords) -> _Told:
        if message.notice.standing is None or message.head is None:
            return self._begun(message, words)
        try:
            return self._gone_on(message, words, message.head)
        except Refusal as refusal:
            if refusal.code not in refusals.GONE:
                raise
            # Somebody deleted it, or it is too old to be changed. The new one stands for the alert now.
            return self._begun(message, words)

    def _begun(self, message: Message, words: SlackWords) -> _Told:
        """Post a message of its own, unless a former try did."""
        place = message.place or self._to
        if message.in_doubt_since is not None and (head := self._found(message)):
            return _Told(ref=head.ref, head=head)
        if (told := self._taken_over(message, words)) is not None:
            return told
        heads: list[Head] = []

        def put(rung: Rung) -> None:
            with self._layouts():
                heads.append(
                    self._client.post(place, rung, {"id": message.id, **marks.stands_for(message.notice)})
                )

        mention = self._mention if urgent(message.notice) else None
        note = climb_down(ladder.parent(words, mention, charts=self._charts.taken), put, self._charts)
        lost = self._uploaded(message.notice, heads[0])
        return _Told(ref=heads[0].ref, head=heads[0], note="; ".join(filter(None, (note, lost))) or None)

    def _gone_on(self, message: Message, words: SlackWords, head: Head) -> _Told:
        """Show how the alert stands now, then say what happened. To show it twice changes nothing."""

        def change(rung: Rung) -> None:
            with self._layouts():
                self._client.change(head, rung, marks.stands_for(message.notice))

        note = climb_down(ladder.change(words, charts=self._charts.taken), change, self._charts)
        if not message.notice.reason.speaks:
            return _Told(ref=head.ref, head=head, note=note)
        ref = self._said_before(message, head)
        if ref is not None:
            return _Told(ref=ref, head=head, note=note)
        refs: list[str] = []
        aloud = self._is_aloud(message.notice)

        def reply(rung: Rung) -> None:
            with self._layouts():
                said = self._client.post(head.place, rung, {"id": message.id}, head.ref, aloud=aloud)
            refs.append(said.ref)

        mention = self._mention if urgent(message.notice) else None
        note = climb_down(ladder.reply(words, mention), reply, self._charts) or note
        return _Told(ref=refs[0], head=head, note=note)

    def _is_aloud(self, notice: Notice) -> bool:
        """Whether a change is shown in the channel, too: the end of what was long open, and urgent news."""
        if notice.reason is Reason.RESOLVED:
            return notice.standing is not None and notice.at - notice.standing.opened_at >= self._long_open
        return urgent(notice)

    # ------------------------------------------------------------ after a lost answer

    def _found(self, message: Message) -> Head | None:
        """Look for the message in the channel. None when there is none, or when we may not look."""
        place = message.place or self._id_by_name()
        if place is None:
            return None
        ref = self._looked_up(message, place, None)
        return None if ref is None else Head(ref=ref, place=place)

    def _said_before(self, message: Message, head: Head) -> str | None:
        if message.in_doubt_since is None:
            return None
        return self._looked_up(message, head.place, head.ref)

    def _looked_up(self, message: Message, place: str, thread: str | None) -> str | None:
        since = message.in_doubt_since
        if since is None:
            return None
        try:
            return self._client.said(place, since.timestamp(), message.id, thread)
        except Refusal as refusal:
            if refusal.code != "missing_scope":
                raise
            # Told twice is better than never: `doctor` says which scope keeps it from coming twice.
            log.warning(
                "a lost answer cannot be looked up", extra={"channel": self.name, "needed": refusal.needed}
            )
            return None

    def _taken_over(self, message: Message, words: SlackWords) -> _Told | None:
        """Go on with the open message of an alert that a new store, or one that was lost, does not know."""
        head = self._left_open(message)
        if head is None:
            return None
        log.info("took over an open message", extra={"channel": self.name, "key": message.notice.key})
        try:
            return self._gone_on(message, words, head)
        except Refusal as refusal:
            if refusal.code not in refusals.GONE:
                raise
            return None

    def _left_open(self, message: Message) -> Head | None:
        """Find that message. None also when we cannot look: no alert is held up by that."""
        since, place = message.unknown_since, message.place
        if since is None or place is None:
            return None
        try:
            found = self._client.last_about(place, since.timestamp(), marks.fingerprint(message.notice.key))
        except (Refusal, Temporary) as fault:
            log.info("open messages cannot be looked up", extra={"channel": self.name, "why": str(fault)})
            return None
        if found is None or found[1] == AlertState.RESOLVED:
            return None
        return Head(ref=found[0], place=place)

    def _id_by_name(self) -> str | None:
        found = places.find(self._client, self._client.who(), self._to, None)
        return found.id if isinstance(found, Conversation) else None

    # ------------------------------------------------------------ pictures and refusals

    def _uploaded(self, notice: Notice, head: Head) -> str | None:
        """Put the pictures of a notice into its thread. The message stands; say when one was lost."""
        if self._draw is None:
            return None
        for number, picture in enumerate(notice.pictures, 1):
            name, title = f"{picture.kind}-{number}.png", oneline(picture.title)
            alt = self._renderer.picture(picture, notice)
            try:
                self._client.upload(self._draw(picture, notice.site), name, title, alt, head)
            except Refusal as refusal:
                return f"a picture could not be uploaded: {oneline(refusal.code)} {refusal.needed}".strip()
            except Temporary as fault:
                return f"a picture could not be uploaded: {fault.why}"
        return None

    @contextmanager
    def _layouts(self) -> Iterator[None]:
        """Tell a refused layout, which has a simpler one, from every other refusal."""
        try:
            yield
        except Refusal as refusal:
            if refusal.code in refusals.LAYOUT:
                raise refusals.judge(refusal.status, refusal.code, refusal.headers) from refusal
            raise

    def _judged(self, refusal: Refusal) -> Undelivered:
        if refusals.remedy(refusal.code) is None:
            return refusals.judge(refusal.status, refusal.code, refusal.headers)
        return self._closed(refusal.code, None, refusal.needed)

    def _closed(self, code: str, bot: str | None, needed: str = "") -> Closed:
        remedy = refusals.remedy(code) or ""
        if "{bot}" in remedy and bot is None:
            bot = self._own_name()
        said = remedy.format(to=self._to, bot=oneline(bot or UNNAMED), scope=oneline(needed) or "chat:write")
        return Closed(f"Slack refuses {self._to}: {code}", said)

    def _own_name(self) -> str:
        """Ask what the bot is called in this workspace, so that the remedy can be typed as it stands."""
        try:
            return self._client.who().name or UNNAMED
        except (Refusal, Temporary):
            return UNNAMED
