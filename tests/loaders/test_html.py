"""HTML: the article and what its page states of it; menus, scripts and lists of links are not it."""

from __future__ import annotations

import codecs
from datetime import date
from pathlib import Path

import pytest

from qa.domain.ports import Loader
from qa.domain.sources import Source, Told
from qa.domain.spans import Span
from qa.errors import SourceDisguised, SourceEmpty, SourceNotText
from qa.loaders import html as html_parser
from qa.loaders.html_told import split
from qa.loaders.parsed import Parsed
from qa.loaders.table import LOADERS
from tests.contracts import MEETING, LoaderContract
from tests.loaders.files import job, no_more_time

BODY = "会议指出，要坚持以人民为中心，推动专业镇高质量发展，努力让群众过上好日子。"
SECOND = "会议强调，各县区要压实责任，确保各项任务如期完成，取得实实在在的成效。"

SURROUNDINGS = """<header><a href=/>晋中日报</a><nav><ul><li><a>首页</a><li><a>要闻</a></ul></nav></header>
{}
<aside><h2>热点新闻</h2><ul><li><a>别的新闻标题</a></ul></aside>
<form>登录<input value=名字><button>提交</button></form>
<div class="comment-list">网友评论内容在这里写了很长很长的一段话没有什么意思</div>
<div id=footer>版权所有</div><footer>备案号</footer>"""


def parsed(markup: str | bytes) -> Parsed:
    content = markup if isinstance(markup, bytes) else markup.encode()
    return html_parser.parse(content, job("html"), no_more_time)


def page(inner: str, *, head: str = "") -> Parsed:
    return parsed(f"<!doctype html><meta charset=utf-8>{head}<body>{SURROUNDINGS.format(inner)}")


class TestHtmlLoader(LoaderContract):
    @pytest.fixture
    def loader(self) -> Loader:
        return LOADERS[".html"]

    @pytest.fixture
    def sample(self, tmp_path: Path) -> Path:
        path = tmp_path / "样.html"
        path.write_text(f"<meta charset=utf-8><article><h1>大会</h1><p>{MEETING}{BODY}</article>", "utf-8")
        return path


@pytest.mark.parametrize(
    "inner",
    [
        "<article><header><h1>大会开幕</h1></header><p>{}</p><p>{}</p></article>",
        "<main><h1>大会开幕</h1><p>{}</p><p>{}</p></main>",
        "<div class=wrap><h1>大会开幕</h1><div class=content><p>{}</p><p>{}</p></div></div>",
        "<h1>大会开幕</h1><table><tr><td><founder-content><p>{}</p><p>{}</p></founder-content></td></tr></table>",
        "<h1>大会开幕</h1><div id=ozoom>{}<br><br>{}</div>",
    ],
)
def test_an_article_is_read_without_its_surroundings_and_its_headline_first(inner: str) -> None:
    found = page(inner.format(BODY, SECOND))

    assert found.text == f"大会开幕\n\n{BODY}\n\n{SECOND}"
    assert found.told == Told(whole=True, title=Span(0, 4))


def test_a_headline_outside_of_the_article_is_put_over_it() -> None:
    head = "<title>大会在京开幕 - 晋中日报</title>"

    assert page(f"<article><p>{BODY}</p></article>", head=head).text == f"大会在京开幕\n\n{BODY}"


@pytest.mark.parametrize("printed", ["大会在京<br>开幕", "大会　在京开幕", "大会&nbsp;在<b>京</b>开幕"])
def test_a_headline_that_is_spaced_or_broken_into_lines_is_not_put_over_the_article_again(
    printed: str,
) -> None:
    found = page(f"<article><h1>{printed}</h1><p>{BODY}</p></article>")
    assert found.told.title is not None
    title = found.text[found.told.title.start : found.told.title.end]

    assert found.told.title.start == 0
    assert "".join(title.split()) == "大会在京开幕"
    assert found.text == f"{title}\n\n{BODY}"


