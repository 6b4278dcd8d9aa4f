"""The whole sandbox starts, serves and stops."""

import socket

import pytest
import urllib3

from bot.sandbox.serving import Serving
from bot.sandbox.world import World


def test_everything_has_a_port_of_its_own_and_gives_it_back() -> None:
    with World() as world:
        urls = (world.url, world.slack.url, world.pirsch.url)
        ports = [world.mailbox.port, *(int(url.rpartition(":")[2]) for url in urls)]
        assert len(set(ports)) == 4
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=1)


def test_two_worlds_stand_side_by_side() -> None:
    with World() as one, World() as other, urllib3.PoolManager(retries=False) as http:
        assert http.request("GET", one.url).status == http.request("GET", other.url).status == 200


def test_the_page_may_have_a_fixed_port_and_says_when_it_is_taken() -> None:
    with Serving(lambda environ, start: []) as taken:
        with pytest.raises((OSError, SystemExit)):
            World(port=taken.port)
        port = taken.port
    with World(port=port) as world:
        assert world.url == f"http://127.0.0.1:{port}"


def test_what_was_said_can_be_read_after_the_end() -> None:
    with World() as world:
        world.shop.deliver(world.shop.visitors.sign_up())
    assert world.shop.figures.sent == 1
    assert world.slack.messages() == []
    assert world.mailbox.messages == []
