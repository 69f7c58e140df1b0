from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from assistant.errors import EncoderError
from assistant.retrieval.encoder import (
    ADAPTER,
    DIMENSIONS,
    Encoder,
    from_text,
    published_weights,
    to_text,
)
from assistant.retrieval.encoder_build import build_onnx
from assistant.settings import Settings

# https://www.sbert.net/docs/quickstart.html, for all-MiniLM-L6-v2
TEXTS = ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
PUBLISHED = np.array([[1, 0.6660, 0.1046], [0.6660, 1, 0.1411], [0.1046, 0.1411, 1]])


@pytest.fixture
def copied(deployment: Settings, encoder: Encoder, tmp_path: Path) -> Path:
    """The folder of a built encoder that a test may spoil."""
    folder = tmp_path / "encoder" / Encoder.version
    shutil.copytree(deployment.models_dir / "encoder" / Encoder.version, folder)
    return folder


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """The published model, without our adapter."""
    folder = tmp_path_factory.mktemp("published")
    save_file({}, folder / "none.safetensors")
    build_onnx(published_weights(), folder / "none.safetensors", folder / "encoder.onnx")
    return Encoder(folder / "encoder.onnx")


def test_without_the_adapter_likenesses_are_those_that_the_model_is_published_with(
    published: Encoder,
) -> None:
    vectors = published.encode(TEXTS)
    assert np.abs(vectors @ vectors.T - PUBLISHED).max() <= 0.02


def test_every_vector_has_length_one(encoder: Encoder) -> None:
    vectors = encoder.encode([*TEXTS, "", "?", "\U0001f600", "word " * 500])
    assert vectors.shape == (7, DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("others", [40, 400])
def test_a_text_has_the_same_vector_alone_and_among_others(encoder: Encoder, others: int) -> None:
    texts = [*TEXTS, *(f"{number} more of them" for number in range(others))]
    together = encoder.encode(texts)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert np.array_equal(together, alone)
    assert np.array_equal(encoder.encode(TEXTS[:1]), encoder.encode(TEXTS[:1]))


def test_no_text_gives_no_row(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, DIMENSIONS)


def test_what_is_too_long_is_cut(encoder: Encoder) -> None:
    first, second = "therapy " * 400 + "weather", "therapy " * 400 + "stadium"
    assert np.array_equal(encoder.encode([first]), encoder.encode([second]))


def test_the_word_list_has_words_and_no_pieces(encoder: Encoder) -> None:
    words = encoder.words()
    assert {"therapy", "weather"} <= words
    assert not [word for word in words if word.startswith("##") or not word.isalpha()]


def test_a_built_graph_is_used_again(copied: Path, encoder: Encoder) -> None:
    built = (copied / "encoder.onnx").stat().st_mtime_ns
    vectors = Encoder.load(copied.parent.parent).encode(TEXTS)
    assert np.array_equal(vectors, encoder.encode(TEXTS))
    assert (copied / "encoder.onnx").stat().st_mtime_ns == built


def test_a_changed_graph_is_refused(copied: Path) -> None:
    with (copied / "encoder.onnx").open("r+b") as graph:
        graph.seek(1000)
        graph.write(b"changed")
    with pytest.raises(EncoderError, match=r"encoder\.onnx has been changed; delete its folder"):
        Encoder.load(copied.parent.parent)


@pytest.mark.parametrize("name", ["encoder.onnx", "encoder.onnx.sha256"])
def test_an_incomplete_graph_is_refused(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(EncoderError, match="is not complete; delete it"):
        Encoder.load(copied.parent.parent)


def test_changed_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not the published ones")
    with pytest.raises(EncoderError, match="not the published ones; refused"):
        build_onnx(tmp_path / "model.safetensors", ADAPTER, tmp_path / "encoder.onnx")
    assert not (tmp_path / "encoder.onnx").exists()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "encoder").write_text("a file where the folder should be")

    with pytest.raises(EncoderError, match="Cannot write the encoder"):
        Encoder.load(tmp_path)


def test_a_vector_is_handed_on_to_the_bit_and_nothing_else_is_taken_for_one() -> None:
    vector = np.linspace(-1, 1, DIMENSIONS, dtype=np.float32)
    assert np.array_equal(from_text(to_text(vector)), vector)
    for other in (
        None,
        "",
        "no base64!",
        "AAAA",
        5,
        to_text(vector[:-1]),
        to_text(vector * np.nan),
    ):
        assert from_text(other) is None


def test_the_adapter_brings_questions_of_the_field_nearer_to_their_likes(
    encoder: Encoder, published: Encoder
) -> None:
    texts = ["my son won't go to rehab", "he refuses treatment", "how long is rehab"]

    def lead(vectors: np.ndarray) -> float:
        return float(vectors[0] @ vectors[1] - vectors[0] @ vectors[2])

    assert lead(encoder.encode(texts)) > lead(published.encode(texts))
