"""What the system says when it will not write or read, in our words."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.domain.ports import EncoderIdentity
from qa.errors import IndexDamaged, IndexMissing, IndexStale, QaError, SurroundingsFailed

SURROUNDINGS = {
    errno.ENOSPC: "磁盘已满；请腾出空间后重试",
    errno.EDQUOT: "磁盘配额已用完；请腾出空间后重试",
    errno.EROFS: "文件系统只读；请换一个可写的目录（--index 或 QA_INDEX）",
    errno.EACCES: "没有权限；请检查目录权限，或换一个目录（--index 或 QA_INDEX）",
    errno.EPERM: "没有权限；请检查目录权限，或换一个目录（--index 或 QA_INDEX）",
    errno.ENOTDIR: "不是目录；请换一个目录（--index 或 QA_INDEX）",
    errno.EEXIST: "不是目录；请换一个目录（--index 或 QA_INDEX）",
}
FIRST = "请先运行：qa index 文件或文件夹 --index {folder}"
SQLITE_SURROUNDINGS = ("full", "readonly", "unable to open", "locked", "disk I/O")


@contextmanager
def surroundings(folder: Path) -> Iterator[None]:
    """Turn errors of the system and of SQLite into ours; others pass.

    :raises SurroundingsFailed: When the disk or the permissions are at fault.
    :raises IndexDamaged: When SQLite finds the catalogue malformed.
    """
    try:
        yield
    except QaError:
        raise
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and any(
            word in str(error) for word in SQLITE_SURROUNDINGS
        ):
            raise SurroundingsFailed(f"索引 {folder} 无法读写：{error}；请检查磁盘空间与目录权限") from error
        raise damaged(folder, f"catalogue.sqlite 已损坏（{error}）") from error
    except OSError as error:
        if error.errno in SURROUNDINGS:
            raise SurroundingsFailed(f"索引 {folder}：{SURROUNDINGS[error.errno]}") from error
        raise SurroundingsFailed(f"索引 {folder}：{error.strerror or error}；请检查磁盘与目录") from error


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Turn the errors of a row that is not what was written into ours.

    :raises IndexDamaged: When there is one.
    """
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise damaged(folder, f"目录库中有一行无法读取（{error}）") from error


def damaged(folder: Path, what: str) -> IndexDamaged:
    """Return the error for a file of an index that is not what was written."""
    return IndexDamaged(
        f"索引 {folder} 的 {what}；请重建：qa index --rebuild --index {folder}，"
        f"若仍不行，删除该目录后重新索引原文件"
    )


def another_format(folder: Path, *, found: int, ours: int) -> IndexStale:
    """Return the error for an index that another version of the program wrote.

    The sources of an older one can be read, and all else made again from them.
    """
    remedy = (
        f"请重建：qa index --rebuild --index {folder}（只用索引里保存的原文，不需要原文件）"
        if 0 < found < ours
        else f"请用原文件重新索引到另一个目录，或用写成它的版本打开 {folder}"
    )
    return IndexStale(built_with=f"格式 {found}", asked_for=f"格式 {ours}", remedy=remedy)


def another_encoder(folder: Path, *, found: EncoderIdentity, ours: EncoderIdentity) -> IndexStale:
    """Return the error for an index whose vectors do not go with the encoder that is set."""
    remedy = f"请重建：qa index --rebuild --index {folder}，或改回原来的模型（QA_ENCODER）"
    return IndexStale(built_with=f"模型 {found}", asked_for=f"模型 {ours}", remedy=remedy)


def missing(folder: Path) -> IndexMissing:
    """Return the error for a folder without an index."""
    return IndexMissing(f"目录 {folder} 里还没有索引；{FIRST.format(folder=folder)}")


def empty(folder: Path) -> IndexMissing:
    """Return the error for an index to which nothing has been published yet."""
    return IndexMissing(f"目录 {folder} 里的索引还是空的；{FIRST.format(folder=folder)}")
