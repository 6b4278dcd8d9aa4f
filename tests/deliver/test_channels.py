"""What every channel promises. A new channel gets these tests by its line in `FAR_SIDES`."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.deliver.channel import Closed, Message, Permanent, Temporary, Undelivered
from bot.facts import EventHeard, Example
from bot.specimens.contents import NOON
from bot.specimens.ordinary import PLAIN, notice
from bot.specimens.worst import NASTIES
from tests.deliver.far_sides import FAR_SIDES, FarSide

ORDER = Message(id="notice-17", notice=PLAIN["event"])


@pytest.fixture(params=sorted(FAR_SIDES))
def far(request: pytest.FixtureRequest) -> Iterator[FarSide]:
    with FAR_SIDES[request.param]() as side:
        yield side


def refusal(far: FarSide) -> Undelivered:
    with pytest.raises(Undelivered) as caught:
        far.channel.send(ORDER)
    shown = f"{caught.value} {caught.value!r} {far.channel!r} {getattr(caught.value, 'remedy', '')}"
    assert not [secret for secret in far.secrets if secret in shown]
    assert caught.value.why
    return caught.value


def test_it_delivers_and_says_under_which_name(far: FarSide) -> None:
    receipt = far.channel.send(ORDER)
    assert receipt.ref
    assert receipt.repaired is None
    (arrived,) = far.arrived()
    assert "249.00 · Big order on shop" in arrived
    assert "Lamp “Aurora”" in arrived


@pytest.mark.parametrize("kind", ["mail", "slack"])  # the simulated webhook shows no metadata: test_slack
def test_a_repeat_is_recognisable(kind: str) -> None:
    with FAR_SIDES[kind]() as far:
        far.channel.send(ORDER)
        far.channel.send(ORDER)
        assert ["notice-17" in arrived for arrived in far.arrived()] == [True, True]


def test_a_late_message_says_so(far: FarSide) -> None:
    far.channel.send(Message(id="1", notice=PLAIN["event"], late=timedelta(hours=3)))
    assert "this message waited 3 h" in far.arrived()[0]


def test_a_message_that_stands_in_says_for_which_channel(far: FarSide) -> None:
    far.channel.send(Message(id="1", notice=PLAIN["event"], meant_for="reports"))
    assert "Meant for reports, which is closed." in far.arrived()[0]


@pytest.mark.parametrize("kind", sorted(NASTIES))
def test_nasty_text_arrives_escaped(far: FarSide, kind: str) -> None:
    receipt = far.channel.send(Message(id="1", notice=NASTIES[kind]))
    assert receipt.repaired is None
    (arrived,) = far.arrived()
    if far.channel.name == "sales":
        assert "<" not in arrived
    else:
        html = arrived[arrived.rindex("<!DOCTYPE") :]
        assert "<script" not in html
        assert "bcc:" not in arrived.split("\r\n\r\n")[0].lower()


def test_a_busy_far_side_is_asked_again(far: FarSide) -> None:
    far.busy()
    error = refusal(far)
    assert isinstance(error, Temporary)
    assert not error.ambiguous
    if far.channel.name == "sales":
        assert error.retry_after == timedelta(seconds=7)
    far.channel.send(ORDER)
    assert len(far.arrived()) == 1


def test_a_refused_message_is_given_up(far: FarSide) -> None:
    far.refuse()
    error = refusal(far)
    assert isinstance(error, Permanent)
    assert not isinstance(error, Closed)


def test_a_closed_road_says_what_to_do(far: FarSide) -> None:
    far.lock_out()
    error = refusal(far)
    assert isinstance(error, Closed)
    assert error.remedy.endswith(".")
    assert "{" not in error.remedy


def test_a_connection_lost_before_the_work_leaves_doubt_about_it(far: FarSide) -> None:
    far.hang_up_before()
    error = refusal(far)
    assert isinstance(error, Temporary)
    assert error.ambiguous
    assert far.arrived() == []


def test_a_connection_lost_after_the_work_leaves_doubt_about_it(far: FarSide) -> None:
    far.hang_up_after()
    error = refusal(far)
    assert isinstance(error, Temporary)
    assert error.ambiguous
    assert len(far.arrived()) == 1


def test_a_stalling_far_side_is_left(far: FarSide) -> None:
    far.stall()
    error = refusal(far)
    assert isinstance(error, Temporary)
    assert error.ambiguous


def test_a_dead_far_side_has_certainly_taken_nothing(far: FarSide) -> None:
    far.stop()
    error = refusal(far)
    assert isinstance(error, Temporary)
    assert not error.ambiguous


def test_an_odd_id_does_no_harm(far: FarSide) -> None:
    far.channel.send(Message(id="17\r\nBcc: x@example.com <>", notice=PLAIN["test"]))
    assert len(far.arrived()) == 1


def test_one_message_takes_little_room(far: FarSide) -> None:
    many = {f"key {n}": "v" * 5_000 for n in range(400)}
    heard = EventHeard(event=Example(name="big", received_at=NOON, meta=many))
    far.channel.send(Message(id="1", notice=notice(heard, rule="Big")))
    assert len(far.arrived()[0]) < 400_000


def test_it_can_be_closed(far: FarSide) -> None:
    far.channel.close()
    assert far.channel.pace >= timedelta(0)
    assert far.channel.patience >= timedelta(hours=1)
