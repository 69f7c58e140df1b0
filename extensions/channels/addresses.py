"""Where a request comes from, as far as that can be known, as a keyed hash.

The address itself is kept nowhere; the key is made anew at each start.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import secrets
from collections.abc import Iterable

from sanic.request import Request

logger = logging.getLogger(__name__)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# A household or a machine has as many IPv6 addresses as it likes in a network of this size.
_ONE_PLACE_BITS = 64


class Addresses:
    """Says whether two requests come from one place."""

    def __init__(self, trusted: Iterable[Network]) -> None:
        """Takes the networks of the proxies whose X-Forwarded-For is believed."""
        self._trusted = tuple(trusted)
        self._key = secrets.token_bytes(32)
        self._warned = False

    def place(self, request: Request) -> str | None:
        """A keyed hash of the client's address; None when it cannot be told.

        It cannot for loopback: that is this machine itself, or a proxy that
        TRUSTED_PROXIES does not name, and all visitors must not share one limit.
        """
        forwarded = request.headers.getall("x-forwarded-for", [])
        address = self._client(_address(request.ip), ",".join(forwarded))
        if address is None or address.is_loopback:
            self._warn(bool(forwarded))
            return None
        if isinstance(address, ipaddress.IPv6Address):
            packed = address.packed[: _ONE_PLACE_BITS // 8]
        else:
            packed = address.packed
        return hashlib.blake2b(packed, key=self._key, digest_size=16).hexdigest()

    def _client(self, peer: Address | None, forwarded: str) -> Address | None:
        """The last address that no trusted proxy stands for; earlier ones may be made up."""
        client = peer
        for hop in reversed(forwarded.split(",")):
            if client is None or not any(client in network for network in self._trusted):
                break
            client = _address(hop.strip()) or client
        return client

    def _warn(self, forwarded: bool) -> None:
        if forwarded and not self._warned:
            self._warned = True
            logger.warning(
                "A proxy on this machine is not in TRUSTED_PROXIES: nothing is limited by address."
            )


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        # A socket of the file system, or made up.
        return None
    return getattr(address, "ipv4_mapped", None) or address
