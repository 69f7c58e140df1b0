"""Draws the figures of the measurements as small SVG files.

matplotlib comes with Rasa; nothing that runs for a visitor imports it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.retrieval.calibration import Bin, Point

_SIZE = (5.0, 4.0)


@contextmanager
def _figure(path: Path, width: float = _SIZE[0], height: float = _SIZE[1]) -> Iterator[Any]:
    """Axes to draw on; the same drawing gives the same file."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    with mpl.rc_context({"svg.hashsalt": path.name, "svg.fonttype": "none", "font.size": 9}):
        figure, axes = plt.subplots(figsize=(width, height), layout="constrained")
        yield axes
        figure.savefig(path, metadata={"Date": None})
        plt.close(figure)


def draw_reliability(path: Path, judged: Mapping[str, Sequence[Bin]]) -> None:
    """What share of questions is answerable, against what the probability says of them.

    Args:
        path: of the SVG file.
        judged: the bins of each set of questions, by its name.
    """
    with _figure(path) as axes:
        axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8, label="as it should be")
        for name, bins in judged.items():
            axes.plot(
                [each.probability for each in bins],
                [each.share for each in bins],
                marker="o",
                markersize=4,
                label=name,
            )
        axes.set(xlabel="probability of an answer (mean of a bin)", ylabel="share answerable")
        axes.legend()


def draw_risk_coverage(path: Path, points: Sequence[Point], threshold: float) -> None:
    """What an answer more costs: coverage against false answers, with the threshold marked."""
    chosen = min(points, key=lambda point: abs(point.threshold - threshold))
    with _figure(path) as axes:
        coverage = [point.coverage for point in points]
        axes.plot(coverage, [point.false for point in points], label="false, of all answers")
        axes.plot(
            coverage,
            [1 - point.refused for point in points],
            label="answered, of other subjects",
        )
        axes.axvline(chosen.coverage, color="grey", linewidth=0.8)
        axes.annotate(f"threshold {threshold:.2f}", (chosen.coverage, 0.3), rotation=90, ha="right")
        axes.set(xlabel="coverage: answered, of what the articles answer", ylabel="risk")
        axes.legend()


def draw_bars(path: Path, shares: Mapping[str, float], label: str) -> None:
    """A bar for each share (0 to 1), in the order given."""
    names = list(shares)[::-1]
    with _figure(path, height=0.8 + 0.25 * len(names)) as axes:
        axes.barh(names, [100 * shares[name] for name in names])
        axes.set(xlabel=label, xlim=(0, 100))


def draw_confusions(path: Path, names: Sequence[str], counts: npt.NDArray[np.int64]) -> None:
    """A square for each pair: of a row's messages, the share that was taken for the column."""
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    with _figure(path, 7.5, 7.0) as axes:
        # One path a square would make a large file: an image is a few kilobytes.
        axes.imshow(shares, cmap="Greys", vmin=0, vmax=1, interpolation="nearest")
        places = range(len(names))
        axes.set_xticks(places, names, rotation=90, fontsize=6)
        axes.set_yticks(places, names, fontsize=6)
        axes.set(xlabel="taken for", ylabel="meant")
