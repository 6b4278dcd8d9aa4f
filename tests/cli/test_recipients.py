"""Who is left out of a channel's mails, and writing to them again."""

import re

from bot import clock, recipients
from bot.recipients import REFUSED, UNSUBSCRIBED
from tests.cli.conftest import Place


def leave(place: Place) -> None:
    with place.store().transaction() as tx:
        recipients.pause(tx, "owner", "ada@example.com", UNSUBSCRIBED, "followed the link", clock.now())
        recipients.pause(tx, "reports", "ada@example.com", REFUSED, "550 5.1.1 No such user", clock.now())


def test_nobody_is_left_out(place: Place) -> None:
    assert place.lines("recipients") == ["Everybody gets every mail that is meant for them."]


def test_those_who_are_left_out_are_listed(on_both: Place) -> None:
    leave(on_both)
    assert [re.split(r"\s{2,}", line) for line in on_both.lines("recipients")] == [
        ["channel", "address", "state", "since", "why"],
        ["owner", "ada@example.com", "unsubscribed", "just now", "followed the link"],
        ["reports", "ada@example.com", "refused", "just now", "550 5.1.1 No such user"],
    ]


def test_one_gets_mails_again(on_both: Place) -> None:
    leave(on_both)
    words = ("recipients", "resume", "Ada@example.com")
    assert on_both.lines(*words, "--channel", "owner") == [
        "ada@example.com gets the mails of channel owner again."
    ]
    assert on_both.lines(*words) == ["ada@example.com gets the mails of channel reports again."]
    assert on_both.lines("recipients") == ["Everybody gets every mail that is meant for them."]


def test_somebody_who_is_not_left_out(place: Place) -> None:
    result = place.run("recipients", "resume", "bob@example.com")
    assert result.exit_code == 1
    assert "bob@example.com is not left out" in result.stderr
