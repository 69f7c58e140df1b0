"""The homeserver goes, the server goes, somebody floods: nothing is lost and nothing said twice."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import statistics
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from assistant.errors import AssistantError
from assistant.settings import load_settings
from commands.training import train
from extensions.channels.matrix_client import new_client, require_account, sentence
from tests.channels.conftest import account
from tests.channels.peers.homeserver import Homeserver
from tests.channels.peers.matrix_client import MatrixClient
from tests.channels.scenarios.matrix import MatrixPerson
from tests.channels.settling import is_settled
from tests.serving import Live, running_assistant

pytestmark = pytest.mark.live

SUICIDE = "I want to kill myself"
# On a machine that does other things besides.
SLACK_SECONDS = 0.3
AT_MOST_SECONDS = 5.0


@pytest.fixture(scope="module")
def live(homeserver: Homeserver) -> Iterator[Live]:
    """Servers of their own, since they do not survive these tests; people flood them."""
    limits = {"messages_per_minute": 30}
    with running_assistant(**account(homeserver, "resilient"), **limits) as running:
        yield running


@pytest.fixture
def client(homeserver: Homeserver) -> Iterator[MatrixClient]:
    with MatrixClient(homeserver) as client:
        yield client


@pytest.fixture
def person(live: Live, client: MatrixClient) -> MatrixPerson:
    return MatrixPerson(client, live.settings)


def bodies(person: MatrixPerson) -> list[str]:
    return [content["body"] for content in person.heard()]


def start_again(live: Live) -> None:
    live.servers.start_rasa(train(live.settings))
    live.servers.wait_until_ready()


def log(live: Live) -> str:
    return (live.settings.state_dir / "logs" / "rasa.log").read_text("utf-8")


def test_homeserver_is_restarted_in_the_middle(
    live: Live, homeserver: Homeserver, person: MatrixPerson
) -> None:
    person.say("what is CBT?")
    homeserver.stop()
    # Long enough that the channel notices.
    time.sleep(2)
    homeserver.start()
    person.say("how long does it take?")
    assert "6 to 20 sessions" in person.saw
    assert len(person.heard()) == 3
    assert "The homeserver at MATRIX_HOMESERVER cannot be reached" in log(live)


def test_messages_while_the_server_was_away_are_answered_once(
    live: Live, person: MatrixPerson
) -> None:
    person.say("hello")
    live.servers.stop("rasa")
    person.client.send(person.room, "what is CBT?")
    person.client.send(person.room, SUICIDE)
    person.client.look()
    assert len(person.heard()) == 2
    start_again(live)
    person.client.wait_for(lambda: len(person.heard()) >= 4)
    person.say("thank you")
    said = bodies(person)[2:-1]
    assert sum("Cognitive behavioral therapy" in each for each in said) == 1
    assert sum(each.startswith("I'm glad you wrote this.") for each in said) == 1
    assert len(said) == 2


def test_more_messages_than_the_homeserver_tells_at_once(live: Live, person: MatrixPerson) -> None:
    person.say("hello")
    live.servers.stop("rasa")
    person.client.send(person.room, SUICIDE)
    for number in range(120):
        person.client.send(person.room, f"and then came day {number}")
    start_again(live)
    person.client.wait_for(
        lambda: any(each.startswith("I'm glad you wrote this.") for each in bodies(person)), 60
    )


def test_server_is_killed_while_it_answers(live: Live, person: MatrixPerson) -> None:
    person.say("hello")
    before = len(person.heard())
    questions = ("what is CBT?", "what is DBT?", "what is EMDR?")
    for question in questions:
        person.client.send(person.room, question)
    rasa = live.servers._running["rasa"]
    os.kill(rasa.pid, signal.SIGKILL)
    rasa.wait()
    live.servers.stop("rasa")
    start_again(live)
    person.client.wait_for(lambda: len(person.heard()) >= before + len(questions))
    person.client.wait_for(lambda: is_settled(live.settings, "matrix"))
    person.client.look()
    said = "\n".join(bodies(person)[before:])
    assert len(person.heard()) == before + len(questions)
    for words in ("Cognitive behavioral therapy, or CBT", "Dialectical behavior therapy, or DBT"):
        assert said.count(words) == 1
    assert "EMDR is a therapy for PTSD" in said


def test_database_is_away_and_an_emergency_is_answered_once(
    live: Live, person: MatrixPerson
) -> None:
    person.say("hello")
    before = len(person.heard())
    with closing(sqlite3.connect(live.settings.state_dir / "messages.db")) as holder:
        holder.isolation_level = None
        holder.execute("BEGIN EXCLUSIVE")
        person.client.send(person.room, "what is CBT?")
        person.client.send(person.room, SUICIDE)
        person.client.wait_for(lambda: len(person.heard()) > before, 10)
        assert bodies(person)[before].startswith("I'm glad you wrote this.")
        # Long enough that it is read again.
        time.sleep(3)
        holder.execute("ROLLBACK")
    person.client.wait_for(lambda: "Cognitive behavioral therapy" in bodies(person)[-1])
    person.client.wait_for(lambda: is_settled(live.settings, "matrix"))
    person.client.look()
    assert len(person.heard()) == before + 2


def test_homeserver_takes_no_more_for_a_while(
    live: Live, homeserver: Homeserver, person: MatrixPerson
) -> None:
    person.say("hello")
    homeserver.limit(person.assistant, 1, 1)
    try:
        for text in ("what is CBT?", "what is DBT?", "thank you", "bye"):
            person.client.send(person.room, text)
        person.client.wait_for(lambda: len(person.heard()) >= 6)
        person.client.wait_for(lambda: is_settled(live.settings, "matrix"))
    finally:
        homeserver.limit(person.assistant, 1000, 1000)
    person.client.look()
    first, second, third, fourth = bodies(person)[2:]
    assert "Cognitive behavioral therapy" in first
    assert "Dialectical behavior therapy" in second
    assert third.startswith("You're welcome.")
    assert fourth.startswith("Take care.")
    assert "HTTP 429 M_LIMIT_EXCEEDED" in log(live)


def test_somebody_floods_and_others_are_answered(
    live: Live, homeserver: Homeserver, person: MatrixPerson
) -> None:
    with MatrixClient(homeserver) as other:
        flooder = MatrixPerson(other, live.settings)
        person.say("hello")
        alone = [timed(person) for _ in range(14)]
        # The homeserver takes its time with so many: the assistant gets them at once.
        with held(live):
            texts = [f"what is CBT? {number}" for number in range(200)]
            flooder.client.flood(flooder.room, texts)
        beside = [timed(person) for _ in range(14)]
        flooder.client.send(flooder.room, SUICIDE)
        flooder.client.wait_for(
            lambda: any(each.startswith("I'm glad you wrote this.") for each in bodies(flooder))
        )
        flooder.client.wait_for(lambda: is_settled(live.settings, "matrix"), 60)
        flooder.client.look()
        # One sentence, not two hundred.
        assert sum("That was a lot at once" in each for each in bodies(flooder)) == 1
    # The homeserver is on the same machine and has more to do, too.
    usual, then = statistics.median(alone), statistics.median(beside)
    assert then < 2 * usual + SLACK_SECONDS, (alone, beside)
    assert max(beside) < AT_MOST_SECONDS, (alone, beside)


@contextmanager
def held(live: Live) -> Iterator[None]:
    """Stops the server's process for a while."""
    process = live.servers._running["rasa"]
    os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process.pid, signal.SIGCONT)


def timed(person: MatrixPerson) -> float:
    time.sleep(0.05)
    started = time.perf_counter()
    before = len(person.heard())
    person.client.send(person.room, "what is CBT?")
    person.client.wait_for(lambda: len(person.heard()) > before)
    return time.perf_counter() - started


def test_token_that_is_not_accepted_is_said(homeserver: Homeserver) -> None:
    said = said_of({**account(homeserver, "mistaken"), "matrix_token": "guess"})
    assert said == "The homeserver does not accept MATRIX_TOKEN; make a new one and set it."


def test_token_of_another_account_is_not_used(homeserver: Homeserver) -> None:
    other = account(homeserver, "somebody")["matrix_token"]
    said = said_of({**account(homeserver, "confused"), "matrix_token": other})
    assert said == "MATRIX_TOKEN is not of the account that MATRIX_USER names."


def said_of(changes: dict[str, Any]) -> str:
    """What connecting with these settings fails with."""

    async def connect() -> str:
        client = new_client(load_settings().copy(update=changes))
        try:
            await require_account(client)
        except AssistantError as error:
            return sentence(error)
        finally:
            await client.close()
        return ""

    return asyncio.run(connect())
