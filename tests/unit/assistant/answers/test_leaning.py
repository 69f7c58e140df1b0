"""What a message means after an answer, weighed."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answers import leaning_fitting
from assistant.answers.compose import Composer
from assistant.answers.leaning import Leaning
from assistant.answers.leaning_fitting import fit_leaning, read_conversations
from assistant.answers.memory import Memory
from assistant.errors import CorpusError
from assistant.retrieval.examples import read_labelled_questions


def _after(composer: Composer, first: str, then: str) -> list[str]:
    """Keys of the sections that are quoted; none where there is no answer."""
    memory = composer.answer(first, Memory()).memory
    assert memory.latest
    reply = composer.answer(then, memory)
    return [key for key, _ in reply.memory.latest] if reply.message.kind == "answer" else []


@pytest.mark.parametrize(
    ("first", "then", "article"),
    [
        ("can I lose my job when I go to rehab", "is the leave paid", "employers-and-coworkers"),
        ("what is naloxone", "do I need a prescription for it", "harm-reduction-and-naloxone"),
        ("how does sober living work", "who makes the rules there", "sober-living"),
        # Another subject, named: the last one is dropped.
        ("how does sober living work", "what is CBT", "psychotherapy-in-rehab"),
        ("what is naloxone", "CBT", "psychotherapy-in-rehab"),
    ],
)
def test_a_message_stays_with_the_subject_until_it_names_another(
    composer: Composer, first: str, then: str, article: str
) -> None:
    assert _after(composer, first, then)[0].startswith(article)


@pytest.mark.parametrize(
    "then", ["who won the world cup in 1998", "what's the weather there", "how tall is he"]
)
def test_what_is_of_no_subject_gets_no_answer_of_the_last_one(
    composer: Composer, then: str
) -> None:
    assert _after(composer, "what is naloxone", then) == []


def test_what_is_stored_is_what_is_read(tmp_path: Path) -> None:
    Leaning.load().save(tmp_path / "leaning.json")
    assert Leaning.load(tmp_path / "leaning.json") == Leaning.load()


@pytest.mark.parametrize("text", ["", "{}", '{"order": {"alone": 1}, "decision": {}}'])
def test_numbers_for_other_features_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "leaning.json").write_text(text)
    with pytest.raises(CorpusError, match="make fit"):
        Leaning.load(tmp_path / "leaning.json")


@pytest.mark.parametrize("text", ["no json", '{"first": "what is CBT?"}', "[1]"])
def test_conversations_of_another_form_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "follow_ups.jsonl").write_text(text)
    with pytest.raises(CorpusError, match="conversations"):
        read_conversations(tmp_path / "follow_ups.jsonl")


def test_every_conversation_names_sections_of_the_articles(composer: Composer) -> None:
    named = {key for each in read_conversations() for turn in each.then for key in turn.sections}
    assert named <= set(composer.corpus.section_by_key)


def test_fitting_learns_that_people_stay_with_an_article(
    composer: Composer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        leaning_fitting, "predicted_aspects", lambda texts, encoder: [None] * len(texts)
    )
    fitted = fit_leaning(composer, read_conversations()[:12], read_labelled_questions())
    alone, *_, article, _, _ = fitted.order.weights
    assert alone > 0
    assert article > 0
