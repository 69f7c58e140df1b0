"""What is understood of a question before anything is searched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from assistant.corpus.model import Corpus
from assistant.retrieval.encoder import Encoder
from assistant.retrieval.spelling import Spelling, in_dictionary

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Query:
    """A question, read.

    Attributes:
        text: the question, spelling mended.
        expanded: the same with the glossary's plain name beside each abbreviation and
            each name of words that the encoder has never met ("CBT" -> "CBT cognitive
            behavioral therapy", "Suboxone" -> "Suboxone buprenorphine").
        lemmas: its content words in their basic form.
        words: all of its words in their basic form ("how long" says what is asked).
        topics: glossary ids named in it, in order.
        aspect: what is asked of the topic, where that is known.
        rest: its content words outside of the topics' names, in their basic form:
            none where it is a topic's bare name.
    """

    text: str
    expanded: str
    lemmas: tuple[str, ...]
    words: tuple[str, ...]
    topics: tuple[str, ...]
    aspect: str | None = None
    rest: tuple[str, ...] = ()


class QueryReader:
    """Reads questions, and the corpus's own texts, in the same way."""

    def __init__(self, corpus: Corpus, language: Language, encoder: Encoder) -> None:
        """Takes the vocabulary of the corpus for the spelling.

        Args:
            corpus: articles and glossary.
            language: the spaCy pipeline with the glossary's entity ruler.
            encoder: its word list counts as rightly spelt.
        """
        self._names = {topic.id: topic.name for topic in corpus.glossary}
        self._strange = _strange_names(corpus, encoder.words())
        self._language = language
        self._spelling = Spelling(_corpus_words(corpus), encoder.words(), _drug_names(corpus))

    def read(self, text: str, aspect: str | None = None) -> Query:
        """Reads a question.

        Args:
            text: as the person wrote it.
            aspect: one of `assistant.corpus.model.ASPECTS`, from the intent.
        """
        mended = self._spelling.mend(unicodedata.normalize("NFKC", text))
        doc = self._language(mended)
        words = [token for token in doc if token.is_alpha]
        return Query(
            text=mended,
            expanded=self._expand(doc),
            lemmas=tuple(token.lemma_.lower() for token in words if not token.is_stop),
            words=tuple(token.lemma_.lower() for token in words),
            topics=tuple(dict.fromkeys(entity.ent_id_ for entity in doc.ents)),
            aspect=aspect,
            rest=tuple(t.lemma_.lower() for t in words if not (t.is_stop or t.ent_type_)),
        )

    def _expand(self, doc: Doc) -> str:
        parts: list[str] = []
        at = 0
        for entity in doc.ents:
            name = self._names[entity.ent_id_]
            if entity.text.lower() in self._strange and name.lower() not in doc.text.lower():
                parts += [doc.text[at : entity.end_char], " ", name]
                at = entity.end_char
        return "".join([*parts, doc.text[at:]])


def _strange_names(corpus: Corpus, known: AbstractSet[str]) -> set[str]:
    """Names in the glossary, lower case, that tell the encoder little."""
    return {
        name.lower()
        for topic in corpus.glossary
        for name in topic.names
        if name.isupper() or not known >= {word.lower() for word in _WORD.findall(name)}
    }


def _drug_names(corpus: Corpus) -> set[str]:
    drugs = [topic for topic in corpus.glossary if topic.category in ("medicine", "substance")]
    return {word.lower() for drug in drugs for name in drug.names for word in _WORD.findall(name)}


def _corpus_words(corpus: Corpus) -> set[str]:
    texts = [name for topic in corpus.glossary for name in topic.names]
    asked: set[str] = set()
    for _, section in corpus.sections():
        texts += [section.heading, *(sentence.text for sentence in section.sentences)]
        asked.update(word for question in section.questions for word in _words(question))
    # Questions stand as people write them: what no dictionary has may be misspelt.
    return {word for text in texts for word in _words(text)} | in_dictionary(asked)


def _words(text: str) -> list[str]:
    # Many write "doesnt" and "theres"; half of a word would else be what they are mended to.
    joined = text.replace("'", "").replace("\u2019", "")
    return [word.lower() for word in _WORD.findall(joined)]
