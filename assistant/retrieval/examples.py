"""Reads what the project's authors wrote to learn from.

Two kinds of questions teach the ranker: those of `data/ranking_questions.jsonl`, each
with the sections that would answer it (none, where no article does), and the
NLU data's examples of other subjects and of chat. No message of a visitor is ever used.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from assistant.corpus.model import aspect_of_intent
from assistant.errors import CorpusError
from assistant.folds import UNSEEN, fold_of
from assistant.retrieval.editions import SearchParts
from assistant.retrieval.encoder import Encoder
from assistant.retrieval.kinds import Kinds
from assistant.retrieval.lessons import Lessons
from assistant.retrieval.match_fitting import read_section_answers
from assistant.safety.examples import read_emergency_examples
from assistant.settings import ROOT

RANKING_QUESTIONS = ROOT / "data" / "ranking_questions.jsonl"
NLU = ROOT / "data" / "nlu"
OUT_OF_SCOPE = NLU / "out_of_scope.yml"
_QUESTIONS = NLU / "questions.yml"
# The encoder knows English alone.
_SPANISH = NLU / "spanish.yml"
_KEPT = (NLU / "small_talk.yml", OUT_OF_SCOPE)
# Who chats of the weather asks for no article either.
_OTHER_SUBJECTS = frozenset({"out_of_scope", "chat"})
# So many sections are a section's neighbours.
_NEIGHBOURS = 24
# The detector judges a message of so many words piece by piece.
_LONG = 45


@dataclass(frozen=True)
class LabelledQuestion:
    """A question and the keys of all sections that answer it; none for no answer.

    Attributes:
        other_subject: it is not even of the field that the articles are of.
    """

    text: str
    sections: frozenset[str]
    other_subject: bool = False


def read_labelled_questions() -> list[LabelledQuestion]:
    """All questions that teach.

    Raises:
        CorpusError: one of the two files cannot be used.
    """
    try:
        lines = RANKING_QUESTIONS.read_text("utf-8").splitlines()
        stored = [json.loads(line) for line in lines]
        asked = [LabelledQuestion(each["text"], frozenset(each["sections"])) for each in stored]
    except (OSError, ValueError, KeyError, TypeError):
        raise CorpusError(
            "Is not JSON lines of text and sections.", str(RANKING_QUESTIONS)
        ) from None
    strangers = [
        LabelledQuestion(text, frozenset(), other_subject=True)
        for path in _KEPT
        for intent, text in read_examples(path)
        if intent in _OTHER_SUBJECTS
    ]
    return asked + strangers


def questions_of_the_field() -> list[str]:
    """The NLU's examples of questions, which are of this field whether or not they are answered.

    Raises:
        CorpusError: a file is not Rasa NLU data.
    """
    return [
        text
        for path in sorted(NLU.glob("*.yml"))
        for intent, text in read_examples(path)
        if intent.startswith("ask_")
    ]


def ordinary_messages() -> list[str]:
    """The NLU's examples of everything but emergencies and what follows them.

    Raises:
        CorpusError: a file is not Rasa NLU data.
    """
    return [
        text
        for path in sorted(NLU.glob("*.yml"))
        if not path.name.startswith("crisis")
        for _, text in read_examples(path)
    ]


def read_examples(path: Path) -> list[tuple[str, str]]:
    """The intents and example messages of a file of Rasa NLU data.

    Raises:
        CorpusError: the file is not Rasa NLU data.
    """
    try:
        entries = yaml.safe_load(path.read_text("utf-8"))["nlu"]
        return [
            (entry["intent"], line.removeprefix("- ").strip())
            for entry in entries
            for line in entry["examples"].splitlines()
            if line.strip()
        ]
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        raise CorpusError("Is not Rasa NLU data of intents with examples.", str(path)) from None


def lessons(parts: SearchParts) -> Lessons:
    """What the encoder's adapter is learnt from: sections that can teach, and examples of kinds.

    The labelled questions stay out, and a part of the examples: the ranker and the
    thresholds are fitted on how the encoder sees them, and must see them as it sees a
    visitor's.
    """

    def expanded(text: str) -> str:
        return parts.reader.read(text).expanded

    index = parts.index
    rows = [
        row
        for row, (_, section) in enumerate(index.places)
        if len(section.questions) > 1 and section.sentences
    ]
    taught = [index.places[row][1] for row in rows]
    best = {each.question: each.best[0] for each in read_section_answers(index)}
    runs = [index.question_runs.of(row) for row in rows]
    middles = index.middles[rows]
    return Lessons(
        questions=[[expanded(question) for question in section.questions] for section in taught],
        sentences=[
            [expanded(f"{section.heading}: {each.text}") for each in section.sentences]
            for section in taught
        ],
        kept=[text for path in _KEPT for _, text in read_examples(path)],
        answers=[[best.get(number) for number in range(run.start, run.stop)] for run in runs],
        # The first is the section itself.
        near=np.argsort(-(middles @ middles.T), axis=1)[:, 1 : _NEIGHBOURS + 1].tolist(),
        vectors=[index.vectors.questions[run] for run in runs],
        kinds=[_intents(), _emergencies()],
    )


def _intents() -> Kinds:
    examples = [
        (intent, text)
        for path in sorted(NLU.glob("*.yml"))
        if path != _SPANISH
        for intent, text in read_examples(path)
        if fold_of(text) != UNSEEN
    ]
    asked = frozenset(intent for intent, _ in read_examples(_QUESTIONS))
    return Kinds([text for _, text in examples], [intent for intent, _ in examples], asked)


def _emergencies() -> Kinds:
    examples = [
        each
        for each in read_emergency_examples()
        if each.fold != UNSEEN and len(each.text.split()) < _LONG
    ]
    labels = ["none" if each.situation is None else "emergency" for each in examples]
    return Kinds([each.text for each in examples], labels)


def predicted_aspects(texts: Sequence[str], encoder: Encoder) -> list[str | None]:
    """The aspect of each text as the NLU would see it, which is what comes at run time."""
    from sklearn.linear_model import LogisticRegression

    examples = [
        (text, aspect_of_intent(intent))
        for path in sorted(NLU.glob("*.yml"))
        for intent, text in read_examples(path)
    ]
    classifier = LogisticRegression(C=10, class_weight="balanced", max_iter=1000)
    classifier.fit(encoder.encode([text for text, _ in examples]), [str(a) for _, a in examples])
    predicted = classifier.predict(encoder.encode(texts))
    return [None if aspect == "None" else str(aspect) for aspect in predicted]
