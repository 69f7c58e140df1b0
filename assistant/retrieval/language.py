"""The project's own English pipeline: sentences, lemmas and the glossary's topics.

Made from a blank spaCy pipeline, so nothing is downloaded and nothing is
statistical: the same text and glossary always give the same result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import spacy
from spacy.language import Language

from assistant.corpus.model import Topic
from assistant.retrieval.folders import made_whole

TOPIC_LABEL = "topic"
# Raise it when `build_pipeline` makes another pipeline of the same glossary.
_PIPELINE_VERSION = 1
# Spellings that half of the world uses.
_BRITISH = {
    "behavior": "behaviour",
    "counseling": "counselling",
    "counselor": "counsellor",
    "center": "centre",
    "hospitalization": "hospitalisation",
}


def build_pipeline(glossary: Iterable[Topic]) -> Language:
    """Makes the pipeline: sentencizer, lookup lemmatizer, entity ruler.

    Args:
        glossary: topics with all their names.

    Returns:
        A pipeline whose documents have sentence starts, lemmas, and one entity
        for each glossary name met: label "topic", id the glossary's id.
    """
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
    # The ruler runs the pipeline over its patterns when they are added; with a
    # lemmatizer that has no tables yet that is error E1004.
    nlp.initialize()
    patterns = [pattern for topic in glossary for pattern in _patterns(topic)]
    # LOWER: people type names in any case. An empty ruler would warn at each text.
    if patterns:
        ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
        ruler.add_patterns(patterns)  # type: ignore[attr-defined]
    return nlp


def saved_pipeline(glossary: Sequence[Topic], models_dir: Path) -> Path:
    """The folder of the pipeline for a glossary, built when it is not there.

    The folder's name is a hash of all that the pipeline depends on, so a path
    stands for one content for ever.

    Args:
        glossary: as for `build_pipeline`.
        models_dir: folder of everything built.

    Raises:
        OSError: the folder cannot be written.
    """
    folder = models_dir / "spacy" / pipeline_hash(glossary)
    if folder.is_dir():
        return folder
    with made_whole(folder) as partial:
        build_pipeline(glossary).to_disk(partial)
    return folder


def pipeline_hash(glossary: Iterable[Topic]) -> str:
    """Identifies the pipeline of a glossary: 16 hexadecimal digits."""
    patterns = [pattern for topic in glossary for pattern in _patterns(topic)]
    content = json.dumps([_PIPELINE_VERSION, spacy.__version__, patterns], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _patterns(topic: Topic) -> list[dict[str, str]]:
    # spaCy splits words at hyphens; people leave them out, or write a space.
    spelt = [name.replace("-", mark) for name in topic.names if "-" in name for mark in (" ", "")]
    names = [*topic.names, *spelt]
    for american, british in _BRITISH.items():
        spelt = [name.lower().replace(american, british) for name in names]
        names += spelt if american in " ".join(names).lower() else []
    # Names are matched in any case.
    unique = {name.lower(): name for name in reversed(names)}
    return [
        {"label": TOPIC_LABEL, "pattern": name, "id": topic.id}
        for name in reversed(unique.values())
    ]
