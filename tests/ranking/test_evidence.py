"""What speaks for and against an answer."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from qa.ranking.confidence import SIGNALS, ConfidenceModel
from qa.ranking.evidence import IN_WORDS, MOST, Candidate, Evidence, weigh
from qa.store.tokens import Tokens

WAGE = "全日制用工一类月最低工资标准为1980元。标准自1月1日起施行。"
FACTORY = "总投资36.5亿元的乳胶项目开工。"

RIGHT = Candidate(
    answer="1980元",
    sentence="全日制用工一类月最低工资标准为1980元。",
    margin=5.0,
    passage=WAGE,
    title="我省调整最低工资标准",
    article="2023年2月23日\n此次调整惠及农民工。",
    fused=2.0,
)
WRONG = Candidate(
    answer="36.5亿元",
    sentence=FACTORY,
    margin=-2.0,
    passage=FACTORY,
    title="",
    article="",
    fused=1.2,
)
WORDS = Tokens()
QUESTION = "一类月最低工资标准是多少元？"


def weighed(*groups: list[Candidate]) -> list[Evidence]:
    return weigh(QUESTION, groups, passages=[WAGE, FACTORY], best_fused=2.0, words=WORDS)


def test_the_lead_is_over_the_best_other_answer() -> None:
    right, wrong = weighed([RIGHT], [WRONG])

    assert (right.margin, right.lead) == (5.0, 7.0)
    assert (wrong.margin, wrong.lead) == (-2.0, -7.0)


def test_an_answer_without_a_rival_leads_by_as_much_as_can_be() -> None:
    assert weighed([RIGHT])[0].lead == MOST


def test_what_the_words_of_the_question_say_is_counted_in_passage_and_sentence() -> None:
    right, wrong = weighed([RIGHT], [WRONG])

    assert right.coverage == pytest.approx(1.0)
    assert right.nearness == pytest.approx(1.0)
    assert wrong.coverage == 0.0


def test_what_the_article_says_elsewhere_counts_as_its_own() -> None:
    def evidence(candidate: Candidate) -> Evidence:
        question = "2023年农民工最低工资是多少元？"
        return weigh(question, [[candidate]], passages=[WAGE], best_fused=2, words=WORDS)[0]

    alone, together = evidence(replace(RIGHT, article="")), evidence(RIGHT)

    assert alone.coverage == together.coverage == alone.article < together.article
    assert alone.nearness == together.nearness


def test_one_script_supports_a_question_in_the_other() -> None:
    printed = replace(RIGHT, passage="全日制用工一類月最低工資標準為1980元。")

    assert weighed([printed])[0].coverage == 1.0


def test_an_answer_counts_everywhere_it_stands() -> None:
    other = replace(RIGHT, passage="月最低工资标准为1980元。", fused=1.0, margin=3.0)
    (evidence,) = weighed([RIGHT, other])

    assert evidence.places == pytest.approx(math.log(2))
    assert evidence.rank == 0.0
    assert evidence.margin == 5.0


def test_a_passage_further_down_counts_by_how_far() -> None:
    assert weighed([WRONG])[0].rank == pytest.approx(-0.8)


def test_margins_say_no_more_than_a_bound() -> None:
    assert weighed([replace(RIGHT, margin=99.0)])[0].margin == MOST


def test_every_signal_has_words_for_a_person() -> None:
    assert set(IN_WORDS) == set(SIGNALS)


def test_confidence_is_the_logistic_of_the_weighted_sum() -> None:
    model = ConfidenceModel(
        intercept=-1.0, weights=dict.fromkeys(SIGNALS, 0.0) | {"margin": 0.5, "coverage": 2.0}
    )
    evidence = weighed([RIGHT])[0]

    assert model.confidence(evidence) == pytest.approx(1 / (1 + math.exp(1 - 2.5 - 2.0)))
    assert model.contributions(evidence)["margin"] == 2.5
    assert sum(model.contributions(evidence).values()) == pytest.approx(4.5)


def test_confidence_stays_a_probability_however_much_is_said() -> None:
    model = ConfidenceModel(intercept=0.0, weights=dict.fromkeys(SIGNALS, 1e6))

    assert model.confidence(weighed([RIGHT])[0]) == pytest.approx(1.0)


def test_weights_that_are_not_those_of_the_signals_are_refused() -> None:
    with pytest.raises(ValueError, match="margin"):
        ConfidenceModel(intercept=0.0, weights={"margin": 1.0})
