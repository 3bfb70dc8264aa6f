"""What a failure has in addition where the client on the other side looks for it under other names.

The body stays the one of all failures (RFC 9457 allows further members).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qa.web.schemas import Problem

Members = dict[str, object]

OPENAI_TYPES: Mapping[int, str] = {
    401: "authentication_error",
    403: "permission_error",
    429: "rate_limit_error",
}
DIFY_CODES: Mapping[int, int] = {401: 1001, 403: 1002, 404: 2001}
"""Numbers that Dify's documentation gives a meaning; any other failure has its status for a number."""


def for_openai(problem: Problem) -> Members:
    """Return the ``error`` whose ``message`` and ``code`` the openai package shows."""
    kind = OPENAI_TYPES.get(
        problem.status, "server_error" if problem.status >= 500 else "invalid_request_error"
    )
    return {"error": {"message": problem.detail, "type": kind, "param": None, "code": problem.code}}


def for_dify(problem: Problem) -> Members:
    """Return the two fields in which Dify is told what is wrong."""
    return {"error_code": DIFY_CODES.get(problem.status, problem.status), "error_msg": problem.detail}


DIALECTS: Mapping[str, Callable[[Problem], Members]] = {
    "/v1/chat/completions": for_openai,
    "/v1/models": for_openai,
    "/retrieval": for_dify,
}


def members(path: str, problem: Problem) -> Members:
    """Return what a failure of a path has in addition."""
    return next((speak(problem) for root, speak in DIALECTS.items() if f"{path}/".startswith(f"{root}/")), {})
