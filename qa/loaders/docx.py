"""docx: paragraphs, headings and tables in order, as they read once changes are accepted.

Runs in the parsing process only. Only the standard library reads it: the archive under
bounds, its XML by expat as a stream, with no document type, so that no entity can grow.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from qa.errors import SourceBroken, SourceEncrypted, SourceInflated
from qa.loaders.docx_text import DocumentText
from qa.loaders.parsed import Job, MoreTime, Parsed

MAIN = "word/document.xml"
STEP = 2**16
ENCRYPTED = 0x1
PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""All that the format allows; others may take memory without bound."""


def parse(content: bytes, job: Job, _more_time: MoreTime) -> Parsed:
    """Return the text of a document.

    :raises SourceFailed: When it is no docx, broken, encrypted, or unpacks to too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return Parsed(text=text_of(member(archive, job), archive, job))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, expat.ExpatError) as error:
        raise SourceBroken(f"{job.name}：docx 已损坏或不完整；请用 Word 或 WPS 另存后再试") from error


def member(archive: zipfile.ZipFile, job: Job) -> zipfile.ZipInfo:
    """Return the part that holds the text, if it may be unpacked.

    :raises SourceFailed: When there is none, or the archive is made to be too much.
    """
    members = archive.infolist()
    if len(members) > job.bounds.members:
        raise SourceInflated(
            f"{job.name}：压缩包内有 {len(members)} 个文件，超过 {job.bounds.members} 个的上限；"
            "请另存为正常的 docx"
        )
    found = next((each for each in members if each.filename == MAIN), None)
    if found is None or found.compress_type not in PACKED:
        raise SourceBroken(f"{job.name}：是 zip 压缩包，但不是 docx；请用 Word 或 WPS 另存为 .docx 后再试")
    if found.flag_bits & ENCRYPTED:
        raise SourceEncrypted(f"{job.name}：docx 有密码；请去掉密码、另存后再索引")
    return found


def text_of(part: zipfile.ZipInfo, archive: zipfile.ZipFile, job: Job) -> str:
    """Return the text that the main part states.

    :raises SourceFailed: When it unpacks to too much, or declares entities.
    """
    document = DocumentText()
    reader = expat.ParserCreate(namespace_separator=" ")
    reader.buffer_text = True
    reader.StartElementHandler = document.start
    reader.EndElementHandler = document.end
    reader.CharacterDataHandler = document.characters

    def refuse(*_: object) -> None:
        raise SourceBroken(f"{job.name}：docx 内含文档类型声明（可能是实体炸弹），已拒绝；请另存后再试")

    reader.StartDoctypeDeclHandler = refuse
    reader.EntityDeclHandler = refuse
    for step in unpacked(part, archive, job):
        reader.Parse(step, False)
    reader.Parse(b"", True)
    return document.text()


def unpacked(part: zipfile.ZipInfo, archive: zipfile.ZipFile, job: Job) -> Iterator[bytes]:
    """Yield what a part unpacks to; counted as it comes, since archives may lie about it.

    :raises SourceInflated: As soon as it is more than it may be.
    """
    most = min(job.bounds.expanded_bytes, max(part.compress_size, STEP) * job.bounds.expansion)
    size = 0
    with archive.open(part) as file:
        while step := file.read(STEP):
            size += len(step)
            if size > most:
                raise SourceInflated(
                    f"{job.name}：解压后超过 {most / 2**20:.0f} MiB 的上限（可能是压缩炸弹），已拒绝；"
                    "请拆成较小的文件，或调大环境变量 QA_MAX_EXPANDED_BYTES"
                )
            yield step
