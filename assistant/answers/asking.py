"""From a person's message to the sections that it asks for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from assistant.answers.memory import Memory
from assistant.retrieval.index import Floats
from assistant.retrieval.query import Query
from assistant.retrieval.search import Result, Searcher

MAX_BLOCKS = 3
# A long message is searched sentence by sentence; beyond this nobody asks anew.
_MAX_PARTS = 8
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+|\n+")
_COMPARING = re.compile(
    r"\b(vs\.?|versus|differen\w*|compar\w*|better than|better,? .* or)\b", re.IGNORECASE
)
_SHORT = 6
_POINTING_BACK = re.compile(r"\b(it|its|that|this|they|them|those|these)\b", re.IGNORECASE)


class Asker:
    """Decides what a message asks."""

    def __init__(self, searcher: Searcher) -> None:
        """Takes the corpus, ready to be searched."""
        self._searcher = searcher

    def results(
        self, text: str, aspect: str | None, memory: Memory, vector: Floats | None = None
    ) -> list[Result]:
        """What the message asks: one result a question, at most `MAX_BLOCKS`.

        The first result may be one that cannot be answered; then it is the only one.

        Args:
            text: as the person wrote it.
            aspect: what is asked, where the intent says it.
            memory: of the last answer.
            vector: the text's embedding, (384,), where somebody has it already.
        """
        query = self._searcher.read(text, aspect)
        # Of what the person wrote: it serves where reading has changed nothing.
        whole = self._searcher.search(query, vector if query.expanded == text else None)
        compared = self._compared(whole)
        if compared:
            return compared
        best = self._in_conversation(whole, memory)
        if best.answerable and text.count("?") < 2:
            return [best]
        answered = self._answered_parts(text, aspect)
        asked = _unlike([result for result in answered if "?" in result.query.text])
        if len(asked) > 1:
            return asked[:MAX_BLOCKS]
        buried = max(answered, key=lambda result: result.probability, default=best)
        # That only one sentence of a message asks something is a reason for doubt.
        return [buried if buried.certain and not best.answerable else best]

    def _answered_parts(self, text: str, aspect: str | None) -> list[Result]:
        """The sentences of a long message that can be answered, each on its own."""
        results = [self._searcher.search(self._searcher.read(p, aspect)) for p in _parts(text)]
        return [result for result in results if result.answerable]

    def _in_conversation(self, alone: Result, memory: Memory) -> Result:
        """What a message asks where it may point back: with the last topic's name, or alone."""
        query = alone.query
        if not self._points_back(query, memory):
            return alone
        names = self._searcher.corpus.topic_by_id
        named = " ".join(names[topic].name for topic in memory.topics if topic in names)
        joined = self._searcher.search(self._searcher.read(f"{query.text} {named}", query.aspect))
        return joined if joined.answerable else alone

    def _points_back(self, query: Query, memory: Memory) -> bool:
        """Whether a message is about the last answer: no topic of its own, nothing foreign."""
        return (
            bool(memory.topics)
            and not query.topics
            and _POINTING_BACK.search(query.text) is not None
            and self._searcher.known_words(query) == 1.0
        )

    def _compared(self, whole: Result) -> list[Result]:
        """A result for each thing compared, or none when no two are.

        Where one section compares them, it comes first; a pair that only such a
        section treats has no other.
        """
        query = whole.query
        topics = self._alike(query.topics)
        if len(topics) < 2 or not _compares(query):
            return []
        together = set(topics) <= set(whole.sections[0].section.topics)
        names = self._searcher.corpus.topic_by_id
        results = []
        for topic in topics[:MAX_BLOCKS]:
            result = self._searcher.search(
                self._searcher.read(f"What is {names[topic].name}?", "definition")
            )
            if topic in result.sections[0].section.topics and result.answerable:
                results.append(result)
        if len(results) < 2:
            return []
        return _unlike([*([whole] if together and whole.answerable else []), *results])[:MAX_BLOCKS]

    def _alike(self, topics: Sequence[str]) -> list[str]:
        """The topics of one kind, where two or more are: therapies, medicines, drugs.

        A therapy and what it is for are no two things to choose between.
        """
        known = self._searcher.corpus.topic_by_id
        kinds = Counter(known[topic].category for topic in topics if topic in known)
        kind, _ = max(kinds.items(), key=lambda item: item[1], default=("", 0))
        return [topic for topic in topics if topic in known and known[topic].category == kind]


def _compares(query: Query) -> bool:
    """Whether a message compares; "or" alone does so only where there is little else."""
    if _COMPARING.search(query.text):
        return True
    words = query.text.lower().split()
    return "or" in words and (len(words) <= _SHORT or query.aspect == "comparison")


def _parts(text: str) -> Iterator[str]:
    """Sentences of a message of several; none for a message of one."""
    sentences = [part for part in _SENTENCE_END.split(text.strip()) if len(part.split()) > 2]
    return iter(sentences[:_MAX_PARTS] if len(sentences) > 1 else [])


def _unlike(results: list[Result]) -> list[Result]:
    """The results whose best sections differ."""
    first: dict[str, Result] = {}
    for result in results:
        first.setdefault(result.sections[0].key, result)
    return list(first.values())
