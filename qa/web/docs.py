"""The page at /docs: the description of the service, rendered by its own script, nothing from outside."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

PAGE = Path(__file__).parent / "static" / "docs" / "page.html"

router = APIRouter(include_in_schema=False)


@router.head("/docs")
@router.get("/docs")
def page() -> FileResponse:
    """接口说明。"""
    return FileResponse(PAGE)
