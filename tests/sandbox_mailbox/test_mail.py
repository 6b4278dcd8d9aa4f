"""What a reader sees of any bytes."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.mailbox.mail import Mail


def mail(raw: bytes) -> Mail:
    """A mail of these bytes."""
    return Mail(
        number=1,
        raw=raw,
        sender="a@example.com",
        recipients=("b@example.com",),
        received_at=datetime(2026, 11, 21, tzinfo=UTC),
    )


def test_pictures_that_came_along_are_put_into_the_html() -> None:
    raw = (
        b'Content-Type: multipart/related; boundary="b"\r\n\r\n'
        b'--b\r\nContent-Type: text/html\r\n\r\n<img src="cid:chart"><img src="cid:other">\r\n'
        b"--b\r\nContent-Type: image/png\r\nContent-ID: <chart>\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\niVBORw0=\r\n"
        b"--b\r\nContent-Type: text/html\r\nContent-ID: <other>\r\n\r\n<script>\r\n--b--\r\n"
    )
    html = mail(raw).html_with_pictures
    assert html is not None
    assert '<img src="data:image/png;base64,iVBORw0=">' in html
    assert '<img src="cid:other">' in html


def test_encoded_headers_are_decoded_and_stay_on_one_line() -> None:
    assert mail(b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe=0D=0ABcc=3A_x?=\r\n\r\n").subject == "Grüße Bcc: x"


def test_an_unknown_charset_is_no_error() -> None:
    assert mail(b"Content-Type: text/plain; charset=klingon\r\n\r\nhi").plain == "hi"


def test_a_missing_or_impossible_date_is_none() -> None:
    assert mail(b"\r\n").sent_at is None
    assert mail(b"Date: tomorrow\r\n\r\n").sent_at is None


def test_a_plain_mail_has_no_html() -> None:
    assert mail(b"Subject: a\r\n\r\nhi").html is None
    assert mail(b"Subject: a\r\n\r\nhi").html_with_pictures is None


HEADERS = st.sampled_from(
    [
        b"Subject: ",
        b"Date: ",
        b"From: ",
        b"To: ",
        b"Content-Type: ",
        b"Content-Transfer-Encoding: ",
        b"Message-ID: ",
    ]
)
WORDS = st.sampled_from(
    [
        b"multipart/alternative; boundary=b",
        b"text/html; charset=x",
        b"base64",
        b"=?utf-8?b?",
        b"\xff",
        b"<",
        b";",
        b"@",
    ]
)


@given(
    st.lists(st.tuples(HEADERS, st.lists(WORDS | st.binary(max_size=8), max_size=4)), max_size=5),
    st.binary(max_size=60),
)
def test_nothing_that_strangers_write_raises(headers: list[tuple[bytes, list[bytes]]], body: bytes) -> None:
    lines = [name + b"".join(words) for name, words in headers]
    found = mail(b"\r\n".join([*lines, b"", body]))
    assert isinstance(found.subject, str)
    for name in ("From", "To", "Date", "Message-ID", "Content-Type"):
        assert "\n" not in found.header(name)
    assert found.sent_at is None or isinstance(found.sent_at, datetime)
    assert found.plain is None or isinstance(found.plain, str)
    assert found.html_with_pictures is None or isinstance(found.html_with_pictures, str)
    assert isinstance(found.source, str)
