"""Puts together what several people asked in different words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from sklearn.cluster import AgglomerativeClustering

from assistant.gaps.model import Gap

Floats = npt.NDArray[np.float32]

# From this mean likeness (cosine) on, questions are one. Of the articles' own questions,
# grouped so, the groups agree best with the sections that they stand in: adjusted Rand
# index 0.44, against 0.37 at 0.6 and 0.39 at 0.4 (600 questions of 150 sections).
ALIKE = 0.5
# What fewer conversations asked is counted and not shown: a question that one person
# alone asks may say who that is, whatever is taken out of it.
MIN_CONVERSATIONS = 3
MAX_EXAMPLES = 3
# After these days a question counts half.
_HALF_LIFE_DAYS = 30
# Grouping compares all with all.
MAX_TEXTS = 2000


@dataclass(frozen=True)
class Group:
    """One thing that people asked.

    Attributes:
        examples: redacted texts, the most typical first, each another one.
        conversations: how many asked it.
        demand: the same, those of long ago counting less.
        latest: the last day that it was asked.
        missed: how many of them had got an answer, to something else.
        topics: glossary ids, the commonest first.
        sections: keys of the sections that came nearest, the commonest first.
    """

    examples: tuple[str, ...]
    conversations: int
    demand: float
    latest: date
    missed: int
    topics: tuple[str, ...]
    sections: tuple[str, ...]


@dataclass(frozen=True)
class Grouped:
    """All gaps, put together.

    Attributes:
        groups: of enough conversations, the most wanted first.
        small: how many groups were too small to be shown.
        textless: how many gaps had no text left.
    """

    groups: tuple[Group, ...]
    small: int
    textless: int


def distinct_texts(gaps: Sequence[Gap]) -> list[str]:
    """The texts to embed: each once, the latest ones, at most `MAX_TEXTS`."""
    texts = dict.fromkeys(gap.text for gap in reversed(gaps) if gap.text)
    return list(texts)[:MAX_TEXTS]


def group_gaps(gaps: Sequence[Gap], texts: Sequence[str], vectors: Floats, today: date) -> Grouped:
    """Groups gaps by the likeness of their texts.

    Args:
        gaps: all of them.
        texts: from `distinct_texts`.
        vectors: unit vectors of these texts, (texts, dimensions).
        today: what "long ago" is counted from.
    """
    by_text: dict[str, list[Gap]] = defaultdict(list)
    for gap in gaps:
        by_text[gap.text].append(gap)
    found, small = [], 0
    for members in _clusters(vectors):
        typical = [texts[at] for at in _most_typical_first(vectors, members)]
        group = _group([gap for text in typical for gap in by_text[text]], typical, today)
        if group.conversations >= MIN_CONVERSATIONS:
            found.append(group)
        else:
            small += 1
    found.sort(key=lambda group: (-group.demand, group.examples))
    return Grouped(tuple(found), small, len(by_text.get("", ())))


def _clusters(vectors: Floats) -> list[list[int]]:
    """Rows that belong together."""
    if len(vectors) < 2:
        return [[at] for at in range(len(vectors))]
    clustering = AgglomerativeClustering(
        n_clusters=None, affinity="cosine", linkage="average", distance_threshold=1 - ALIKE
    )
    members: dict[int, list[int]] = defaultdict(list)
    for at, label in enumerate(clustering.fit_predict(vectors)):
        members[int(label)].append(at)
    return list(members.values())


def _most_typical_first(vectors: Floats, members: Sequence[int]) -> list[int]:
    # The middle of a group is what its members have in common, and least what is one's own.
    likeness = vectors[members] @ vectors[members].mean(axis=0)
    return [members[at] for at in np.argsort(-likeness, kind="stable")]


def _group(gaps: Sequence[Gap], typical: Sequence[str], today: date) -> Group:
    latest: dict[str, date] = {}
    for gap in gaps:
        latest[gap.conversation] = max(gap.day, latest.get(gap.conversation, gap.day))
    ages = [max((today - day).days, 0) for day in latest.values()]
    return Group(
        examples=tuple(typical[:MAX_EXAMPLES]),
        conversations=len(latest),
        demand=sum(0.5 ** (age / _HALF_LIFE_DAYS) for age in ages),
        latest=max(latest.values()),
        missed=sum(gap.kind == "not_what_was_asked" for gap in gaps),
        topics=_commonest(topic for gap in gaps for topic in gap.topics),
        sections=_commonest(section for gap in gaps for section in gap.sections[:1]),
    )


def _commonest(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name, _ in Counter(names).most_common(3))
