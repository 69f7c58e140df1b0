"""Floods a webhook from a process of its own: `python -m tests.channels.flooder URL`.

Reads headers and bodies as JSON, sends all at once, prints how many got which status.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter

import httpx


async def main(url: str) -> None:
    """Sends all requests at once."""
    requests = json.load(sys.stdin)
    limits = httpx.Limits(max_connections=len(requests))
    async with httpx.AsyncClient(timeout=60, limits=limits) as client:
        replies = await asyncio.gather(
            *(client.post(url, headers=headers, content=body) for headers, body in requests)
        )
    print(json.dumps(Counter(reply.status_code for reply in replies)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
