"""Finds an imported text's references and the places that cite them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

UNKNOWN_TITLE = "Title not given"

_ADDRESS = re.compile(r"<?\b(https?://[^\s<>\"]+[^\s<>\".,;)])>?")
_ENTRY = re.compile(r"(?:\[\^?([\w-]+)\]|(\d{1,3})[.)])[:.]?\s*(.*)")
_YEAR = re.compile(r"\b(19|20)\d\d\b")
# An en dash or a hyphen, between the first and the last of several.
_DASHES = "\u2013-"
_MARK = rf"\[\^?(?:\d{{1,3}}(?:\s*[,{_DASHES}]\s*\d{{1,3}})*|(?<=\^)[\w-]+)\]"
_MARKS = re.compile(rf"((?:\s*{_MARK})+)")
_BEFORE_END = re.compile(rf"((?:\s*{_MARK})+)\s*([.!?]+[\"\u201d\u2019)]*)(?=\s|$)")


@dataclass(frozen=True)
class ListedReference:
    """An entry of a list of references.

    Attributes:
        label: what the text cites it by, such as "1".
        words: its description, without its address; may be empty.
        url: empty where the entry has no address.
    """

    label: str
    words: str
    url: str

    @property
    def id(self) -> str:
        """Its id in the article."""
        return f"ref-{self.label}"

    def footnote(self) -> str:
        """The footnote, as far as its parts are known."""
        year = _YEAR.search(self.words)
        title = self.words.replace("*", "").strip(" .") or UNKNOWN_TITLE
        publisher = urlsplit(self.url).hostname or self.url
        return f"[^{self.id}]: {publisher}. *{title}*. {year[0] if year else 'n.d'}. <{self.url}>"


def read_references(entries: Iterable[str]) -> list[ListedReference]:
    """The entries of a list of references; one without a label gets its number."""
    listed = []
    for number, entry in enumerate(entries, start=1):
        found = _ENTRY.match(entry)
        label, rest = (found[1] or found[2], found[3]) if found else (str(number), entry)
        address = _ADDRESS.search(rest)
        words = " ".join(_ADDRESS.sub("", rest).split())
        listed.append(ListedReference(label, words, address[1] if address else ""))
    return listed


def without_addresses(text: str) -> tuple[str, list[str]]:
    """A text without the addresses that stand behind its links, and those addresses."""
    addresses = re.findall(r" <(https?://[^\s>]+)>", text)
    return re.sub(r" <https?://[^\s>]+>", "", text), addresses


def with_footnote_marks(text: str, known: Mapping[str, ListedReference]) -> tuple[str, list[str]]:
    """A paragraph with its citations as footnote marks behind each sentence's end.

    Args:
        text: a paragraph, citations as `[1]`, `[1, 2]`, `[1-3]` or `[^id]`.
        known: the references by label.

    Returns:
        The paragraph, in which Markdown means nothing but the marks; and the
        labels that no reference has, whose citations stay as they were.
    """
    unknown: list[str] = []

    def behind_the_end(found: re.Match[str]) -> str:
        # What is cited and not listed stays in its place, for an editor to see.
        listed = all(label in known for label in _all_labels(found[1]))
        return f"{found[2]}{found[1]}" if listed else found[0]

    moved = _BEFORE_END.sub(behind_the_end, text)
    parts: list[str] = []
    at = 0
    for marks in _MARKS.finditer(moved):
        labels = _all_labels(marks[0])
        missing = [label for label in labels if label not in known]
        unknown += missing
        cited = "".join(f" [^{known[label].id}]" for label in labels if label in known)
        kept = escaped(marks[0]) if missing else ""
        parts += [escaped(moved[at : marks.start()]), kept, cited]
        at = marks.end()
    return "".join([*parts, escaped(moved[at:])]).strip(), unknown


def escaped(text: str) -> str:
    """Text in which no character is Markdown."""
    text = re.sub(r"([\\`*_\[\]<>])", r"\\\1", text)
    text = re.sub(r"&(?=#?\w+;)", r"\\&", text)
    # What would begin a heading, a quotation or a list.
    return re.sub(r"^(\s*\d+(?=[.)]\s)|\s*(?=[#+-]+(\s|$)))", r"\1\\", text)


def _all_labels(marks: str) -> list[str]:
    return [label for mark in re.findall(_MARK, marks) for label in _labels(mark)]


def _labels(mark: str) -> Sequence[str]:
    """The labels in one pair of brackets: "[1, 3-5]" cites four."""
    inner = mark.strip("[]^")
    if not re.fullmatch(rf"[\d\s,{_DASHES}]+", inner):
        return [inner]
    labels: list[str] = []
    for part in inner.split(","):
        ends = [int(end) for end in re.split(rf"[{_DASHES}]", part) if end.strip()]
        labels += [str(number) for number in range(ends[0], ends[-1] + 1)] if ends else []
    return labels
