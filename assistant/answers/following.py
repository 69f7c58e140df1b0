"""What a short message asks where the answer before it says the rest.

"How long does it take?", "side effects?", "and for alcohol?", "which is better?".
Nothing of a person's words is kept for it: what was asked is remembered as the
articles' own question that it came nearest to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.answers.leaning import POINTING_BACK, Leaning, Readings
from assistant.answers.memory import Memory
from assistant.corpus.model import Section
from assistant.retrieval.query import Query
from assistant.retrieval.search import Found, Result, Searcher

# "And for alcohol?", "what about teens": the question before, of something else.
_INSTEAD = re.compile(
    r"^\W*(?:(?:ok|okay|so|but|well|now|yes|then|and)\W+)*"
    r"(?:and|or|also|(?:the )?same|what about|how about|what if|for)\b",
    re.IGNORECASE,
)
_FOR = re.compile(r"\b(for|with|without|in|during|after|if|while)\b", re.IGNORECASE)
_WHICH = re.compile(
    r"\bwhich\b.*\b(better|best)\b|\b(differen\w*|compar\w*|versus|vs)\b", re.IGNORECASE
)
# "No, I meant for teens", "I asked about the price, not about therapy".
_MEANT = re.compile(
    r"\b(?:i |i'm |i was )?(?:meant?|said|ask(?:ed|ing) about|ask(?:ed|ing) for)\b[\s:,]*"
    r"(?P<meant>.+?)(?:[,.;]? (?:and )?not\b.*)?$",
    re.IGNORECASE | re.DOTALL,
)
# "No, CBT", "no sorry, the shot": what follows was meant.
_NO_BUT = re.compile(
    r"^\W*(?:no|nope|not that|sorry|oops|wait|wrong one)\b"
    r"(?:\W+(?:no|not that(?: one)?|wait|sorry|oops|actually))*\W+(?P<meant>.+)$",
    re.IGNORECASE | re.DOTALL,
)
# Without a verb or a "that", only a message so short leans on what was said before.
_SHORT = 6
# What is asked in so few words is asked plainly: "how long would that take me then".
_PLAIN = 8
# From this likeness on a section carries a question.
_CARRIED = 0.75
# Glossary names for what is asked, not for what it is asked of.
ASKED_OF_SOMETHING = frozenset({"cost", "insurance", "therapy-length", "evidence-based-treatment"})
# What all is about: "does it help with addiction?" is asked of the last topic, too.
_FIELD = frozenset({"addiction", "drugs", "recovery", "rehab", "substance-use-disorder"})
# Asked of the last topic, these are answered by a section that says so, or not at all.
_PLAIN_ASPECTS = frozenset({"duration", "cost", "risk"})
# So much less likely than the best section, in log-odds, may be one that says what is
# asked: of the same topic, or not.
_NEAR_ON_TOPIC = 5.0
_NEAR = 2.0
# Of another topic, these ask for a figure: another section on it is no answer.
_FIGURES = frozenset({"duration", "cost"})
# "Is it covered?" is asked of insurance.
_COVERED = re.compile(r"\bcovered\b(?! by)", re.IGNORECASE)
# Words that add nothing to a topic's name: "what about alcohol instead", "drinking i guess".
FILLING = frozenset(
    {"guess", "instead", "just", "kind", "like", "maybe", "mostly", "ok", "okay", "probably"}
    | {"question", "stuff", "thank", "thing", "think", "treatment"}
)


def corrected(text: str) -> str | None:
    """What somebody says they had meant, as a message of its own; None where they don't."""
    found = _MEANT.search(text.strip()) or _NO_BUT.match(text.strip())
    return f"what about {found['meant']}" if found else None


