"""Mail: encryption, headers, threads, and what each answer of the server means."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import trustme
from hypothesis import given, settings

from bot.deliver.channel import Closed, Message, Permanent, Temporary, Undelivered
from bot.deliver.mail import Mail, Server, address, letter
from bot.facts import Notice
from bot.sandbox.mailbox import Mailbox
from bot.sandbox.mailbox.faults import Fault
from bot.specimens.ordinary import PLAIN
from bot.specimens.worst import NASTIES
from tests.deliver.far_sides import RENDERER
from tests.render.limits import check_shown
from tests.render.test_anything import NOTICE

NOON = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)
ORDER = Message(id="17", notice=PLAIN["event"])
BOT = "Pirsch bot <bot@example.com>"


def clock() -> datetime:
    return NOON


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as running:
        yield running


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def server(mailbox: Mailbox, **kwargs: Any) -> Server:
    given = {"host": mailbox.host, "port": mailbox.port, "security": "none"} | kwargs
    return Server(timeout=timedelta(seconds=2), **given)


def mail(mailbox: Mailbox, *to: str, **kwargs: Any) -> Mail:
    return Mail(
        "owner",
        to=to or ("owner@example.com",),
        sender=BOT,
        server=server(mailbox, **kwargs),
        renderer=RENDERER,
        clock=clock,
    )


def test_the_headers(mailbox: Mailbox) -> None:
    receipt = mail(mailbox, "owner@example.com", "Zoë B. <zoe@example.com>").send(ORDER)
    (got,) = mailbox.messages
    assert receipt.ref == "<17@example.com>"
    assert dict(got.message.items()) | {"Content-Type": ""} == {
        "From": BOT,
        "To": 'owner@example.com, "Zoë B." <zoe@example.com>',
        "Subject": "249.00 · Big order on shop",
        "Date": "Sat, 14 Nov 2026 12:00:00 +0000",
        "Message-ID": "<17@example.com>",
        "Auto-Submitted": "auto-generated",
        "List-Id": "<owner.pirsch-bot.example.com>",
        "X-Auto-Response-Suppress": "All",
        "MIME-Version": "1.0",
        "Content-Type": "",
    }
    assert got.recipients == ("owner@example.com", "zoe@example.com")


def test_the_plain_part_comes_first_and_both_are_complete(mailbox: Mailbox) -> None:
    mail(mailbox).send(ORDER)
    (got,) = mailbox.messages
    assert got.message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in got.message.iter_parts()] == ["text/plain", "text/html"]
    words = RENDERER.mail(ORDER.notice)
    assert (got.plain or "").replace("\r\n", "\n") == words.plain
    assert (got.html or "").replace("\r\n", "\n").rstrip("\n") == words.html


def test_mails_about_one_trouble_are_one_thread(mailbox: Mailbox) -> None:
    channel = mail(mailbox)
    for number, kind in enumerate(("frequency", "frequency-over", "absence", "event")):
        channel.send(Message(id=str(number), notice=PLAIN[kind]))
    began, ended, other, momentary = (got.header("References") for got in mailbox.messages)
    assert began == ended
    assert began.startswith("<alert-")
    assert began.endswith("@example.com>")
    assert other not in (began, "")
    assert momentary == ""
    assert [got.header("In-Reply-To") for got in mailbox.messages] == [began, ended, other, ""]


@settings(deadline=None, max_examples=50)
@given(NOTICE)
def test_any_notice_makes_a_valid_mail_on_the_wire(notice: Notice) -> None:
    sender = address(BOT)
    message = Message(id="1", notice=notice)
    _check_wire(letter(message, RENDERER.mail(notice), sender, [sender], NOON).as_bytes())


@pytest.mark.parametrize("kind", sorted(NASTIES))
def test_nasty_mails_are_valid_on_the_wire(mailbox: Mailbox, kind: str) -> None:
    mail(mailbox).send(Message(id="1", notice=NASTIES[kind]))
    _check_wire(mailbox.messages[0].raw)


def _check_wire(raw: bytes) -> None:
    assert raw.isascii()
    assert all(len(line) <= 998 and b"\n" not in line for line in raw.split(b"\r\n"))
    parsed = message_from_bytes(raw, policy=default)
    assert not parsed.defects
    expected = {"from", "to", "subject", "date", "message-id", "auto-submitted", "x-auto-response-suppress"}
    expected |= {"mime-version", "content-type"}
    names = [name.lower() for name in parsed.keys()]  # noqa: SIM118 - repeated headers count
    assert len(names) == len(set(names))
    assert set(names) - {"in-reply-to", "references", "list-id", "precedence"} == expected
    check_shown(str(parsed["Subject"]), "")


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_mail_is_encrypted(security: str, server_context: ssl.SSLContext, ca_file: Path) -> None:
    doors = {"implicit_tls": server_context} if security == "tls" else {"starttls": server_context}
    with Mailbox(accounts={"bot": "pass"}, **doors) as box:  # type: ignore[arg-type]
        mail(box, security=security, ca_file=ca_file, user="bot", password="pass").send(ORDER)
        (got,) = box.messages
    assert got.encrypted
    assert got.user == "bot"


def test_a_stranger_with_a_certificate_gets_no_mail(server_context: ssl.SSLContext) -> None:
    with Mailbox(implicit_tls=server_context) as box:
        with pytest.raises(Closed, match="not trusted") as caught:
            mail(box, security="tls").send(ORDER)
        assert "ca_file" in caught.value.remedy
        assert box.messages == []


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_without_tls_gets_no_mail(mailbox: Mailbox, security: str) -> None:
    with pytest.raises(Closed) as caught:
        mail(mailbox, security=security).send(ORDER)
    assert "starttls" in caught.value.remedy
    assert mailbox.messages == []


def test_a_wrong_password_is_told_but_not_shown() -> None:
    with Mailbox(accounts={"bot": "right"}) as box:
        with pytest.raises(Closed, match="refuses user and password") as caught:
            mail(box, user="bot", password="wrong-but-secret").send(ORDER)
        assert "wrong-but-secret" not in repr(caught.value)
        assert "password" in caught.value.remedy


def test_a_missing_login_is_told() -> None:
    with Mailbox(accounts={"bot": "right"}) as box, pytest.raises(Closed) as caught:
        mail(box).send(ORDER)
    assert "password" in caught.value.remedy


def test_a_login_nobody_wants_is_told(mailbox: Mailbox) -> None:
    with pytest.raises(Closed):
        mail(mailbox, user="bot", password="pass").send(ORDER)


ANSWERS = [
    ("greeting", "421 4.3.2 Too many connections", Temporary),
    ("greeting", "554 5.7.1 No SMTP service here", Closed),
    ("sender", "451 4.3.0 Later", Temporary),
    ("sender", "550 5.7.1 Not your address", Closed),
    ("sender", "552 5.3.4 Too large", Permanent),
    ("sender", "530 5.7.0 Authentication required", Closed),
    ("recipient", "450 4.2.1 Greylisted", Temporary),
    ("recipient", "550 5.1.1 No such user", Closed),
    ("recipient", "530 5.7.0 Authentication required", Closed),
    ("data", "452 4.3.1 Disk full", Temporary),
    ("data", "550 5.7.1 Looks like spam", Permanent),
]


@pytest.mark.parametrize(("stage", "reply", "kind"), ANSWERS)
def test_each_answer_is_named_for_what_can_be_done(
    mailbox: Mailbox, stage: Any, reply: str, kind: type[Undelivered]
) -> None:
    mailbox.faults.add(Fault(stage=stage, reply=reply))
    with pytest.raises(kind) as caught:
        mail(mailbox).send(ORDER)
    assert type(caught.value) is kind
    assert reply[:3] in caught.value.why
    assert not getattr(caught.value, "ambiguous", False)
    assert mail(mailbox).send(ORDER).repaired is None


def test_who_was_refused_while_others_were_taken_is_told(mailbox: Mailbox) -> None:
    mailbox.faults.add(Fault(stage="recipient", reply="550 5.1.1 No such user", recipient="gone@*"))
    receipt = mail(mailbox, "gone@example.com", "here@example.com").send(ORDER)
    assert receipt.refused == {"gone@example.com": "550 5.1.1 No such user"}
    assert (receipt.repaired, receipt.rest) == (None, ())
    assert mailbox.messages[0].recipients == ("here@example.com",)


def test_one_recipient_who_may_be_taken_later_is_worth_waiting_for(mailbox: Mailbox) -> None:
    mailbox.faults.add(Fault(stage="recipient", reply="550 5.1.1 No such user", recipient="gone@*"))
    mailbox.faults.add(Fault(stage="recipient", reply="450 4.2.1 Later", recipient="slow@*"))
    with pytest.raises(Temporary, match=r"slow@example\.com: 450"):
        mail(mailbox, "gone@example.com", "slow@example.com").send(ORDER)


@pytest.mark.parametrize("stage", ["sender", "recipient"])
def test_a_connection_lost_before_the_mail_leaves_no_doubt(mailbox: Mailbox, stage: Any) -> None:
    mailbox.faults.add(Fault(stage=stage, drop="before"))
    with pytest.raises(Temporary) as caught:
        mail(mailbox).send(ORDER)
    assert not caught.value.ambiguous


def test_a_host_that_nobody_knows_may_be_known_later() -> None:
    far = Server(host="no-such-host.invalid", port=587, security="starttls", timeout=timedelta(seconds=2))
    channel = Mail("owner", to=["a@example.com"], sender=BOT, server=far, renderer=RENDERER)
    with pytest.raises(Temporary, match="its name is not known"):
        channel.send(ORDER)


@pytest.mark.parametrize("host", ["mail.example.com", "10.0.0.1", "localhost.example.com", "::2"])
def test_mail_in_the_open_is_for_this_machine_only(host: str) -> None:
    with pytest.raises(ValueError, match="use tls or starttls"):
        Server(host=host, port=25, security="none")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]"])
def test_mail_in_the_open_on_this_machine(host: str) -> None:
    assert Server(host=host, port=25, security="none").host == host


def test_the_password_shows_nowhere() -> None:
    far = Server(host="localhost", port=25, user="bot", password="secret-one")
    assert "secret-one" not in repr(far)
    with pytest.raises(ValueError, match="user and a password") as caught:
        Server(host="localhost", port=25, password="secret-one")
    assert "secret-one" not in str(caught.value)


BAD = [
    "",
    "nobody",
    "a@b@c",
    "a b@example.com",
    "a@example.com\r\nBcc: x@example.com",
    "<a@example.com",
    "ä@b.c",
]


@pytest.mark.parametrize("address", BAD)
def test_an_address_that_cannot_be_one_is_refused(address: str) -> None:
    far = Server(host="localhost", port=25, security="none")
    with pytest.raises(ValueError, match="no mail address"):
        Mail("owner", to=[address], sender=BOT, server=far, renderer=RENDERER)


def test_a_mail_to_nobody_is_refused() -> None:
    far = Server(host="localhost", port=25, security="none")
    with pytest.raises(ValueError, match="somebody"):
        Mail("owner", to=[], sender=BOT, server=far, renderer=RENDERER)


def test_only_what_goes_out_by_the_clock_is_bulk(mailbox: Mailbox) -> None:
    for number, kind in enumerate(("digest", "event")):
        mail(mailbox).send(Message(id=str(number), notice=PLAIN[kind]))
    assert [got.header("Precedence") for got in mailbox.messages] == ["bulk", ""]
