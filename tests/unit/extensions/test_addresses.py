from __future__ import annotations

from ipaddress import ip_network
from types import SimpleNamespace
from typing import Any

import pytest
from sanic.compat import Header

from extensions.channels.addresses import Addresses

PROXIES = [ip_network("127.0.0.1"), ip_network("10.0.0.0/8")]


def request(peer: str, *forwarded: str) -> Any:
    return SimpleNamespace(
        ip=peer, headers=Header([("X-Forwarded-For", each) for each in forwarded])
    )


def test_one_address_is_one_place_and_is_not_shown() -> None:
    addresses = Addresses([])
    place = addresses.place(request("203.0.113.5"))
    assert place == addresses.place(request("203.0.113.5"))
    assert place == addresses.place(request("::ffff:203.0.113.5"))
    assert place != addresses.place(request("203.0.113.6"))
    assert place != Addresses([]).place(request("203.0.113.5"))
    assert place is not None
    assert "203.0.113.5" not in place


def test_a_network_of_ipv6_is_one_place() -> None:
    addresses = Addresses([])
    first = addresses.place(request("2001:db8:1:2::1"))
    assert first == addresses.place(request("2001:db8:1:2:ffff::9"))
    assert first != addresses.place(request("2001:db8:1:3::1"))


def test_a_trusted_proxy_says_who_it_is() -> None:
    addresses = Addresses(PROXIES)
    direct = addresses.place(request("203.0.113.5"))
    assert addresses.place(request("127.0.0.1", "203.0.113.5")) == direct
    assert addresses.place(request("127.0.0.1", "203.0.113.5, 10.1.1.1")) == direct
    assert addresses.place(request("127.0.0.1", "203.0.113.5", "10.1.1.1")) == direct


def test_what_a_client_makes_up_is_not_believed() -> None:
    addresses = Addresses(PROXIES)
    direct = addresses.place(request("203.0.113.5"))
    assert addresses.place(request("203.0.113.5", "198.51.100.1")) == direct
    assert addresses.place(request("127.0.0.1", "198.51.100.1, 203.0.113.5")) == direct
    assert addresses.place(request("10.0.0.2", "nonsense, 203.0.113.5")) == direct


def test_this_machine_and_a_proxy_nobody_named_are_no_place(
    caplog: pytest.LogCaptureFixture,
) -> None:
    addresses = Addresses([])
    for peer in ("127.0.0.1", "::1", "", "unix:/run/socket"):
        assert addresses.place(request(peer)) is None
    assert "TRUSTED_PROXIES" not in caplog.text
    for _ in range(3):
        assert addresses.place(request("127.0.0.1", "203.0.113.5")) is None
    assert caplog.text.count("TRUSTED_PROXIES") == 1
    assert "203.0.113.5" not in caplog.text
