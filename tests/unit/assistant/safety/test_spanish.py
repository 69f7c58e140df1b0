"""Spanish is told from English, and answered with who speaks it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assistant.answers.compose import Composer
from assistant.answers.memory import Memory
from assistant.errors import CorpusError
from assistant.safety.resources import crisis_texts
from assistant.safety.spanish import SPANISH_FILE, load_spanish
from assistant.settings import ROOT


@pytest.mark.parametrize(
    "text",
    [
        "hola",
        "Necesito ayuda",
        "¿Dónde hay un centro para mi hermana?",
        "que es la terapia",
        "MI HIJO USA DROGAS Y NO SE QUE HACER",
        "metadona",
        "TCC",
        "do you speak Spanish?",
        "spanish please",
    ],
)
def test_spanish_is_noticed(text: str) -> None:
    assert load_spanish().is_spanish(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no",
        "si",
        "CBT",
        "Al-Anon",
        "see ya",
        "Maria de la Cruz",
        "rehab in Los Angeles or El Paso",
        "my friend José Hernández drinks",
        "what is la vida loca",
        "does Suboxone show up on a drug test",
    ],
)
def test_english_with_spanish_names_is_not(text: str) -> None:
    assert not load_spanish().is_spanish(text)


def test_no_english_example_of_the_nlu_is_taken_for_spanish() -> None:
    spanish, wrong, seen = load_spanish(), [], 0
    for path in (ROOT / "data" / "nlu").glob("*.yml"):
        for part in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            for line in part["examples"].splitlines():
                # Of one sure English word on, a line is English.
                words = set(line.lower().split())
                if line.isascii() and words & {"the", "my", "is", "what", "how", "you", "i"}:
                    seen += 1
                    wrong += [line] if spanish.is_spanish(line) and "spanish" not in words else []
    assert seen > 3000
    assert wrong == []


def test_the_answer_says_what_there_is_and_who_speaks_spanish() -> None:
    message = load_spanish().reply("¿Cuánto cuesta la rehabilitación?", crisis_texts())
    assert message.kind == "notice"
    assert "no una persona" in message.text
    for number in ("1-800-662-4357", "988", "741741", "911"):
        assert number in message.text
    assert "marque 2" in message.text
    assert {"tel:988", "tel:911", "tel:18006624357"} <= {each.href for each in message.resources}
    assert 1 <= len(message.choices) <= 3
    for choice in message.choices:
        assert f"- {choice.title}" in message.text


def test_thanks_get_a_short_answer_with_the_line_all_the_same() -> None:
    message = load_spanish().reply("muchas gracias", crisis_texts())
    assert message.text == load_spanish().courtesy
    assert "988" in message.text


def test_what_is_offered_is_answered_by_the_articles(composer: Composer) -> None:
    for topic in load_spanish().topics:
        assert composer.answer(topic.ask, Memory()).message.kind == "answer", topic.ask


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("words: [", "cannot be read"),
        ("words: []", "field required"),
        (
            SPANISH_FILE.read_text("utf-8").replace("[samhsa,", "[nobody,"),
            "no nobody",
        ),
    ],
)
def test_a_poor_file_is_told_of(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "spanish.yml"
    path.write_text(content, "utf-8")
    with pytest.raises(CorpusError, match=problem):
        load_spanish.__wrapped__(path)
