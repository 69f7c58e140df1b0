"""The page of the emailed link: it confirms on a click alone, and says nothing of treatment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from conftest import EchoAgent, serving

from assistant.errors import StoreUnavailableError
from assistant.settings import Settings
from assistant.signup.desk import SignupDesk
from assistant.signup.outbox import CONFIRMATION
from extensions.tracker_store import EncryptedTrackerStore
from tests.unit.assistant.signup.people import CONVERSATION, application

Scenario = Callable[[httpx.AsyncClient], Awaitable[None]]


@pytest.fixture
def desk(settings: Settings) -> SignupDesk:
    return SignupDesk.open(settings)


@pytest.fixture
def token(desk: SignupDesk) -> str:
    """Of the link in the email to somebody who has signed up."""
    desk.submit(application("email"))
    with desk.store.reading() as connection:
        (message,) = desk.store.outbox.all(connection)
    assert message.event == CONFIRMATION
    return desk.store.outbox.token(message)


@pytest.fixture
def visit(settings: Settings, store: EncryptedTrackerStore) -> Callable[[Scenario], None]:
    def run(scenario: Scenario) -> None:
        async def whole() -> None:
            async with serving(settings, EchoAgent(store)) as client:
                await scenario(client)

        asyncio.run(whole())

    return run


def is_confirmed(desk: SignupDesk) -> bool:
    known = desk.known(CONVERSATION)
    assert known is not None
    return known.confirmed


def test_a_click_confirms_and_a_look_does_not(visit: Any, desk: SignupDesk, token: str) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        page = await client.get("/confirm", params={"token": token})
        assert page.status_code == 200
        assert f'value="{token}"' in page.text
        assert not is_confirmed(desk)
        done = await client.post("/confirm", data={"token": token})
        assert "is confirmed" in done.text
        assert "está confirmada" in done.text
        assert is_confirmed(desk)
        again = await client.post("/confirm", data={"token": token})
        assert (again.status_code, "confirmed already" in again.text) == (200, True)

    visit(scenario)


def test_the_page_names_no_treatment_and_keeps_nothing(visit: Any, token: str) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        for page in (
            await client.get("/confirm", params={"token": token}),
            await client.post("/confirm", data={"token": token}),
        ):
            for word in ("rehab", "treatment", "recovery", "drug", "alcohol", "sign"):
                assert word not in page.text.lower()
            assert page.headers["cache-control"] == "no-store"
            assert page.headers["referrer-policy"] == "no-referrer"
            assert "default-src 'none'" in page.headers["content-security-policy"]
            assert "<script" not in page.text

    visit(scenario)


@pytest.mark.parametrize("token", ["guessed", "x" * 500, '"><script>alert(1)</script>'])
def test_another_token_confirms_nothing(visit: Any, token: str) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        page = await client.get("/confirm", params={"token": token})
        assert "<script" not in page.text
        reply = await client.post("/confirm", data={"token": token})
        assert reply.status_code == 404
        assert "not valid" in reply.text

    visit(scenario)


def test_without_a_token_it_is_a_problem(visit: Any) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        assert (await client.get("/confirm")).status_code == 200
        assert (await client.post("/confirm")).status_code == 400

    visit(scenario)


def test_with_the_store_away_nothing_is_said_to_be_confirmed(
    visit: Any, desk: SignupDesk, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        with monkeypatch.context() as away:
            away.setattr(SignupDesk, "confirm", _away)
            reply = await client.post("/confirm", data={"token": token})
            assert reply.status_code == 503
            assert "nothing was changed" in reply.text
        assert not is_confirmed(desk)
        await client.post("/confirm", data={"token": token})
        assert is_confirmed(desk)

    visit(scenario)


def _away(self: SignupDesk, token: str) -> str:
    raise StoreUnavailableError("The store of sign-ups cannot be reached now.")
