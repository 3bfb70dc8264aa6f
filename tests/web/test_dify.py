"""Dify's external knowledge: its shape, its conditions, and its way of being told what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from qa.domain.answers import Filters
from qa.errors import ConditionInvalid
from qa.web.dialects import members
from qa.web.dify import share_of
from qa.web.dify_conditions import filters_of
from qa.web.dify_schemas import MetadataCondition
from qa.web.schemas import Problem
from tests.web.served import app_over_stories


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(app_over_stories()) as opened:
        yield opened


def retrieve(client: TestClient, **changed: object) -> Response:
    asked: dict[str, Any] = {
        "knowledge_id": "wenbao",
        "query": "最低工资标准一类",
        "retrieval_setting": {"top_k": 5, "score_threshold": 0.0},
    }
    return client.post("/retrieval", json={**asked, **changed})


def records(response: Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["records"]
    return found


def test_passages_come_as_records_in_the_order_of_search(client: TestClient) -> None:
    found = records(retrieve(client))
    searched = client.post("/v1/search", json={"question": "最低工资标准一类", "limit": 5}).json()["results"]

    assert [each["content"] for each in found] == [each["quote"] for each in searched]
    first, best = found[0], searched[0]
    assert (first["title"], first["content"]) == ("工资调整", "最低工资标准一类是1980元。")
    assert first["metadata"] == {
        "source": "吕梁日报/0223.txt",
        "date": "2023-03-01",
        "newspaper": None,
        "page": None,
        "authors": [],
        "article_id": best["article"]["id"],
        "passage_id": best["passage"]["id"],
        "spans": best["spans"],
        "dense": best["dense"],
        "lexical": best["lexical"],
    }


def test_scores_are_shares_that_never_rise(client: TestClient) -> None:
    scores = [each["score"] for each in records(retrieve(client))]

    assert all(0 <= score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0.5 > scores[-1]
    assert (share_of(0.0), share_of(2.0), share_of(-2.0)) == (0.5, 0.8808, 0.1192)


def test_a_threshold_leaves_out_what_is_below_it(client: TestClient) -> None:
    everything = records(retrieve(client))
    setting = {"top_k": 5, "score_threshold": 0.5}
    kept = records(retrieve(client, retrieval_setting=setting))

    assert kept == [each for each in everything if each["score"] >= 0.5]
    assert 0 < len(kept) < len(everything)
    assert (
        records(retrieve(client, retrieval_setting={"top_k": 2, "score_threshold": None})) == everything[:2]
    )


def test_an_article_without_a_title_has_the_name_of_its_source(client: TestClient) -> None:
    (record,) = records(
        retrieve(client, query="短讯明日有雨", retrieval_setting={"top_k": 1, "score_threshold": 0})
    )

    assert (record["title"], record["content"]) == ("太原日报/0301.txt", "无题的短讯：明日有雨。")


def test_conditions_restrict_what_is_found(client: TestClient) -> None:
    condition = {"conditions": [{"name": ["source"], "comparison_operator": "start with", "value": "太原"}]}

    found = records(retrieve(client, metadata_condition=condition))

    assert {each["metadata"]["source"] for each in found} == {"太原日报/0301.txt"}
    nothing = {"conditions": [{"name": "date", "comparison_operator": "after", "value": "2030-01-01"}]}
    assert records(retrieve(client, metadata_condition=nothing)) == []


def condition(*conditions: tuple[object, str, object], joined: str = "and") -> MetadataCondition:
    return MetadataCondition.model_validate(
        {
            "logical_operator": joined,
            "conditions": [
                {"name": name, "comparison_operator": operator, "value": value}
                for name, operator, value in conditions
            ],
        }
    )


DAY, BEFORE, AFTER = date(2023, 3, 1), date(2023, 2, 28), date(2023, 3, 2)


@pytest.mark.parametrize(
    ("operator", "filters"),
    [
        ("=", Filters(first=DAY, last=DAY)),
        ("is", Filters(first=DAY, last=DAY)),
        ("≥", Filters(first=DAY)),
        (">", Filters(first=AFTER)),
        ("after", Filters(first=AFTER)),
        ("≤", Filters(last=DAY)),
        ("<", Filters(last=BEFORE)),
        ("before", Filters(last=BEFORE)),
    ],
)
def test_a_condition_on_the_date_is_a_range_of_days(operator: str, filters: Filters) -> None:
    assert filters_of(condition(("date", operator, "2023-03-01"))) == filters


@pytest.mark.parametrize(
    ("operator", "value", "name", "passes"),
    [
        ("is", "甲[1].txt", "甲[1].txt", True),
        ("is", "甲*.txt", "甲1.txt", False),
        ("=", "甲.txt", "乙.txt", False),
        ("in", ["甲.txt", "乙.txt"], "乙.txt", True),
        ("contains", "日报", "太原日报/1.txt", True),
        ("contains", "?", "太原日报/1.txt", False),
        ("start with", "太原", "太原日报/1.txt", True),
        ("start with", "太原", "新太原/1.txt", False),
        ("end with", ".md", "1.md", True),
    ],
)
def test_a_condition_on_the_source_is_a_glob(operator: str, value: object, name: str, passes: bool) -> None:
    filters = filters_of(condition(("source", operator, value)))

    assert any(fnmatchcase(name, glob) for glob in filters.sources) is passes


def test_conditions_are_joined_as_filters_are() -> None:
    assert filters_of(None) == filters_of(condition()) == Filters()
    assert filters_of(
        condition(("date", "≥", "2023-02-01"), ("date", "≥", "2023-03-01"), ("source", "is", "甲"))
    ) == Filters(first=DAY, sources=("甲",))
    either = condition(("source", "is", "甲"), ("source", "is", "乙"), joined="or")
    assert filters_of(either) == Filters(sources=("甲", "乙"))


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (condition(("author", "is", "王")), "不能按 'author' 筛选；可用 date 与 source"),
        (condition((["date", "source"], "is", "甲")), "一个条件只能对一个字段"),
        (condition(("date", "contains", "2023")), "对 date 只能用"),
        (condition(("date", "=", "2023-02-30")), "date 的值应为 YYYY-MM-DD 形式的日期"),
        (condition(("date", "before", "0001-01-01")), "date 的值应为 YYYY-MM-DD 形式的日期"),
        (condition(("date", "=", None)), "date 的值应为 YYYY-MM-DD 形式的日期"),
        (condition(("source", "is not", "甲")), "对 source 只能用"),
        (condition(("source", "is", 7)), "source 的值应为文字"),
        (condition(("source", "in", [])), "source 的值应为文字"),
        (condition(("source", "is", "甲"), ("source", "is", "乙")), "几个对 source 的条件只能用 or 连接"),
        (
            condition(("source", "is", "甲"), ("date", "=", "2023-03-01"), joined="or"),
            "or 只能连接对 source 的条件",
        ),
    ],
)
def test_a_condition_that_is_no_filter_is_refused(refused: MetadataCondition, told: str) -> None:
    with pytest.raises(ConditionInvalid, match=told):
        filters_of(refused)


@pytest.mark.parametrize(
    ("changed", "status", "number", "told"),
    [
        ({"knowledge_id": "AAA-BBB"}, 404, 2001, "没有知识库 'AAA-BBB'；外部知识库 ID 请填 wenbao"),
        ({"query": " "}, 422, 422, "问题是空的；请写出要问的内容"),
        ({"query": "问" * 501}, 422, 422, "问题有 501 字，上限是 500 字；请缩短后再问"),
        ({"retrieval_setting": {"top_k": 0}}, 422, 422, "body.retrieval_setting.top_k：不得小于 1"),
        ({"retrieval_setting": {"top_k": 1.5}}, 422, 422, "body.retrieval_setting.top_k：应为整数"),
        ({"retrieval_setting": None}, 422, 422, "body.retrieval_setting：应为 JSON 对象"),
        (
            {"metadata_condition": {"conditions": [{"name": "x", "comparison_operator": "is"}]}},
            422,
            422,
            "不能按 'x' 筛选；可用 date 与 source",
        ),
    ],
)
def test_what_is_wrong_is_told_as_dify_reads_it(
    client: TestClient, changed: dict[str, Any], status: int, number: int, told: str
) -> None:
    response = retrieve(client, **changed)

    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    body = response.json()
    assert (body["error_code"], body["error_msg"]) == (number, told)
    assert (body["status"], body["detail"]) == (status, told)


def test_the_check_that_dify_makes_without_a_body_finds_the_address(client: TestClient) -> None:
    """Dify takes 403, 404 and 502 for a wrong address or key; anything else will do."""
    response = client.post("/retrieval")

    assert (response.status_code, response.json()["error_msg"]) == (422, "body：缺少这一项")


def test_failures_of_keys_have_the_numbers_of_difys_documentation() -> None:
    def number(status: int) -> object:
        problem = Problem(title="", status=status, detail="", code="", request_id="")
        return members("/retrieval", problem)["error_code"]

    assert [number(status) for status in (401, 403, 404, 503)] == [1001, 1002, 2001, 503]


def test_only_paths_of_others_have_further_fields() -> None:
    problem = Problem(title="", status=404, detail="甲", code="not_found", request_id="")

    assert members("/v1/ask", problem) == members("/v1/modelsx", problem) == {}
    assert set(members("/v1/models/x", problem)) == {"error"}


@pytest.mark.parametrize("field", ["knowledge_id", "query", "name", "value"])
def test_half_a_character_is_no_fault_of_ours(client: TestClient, field: str) -> None:
    at = {"knowledge_id": "wenbao", "query": "问", "name": "source", "value": "甲", field: "\ud800"}
    condition = {"name": at["name"], "comparison_operator": "is", "value": at["value"]}
    body = {
        "knowledge_id": at["knowledge_id"],
        "query": at["query"],
        "retrieval_setting": {"top_k": 1, "score_threshold": 0},
        "metadata_condition": {"conditions": [condition]},
    }
    response = client.post(
        "/retrieval", content=json.dumps(body), headers={"content-type": "application/json"}
    )

    assert response.status_code == (200 if field == "value" else 422), response.text