def test_words_of_a_sentence_are_never_taken_for_the_headline() -> None:
    found = page(f"<article><p>{BODY}</p></article>", head="<title>以人民为中心 - 晋中日报</title>")

    assert found.text == f"以人民为中心\n\n{BODY}"
    assert found.told.title == Span(0, 6)


def test_lines_that_are_set_by_hand_stay_lines() -> None:
    inner = f"<h1>大会开幕</h1><pre>{BODY}  <b>加\n粗</b>\n\n{SECOND}</pre><p>末\n段</p><pre></pre>尾\n部"

    assert page(f"<article>{inner}</article>").text == (
        f"大会开幕\n\n{BODY} 加\n粗\n\n{SECOND}\n\n末 段\n\n尾 部"
    )


HEAD = """<meta property="og:type" content="article"><meta property="og:site_name" content="晋中日报">
<meta property="article:published_time" content="2023-02-23T08:00:00+08:00">
<meta name="author" content="记者 王小明、李 白">"""
LINKED = """<script type="application/ld+json">{"@context": "x", "@graph": [{"@type": "WebSite"},
{"@type": "NewsArticle", "datePublished": "2023-02-23", "publisher": {"name": "晋中日报"},
"author": [{"@type": "Person", "name": "王小明"}, {"name": "李白"}]}]}</script>"""


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (
            HEAD.replace("李 白", "李白"),
            Told(authors=("王小明", "李白"), date=date(2023, 2, 23), newspaper="晋中日报"),
        ),
        (LINKED, Told(authors=("王小明", "李白"), date=date(2023, 2, 23), newspaper="晋中日报")),
        ('<meta name=pubdate content="2023年2月3日 08:00">', Told(date=date(2023, 2, 3))),
        ('<meta name=PubDate content="20230203">', Told(date=date(2023, 2, 3))),
        ("<meta name=pubdate content=昨天><meta name=author content=https://x.example/a>", Told()),
        ('<script type="application/ld+json">{broken</script>', Told()),
        ("", Told()),
    ],
)
def test_what_a_page_states_of_its_article_is_told(head: str, told: Told) -> None:
    found = page(f"<article><h1>大会开幕</h1><p>{BODY}</p></article>", head=head)

    assert found.told == Told(
        whole=True, title=Span(0, 4), authors=told.authors, date=told.date, newspaper=told.newspaper
    )


@pytest.mark.parametrize(
    ("mark", "day"),
    [
        ("<time datetime=2023-02-23T08:00>二月</time>", date(2023, 2, 23)),
        ("<span itemprop=datePublished content=2023-02-23>二月</span>", date(2023, 2, 23)),
        ("<time datetime=2023-02-23>一</time><time datetime=2023-02-24>二</time>", None),
        ("<time datetime=2023-02-31>二月</time>", None),
    ],
)
def test_a_marked_time_dates_an_article(mark: str, day: date | None) -> None:
    assert page(f"<article><h1>大会开幕</h1>{mark}<p>{BODY}</p></article>").told.date == day


@pytest.mark.parametrize(
    "inner",
    [
        f"<main><h2>甲篇</h2><p>{BODY}</p><h2>乙篇</h2><p>{SECOND}</p></main>",
        f"<article><h1>甲篇</h1><p>{BODY}</p></article><article><h1>乙篇</h1><p>{SECOND}</p></article>",
        f"<div><h3>甲篇</h3><p>{BODY}</p></div><div><h3>乙篇</h3><p>{SECOND}</p></div>",
    ],
)
def test_a_digital_page_of_several_articles_is_no_single_one(inner: str) -> None:
    found = page(inner, head=HEAD)

    assert found.text == f"甲篇\n\n{BODY}\n\n乙篇\n\n{SECOND}"
    assert found.told == Told(newspaper="晋中日报")


