"""How a reader cuts text: each Han character by itself, so that a span may begin and end at any of them.

A unigram tokenizer joins what often stands together, across the ends of answers
too: with the encoder's pieces 4 % of the answers of CMRC 2018 begin or end
inside one. Words in Latin letters and runs of digits stay pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import opencc
from tokenizers import Regex, Tokenizer, pre_tokenizers

HAN_BLOCKS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))
SPECIAL = ("<s>", "</s>", "<pad>")
APART = Regex(r"\p{Han}|\p{P}|\p{S}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """A text as a reader sees it.

    :param ids: Numbers in the vocabulary.
    :param starts: Where each piece begins in the text, in characters.
    :param ends: Where each piece ends in the text, exclusive.
    """

    ids: list[int]
    starts: list[int]
    ends: list[int]

    def __len__(self) -> int:
        """Return the number of pieces."""
        return len(self.ids)


class SpanTokens:
    """Cuts texts into pieces, on a copy in simplified script with as many characters."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        """Cut with the vocabulary of ``tokenizer``, character by character."""
        self._tokenizer = tokenizer
        self._simplified = simplified_characters()
        self.begin, self.end, self.padding = (number_of(tokenizer, piece) for piece in SPECIAL)

    def cut(self, texts: Sequence[str]) -> list[Pieces]:
        """Return the pieces of each text, in order; no special ones."""
        folded = [text.translate(self._simplified) for text in texts]
        return [
            Pieces(
                ids=encoding.ids,
                starts=[start for start, _ in encoding.offsets],
                ends=[end for _, end in encoding.offsets],
            )
            for encoding in self._tokenizer.encode_batch(folded, add_special_tokens=False)
        ]


def number_of(tokenizer: Tokenizer, piece: str) -> int:
    """Return the number of a piece.

    :raises ValueError: When the vocabulary does not have it.
    """
    number = tokenizer.token_to_id(piece)
    if number is None:
        raise ValueError(f"no piece {piece} in the vocabulary")
    return int(number)


def character_tokenizer(folder: Path) -> Tokenizer:
    """Return the tokenizer of a model, told to keep every Han character and every mark apart."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(APART, behavior="isolated"),
            pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="never", split=True),
        ]
    )
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def simplified_characters() -> dict[int, str]:
    """Return the simplified form of each traditional character that has one; one for one.

    Words are not looked at, so that no character changes its place.
    """
    characters = [chr(code) for first, last in HAN_BLOCKS for code in range(first, last + 1)]
    # One call, a character a line: a converter works on words, and a line end ends each.
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {
        ord(printed): simplified
        for printed, simplified in zip(characters, converted, strict=True)
        if simplified != printed and len(simplified) == 1
    }
