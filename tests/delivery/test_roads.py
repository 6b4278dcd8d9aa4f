"""Roads that close and open again, messages that are given up, and what the owner hears of it."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from bot import clock, db, outbox
from bot.deliver.channel import Closed, Looked, Message, Receipt, Temporary
from bot.facts import Trouble
from bot.outbox import DEAD, DIVERTED, SENT, WAITING, Entry
from bot.sandbox.slack.faults import Fault
from tests.delivery.town import NO_NUMBER, ON_BOTH_STORES, Town, slack_channel
from tests.waiting import until

SECOND = timedelta(seconds=1)


def told(here: Town, channel: str = "owner") -> list[str]:
    """What the bot said about itself, as the outbox has it."""
    contents = [entry.notice.content for entry in here.entries() if entry.channel == channel]
    return [content.what for content in contents if isinstance(content, Trouble)]


def of(here: Town, channel: str) -> list[Entry]:
    return [entry for entry in here.entries() if entry.channel == channel]


def lock_out(here: Town, channel: str = "sales") -> None:
    here.slack.add_channel(channel, member=False)


def invite(here: Town, channel: str = "sales") -> None:
    here.slack.add_channel(channel, member=True)
    with here.database.transaction() as tx:
        outbox.reopen(tx, channel, clock.now())


# ---------------------------------------------------------------- given up


def test_who_is_older_than_patience_is_given_up_and_the_owner_hears_of_it(here: Town) -> None:
    here.change("sales", patience=SECOND / 4)
    here.slack.faults.add(Fault(status=502), channel="#sales", times=999)
    lanes = here.lanes()
    here.put("sales", 1, lanes=lanes)
    until(lambda: DEAD in here.states())
    here.slack.faults.clear()
    here.put("sales", 2, lanes=lanes)
    here.settle()
    (dead,) = here.entries(DEAD)
    assert str(dead.why).startswith("Slack answers")
    last = here.attempts(dead)[-1]
    assert last.tried_at + timedelta(seconds=last.seconds) - dead.put_at >= SECOND / 4 - SECOND / 50
    assert here.said("sales") == [2]
    assert told(here) == ["A message for sales was given up"]
    assert dead.id[:8] in str(here.mailbox.messages[0].plain)


@ON_BOTH_STORES
def test_many_that_are_given_up_are_one_message_a_day(here: Town) -> None:
    here.slack.faults.add(Fault(error="no_text"), channel="#sales", times=999)
    lanes = here.lanes()
    here.put("sales", *range(20), lanes=lanes)
    here.settle()
    assert len(here.entries(DEAD)) == 20
    assert told(here) == ["A message for sales was given up"]


def test_a_dead_letter_can_be_sent_again(here: Town) -> None:
    here.slack.faults.add(Fault(error="no_text"), channel="#sales")
    lanes = here.lanes()
    here.put("sales", 1, lanes=lanes)
    here.settle()
    with here.database.transaction() as tx:
        outbox.send_again(tx, [entry.id for entry in here.entries(DEAD)], clock.now())
    lanes.wake(["sales"])
    here.settle()
    assert here.said("sales") == [1]
    assert DEAD not in here.states()


def test_trouble_about_trouble_ends(here: Town) -> None:
    """The owner's own channel refuses everything, also the news that it does."""
    here.slack.faults.add(Fault(error="no_text"), times=999)
    lanes = here.lanes(told="general")
    here.put("general", 1, lanes=lanes)
    here.settle()
    assert here.states() == {DEAD: 2}


def test_without_an_owner_nobody_is_told(here: Town) -> None:
    here.slack.faults.add(Fault(error="no_text"), channel="#sales")
    lock_out(here, "website")
    here.change("website", fallback="general")
    lanes = here.lanes(told=None)
    here.put("sales", 1, lanes=lanes)
    here.put("website", 2, lanes=lanes)
    here.settle()
    assert here.states() == {DEAD: 1, DIVERTED: 1, SENT: 1}


# ---------------------------------------------------------------- closed, with a fallback


@ON_BOTH_STORES
def test_what_a_closed_channel_does_not_take_goes_round_by_its_fallback(here: Town) -> None:
    here.change("sales", fallback="website")
    lock_out(here)
    lanes = here.lanes()
    here.put("sales", *range(5), lanes=lanes)
    here.settle()
    here.put("sales", *range(5, 10), lanes=lanes)
    here.settle()
    assert here.said("sales") == []
    assert here.said("website") == list(range(10))
    assert {entry.meant_for for entry in of(here, "website")} == {"sales"}
    tried = [entry for entry in of(here, "sales") if here.attempts(entry)]
    assert len(tried) == 1  # one refusal is enough: the others were not tried there


