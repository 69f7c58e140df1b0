"""The small language in which the patterns are written, made into regular expressions.

    word            this word ("of" and "to" also as "off" and "too")
    (a|b c|d)       one of these words or phrases; brackets may hold brackets
    <name>          one of the phrases of a list of this name
    x?              with or without (x: a word, brackets or a list)
    #               a number in digits
    ..  ...         up to three, up to seven words of any kind
    !x              what follows is not x
    ^  $            the sentence begins, ends here

Every repetition is bounded, so the time of a match is too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_SIGN = re.compile(r"\.\.\.?|<\w+>|[()|?!^$#]|[a-z0-9]+|(\S)")
_GAPS = {"..": 3, "...": 7}
# Words whose commonest slip is a word too, so that no dictionary mends it.
_SLIPS = {"of": "off", "to": "too"}
_NUMBER = r"[0-9]+[a-z]* "

Lists = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Phrase:
    """A compiled pattern.

    Attributes:
        found: searches a text of words, each with one space after it.
        anchors: a text without one of these words has no match; None where that
            cannot be said.
        words: all words in it.
    """

    found: re.Pattern[str]
    anchors: frozenset[str] | None
    words: frozenset[str]


class PhraseError(ValueError):
    """A pattern is not of the language."""


def compile_phrase(pattern: str, lists: Lists, common: frozenset[str]) -> Phrase:
    """Compiles one pattern.

    Args:
        pattern: as the module's docstring says.
        lists: phrases by the name of their list.
        common: words too frequent to look a pattern up by.

    Raises:
        PhraseError: with the pattern and what is wrong with it.
    """
    parser = _Parser(pattern, lists, common)
    part = parser.sequence()
    if parser.left():
        raise PhraseError(f"{pattern!r}: a bracket or a bar too many.")
    return Phrase(re.compile(rf"(?<![^ ]){part.regex}"), part.anchors, frozenset(parser.words))


@dataclass(frozen=True)
class _Part:
    regex: str
    anchors: frozenset[str] | None


class _Parser:
    def __init__(self, pattern: str, lists: Lists, common: frozenset[str]) -> None:
        self._pattern = pattern
        self._signs = []
        for match in _SIGN.finditer(pattern):
            if match[1]:
                raise PhraseError(f"{pattern!r}: {match[1]!r} has no meaning.")
            self._signs.append(match[0])
        self._lists = lists
        self._common = common
        self._at = 0
        self.words: set[str] = set()

    def left(self) -> bool:
        return self._at < len(self._signs)

    def _peek(self) -> str:
        return self._signs[self._at] if self.left() else ""

    def _next(self) -> str:
        sign = self._peek()
        self._at += 1
        return sign

    def sequence(self) -> _Part:
        regex: list[str] = []
        anchors: frozenset[str] | None = None
        while self.left() and self._peek() not in "|)":
            part = self._item()
            regex.append(part.regex)
            anchors = self._rarer(anchors, part.anchors)
        if not regex:
            raise PhraseError(f"{self._pattern!r}: nothing between two signs.")
        return _Part("".join(regex), anchors)

    def _item(self) -> _Part:
        sign = self._next()
        if sign in _GAPS:
            return _Part(rf"(?:\S+ ){{0,{_GAPS[sign]}}}?", None)
        if sign == "^":
            return _Part(r"\A", None)
        if sign == "$":
            return _Part(r"\Z", None)
        if sign == "!":
            return _Part(f"(?!{self._atom(self._next()).regex})", None)
        atom = self._atom(sign)
        if self._peek() == "?":
            self._next()
            return _Part(f"(?:{atom.regex})?", None)
        return atom

    def _atom(self, sign: str) -> _Part:
        if sign == "#":
            return _Part(_NUMBER, None)
        if sign == "(":
            return self._brackets()
        if sign.startswith("<"):
            return self._list(sign[1:-1])
        if not sign.isalnum():
            raise PhraseError(f"{self._pattern!r}: {sign!r} stands where a word should.")
        self.words.add(sign)
        if sign in _SLIPS:
            slip = _SLIPS[sign]
            return _Part(f"(?:{sign}|{slip}) ", frozenset({sign, slip}))
        return _Part(f"{sign} ", frozenset({sign}))

    def _brackets(self) -> _Part:
        branches = [self.sequence()]
        while self._peek() == "|":
            self._next()
            branches.append(self.sequence())
        if self._next() != ")":
            raise PhraseError(f"{self._pattern!r}: a bracket is not closed.")
        anchors: frozenset[str] | None = frozenset()
        for branch in branches:
            anchors = (
                None if anchors is None or branch.anchors is None else anchors | branch.anchors
            )
        return _Part(f"(?:{'|'.join(branch.regex for branch in branches)})", anchors)

    def _list(self, name: str) -> _Part:
        if name not in self._lists:
            raise PhraseError(f"{self._pattern!r}: there is no list {name!r}.")
        inner = _Parser(f"({'|'.join(self._lists[name])})", self._lists, self._common)
        part = inner.sequence()
        self.words |= inner.words
        return part

    def _rarer(
        self, one: frozenset[str] | None, other: frozenset[str] | None
    ) -> frozenset[str] | None:
        if one is None or other is None:
            return other if one is None else one
        return min(one, other, key=lambda words: (len(words & self._common), len(words)))
