"""From a person's message to the sections that it asks for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from assistant.answers.following import ASKED_OF_SOMETHING, FILLING, Follower
from assistant.answers.leaning import Leaning
from assistant.answers.memory import Memory
from assistant.answers.ordinals import with_names
from assistant.retrieval.index import Floats
from assistant.retrieval.query import Query
from assistant.retrieval.search import Result, Searcher

MAX_BLOCKS = 3
# A long message is searched sentence by sentence; beyond this nobody asks anew.
_MAX_PARTS = 8
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+|\n+")
_ASKING = r"(?:what|how|why|who|where|when|which|does|do|is|are|can|will|should)\b"
_ASKS = re.compile(rf"^(?:(?:and|also|so|but|or)\s+)*{_ASKING}|\?", re.IGNORECASE)
# "What is detox and how long does it take": where the next question of a sentence begins.
_NEXT_QUESTION = re.compile(
    rf"\s*[,;]?\s+(?:(?:and|also|plus|then)\s+)+(?={_ASKING})|[,;]\s+(?={_ASKING})", re.IGNORECASE
)
# "My friend Ann Lee from Ohio": names, in capitals, behind who somebody is.
_NAMED = re.compile(
    r"\b(?P<who>(?i:friend|son|daughter|child|brother|sister|mom|mother|dad|father|husband|wife|"
    r"boyfriend|girlfriend|partner|cousin|uncle|aunt|nephew|niece|grandson|granddaughter))"
    r"(?:,? (?!I\b)[A-Z][\w'-]+)*(?: from(?: [A-Z][\w'-]+)+)?,?"
)
_COMPARING = re.compile(
    r"\b(vs\.?|versus|differen\w*|compar\w*|better than|better,? .* or)\b", re.IGNORECASE
)
# "CBT or DBT therapy", "which medicine": what kind of thing is compared, and no thing of it.
_KINDS = frozenset({"psychotherapy", "counseling", "therapy-types", "medication"})
_SHORT = 6
# So many content words: "how long does it take".
_LITTLE = 1
# From this likeness on two questions ask the same.
_SAME = 0.9


class Asker:
    """Decides what a message asks."""

    def __init__(self, searcher: Searcher, leaning: Leaning) -> None:
        """Takes the corpus, ready to be searched, and how messages lean on answers."""
        self._searcher = searcher
        self.follower = Follower(searcher, leaning)

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
        said, text = text, with_names(text, self.follower.named_together(memory))
        query = self._searcher.read(text, aspect)
        # It is of what the person wrote: it serves where reading has changed nothing.
        whole = self._searcher.search(query, vector if query.expanded == said else None)
        compared = self._compared(whole) or self._compared_with_last(query, memory)
        if compared:
            return compared
        parts = list(_parts(text))
        if memory.latest or len(parts) < 2 or (whole.answerable and self._is_own_question(whole)):
            followed = self.follower.result(whole, memory)
            if followed is not None and followed.answerable:
                return [followed]
            if len(parts) < 2 or not memory.latest:
                return [self._bare_topic(whole) or followed or self._without_names(text, whole)]
        if whole.answerable and sum(map(_asks, parts)) < 2:
            return [whole]
        return self._of_parts(parts, whole, memory)

    def _bare_topic(self, whole: Result) -> Result | None:
        """What a topic's name finds where a message says no more: "drinking i guess"."""
        query = whole.query
        bare = len(query.topics) == 1 and FILLING.issuperset(query.rest)
        if whole.answerable or not bare or ASKED_OF_SOMETHING.issuperset(query.topics):
            return None
        name = self._searcher.corpus.topic_by_id[query.topics[0]].name
        result = self._searcher.search(self._searcher.read(name))
        return result if result.answerable else None

    def _without_names(self, text: str, whole: Result) -> Result:
        """The result for a message without whose name it gives, where that alone hid the answer.

        The corpus knows nobody's name, and what has unknown words is doubted.
        """
        nameless = _NAMED.sub(r"\g<who>", text)
        if whole.answerable or nameless == text:
            return whole
        result = self._searcher.search(self._searcher.read(nameless, whole.query.aspect))
        return result if result.answerable else whole

    def _is_own_question(self, result: Result) -> bool:
        """Whether a section answers this very question, whatever it is put together of."""
        _, likeness = self._searcher.nearest_question(result) or (0, 0.0)
        return likeness >= _SAME

    def _of_parts(self, parts: Sequence[str], whole: Result, memory: Memory) -> list[Result]:
        """What a message of several sentences or questions asks."""
        # Of several questions, the intent is at most one's.
        aspect = whole.query.aspect if sum(map(_asks, parts)) < 2 else None
        answered = list(self._answered_parts(parts, aspect, memory))
        asked = _unlike([result for result in answered if _asks(result.query.text)])
        if len(asked) > 1 and self._each_stands(parts):
            return asked[:MAX_BLOCKS]
        buried = max(answered, key=lambda result: result.probability, default=whole)
        # That only one sentence of a message asks something is a reason for doubt; one that
        # names nothing ("What might be the reason?") leans on sentences nobody can answer.
        stands = buried.certain and bool(buried.query.topics)
        return [buried if stands and not whole.answerable else whole]

    def _each_stands(self, parts: Sequence[str]) -> bool:
        """Whether each question says what it is about, or asks little of what the first names.

        "What is detox, and how long does it take?" does. "Can they hold her? Is it dangerous?"
        names nothing: both are asked of the whole.
        """
        asking = [self._searcher.read(part) for part in parts if _asks(part)]
        return bool(asking[0].topics) and all(
            query.topics or len(query.rest) <= _LITTLE for query in asking
        )

    def _answered_parts(
        self, parts: Sequence[str], aspect: str | None, memory: Memory
    ) -> Iterator[Result]:
        """The parts of a message that can be answered, each after those before it."""
        for part in parts:
            result = self._searcher.search(self._searcher.read(part, aspect))
            topics = result.query.topics
            if _asks(part):
                result = self.follower.result(result, memory) or result
            if result.answerable and (_asks(part) or result.certain):
                yield result
                # The next part leans on this one, and no more on the answer before.
                memory = Memory(topics=topics or memory.topics)

    def _compared_with_last(self, query: Query, memory: Memory) -> list[Result]:
        joined = self.follower.comparison(query, memory)
        return self._compared(self._searcher.search(joined)) if joined else []

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
        # Each thing has its block; a section on all of them comes first where there is room.
        first = [whole] if together and whole.answerable and len(results) < MAX_BLOCKS else []
        return _unlike([*first, *results])[:MAX_BLOCKS]

    def _alike(self, topics: Sequence[str]) -> list[str]:
        """The topics of one kind, where two or more are: therapies, medicines, drugs.

        A therapy and what it is for are no two things to choose between; nor are a therapy
        and therapy, beside another one.
        """
        known = self._searcher.corpus.topic_by_id
        topics = [topic for topic in topics if topic in known]
        for named in ([topic for topic in topics if topic not in _KINDS], topics):
            kinds = Counter(known[topic].category for topic in named)
            kind, number = max(kinds.items(), key=lambda item: item[1], default=("", 0))
            if number > 1:
                return [topic for topic in named if known[topic].category == kind]
        return []


