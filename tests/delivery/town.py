"""A Slack, a mailbox, and the bot's roads to them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import clock, outbox
from bot.db import Database
from bot.deliver.channel import Channel
from bot.deliver.decide import Policy
from bot.deliver.lanes import Lanes
from bot.deliver.mail import Mail, Server
from bot.deliver.road import Road
from bot.deliver.slack import Slack
from bot.deliver.worker import Deliverer
from bot.outbox import Attempt, Entry
from bot.render import Renderer
from bot.sandbox.mailbox import Mailbox
from bot.sandbox.slack import Slack as Workspace
from bot.writing.formats import Formats
from tests.stores.making import notice
from tests.waiting import until

POLICY = Policy(
    pace=timedelta(0),
    patience=timedelta(hours=6),
    first_pause=timedelta(milliseconds=20),
    longest_pause=timedelta(milliseconds=200),
    share=lambda: 0.0,
)
LEASE = timedelta(seconds=20)
ON_BOTH_STORES = pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
NO_NUMBER = -1
CHANNELS = ("sales", "website", "general")


@dataclass(kw_only=True)
class Town:
    """Far sides over real sockets. `roads` lead to Slack's channels, and to the `owner` by mail."""

    database: Database
    slack: Workspace
    mailbox: Mailbox
    roads: dict[str, Road]
    _stack: ExitStack = field(default_factory=ExitStack)
    _deliverers: int = 0

    def lanes(
        self,
        *,
        told: str | None = "owner",
        lease: timedelta = LEASE,
        database: Database | None = None,
        roads: Mapping[str, Road] | None = None,
    ) -> Lanes:
        """Start to deliver, as a process of its own would."""
        self._deliverers += 1
        deliverer = Deliverer(
            database=database or self.database,
            roads=roads or self.roads,
            clock=clock.now,
            owner=f"process-{self._deliverers}",
            lease=lease,
            told=told,
        )
        lanes = Lanes(deliverer, poll=0.05)
        lanes.start()
        self._stack.callback(lanes.stop, 20.0)
        return lanes

    def put(
        self, channel: str, *numbers: int, lanes: Lanes | None = None, at: datetime | None = None
    ) -> None:
        """Let notices wait."""
        with self.database.transaction() as tx:
            for number in numbers:
                outbox.put(tx, [channel], notice(number), at or clock.now())
        if lanes is not None:
            lanes.wake([channel])

    def change(self, channel: str, **changes: object) -> None:
        """Give a road another policy or fallback."""
        road = self.roads[channel]
        policy = {key: value for key, value in changes.items() if key not in ("fallback", "care")}
        self.roads[channel] = replace(
            road,
            policy=replace(road.policy, **policy),  # type: ignore[arg-type]
            fallback=changes.get("fallback", road.fallback),  # type: ignore[arg-type]
            care=changes.get("care", road.care),  # type: ignore[arg-type]
        )

    def replace_channel(self, name: str, channel: Channel) -> None:
        """Let a road lead elsewhere."""
        self.roads[name] = replace(self.roads[name], channel=channel)

    def said(self, channel: str) -> list[int]:
        """The numbers of the orders that came into a Slack channel."""
        return [_number(str(message.blocks)) for message in self.slack.messages(channel)]

    def mailed(self) -> list[str]:
        """The subjects of the owner's mails."""
        return [mail.subject for mail in self.mailbox.messages]

    def entries(self, state: str | None = None) -> list[Entry]:
        """The outbox, the oldest first."""
        with self.database.reading() as tx:
            return outbox.entries(tx, state=state, most=1000)[::-1]

    def states(self) -> dict[str, int]:
        """How many notices are in each state."""
        with self.database.reading() as tx:
            return outbox.counts(tx)

    def attempts(self, entry: Entry) -> list[Attempt]:
        """How each try went."""
        with self.database.reading() as tx:
            return outbox.attempts_of(tx, entry.id)

    def lane(self, channel: str) -> outbox.Lane:
        """How a lane stands."""
        with self.database.reading() as tx:
            return next(lane for lane in outbox.lanes(tx) if lane.channel == channel)

    def settle(self, within: float = 30.0) -> None:
        """Wait until nothing waits any more."""
        until(lambda: outbox.WAITING not in self.states(), within)


def _number(blocks: str) -> int:
    """The order's number: the notices of these tests carry it as their only meta value."""
    _, _, rest = blocks.partition("number")
    digits = "".join(letter if letter.isdigit() else " " for letter in rest).split()
    return int(digits[0]) if digits else NO_NUMBER


def renderer(folders: Sequence[Path] = ()) -> Renderer:
    """Words as shipped, or as the owner's folders have them."""
    return Renderer(list(folders), Formats(zone=ZoneInfo("UTC")))


def slack_channel(workspace: Workspace, name: str, folders: Sequence[Path] = ()) -> Slack:
    """A road into one channel of a workspace."""
    return Slack(
        name,
        to=f"#{name}",
        token=workspace.token,
        base_url=workspace.api_url,
        renderer=renderer(folders),
        timeout=timedelta(seconds=3),
    )


def slack_road(workspace: Workspace, name: str) -> Road:
    """The way into one channel of a workspace, where what was said can be changed."""
    channel = slack_channel(workspace, name)
    return Road(channel=channel, policy=POLICY, edits=True, leads_to=f"#{name}")


def mail_channel(mailbox: Mailbox) -> Mail:
    """The road to the owner."""
    server = Server(host=mailbox.host, port=mailbox.port, security="none")
    return Mail(
        "owner", to=["owner@example.com"], sender="bot@example.com", server=server, renderer=renderer()
    )


@contextmanager
def town(database: Database) -> Iterator[Town]:
    """Open the far sides; stop all lanes and close them in the end."""
    with Workspace(CHANNELS) as workspace, Mailbox() as mailbox, ExitStack() as stack:
        roads = {name: slack_road(workspace, name) for name in CHANNELS}
        roads["owner"] = Road(channel=mail_channel(mailbox), policy=POLICY, addresses=("owner@example.com",))
        yield Town(database=database, slack=workspace, mailbox=mailbox, roads=roads, _stack=stack)
