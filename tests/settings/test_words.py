"""Lengths of time, addresses of the web and of mail, as people write them."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deliver.mail import address
from bot.settings.words import LONGEST, duration, is_loopback, mail_address, spell, web_address


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("10m", timedelta(minutes=10)),
        ("1h30m", timedelta(minutes=90)),
        (" 1h 30m ", timedelta(minutes=90)),
        ("2w", timedelta(days=14)),
        ("250ms", timedelta(milliseconds=250)),
        ("0s", timedelta(0)),
        ("3660d", LONGEST),
    ],
)
def test_lengths(text: str, length: timedelta) -> None:
    assert duration(text) == length


@pytest.mark.parametrize(
    "text", ["", "5", "5 minutes", "m", "1.5h", "-1s", "1h30", "3661d", "٣d", "9" * 40 + "d", 5]
)
def test_no_lengths(text: object) -> None:
    with pytest.raises(ValueError, match=r"a length of time is needed|longer than ten years"):
        duration(text)


@given(st.timedeltas(min_value=timedelta(0), max_value=LONGEST))
def test_a_length_is_read_as_it_is_spelled(length: timedelta) -> None:
    whole = timedelta(milliseconds=length // timedelta(milliseconds=1))
    assert duration(spell(whole)) == whole


@given(st.text())
def test_any_text_is_a_length_or_none(text: str) -> None:
    with suppress(ValueError):
        assert timedelta(0) <= duration(text) <= LONGEST


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://bot.example.com/", "https://bot.example.com"),
        ("https://bot.example.com/behind/a/proxy", "https://bot.example.com/behind/a/proxy"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("HTTPS://bücher.example", "HTTPS://bücher.example"),
    ],
)
def test_web_addresses(text: str, url: str) -> None:
    assert web_address(text) == url


@pytest.mark.parametrize(
    "text",
    [
        *("", "bot.example.com", "//bot.example.com", "ftp://bot.example.com", "https://", "https:///hooks"),
        *("https://:8000", "https://bot.example.com:eighty", "https://bot.example.com:99999", "https://[::1"),
        *(
            "https://bot example.com",
            "https://bot.example.com\\x",
            "https://a@b.example",
            "https://a:b@b.example",
        ),
        *("https://bot.example.com?a=b", "https://bot.example.com/#a", "javascript:alert(1)"),
    ],
)
def test_no_web_addresses(text: str) -> None:
    with pytest.raises(ValueError, match=r"needed|does not belong"):
        web_address(text)


@given(st.text())
def test_any_text_is_a_web_address_or_none(text: str) -> None:
    with suppress(ValueError):
        assert web_address(text).lower().startswith(("https://", "http://"))


LOCAL = st.text("abc.!#$%&'*+/=?^_`{|}~-\"(),:;<>@[\\] ä\n", max_size=12)
DOMAIN = st.text("abc.-é \n@", max_size=12)


@given(
    st.one_of(
        st.text(),
        st.builds("{}@{}".format, LOCAL, DOMAIN),
        st.builds("{}<{}@{}>".format, LOCAL, LOCAL, DOMAIN),
    )
)
def test_the_channel_takes_every_address_that_the_settings_take(text: str) -> None:
    try:
        mail_address(text)
    except ValueError:
        return
    assert address(text).addr_spec in text


@pytest.mark.parametrize(
    "text", ["a@b", "a.b+c@example.com", "Owner <a@example.com>", '"O, W" <a@example.com>']
)
def test_mail_addresses(text: str) -> None:
    assert mail_address(text) == text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "::1"])
def test_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["127.0.0.1.example.com", "localhost.example.com", "0.0.0.0", "example.com", ""]
)
def test_other_machines(host: str) -> None:
    assert not is_loopback(host)
