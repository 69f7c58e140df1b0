"""Whatever breaks behind it, a turn ends with words that help."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.client import Visitor
from tests.serving import Live, running_assistant

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def dying() -> Iterator[Live]:
    """Servers of their own, since they do not survive these tests."""
    with running_assistant() as live:
        yield live


def test_action_server_gone_and_the_person_still_reads_a_sentence(dying: Live) -> None:
    with Visitor(dying.address) as visitor:
        assert visitor.say("what is CBT?")[0]["kind"] == "answer"
        dying.servers.stop("actions")
        (message,) = visitor.say("what is DBT?")
        assert message["kind"] == "notice"
        assert "911" in message["text"]
        assert "988" in message["text"]
        assert visitor.say("hello")[0]["text"].startswith("Hello")
    health = httpx.get(f"{dying.address}/health")
    assert health.status_code == 503
    assert "actions" in health.json()["detail"]
    dying.servers.start_actions()
    dying.servers.wait_until_ready()
    with Visitor(dying.address) as visitor:
        assert visitor.say("what is DBT?")[0]["kind"] == "answer"


def test_nothing_that_was_said_is_in_a_log_or_in_plain_text_on_disk(dying: Live) -> None:
    canary = "my name is Zyrphelia Quonk and my number is 555-0137"
    with Visitor(dying.address) as visitor:
        visitor.say(canary)
        visitor.say("what is CBT? " + canary)
    files = [path for path in dying.settings.state_dir.rglob("*") if path.is_file()]
    assert any(path.suffix == ".log" for path in files)
    assert any(path.suffix == ".db" for path in files)
    for path in files:
        content = path.read_bytes()
        assert b"Zyrphelia" not in content, path
        assert b"555-0137" not in content, path