def test_the_owner_hears_once_why_and_what_to_do(here: Town) -> None:
    here.change("sales", fallback="website")
    lock_out(here)
    lanes = here.lanes()
    for number in range(3):
        here.put("sales", number, lanes=lanes)
        here.settle()
    (mail,) = here.mailbox.messages
    assert "Channel sales is closed" in mail.subject
    assert "not_in_channel" in str(mail.plain)
    assert str(here.lane("sales").remedy).startswith("In Slack, type /invite @")
    assert str(here.lane("sales").remedy) in " ".join(str(mail.plain).split())


@ON_BOTH_STORES
def test_a_mended_channel_is_used_again_and_the_owner_hears_that_too(here: Town) -> None:
    here.change("sales", fallback="website")
    lock_out(here)
    lanes = here.lanes()
    here.put("sales", 1, lanes=lanes)
    here.settle()
    invite(here)
    here.put("sales", 2, 3, lanes=lanes)
    here.settle()
    assert (here.said("website"), here.said("sales")) == ([1], [2, 3, NO_NUMBER])
    assert here.slack.messages("sales")[-1].text == "1 message missed while the bot was out of #sales."
    assert told(here) == ["Channel sales is closed", "Channel sales works again"]
    assert here.lane("sales").closed_why is None


def test_a_channel_that_is_still_closed_when_tried_again_is_no_news(here: Town) -> None:
    here.change("sales", fallback="website")
    lock_out(here)
    lanes = here.lanes()
    for number in range(3):
        here.put("sales", number, lanes=lanes)
        here.settle()
        with here.database.transaction() as tx:
            outbox.reopen(tx, "sales", clock.now())
    assert here.said("website") == [0, 1, 2]
    assert len([entry for entry in of(here, "sales") if here.attempts(entry)]) == 3
    assert told(here) == ["Channel sales is closed"]


def test_a_probe_is_made_by_itself_when_its_time_has_come(here: Town) -> None:
    here.change("sales", fallback="website")
    lock_out(here)
    lanes = here.lanes()
    here.put("sales", 1, lanes=lanes)
    here.settle()
    here.slack.add_channel("sales", member=True)
    here.put("sales", 2, lanes=lanes)  # too early: it goes round
    here.settle()
    with here.database.transaction() as tx:
        probe_at = tx.execute(
            sa.select(db.lanes.c.probe_at).where(db.lanes.c.channel == "sales")
        ).scalar_one()
        assert probe_at - clock.now() > timedelta(minutes=29)
        tx.execute(sa.update(db.lanes).values(probe_at=probe_at - timedelta(minutes=30)))
    here.put("sales", 3, lanes=lanes)
    here.settle()
    assert (here.said("website"), here.said("sales")) == ([1, 2], [3, NO_NUMBER])
    assert here.slack.messages("sales")[-1].text == "2 messages missed while the bot was out of #sales."


def test_two_closed_channels_lead_on_to_the_third(here: Town) -> None:
    here.change("sales", fallback="website")
    here.change("website", fallback="general")
    lock_out(here, "sales")
    lock_out(here, "website")
    lanes = here.lanes()
    here.put("sales", 1, 2, lanes=lanes)
    here.put("website", 3, lanes=lanes)
    here.settle()
    assert sorted(here.said("general")) == [1, 2, 3]
    assert {entry.meant_for for entry in of(here, "general")} == {"sales", "website"}
    assert sorted(told(here)) == ["Channel sales is closed", "Channel website is closed"]


def test_the_owner_s_own_channel_is_closed(here: Town) -> None:
    """The news about it goes by its fallback."""
    here.change("general", fallback="owner")
    lock_out(here, "general")
    lanes = here.lanes(told="general")
    here.put("general", 1, lanes=lanes)
    here.settle()
    assert len(here.mailbox.messages) == 2
    assert [subject for subject in here.mailed() if "Channel general is closed" in subject]


def test_what_is_old_goes_round_as_well(here: Town) -> None:
    """A message that waited through an outage is not given up for the road being closed at its end."""
    here.change("sales", fallback="website")
    lock_out(here)
    here.put("sales", 1, at=clock.now() - timedelta(days=2))
    here.lanes()
    here.settle()
    assert here.said("website") == [1]


