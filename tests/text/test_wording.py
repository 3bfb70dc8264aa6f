"""The wording of a page: each text looked at once."""

from __future__ import annotations

import numpy as np

from qa.text.language import folded_points
from qa.text.wording import Wording
from tests.shipped import page_model
from tests.text.local_news import BEES, FIRE

TEXTS = [BEES[1], FIRE[1], BEES[1], FIRE[2]]


def test_a_text_is_looked_at_once_however_often_it_stands_there() -> None:
    wording = Wording(TEXTS, page_model().language, page_model().manner)
    rows = wording.rows(TEXTS)

    assert len(wording.points) == 4  # three, and the empty one
    assert rows[0] == rows[2]
    assert len(wording.points.chosen(wording.rows([""])).flat) == 0


def test_each_text_has_the_rows_that_it_has_alone() -> None:
    wording, language = Wording(TEXTS, page_model().language, page_model().manner), page_model().language
    for text in TEXTS:
        row, alone = wording.rows([text])[0], folded_points([text])
        np.testing.assert_allclose(wording.ends[row], language.ends(alone)[0], rtol=1e-3, atol=1e-4)
        np.testing.assert_allclose(wording.starts[row], language.starts(alone)[0], rtol=1e-3, atol=1e-4)
        np.testing.assert_allclose(wording.topics[row], language.of(alone)[0], rtol=1e-3, atol=1e-5)
        assert wording.opening(text) == language.openings(alone)[0]


def test_how_well_a_text_goes_on_is_the_product_of_its_end_and_the_starts_of_others() -> None:
    wording = Wording(TEXTS, page_model().language, page_model().manner)
    end = wording.ends[wording.rows([BEES[1]])[0]]

    np.testing.assert_allclose(
        wording.going_on(BEES[1], [FIRE[1], FIRE[2]]),
        wording.starts[wording.rows([FIRE[1], FIRE[2]])] @ end,
        rtol=1e-4,
    )
