"""Floods a server from a process of its own: `python -m tests.faults.flooder HOST PORT TOKEN N`.

Prints the number of responses by status, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter


async def _send(host: str, port: str, token: str, number: int) -> str:
    reader, writer = await asyncio.open_connection(host, port)
    body = json.dumps({"text": f"tell me about rehab number {number}"})
    head = (
        "POST /webhooks/web/messages HTTP/1.1",
        f"Host: {host}",
        f"Authorization: Bearer {token}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    writer.write(("\r\n".join(head) + "\r\n\r\n" + body).encode())
    status = (await reader.readline()).split()[1].decode()
    await reader.read()
    writer.close()
    return status


async def main(host: str, port: str, token: str, messages: int) -> None:
    """Sends all messages at once."""
    statuses = await asyncio.gather(*(_send(host, port, token, n) for n in range(messages)))
    print(json.dumps(Counter(statuses)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4], int(sys.argv[4])))
