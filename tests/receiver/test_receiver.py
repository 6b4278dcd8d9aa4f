"""POST /hooks/<site>/<token>: prove, keep, thank."""

import io
import logging
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import events
from bot.db import Database
from bot.events import LONGEST_BODY, Seen
from bot.receive import DRAINED
from tests.receiver.calling import BLOG, OLD, TOKEN, Door, door
from tests.stores.making import NOON

RIGHT = f"/hooks/shop/{TOKEN}"


ON_BOTH_STORES = pytest.mark.parametrize("backend", ["sqlite", "postgresql"])


@pytest.fixture
def backend() -> str:
    """SQLite, where a test does not ask for both: the door is the same."""
    return "sqlite"


@pytest.fixture
def shop(database: Database) -> Iterator[Door]:
    with door(database) as opened:
        yield opened


def kept(database: Database) -> list[Seen]:
    with database.reading() as tx:
        return events.seen(tx, most=1000)[::-1]


@ON_BOTH_STORES
def test_an_event_is_kept_as_it_came_and_thanked_for(shop: Door, database: Database) -> None:
    answer = shop.call(RIGHT, b'{"event_name": "purchase"}')
    assert (answer.status, answer.headers, answer.body) == (204, {}, b"")
    (event,) = kept(database)
    assert (event.site, event.body, event.size) == ("shop", b'{"event_name": "purchase"}', 26)
    assert (event.received_at, event.state, event.name) == (NOON, "kept", None)


@ON_BOTH_STORES
@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"[" * 60_000, b"event_name=x", b"null"])
def test_pirsch_is_thanked_even_for_rubbish(shop: Door, database: Database, body: bytes) -> None:
    assert shop.call(RIGHT, body).status == 204
    assert [event.body for event in kept(database)] == [body]


def test_two_equal_bodies_are_two_events(shop: Door, database: Database) -> None:
    for _ in range(2):
        shop.call(RIGHT, b"same")
    assert len(kept(database)) == 2


@pytest.mark.parametrize("path", [RIGHT, f"/hooks/shop/{OLD}"])
def test_while_an_address_is_changed_both_are_right(shop: Door, path: str) -> None:
    assert shop.call(path).status == 204


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/hooks/", id="nothing"),
        pytest.param("/hooks/shop", id="no token"),
        pytest.param("/hooks/shop/", id="an empty token"),
        pytest.param("/hooks//", id="no site, no token"),
        pytest.param(f"/hooks//{TOKEN}", id="no site"),
        pytest.param(f"/hooks/{TOKEN}", id="a token for a site"),
        pytest.param("/hooks/shop/wrong", id="a wrong token"),
        pytest.param(f"/hooks/shop/{TOKEN[:-1]}", id="a letter less"),
        pytest.param(f"/hooks/shop/{TOKEN}x", id="a letter more"),
        pytest.param(f"/hooks/shop/{TOKEN.swapcase()}", id="another case"),
        pytest.param(f"/hooks/shop/{TOKEN}/", id="a slash at the end"),
        pytest.param(f"/hooks/shop/{TOKEN}/x", id="more behind"),
        pytest.param(f"/hooks/shop//{TOKEN}", id="two slashes"),
        pytest.param(f"/hooks/shop/./{TOKEN}", id="a dot"),
        pytest.param(f"/hooks/blog/../shop/{TOKEN}", id="two dots"),
        pytest.param(f"/hooks/shop/{TOKEN} ", id="a blank at the end"),
        pytest.param(f"/hooks/shop/{TOKEN}\x00", id="a NUL at the end"),
        pytest.param(f"/hooks/shop/ü{TOKEN}", id="an umlaut"),
        pytest.param(f"/hooks/shop/{BLOG}", id="another site's token"),
        pytest.param(f"/hooks/blog/{TOKEN}", id="the token of another site"),
        pytest.param(f"/hooks/unknown/{TOKEN}", id="an unknown site"),
        pytest.param("/hooks/silent/", id="a site without a token"),
        pytest.param(f"/hooks/silent/{TOKEN}", id="a site without a token, with another's"),
        pytest.param(f"/hooks/Shop/{TOKEN}", id="another case of the site"),
        pytest.param("/hooks/shop/" + "x" * 8192, id="8 KiB"),
        pytest.param("/hooks/" + "x" * 8192 + f"/{TOKEN}", id="8 KiB of site"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_wrong_address_is_nothing_whatever_is_wrong_with_it(
    shop: Door, database: Database, path: str, method: str
) -> None:
    answer = shop.call(path, b"x", method)
    assert (answer.status, answer.body) == (404, b"There is nothing here.\n")
    assert kept(database) == []
    assert shop.passed_on == []


@pytest.mark.parametrize("path", ["/", "/healthz", "/hooks", "/hook/shop", f"//hooks/shop/{TOKEN}", ""])
def test_everything_else_is_somebody_else_s(shop: Door, database: Database, path: str) -> None:
    assert shop.call(path, b"x").body == b"behind"
    assert shop.passed_on == [path]
    assert kept(database) == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "post", "X"])
