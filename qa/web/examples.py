"""Examples of what goes over the wire, from the sample pages; the tests hold them to the shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PAGE = "003_313d145a827ed219.txt"
SPAN = {"source": PAGE, "start": 1188, "end": 1191}
ARTICLE = {
    "id": "5a0c1e7d9b3f2468",
    "title": "市委召开会议",
    "published": "2023-02-24",
    "date": "2023-02-23",
    "authors": ["王亮亮"],
    "newspaper": "吕梁日报",
    "issue": "10906",
    "page": "1",
    "source": PAGE,
}
SENTENCE = "市委书记孙大军主持会议并讲话。"
CITATION = {
    "rank": 1,
    "quote": "孙大军",
    "spans": [SPAN],
    "article": ARTICLE,
    "passage": {"id": "0f1e2d3c4b5a6978", "text": SENTENCE, "highlight": [[4, 7]]},
    "score": 0.97,
    "supports": True,
}
FOUND = {
    "rank": 1,
    "quote": SENTENCE,
    "spans": [{"source": PAGE, "start": 1184, "end": 1199}],
    "article": ARTICLE,
    "passage": {"id": "0f1e2d3c4b5a6978", "text": SENTENCE, "highlight": []},
    "dense": 0.86,
    "lexical": 12.4,
    "fused": 0.032,
    "also": [],
}
SOURCE = {"id": "9c2b7a1f0e3d4856", "name": PAGE, "characters": 8241, "articles": 14, "passages": 96}
LISTED = {
    "id": ARTICLE["id"],
    "title": "市委召开会议",
    "kind": "news",
    "authors": ["王亮亮"],
    "dateline": "本报讯",
    "published": "2023-02-24",
    "date": "2023-02-23",
    "newspaper": "吕梁日报",
    "issue": "10906",
    "page": "1",
    "jump_to": "4",
    "jump_from": None,
    "facts_at": {"title": [{"source": PAGE, "start": 1160, "end": 1166}]},
    "spans": [{"source": PAGE, "start": 1168, "end": 2035}],
    "sources": [{"id": SOURCE["id"], "name": PAGE}],
    "passages": 7,
}

OUTCOME = {
    "question": "吕梁市委书记是谁？",
    "answer": "孙大军",
    "abstained": False,
    "confidence": 0.97,
    "citations": [CITATION],
    "alternatives": [],
    "timings_ms": {"retrieve": 11.0, "read": 96.0, "total": 108.0},
    "index_version": "1-6f2d0c4a",
}

BATCH = {
    "id": "pX0c9a7e4b1d4c1b8d7a3e2f",
    "name": "问题.jsonl",
    "state": "running",
    "asked": 120,
    "of": 5000,
    "passages": 20,
    "seconds_left": 2440.0,
    "made_at": "2023-02-24T08:30:00Z",
    "ended_at": None,
    "fault": None,
    "index_versions": ["1-6f2d0c4a"],
    "report": "reports/pX0c9a7e4b1d4c1b8d7a3e2f.465850.qm0Zk9pW4n2yR7sT1vXbC3dE5fGhJ8kL",
}
REPORT = {
    "asked": 120,
    "of": 5000,
    "index_versions": ["1-6f2d0c4a"],
    "n": 120,
    "em": 0.51,
    "f1": 0.72,
    "correct": 0.68,
    "refused_right": 0.8,
    "wrong": 0.11,
    "answered": 95,
    "abstained": 25,
    "aurc": 0.08,
    "ece": 0.05,
    "no_answer_auroc": 0.9,
    "official": {"em": 0.5, "f1": 0.7},
    "retrieval": {"R@1": 0.7, "R@5": 0.9, "R@10": 0.93, "MRR@10": 0.78, "nDCG@10": 0.81},
    "latency_ms": {"p50": 480.0, "p95": 900.0, "p99": 1200.0, "max": 1350.0},
    "stages_ms": {
        "retrieve": {"p50": 30.0, "p95": 60.0, "p99": 90.0, "max": 110.0},
        "read": {"p50": 450.0, "p95": 860.0, "p99": 1150.0, "max": 1300.0},
        "total": {"p50": 480.0, "p95": 900.0, "p99": 1200.0, "max": 1350.0},
    },
    "endings": {"right": 75, "refused_right": 8, "misread": 12, "refused": 25},
    "intervals_95": {"correct": [0.6, 0.76]},
}

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "AskBody": {
        "question": "吕梁市委书记是谁？",
        "filters": {"sources": ["*.txt"], "from": "2023-01-01", "to": "2023-12-31"},
    },
    "SearchBody": {"question": "省级重点专业镇", "limit": 5, "mode": "hybrid"},
    "OutcomeBody": OUTCOME,
    "KeptBody": OUTCOME | {"asked_at": "2023-02-24T08:30:00Z"},
    "Readiness": {"status": "ok 1-6f2d0c4a", "index_version": "1-6f2d0c4a", "fault": None},
    "SearchResults": {"results": [FOUND]},
    "HoldingsBody": {
        "sources": 5,
        "articles": 64,
        "passages": 402,
        "index_version": "1-6f2d0c4a",
        "upload_bytes": 20970496,
        "question_characters": 500,
        "newspapers": [{"name": "吕梁日报", "articles": 14, "first": "2023-02-21", "last": "2023-02-24"}],
        "newest": "2023-09-21",
        "examples": [
            {"question": "市委书记是谁？", "article": ARTICLE["id"], "title": "市委召开会议"},
        ],
    },
    "SourceList": {"sources": [SOURCE]},
    "SourceTextBody": {"id": SOURCE["id"], "name": PAGE, "text": "吕梁日报\n2023年2月24日 星期五\n…"},
    "ArticleBody": LISTED,
    "ArticleList": {"articles": [LISTED], "total": 64, "offset": 0, "limit": 100},
    "ChangeBody": {
        "results": [
            {
                "name": PAGE,
                "status": "added",
                "code": None,
                "error": None,
                "source": SOURCE,
                "sources": 1,
                "taken": 1,
                "failed": 0,
                "articles": [{"id": ARTICLE["id"], "title": "市委召开会议"}],
            },
            {
                "name": "空.txt",
                "status": "failed",
                "code": "source_empty",
                "error": "空.txt：文件是空的，没有可以索引的文字",
                "source": None,
                "sources": 0,
                "taken": 0,
                "failed": 1,
                "articles": [],
            },
        ],
        "index_version": "2-91be77d0",
    },
    "BatchQuestions": {
        "questions": [
            {"id": "1", "question": "吕梁市委书记是谁？", "answers": ["孙大军"], "source": PAGE},
            {"id": "2", "question": "量子计算机的工作原理是什么？", "answers": []},
        ]
    },
    "BatchBody": BATCH,
    "BatchList": {"batches": [BATCH]},
    "ReportBody": REPORT,
    "Problem": {
        "type": "/docs#not_found",
        "title": "没有这一项",
        "status": 404,
        "detail": "索引中没有来源 0000000000000000；用 qa sources 查看有哪些",
        "code": "not_found",
        "request_id": "5f0c9a7e4b1d4c1b8d7a3e2f6c5b4a39",
    },
}
"""By the name of the shape."""
