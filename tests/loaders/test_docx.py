"""docx: the text as it reads once changes are accepted; bombs are refused."""

from __future__ import annotations

import io
import re
import time
import zipfile
from pathlib import Path

import pytest

from qa.domain.ports import Loader
from qa.errors import (
    SourceBroken,
    SourceDisguised,
    SourceEmpty,
    SourceEncrypted,
    SourceFailed,
    SourceInflated,
)
from qa.loaders import docx as docx_parser
from qa.loaders.bounds import DEFAULT_BOUNDS, Bounds
from qa.loaders.table import LOADERS
from tests.contracts import MEETING, LoaderContract
from tests.loaders.files import DOCUMENT, converted, docx, job, no_more_time, paragraph

FIRST = '<?xml version="1.0"?><!DOCTYPE w:document [{}]>'
ENTITIES = (
    '<!ENTITY a "'
    + "大" * 10
    + '">'
    + "".join(
        f'<!ENTITY {after} "{f"&{before};" * 10}">'
        for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    )
)


def text(body: str) -> str:
    return parsed(docx(body))


def parsed(content: bytes, *, bounds: Bounds = DEFAULT_BOUNDS) -> str:
    return docx_parser.parse(content, job("docx", bounds=bounds), no_more_time).text


class TestDocxLoader(LoaderContract):
    @pytest.fixture
    def loader(self) -> Loader:
        return LOADERS[".docx"]

    @pytest.fixture
    def sample(self, tmp_path: Path) -> Path:
        path = tmp_path / "样.docx"
        path.write_bytes(docx(paragraph("大会", style="Heading1") + paragraph(MEETING)))
        return path


def test_headings_stand_apart_and_paragraphs_on_lines_of_their_own() -> None:
    body = paragraph("一", style="Title") + paragraph("甲。") + paragraph("乙。") + paragraph("二", style="2")

    assert text(body + paragraph("丙。")) == "一\n\n甲。\n乙。\n\n二\n\n丙。"


def test_an_outline_level_makes_a_heading_too() -> None:
    heading = '<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>标题</w:t></w:r></w:p>'

    assert text(heading + paragraph("甲。")) == "标题\n\n甲。"


def test_tables_come_row_by_row_with_tabs_between_cells() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"

    inner = f"<w:tbl>{row(paragraph('内'), paragraph('层'))}</w:tbl>"
    table = row(paragraph("县"), paragraph("元")) + row(
        paragraph("左权") + paragraph("县"), paragraph("36") + inner
    )

    assert text(paragraph("前。") + f"<w:tbl>{table}</w:tbl>" + paragraph("后。")) == (
        "前。\n\n县\t元\n左权 县\t36  内\t层\n\n后。"
    )


def test_deleted_moved_and_hidden_text_is_left_out() -> None:
    body = (
        "<w:p><w:r><w:t>甲</w:t></w:r>"
        "<w:del><w:r><w:delText>删</w:delText><w:t>删</w:t></w:r></w:del>"
        "<w:ins><w:r><w:t>增</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>移</w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显</w:t></w:r>'
        "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )

    assert text(body) == "甲增显"


def test_a_text_box_comes_once_below_the_paragraph_that_it_hangs_in() -> None:
    box = f"<w:txbxContent>{paragraph('框内一')}{paragraph('框内二')}</w:txbxContent>"
    drawn = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )

    assert text(f"<w:p><w:r><w:t>前</w:t></w:r><w:r>{drawn}</w:r><w:r><w:t>后</w:t></w:r></w:p>") == (
        "前后\n\n框内一\n框内二"
    )


def test_text_boxes_that_hang_in_one_paragraph_stay_apart_and_the_run_goes_on_behind_them() -> None:
    boxes = "".join(
        f"<w:txbxContent>{paragraph(f'{name}一')}{paragraph(f'{name}二')}</w:txbxContent>" for name in "甲乙"
    )

    assert text(f"<w:p><w:r><w:t>前</w:t>{boxes}<w:tab/><w:t>后</w:t></w:r></w:p>{paragraph('末')}") == (
        "前\t后\n\n甲一\n甲二\n\n乙一\n乙二\n\n末"
    )


def test_tabs_and_line_breaks_are_kept_and_tab_stops_print_nothing() -> None:
    stops = '<w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>'
    run = "<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r>"

    assert text(f"<w:p>{stops}{run}</w:p>") == "甲\t乙\n丙"


def test_what_is_outside_of_paragraphs_prints_nothing() -> None:
    assert text(f"<w:t>游离</w:t></w:p-x>{paragraph('甲')}".replace("</w:p-x>", "")) == "甲"


@pytest.mark.parametrize("entity", ["&i;", "大"])
def test_a_document_type_is_refused_before_any_entity_grows(entity: str) -> None:
    document = FIRST.format(ENTITIES) + DOCUMENT.split("?>", 1)[1]
    started = time.monotonic()

    with pytest.raises(SourceBroken, match="报：docx 内含文档类型声明（可能是实体炸弹），已拒绝"):
        parsed(docx(paragraph(entity), document=document))
    assert time.monotonic() - started < 1


