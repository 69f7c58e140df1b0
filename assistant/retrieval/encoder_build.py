"""Makes the encoder's ONNX graph from the published weights, once, at set-up.

The graph is written with ONNX Runtime's fused transformer operators (Attention,
SkipLayerNormalization, BiasGelu) straight away, so that no fusion pass has to
recognise them, and its matrices are then quantised to int8 per channel. The
model is sentence-transformers/all-MiniLM-L6-v2 (Wang et al., "MiniLM", 2020,
https://arxiv.org/abs/2002.10957; Reimers & Gurevych, "Sentence-BERT", 2019,
https://arxiv.org/abs/1908.10084).
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

from assistant.errors import EncoderError

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS = 6
HEADS = 12
NORM_EPSILON = 1e-12
_CONTRIB = "com.microsoft"

Tensors = Mapping[str, npt.NDArray[np.float32]]


def build_onnx(weights: Path, adapter: Path, target: Path) -> None:
    """Writes the int8 encoder to `target`.

    Args:
        weights: the published `model.safetensors`.
        adapter: what `assistant.retrieval.adapting` learnt to add to them.
        target: the ONNX file to write. Its inputs are `input_ids` (batch, tokens)
            int32 and `attention_mask` (batch, tokens) int32; its output is
            `hidden` (batch, tokens, 384) float32.

    Raises:
        EncoderError: the weights are not the published ones.
    """
    if hashlib.sha256(weights.read_bytes()).hexdigest() != WEIGHTS_SHA256:
        raise EncoderError("The encoder's weights are not the published ones; refused.")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        exact = Path(folder) / "float32.onnx"
        onnx.save(_Graph(adapted(load_file(str(weights)), load_file(str(adapter)))).model(), exact)
        quantize_dynamic(
            str(exact),
            str(target),
            per_channel=True,
            weight_type=QuantType.QInt8,
            # The fused operators have no shape inference; the quantiser has to
            # be told that what it cannot infer is float32.
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )


def adapted(tensors: Tensors, adapter: Tensors) -> Tensors:
    """The weights with the adapter's products added (Hu et al., "LoRA", 2021).

    Args:
        tensors: the published weights; a matrix is (outputs, inputs).
        adapter: `<matrix>.down` (inputs, rank) and `<matrix>.up` (rank, outputs).
    """
    changed = dict(tensors)
    for name in {key.rpartition(".")[0] for key in adapter}:
        down, up = (adapter[f"{name}.{part}"].astype(np.float32) for part in ("down", "up"))
        changed[f"{name}.weight"] = tensors[f"{name}.weight"] + (down @ up).T
    return changed


class _Graph:
    """Collects the nodes and weights of the encoder while it is written."""

    def __init__(self, tensors: Tensors) -> None:
        self._tensors = tensors
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []

    def model(self) -> onnx.ModelProto:
        """The whole float32 graph."""
        hidden = self._embeddings()
        for layer in range(LAYERS):
            hidden = self._layer(hidden, f"encoder.layer.{layer}")
        self._nodes.append(helper.make_node("Identity", [hidden], ["hidden"]))
        graph = helper.make_graph(
            self._nodes,
            "all-MiniLM-L6-v2",
            inputs=[
                helper.make_tensor_value_info(name, TensorProto.INT32, ["batch", "tokens"])
                for name in ("input_ids", "attention_mask")
            ],
            outputs=[
                helper.make_tensor_value_info("hidden", TensorProto.FLOAT, ["batch", "tokens", 384])
            ],
            initializer=self._weights,
        )
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_CONTRIB, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=8)

    def _embeddings(self) -> str:
        positions = (
            # Every token is of segment 0, so its embedding joins the position's.
            self._tensors["embeddings.position_embeddings.weight"]
            + self._tensors["embeddings.token_type_embeddings.weight"][0]
        )
        return self._fused(
            "EmbedLayerNormalization",
            [
                "input_ids",
                "",
                self._weight("embeddings.word_embeddings.weight"),
                self._constant("embeddings.positions", positions),
                "",
                self._weight("embeddings.LayerNorm.weight"),
                self._weight("embeddings.LayerNorm.bias"),
            ],
            "embeddings",
            extra_outputs=["embeddings.mask_index"],
            epsilon=NORM_EPSILON,
        )

    def _layer(self, hidden: str, name: str) -> str:
        attended = self._fused(
            "Attention",
            [hidden, *self._merged_projections(name), "attention_mask"],
            f"{name}.attended",
            num_heads=HEADS,
        )
        mixed = self._matmul(attended, f"{name}.attention.output.dense")
        normed = self._skip_norm(mixed, hidden, f"{name}.attention.output")
        wide = self._matmul(normed, f"{name}.intermediate.dense")
        bias = self._weight(f"{name}.intermediate.dense.bias")
        activated = self._fused("BiasGelu", [wide, bias], f"{name}.activated")
        narrow = self._matmul(activated, f"{name}.output.dense")
        return self._skip_norm(narrow, normed, f"{name}.output")

    def _merged_projections(self, name: str) -> tuple[str, str]:
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        matrix = np.concatenate([self._tensors[f"{part}.weight"].T for part in parts], axis=1)
        bias = np.concatenate([self._tensors[f"{part}.bias"] for part in parts])
        return (
            self._constant(f"{name}.attention.qkv.weight", matrix),
            self._constant(f"{name}.attention.qkv.bias", bias),
        )

    def _matmul(self, hidden: str, name: str) -> str:
        matrix = self._constant(f"{name}.matrix", self._tensors[f"{name}.weight"].T)
        self._nodes.append(helper.make_node("MatMul", [hidden, matrix], [f"{name}.product"]))
        return f"{name}.product"

    def _skip_norm(self, product: str, skipped: str, name: str) -> str:
        weights = [f"{name}.LayerNorm.weight", f"{name}.LayerNorm.bias", f"{name}.dense.bias"]
        return self._fused(
            "SkipLayerNormalization",
            [product, skipped, *map(self._weight, weights)],
            f"{name}.normed",
            epsilon=NORM_EPSILON,
        )

    def _fused(
        self,
        operator: str,
        inputs: list[str],
        output: str,
        extra_outputs: list[str] | None = None,
        **attributes: Any,
    ) -> str:
        outputs = [output, *(extra_outputs or [])]
        self._nodes.append(
            helper.make_node(operator, inputs, outputs, name=output, domain=_CONTRIB, **attributes)
        )
        return output

    def _weight(self, name: str) -> str:
        return self._constant(name, self._tensors[name])

    def _constant(self, name: str, values: npt.NDArray[np.float32]) -> str:
        self._weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name
