"""What the system says when it will not write or read, in our words."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from qa.domain.ports import EncoderIdentity
from qa.domain.system import REASONS, reason
from qa.errors import (
    DiskFull,
    IndexDamaged,
    IndexMissing,
    IndexStale,
    NoPermission,
    OffsetMismatch,
    OutOfMemory,
    QaError,
    ReadOnly,
    SurroundingsFailed,
)

FULL = "请腾出空间后重试"
RIGHTS = f"{REASONS[errno.EACCES]}；请检查目录权限，或换一个目录（--index 或 QA_INDEX）"
NO_FOLDER = "不是目录；请换一个目录（--index 或 QA_INDEX）"
SURROUNDINGS: Mapping[int, tuple[type[SurroundingsFailed], str]] = {
    errno.ENOSPC: (DiskFull, f"{REASONS[errno.ENOSPC]}；{FULL}"),
    errno.EDQUOT: (DiskFull, f"{REASONS[errno.EDQUOT]}；{FULL}"),
    errno.EFBIG: (DiskFull, f"{REASONS[errno.EFBIG]}；请检查文件系统与 ulimit -f"),
    errno.EROFS: (ReadOnly, f"{REASONS[errno.EROFS]}；请换一个可写的目录（--index 或 QA_INDEX）"),
    errno.EACCES: (NoPermission, RIGHTS),
    errno.EPERM: (NoPermission, RIGHTS),
    errno.ENOMEM: (OutOfMemory, f"{REASONS[errno.ENOMEM]}；请关掉别的程序，或换一台内存更大的机器"),
    errno.ENOTDIR: (SurroundingsFailed, NO_FOLDER),
    errno.EEXIST: (SurroundingsFailed, NO_FOLDER),
}
SQLITE_SURROUNDINGS: Mapping[str, type[SurroundingsFailed]] = {
    "full": DiskFull,
    "readonly": ReadOnly,
    "unable to open": SurroundingsFailed,
    "locked": SurroundingsFailed,
    "disk I/O": SurroundingsFailed,
}
WRONG_JSON = (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError)
"""What reading JSON raises that is not what was written: nested without end, an infinite number, …"""

WRONG_ROW = (*WRONG_JSON, OffsetMismatch)
"""What reading a row raises that is not what was written."""

FIRST = "请先运行：qa index 文件或文件夹 --index {folder}"
CATALOGUE = "catalogue.sqlite"


Damage = Callable[[Path, Exception], QaError]
"""Returns what to say of a file that is malformed, by where it is."""


def catalogue_damaged(folder: Path, error: Exception) -> QaError:
    """Return the error for a catalogue that SQLite finds malformed."""
    return damaged(folder, f"{CATALOGUE} 已损坏（{error}）", remedy=Remedy.RESTORE)


@contextmanager
def surroundings(place: Path, *, what: str = "索引", malformed: Damage = catalogue_damaged) -> Iterator[None]:
    """Turn errors of the system and of SQLite into ours; others pass.

    :param what: What is read or written there, in Chinese.
    :param malformed: What is said where SQLite finds its file malformed.
    :raises SurroundingsFailed: When the disk, the memory or the permissions are at fault.
    :raises IndexDamaged: When SQLite finds its file malformed.
    """
    try:
        yield
    except QaError:
        raise
    except sqlite3.DatabaseError as error:
        raise of_sqlite(place, error, what=what) or malformed(place, error) from error
    except UnicodeDecodeError as error:
        # What SQLite says of a malformed file quotes it, and python takes that for text.
        raise malformed(place, error) from error
    except MemoryError as error:
        raise of_system(place, OSError(errno.ENOMEM, ""), what=what) from error
    except OSError as error:
        raise of_system(place, error, what=what) from error


def of_sqlite(place: Path, error: sqlite3.DatabaseError, *, what: str) -> SurroundingsFailed | None:
    """Return our error for one of SQLite's, which tells its kinds apart by words alone; None for damage."""
    if isinstance(error, sqlite3.OperationalError):
        for words, kind in SQLITE_SURROUNDINGS.items():
            if words in str(error):
                return kind(f"{what} {place} 无法读写：{error}；请检查磁盘空间与目录权限")
    return None


def of_system(place: Path, error: OSError, *, what: str) -> SurroundingsFailed:
    """Return our error for one of the system's."""
    other = SurroundingsFailed, f"{reason(error)}；请检查磁盘与目录"
    kind, told = SURROUNDINGS.get(error.errno or 0, other)
    return kind(f"{what} {place}：{told}")


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Turn the errors of a row that is not what was written into ours.

    :raises IndexDamaged: When there is one.
    """
    try:
        yield
    except WRONG_ROW as error:
        raise damaged(folder, f"{CATALOGUE} 中有一行无法读取（{error}）", remedy=Remedy.REBUILD) from error


class Remedy(StrEnum):
    """What mends a damage: making derived parts again, giving a source again, making all again, a backup."""

    REPAIR = "repair"
    RETURN = "return"
    REBUILD = "rebuild"
    RESTORE = "restore"


ELSE = "移走该目录，恢复备份（qa restore）或用原文件重新索引"
MENDED_BY: Mapping[Remedy, str] = {
    Remedy.REPAIR: "请修复：qa repair --index {folder}（不需要模型，也不需要原文件）",
    Remedy.RETURN: "请移除该来源后用原文件重新索引（qa remove、qa index，--index {folder}）",
    Remedy.REBUILD: f"请重建：qa index --rebuild --index {{folder}}；若仍不行，{ELSE}",
    Remedy.RESTORE: f"请先运行 qa repair --index {{folder}}；若仍不行，{ELSE}",
}


def damaged(folder: Path, what: str, *, remedy: Remedy) -> IndexDamaged:
    """Return the error for a file of an index that is not what was written."""
    return IndexDamaged(f"索引 {folder} 的 {what}；{MENDED_BY[remedy].format(folder=folder)}")


def another_format(folder: Path, *, found: int, ours: int, migrated: Collection[int]) -> IndexStale:
    """Return the error for an index that another version of the program wrote.

    :param migrated: The older formats whose rows are taken over as they are. Of one still older the
        sources can be read, and all else made again from them.
    """
    if found in migrated:
        remedy = f"请转换：qa migrate --index {folder}（不重算向量，不需要模型与原文件）"
    elif 0 < found < ours:
        remedy = f"请重建：qa index --rebuild --index {folder}（只用索引里保存的原文，不需要原文件）"
    else:
        remedy = f"请用原文件重新索引到另一个目录，或用写成它的版本打开 {folder}"
    return IndexStale(built_with=f"格式 {found}", asked_for=f"格式 {ours}", remedy=remedy)


def another_tokenizer(folder: Path, *, found: str, ours: str) -> IndexStale:
    """Return the error for an index whose words were cut another way."""
    remedy = f"请重做词面索引：qa repair --index {folder}（不重算向量）"
    return IndexStale(built_with=f"分词 {found}", asked_for=f"分词 {ours}", remedy=remedy)


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
