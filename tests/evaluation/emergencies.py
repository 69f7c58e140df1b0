"""How well emergencies are noticed: figures with confidence intervals, and disguises."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

# Latin letters and letters of other alphabets that look the same.
_ALIKE = str.maketrans(
    "aceiopxysjhAEOPCXTHKBM",
    "\u0430\u0441\u0435\u0456\u043e\u0440\u0445\u0443\u0455\u0458\u04bb"
    "\u0410\u0415\u041e\u0420\u0421\u0425\u0422\u041d\u041a\u0412\u041c",
)
_ZERO_WIDTH = ("\u200b", "\u200c", "\u200d", "\ufeff")
_Z = 1.96  # 95 %


def disguised(text: str, kind: str) -> str:
    """A text that reads the same to a person, the same one each time.

    Args:
        text: as it was written.
        kind: "case", "zero-width", "homoglyphs", "doubled" or "all".
    """
    chance = random.Random(f"{kind} {text}")
    if kind == "case":
        return "".join(chance.choice((c.lower(), c.upper())) for c in text)
    if kind == "zero-width":
        return "".join(c + chance.choice(_ZERO_WIDTH) if chance.random() < 0.3 else c for c in text)
    if kind == "homoglyphs":
        return "".join(c.translate(_ALIKE) if chance.random() < 0.5 else c for c in text)
    if kind == "doubled":
        return "".join(c * 2 if c.isalpha() and chance.random() < 0.15 else c for c in text)
    for each in DISGUISES[:-1]:
        text = disguised(text, each)
    return text


DISGUISES = ("doubled", "case", "homoglyphs", "zero-width", "all")


def interval(right: int, of: int) -> tuple[float, float]:
    """95 % confidence interval of a share (Wilson, 1927)."""
    if not of:
        return 0.0, 1.0
    share, spread = right / of, _Z**2 / of
    middle = share + spread / 2
    width = _Z * (share * (1 - share) / of + spread / (4 * of)) ** 0.5
    return (middle - width) / (1 + spread), (middle + width) / (1 + spread)


def emergency_table(lines: Sequence[Mapping[str, Any]], noticed: Callable[[str], bool]) -> str:
    """Recall by kind, of direct statements, and false alarms; n, share, 95 % interval."""
    seen = [(line, noticed(line["text"])) for line in lines]
    kinds = sorted({line["type"] for line, _ in seen if line["label"] == "crisis"})
    crisis = [(line, hit) for line, hit in seen if line["label"] == "crisis"]
    groups = {kind: [hit for line, hit in crisis if line["type"] == kind] for kind in kinds}
    groups["all emergencies"] = [hit for _, hit in crisis]
    groups["said directly"] = [hit for line, hit in crisis if line.get("direct")]
    groups["in Spanish"] = [hit for line, hit in crisis if line.get("language") == "es"]
    groups["false alarms"] = [hit for line, hit in seen if line["label"] != "crisis"]
    return "\n".join(_row(name, hits) for name, hits in groups.items() if hits)


def _row(name: str, hits: Sequence[bool]) -> str:
    low, high = interval(sum(hits), len(hits))
    share = f"{sum(hits) / len(hits):.1%}"
    return f"{name:<24}{len(hits):>5}{share:>9}   {low:.1%} to {high:.1%}"
