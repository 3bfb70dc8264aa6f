"""Routes that change the collection: put files in, take sources out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Request, Response, UploadFile

from qa.web.collection import ChangeBody
from qa.web.keeper import Keeper
from qa.web.routes import PROBLEMS, Identifier, Serving
from qa.web.uploads import Upload

MOST_FILES = 100

router = APIRouter(prefix="/v1", tags=["来源"], responses=PROBLEMS)


def keeper_of(request: Request) -> Keeper:
    """Return what the lifespan opened for changing the collection."""
    keeper: Keeper = request.app.state.keeper
    return keeper


Keeping = Annotated[Keeper, Depends(keeper_of)]
Files = Annotated[
    list[UploadFile],
    File(
        min_length=1,
        max_length=MOST_FILES,
        description="要收入的文件，可以有几个：txt md pdf docx html jsonl，装有 [ocr] 时还有图片",
    ),
]


@router.post("/sources", summary="收入文件")
async def put_in(files: Files, keeper: Keeping, service: Serving) -> ChangeBody:
    """收入文件，逐个说明结果；内容未变的跳过，同名而内容不同的取代原来的。

    文件名只作名称，从不当作路径；后缀与内容不符时以内容为准。有的失败，其余的照样收入。
    """
    service.turns.require_open()
    uploads = [Upload(given=each.filename, content=each.file) for each in files]
    return ChangeBody.of(await keeper.add(uploads))


@router.delete("/sources/{id}", summary="移除来源", status_code=204, response_class=Response)
async def take_out(id: Identifier, keeper: Keeping, service: Serving) -> None:
    """移除一个来源，连同由它得出的一切；与它合为一篇的文章，留下其余来源里的部分。"""
    service.turns.require_open()
    await keeper.remove(id)