class Follower:
    """Reads messages in the light of the last answer."""

    def __init__(self, searcher: Searcher, leaning: Leaning) -> None:
        """Takes the corpus, ready to be searched, and how messages lean on answers."""
        self._searcher = searcher
        self._leaning = leaning
        self._topics = searcher.corpus.topic_by_id

    def result(self, alone: Result, memory: Memory) -> Result | None:
        """What a message asks of the last topic, or the last question of another.

        Args:
            alone: what the message finds as it stands.
            memory: of the last answer.

        Returns:
            None where the message stands alone. A result that cannot be answered
            where it is clear what is asked and the articles don't say it.
        """
        query = alone.query
        if self.asks_the_same(query, memory):
            instead = self._asked_instead(query, memory)
            if instead is not None:
                return instead
        # "How much does it cost?", "is it covered?": what is asked is plain, and of what, too.
        plain = len(query.words) <= _PLAIN and (
            ASKED_OF_SOMETHING.issuperset(query.topics)
            and (_COVERED.search(query.text) or (query.topics and POINTING_BACK.search(query.text)))
        )
        if memory.latest and not plain:
            bare = not (query.rest or ASKED_OF_SOMETHING.issuperset(query.topics))
            return None if alone.answerable and bare else self.leaning_on(alone, memory)
        asked = self._asked_of_last(query, memory) if self._points_back(query, memory) else None
        if asked is None and memory.latest and not alone.answerable:
            return self.leaning_on(alone, memory)
        return asked

    def leaning_on(self, alone: Result, memory: Memory) -> Result:
        """What a message asks after an answer, its own subject or the last one's."""
        points = POINTING_BACK.search(alone.query.text) is not None
        named = not ASKED_OF_SOMETHING.issuperset(alone.query.topics)
        names_subject = named or (alone.answerable and not points)
        readings = self.readings(alone, memory)
        result = self._leaning.result(readings, memory, names_subject)
        query = alone.query
        asks_plainly = query.aspect in _PLAIN_ASPECTS and len(query.words) <= _PLAIN
        if not result.answerable or query.topics or not asks_plainly:
            return result
        best, with_topic = result.sections[0], readings.beside_topics.vector
        _, likeness = self._searcher.likest_question(best.row, with_topic) or (0, 0.0)
        says_it = query.aspect in best.section.aspects or likeness >= _CARRIED
        if says_it:
            return result
        on_aspect = self._on_aspect(result, memory)
        # What a thing is good for is no answer to "is it safe?"; how it goes may say how long.
        return on_aspect if on_aspect.answerable or query.aspect == "risk" else result

    def readings(self, alone: Result, memory: Memory) -> Readings:
        """A message as it stands, and in the light of the last answer."""
        return Readings.search(
            self._searcher, alone, self._own_question(memory), self._subject(memory)
        )

    def comparison(self, query: Query, memory: Memory) -> Query | None:
        """The message with the last topics' names, where it compares with or among them."""
        every = {*memory.topics, *query.topics} & set(self._topics)
        points = not query.topics or POINTING_BACK.search(query.text) is not None
        if not (memory.topics and points and len(every) > 1 and _WHICH.search(query.text)):
            return None
        return self._searcher.read(f"{query.text} {self._names(memory)}", "comparison")

    def named_together(self, memory: Memory) -> list[str]:
        """The names of the last topics, where two or more of one kind were named."""
        topics = [self._topics[topic] for topic in memory.topics if topic in self._topics]
        alike = len(topics) > 1 and len({topic.category for topic in topics}) == 1
        return [topic.name for topic in topics] if alike else []

    def asks_the_same(self, query: Query, memory: Memory) -> bool:
        """Whether a message only names something else to ask the last question of."""
        return (
            bool(memory.topics)
            and bool(query.topics)
            and set(query.rest) <= FILLING
            and _INSTEAD.search(query.text) is not None
        )

    def _points_back(self, query: Query, memory: Memory) -> bool:
        """Whether a message is about the last answer: no topic of its own, nothing foreign."""
        if not memory.topics or self._searcher.known_words(query) != 1.0:
            return False
        leans = POINTING_BACK.search(query.text) is not None
        if query.topics:
            # "Does insurance cover it?": what is asked has a name, not what it is asked of.
            asked_of_it = (ASKED_OF_SOMETHING | _FIELD).issuperset(query.topics)
            return leans and asked_of_it and len(query.words) <= _SHORT
        return leans or (query.aspect is not None and len(query.words) <= _SHORT)

    def _asked_of_last(self, query: Query, memory: Memory) -> Result | None:
        text = _COVERED.sub("covered by insurance", query.text)
        joined = self._searcher.read(f"{text} {self._names(memory)}", query.aspect)
        result = self._searcher.search(joined)
        if not result.answerable:
            return None
        return self._on_aspect(result, memory) if query.aspect else result

    def _on_aspect(self, result: Result, memory: Memory) -> Result:
        """The result with the sections that say what is asked, where there are some."""
        aspect, topics = result.query.aspect, set(memory.topics)
        asked = ASKED_OF_SOMETHING & set(result.query.topics)
        best = result.sections[0].score

        def near(found: Found) -> bool:
            on_topic = topics & set(found.section.topics)
            return best - found.score <= (_NEAR_ON_TOPIC if on_topic else _NEAR)

        def says_it(section: Section) -> bool:
            return aspect in section.aspects or bool(asked & set(section.topics))

        fitting = tuple(
            found for found in result.sections if says_it(found.section) and near(found)
        )
        if fitting:
            return replace(result, sections=fitting)
        return replace(result, answerable=False) if aspect in _PLAIN_ASPECTS else result

    def _asked_instead(self, query: Query, memory: Memory) -> Result | None:
        """The last question of the topics named now; None where the message stands alone."""
        aspect, unanswered = memory.aspect, None
        for text in self._questions(query, memory):
            result = self._searcher.search(self._searcher.read(text, aspect))
            looked_at = result.sections if aspect in _FIGURES else result.sections[:1]
            fitting = tuple(
                found
                for found in looked_at
                if self.treats(found.section, query.topics)
                and (aspect not in _FIGURES or aspect in found.section.aspects)
            )
            if result.answerable and fitting:
                return replace(result, sections=fitting) if aspect in _FIGURES else result
            if aspect in _FIGURES:
                unanswered = replace(result, answerable=False)
        return unanswered

    def _questions(self, query: Query, memory: Memory) -> Iterator[str]:
        """The last question with the new topics, and the last topics beside them."""
        new = [self._topics[topic] for topic in query.topics if topic in self._topics]
        kinds = {topic.category for topic in new}
        named = " ".join(topic.name for topic in new)
        question = self._own_question(memory)
        swapped = self._with_names(question, kinds, named)
        if swapped:
            yield swapped
            return
        # "What is rehab?" and "what about medication?" are two questions; "what is
        # methadone?" and "and for alcohol?" are not.
        asks_more = memory.aspect not in (None, "definition")
        if not (asks_more or _FOR.search(query.text)):
            return
        if question:
            yield f"{question} {named}"
        old = [self._topics[topic] for topic in memory.topics if topic in self._topics]
        kept = " ".join(topic.name for topic in old if topic.category not in kinds)
        if kept:
            yield f"{kept} {named}"

    def _own_question(self, memory: Memory) -> str:
        key, number = memory.asked or ("", 0)
        _, section = self._searcher.corpus.section_by_key.get(key, (None, None))
        known = section is not None and number < len(section.questions)
        return section.questions[number] if section and known else ""

    def _with_names(self, question: str, kinds: set[str], named: str) -> str:
        """The question with the names of topics of these kinds replaced; empty without any."""
        # Authors write as people do, slips and all: the names are those of the mended text.
        read = self._searcher.read(question)
        topics = [self._topics[topic] for topic in read.topics]
        names = [name for topic in topics if topic.category in kinds for name in topic.names]
        if not names:
            return ""
        alternatives = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
        found = re.compile(rf"\b(?:{alternatives})(?!\w)", re.IGNORECASE)
        return found.sub(named, read.text)

    def treats(self, section: Section, topics: tuple[str, ...]) -> bool:
        """Whether a section is about one of the topics, or names it."""
        if set(topics) & set(section.topics):
            return True
        text = " ".join([section.heading, *(sentence.text for sentence in section.sentences)])
        names = [name for topic in topics for name in self._topics[topic].names]
        return any(re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in names)

    def _names(self, memory: Memory) -> str:
        return " ".join(self._topics[t].name for t in memory.topics if t in self._topics)

    def _subject(self, memory: Memory) -> str:
        """The last topics' names, and the title of the article that was quoted first.

        An employer's question may name drinking alone; that it was one stands in the title.
        """
        key = next((key for key, _ in memory.latest), "")
        article, _ = self._searcher.corpus.section_by_key.get(key, (None, None))
        title = article.title.partition(":")[0] if article else ""
        return f"{self._names(memory)} {title}".strip()
