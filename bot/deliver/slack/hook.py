"""The simpler road: an incoming webhook, whose address is the secret and fixes the channel.

Facts of the wire: docs.slack.dev/messaging/sending-messages-using-incoming-webhooks. It names no message and
changes none, so that every notice is a message of its own.
"""

from datetime import timedelta

from slack_sdk.webhook import WebhookClient

from bot.deliver.channel import Lack, Looked, Message, Receipt
from bot.deliver.slack import ladder, refusals
from bot.deliver.slack.client import EVENT_TYPE, TIMEOUT, guarded, printable, silent, trust
from bot.deliver.slack.climbing import Charts, climb_down, urgent
from bot.deliver.slack.ladder import Rung
from bot.render import Renderer

PACE = timedelta(seconds=1)
PATIENCE = timedelta(hours=6)


class SlackHook:
    """Posts through an incoming webhook.

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
        charts: Charts | None = None,
    ) -> None:
        if not printable(url) or not url.startswith(("https://", "http://")):
            raise ValueError("the address of a Slack webhook begins with https:// and holds no blanks")
        self.name = name
        self._renderer = renderer
        self._mention = mention
        self._charts = charts or Charts()
        self._client = WebhookClient(
            url,
            timeout=max(1, round(timeout.total_seconds())),
            retry_handlers=[],
            logger=silent,
            ssl=trust(),
        )

    def __repr__(self) -> str:
        return f"SlackHook(name={self.name!r})"

    def send(self, message: Message) -> Receipt:
        """Post. Slack names no message here, so the receipt's `ref` is our own id."""
        words = self._renderer.slack(message.notice, message.late, message.meant_for)
        mention = self._mention if urgent(message.notice) else None
        rungs = ladder.parent(words, mention, charts=self._charts.taken)
        note = climb_down(rungs, lambda rung: self._post(rung, message.id), self._charts)
        return Receipt(ref=message.id, repaired="; ".join(filter(None, (words.broken, note))) or None)

    def look(self, place: str | None = None) -> Looked:
        """Nothing can be asked of a webhook but to post."""
        lack = Lack(
            what="of a webhook nothing can be changed or looked up: each change is a message of its own",
            remedy="With a bot token ([slack]) an alert is one message, and its changes are in its thread.",
        )
        return Looked(said="is a webhook, which cannot be looked at without posting", lacks=(lack,))

    def close(self) -> None:
        """Nothing is held open: each call has a connection of its own."""

    def _post(self, rung: Rung, message_id: str) -> None:
        answer = guarded(
            lambda: self._client.send(
                text=rung.text,
                blocks=list(rung.blocks) or None,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"id": message_id}},
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        if answer.status_code != 200 or answer.body.strip() != "ok":
            raise refusals.judge_hook(answer.status_code, answer.body, answer.headers)
