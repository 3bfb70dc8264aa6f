"""What the encoder is shown: pairs, and what is kept away from them."""

from __future__ import annotations

from training.pairs import SHARED, Matched, apart, batches_of_neighbours, news_pairs, question_pairs
from training.reading_sets import Answer, Asked

NOTICE = "各县（市、区）人民政府要压实属地责任，" + "".join(chr(0x4E00 + at) for at in range(300))


def asked(context: str, *, answer: str = "", number: int = 0) -> Asked:
    answers = (Answer(text=answer, start=context.index(answer)),) if answer else ()
    return Asked(id=str(number), source="made", question=f"问{number}？", context=context, answers=answers)


def test_a_notice_that_is_printed_again_under_another_headline_is_kept_away() -> None:
    again = asked("【转发】" + NOTICE[30:200])
    spaced = asked("又：" + " ".join(NOTICE[100:200]))
    other = asked("晋中市气象局昨日发布大风预报，" * 10)
    assert apart([again, spaced, other], measured=[NOTICE]) == [other]


def test_what_is_shorter_than_chance_would_have_in_common_is_not() -> None:
    short = asked("经研究，" + NOTICE[: SHARED - 1] + "，特此通知。" * 20)
    assert apart([short], measured=[NOTICE]) == [short]


def test_nothing_measured_keeps_nothing_away() -> None:
    assert apart([asked(NOTICE)], measured=[]) == [asked(NOTICE)]


def test_the_passage_of_a_question_holds_its_answer_and_the_same_seed_gives_the_same() -> None:
    questions = [
        asked(NOTICE, answer=NOTICE[150:158]),
        asked(NOTICE),
        asked("短文里有答案四十岁。", answer="四十岁"),
    ]
    pairs = list(question_pairs(questions, epoch=0, seed=1))
    assert [pair.question for pair in pairs] == ["问0？", "问0？"]
    assert NOTICE[150:158] in pairs[0].passage
    assert pairs[0].passage in NOTICE
    assert pairs[1].passage == "短文里有答案四十岁。"
    assert pairs == list(question_pairs(questions, epoch=0, seed=1))
    assert pairs[0] != next(iter(question_pairs(questions, epoch=1, seed=1)))


def test_a_news_item_is_asked_for_by_its_headline_or_by_a_sentence_that_is_then_left_out() -> None:
    text = "".join(f"会议强调，第{number}项工作要抓紧抓实抓出成效。" for number in range(30))
    rows = [{"title": f"全省第{at}次工作会议召开", "text": f"第{at}次。" + text} for at in range(40)]
    kinds = set()
    for pair in news_pairs(rows, epoch=0, seed=1):
        title, by_headline = pair.document, pair.question == pair.document
        kinds.add(by_headline)
        assert pair.passage.startswith(title) is not by_headline
        assert by_headline or pair.question not in pair.passage
    assert kinds == {True, False}


def test_a_batch_holds_what_a_search_confuses() -> None:
    topics = ["最低工资", "气象预报", "人大会议", "道路施工", "疫苗接种"]
    pairs = [
        Matched(
            question=f"{town}{topic}怎么安排？", passage=f"{town}对{topic}作出安排。", document=town + topic
        )
        for topic in topics
        for town in ("太谷县", "祁县", "平遥县", "介休市")
    ]
    batches = list(batches_of_neighbours(pairs, size=4, epoch=0, seed=1))
    assert sorted(pair.document for batch in batches for pair in batch) == sorted(p.document for p in pairs)
    held = [{topic for topic in topics for pair in batch if topic in pair.document} for batch in batches]
    # Drawn by chance, four of these twenty nearly always hold three topics or four.
    assert sum(map(len, held)) / len(held) < 2
