"""Mail goes in by smtplib and is there, raw and parsed; each fault is seen as a client sees it."""

import gc
import smtplib
import ssl
import warnings
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from time import monotonic

import pytest

from bot.sandbox.mailbox import Mailbox
from bot.sandbox.mailbox.faults import Fault, Stage


def letter(subject: str = "shop.example: 2 orders") -> EmailMessage:
    """A mail with both parts."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = "bot@example.com", "owner@example.com", subject
    message["Message-ID"] = "<1@example.com>"
    message["Date"] = "Sat, 21 Nov 2026 08:00:00 +0100"
    message.set_content("Two orders, 199,99 € – grüße")
    message.add_alternative("<p>Two orders</p>", subtype="html")
    return message


def connect(mailbox: Mailbox) -> smtplib.SMTP:
    """Open a connection."""
    return smtplib.SMTP(mailbox.host, mailbox.port, timeout=3)


def send(mailbox: Mailbox, *recipients: str) -> dict[str, tuple[int, bytes]]:
    """Send a mail; return who was refused."""
    with connect(mailbox) as smtp:
        return smtp.send_message(letter(), to_addrs=recipients or ("owner@example.com",))


def test_a_mail_is_kept_raw_and_parsed(mailbox: Mailbox) -> None:
    assert send(mailbox, "owner@example.com", "second@example.com") == {}
    (mail,) = mailbox.wait_for(1)
    assert mail.number == 1
    assert mail.sender == "bot@example.com"
    assert mail.recipients == ("owner@example.com", "second@example.com")
    assert mail.subject == "shop.example: 2 orders"
    assert mail.header("Message-ID") == "<1@example.com>"
    assert mail.plain == "Two orders, 199,99 € – grüße\r\n"
    assert mail.html == "<p>Two orders</p>\r\n"
    assert mail.sent_at is not None
    assert mail.sent_at.utcoffset() == timedelta(hours=1)
    assert (mail.encrypted, mail.user) == (False, None)


def test_the_bytes_are_kept_as_they_came(mailbox: Mailbox) -> None:
    raw = b"Subject: a\r\n\r\n.dots and \xff bytes\r\n"
    with connect(mailbox) as smtp:
        smtp.sendmail("a@example.com", ["b@example.com"], raw)
    assert mailbox.messages[0].raw == raw


def test_waiting_ends_with_an_error_when_nothing_comes(mailbox: Mailbox) -> None:
    send(mailbox)
    with pytest.raises(TimeoutError, match="1 of 2 mails"):
        mailbox.wait_for(2, timedelta(milliseconds=20))


@pytest.mark.parametrize(
    ("stage", "refusal"),
    [
        ("sender", smtplib.SMTPSenderRefused),
        ("recipient", smtplib.SMTPRecipientsRefused),
        ("data", smtplib.SMTPDataError),
    ],
)
@pytest.mark.parametrize("reply", ["450 4.2.1 Try later", "550 5.1.1 No such user"])
def test_each_stage_refuses_with_any_code(
    mailbox: Mailbox, stage: Stage, refusal: type[smtplib.SMTPException], reply: str
) -> None:
    mailbox.faults.add(Fault(stage=stage, reply=reply))
    with pytest.raises(refusal, match=reply[:3]):
        send(mailbox)
    assert mailbox.messages == []
    send(mailbox)
    assert len(mailbox.messages) == 1


def test_one_recipient_of_two_is_refused(mailbox: Mailbox) -> None:
    mailbox.faults.add(Fault(stage="recipient", reply="550 5.1.1 No such user", recipient="gone@*"))
    refused = send(mailbox, "owner@example.com", "gone@example.com")
    assert refused == {"gone@example.com": (550, b"5.1.1 No such user")}
    assert mailbox.messages[0].recipients == ("owner@example.com",)


def test_the_server_is_closed_at_the_greeting(mailbox: Mailbox) -> None:
    mailbox.faults.add(Fault(stage="greeting", reply="421 4.3.2 Going down"))
    with pytest.raises(smtplib.SMTPConnectError, match="421"):
        connect(mailbox)


def test_a_slow_greeting_is_late(mailbox: Mailbox) -> None:
    mailbox.faults.add(Fault(stage="greeting", delay=timedelta(milliseconds=150)))
    started = monotonic()
    send(mailbox)
    assert monotonic() - started >= 0.15
    mailbox.faults.add(Fault(stage="greeting", delay=timedelta(seconds=30)))
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        smtplib.SMTP(mailbox.host, mailbox.port, timeout=0.05)


@pytest.mark.parametrize("stage", ["greeting", "sender", "recipient", "data"])
@pytest.mark.parametrize("drop", ["before", "after"])
def test_the_connection_breaks_at_each_stage(mailbox: Mailbox, stage: Stage, drop: str) -> None:
    mailbox.faults.add(Fault(stage=stage, drop="before" if drop == "before" else "after"))
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        send(mailbox)
    assert len(mailbox.messages) == (1 if (stage, drop) == ("data", "after") else 0)


def test_trouble_is_taken_back(mailbox: Mailbox) -> None:
    mailbox.faults.add(Fault(stage="data", reply="451 4.3.0 Later"), times=3)
    with pytest.raises(smtplib.SMTPDataError):
        send(mailbox)
    mailbox.faults.clear()
    send(mailbox)
    assert len(mailbox.messages) == 1


def test_lines_that_are_too_long_are_refused(mailbox: Mailbox) -> None:
    with connect(mailbox) as smtp, pytest.raises(smtplib.SMTPDataError, match="Line too long"):
        smtp.sendmail("a@example.com", ["b@example.com"], b"Subject: a\r\n\r\n" + b"x" * 1000)


# ---------------------------------------------------------------- AUTH and TLS


def test_a_login_is_demanded() -> None:
    with Mailbox(accounts={"bot": "sésame"}) as mailbox:
        with pytest.raises(smtplib.SMTPSenderRefused, match="Authentication required"):
            send(mailbox)
        with connect(mailbox) as smtp, pytest.raises(smtplib.SMTPAuthenticationError, match="535"):
            smtp.login("bot", "wrong")
        with connect(mailbox) as smtp, pytest.raises(smtplib.SMTPAuthenticationError, match="535"):
            smtp.login("nobody", "")
        with connect(mailbox) as smtp:
            smtp.ehlo()
            smtp.user, smtp.password = "bot", "sésame"
            smtp.docmd("AUTH", "PLAIN " + "AGJvdABzw6lzYW1l")
            smtp.send_message(letter())
        assert [mail.user for mail in mailbox.messages] == ["bot"]


def test_no_login_is_offered_where_there_are_no_accounts(mailbox: Mailbox) -> None:
    with connect(mailbox) as smtp:
        smtp.ehlo()
        assert not smtp.has_extn("auth")


def test_starttls(server_context: ssl.SSLContext, client_context: ssl.SSLContext) -> None:
    with Mailbox(starttls=server_context, accounts={"bot": "secret"}) as mailbox:
        with smtplib.SMTP("localhost", mailbox.port, timeout=3) as smtp:
            smtp.starttls(context=client_context)
            smtp.login("bot", "secret")
            smtp.send_message(letter())
        (mail,) = mailbox.messages
        assert (mail.encrypted, mail.user) == (True, "bot")


def test_implicit_tls(server_context: ssl.SSLContext, client_context: ssl.SSLContext) -> None:
    with Mailbox(implicit_tls=server_context) as mailbox:
        with smtplib.SMTP_SSL("localhost", mailbox.port, timeout=3, context=client_context) as smtp:
            smtp.send_message(letter())
        assert mailbox.messages[0].encrypted


def test_a_certificate_that_nobody_vouches_for_is_seen(server_context: ssl.SSLContext) -> None:
    with Mailbox(implicit_tls=server_context) as mailbox, pytest.raises(ssl.SSLCertVerificationError):
        smtplib.SMTP_SSL("localhost", mailbox.port, timeout=3, context=ssl.create_default_context())


def test_the_connection_breaks_under_tls(
    server_context: ssl.SSLContext, client_context: ssl.SSLContext
) -> None:
    with Mailbox(starttls=server_context) as mailbox:
        mailbox.faults.add(Fault(stage="data", drop="after"))
        with smtplib.SMTP("localhost", mailbox.port, timeout=3) as smtp:
            smtp.starttls(context=client_context)
            with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
                smtp.send_message(letter())
        assert len(mailbox.messages) == 1


def test_stopping_ends_a_conversation_in_the_middle() -> None:
    mailbox = Mailbox()
    with connect(mailbox) as smtp:
        smtp.ehlo()
        mailbox.stop()
        with pytest.raises(smtplib.SMTPServerDisconnected):
            smtp.mail("a@example.com")


def test_stopping_twice_is_stopping_once() -> None:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        mailbox = Mailbox()
        with connect(mailbox) as smtp:
            smtp.send_message(letter())
        mailbox.stop()
        mailbox.stop()
        gc.collect()
    assert len(mailbox.messages) == 1
    assert warned == []
