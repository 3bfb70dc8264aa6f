"""What a reader is shown: the answer where it stands, or a text without it."""

from __future__ import annotations

import random

import pytest

from qa.assemble import shipped_model
from qa.models.span_tokens import SpanTokens, character_tokenizer
from tests.training.made_questions import write_data
from training.pairs import batches_of_neighbours, question_pairs
from training.reading_examples import Example, ExampleMaker, span_of
from training.reading_sets import Answer, Asked, is_kept, read_lines
from training.retrieval_scores import found_by_words
from training.swaps import Swaps


@pytest.fixture(scope="module")
def tokens() -> SpanTokens:
    return SpanTokens(character_tokenizer(shipped_model("encoder")))


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> list[Asked]:
    data = write_data(tmp_path_factory.mktemp("data"))
    return list(read_lines(data / "reading" / "train.jsonl.xz"))


def shown(tokens: SpanTokens, questions: list[Asked], *, swaps: bool = False) -> list[tuple[int, Example]]:
    maker = ExampleMaker(tokens, questions, elsewhere=["今天天气晴朗。" * 30], seed=1, swaps=swaps)
    return [(n, each) for n in range(len(questions)) for each in maker.examples([n], epoch=0)]


def test_the_marked_pieces_are_those_of_the_answer(tokens: SpanTokens, questions: list[Asked]) -> None:
    answered = [(n, each) for n, each in shown(tokens, questions) if each.first]

    assert len(answered) > 60
    for number, example in answered:
        (answer,) = tokens.cut([questions[number].answers[0].text])
        assert example.ids[example.first : example.last + 1] == answer.ids


def test_a_question_without_an_answer_is_never_given_one(tokens: SpanTokens, questions: list[Asked]) -> None:
    unanswerable = [each for n, each in shown(tokens, questions) if not questions[n].answers]

    assert len(unanswerable) == 80
    assert all((each.first, each.last) == (0, 0) for each in unanswerable)


def test_what_is_shown_as_unanswered_does_not_hold_the_answer(
    tokens: SpanTokens, questions: list[Asked]
) -> None:
    unanswered = [
        (n, each) for n, each in shown(tokens, questions) if questions[n].answers and not each.first
    ]

    assert len(unanswered) > 10
    for number, example in unanswered:
        answer = tokens.cut([questions[number].answers[0].text])[0].ids
        passage = example.ids[example.ids.index(tokens.end) :]
        runs = [passage[at : at + len(answer)] for at in range(len(passage))]
        assert answer not in runs


def test_the_same_seed_shows_the_same_and_another_round_something_else(
    tokens: SpanTokens, questions: list[Asked]
) -> None:
    maker = ExampleMaker(tokens, questions, elsewhere=[], seed=1)

    first = list(maker.examples(range(30), epoch=0))

    assert list(maker.examples(range(30), epoch=0)) == first
    assert list(maker.examples(range(30), epoch=1)) != first


def test_with_swaps_some_questions_ask_for_another_name_and_have_no_answer(questions: list[Asked]) -> None:
    asked = [
        Asked(
            id="1",
            source="cmrc2018_train",
            question="2008年北京奥运会由谁主办？",
            context="2008年北京奥运会由北京市主办。",
            answers=(Answer(text="北京市", start=12),),
        ),
        Asked(id="2", source="cmrc2018_train", question="上海在哪里？", context="上海在东部。", answers=()),
    ]

    swaps = Swaps(asked)

    changed = {swaps.swapped(0, random.Random(seed)) for seed in range(40)} - {None}

    assert changed
    for question in changed:
        assert question is not None
        assert question != asked[0].question
        assert question.endswith("奥运会由谁主办？")


def test_an_answer_is_found_at_its_pieces(tokens: SpanTokens) -> None:
    (pieces,) = tokens.cut(["总投资36.5亿元"])

    span = span_of(pieces, Answer(text="36.5亿元", start=3))

    assert span is not None
    assert (pieces.starts[span[0]], pieces.ends[span[1]]) == (3, 9)


def test_the_passage_that_shares_most_is_found_first() -> None:
    passages = ["玛钢企业签约二十份协议", "今日天气晴", "最低工资标准自一月施行", "玻璃器皿出口"]

    assert found_by_words(["最低工资标准何时施行"], passages=passages, depth=2)[0][0] == 2


def test_a_document_is_kept_for_development_whatever_its_blanks() -> None:
    texts = [f"第{number}号公告，自即日起施行。" for number in range(400)]
    kept = [text for text in texts if is_kept(text)]

    assert 8 <= len(kept) <= 50
    assert all(is_kept(" ".join(text)) for text in kept)


def test_a_batch_holds_each_question_once_with_a_passage_that_answers_it(
    questions: list[Asked],
) -> None:
    pairs = list(question_pairs(questions, epoch=0, seed=1))
    batches = list(batches_of_neighbours(pairs, size=16, epoch=0, seed=1))

    assert batches
    assert all(len(batch) == 16 for batch in batches)
    assert len({pair.question for batch in batches for pair in batch}) == sum(map(len, batches))
    for pair in pairs:
        answers = [a.text for q in questions if q.question == pair.question for a in q.answers]
        assert any(answer in pair.passage for answer in answers)
