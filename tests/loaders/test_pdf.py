"""PDF: pages in reading order, form feeds between them; what cannot be read says why."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from qa.domain.ports import Failed, Loader
from qa.domain.sources import Source
from qa.errors import (
    ExtraMissing,
    SourceBroken,
    SourceDisguised,
    SourceEncrypted,
    SourceFailed,
    SourceTooLarge,
    SourceTooManyPages,
)
from qa.loaders import pdf as pdf_parser
from qa.loaders.bounds import Bounds
from qa.loaders.parsed import Parsed
from qa.loaders.table import LOADERS, make_loaders
from tests.contracts import LoaderContract
from tests.loaders.files import job, line, no_more_time, pdf, printed

PAGE = """<!doctype html><meta charset="utf-8"><title>版</title><style>
@page {{ size: A3; margin: 10mm }} body {{ font: 10pt "Noto Serif CJK SC"; margin: 0 }}
h1 {{ font-size: 28pt; text-align: center; margin: 4mm }} h2 {{ font-size: 20pt; margin: 3mm }}
.columns {{ column-count: 4; column-gap: 6mm; text-align: justify }}
.mast {{ display: flex; justify-content: space-between; border-bottom: 1px solid; font-size: 12pt }}
p {{ margin: 0; text-indent: 2em }} section {{ break-after: page }}</style>
<section><div class="mast"><b>晋中日报</b><span>2023年2月23日　星期四</span><span>第1版</span></div>
<h1>全市专业镇发展推进会召开</h1><div class="columns">{first}</div>
<h1>最低工资标准调整</h1><div class="columns">{second}</div></section>
<section><div class="mast"><b>晋中日报</b><span>2023年2月23日　星期四</span><span>第2版</span></div>
<div class="columns"><h2>图书馆开馆</h2>{third}</div></section>"""


def story(name: str, paragraphs: int) -> list[str]:
    return [
        f"{name}第{at}段，会议指出要推动专业镇高质量发展，总投资{at}.5亿元的乳胶项目Latex Project开工建设𠮷。"
        for at in range(1, paragraphs + 1)
    ]


FIRST, SECOND, THIRD = story("甲", 24), story("乙", 24), story("丙", 30)


@pytest.fixture(scope="module")
def newspaper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return two pages in columns, as Chromium prints them."""
    inner = ["".join(f"<p>{each}</p>" for each in story) for story in (FIRST, SECOND, THIRD)]
    page = PAGE.format(first=inner[0], second=inner[1], third=inner[2])
    return printed(page, tmp_path_factory.mktemp("newspaper"))


def only(path: Path) -> Source:
    (found,) = LOADERS[".pdf"].load(path, name="报.pdf", limit=2**20)
    assert isinstance(found, Source)
    return found


def parsed(content: bytes, *, bounds: Bounds | None = None) -> Parsed:
    return pdf_parser.parse(content, job("pdf", bounds=bounds or Bounds()), no_more_time)


def without_breaks(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_a_page_that_chromium_printed_is_read_column_by_column(newspaper: Path) -> None:
    pages = only(newspaper).text.rstrip("\f").split("\f")

    assert len(pages) == 2
    assert without_breaks(pages[0]) == without_breaks(
        "晋中日报2023年2月23日星期四第1版全市专业镇发展推进会召开"
        + "".join(FIRST)
        + "最低工资标准调整"
        + "".join(SECOND)
    )
    assert without_breaks(pages[1]) == without_breaks(
        "晋中日报2023年2月23日星期四第2版图书馆开馆" + "".join(THIRD)
    )


def test_headlines_and_the_masthead_are_blocks_of_their_own(newspaper: Path) -> None:
    first, second = only(newspaper).text.rstrip("\f").split("\f")
    blocks = first.split("\n\n")

    assert re.fullmatch(r"晋中日报\s+2023年2月23日\s*星期四\s+第1版", blocks[0])
    assert blocks[1] == "全市专业镇发展推进会召开"
    assert "最低工资标准调整" in blocks
    assert second.split("\n\n")[1] == "图书馆开馆"


def test_paragraphs_stay_apart_and_latin_words_too(newspaper: Path) -> None:
    text = only(newspaper).text

    assert len(re.findall(r"(?m)^　　甲第\d+段", text)) == len(FIRST)
    # Where a line ends between two words no space is printed; elsewhere it is.
    assert len(re.findall(r"Latex\s*Project", text)) == len(FIRST + SECOND + THIRD)
    assert text.count("Latex Project") > len(FIRST)


class TestPdfLoader(LoaderContract):
    @pytest.fixture
    def loader(self) -> Loader:
        return LOADERS[".pdf"]

    @pytest.fixture
    def sample(self, newspaper: Path, tmp_path: Path) -> Path:
        copy = tmp_path / "样.pdf"
        copy.write_bytes(newspaper.read_bytes())
        return copy

    def test_the_text_of_the_file_is_in_the_source(self, loader: Loader, sample: Path) -> None:
        assert "全市专业镇发展推进会召开" in self.only(loader, sample).text


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (pdf([line("x", x=50, y=700)] * 4), SourceTooManyPages, r"共 4 页，超过 3 页的上限.*QA_MAX_PAGES"),
        (b"%PDF-1.7\nnothing", SourceBroken, "PDF 已损坏或不完整；请重新下载"),
        (pdf(["BT"])[:200], SourceBroken, "PDF 已损坏或不完整"),
        (pdf([]), SourceBroken, "PDF 已损坏或不完整"),
        (
            pdf(
                [""],
                trailer="/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/Length 40"
                f"/O<{'00' * 32}>/U<{'11' * 32}>>>",
            ),
            SourceEncrypted,
            "PDF 有密码；请去掉密码",
        ),
    ],
    ids=["pages", "nothing", "cut", "empty", "password"],
)
def test_what_cannot_be_opened_says_why(content: bytes, error: type[SourceFailed], said: str) -> None:
    with pytest.raises(error, match=rf"^报：{said}"):
        parsed(content, bounds=Bounds(pages=3))