def test_webhooks_are_sent_by_post(shop: Door, database: Database, method: str) -> None:
    answer = shop.call(RIGHT, b"x", method)
    assert (answer.status, answer.headers["Allow"]) == (405, "POST")
    assert kept(database) == []


@ON_BOTH_STORES
@pytest.mark.parametrize("size", [LONGEST_BODY - 1, LONGEST_BODY, LONGEST_BODY + 1, 3 * LONGEST_BODY])
def test_a_long_body_is_cut_and_its_length_is_known(shop: Door, database: Database, size: int) -> None:
    body = b"x" * size
    assert shop.call(RIGHT, body).status == 204
    (event,) = kept(database)
    assert event.body == body[:LONGEST_BODY]
    assert event.size == size


def test_of_an_endless_body_only_so_much_is_read(shop: Door, database: Database) -> None:
    class Endless:
        def __init__(self) -> None:
            self.given = 0

        def read(self, size: int) -> bytes:
            self.given += size
            return b"x" * size

    endless = Endless()
    assert shop.call(RIGHT, stream=endless).status == 204
    assert endless.given <= DRAINED + LONGEST_BODY
    (event,) = kept(database)
    assert (len(event.body), event.size) == (LONGEST_BODY, endless.given)


class BreaksOff(io.BytesIO):
    """Gives what it has, then the connection is gone."""

    def read(self, size: int | None = -1) -> bytes:
        if found := super().read(size):
            return found
        raise ConnectionResetError


@pytest.mark.parametrize("stream", [BreaksOff, io.BytesIO])
def test_what_breaks_off_is_kept_as_far_as_it_came(
    shop: Door, database: Database, stream: type[io.BytesIO]
) -> None:
    long = b"x" * (LONGEST_BODY + 10)
    for came in (b'{"event_name": "pur', b"", long):
        assert shop.call(RIGHT, stream=stream(came)).status == 204
    assert [(event.body, event.size) for event in kept(database)] == [
        (b'{"event_name": "pur', 19),
        (b"", 0),
        (long[:LONGEST_BODY], len(long)),
    ]


@ON_BOTH_STORES
def test_what_was_not_kept_is_not_thanked_for(fresh: Database, caplog: pytest.LogCaptureFixture) -> None:
    with door(fresh) as shop:
        assert shop.call(RIGHT, b"1").status == 204
        with fresh.transaction() as tx:
            tx.execute(sa.text("ALTER TABLE events RENAME TO away"))
        answer = shop.call(RIGHT, b"2")
        assert (answer.status, answer.headers["Retry-After"]) == (503, "30")
        with fresh.transaction() as tx:
            tx.execute(sa.text("ALTER TABLE away RENAME TO events"))
        assert shop.call(RIGHT, b"3").status == 204
    assert [event.body for event in kept(fresh)] == [b"1", b"3"]
    assert [record for record in caplog.records if record.levelno >= logging.CRITICAL]
    assert TOKEN not in caplog.text + str([vars(record) for record in caplog.records])


def test_the_door_says_the_same_to_everybody(shop: Door) -> None:
    """No answer tells a stranger which sites there are."""
    answers = [
        shop.call(path) for path in ("/hooks/shop/x", "/hooks/unknown/x", "/hooks/silent/x", "/hooks/")
    ]
    assert len({(one.status, tuple(one.headers.items()), one.body) for one in answers}) == 1


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rest=st.text(st.characters(exclude_categories=["Cs"])), method=st.sampled_from(["POST", "GET", "PUT"]))
def test_no_guess_is_right(shop: Door, rest: str, method: str) -> None:
    assert shop.call(f"/hooks/{rest}", b"", method).status == 404
    assert shop.call(f"/hooks/shop/{rest}", b"", method).status == 404
