from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answers.compose import Composer
from assistant.answers.leaning import Leaning
from assistant.answers.memory import Memory
from assistant.errors import CorpusError
from assistant.provider import PROVIDER_FILE, Provider, load_provider
from assistant.retrieval.search import Searcher


def test_what_is_not_known_is_not_said(searcher: Searcher) -> None:
    message = (
        Composer(searcher, Provider(), Leaning.load())
        .answer("who won the cup in 1998?", Memory())
        .message
    )
    assert "talk with us" not in message.text
    assert [link.href for link in message.resources] == ["tel:18006624357"]


def test_a_known_number_is_offered_where_the_articles_have_no_answer(searcher: Searcher) -> None:
    provider = Provider(name="Harbor House", phone="+1 555-010-0199", hours="weekdays, 9 to 5")
    message = (
        Composer(searcher, provider, Leaning.load())
        .answer("who won the cup in 1998?", Memory())
        .message
    )
    assert "at Harbor House, call +1 555-010-0199 (weekdays, 9 to 5)." in message.text
    assert message.resources[0].href == "tel:+15550100199"
    assert "1-800-662-4357" in message.text


def test_the_projects_own_file_can_be_read() -> None:
    assert load_provider.__wrapped__(PROVIDER_FILE)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("phone: call us\n", "`phone`: is not a phone number."),
        ("telephone: 5550100199\n", "`telephone`: extra fields not permitted."),
        ("phone: [\n", "The provider's facts cannot be read."),
        (None, "The provider's facts cannot be read."),
    ],
)
def test_a_wrong_fact_is_told(tmp_path: Path, content: str | None, message: str) -> None:
    path = tmp_path / "provider.yml"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(CorpusError) as caught:
        load_provider.__wrapped__(path)
    assert str(caught.value).endswith(f"provider.yml: {message}")
