"""Real responses of the web channel are what openapi.yml says."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
from conftest import EchoAgent, serving, signed_in
from jsonschema import Draft202012Validator

from assistant.settings import Settings
from extensions.channels import turns
from extensions.tracker_store import EncryptedTrackerStore

BODIES = (
    {"text": "hello"},
    {"text": ""},
    {"choice": "none"},
    {"text": "x" * 2001},
    {"text": "I want to kill myself"},
)


class Description:
    """The served description, to check responses against."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content

    def check(self, reply: httpx.Response) -> None:
        """Fails unless the response is described: its path, method, status, type and body."""
        path = reply.request.url.path.removeprefix(self.content["servers"][0]["url"])
        operation = self.content["paths"][path][reply.request.method.lower()]
        described = operation["responses"].get(str(reply.status_code))
        if described is None:
            described = self.resolve(operation["responses"]["default"])
        if "content" not in described:
            assert not reply.content
            return
        body = described["content"][reply.headers["content-type"]]
        structured = "json" in reply.headers["content-type"]
        self.validate(body["schema"], reply.json() if structured else reply.text)

    def validate(self, schema: dict[str, Any], value: Any) -> None:
        # Its references point into the whole description.
        Draft202012Validator({**schema, "components": self.content["components"]}).validate(value)

    def resolve(self, reference: dict[str, Any]) -> dict[str, Any]:
        found: Any = self.content
        for step in reference["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return dict(found)


def test_responses_are_as_described(
    settings: Settings, store: EncryptedTrackerStore, widget: Path
) -> None:
    async def scenario() -> None:
        agent = EchoAgent(store)
        async with serving(settings, agent) as client:
            description = Description((await client.get("/openapi.json")).json())
            description.check(await client.get("/openapi.json"))
            for page in ("/", "/widget.js", "/widget.json"):
                description.check(await client.get(page))
            description.check(await client.post("/sessions"))
            description.check(await client.get("/health"))
            headers = await signed_in(client)
            for body in BODIES:
                description.check(await client.post("/messages", json=body, headers=headers))
            description.check(await client.post("/messages", json={"text": "hello"}))
            streamed = {**headers, "Accept": "text/event-stream"}
            for body in BODIES:
                description.check(await client.post("/messages", json=body, headers=streamed))
            for _ in range(settings.messages_per_minute):
                last = await client.post("/messages", json={"text": ""}, headers=headers)
                description.check(last)
            assert last.status_code == 429
            description.check(await client.get("/history", headers=headers))
            vote = {"answer_id": "none", "helpful": True}
            description.check(await client.post("/feedback", json=vote, headers=headers))
            description.check(await client.get("/confirm", params={"token": "none"}))
            for form in ({"token": "none"}, {}):
                description.check(await client.post("/confirm", data=form))
            description.check(await client.delete("/session", headers=headers))
            description.check(await client.get("/history", headers=headers))
            agent.processor = None
            description.check(await client.get("/health"))
            for message in (turns.APOLOGY, turns.NOT_KEPT):
                description.validate({"$ref": "#/components/schemas/Message"}, message)

    asyncio.run(scenario())


def test_every_route_is_described(
    settings: Settings, store: EncryptedTrackerStore, widget: Path
) -> None:
    async def scenario() -> set[str]:
        async with serving(settings, EchoAgent(store)) as client:
            content = (await client.get("/openapi.json")).json()
            for path, operations in content["paths"].items():
                for method in operations:
                    reply = await client.request(method, path)
                    assert reply.status_code not in (404, 405)
            return set(content["paths"])

    paths = asyncio.run(scenario())
    assert paths == {
        "/sessions", "/messages", "/history", "/feedback", "/session", "/health", "/openapi.json",
        "/", "/widget.js", "/widget.json", "/confirm",
    }  # fmt: skip
