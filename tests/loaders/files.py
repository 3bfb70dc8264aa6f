"""Files of every format, made where they are needed: by hand, by Chromium, by LibreOffice."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from qa.loaders.bounds import DEFAULT_BOUNDS, Bounds
from qa.loaders.parsed import Job

WITHIN_S = 120

CHROMIUM_ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)

DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
    "<w:body>{body}</w:body></w:document>"
)


def job(
    kind: str, *, path: Path = Path("nowhere"), limit: int = 2**20, bounds: Bounds = DEFAULT_BOUNDS
) -> Job:
    """Return a job whose file is called 报 in messages."""
    return Job(kind=kind, path=str(path), name="报", limit=limit, bounds=bounds)


def no_more_time() -> None:
    """Take a word that a picture is about to be recognised."""


def docx(body: str, *, document: str = DOCUMENT, **others: bytes) -> bytes:
    """Return a docx with the given body, and members beside it."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", document.replace("{body}", body))
        for name, content in others.items():
            archive.writestr(name, content)
    return written.getvalue()


def paragraph(text: str, *, style: str = "") -> str:
    """Return a paragraph of a docx."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def pdf(pages: Sequence[str], *, trailer: str = "", image_on: Sequence[int] = ()) -> bytes:
    """Return a PDF whose pages are drawn by the given content streams, in Helvetica, called F."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    image = (
        "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"
        "/Length 1>>stream\n0\nendstream"
    )
    objects.append(image)
    kids = []
    for number, drawn in enumerate(pages):
        content = drawn + (" q 500 0 0 700 50 50 cm /I Do Q" if number in image_on else "")
        objects.append(f"<</Length {len(content)}>>stream\n{content}\nendstream")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {len(objects)} 0 R"
            "/Resources<</Font<</F 3 0 R>>/XObject<</I 4 0 R>>>>>>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>"
    return assembled(objects, trailer=trailer)


def assembled(objects: Sequence[str], *, trailer: str) -> bytes:
    """Return numbered objects as a file with its table of places."""
    written = bytearray(b"%PDF-1.4\n")
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n{each}\nendobj\n".encode("latin-1")
    start = len(written)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    written += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    written += f"trailer<</Root 1 0 R/Size {len(objects) + 1}{trailer}>>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(written)


def line(text: str, *, x: float, y: float, size: float = 10) -> str:
    """Return what draws a line; ``y`` is counted from the foot of the page."""
    return f"BT /F {size} Tf {x} {y} Td ({text}) Tj ET "


def tool(name: str, *, packages: str) -> str:
    """Return a program of the system; a missing one fails in CI and is said elsewhere."""
    found = shutil.which(name)
    if found is None:
        missing = f"{name} is not installed, so this was not tested: apt-get install {packages}"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return found


def chromium(page: str, folder: Path, *arguments: str) -> None:
    """Let Chromium load a page without network and do what ``arguments`` say."""
    source = folder / "page.html"
    source.write_text(page, encoding="utf-8")
    program = tool("chromium", packages="chromium fonts-noto-cjk")
    command = [program, *CHROMIUM_ARGUMENTS, f"--user-data-dir={folder / 'profile'}", *arguments]
    subprocess.run([*command, source.as_uri()], check=True, capture_output=True, timeout=WITHIN_S)


def printed(page: str, folder: Path) -> Path:
    """Return a page as Chromium prints it."""
    chromium(page, folder, "--no-pdf-header-footer", f"--print-to-pdf={folder / 'page.pdf'}")
    return folder / "page.pdf"


def pictured(page: str, folder: Path, *, size: str) -> Path:
    """Return a page as Chromium shows it."""
    chromium(page, folder, f"--window-size={size}", f"--screenshot={folder / 'page.png'}")
    return folder / "page.png"


def converted(path: Path, *, to: str) -> Path:
    """Return a document as LibreOffice writes it in another format."""
    program = tool("soffice", packages="libreoffice-writer-nogui")
    command = [program, "--headless", "--norestore", f"-env:UserInstallation={path.parent.as_uri()}/profile"]
    told = ["--convert-to", to, "--outdir", str(path.parent), str(path)]
    subprocess.run([*command, *told], check=True, capture_output=True, timeout=WITHIN_S)
    return path.with_suffix(f".{to.split(':')[0]}")