def test_ten_thousand_pages_are_refused_by_their_number_within_seconds(tmp_path: Path) -> None:
    path = tmp_path / "万页.pdf"
    path.write_bytes(pdf([line("x", x=50, y=700)] * 10_000))
    started = time.monotonic()

    with pytest.raises(SourceTooManyPages, match=r"^万页\.pdf：共 10000 页，超过 2000 页的上限"):
        list(LOADERS[".pdf"].load(path, name="万页.pdf", limit=2**20))
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.99])
def test_a_document_that_was_cut_off_is_broken_or_gives_what_is_left(newspaper: Path, share: float) -> None:
    content = newspaper.read_bytes()
    try:
        found = parsed(content[: int(len(content) * share)]).text
    except SourceBroken as error:
        found = str(error)

    assert "专业镇" in found or "已损坏或不完整" in found


LOOPS = {
    "a tree of pages that holds itself": b"/Kids[2 0 R]",
    "a page that is its own parent": b"/Kids[5 0 R]",
}


@pytest.mark.parametrize("kids", LOOPS.values(), ids=LOOPS.keys())
def test_objects_that_lead_back_to_themselves_come_to_an_end(tmp_path: Path, kids: bytes) -> None:
    path = tmp_path / "圈.pdf"
    content = re.sub(rb"/Count 1/Kids\[.*?\]", b"/Count 1" + kids, pdf([line("x", x=50, y=700)]))
    path.write_bytes(content)
    started = time.monotonic()

    with pytest.raises(SourceFailed):
        list(make_loaders(Bounds(parse_seconds=5))[".pdf"].load(path, name="圈.pdf", limit=2**20))
    assert time.monotonic() - started < 10


def test_a_form_that_draws_itself_comes_to_an_end() -> None:
    looped = pdf([line("Words", x=50, y=700) + " /I Do"]).replace(b"/Subtype/Image", b"/Subtype/Form ")

    assert parsed(looped).text == "Words"


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        ("大会开幕。".encode(), SourceDisguised, r"看内容是文本；请把后缀改为 \.txt"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), SourceDisguised, r"看内容是PNG 图片；请把后缀改为 \.png"),
        (b"PK\x03\x04" + bytes(40), SourceDisguised, "看内容是zip"),
        (bytes(range(256)), SourceBroken, "开头不是这种格式应有的内容"),
    ],
)
def test_another_format_under_the_suffix_of_pdf_is_named(
    tmp_path: Path, content: bytes, error: type[SourceFailed], said: str
) -> None:
    path = tmp_path / "假.pdf"
    path.write_bytes(content)

    with pytest.raises(error, match=rf"^假\.pdf：.*{said}"):
        list(LOADERS[".pdf"].load(path, name="假.pdf", limit=2**20))


def test_a_file_beyond_its_bound_is_refused_before_it_is_read(newspaper: Path) -> None:
    loader = make_loaders(Bounds(file_bytes=1000))[".pdf"]

    with pytest.raises(SourceTooLarge, match=r"^一：超过 0 MiB 的上限.*QA_MAX_FILE_BYTES"):
        list(loader.load(newspaper, name="一", limit=2**20))


def test_pages_of_pictures_alone_need_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.loaders.extra.is_ocr_installed", lambda: False)

    with pytest.raises(ExtraMissing, match=r"^报：没有文字层，每页都是图片，.*scripts/setup ocr"):
        parsed(pdf(["", ""], image_on=[0, 1]))


def test_without_the_extra_pages_with_text_come_and_the_others_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf_parser, "is_ocr_installed", lambda: False)
    found = parsed(pdf([line("One", x=50, y=700), "", "", line("Four", x=50, y=700)], image_on=[1]))

    assert found == Parsed(text="One\f\f\fFour", unread=(2,))