def test_an_external_entity_is_never_read() -> None:
    document = FIRST.format('<!ENTITY x SYSTEM "file:///etc/passwd">') + DOCUMENT.split("?>", 1)[1]

    with pytest.raises(SourceBroken, match="文档类型声明"):
        parsed(docx(paragraph("&x;"), document=document))


def bomb(size: int) -> bytes:
    written = io.BytesIO()
    with (
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as file,
    ):
        file.write(DOCUMENT.split("{body}")[0].encode())
        for _ in range(size // 2**20):
            file.write(b" " * 2**20)
    return written.getvalue()


def test_a_part_that_unpacks_to_a_gigabyte_is_refused_within_seconds(tmp_path: Path) -> None:
    path = tmp_path / "弹.docx"
    path.write_bytes(bomb(2**30))
    assert path.stat().st_size < 2 * 2**20
    started = time.monotonic()

    with pytest.raises(SourceInflated, match=r"^弹\.docx：解压后超过 \d+ MiB 的上限.*QA_MAX_EXPANDED_BYTES"):
        list(LOADERS[".docx"].load(path, name="弹.docx", limit=2**20))
    assert time.monotonic() - started < 20


def test_a_part_that_grows_too_many_times_is_refused() -> None:
    with pytest.raises(SourceInflated, match="解压后超过 1 MiB 的上限"):
        parsed(bomb(8 * 2**20), bounds=Bounds(expansion=20))


def test_too_many_parts_are_refused() -> None:
    with pytest.raises(SourceInflated, match="压缩包内有 4 个文件，超过 3 个的上限"):
        parsed(docx(paragraph("甲"), a=b"", b=b"", c=b""), bounds=Bounds(members=3))


def zipped(name: str, content: bytes, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        archive.writestr(name, content)
    return written.getvalue()


GOOD = docx(paragraph("甲。" * 1000))


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (b"PK\x03\x04 no archive", SourceBroken, "docx 已损坏或不完整；请用 Word 或 WPS 另存"),
        (GOOD[: len(GOOD) // 2], SourceBroken, "docx 已损坏或不完整"),
        (GOOD.replace(b"word/document", b"xxxx/document"), SourceBroken, "是 zip 压缩包，但不是 docx"),
        (zipped("word/document.xml", b"<a><b>"), SourceBroken, "docx 已损坏或不完整"),
        (
            zipped("word/document.xml", b"<a/>", method=zipfile.ZIP_LZMA),
            SourceBroken,
            "是 zip 压缩包，但不是 docx",
        ),
        (zipped("xl/workbook.xml", b"<a/>"), SourceBroken, "是 zip 压缩包，但不是 docx"),
    ],
    ids=["no zip", "cut", "renamed", "no xml", "packed oddly", "workbook"],
)
def test_what_is_no_docx_says_why(content: bytes, error: type[SourceFailed], said: str) -> None:
    with pytest.raises(error, match=rf"^报：{said}"):
        parsed(content)


def test_a_docx_with_a_password_says_so() -> None:
    locked = bytearray(docx(paragraph("甲")))
    for header, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(header) + at] |= 1

    with pytest.raises(SourceEncrypted, match=r"^报：docx 有密码"):
        parsed(bytes(locked))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("大会开幕。".encode(), "看内容是文本"),
        (b"%PDF-1.7\n", r"看内容是PDF；请把后缀改为 \.pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), r"旧版 Office.*请去掉密码，另存为 \.docx"),
    ],
)
def test_another_format_under_the_suffix_of_docx_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "假.docx"
    path.write_bytes(content)

    with pytest.raises(SourceDisguised, match=rf"^假\.docx：.*{said}"):
        list(LOADERS[".docx"].load(path, name="假.docx", limit=2**20))


def test_a_document_without_words_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "空.docx"
    path.write_bytes(docx(paragraph(" ")))

    with pytest.raises(SourceEmpty, match=r"^空\.docx：文件是空的"):
        list(LOADERS[".docx"].load(path, name="空.docx", limit=2**20))


def test_a_document_that_libreoffice_wrote_is_read(tmp_path: Path) -> None:
    page = tmp_path / "写.html"
    page.write_text(
        "<meta charset=utf-8><h1>最低工资标准调整</h1><p>第一段话。</p><p>第二段，<b>加粗</b>的话。</p>"
        "<table><tr><td>太原</td><td>1980元</td></tr><tr><td>晋中</td><td>1880元</td></tr></table><p>末段。</p>",
        encoding="utf-8",
    )
    written = converted(page, to="docx:Office Open XML Text")
    (found,) = LOADERS[".docx"].load(written, name="写.docx", limit=2**20)

    assert re.fullmatch(
        r"最低工资标准调整\n\n第一段话。\n+第二段，加粗的话。\n+太原\t1980元\n晋中\t1880元\n+末段。",
        getattr(found, "text", ""),
    )
