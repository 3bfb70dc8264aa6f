"""Words are read for the texts that come, and counted as jieba counts them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import jieba
import pytest

from qa.store.dictionary import Dictionary

LINES = "大 5 a\n大会 7 n\n大同市 2 ns\n北京 9 ns\n大会 8 n\n"


def test_only_the_words_are_read_that_a_text_may_have() -> None:
    dictionary = Dictionary(LINES)
    dictionary.read_for("在北方")

    assert dictionary.counts == {"北京": 9, "北": 0}
    assert dictionary.total == 31


def test_blocks_that_stand_apart_are_read_in_their_order() -> None:
    dictionary = Dictionary(LINES)
    dictionary.read_for("盛大")

    assert dictionary.counts == {"大": 5, "大会": 8, "大同": 0, "大同市": 2}


@pytest.fixture(scope="module")
def shipped() -> str:
    with jieba.Tokenizer().get_dict_file() as file:
        return str(file.read(), "utf-8")


def test_all_of_it_is_what_jieba_reads(shipped: str) -> None:
    dictionary = Dictionary(shipped)
    dictionary.read_for(shipped)
    tokenizer = jieba.Tokenizer()

    assert (dictionary.counts, dictionary.total) == tokenizer.gen_pfdict(tokenizer.get_dict_file())


def test_threads_see_every_word_of_their_text(shipped: str) -> None:
    whole = Dictionary(shipped)
    whole.read_for(shipped)
    dictionary = Dictionary(shipped)
    text = "".join(dict.fromkeys(line[0] for line in shipped.splitlines()))[:2000]

    def missed(at: int) -> list[str]:
        part = text[at : at + 500]
        dictionary.read_for(part)
        return [word for word in whole.counts if word[0] in part and word not in dictionary.counts]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(missed, [0, 100, 200, 300] * 4)) == [[]] * 16
