"""BERT, computed by OpenVINO from weights as transformers names them (see docs/adr/0030).

The graph is made here, operation by operation: nothing is converted, traced or fetched, and neither
torch nor transformers is imported, which alone would take longer than an answer does.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import openvino
from numpy.typing import NDArray
from openvino import Node
from openvino import opset15 as operations
from safetensors import SafetensorError
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from qa.models.cores import usable_cores

WEIGHTS, CONFIG, TOKENIZER = "model.safetensors", "config.json", "tokenizer.json"
EMBEDDINGS = "embeddings."
PADDING_PENALTY = 1e9
"""Taken from the score of padding: nothing is left of it after the softmax."""

PLAIN = {"model_type": "bert", "hidden_act": "gelu"}
ABSOLUTE = "absolute"

Thing = TypeVar("Thing")

Weights = Mapping[str, NDArray[np.float32] | NDArray[np.float16]]
"""As the file has them: what is computed in 32 bits is made of 16 where it is computed, not copied before."""

Numbers = NDArray[np.int64]
"""Numbers of pieces in the vocabulary; shape (texts, length), padded on the right."""

Hidden = NDArray[np.float32]
"""A vector a piece; shape (texts, length, width)."""


class NotComputable(Exception):
    """A folder does not hold a plain BERT; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The sizes of a BERT.

    :param width: Numbers a piece is told in between two layers.
    """

    layers: int
    heads: int
    width: int
    epsilon: float


class Bert:
    """Turns pieces into vectors that know of the pieces around them; one computation at a time."""

    def __init__(
        self, weights: Weights, shape: Shape, *, bf16: bool | None = None, threads: int | None = None
    ) -> None:
        """Compile the graph.

        :param bf16: Whether to compute in bf16, if the processor can; None for where it does so in hardware.
        :param threads: They compute with so many; None for as many as there are cores for this process.
        """
        short = computes_bf16() if bf16 is None else bf16
        compiled = openvino.Core().compile_model(
            Graph(weights, shape).model(),
            "CPU",
            {
                "PERFORMANCE_HINT": "LATENCY",
                "INFERENCE_PRECISION_HINT": "bf16" if short else "f32",
                "INFERENCE_NUM_THREADS": threads or usable_cores(),
                # Several processes on one machine would all be bound to its first cores.
                "ENABLE_CPU_PINNING": False,
            },
        )
        self._request = compiled.create_infer_request()
        self._lock = threading.Lock()

    def hidden(self, numbers: Numbers, *, present: NDArray[np.bool_]) -> Hidden:
        """Return a vector for each piece.

        :param present: Of the shape of ``numbers``; False for padding, whose vectors mean nothing.
        """
        with self._lock:
            return np.array(self._request.infer([numbers, present.astype(np.float32)])[0])


class Graph:
    """Makes the operations of a BERT (Devlin et al. 2019), in the order in which they are computed."""

    def __init__(self, weights: Weights, shape: Shape) -> None:
        """Take weights by their names below the model's own prefix.

        :raises NotComputable: While building, when there is a name that they have not.
        """
        self._weights, self._shape = weights, shape

    def model(self) -> openvino.Model:
        """Return the whole: numbers and presence of pieces in, vectors out."""
        numbers = operations.parameter([-1, -1], np.int64, name="numbers")
        present = operations.parameter([-1, -1], np.float32, name="present")
        penalty = operations.multiply(operations.subtract(present, number(1.0)), number(PADDING_PENALTY))
        penalty = operations.unsqueeze(penalty, axes(1, 2))
        hidden = self._embedded(numbers)
        for layer in range(self._shape.layers):
            hidden = self._layer(hidden, penalty, f"encoder.layer.{layer}.")
        return openvino.Model([hidden], [numbers, present], "bert")

    def _embedded(self, numbers: Node) -> Node:
        words = operations.gather(self._constant(f"{EMBEDDINGS}word_embeddings.weight"), numbers, axes(0))
        length = operations.gather(operations.shape_of(numbers), axes(1), axes(0))
        first_kind = self._of(f"{EMBEDDINGS}token_type_embeddings.weight")[0].astype(np.float32)
        places = operations.constant(self._of(f"{EMBEDDINGS}position_embeddings.weight") + first_kind)
        printed = operations.slice(places, axes(0), length, axes(1), axes(0))
        return self._normalised(operations.add(words, printed), f"{EMBEDDINGS}LayerNorm")

    def _layer(self, hidden: Node, penalty: Node, name: str) -> Node:
        attended = self._linear(self._attention(hidden, penalty, name), f"{name}attention.output.dense")
        hidden = self._normalised(operations.add(hidden, attended), f"{name}attention.output.LayerNorm")
        inner = operations.gelu(self._linear(hidden, f"{name}intermediate.dense"), "erf")
        outer = self._linear(inner, f"{name}output.dense")
        return self._normalised(operations.add(hidden, outer), f"{name}output.LayerNorm")

    def _attention(self, hidden: Node, penalty: Node, name: str) -> Node:
        heads, width = self._shape.heads, self._shape.width
        turn = axes(0, 2, 1, 3)
        query, key, value = (
            operations.transpose(
                operations.reshape(
                    self._linear(hidden, f"{name}attention.self.{part}"),
                    axes(0, 0, heads, width // heads),
                    special_zero=True,
                ),
                turn,
            )
            for part in ("query", "key", "value")
        )
        looked = operations.scaled_dot_product_attention(query, key, value, penalty)
        return operations.reshape(operations.transpose(looked, turn), axes(0, 0, width), special_zero=True)

    def _linear(self, given: Node, name: str) -> Node:
        product = operations.matmul(given, self._constant(f"{name}.weight"), False, True)
        return operations.add(product, self._constant(f"{name}.bias"))

    def _normalised(self, given: Node, name: str) -> Node:
        even = operations.mvn(given, axes(-1), True, self._shape.epsilon, "inside_sqrt")
        scaled = operations.multiply(even, self._constant(f"{name}.weight"))
        return operations.add(scaled, self._constant(f"{name}.bias"))

    def _constant(self, name: str) -> Node:
        weights = self._of(name)
        constant = operations.constant(weights)
        return constant if weights.dtype == np.float32 else operations.convert(constant, np.float32)

    def _of(self, name: str) -> NDArray[np.float32] | NDArray[np.float16]:
        if name not in self._weights:
            raise NotComputable(f"no weights {name}")
        return self._weights[name]


def axes(*numbers: int) -> Node:
    """Return a list of whole numbers as an operation."""
    return operations.constant(np.array(numbers, dtype=np.int64))


def number(value: float) -> Node:
    """Return one number as an operation."""
    return operations.constant(np.float32(value))


def computes_bf16() -> bool:
    """Tell whether this processor multiplies bf16 in hardware."""
    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def read_json(path: Path, kind: type[Thing]) -> Thing:
    """Return what a file holds, which is to be of one kind.

    :raises NotComputable: When it is not, or there is no such file.
    """
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise NotComputable(f"{path.name}: {error}") from error
    if not isinstance(found, kind):
        raise NotComputable(f"{path.name} holds a {type(found).__name__}")
    return found


def shape_in(folder: Path) -> Shape:
    """Return the sizes of the model in a folder.

    :raises NotComputable: When it is another kind of model than a plain BERT.
    """
    config = read_json(folder / CONFIG, dict)
    for name, wanted in PLAIN.items():
        if config.get(name) != wanted:
            raise NotComputable(f"{name} is {config.get(name)}")
    if config.get("position_embedding_type", ABSOLUTE) != ABSOLUTE or config.get("is_decoder"):
        raise NotComputable("not a plain encoder")
    try:
        return Shape(
            layers=int(config["num_hidden_layers"]),
            heads=int(config["num_attention_heads"]),
            width=int(config["hidden_size"]),
            epsilon=float(config["layer_norm_eps"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NotComputable(f"{CONFIG}: {error}") from error


def weights_in(folder: Path, *, below: str = "") -> Weights:
    """Return the weights of the model in a folder, in 16 bits where they are kept so, else in 32, by name.

    :param below: A prefix: where there are names with it, they are told without.
    :raises NotComputable: When there are none, or in numbers of another kind.
    """
    try:
        found = load_file(folder / WEIGHTS)
    except (OSError, SafetensorError, TypeError, KeyError, AttributeError) as error:
        raise NotComputable(f"{WEIGHTS}: {error}") from error
    return {
        name.removeprefix(below): each if each.dtype == np.float16 else each.astype(np.float32, copy=False)
        for name, each in found.items()
    }


def tokenizer_in(folder: Path) -> Tokenizer:
    """Return what cuts texts into pieces for the model in a folder.

    :raises NotComputable: When there is none in one file.
    """
    try:
        return Tokenizer.from_file(str(folder / TOKENIZER))
    except Exception as error:  # what tokenizers raises has no type of its own
        raise NotComputable(f"{TOKENIZER}: {error}") from error