def test_scripts_styles_and_hidden_text_are_never_read_nor_run(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    hostile = (
        f"<script>document.title='x';fetch('file://{ran}')</script><style>p:after{{content:'x'}}</style>"
        "<template>模板</template><noscript>无脚本</noscript><iframe src=x>框</iframe>"
        "<svg><text>图</text></svg>"
        "<p hidden>藏一<p style='display: none'>藏二<p aria-hidden=true>藏三"
        f"<p onclick=alert(1)>{BODY}</p><!-- 注释 --><img src=x onerror=alert(1)>"
    )

    assert page(f"<article><h1>大会开幕</h1>{hostile}</article>").text == f"大会开幕\n\n{BODY}"
    assert not ran.exists()


def test_blocks_are_parted_by_blank_lines_and_rows_and_items_stand_on_lines() -> None:
    inner = (
        f"<h1>大会开幕</h1><p>{BODY}<b>加</b><i>粗</i> 后</p><ul><li>一<li>二</ul>"
        "<table><tr><td>县</td><td>元</td></tr><tr><th>左权</th><td>36</td></tr></table>行一<br>行二<div>段</div>"
    )

    assert page(f"<article>{inner}</article>").text == (
        f"大会开幕\n\n{BODY}加粗 后\n\n一\n二\n\n县\t元\n左权\t36\n\n行一\n行二\n\n段"
    )


MARKUP = "<html><head>{}</head><body><article><h1>大会开幕</h1><p>" + BODY + "</p></article>"


@pytest.mark.parametrize(
    "content",
    [
        MARKUP.format("<meta charset=utf-8>").encode(),
        MARKUP.format("<meta charset=gb2312>").encode("gb18030"),
        MARKUP.format('<meta http-equiv=x content="text/html; charset=GBK">').encode("gbk"),
        MARKUP.format("").encode("gb18030"),
        MARKUP.format("").encode(),
        MARKUP.format("<meta charset=utf-8>").encode("gb18030"),
        MARKUP.format("<meta charset=gbk>").encode(),
        codecs.BOM_UTF8 + MARKUP.format("<meta charset=gbk>").encode(),
        codecs.BOM_UTF16_LE + MARKUP.format("").encode("utf-16-le"),
        MARKUP.format("<meta charset=no-such-thing>").encode(),
    ],
)
def test_the_encoding_is_that_of_the_bytes_whatever_is_declared(content: bytes) -> None:
    assert parsed(content).text == f"大会开幕\n\n{BODY}"


def test_traditional_pages_in_big5_are_read() -> None:
    content = "<meta charset=big5><article><h1>大會開幕</h1><p>會議指出，要推動高質量發展。</p></article>"

    assert parsed(content.encode("big5")).text == "大會開幕\n\n會議指出，要推動高質量發展。"


def test_bytes_in_no_encoding_are_refused() -> None:
    with pytest.raises(SourceNotText, match=r"^报：网页的编码.*请另存为 UTF-8"):
        parsed(b"<p>\x80\xff\x81\x00" * 9)


def test_a_page_of_nothing_but_surroundings_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "空.html"
    path.write_text("<nav>首页</nav><script>1</script>", encoding="utf-8")

    with pytest.raises(SourceEmpty, match=r"^空\.html：文件是空的"):
        list(LOADERS[".html"].load(path, name="空.html", limit=2**20))


def test_a_picture_under_the_suffix_of_html_is_named(tmp_path: Path) -> None:
    path = tmp_path / "假.htm"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))

    with pytest.raises(SourceDisguised, match=r"^假\.htm：.*看内容是PNG 图片"):
        list(LOADERS[".htm"].load(path, name="假.htm", limit=2**20))


def test_twenty_thousand_nested_elements_come_to_an_end(tmp_path: Path) -> None:
    path = tmp_path / "深.html"
    path.write_text("<div>" * 20_000 + BODY, encoding="utf-8")
    (found,) = LOADERS[".html"].load(path, name="深.html", limit=2**20)

    assert isinstance(found, Source)
    assert found.text == BODY


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("王小明、李白", ["王小明", "李白"]),
        ("本报记者 王小明 通讯员 李白", ["王小明", "李白"]),
        ("作者：王小明", ["王小明"]),
        ("https://x.example/王", []),
        ("", []),
    ],
)
def test_a_byline_is_split_into_names(byline: str, names: list[str]) -> None:
    assert split(byline) == names
