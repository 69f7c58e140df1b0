"""People write in Spanish: they read, in Spanish, what there is and who speaks it."""

from __future__ import annotations

import pytest

from tests.client import Visitor
from tests.conversations.reading import links, only, titles

pytestmark = pytest.mark.live

_HELP = {"tel:18006624357", "tel:988", "sms:988?body=AYUDA", "sms:741741?body=HOLA", "tel:911"}


@pytest.mark.parametrize(
    "text",
    [
        "hola",
        "¿qué es la metadona?",
        "necesito ayuda con mi hijo que usa drogas",
        "cuanto cuesta el tratamiento",
        "mi esposo toma mucho alcohol y no se que hacer",
        "hablas español?",
        "do you speak Spanish?",
    ],
)
def test_user_writes_in_spanish_and_is_answered_in_it(visitor: Visitor, text: str) -> None:
    message = only(visitor.say(text))
    assert message["kind"] == "notice"
    assert "están en inglés" in message["text"]
    assert "marque 2" in message["text"]
    assert "HOLA al 741741" in message["text"]
    assert "1-800-662-4357" in message["text"]
    assert links(message) == _HELP


@pytest.mark.parametrize(
    ("text", "title", "topic"),
    [
        ("metadona", "methadone", "methadone"),
        ("TCC", "CBT", "cbt"),
        ("qué es la terapia familiar", "family therapy", "family-therapy"),
    ],
)
def test_user_names_a_topic_in_spanish_and_can_read_of_it(
    visitor: Visitor, text: str, title: str, topic: str
) -> None:
    message = only(visitor.say(text))
    assert title in titles(message)[0]
    answer = only(visitor.choose(message["choices"][0]["id"]))
    assert answer["kind"] == "answer"
    assert answer["blocks"][0]["topic"] == topic


def test_user_thanks_in_spanish(visitor: Visitor) -> None:
    message = only(visitor.say("muchas gracias"))
    assert message["text"].startswith("Con gusto.")


def test_user_in_danger_writes_in_spanish_and_the_emergency_comes_first(visitor: Visitor) -> None:
    assert only(visitor.say("quiero morir"))["kind"] == "crisis"
    message = only(visitor.say("necesito ayuda"))
    assert message["kind"] == "crisis"
    assert "988" in message["text"]


@pytest.mark.parametrize(
    "text",
    [
        "is there a rehab in Los Angeles or El Paso",
        "what did Maria de la Cruz say about CBT",
        "Al-Anon",
        "no",
    ],
)
def test_user_writes_in_english_with_spanish_names(visitor: Visitor, text: str) -> None:
    assert "inglés" not in only(visitor.say(text))["text"]


@pytest.mark.parametrize("text", ["quiero retirar mi consentimiento", "quiero que borren todo lo que escribí"])  # fmt: skip  # noqa: E501
def test_user_asks_for_their_rights_in_spanish(visitor: Visitor, text: str) -> None:
    assert "automático" not in only(visitor.say(text))["text"]
