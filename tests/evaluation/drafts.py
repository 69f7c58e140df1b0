"""`python -m tests.evaluation.drafts`: what rewriting a draft's questions is worth.

Each article stands alone, as after an import: once with the questions, topics and aspects
that the importer proposes for its sections, once with those that its editors wrote. The
labelled questions are asked of it: those that it answers, and as many that it doesn't.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from spacy.language import Language

from assistant.authoring.proposing import Proposer
from assistant.corpus.model import Article, Corpus
from assistant.errors import AssistantError
from assistant.retrieval.editions import SearchParts
from assistant.retrieval.examples import LabelledQuestion, read_labelled_questions
from assistant.retrieval.index import build_index
from assistant.retrieval.language import build_pipeline
from assistant.retrieval.matching import Matching
from assistant.retrieval.query import QueryReader
from assistant.retrieval.ranking import Ranker
from assistant.retrieval.search import Searcher
from assistant.settings import load_settings
from commands.steps import fail, step

_SEED = 0


@dataclass(frozen=True)
class Asked:
    """How one question fared on one article.

    Attributes:
        belongs: a section of the article answers it, and no other article's does.
        answered: the search takes it as answerable.
        right: the section that comes first is one of those that answer.
    """

    belongs: bool
    answered: bool
    right: bool


def main() -> int:
    """Prints both lines of the table; returns 1 when it cannot be measured."""
    try:
        with step("Asking every article alone"):
            settings = load_settings()
            parts = SearchParts.load(settings.corpus, settings.models_dir)
            questions = read_labelled_questions()
            language = build_pipeline(parts.corpus.glossary)
            edited = ask_each(parts.corpus.articles, parts, language, questions)
            proposer = Proposer(language)
            drafts = [as_draft(article, proposer) for article in parts.corpus.articles]
            drafted = ask_each(drafts, parts, language, questions)
    except AssistantError as error:
        return fail(str(error))
    print("\n| questions | asked | right section first | answered from it | foreign answered |")
    print(f"{'|---' * 5}|")
    print(line("as proposed by the importer", drafted))
    print(line("as written by editors", edited))
    return 0


def as_draft(article: Article, proposer: Proposer) -> Article:
    """The article with what the importer would propose for its sections."""
    sections = []
    for section in article.sections:
        text = " ".join(sentence.text for sentence in section.sentences)
        proposed = proposer.propose(section.heading, [text])
        sections.append(replace(section, **vars(proposed)))
    return replace(article, sections=tuple(sections))


def ask_each(
    articles: Sequence[Article],
    parts: SearchParts,
    language: Language,
    questions: Sequence[LabelledQuestion],
) -> list[Asked]:
    """Asks each article its own questions, and as many that none of its sections answers.

    Args:
        articles: each is a corpus by itself.
        parts: of all articles: their encoder, glossary and known embeddings.
        language: the glossary's pipeline.
        questions: labelled with sections of these articles.
    """
    chance = random.Random(_SEED)
    known = parts.index.vectors.by_key()
    homes = [{key.partition("#")[0] for key in q.sections} for q in questions]
    fared = []
    for article in articles:
        corpus = Corpus((article,), parts.corpus.glossary, article.id)
        reader = QueryReader(corpus, language, parts.encoder)
        index = build_index(corpus, reader, parts.encoder, known)
        alone = SearchParts(corpus, reader, parts.encoder, index, article.id)
        searcher = Searcher(alone, Ranker.load(), Matching.load())
        own = [q for q, home in zip(questions, homes, strict=True) if home == {article.id}]
        foreign = [q for q, home in zip(questions, homes, strict=True) if article.id not in home]
        for question in (*own, *chance.sample(foreign, len(own))):
            result = searcher.search(searcher.read(question.text))
            right = result.sections[0].key in question.sections
            fared.append(Asked(question in own, result.answerable, right))
    return fared


def line(name: str, fared: Sequence[Asked]) -> str:
    """A row of the table."""
    own = [asked for asked in fared if asked.belongs]
    foreign = [asked.answered for asked in fared if not asked.belongs]
    shares = [
        np.mean([asked.right for asked in own]),
        np.mean([asked.right and asked.answered for asked in own]),
        np.mean(foreign),
    ]
    return f"| {name} | {len(own)} | {' | '.join(f'{100 * share:.0f} %' for share in shares)} |"


if __name__ == "__main__":
    sys.exit(main())
