"""The NLU components: train, persist, load and process on tiny data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import WordDetector
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.tokenizers.spacy_tokenizer import SpacyTokenizer
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.corpus.model import Topic
from assistant.retrieval.language import build_pipeline, pipeline_hash, saved_pipeline
from assistant.safety.protocol import Crisis
from assistant.settings import Settings
from extensions.emergencies import Watch, watch
from extensions.nlu import article_questions, glossary_spacy
from extensions.nlu.article_questions import ArticleQuestions
from extensions.nlu.emergency_detector import EmergencyDetector
from extensions.nlu.glossary_spacy import GlossarySpacyNLP
from extensions.nlu.intent_classifier import EmbeddingIntentClassifier
from extensions.nlu.linear_model import terms
from extensions.nlu.second_look import SecondLook
from extensions.nlu.sentence_featurizer import SentenceFeaturizer
from extensions.nlu.topic_extractor import TopicExtractor

GLOSSARY = (
    Topic("therapy", "therapy", "therapy", ()),
    Topic("cbt", "therapy", "cognitive-behavioral therapy", ("CBT",)),
)
EXAMPLES = {
    "ask": ["what is therapy", "what is rehab", "what does detox mean"],
    "greet": ["hello there", "good morning", "hi friend"],
    "thank": ["thanks a lot", "thank you", "many thanks"],
}


class WordEncoder:
    """Stands for the encoder: the same words give the same unit vector."""

    version = "words"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.full((len(texts), 384), 1e-3, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.split():
                row[sum(map(ord, word)) % 384] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def context() -> ExecutionContext:
    """An execution context with a name for the node."""
    return ExecutionContext(GraphSchema({}), node_name="node")


def featurized(*texts: str, **more: Any) -> list[Message]:
    messages = [Message({"text": text, **more}) for text in texts]
    return SentenceFeaturizer(WordEncoder(), "features").process(messages)  # type: ignore[arg-type]


def examples() -> TrainingData:
    return TrainingData(
        [
            message
            for intent, texts in EXAMPLES.items()
            for message in featurized(*texts, intent=intent)
        ]
    )


def trained(folder: Path, data: TrainingData) -> tuple[LocalModelStorage, Resource]:
    storage, resource = LocalModelStorage.create(folder), Resource("classifier")
    config = EmbeddingIntentClassifier.get_default_config()
    EmbeddingIntentClassifier(config, storage, resource).train(data)
    return storage, resource


def test_features_are_one_row_of_384_and_texts_alone_get_some() -> None:
    with_text, without = Message({"text": "hello"}), Message({"intent": "greet"})
    SentenceFeaturizer(WordEncoder(), "features").process([with_text, without])  # type: ignore[arg-type]
    _, sentence = with_text.get_dense_features("text")
    assert sentence is not None
    assert sentence.features.shape == (1, 384)
    assert not without.features


@pytest.mark.parametrize("intents", [("ask", "greet"), ("ask", "greet", "thank")])
def test_the_classifier_says_after_loading_what_scikit_learn_said(
    tmp_path: Path, context: ExecutionContext, intents: tuple[str, ...]
) -> None:
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    texts = [(text, intent) for intent in intents for text in EXAMPLES[intent]]
    data = TrainingData([featurized(text, intent=intent)[0] for text, intent in texts])
    storage, resource = trained(tmp_path, data)
    loaded = EmbeddingIntentClassifier.load({}, storage, resource, context)
    (message,) = loaded.process(featurized("hello friend"))

    weighed = TfidfVectorizer(analyzer=terms, binary=True, min_df=2)

    def features(said: list[str], of_words: Any) -> Any:
        return hstack([csr_matrix(WordEncoder().encode(said)), of_words])

    said = [text for text, _ in texts]
    regression = LogisticRegression(
        C=10, max_iter=1000, multi_class="multinomial", class_weight="balanced"
    ).fit(features(said, weighed.fit_transform(said)), [intent for _, intent in texts])
    asked = ["hello friend"]
    expected = regression.predict_proba(features(asked, weighed.transform(asked)))[0]
    ranking = {entry["name"]: entry["confidence"] for entry in message.get("intent_ranking")}
    assert message.get("intent")["name"] == "greet"
    assert [ranking[name] for name in regression.classes_] == pytest.approx(expected, abs=1e-3)


def test_terms_are_words_pairs_and_the_question() -> None:
    assert terms("Is it, is it safe?") == [
        *("is", "it", "safe", "?"),
        *("is it", "it is", "it safe", "safe ?"),
    ]


def test_words_that_nobody_has_taught_change_nothing(
    tmp_path: Path, context: ExecutionContext
) -> None:
    loaded = EmbeddingIntentClassifier.load({}, *trained(tmp_path, examples()), context)
    (message,) = loaded.process(featurized("xylophone"))
    assert sum(each["confidence"] for each in message.get("intent_ranking")) == pytest.approx(1)


def test_the_ranking_ends_at_ten(tmp_path: Path, context: ExecutionContext) -> None:
    data = TrainingData(
        [featurized(f"word{n} text", intent=f"intent_{n:02}")[0] for n in range(15)]
    )
    loaded = EmbeddingIntentClassifier.load({}, *trained(tmp_path, data), context)
    (message,) = loaded.process(featurized("word3 text"))
    ranking = message.get("intent_ranking")
    assert len(ranking) == 10
    assert ranking[0] == message.get("intent")
    assert ranking == sorted(ranking, key=lambda entry: -entry["confidence"])


def test_changed_weights_are_refused(tmp_path: Path, context: ExecutionContext) -> None:
    storage, resource = trained(tmp_path, examples())
    with storage.write_to(resource) as folder:
        weights = folder / "weights.npz"
        weights.write_bytes(weights.read_bytes() + b"x")
    with pytest.raises(RasaException, match="changed"):
        EmbeddingIntentClassifier.load({}, storage, resource, context)


def test_one_intent_cannot_be_trained(tmp_path: Path) -> None:
    with pytest.raises(RasaException, match="two intents"):
        trained(tmp_path, TrainingData(featurized("hello", intent="greet")))


def test_examples_that_share_no_word_are_too_few(tmp_path: Path) -> None:
    data = [featurized(text, intent=text)[0] for text in ("hello", "thanks")]
    with pytest.raises(RasaException, match="no two share a word"):
        trained(tmp_path, TrainingData(data))


def test_an_intent_that_is_left_out_is_not_learnt(
    tmp_path: Path, context: ExecutionContext
) -> None:
    storage, resource = LocalModelStorage.create(tmp_path), Resource("classifier")
    config = {**EmbeddingIntentClassifier.get_default_config(), "left_out": ["greet"]}
    EmbeddingIntentClassifier(config, storage, resource).train(examples())
    loaded = EmbeddingIntentClassifier.load({}, storage, resource, context)
    (message,) = loaded.process(featurized("hello there"))
    assert {each["name"] for each in message.get("intent_ranking")} == {"ask", "thank"}


def test_an_emergency_overrules_the_intent_and_nothing_else_does(detector: WordDetector) -> None:
    ranking = [
        {"name": "nlu_fallback", "confidence": 0.3},
        {"name": "crisis", "confidence": 0.2},
    ]
    given = {"intent": ranking[0], "intent_ranking": ranking, "entities": []}
    urgent, calm, empty = EmergencyDetector(Watch(detector)).process(
        [
            Message({"text": "my son said I want to kill myself", **given}),
            Message({"text": "what is CBT?", **given}),
            Message({"intent": "ask"}),
        ]
    )
    assert urgent.get("intent") == {"name": "crisis", "confidence": 1.0}
    assert urgent.get("intent_ranking") == [urgent.get("intent"), ranking[0]]
    assert urgent.as_dict(only_output_properties=True)["emergency"] == {
        "situation": "suicide",
        "concerned": "other",
        "certainty": "direct",
        "language": "en",
    }
    assert calm.get("intent") == ranking[0]
    assert calm.get("emergency") is None
    assert empty.get("intent") == "ask"


def test_the_component_is_that_of_the_gate(context: ExecutionContext) -> None:
    component = EmergencyDetector.create({}, None, Resource("none"), context)  # type: ignore[arg-type]
    assert component._watch is watch(Settings().models_dir)


def test_topics_are_found_in_any_case_with_their_place_the_longest_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, context: ExecutionContext
) -> None:
    monkeypatch.setattr(glossary_spacy, "_glossary", lambda _: GLOSSARY)
    monkeypatch.setattr(glossary_spacy, "load_settings", lambda: Settings(models_dir=tmp_path))
    spacy_nlp = GlossarySpacyNLP.create({}, None, Resource("spacy"), context)  # type: ignore[arg-type]
    text = "Is İ Cognitive Behavioral Therapy (cbt) therapy?"
    messages = spacy_nlp.process([Message({"text": text})], spacy_nlp.provide())
    (message,) = TopicExtractor().process(messages)
    found = message.get("entities")
    assert [(text[e["start"] : e["end"]], e["value"]) for e in found] == [
        ("Cognitive Behavioral Therapy", "cbt"),
        ("cbt", "cbt"),
        ("therapy", "therapy"),
    ]
    assert {(e["entity"], e["confidence"], e["extractor"]) for e in found} == {
        ("topic", 1.0, "TopicExtractor")
    }


def test_the_tokenizer_reads_the_pipelines_document() -> None:
    nlp = build_pipeline(GLOSSARY)
    message = Message({"text": "Two words", "text_spacy_doc": nlp("Two words")})
    tokenizer = SpacyTokenizer(SpacyTokenizer.get_default_config())
    assert [token.text for token in tokenizer.tokenize(message, "text")] == ["Two", "words"]


def test_the_pipeline_has_sentences_and_lemmas() -> None:
    doc = build_pipeline(GLOSSARY)("It helped families. It works.")
    assert len(list(doc.sents)) == 2
    assert [token.lemma_ for token in doc][1:3] == ["help", "family"]


def test_a_pipeline_is_built_once_for_each_content(tmp_path: Path) -> None:
    first = saved_pipeline(GLOSSARY, tmp_path)
    built = (first / "meta.json").stat().st_mtime_ns
    assert saved_pipeline(GLOSSARY, tmp_path) == first
    assert (first / "meta.json").stat().st_mtime_ns == built
    assert saved_pipeline(GLOSSARY[:1], tmp_path) != first
    assert sorted(path.name for path in (tmp_path / "spacy").iterdir()) == sorted(
        [pipeline_hash(GLOSSARY), pipeline_hash(GLOSSARY[:1])]
    )


def test_a_changed_glossary_changes_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    prints = set()
    for entries in (GLOSSARY, GLOSSARY[:1]):
        monkeypatch.setattr(glossary_spacy, "_glossary", lambda _, entries=entries: entries)
        prints.add(GlossarySpacyNLP.fingerprint_addon({}))
    assert len(prints) == 2


_LOOK = {
    "sure": 0.6,
    "in_any_language": ["withdraw_consent", "deny"],
    "fixed_texts": ["frustration", "praise", "thank", "chat", "deny", "ask_privacy"],
    "from_articles": ["ask_definition", "nlu_fallback"],
    "after_emergency": ["cannot_call", "ask_crisis_call"],
    "share_after_emergency": 0.15,
    "of_no_body": ["insurance", "work"],
}


@pytest.mark.parametrize(
    ("text", "intent", "confidence", "topics", "expected"),
    [
        ("necesito ayuda con mi hijo", "out_of_scope", 0.9, [], "write_spanish"),
        ("ya no quiero recibir mensajes", "withdraw_consent", 0.8, [], "withdraw_consent"),
        ("ya no quiero recibir mensajes", "withdraw_consent", 0.5, [], "write_spanish"),
        ("what iz detox", "frustration", 0.5, [{"entity": "topic"}], "nlu_fallback"),
        ("this detox chat is useless", "frustration", 0.9, [{"entity": "topic"}], "frustration"),
        ("???", "frustration", 0.5, [], "nlu_fallback"),
        ("alanon?", "frustration", 0.9, [{"start": 0, "end": 6}], "nlu_fallback"),
        ("what nonsense", "frustration", 0.5, [], "frustration"),
        # The articles are looked in first: it may lean on the answer before.
        ("is that so bad", "frustration", 0.5, [], "nlu_fallback"),
        ("no, I mean naltrexone", "deny", 0.9, [{"entity": "topic"}], "reject_answer"),
        ("nope", "deny", 0.9, [], "deny"),
        ("no hablo ingles", "deny", 0.9, [], "write_spanish"),
        ("can we go in", "start_signup", 0.5, [], "nlu_fallback"),
        ("sign us up", "start_signup", 0.9, [], "start_signup"),
        ("sign me up for a rehab near me", "start_signup", 0.9, [], "nlu_fallback"),
        ("how do i apply", "start_signup", 0.9, [], "nlu_fallback"),
        ("medication to stop drinking", "ask_medical_advice", 0.6, [], "nlu_fallback"),
        (
            "which pills can i take to stop shaking",
            "ask_medical_advice",
            0.6,
            [],
            "ask_medical_advice",
        ),
        ("does this pill hurt me", "ask_medical_advice", 0.6, [], "ask_medical_advice"),
        ("do you take aetna", "ask_medical_advice", 0.9, [{"value": "insurance"}], "nlu_fallback"),
        (
            "how much is right for me",
            "ask_medical_advice",
            0.9,
            [{"value": "insurance"}, {"value": "methadone"}],
            "ask_medical_advice",
        ),
        ("who came up with it", "ask_source", 0.9, [], "ask_follow_up"),
        ("who wrote that", "ask_source", 0.9, [], "ask_source"),
        ("how?", "thank", 0.9, [], "ask_follow_up"),
        ("do you speak spanish", "chat", 0.9, [], "write_spanish"),
        ("will my boss know", "ask_privacy", 0.9, [], "nlu_fallback"),
        ("who reads what i write here", "ask_privacy", 0.9, [], "ask_privacy"),
        ("a copy of what my therapist wrote on me", "ask_my_data", 0.9, [], "nlu_fallback"),
        ("give me a copy of my records", "ask_my_data", 0.9, [], "ask_my_data"),
        ("buprenorphin", "chat", 0.9, [], "nlu_fallback"),
        ("so so bored", "chat", 0.9, [], "chat"),
        ("what is detox", "ask_definition", 0.4, [{"entity": "topic"}], "ask_definition"),
        ("", "frustration", 0.5, [], "frustration"),
        ("can I stop taking methadone", "ask_definition", 0.9, [], "ask_medical_advice"),
        ("can I stop taking methadone", "nlu_fallback", 0.3, [], "ask_medical_advice"),
        ("and can I stop taking methadone", "ask_follow_up", 0.9, [], "ask_medical_advice"),
        ("and for methadone", "ask_follow_up", 0.9, [], "ask_follow_up"),
        ("am I an alcoholic", "frustration", 0.5, [], "ask_medical_advice"),
        ("stop taking my data, methadone people", "withdraw_consent", 0.9, [], "withdraw_consent"),
    ],
)
def test_a_second_look_at_the_words_decides(
    context: ExecutionContext,
    text: str,
    intent: str,
    confidence: float,
    topics: list[dict[str, Any]],
    expected: str,
) -> None:
    look = SecondLook.create(_LOOK, None, Resource("look"), context)  # type: ignore[arg-type]
    given = {"name": intent, "confidence": confidence}
    message = Message({"text": text, "intent": given, "intent_ranking": [given]})
    message.set("entities", topics)
    (message,) = look.process([message])
    assert message.get("intent")["name"] == expected
    assert message.get("intent_ranking")[0]["name"] == expected
    assert given in message.get("intent_ranking")


@pytest.mark.parametrize(
    ("guesses", "expected"),
    [
        ({"thank": 0.4, "praise": 0.39}, "thank"),
        ({"praise": 0.4, "frustration": 0.39}, "frustration"),
        ({"praise": 0.4, "ask_definition": 0.39}, "nlu_fallback"),
        # So little is known of it that neither may be meant.
        ({"thank": 0.2, "praise": 0.19}, "nlu_fallback"),
    ],
)
def test_of_two_fixed_texts_the_likelier_is_sent(
    context: ExecutionContext, guesses: dict[str, float], expected: str
) -> None:
    look = SecondLook.create(_LOOK, None, Resource("look"), context)  # type: ignore[arg-type]
    fallback = {"name": "nlu_fallback", "confidence": 0.35}
    ranking = [fallback, *({"name": n, "confidence": c} for n, c in guesses.items())]
    message = Message({"text": "haha good one", "intent": fallback, "intent_ranking": ranking})
    (message,) = look.process([message])
    assert message.get("intent")["name"] == expected


def test_who_is_thanked_for_certain_is_not_taken_to_complain(context: ExecutionContext) -> None:
    look = SecondLook.create(_LOOK, None, Resource("look"), context)  # type: ignore[arg-type]
    ranking = [
        {"name": name, "confidence": share}
        for name, share in (("thank", 0.6), ("frustration", 0.3), ("praise", 0.1))
    ]
    message = Message({"text": "thanks, I guess", "intent": ranking[0], "intent_ranking": ranking})
    (message,) = look.process([message])
    assert message.get("intent")["name"] == "thank"


@pytest.mark.parametrize(
    ("text", "ranked", "expected"),
    [
        ("does it work", ["greet", "ask_definition", "frustration"], "ask_definition"),
        ("does it work", ["nlu_fallback", "out_of_scope"], "nlu_fallback"),
        ("can I stop taking methadone", ["ask_definition"], "ask_medical_advice"),
        ("necesito ayuda con mi hijo", ["ask_definition"], "write_spanish"),
    ],
)
def test_what_is_like_the_articles_questions_becomes_a_question(
    context: ExecutionContext, text: str, ranked: list[str], expected: str
) -> None:
    look = SecondLook.create(_LOOK, None, Resource("look"), context)  # type: ignore[arg-type]
    ranking = [{"name": name, "confidence": 0.1} for name in ("ask_article", *ranked)]
    message = Message({"text": text, "intent": ranking[0], "intent_ranking": ranking})
    (message,) = look.process([message])
    assert message.get("intent")["name"] == expected
    # No rule knows the other name.
    assert "ask_article" not in {each["name"] for each in message.get("intent_ranking")}


@pytest.mark.parametrize(
    ("ranked", "expected"),
    [
        (["ask_definition", "ask_article", "greet"], "ask_definition"),
        (["ask_article", "ask_definition", "greet"], "ask_definition"),
        (["ask_definition", "greet"], "nlu_fallback"),
        (["greet", "ask_definition"], "nlu_fallback"),
    ],
)
def test_who_hesitates_between_kinds_of_question_takes_the_likelier(
    context: ExecutionContext, ranked: list[str], expected: str
) -> None:
    look = SecondLook.create(_LOOK, None, Resource("look"), context)  # type: ignore[arg-type]
    ranking = [{"name": name, "confidence": 0.3} for name in ("nlu_fallback", *ranked)]
    message = Message({"text": "so what", "intent": ranking[0], "intent_ranking": ranking})
    (message,) = look.process([message])
    assert message.get("intent")["name"] == expected


@pytest.mark.parametrize(
    ("guesses", "crisis", "expected"),
    [
        ({"ask_definition": 0.5, "cannot_call": 0.2}, True, ("cannot_call", 0.35)),
        ({"ask_definition": 0.5, "cannot_call": 0.2}, False, ("ask_definition", 0.5)),
        ({"ask_definition": 0.5, "cannot_call": 0.1}, True, ("ask_definition", 0.5)),
        ({"ask_definition": 0.7, "cannot_call": 0.2}, True, ("ask_definition", 0.7)),
        # What was sure before stays so: the articles need not answer beside it.
        ({"cannot_call": 0.8}, True, ("cannot_call", 0.8)),
        ({"nlu_fallback": 0.35, "ask_crisis_call": 0.3}, True, ("ask_crisis_call", 0.35)),
        # What was only likely an emergency may have been none.
        ({"ask_definition": 0.5, "cannot_call": 0.2}, None, ("ask_definition", 0.5)),
    ],
)
def test_after_an_emergency_what_people_ask_then_is_likelier(
    context: ExecutionContext,
    guesses: dict[str, float],
    crisis: bool | None,
    expected: tuple[str, float],
) -> None:
    look = SecondLook.create(_LOOK, None, Resource("look"), context)  # type: ignore[arg-type]
    ranking = [{"name": name, "confidence": share} for name, share in guesses.items()]
    before = Crisis("suicide", "self", "en", said=crisis is True)
    metadata = {} if crisis is False else {"crisis": before.as_dict()}
    message = Message({"text": "so what", "intent": ranking[0], "intent_ranking": ranking})
    message.set("metadata", metadata)
    (message,) = look.process([message])
    intent = message.get("intent")
    assert (intent["name"], intent["confidence"]) == expected


def test_the_articles_questions_are_learnt_from_and_messages_left_alone(
    context: ExecutionContext,
) -> None:
    component = ArticleQuestions.create({"most": 50}, None, Resource("q"), context)  # type: ignore[arg-type]
    known = Message.build(text="hello", intent="greet")
    taught = component.process_training_data(TrainingData([known])).intent_examples
    questions = [each.get("text") for each in taught if each.get("intent") == "ask_article"]
    assert 25 <= len(questions) == len(set(questions)) <= 50
    assert known in taught
    message = Message({"text": "hello"})
    assert component.process([message]) == [message]


def test_broken_articles_teach_nothing_and_stop_nothing(
    context: ExecutionContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(article_questions, "load_settings", lambda: Settings(corpus=tmp_path))
    component = ArticleQuestions.create({"most": 50}, None, Resource("q"), context)  # type: ignore[arg-type]
    known = Message.build(text="hello", intent="greet")
    assert component.process_training_data(TrainingData([known])).intent_examples == [known]
    assert ArticleQuestions.fingerprint_addon({})
