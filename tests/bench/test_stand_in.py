"""A stand-in for a large index: questions are embedded whole, of passages only the ends."""

from __future__ import annotations

import numpy as np

from bench.stand_in import LastWords
from tests.fakes import FakeEncoder


def test_of_a_passage_its_end_is_embedded_and_a_question_whole() -> None:
    encoder = FakeEncoder()
    short = LastWords(FakeEncoder, characters=4)

    assert short.identity == encoder.identity
    np.testing.assert_array_equal(
        short.embed_passages(["会议由省长主持召开"]), encoder.embed_passages(["主持召开"])
    )
    np.testing.assert_array_equal(
        short.embed_questions(["会议由谁主持？"]), encoder.embed_questions(["会议由谁主持？"])
    )
