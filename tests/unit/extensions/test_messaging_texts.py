from __future__ import annotations

from typing import Any

import pytest

from assistant.answers.render import answer_text, with_choices
from assistant.message import Block, Choice, Message, QuotedSentence, Source, Span
from extensions.channels.messaging import gsm, sms, whatsapp
from extensions.channels.messaging.texts import whole

SPAN = Span("care", "what", 0, 10, "0" * 64)
SENTENCES = (
    "Care helps a person notice what sets off a craving, and what may be done then.",
    "People learn to plan for hard days, and to ask for help before things get worse.",
    "Most programs last for some months, and many people stay in touch for years.",
    "What works best differs from one person to the next, so plans are changed.",
    "Family members can be a part of care, where the person in care wants that.",
    "It is never too late to come back to care, and coming back is no failure.",
)


def answer(sentences: int = 4, choices: tuple[str, ...] = ("Tell me more",)) -> dict[str, Any]:
    sources = (
        Source(1, "article", "What care is and how it helps people (What care is)", None, "care"),
        Source(2, "reference", "An institute. A guide to care. 2020", "https://a.org/b", "care"),
    )
    quoted = tuple(QuotedSentence(text, (1, 2), SPAN) for text in SENTENCES[:sentences])
    blocks = (Block("care", "What care is", quoted),)
    offered = tuple(Choice(title, f"/{title}") for title in choices)
    message = Message("answer", answer_text(blocks, sources), blocks, sources, choices=offered)
    return with_ids(message)


def prompt(text: str, *titles: str) -> dict[str, Any]:
    return with_ids(Message("prompt", text, choices=tuple(Choice(t, f"/{t}") for t in titles)))


def with_ids(message: Message) -> dict[str, Any]:
    """As the channel's renderer leaves it."""
    choices = [{"title": each.title, "id": f"id of {each.title}"} for each in message.choices]
    return {**message.as_dict(), "choices": choices}


class TestChoices:
    def test_numbers_stand_where_the_text_names_the_choices(self) -> None:
        text = "You can ask about:\n- Cost\n- Time\n\nIn danger call 911."
        assert whole(prompt(text, "Cost", "Time"), 3) == (
            "You can ask about:\n3. Cost\n4. Time\n\nIn danger call 911."
        )

    def test_a_question_of_a_form_is_numbered_once(self) -> None:
        text = "Which one?\n1. Email\n2. Phone"
        assert whole(prompt(text, "Email", "Phone"), 2) == "Which one?\n2. Email\n3. Phone"

    def test_choices_that_the_text_does_not_name_follow(self) -> None:
        assert whole(prompt("Which one?", "Email")) == "Which one?\n1. Email"


class TestLetters:
    def test_typographic_marks_become_plain_and_cost_less(self) -> None:
        assert gsm.to_gsm("\u201cIt\u2019s\u201d \u2013 now\u2026") == '"It\'s" - now...'

    def test_spanish_stays_where_the_alphabet_has_it(self) -> None:
        assert gsm.to_gsm("¿Está el niño?") == "¿Esta el niño?"

    def test_everything_is_in_the_alphabet_in_the_end(self) -> None:
        for text in ("日本", "Привет", "🙂", "x\u200by", "\t"):
            plain = gsm.to_gsm(text)
            assert gsm.to_gsm(plain) == plain

    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            ("", 1),
            ("a" * 160, 1),
            ("a" * 161, 2),
            ("a" * 306, 2),
            ("a" * 307, 3),
            ("a" * 459, 3),
            ("a" * 460, 4),
            ("€" * 80, 1),
            ("€" * 81, 2),
        ],
    )
    def test_parts(self, text: str, parts: int) -> None:
        assert gsm.parts(text) == parts


class TestTextMessages:
    def test_an_answer_that_fits_is_one_text_with_its_sources(self) -> None:
        rendered = sms.render([answer(2)])
        assert not rendered.later
        (only,) = rendered.now
        assert only["text"] == (
            f"{SENTENCES[0]} (1)(2) {SENTENCES[1]} (1)(2)\n"
            "From (1) What care is and how it...; (2) An institute. A guide to.... "
            "Reply SOURCES for links.\n1. Tell me more"
        )
        assert gsm.fits(only["text"])

    @pytest.mark.parametrize("sentences", [1, 2, 3, 4, 5, 6])
    @pytest.mark.parametrize("choices", [(), ("Tell me more",), ("Tell me more", "What it costs")])
    def test_no_sentence_is_lost_and_none_is_cut(
        self, sentences: int, choices: tuple[str, ...]
    ) -> None:
        rendered = sms.render([answer(sentences, choices)])
        pages = [page["text"] for page in (*rendered.now, *rendered.later)]
        assert len(rendered.now) == 1
        assert all(gsm.fits(page) for page in pages)
        together = "\n".join(pages)
        assert [together.count(sentence) for sentence in SENTENCES[:sentences]] == [1] * sentences
        assert all("SOURCES" in page for page in pages)

    def test_the_rest_comes_for_more_or_for_the_number_of_tell_me_more(self) -> None:
        rendered = sms.render([prompt("Which one?", "Email"), answer(6)])
        assert "2. Tell me more" in rendered.now[-1]["text"]
        assert {"more", "tell me more", "2"} <= set(rendered.later[0]["words"])
        assert "Reply MORE for the rest" in sms.render([answer(6, ("Cost",))]).now[0]["text"]

    def test_an_emergency_is_one_text_however_long(self) -> None:
        message = Message("crisis", "Call 988 now. " * 60).as_dict()
        (only,) = sms.render([message]).now
        assert only["text"] == message["text"]

    def test_what_is_agreed_to_is_never_left_for_later(self) -> None:
        text = "You agree to all that follows. " * 40
        rendered = sms.render([prompt(f"{text}\n1. Yes\n2. No", "Yes", "No")])
        assert not rendered.later
        assert all(gsm.fits(piece["text"]) for piece in rendered.now)
        together = " ".join(piece["text"] for piece in rendered.now)
        assert together.count("You agree to all that follows.") == 40
        assert together.endswith("1. Yes\n2. No")

    def test_a_text_without_any_end_is_cut_all_the_same(self) -> None:
        pieces = sms.cut("a" * 1000, gsm.fits)
        assert "".join(pieces) == "a" * 1000
        assert max(map(len, pieces)) <= 459


class TestWhatsApp:
    def test_an_answer_is_whole_and_its_choices_are_a_list_of_their_own(self) -> None:
        text, listed = whatsapp.render([answer(4)]).now
        assert text["text"].count("[2]") == 5
        assert "https://a.org/b" in text["text"]
        assert listed["items"] == [("1. Tell me more", "id of Tell me more")]
        assert listed["text"].endswith("\n1. Tell me more")

    def test_a_question_is_one_message_with_its_list(self) -> None:
        text = with_choices("Which?", (Choice("Cost", "/cost"), Choice("Time", "/time")))
        assert whatsapp.render([prompt(text, "Cost", "Time")]).now == [
            {
                "text": "Which?\n1. Cost\n2. Time",
                "lead": "Which?",
                "items": [("1. Cost", "id of Cost"), ("2. Time", "id of Time")],
            }
        ]

    def test_more_choices_than_a_list_takes_are_text(self) -> None:
        titles = [f"Choice {n}" for n in range(11)]
        (only,) = whatsapp.render([prompt("Which?", *titles)]).now
        assert "items" not in only
        assert only["text"].endswith("11. Choice 10")
