"""Channels are looked at before there is a message that matters; what a person must do is told elsewhere."""

import pytest

from bot import clock, outbox
from bot.deliver.looking import look_around
from bot.deliver.worker import Deliverer
from bot.sandbox.mailbox.faults import Fault as MailFault
from bot.sandbox.slack.faults import Fault
from tests.delivery.town import LEASE, ON_BOTH_STORES, Town
from tests.waiting import until


def deliverer(here: Town, told: str | None = "owner") -> Deliverer:
    return Deliverer(
        database=here.database, roads=here.roads, clock=clock.now, owner="looking", lease=LEASE, told=told
    )


def place(here: Town, channel: str = "sales") -> str | None:
    with here.database.reading() as tx:
        return outbox.place(tx, channel, f"#{channel}")


@ON_BOTH_STORES
def test_names_are_found_and_nobody_is_told_anything(here: Town) -> None:
    seen = look_around(deliverer(here))
    assert (seen.well, seen.closed, seen.channels) == (4, (), frozenset())
    assert place(here) == here.slack.workspace.channel("sales").id  # type: ignore[union-attr]
    assert (here.slack.messages(), here.mailbox.messages) == ([], [])


def test_a_channel_that_was_renamed_still_gets_its_messages_and_its_owner_hears(here: Town) -> None:
    look_around(deliverer(here))
    here.slack.workspace.rename("sales", "shop")
    seen = look_around(deliverer(here))
    assert seen.channels == {"owner"}
    lanes = here.lanes()
    here.put("sales", 1, lanes=lanes)
    here.settle()
    assert here.said("shop") == [1]
    (mail,) = here.mailbox.messages
    assert mail.subject == "pirsch-bot needs you: Channel sales: #sales is called #shop now"
    assert 'Write to = "#shop", or its id "C00000001", which stays.' in str(mail.plain)
    look_around(deliverer(here))
    here.settle()
    assert len(here.mailbox.messages) == 1


@pytest.mark.parametrize(
    ("changes", "remedy"),
    [
        ({"member": False}, "In Slack, type /invite @pirsch-bot in #sales."),
        ({"archived": True}, "In Slack, unarchive #sales, or name another channel in the config."),
    ],
    ids=["not invited", "archived"],
)
def test_a_closed_channel_is_told_on_the_other_road_before_any_message(
    here: Town, changes: dict[str, bool], remedy: str
) -> None:
    here.change("sales", fallback="website")
    here.slack.add_channel("sales", **changes)
    seen = look_around(deliverer(here))
    assert (seen.closed, seen.channels) == (("sales",), frozenset({"owner", "website"}))
    lanes = here.lanes()
    here.put("sales", 1, lanes=lanes)
    here.settle()
    assert here.said("website") == [1]
    assert remedy in str(here.mailbox.messages[0].plain)


def test_a_closed_channel_is_told_once(here: Town) -> None:
    here.slack.add_channel("sales", member=False)
    for _ in range(3):
        look_around(deliverer(here))
    here.lanes()
    here.settle()
    assert len(here.mailbox.messages) == 1


def test_a_channel_that_looks_well_again_is_tried_with_the_next_message(here: Town) -> None:
    here.change("sales", fallback="website")
    here.slack.add_channel("sales", member=False)
    look_around(deliverer(here))
    here.slack.add_channel("sales", member=True)
    look_around(deliverer(here))
    lanes = here.lanes()
    here.put("sales", 1, lanes=lanes)
    here.settle()
    assert here.said("sales") == [1]
    until(lambda: len(here.mailbox.messages) == 2)
    assert here.mailbox.messages[1].subject.endswith("Channel sales works again")


def test_a_mail_server_that_refuses_the_login_is_told_in_slack(here: Town) -> None:
    here.change("owner", fallback="website")
    here.mailbox.faults.add(MailFault(stage="greeting", reply="535 5.7.8 No"))
    seen = look_around(deliverer(here))
    assert seen.closed == ("owner",)
    here.lanes()
    here.settle()
    (message,) = here.slack.messages("website")
    assert "Channel owner is closed" in message.text


def test_a_far_side_that_is_away_closes_nothing(here: Town) -> None:
    here.slack.faults.add(Fault(status=502), calls="auth.test", times=3)
    here.mailbox.faults.add(MailFault(stage="greeting", reply="421 4.3.2 Closing"))
    seen = look_around(deliverer(here))
    assert (seen.well, seen.closed, seen.channels) == (0, (), frozenset())


def test_without_the_scope_to_look_the_place_is_known_from_the_first_message_on(here: Town) -> None:
    here.slack.add_token(here.slack.token, ["chat:write"])
    look_around(deliverer(here))
    assert place(here) is None
    lanes = here.lanes()
    here.put("sales", 1, lanes=lanes)
    here.settle()
    assert place(here) == "C00000001"
    here.slack.workspace.rename("sales", "shop")
    here.put("sales", 2, lanes=lanes)
    here.settle()
    assert here.said("shop") == [1, 2]
