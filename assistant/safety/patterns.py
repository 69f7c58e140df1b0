"""The reviewed patterns: what is surely an emergency, and what only sounds like one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import CorpusError
from assistant.safety.emergency import SITUATIONS, Concerned, Situation
from assistant.safety.phrases import Phrase, PhraseError, compile_phrase
from assistant.safety.words import Reader, Sentence, stored_words
from assistant.settings import ROOT

PATTERNS_DIR = ROOT / "data" / "safety" / "patterns"
_MASK = "_"
# The same as safe_load, five times as fast.
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Group:
    """Patterns of one meaning, as a clinician reviews them.

    Attributes:
        name: says the meaning in a few words.
        situation: what a match means.
        concerned: who is in danger; None where the sentence has to say.
        phrases: any of them is enough.
        unless: names of the frames in which they mean nothing.
        across: a match may begin in one sentence and end in the next.
        must: messages that must be noticed.
        must_not: messages that must not.
    """

    name: str
    situation: Situation
    concerned: Concerned | None
    phrases: tuple[Phrase, ...]
    unless: frozenset[str]
    across: bool
    must: tuple[str, ...]
    must_not: tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """What the patterns see in one sentence."""

    groups: tuple[Group, ...]
    frames: frozenset[str]
    hints: frozenset[str]


@dataclass
class PatternBook:
    """All patterns, compiled, with the reader of the language that they are written in."""

    groups: tuple[Group, ...]
    reader: Reader
    frames: tuple[str, ...]
    hints: tuple[str, ...]
    _idioms: _Finder = field(repr=False)
    _framing: _Finder = field(repr=False)
    _framing_with_next: _Finder = field(repr=False)
    _breaking: _Finder = field(repr=False)
    _emergencies: _Finder = field(repr=False)
    _across: _Finder = field(repr=False)
    _hinting: _Finder = field(repr=False)

    def see(self, sentences: Sequence[Sentence]) -> list[Seen]:
        """What the patterns see in each sentence, idioms and frames considered."""
        texts = [self._idioms.masked(sentence.text + " ") for sentence in sentences]
        framed = [self._framed(*pair) for pair in zip_longest(texts, texts[1:], fillvalue="")]
        seen: list[Seen] = []
        for place, text in enumerate(texts):
            numbers = self._emergencies.find(text)
            frames = framed[place]
            groups = [self.groups[number] for number in numbers]
            groups = [group for group in groups if not group.unless & frames]
            if place:
                numbers = self._across.find(texts[place - 1] + text)
                both = frames | framed[place - 1]
                joined = [self.groups[number] for number in numbers]
                groups += [each for each in joined if each not in groups and not each.unless & both]
            hints = frozenset[str](self._hinting.find(text))
            seen.append(Seen(tuple(groups), frames, hints))
        return seen

    def _framed(self, text: str, following: str) -> frozenset[str]:
        """The frames of a sentence, those too that only the next one makes plain."""
        found = frozenset[str](self._framing.find(text))
        if found:
            found = found.difference(self._breaking.find(text))
        both = text + following
        later = frozenset[str](self._framing_with_next.find(both)) if following else frozenset()
        return found | later.difference(self._breaking.find(both)) if later else found


class _Finder:
    """Searches many phrases, only those of which a word is in the text."""

    def __init__(self, entries: Iterable[tuple[object, Phrase]]) -> None:
        self._entries = list(entries)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._always = []
        for number, (_, phrase) in enumerate(self._entries):
            if phrase.anchors is None:
                self._always.append(number)
            for word in phrase.anchors or ():
                self._by_word[word].append(number)

    def find(self, text: str) -> list[Any]:
        """What the matching phrases stand for, each once, in the order of the book."""
        found = {
            self._entries[number][0]: None
            for number in self._candidates(text)
            if self._entries[number][1].found.search(text)
        }
        return list(found)

    def masked(self, text: str) -> str:
        """The text with each match's words hidden."""
        for number in self._candidates(text):
            text = self._entries[number][1].found.sub(f"{_MASK} ", text)
        return text

    def _candidates(self, text: str) -> list[int]:
        numbers = set(self._always)
        for word in set(text.split()):
            numbers.update(self._by_word.get(word, ()))
        return sorted(numbers)