def _compares(query: Query) -> bool:
    """Whether a message compares; "or" alone does so only where there is little else."""
    if _COMPARING.search(query.text):
        return True
    words = query.text.lower().split()
    return "or" in words and (len(words) <= _SHORT or query.aspect == "comparison")


def _parts(text: str) -> Iterator[str]:
    """Sentences of a message, and the questions of a sentence; only those of some words."""
    parts = [part for sentence in _SENTENCE_END.split(text.strip()) for part in _clauses(sentence)]
    parts = [part for part in parts if len(part.split()) > 2]
    # Of a long message first of all what asks.
    first = sorted(range(len(parts)), key=lambda at: not _asks(parts[at]))[:_MAX_PARTS]
    return (parts[at] for at in sorted(first))


def _clauses(sentence: str) -> list[str]:
    clauses = _NEXT_QUESTION.split(sentence)
    # "... and why?" says nothing without the rest.
    whole = len(clauses) < 2 or any(len(clause.split()) < 3 for clause in clauses)
    return [sentence] if whole or not _asks(clauses[0]) else clauses


def asks_something(text: str) -> bool:
    """Whether a message asks a question, in one of its sentences or in whole."""
    return _asks(text) or any(map(_asks, _parts(text)))


def _asks(part: str) -> bool:
    return _ASKS.search(part) is not None


def _unlike(results: list[Result]) -> list[Result]:
    """The results whose best sections differ."""
    first: dict[str, Result] = {}
    for result in results:
        first.setdefault(result.sections[0].key, result)
    return list(first.values())
