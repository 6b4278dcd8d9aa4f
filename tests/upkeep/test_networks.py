"""Addresses from strangers: only public ones, none too wide, each in one spelling."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.upkeep.networks import Refused, Unfit, Width, is_public, read, spelled, without_repetition


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        pytest.param("93.184.216.34", "93.184.216.34", id="an address"),
        pytest.param(" 93.184.216.34 ", "93.184.216.34", id="with blanks around"),
        pytest.param("93.184.216.0/24", "93.184.216.0/24", id="a network"),
        pytest.param("93.184.216.34/24", "93.184.216.0/24", id="host bits are cleared"),
        pytest.param("93.184.216.34/32", "93.184.216.34", id="a network of one is an address"),
        pytest.param("2A00:1450:4001:0:0:0:0:1", "2a00:1450:4001::1", id="IPv6 is written short"),
        pytest.param("2a00:1450::/32", "2a00:1450::/32", id="just narrow enough, IPv6"),
        pytest.param("93.184.0.0/16", "93.184.0.0/16", id="just narrow enough, IPv4"),
        pytest.param("::ffff:93.184.216.34", "93.184.216.34", id="IPv4 written as IPv6"),
        pytest.param("::ffff:93.184.216.0/120", "93.184.216.0/24", id="a network of IPv4 written as IPv6"),
    ],
)
def test_public_addresses_are_taken_in_one_spelling(text: str, taken: str) -> None:
    network = read(text)
    assert not isinstance(network, Refused)
    assert spelled(network) == taken


@pytest.mark.parametrize(
    ("text", "why"),
    [
        *[
            pytest.param(text, Unfit.TOO_WIDE, id=f"too wide: {text}")
            for text in ("0.0.0.0/0", "::/0", "93.184.0.0/15", "2a00:1450::/31", "::ffff:0:0/96")
        ],
        *[
            pytest.param(text, Unfit.NOT_PUBLIC, id=f"not public: {text}")
            for text in (
                "10.1.2.3", "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.1", "172.31.255.255",
                "192.168.1.0/24", "100.64.0.1", "0.1.2.3", "224.0.0.1", "255.255.255.255", "198.18.0.1",
                "192.0.2.1", "::1", "fe80::1", "fc00::1", "fd12:3456::/48", "ff02::1", "2001:db8::1",
                "64:ff9b::10.0.0.1", "2002:0a00:0001::1", "2001::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
                "::10.0.0.1", "4000::1",
            )
        ],
        *[
            pytest.param(text, Unfit.UNREADABLE, id=f"unreadable: {text!r}")
            for text in (
                "", "example.com", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4/33", "1.2.3.4/-1",
                "1.2.3.0/255.255.255.0x", "fe80::1%eth0", "١.٢.٣.٤", "1.2.3.4" * 20, "<html>", "*", "0x7f01",
            )
        ],
    ],
)  # fmt: skip
def test_everything_else_is_refused_with_its_reason(text: str, why: Unfit) -> None:
    assert isinstance(found := read(text), Refused)
    assert found.why is why


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        ("10.0.0.0", "9.255.255.255"),
        ("10.255.255.255", "11.0.0.0"),
        ("172.16.0.0", "172.15.255.255"),
        ("172.31.255.255", "172.32.0.0"),
        ("100.64.0.0", "100.63.255.255"),
        ("169.254.0.0", "169.253.255.255"),
        ("224.0.0.0", "223.255.255.255"),
    ],
)
def test_each_special_range_ends_where_it_ends(inside: str, outside: str) -> None:
    assert not is_public(ip_address(inside))
    assert is_public(ip_address(outside))


@given(st.ip_addresses(v=4))
def test_an_address_is_as_public_written_as_ipv6(address: object) -> None:
    assert is_public(ip_address(f"::ffff:{address}")) == is_public(ip_address(str(address)))


@given(st.text(max_size=80))
def test_no_text_breaks_reading(text: str) -> None:
    found = read(text)
    assert isinstance(found, Refused | IPv4Network | IPv6Network)


@given(st.ip_addresses(), st.integers(0, 128))
def test_what_is_taken_is_narrow_and_public_to_its_ends(address: object, prefix: int) -> None:
    found = read(f"{address}/{prefix}")
    if isinstance(found, Refused):
        return
    assert Width().holds(found)
    assert is_public(found.network_address)
    assert is_public(found.broadcast_address)
    assert read(spelled(found)) == found


def test_a_network_inside_another_goes_and_neighbours_stay_apart() -> None:
    texts = ["93.184.216.0/24", "93.184.216.7", "93.184.217.0/24", "2a00::1", "93.184.217.0/24"]
    found = without_repetition([ip_network(text) for text in texts])
    assert [spelled(one) for one in found] == ["93.184.216.0/24", "93.184.217.0/24", "2a00::1"]