@lru_cache(maxsize=1)
def load_patterns(folder: Path = PATTERNS_DIR) -> PatternBook:
    """Compiles all pattern files of a folder.

    Raises:
        CorpusError: one of them cannot be used.
    """
    return _Loader(folder).book()


class _Loader:
    def __init__(self, folder: Path) -> None:
        self._lists = _read(folder / "lists.yml")
        self._frames = _read(folder / "frames.yml")
        self._idioms = _read(folder / "idioms.yml")
        self._hints = _read(folder / "hints.yml")
        skipped = {"lists.yml", "frames.yml", "idioms.yml", "hints.yml"}
        self._files = [path for path in sorted(folder.glob("*.yml")) if path.name not in skipped]
        words = stored_words()
        self._common = frozenset([*words["english"], *words["spanish"]])
        self._folder = folder

    def book(self) -> PatternBook:
        groups = tuple(group for path in self._files for group in self._groups(path))
        framing = self._of_frames("patterns")
        framing_with_next = self._of_frames("with_next")
        breaking = self._of_frames("but_not")
        idioms = [
            (_MASK, phrase)
            for kind in self._idioms.values()
            for phrase in self._phrases(kind, "idioms.yml")
        ]
        hinting = [
            (name, phrase)
            for name, hint in self._hints.items()
            for phrase in self._phrases(hint, "hints.yml")
        ]
        emergencies = [
            (number, phrase) for number, group in enumerate(groups) for phrase in group.phrases
        ]
        every = [*emergencies, *framing, *framing_with_next, *breaking, *idioms, *hinting]
        phrases = [phrase for _, phrase in every]
        vocabulary = frozenset[str]().union(*(phrase.words for phrase in phrases))
        return PatternBook(
            groups=groups,
            reader=Reader(stored_words(), vocabulary),
            frames=tuple(self._frames),
            hints=tuple(self._hints),
            _idioms=_Finder(idioms),
            _framing=_Finder(framing),
            _framing_with_next=_Finder(framing_with_next),
            _breaking=_Finder(breaking),
            _emergencies=_Finder(emergencies),
            _across=_Finder(
                (number, phrase) for number, phrase in emergencies if groups[number].across
            ),
            _hinting=_Finder(hinting),
        )

    def _of_frames(self, part: str) -> list[tuple[str, Phrase]]:
        return [
            (name, phrase)
            for name, frame in self._frames.items()
            for phrase in self._phrases(frame.get(part, ()), "frames.yml")
        ]

    def _groups(self, path: Path) -> Iterator[Group]:
        for stored in _read(path)["groups"]:
            try:
                unknown = set(stored.get("unless", ())) - set(self._frames)
                if stored["situation"] not in SITUATIONS or unknown:
                    raise KeyError
                yield Group(
                    name=stored["name"],
                    situation=stored["situation"],
                    concerned=stored.get("concerned"),
                    phrases=tuple(self._phrases(stored["patterns"], path.name)),
                    unless=frozenset(stored.get("unless", ())),
                    across=bool(stored.get("across")),
                    must=tuple(stored["must"]),
                    must_not=tuple(stored["must_not"]),
                )
            except (KeyError, TypeError):
                name = stored.get("name") if isinstance(stored, dict) else None
                raise CorpusError(f"The group {name!r} is not complete.", str(path)) from None

    def _phrases(self, patterns: Sequence[str], file: str) -> Iterator[Phrase]:
        for pattern in patterns:
            try:
                yield compile_phrase(pattern, self._lists, self._common)
            except PhraseError as error:
                raise CorpusError(str(error), str(self._folder / file)) from None


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text("utf-8"), Loader=_YAML)  # noqa: S506 - a safe loader
    except (OSError, yaml.YAMLError):
        raise CorpusError("Is not a YAML file of patterns.", str(path)) from None
