"""The formats that are zip archives: EPUB, DOCX and PPTX; an archive is only ever read in memory."""

import re
import zipfile
from io import BytesIO
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from synth_assets.errors import Refused
from synth_assets.seeds.base import Block
from synth_assets.seeds.documents_converter import MOST_UNPACKED_BYTES, Document, library
from synth_assets.seeds.documents_encoding import decoded
from synth_assets.seeds.documents_html import html_blocks, row_text
from synth_assets.seeds.documents_licenses import spdx_expression, stated
from synth_assets.seeds.documents_text import plain_blocks

_HEADING_STYLE = re.compile(r"heading (\d)", re.IGNORECASE)


def opened_zip(content: bytes) -> zipfile.ZipFile:
    """The archive, if it is one that unpacks to a bounded size without a password; it is only ever read in memory."""
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):  # Office wraps what it locks in the format before 2007
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Refused("password_protected", "the document is encrypted; save it without a password")
        raise Refused("old_format", "a format before 2007 under a new name; save it again as DOCX or PPTX")
    archive = zipfile.ZipFile(BytesIO(content))
    total = sum(entry.file_size for entry in archive.infolist())
    if total > MOST_UNPACKED_BYTES:  # zipfile reads no more of an entry than it declares
        raise Refused("too_large", f"unpacks to {total:,} bytes; at most {MOST_UNPACKED_BYTES:,} are read")
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        raise Refused("password_protected", "the archive is encrypted")
    return archive


def read_epub(content: bytes) -> Document:
    """The chapters of a book in the order of its spine, without its table of contents.

    Raises:
        SeedError: the extra `documents` is not installed.
        Refused: locked, encrypted, or too large.
    """
    etree = library("lxml.etree", "EPUB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    with opened_zip(content) as book:
        names = frozenset(book.namelist())
        if "META-INF/rights.xml" in names:
            raise Refused("password_protected", "the book is locked to a reader's device")
        container = etree.fromstring(book.read("META-INF/container.xml"), parser)
        package_name = next(element.get("full-path") for element in container.iter("{*}rootfile"))
        package = etree.fromstring(book.read(package_name), parser)
        said = {
            name: " ".join(" ".join(element.itertext()) for element in package.iter(f"{{*}}{name}"))
            for name in ("title", "rights", "license", "source")
        }
        items = {element.get("id"): element for element in package.iter("{*}item")}
        document = Document(
            blocks=[],
            title=next((" ".join(element.itertext()) for element in package.iter("{*}title")), ""),
            license=stated(said["rights"] + " " + said["license"]) or spdx_expression(said["rights"]),
        )
        for reference in package.iter("{*}itemref"):
            item = items.get(reference.get("idref"))
            if item is None or "html" not in (item.get("media-type") or ""):
                document.left_out.append((str(reference.get("idref")), "broken_file: the chapter is not in the book"))
                continue
            if "nav" in (item.get("properties") or "").split():
                continue  # the table of contents: its lines stand over the chapters again
            name = _inside(package_name, item.get("href") or "")
            if name not in names:
                document.left_out.append((name, "broken_file: the chapter is not in the book"))
                continue
            document.blocks += html_blocks(decoded(book.read(name)), is_xml=True).blocks
    return document


def _inside(package: str, address: str) -> str:
    return normpath(join(dirname(package), unquote(address.partition("#")[0])))


def read_docx(content: bytes) -> Document:
    """Headings by style, list items by style or numbering, a list item a row of a table.

    Raises:
        SeedError: the extra `documents` is not installed.
        Refused: encrypted, too large, or of the format before 2007.
    """
    opened_zip(content).close()
    document = library("docx", "a .docx file").Document(BytesIO(content))
    title = document.core_properties.title or ""
    blocks: list[Block] = []
    for item in document.iter_inner_content():
        if hasattr(item, "rows"):
            for row in item.rows:
                # a merged cell comes once for every column it covers
                cells = [cell for index, cell in enumerate(row.cells) if cell not in row.cells[:index]]
                blocks.append(Block(kind="list_item", text=row_text(cell.text for cell in cells)))
            continue
        style = (item.style.name or "") if item.style is not None else ""
        if not item.text.strip():
            continue
        level = _HEADING_STYLE.fullmatch(style)
        if style == "Title":
            title = item.text
        elif level:
            blocks.append(Block(kind="heading", text=" ".join(item.text.split()), level=int(level[1])))
        else:
            numbered = item._p.pPr is not None and item._p.pPr.numPr is not None
            kind = "list_item" if numbered or style.startswith("List") else "paragraph"
            blocks.append(Block(kind=kind, text=" ".join(item.text.split())))
    return Document(blocks=blocks, title=title)


def read_pptx(content: bytes) -> Document:
    """A section a slide under its title, with the lines of its shapes, its tables and its notes.

    Raises:
        SeedError: the extra `documents` is not installed.
        Refused: encrypted, too large, or of the format before 2007.
    """
    opened_zip(content).close()
    shown = library("pptx", "a .pptx file").Presentation(BytesIO(content))
    blocks: list[Block] = []
    for slide in shown.slides:
        title = slide.shapes.title
        if title is not None and title.text_frame.text.strip():
            blocks.append(Block(kind="heading", text=" ".join(title.text_frame.text.split()), level=1))
        waiting = [shape for shape in slide.shapes if title is None or shape.shape_id != title.shape_id]
        while waiting:
            shape = waiting.pop(0)
            if hasattr(shape, "shapes"):
                waiting[:0] = list(shape.shapes)
            elif shape.has_text_frame:
                kind = "list_item" if shape.is_placeholder else "paragraph"
                blocks += [Block(kind=kind, text=" ".join(line.text.split())) for line in shape.text_frame.paragraphs]
            elif getattr(shape, "has_table", False):
                blocks += [Block(kind="list_item", text=row_text(cell.text for cell in row.cells))
                           for row in shape.table.rows]  # fmt: skip
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            blocks += plain_blocks(slide.notes_slide.notes_text_frame.text)
    return Document(blocks=blocks, title=shown.core_properties.title or "")
