"""One mail for each reader: a link of one's own, and what becomes of those whose server did not take it."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from bot.deliver.channel import Closed, Message, Permanent, Temporary
from bot.deliver.mail import Mail, Server
from bot.sandbox.mailbox import Mailbox
from bot.sandbox.mailbox.faults import Fault
from bot.specimens.ordinary import PLAIN
from tests.deliver.far_sides import RENDERER

ORDER = Message(id="17", notice=PLAIN["event"])
BOTH = ("ada@example.com", "bob@example.com")
LINK = "https://bot.example.com/unsubscribe/" + "Wy" * 60


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as running:
        yield running


def mail(mailbox: Mailbox, *to: str, personal: bool = True) -> Mail:
    return Mail(
        "owner",
        to=to or BOTH,
        sender="bot@example.com",
        server=Server(host=mailbox.host, port=mailbox.port, security="none", timeout=timedelta(seconds=2)),
        renderer=RENDERER,
        one_click=(lambda channel, who: f"{LINK}{channel}-{who.partition('@')[0]}") if personal else None,
    )


def test_each_reader_gets_a_copy_with_a_link_of_his_own(mailbox: Mailbox) -> None:
    mail(mailbox).send(ORDER)
    assert [one.recipients for one in mailbox.messages] == [(who,) for who in BOTH]
    for one, who in zip(mailbox.messages, BOTH, strict=True):
        link = f"{LINK}owner-{who.partition('@')[0]}"
        assert one.header("To") == who
        assert one.header("List-Unsubscribe") == f"<{link}>"
        assert one.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
        assert link in (one.html or "")
        assert f"To get no more of these: {link}" in (one.plain or "")


def test_the_link_stands_on_one_line_as_it_is(mailbox: Mailbox) -> None:
    """Broken up or encoded, no mail program would know it for an address."""
    mail(mailbox).send(ORDER)
    raw = mailbox.messages[0].raw
    assert f"List-Unsubscribe: <{LINK}owner-ada>\r\n".encode() in raw
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert not message_from_bytes(raw, policy=default).defects


def test_copies_have_names_of_their_own_that_stay_the_same(mailbox: Mailbox) -> None:
    receipts = [mail(mailbox).send(ORDER) for _ in range(2)]
    names = [one.header("Message-ID") for one in mailbox.messages]
    assert names[:2] == names[2:]
    assert len(set(names)) == 2
    assert receipts[0].ref == names[0]


def test_without_links_one_mail_goes_to_all(mailbox: Mailbox) -> None:
    mail(mailbox, personal=False).send(ORDER)
    (one,) = mailbox.messages
    assert one.recipients == BOTH
    assert one.header("List-Unsubscribe") == ""


@pytest.mark.parametrize("personal", [True, False])
def test_who_may_be_taken_later_is_left_for_later(mailbox: Mailbox, personal: bool) -> None:
    mailbox.faults.add(Fault(stage="recipient", reply="450 4.2.1 Later", recipient="ada@*"))
    receipt = mail(mailbox, personal=personal).send(ORDER)
    assert (receipt.rest, receipt.refused, receipt.repaired) == (("ada@example.com",), {}, None)
    assert mailbox.messages[0].recipients == ("bob@example.com",)


def test_the_rest_is_sent_to_nobody_else(mailbox: Mailbox) -> None:
    mail(mailbox).send(Message(id="17", notice=PLAIN["event"], only=("ada@example.com",)))
    assert [one.recipients for one in mailbox.messages] == [("ada@example.com",)]


def test_whoever_is_left_out_gets_nothing(mailbox: Mailbox) -> None:
    mail(mailbox).send(Message(id="17", notice=PLAIN["event"], left_out=frozenset({"ada@example.com"})))
    assert [one.recipients for one in mailbox.messages] == [("bob@example.com",)]


def test_a_channel_without_anybody_left_is_closed(mailbox: Mailbox) -> None:
    with pytest.raises(Closed, match="unsubscribed") as caught:
        mail(mailbox).send(Message(id="17", notice=PLAIN["event"], left_out=frozenset(BOTH)))
    assert "pirsch-bot recipients" in caught.value.remedy


def test_a_rest_without_anybody_left_is_given_up_and_closes_nothing(mailbox: Mailbox) -> None:
    ada = "ada@example.com"
    with pytest.raises(Permanent) as caught:
        mail(mailbox).send(Message(id="17", notice=PLAIN["event"], only=(ada,), left_out=frozenset({ada})))
    assert not isinstance(caught.value, Closed)


@pytest.mark.parametrize(
    ("reply", "gone"),
    [
        ("550 5.1.1 No such user", True),
        ("550 No such user", True),
        ("553 5.1.3 Bad address", True),
        ("550 5.2.1 Mailbox disabled", True),
        ("550 5.2.2 Mailbox full", False),
        ("550 5.7.1 We do not like your face", False),
        ("554 Refused", False),
        ("530 5.7.0 Log in", False),
    ],
)
def test_only_a_mailbox_that_is_gone_is_given_up_for_ever(mailbox: Mailbox, reply: str, gone: bool) -> None:
    mailbox.faults.add(Fault(stage="recipient", reply=reply, recipient="ada@*"))
    receipt = mail(mailbox).send(ORDER)
    assert dict(receipt.refused) == ({"ada@example.com": reply} if gone else {})
    assert receipt.repaired == (None if gone else f"ada@example.com was refused: {reply}")
    assert receipt.rest == ()


def test_a_rest_that_is_refused_for_good_says_who(mailbox: Mailbox) -> None:
    mailbox.faults.add(Fault(stage="recipient", reply="550 5.1.1 No such user", recipient="ada@*"))
    with pytest.raises(Permanent) as caught:
        mail(mailbox).send(Message(id="17", notice=PLAIN["event"], only=("ada@example.com",)))
    assert not isinstance(caught.value, Closed)
    assert caught.value.refused == {"ada@example.com": "550 5.1.1 No such user"}


def test_a_connection_lost_between_copies_leaves_the_others_for_later(mailbox: Mailbox) -> None:
    writer = mail(mailbox, *BOTH, "cyd@example.com")
    mailbox.faults.add(Fault(stage="recipient", drop="before", recipient="bob@*"))
    receipt = writer.send(ORDER)
    assert receipt.rest == ("bob@example.com", "cyd@example.com")
    assert [one.recipients for one in mailbox.messages] == [("ada@example.com",)]


def test_a_connection_lost_at_the_first_copy_is_raised(mailbox: Mailbox) -> None:
    mailbox.faults.add(Fault(stage="data", drop="after"))
    with pytest.raises(Temporary) as caught:
        mail(mailbox).send(ORDER)
    assert caught.value.ambiguous


def test_a_copy_that_looks_like_spam_is_told_and_the_other_arrives(mailbox: Mailbox) -> None:
    mailbox.faults.add(Fault(stage="data", reply="554 5.7.1 Looks like spam"))
    receipt = mail(mailbox).send(ORDER)
    assert receipt.repaired == "the mail server refuses the mail: 554 5.7.1 Looks like spam"
    assert [one.recipients for one in mailbox.messages] == [("bob@example.com",)]


def test_all_refused_closes_the_road(mailbox: Mailbox) -> None:
    mailbox.faults.add(Fault(stage="recipient", reply="550 5.1.1 No such user"), times=2)
    with pytest.raises(Closed):
        mail(mailbox).send(ORDER)


def test_pictures_come_along_and_are_shown_by_name(mailbox: Mailbox) -> None:
    drawn = Mail(
        "owner",
        to=["ada@example.com"],
        sender="bot@example.com",
        server=Server(host=mailbox.host, port=mailbox.port, security="none"),
        renderer=RENDERER,
        draw=lambda picture, site, dark=False: b"\x89PNG %d" % dark + picture.title.encode(),
    )
    drawn.send(Message(id="17", notice=PLAIN["measured"]))
    (one,) = mailbox.messages
    assert [part.get_content_type() for part in one.message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "image/png",
    ]
    images = [part for part in one.message.walk() if part.get_content_type() == "image/png"]
    for image, name, dark in zip(images, ("picture-1", "picture-1-dark"), (0, 1), strict=True):
        assert image["Content-ID"] == f"<{name}>"
        assert image.get_content_disposition() == "inline"
        assert image.get_content().startswith(b"\x89PNG %d" % dark)
        assert f'src="cid:{name}"' in (one.html or "")  # both: what no page shows is listed as a file
    assert "data:image/png;base64," in (one.html_with_pictures or "")


def test_a_picture_that_cannot_be_drawn_loses_no_mail(mailbox: Mailbox) -> None:
    def broken(picture: object, site: object, *, dark: bool = False) -> bytes:
        raise ZeroDivisionError

    drawn = Mail(
        "owner",
        to=["ada@example.com"],
        sender="bot@example.com",
        server=Server(host=mailbox.host, port=mailbox.port, security="none"),
        renderer=RENDERER,
        draw=broken,
    )
    assert drawn.send(Message(id="17", notice=PLAIN["measured"])).repaired is None
    assert "cid:" not in (mailbox.messages[0].html or "")
