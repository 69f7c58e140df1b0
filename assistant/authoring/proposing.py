"""Proposes topics, aspects and questions for a section, from its heading and words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.language import Language

from assistant.corpus.model import Article

# A pattern of headings, the aspects that such a section covers, and the questions
# that people ask when they want it; {0} is what the pattern's group caught.
_PATTERNS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        r"(?:comparing|comparison of|difference between) (.+)",
        ("comparison",),
        ("What is the difference between {0}?", "How do {0} compare?", "{0} compared"),
    ),
    (
        r"(?:the )?(?:role|importance|purpose|need|value) (?:of|for) (.+)",
        ("reason",),
        (
            "Why is {0} important?",
            "What is the role of {0}?",
            "Why would somebody need {0}?",
            "the point of {0}",
        ),
    ),
    (
        r"(?:the )?(?:benefits?|advantages?) of (.+)",
        ("benefit",),
        ("What are the benefits of {0}?", "How does {0} help?", "Does {0} work?", "good of {0}"),
    ),
    (
        r"(?:the )?(?:types?|kinds?|forms?|approaches|effective) (?:of )?(.+)",
        ("definition", "comparison"),
        ("What kinds of {0} are there?", "Which {0} are used?", "list of {0}", "types of {0}"),
    ),
    (
        r"(?:the )?(?:signs?|symptoms?|warning signs) (?:and symptoms )?of (.+)",
        ("definition",),
        ("What are the signs of {0}?", "How do I know if it is {0}?", "symptoms of {0}"),
    ),
    (
        r"(?:the )?(?:causes?|risk factors?) (?:of|for) (.+)",
        ("reason",),
        ("What causes {0}?", "Why does somebody get {0}?", "What raises the risk of {0}?"),
    ),
    (
        r"how to (.+)|(?:steps|tips|ways) (?:to|for) (.+)",
        ("how-to",),
        ("How do I {0}?", "What is the best way to {0}?", "How can I {0}?", "steps to {0}"),
    ),
    (
        r"(?:understanding|about|introduction to|overview of) (.+)",
        ("definition",),
        ("What is {0}?", "What should I know about {0}?", "Can you explain {0}?", "{0} meaning"),
    ),
    (
        r"(\w+ing(?: .+)?)",
        ("process", "benefit"),
        (
            "How does treatment help with {0}?",
            "What helps with {0}?",
            "Why does {0} matter?",
            "How is {0} done?",
        ),
    ),
)
_ANY = (
    ("definition", "process"),
    ("What is {0}?", "How does {0} work?", "How does {0} help?", "Tell me about {0}"),
)
# What a thing takes, costs or may do is seldom a heading and often half a sentence: the
# words that say it, before the thing's own name, and the questions that it answers.
_THING = (
    r"(?:the |their |your |an? )?(?P<thing>(?:[\w'-]+ ){0,3}?[\w'-]+)(?=[.,;:)]|$| (?:"
    r"may|can|could|will|should|is|are|was|were|has|have|depends?|varies|vary|often|usually|"
    r"for|in|on|and|or|that|which|to|with|by|from|when|if|than)\b)"
)
_SAID = (
    (
        re.compile(rf"\b(?:duration|length) of {_THING}", re.IGNORECASE),
        ("How long does {0} take?", "How long does {0} last?"),
    ),
    (re.compile(rf"\b(?:costs?|price) of {_THING}", re.IGNORECASE), ("How much does {0} cost?",)),
    (
        re.compile(rf"\bside effects of {_THING}", re.IGNORECASE),
        ("What are the side effects of {0}?",),
    ),
)
_NO_NAME = re.compile(r"\b(?:it|its|this|that|these|those|them|they|he|she)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"(what|who|why|how|when|where|which|is|are|can|does|do|should|will)\b", re.IGNORECASE
)
_MAX_WORDS = 6
_PLURAL = {
    "What is": "What are",
    "Why is": "Why are",
    "How is": "How are",
    "does": "do",
    "Does": "Do",
}


@dataclass(frozen=True)
class Proposal:
    """What an editor may start from; each part is a guess from the words alone."""

    topics: tuple[str, ...]
    aspects: tuple[str, ...]
    questions: tuple[str, ...]


class Proposer:
    """Makes proposals with the glossary's names."""

    def __init__(self, language: Language) -> None:
        """Takes the spaCy pipeline with the glossary's entity ruler."""
        self._language = language

    def propose(self, heading: str, paragraphs: Sequence[str]) -> Proposal:
        """A proposal for a section."""
        aspects, questions = _asked(heading)
        in_heading = [entity.ent_id_ for entity in self._language(heading).ents]
        met = [entity for text in paragraphs for entity in self._language(text).ents]
        counted = [topic for topic, _ in Counter(entity.ent_id_ for entity in met).most_common()]
        words = {entity.ent_id_: entity.text for entity in reversed(met)}
        new = [words[topic] for topic in counted if topic not in in_heading]
        if len(new) > 1:
            # What the section speaks of besides: its heading alone often says too little.
            questions = (*questions, " ".join([heading, *new[:_MAX_WORDS]]).lower())
        questions = tuple(dict.fromkeys((*questions, *_asked_of(paragraphs))))
        # All that the text names: who asks for one of these is not asking for something else.
        topics = tuple(dict.fromkeys([*in_heading, *counted]))
        return Proposal(topics, aspects, questions)


def as_draft(article: Article, proposer: Proposer) -> Article:
    """The article with what the importer would propose for its sections."""
    sections = []
    for section in article.sections:
        text = " ".join(sentence.text for sentence in section.sentences)
        proposed = proposer.propose(section.heading, [text])
        sections.append(replace(section, **vars(proposed)))
    return replace(article, sections=tuple(sections), draft=True)


def _asked(heading: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Aspects and questions that a heading suggests, the heading itself among them."""
    plain = heading.rstrip("?:. ")
    aspects: tuple[str, ...]
    questions: tuple[str, ...]
    aspects, questions = _ANY
    subject = plain
    for pattern, its_aspects, its_questions in _PATTERNS:
        found = re.fullmatch(pattern, plain, re.IGNORECASE)
        if found and not heading.endswith("?"):
            aspects, questions = its_aspects, its_questions
            subject = next(group for group in found.groups() if group)
            break
    asked = [_about(question, _in_a_sentence(subject)) for question in questions]
    if _ASKS.match(heading):
        # The heading asks already; nothing sensible can be built around it.
        return aspects, (f"{plain}?",)
    return aspects, tuple(dict.fromkeys((*asked, plain)))


def _asked_of(paragraphs: Sequence[str]) -> Iterator[str]:
    """The questions that single statements suggest: on how long, how much, what else it does."""
    for paragraph in paragraphs:
        for pattern, questions in _SAID:
            for found in pattern.finditer(paragraph):
                if not _NO_NAME.search(thing := found["thing"]):
                    yield from (_about(question, _in_a_sentence(thing)) for question in questions)


def _about(question: str, subject: str) -> str:
    last = subject.rsplit(maxsplit=1)[-1]
    plural = last.endswith("s") and not last.endswith(("ss", "is", "us"))
    for one, many in _PLURAL.items() if plural else ():
        question = question.replace(f"{one} {{0}}", f"{many} {{0}}")
    return question.format(subject)


def _in_a_sentence(heading: str) -> str:
    """A heading's words in lower case, abbreviations and names with inner capitals kept."""
    words = heading.split()
    return " ".join(w if any(c.isupper() for c in w[1:]) else w.lower() for w in words)