# ---------------------------------------------------------------- closed, without a fallback


@ON_BOTH_STORES
def test_without_a_fallback_everything_waits_until_the_channel_is_open_again(here: Town) -> None:
    lock_out(here)
    lanes = here.lanes()
    here.put("sales", *range(5), lanes=lanes)
    until(lambda: here.states() == {SENT: 1, WAITING: 5})
    invite(here)
    lanes.wake(["sales"])
    here.settle()
    assert here.said("sales") == list(range(5))
    assert told(here) == ["Channel sales is closed", "Channel sales works again"]


def test_without_a_fallback_what_is_too_old_is_given_up_and_said_so(here: Town) -> None:
    lock_out(here)
    here.put("sales", 1, at=clock.now() - timedelta(days=2))
    here.put("sales", 2)
    here.lanes()
    until(lambda: here.states() == {DEAD: 1, SENT: 2, WAITING: 1})
    assert [entry.notice.key for entry in here.entries(DEAD)] == ["shop/order/1"]
    assert sorted(told(here)) == ["A message for sales was given up", "Channel sales is closed"]


class Moody:
    """A channel that does what its list says, and then takes everything."""

    name, pace, patience = "sales", timedelta(0), SECOND

    def __init__(self, *moods: Exception) -> None:
        self._moods = list(moods)
        self.taken = 0

    def send(self, message: Message) -> Receipt:
        if self._moods:
            raise self._moods.pop(0)
        self.taken += 1
        return Receipt(ref=str(self.taken))

    def look(self, place: str | None = None) -> Looked:
        return Looked(said="is there")

    def close(self) -> None: ...


def test_a_stumble_at_the_probe_leaves_the_road_closed(here: Town) -> None:
    moody = Moody(Closed("Shut", "Open it."), Temporary("Busy"), Temporary("Busy"))
    here.replace_channel("sales", moody)
    lanes = here.lanes()
    here.put("sales", 1, lanes=lanes)
    until(lambda: here.mailbox.messages)
    with here.database.transaction() as tx:
        outbox.reopen(tx, "sales", clock.now())
    lanes.wake(["sales"])
    here.settle()
    assert moody.taken == 1
    assert told(here) == ["Channel sales is closed", "Channel sales works again"]


# ---------------------------------------------------------------- broken templates


def test_a_broken_template_loses_nothing_and_the_owner_hears_once_a_day(here: Town, tmp_path: Path) -> None:
    (tmp_path / "slack").mkdir()
    (tmp_path / "slack" / "event.md").write_text("{{ notice.content.no_such_thing }}")
    here.replace_channel("sales", slack_channel(here.slack, "sales", [tmp_path]))
    lanes = here.lanes()
    here.put("sales", 1, 2, 3, lanes=lanes)
    here.settle()
    assert len(here.slack.messages("sales")) == 3
    assert here.said("sales") == [1, 2, 3]
    (mail,) = here.mailbox.messages
    assert "slack/event.md" in str(mail.plain)
    assert [bool(entry.why) for entry in of(here, "sales")] == [True] * 3


def test_a_late_message_says_so(here: Town) -> None:
    here.put("sales", 1, at=clock.now() - timedelta(hours=3))
    here.put("website", 2, at=clock.now() - timedelta(minutes=9))
    here.lanes()
    here.settle()
    assert "waited 3 h" in str(here.slack.messages("sales")[0].blocks)
    assert "waited" not in str(here.slack.messages("website")[0].blocks)


def test_what_goes_round_says_for_whom_it_was_meant(here: Town) -> None:
    here.change("sales", fallback="owner")
    lock_out(here)
    lanes = here.lanes()
    here.put("sales", 1, lanes=lanes)
    here.settle()
    assert [mail for mail in here.mailbox.messages if "Meant for sales, which is closed" in str(mail.plain)]


def test_one_try_speaks_for_all_that_is_too_old_on_a_closed_road(here: Town) -> None:
    lock_out(here)
    here.put("sales", 1, 2, 3, 4, at=clock.now() - timedelta(days=2))
    here.put("sales", 5)
    here.lanes()
    until(lambda: here.states().get(DEAD) == 4)
    assert [entry.channel for entry in here.entries(WAITING)].count("sales") == 1
    until(lambda: len(told(here)) == 2)
    assert told(here).count("A message for sales was given up") == 1
