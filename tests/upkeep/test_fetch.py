"""Lists over real sockets: bounded in every way, and from public addresses only."""

import ssl
import time
from collections.abc import Callable, Iterator, Sequence

import pytest
import trustme

from bot.upkeep.fetch import Bounds, Unfetched, check, fetch
from bot.upkeep.resolve import NoAnswer, system
from tests.upkeep.listserver import (
    Answer,
    ListServer,
    cut_short,
    dripping,
    dripping_headers,
    endless,
    moved,
    serving,
    whole,
)

HERE = Bounds(seconds=5, trusted=frozenset({"lists.test"}))


class Names:
    """A resolver that answers from a table, and counts."""

    def __init__(self, **table: Sequence[str]) -> None:
        self.table = {name.replace("_", "."): found for name, found in table.items()}
        self.asked: list[str] = []

    def __call__(self, name: str) -> Sequence[str]:
        self.asked.append(name)
        if name not in self.table:
            raise NoAnswer("there is no such name")
        return self.table[name]


@pytest.fixture
def names() -> Names:
    return Names(lists_test=["127.0.0.1"], evil_test=["127.0.0.1"])


@pytest.fixture
def server() -> Iterator[ListServer]:
    with serving() as running:
        yield running


def test_a_list_comes_as_it_was_sent(server: ListServer, names: Names) -> None:
    server.serve(b"93.184.216.0/24\n", "/list.txt?all=1")
    assert fetch(server.url("/list.txt?all=1"), names, HERE) == b"93.184.216.0/24\n"
    assert server.asked == [(f"lists.test:{server.port}", "/list.txt?all=1")]


def test_redirects_are_followed_and_each_host_is_resolved_once(server: ListServer, names: Names) -> None:
    server.answers["/list.txt"] = moved("/other.txt")
    server.serve(b"93.184.216.1", "/other.txt")
    assert fetch(server.url(), names, HERE) == b"93.184.216.1"
    assert names.asked == ["lists.test", "lists.test"]


def test_three_redirects_are_followed_and_the_fourth_is_not(server: ListServer, names: Names) -> None:
    for number in range(4):
        server.answers[f"/{number}"] = moved(f"/{number + 1}")
    server.serve(b"end", "/4")
    assert fetch(server.url("/1"), names, HERE) == b"end"
    with pytest.raises(Unfetched, match="redirected more than 3 times"):
        fetch(server.url("/0"), names, HERE)


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.test/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:169.254.169.254]/",
        "https://10.0.0.1/latest/meta-data",
        "https://2130706433/",
        "http://93.184.216.34/",
        "https://93.184.216.34:22/",
        "https://user:word@93.184.216.34/",
        "file:///etc/passwd",
        "gopher://93.184.216.34/",
        "//127.0.0.1/",
        "https://[::1",
        "https://xn--\u0131.test/",
    ],
)
def test_a_redirect_leads_to_no_other_place(server: ListServer, names: Names, to: str) -> None:
    server.answers["/list.txt"] = lambda handler: whole(
        handler, b"", {"Location": to.encode("utf-8").decode("latin-1")}, 302
    )
    with pytest.raises(Unfetched) as refused:
        fetch(server.url(), names, HERE)
    assert to not in str(refused.value)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"], ["::1"], ["::ffff:127.0.0.1"], ["fd00::1"],
        ["64:ff9b::7f00:1"], ["93.184.216.34", "127.0.0.1"],
    ],
)  # fmt: skip
def test_a_name_on_an_address_that_is_not_public_is_not_asked(
    server: ListServer, addresses: list[str]
) -> None:
    with pytest.raises(Unfetched, match="not public"):
        fetch("https://evil.test/list.txt", Names(evil_test=addresses), HERE)
    assert server.asked == []


def test_what_a_name_says_a_moment_later_is_of_no_interest(server: ListServer) -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    server.serve(b"93.184.216.1")
    assert fetch(server.url(), lambda name: next(answers), HERE) == b"93.184.216.1"
    assert next(answers) == ["127.0.0.2"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        pytest.param(dripping(60), "took longer than 0.5 seconds", id="a body that drips"),
        pytest.param(dripping_headers(60), "took longer than 0.5 seconds", id="headers that drip"),
        pytest.param(endless, "larger than 100,000 bytes", id="a body without an end"),
        pytest.param(cut_short, "cut short", id="a body that ends early"),
    ],
)
def test_nothing_takes_longer_or_more_than_is_allowed(
    server: ListServer, names: Names, answer: Answer, why: str
) -> None:
    server.answers["/list.txt"] = answer
    bounds = Bounds(seconds=0.5, most_bytes=100_000, trusted=HERE.trusted)
    began = time.monotonic()
    with pytest.raises(Unfetched, match=why):
        fetch(server.url(), names, bounds)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(("more", "fits"), [(0, True), (1, False)])
def test_a_body_may_be_exactly_as_large_as_is_allowed(
    server: ListServer, names: Names, more: int, fits: bool
) -> None:
    server.serve(b"x" * (1000 + more))
    bounds = Bounds(seconds=5, most_bytes=1000, trusted=HERE.trusted)
    if fits:
        assert len(fetch(server.url(), names, bounds)) == 1000
    else:
        with pytest.raises(Unfetched, match="larger than 1,000 bytes"):
            fetch(server.url(), names, bounds)


@pytest.mark.parametrize(
    ("serve", "why"),
    [
        pytest.param(lambda server: None, "answered 404", id="not found"),
        pytest.param(lambda server: server.serve(b"x", Content_Encoding="gzip"), "compressed", id="a bomb"),
        pytest.param(
            lambda server: server.answers.update(
                {"/list.txt": lambda handler: handler.wfile.write(b"hello\r\n")}
            ),
            "not HTTP",
            id="another protocol",
        ),
    ],
)
def test_what_is_no_list_is_said(
    server: ListServer, names: Names, serve: Callable[[ListServer], None], why: str
) -> None:
    serve(server)
    with pytest.raises(Unfetched, match=why):
        fetch(server.url(), names, HERE)


def test_a_host_that_nobody_knows_or_reaches_is_said(names: Names) -> None:
    with pytest.raises(Unfetched, match="cannot be resolved"):
        fetch("https://nowhere.test/", names, HERE)
    with pytest.raises(Unfetched, match="cannot be reached"):
        fetch("http://lists.test:1/", names, HERE)


def test_a_certificate_has_to_be_good_and_for_this_name(names: Names) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("lists.test").configure_cert(context)
    ours = ssl.create_default_context()
    authority.configure_trust(ours)
    names.table["other.test"] = ["127.0.0.1"]
    both = Bounds(seconds=5, trusted=frozenset({"lists.test", "other.test"}))
    with serving(context) as server:
        server.serve(b"93.184.216.1")
        assert fetch(server.url(), names, both, ours) == b"93.184.216.1"
        with pytest.raises(Unfetched, match="certificate"):
            fetch(server.url(), names, both)
        with pytest.raises(Unfetched, match="certificate"):
            fetch(server.url(host="other.test"), names, both, ours)


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "https://", "https://a b/", "ftp://example.com", "https://ex\u00e4mple.com/"],
)
def test_an_address_that_no_list_comes_from_is_refused_before_anything_is_asked(url: str) -> None:
    with pytest.raises(Unfetched):
        check(url)


def test_the_systems_resolver_knows_this_machine_and_no_invented_name() -> None:
    assert set(system("localhost")) <= {"127.0.0.1", "::1"}
    for name in ("no-such-host.invalid", "a" * 300, "..", "\u0000"):
        with pytest.raises(NoAnswer):
            system(name)