@pytest.mark.parametrize(
    ("drawn", "pages"),
    [
        ("50 400 m 550 400 l S", ()),
        ("50 400 500 1 re f 50 300 500 1 re f", ()),
        ("50 50 500 700 re S 300 50 m 300 750 l 50 400 m 550 400 l S", ()),
        ("50 400 m 60 420 70 430 80 440 c S", (2,)),
        ("50 400 m 60 420 l 70 400 l h f", (2,)),
    ],
)
def test_a_page_of_nothing_but_rules_and_frames_is_blank_and_one_of_outlines_a_picture(
    drawn: str, pages: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_parser, "is_ocr_installed", lambda: False)

    assert parsed(pdf([line("One", x=50, y=700), drawn])) == Parsed(text="One\f", unread=pages)


COVER = " q 600 0 0 800 0 0 cm /I Do Q"
STRIPS = "".join(f" q 600 0 0 100 0 {100 * at} cm /I Do Q" for at in range(8))
STAMP = line("Scanned by CamScanner", x=400, y=20, size=8)


def test_a_scan_with_a_stamp_of_text_on_it_is_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_parser, "is_ocr_installed", lambda: False)
    words = ["words of a page"] * 5
    layer = "".join(line(each, x=50, y=700 - 14 * at) for at, each in enumerate(words))
    caption = line("Caption", x=50, y=20) + " q 600 0 0 500 0 200 cm /I Do Q"
    found = parsed(pdf([STAMP + COVER, layer + COVER, STAMP + STRIPS, caption]))

    assert found.unread == (1, 3)
    assert found.text.split("\f")[1:] == [
        "\n".join(words),
        "Scanned by CamScanner",
        "Caption",
    ]


def test_a_scan_with_a_stamp_is_recognised_and_keeps_the_stamp_where_nothing_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf_parser, "is_ocr_installed", lambda: True)
    monkeypatch.setattr(pdf_parser, "recognised", lambda _, number: "" if number else "大会开幕")

    assert parsed(pdf([STAMP + COVER] * 2)) == Parsed(text="大会开幕\fScanned by CamScanner")


def test_pages_that_are_not_read_are_told_as_a_failure_beside_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "混.pdf"
    path.write_bytes(pdf([line("One", x=50, y=700), ""], image_on=[1]))
    loader = make_loaders(Bounds())[".pdf"]
    monkeypatch.setattr(type(loader.worker), "parse", lambda *_: Parsed(text="One\f", unread=(2,)))  # type: ignore[attr-defined]
    source, failed = loader.load(path, name="混.pdf", limit=2**20)

    assert source == Source(name="混.pdf", text="One\f")
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, ExtraMissing)
    assert re.search(
        r"^混\.pdf：有文字的各页已收入；第 2 页（共 1 页）只有图片.*scripts/setup ocr", str(failed.error)
    )


def test_columns_that_touch_in_the_order_of_drawing_are_told_apart() -> None:
    left = [line(f"left{at}", x=50, y=700 - 14 * at) for at in range(6)]
    right = [line(f"right{at}", x=320, y=700 - 14 * at) for at in range(6)]
    across = "".join(each for pair in zip(left, right, strict=True) for each in pair)

    assert parsed(pdf([across])).text == (
        "\n".join(f"left{at}" for at in range(6)) + "\n\n" + "\n".join(f"right{at}" for at in range(6))
    )


def test_ten_times_as_many_full_pages_take_about_ten_times_as_long() -> None:
    page = "".join(
        line("words " * 8, x=50 + 270 * column, y=740 - 12 * at) for column in (0, 1) for at in range(55)
    )
    took = []
    for pages in (10, 100):
        started = time.process_time()
        assert parsed(pdf([page] * pages)).text.count("\f") == pages - 1
        took.append(time.process_time() - started)

    assert took[1] < 30 * took[0]


@pytest.mark.parametrize(
    ("turn", "matrix"),
    [
        (0, "1 0 0 1 100 {0}"),
        (90, "0 1 -1 0 {1} 100"),
        (180, "-1 0 0 -1 500 {1}"),
        (270, "0 -1 1 0 {0} 700"),
    ],
)
def test_a_page_that_is_shown_turned_is_read_as_it_is_shown(turn: int, matrix: str) -> None:
    lines = [f"line {at} of a page" for at in range(4)]
    drawn = "".join(
        f"BT /F 10 Tf {matrix.format(500 - 14 * at, 300 + 14 * at)} Tm ({text}) Tj ET "
        for at, text in enumerate(lines)
    )
    page = pdf([drawn]).replace(b"/Type/Page/", b"/Type/Page/Rotate %d/" % turn)

    assert parsed(page).text == "\n".join(lines)
