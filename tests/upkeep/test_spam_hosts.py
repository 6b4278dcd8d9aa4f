"""A list of spam hosts is taken as a whole or not at all, and names a host by itself or by its domain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.upkeep.fetch import Unfetched
from bot.upkeep.spam_hosts import MOST_HOSTS, NOBODY, NoList, of, read

LIST = """\ufeff# a community's list
spam.example
BAD.example.net  # since May

спам.example
""".encode()


@pytest.mark.parametrize(
    ("referrer", "listed"),
    [
        ("https://spam.example", True),
        ("https://spam.example/path?q=1", True),
        ("spam.example", True),
        ("https://a.b.SPAM.example:8080/", True),
        ("https://bad.example.net", True),
        ("https://xn--80aa3ac.example", False),
        ("https://спам.example/", True),
        ("https://notspam.example", False),
        ("https://example.net", False),
        ("https://spam.example.org", False),
        ("https://other.example/?from=spam.example", False),
        ("Google", False),
        ("", False),
        ("https://" + "a" * 5000, False),
        ("\x00\n", False),
    ],
)
def test_a_host_is_listed_with_all_below_it(referrer: str, listed: bool) -> None:
    assert read(LIST).has(referrer) is listed


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"# nothing\n",
        b"<html><body>\n<p>Not found</p>\nspam.example\n</body></html>\n",
        b"com\nnet\norg\n",
        b"\xff\xfe\x00" * 50,
        "\n".join(f"h{number}.example" for number in range(MOST_HOSTS + 1)).encode(),
    ],
    ids=["empty", "comments", "a page", "whole zones", "bytes", "too many"],
)
def test_what_is_no_list_is_not_taken(body: bytes) -> None:
    with pytest.raises(NoList):
        read(body)


@given(st.binary(max_size=400))
def test_whatever_comes_is_a_list_or_none(body: bytes) -> None:
    try:
        found = read(body)
    except NoList:
        return
    assert found.names
    assert all("." in one and one.isascii() for one in found.names)


def test_without_a_list_or_when_it_fails_nobody_is_named() -> None:
    def away(url: str) -> bytes:
        raise Unfetched("it answered 503")

    assert of(None, away) == (NOBODY, "")
    found, why = of("url:https://lists.test/x", away)
    assert found == NOBODY
    assert why == "The list of spam hosts was left out: it answered 503."
