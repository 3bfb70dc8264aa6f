"""Pictures of pages are recognised by the extra; without it they say how to install it."""

from __future__ import annotations

import io
import re
import struct
import zlib
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from qa.domain.sources import Source
from qa.errors import (
    ExtraMissing,
    SourceBroken,
    SourceDisguised,
    SourceEmpty,
    SourceFailed,
    SourceInflated,
)
from qa.loaders import picture as picture_parser
from qa.loaders.bounds import DEFAULT_BOUNDS, Bounds
from qa.loaders.parsed import Parsed
from qa.loaders.scan import as_shown
from qa.loaders.table import LOADERS, WORKER
from tests.loaders.files import job, no_more_time, pictured

PAGE = """<!doctype html><meta charset="utf-8"><style>body { font: 18px "Noto Serif CJK SC"; margin: 10px }
h1 { font-size: 34px; text-align: center; margin: 8px } p { margin: 0 }
.columns { column-count: 2; column-gap: 40px }</style>
<h1>图书馆开馆</h1><div class="columns"><p>新馆共有藏品321件，</p><p>由市财政投资。</p>
<p>每天接待读者八百人，</p><p>周一闭馆。</p></div>"""


@pytest.fixture(scope="module")
def screenshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small page in two columns as Chromium shows it."""
    return pictured(PAGE, tmp_path_factory.mktemp("picture"), size="480,170")


def parsed(content: bytes, *, bounds: Bounds = DEFAULT_BOUNDS) -> Parsed:
    return picture_parser.parse(content, job("picture", bounds=bounds), no_more_time)


def encoded(picture: Image.Image, format: str) -> bytes:
    written = io.BytesIO()
    picture.convert("RGB").save(written, format)
    return written.getvalue()


def only(path: Path) -> Source:
    (found,) = LOADERS[path.suffix].load(path, name=path.name, limit=2**20)
    assert isinstance(found, Source)
    return found


WORDS = "图书馆开馆新馆共有藏品321件，由市财政投资。每天接待读者八百人，周一闭馆。"


@pytest.fixture(scope="module")
def read(screenshot: Path) -> str:
    return only(screenshot).text


def test_a_picture_of_a_page_is_read_column_by_column(read: str) -> None:
    assert re.sub(r"\s", "", read).replace(",", "，") == WORDS
    assert read.split("\n\n")[0] == "图书馆开馆"


@pytest.mark.parametrize(("suffix", "format"), [(".jpg", "JPEG"), (".webp", "WEBP"), (".pdf", "PDF")])
def test_other_pictures_and_scanned_documents_are_read_too(
    screenshot: Path, tmp_path: Path, suffix: str, format: str
) -> None:
    path = tmp_path / f"扫描{suffix}"
    path.write_bytes(encoded(Image.open(screenshot), format))

    assert re.sub(r"\s", "", only(path).text).replace(",", "，") == WORDS


def test_the_process_that_recognises_stays_under_a_gigabyte(read: str) -> None:
    assert read
    process = WORKER._process
    assert process is not None
    status = Path(f"/proc/{process.pid}/status").read_text()
    most = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1])  # type: ignore[index]

    assert most * 1024 < 1_000_000_000


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_that_was_taken_sideways_is_read_upright(format: str) -> None:
    written = io.BytesIO()
    turned = Image.Exif()
    turned[ExifTags.Base.Orientation] = 6
    sideways = Image.new("RGB", (300, 100), "white")
    sideways.paste("black", (0, 0, 50, 50))
    sideways.save(written, format, exif=turned)
    with Image.open(written) as picture:
        shown = as_shown(picture)

    assert shown.size == (100, 300)
    assert min(shown.getpixel((10, 10))) > 200  # type: ignore[arg-type]
    assert max(shown.getpixel((90, 10))) < 50  # type: ignore[arg-type]


@pytest.mark.parametrize("notes", [b"garbage", b""])
def test_a_photograph_whose_notes_are_broken_is_read_as_it_is(notes: bytes) -> None:
    written = io.BytesIO()
    Image.new("RGB", (300, 100), "white").save(written, "JPEG", exif=b"Exif\x00\x00" + notes)

    with Image.open(written) as picture:
        assert as_shown(picture).size == (300, 100)


def test_grey_in_sixteen_bits_is_read_in_its_shades() -> None:
    written = io.BytesIO()
    grey = Image.new("I;16", (20, 20), 65_535)
    grey.paste(16_448, (0, 0, 10, 20))
    grey.save(written, "PNG")
    with Image.open(written) as picture:
        shown = as_shown(picture)

    assert shown.getpixel((5, 5)) == (64, 64, 64)
    assert shown.getpixel((15, 15)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_a_picture_lets_through_is_white(mode: str) -> None:
    written = io.BytesIO()
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), (0, 0, 10, 20))
    clear.convert(mode).save(written, "PNG")
    with Image.open(written) as picture:
        shown = as_shown(picture)

    assert shown.mode == "RGB"
    assert shown.getpixel((5, 5)) == (0, 0, 0)
    assert shown.getpixel((15, 15)) == (255, 255, 255)


def test_a_picture_without_words_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "白.png"
    path.write_bytes(encoded(Image.new("RGB", (200, 100), "white"), "PNG"))

    with pytest.raises(SourceEmpty, match=r"^白\.png：文件是空的"):
        only(path)


def bomb(side: int) -> bytes:
    """Return a picture of a few hundred bytes that says it is ``side`` pixels square."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00"))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (bomb(100_000), SourceInflated, "共 10000000000 像素，超过 50000000 的上限.*QA_MAX_PIXELS"),
        (bomb(1000), SourceBroken, "图片已损坏或不完整"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), SourceBroken, "图片已损坏或不完整"),
        (b"\xff\xd8\xff", SourceBroken, "图片已损坏或不完整"),
        (b"GIF89a" + bytes(99), SourceBroken, "图片已损坏或不完整"),
    ],
    ids=["bomb", "short", "noise", "cut", "another"],
)
def test_what_cannot_be_decoded_says_why(content: bytes, error: type[SourceFailed], said: str) -> None:
    with pytest.raises(error, match=rf"^报：{said}"):
        parsed(content)


def test_without_the_extra_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.loaders.extra.is_ocr_installed", lambda: False)

    with pytest.raises(ExtraMissing, match=r"^报：这是图片，要识别其中的文字，请先运行：scripts/setup ocr$"):
        parsed(bomb(10))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7\n", r"看内容是PDF；请把后缀改为 \.pdf"),
        ("大会。".encode(), "看内容是文本"),
        (b"GIF89a" + bytes(9), "看内容是图片；请另存为支持的格式"),
    ],
)
def test_another_format_under_the_suffix_of_a_picture_is_named(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "假.png"
    path.write_bytes(content)

    with pytest.raises(SourceDisguised, match=rf"^假\.png：.*{said}"):
        only(path)


def test_a_jpeg_may_be_called_png(tmp_path: Path) -> None:
    path = tmp_path / "照.png"
    path.write_bytes(encoded(Image.new("RGB", (20, 20), "white"), "JPEG"))

    with pytest.raises(SourceEmpty):
        only(path)
