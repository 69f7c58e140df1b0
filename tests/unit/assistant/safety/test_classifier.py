"""Windows of a message, the stored classifier, and its fit."""

import hashlib
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from assistant.errors import CorpusError
from assistant.folds import FOLDS
from assistant.safety.classifier import (
    Window,
    load_classifier,
    save_classifier,
    theme_names,
    windows,
)
from assistant.safety.emergency import SITUATIONS
from assistant.safety.examples import Example, read_emergency_examples
from assistant.safety.fitting import (
    FALSE_ALARMS,
    _prepare,
    _threshold,
    _told,
    fit_classifier,
)
from assistant.safety.patterns import load_patterns
from tests.evaluation.emergencies import DISGUISES, disguised


def windows_of(text: str) -> list[Window]:
    book = load_patterns()
    undisguised = book.reader.undisguised(text)
    sentences = book.reader.sentences(undisguised)
    return windows(undisguised, sentences, book.see(sentences))


def made_windows(text: str) -> list[str]:
    return [window.text for window in windows_of(text)]


def embed(text: str) -> npt.NDArray[np.float32]:
    digest = hashlib.sha256(text.encode()).digest()
    vector = np.frombuffer(digest, np.uint8).astype(np.float32) - 128
    return vector / np.linalg.norm(vector)


def toy_examples() -> list[Example]:
    harmless = [Example(f"the garden number {n} is green", None, False) for n in range(100)]
    marks = dict(zip(SITUATIONS, ["red", "pink", "brown", "grey", "white", "black"], strict=True))
    return harmless + [
        Example(f"a {mark} {mark} house number {n}", name, bool(n % 2))
        for name, mark in marks.items()
        for n in range(20)
    ]


def test_a_short_message_is_one_window_and_keeps_its_questions() -> None:
    assert made_windows("Is it far? i dunno") == ["is it far? i do not know."]


def test_a_message_written_plainly_is_embedded_as_it_stands() -> None:
    assert made_windows("Is it far? I can't walk, I'm told.") == [
        "is it far? i can't walk, i'm told."
    ]


@pytest.mark.parametrize("kind", DISGUISES)
def test_a_disguised_message_is_embedded_as_what_it_hides(kind: str) -> None:
    text = "She hid the pills from me, I can't find them. Where would you look?"

    assert made_windows(disguised(text, kind)) == made_windows(text)


def test_long_messages_are_many_windows_with_the_last_sentence_among_them() -> None:
    found = made_windows("We like the garden by the house very much. " * 200 + "The end is here.")

    assert 10 < len(found) <= 24
    assert found[-1].endswith("the end is here.")


@pytest.mark.parametrize(
    ("text", "little"),
    [
        ("i might be pregnant", True),
        ("what if its my husband", True),
        ("everyone would be better off", False),
        ("got my service pistol in my lap", False),
        ("i took all of them", False),
        ("she keeps asking when he comes home and what we will do", False),
    ],
)
def test_few_words_without_danger_ask_for_more_evidence(text: str, little: bool) -> None:
    (window,) = windows_of(text)
    stored = load_classifier()
    assert window.says_little() is little
    assert (stored.asks_for(window) > stored.threshold) is little


def test_what_is_stored_is_what_is_read(tmp_path: Path) -> None:
    stored = load_classifier()
    save_classifier(stored, tmp_path / "c.json")

    read = load_classifier.__wrapped__(tmp_path / "c.json")

    assert json.loads((tmp_path / "c.json").read_text())["encoder"] == stored.encoder
    assert read.terms == stored.terms
    assert read.threshold == stored.threshold
    assert np.array_equal(read.emergency.embedding, stored.emergency.embedding)


def test_the_stored_classifier_knows_the_themes_of_the_patterns() -> None:
    assert list(load_classifier().theme_names) == theme_names(load_patterns())


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"encoder": "x", "terms": 3}'])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "c.json").write_text(content)

    with pytest.raises(CorpusError):
        load_classifier.__wrapped__(tmp_path / "c.json")


def test_a_fit_learns_what_is_there_to_learn_and_is_the_same_each_time() -> None:
    everyday = [f"the garden number {n} is green" for n in range(100, 300)]
    classifier, report = fit_classifier(toy_examples(), everyday, [], embed, "toy")
    again, _ = fit_classifier(toy_examples(), everyday, [], embed, "toy")

    assert report.recall["all"][2] > 0.9
    assert classifier.encoder == "toy"
    assert again.threshold == classifier.threshold


def test_the_threshold_lets_few_everyday_messages_through() -> None:
    scores = np.arange(400.0)
    none = np.zeros(400, bool)
    assert (scores >= _threshold(scores, none)).sum() == 400 * FALSE_ALARMS
    assert (scores[:25] >= _threshold(scores[:25], none[:25])).sum() == 0


def test_how_many_questions_of_the_field_were_labelled_moves_no_threshold() -> None:
    small_talk, stories = np.arange(400.0), np.arange(200.0, 500.0)
    thresholds = {
        _threshold(
            np.concatenate([small_talk, np.repeat(stories, times)]),
            np.repeat([False, True], [400, 300 * times]),
        )
        for times in (1, 2, 5)
    }
    assert max(thresholds) - min(thresholds) <= 1


def test_an_everyday_message_that_patterns_take_for_an_emergency_teaches_nothing() -> None:
    everyday = [f"the garden number {n} is green" for n in range(100, 300)]
    said = ["I want to kill myself", "I am going to kill myself"]
    classifier, _ = fit_classifier(toy_examples(), everyday + said, [], embed, "toy")

    assert "garden" in classifier.terms
    assert "kill" not in classifier.terms


def test_every_example_has_a_part_of_its_own_in_cross_validation() -> None:
    parts = [Example(f"number {n}", None, other=False).fold for n in range(200)]

    assert set(parts) == set(range(FOLDS))
    assert parts == [Example(f"number {n}", "abuse", other=True).fold for n in range(200)]


def test_too_few_examples_of_a_situation_are_refused() -> None:
    some = [each for each in toy_examples() if each.situation != "abuse"]

    with pytest.raises(CorpusError):
        fit_classifier(some, ["hello"], [], embed, "toy")


def test_the_examples_are_enough_of_each_label_and_language() -> None:
    examples = read_emergency_examples()

    assert len(examples) >= 600
    assert {each.situation for each in examples} == {None, *SITUATIONS}


def test_a_long_emergency_teaches_by_the_part_that_tells_of_it() -> None:
    everyday = [f"the garden number {n} is green" for n in range(100, 300)]
    classifier, _ = fit_classifier(toy_examples(), everyday, [], embed, "toy")
    filler = "The garden number 7 is green. " * 16
    text = f"{filler}A red red house number 3. {filler}"
    long = _prepare(Example(text, "suicide", other=False), load_patterns(), embed)
    harmless = _prepare(Example(filler * 2, None, other=False), load_patterns(), embed)

    (window,) = _told(long, classifier).windows
    assert len(long.windows) > 2
    assert "red red house" in window.text
    assert _told(harmless, classifier) is harmless
