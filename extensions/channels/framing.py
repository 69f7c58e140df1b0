"""Refuses requests whose length cannot be believed, before their body is read.

Sanic 21.12 takes a negative Content-Length and then reads for ever without a pause:
one such request of 100 bytes stops the whole server. What proxies and Sanic could
understand differently ("1_0", two lengths, a length and chunks) is refused with it.
"""

from __future__ import annotations

from typing import Any

from sanic.compat import Header
from sanic.exceptions import InvalidUsage
from sanic.request import Request


class FramedRequest(Request):
    """A request whose body has one plain length, or chunks."""

    def __init__(self, url_bytes: bytes, headers: Header, *args: Any, **kwargs: Any) -> None:
        """Takes what Sanic has parsed.

        Raises:
            InvalidUsage: 400, and the connection is ended.
        """
        lengths = headers.getall("content-length", [])
        encodings = headers.getall("transfer-encoding", [])
        framed = len(lengths) + len(encodings) <= 1
        plain = all(length.isascii() and length.isdigit() for length in lengths)
        if not framed or not plain or any(encoding != "chunked" for encoding in encodings):
            raise InvalidUsage("The length of the request is not plain.")
        super().__init__(url_bytes, headers, *args, **kwargs)
