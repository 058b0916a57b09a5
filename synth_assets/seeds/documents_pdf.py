"""PDF as blocks: what lines belong together is told by their places, what is a heading by outline or size."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import pairwise
from typing import Any

from synth_assets.errors import Refused
from synth_assets.seeds.base import Block
from synth_assets.seeds.documents_converter import LEAST_LETTERS_A_PAGE, MOST_PAGES, Document, library
from synth_assets.seeds.documents_encoding import clean
from synth_assets.seeds.documents_licenses import stated

HEADING_SIZE = 1.15
"""A line this many times as large as most text is a heading, where the file has no outline."""
MOST_HEADING_WORDS = 16
NEW_PARAGRAPH = 1.4
"""A distance to the line above this many times the usual one begins a paragraph."""
_BULLET = re.compile("[\u2022\u25cf\u25aa\u25a0\u2023\u25e6]\\s+(?=\\S)")
_HYPHENATED = re.compile(r"[^\W\d_]{2,}[-\u00ad]\Z")
_DASH = "[-\u2013\u2014]?"
_PAGE_NUMBER = re.compile(
    rf"(?:(?:page|seite|pagina|página)\s*)?{_DASH}\s*(?:\d{{1,5}}|[ivxlc]{{1,8}})\s*{_DASH}"
    r"(?:\s*(?:/|of|von|de|di)\s*\d{1,5})?",
    re.IGNORECASE,
)


@dataclass(slots=True, kw_only=True)
class _PdfLine:
    text: str
    size: float
    height: float
    page: int
    level: int = 0


def read_pdf(content: bytes) -> Document:
    """Paragraphs by the distances of lines, headings by outline or size, without running lines and page numbers.

    Raises:
        SeedError: the extra `documents` is not installed.
        Refused: encrypted, too many pages, or "scanned_document" where its pages are pictures of text.
    """
    pypdf = library("pypdf", "a .pdf file")
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of every flaw that it knows how to mend
    reader = pypdf.PdfReader(BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refused("password_protected", "the document is encrypted; save it without a password")
    count = len(reader.pages)
    if count > MOST_PAGES:
        raise Refused("too_large", f"{count:,} pages; at most {MOST_PAGES:,} are read")
    pages = [_pdf_lines(reader.pages[number], number) for number in range(count)]
    letters = sum(character.isalnum() for lines in pages for line in lines for character in line.text)
    pictures = [number for number, lines in enumerate(pages) if not lines and _has_picture(reader.pages[number])]
    if letters < LEAST_LETTERS_A_PAGE * count and pictures:
        raise Refused("scanned_document", f"{len(pictures)} of {count} pages are pictures of text; run OCR first")
    _drop_running_lines(pages)
    _mark_headings(reader, pages)
    metadata = reader.metadata
    rights = reader.xmp_metadata.stream.get_data() if reader.xmp_metadata is not None else b""
    return Document(
        blocks=_pdf_blocks([line for lines in pages for line in lines]),
        title=str(metadata.title or "") if metadata else "",
        license=stated(rights.decode("utf-8", "replace")),
        left_out=[("pages " + ", ".join(str(number + 1) for number in pictures[:50]),
                   f"pages_without_text: {len(pictures)} of {count} pages are pictures; run OCR first")]
        if pictures else [],
    )  # fmt: skip


def _pdf_lines(page: Any, number: int) -> list[_PdfLine]:
    lines: list[_PdfLine] = []
    parts: list[tuple[str, float, float]] = []

    def finish() -> None:
        text = " ".join("".join(part[0] for part in parts).split())
        if text:
            shown = [part for part in parts if part[0].strip()]
            lines.append(
                _PdfLine(text=text, size=max(part[1] for part in shown), height=shown[0][2], page=number)
            )  # fmt: skip
        parts.clear()

    def visit(text: str, outer: list[float], inner: list[float], _font: Any, size: float | None) -> None:
        # inner (text space to user space) times outer (user space to the page): scale and height on the page
        scale = abs(inner[3] * outer[3] + inner[2] * outer[1]) or abs(inner[1] * outer[2]) or 1.0
        height = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
        for index, piece in enumerate(text.split("\n")):
            if index:
                finish()
            if piece:
                parts.append((piece, round((size or 0.0) * scale, 1), height))

    page.extract_text(visitor_text=visit)
    finish()
    return lines


def _has_picture(page: Any) -> bool:
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    return objects is not None and any(
        value.get_object().get("/Subtype") in ("/Image", "/Form") for value in objects.get_object().values()
    )


def _drop_running_lines(pages: list[list[_PdfLine]]) -> None:
    """Page numbers, and what stands first or last on at least half of three pages or more, digits aside."""
    for place in (0, -1):
        counts: dict[str, int] = {}
        for lines in pages:
            if lines:
                key = re.sub(r"\d+", "#", lines[place].text)
                counts[key] = counts.get(key, 0) + 1
        for lines in pages:
            if not lines:
                continue
            text = lines[place].text
            often = counts[re.sub(r"\d+", "#", text)]
            if (len(pages) > 1 and _PAGE_NUMBER.fullmatch(text)) or (often >= 3 and often * 2 >= len(pages)):
                del lines[place]


def _mark_headings(reader: Any, pages: list[list[_PdfLine]]) -> None:
    """By the outline where there is one, else by the size of letters."""
    wanted = list(_outline(reader))
    for number, title, level in wanted:
        if not 0 <= number < len(pages):
            continue
        lines = pages[number]
        wording = re.compile(rf"(?:chapter|kapitel|chapitre|capitolo)?[0-9ivx]{{0,6}}{re.escape(_folded(title))}")
        for start, stop in ((start, start + wide) for wide in (1, 2, 3) for start in range(len(lines) - wide + 1)):
            taken = any(line.level for line in lines[start:stop])
            if not taken and wording.fullmatch(_folded(" ".join(line.text for line in lines[start:stop]))):
                lines[start:stop] = [replace(lines[start], text=title, level=level)]
                break
        else:  # the heading is worded otherwise on the page, or is a picture
            lines.insert(0, _PdfLine(text=title, size=0.0, height=0.0, page=number, level=level))
    if wanted:
        return
    weights: dict[float, int] = {}
    for lines in pages:
        for line in lines:
            weights[line.size] = weights.get(line.size, 0) + len(line.text)
    if not weights:
        return
    usual = max(weights, key=lambda size: (weights[size], -size))
    large = sorted((size for size in weights if size >= usual * HEADING_SIZE), reverse=True)
    for lines in pages:
        for line in lines:
            if (
                line.size in large
                and len(line.text.split()) <= MOST_HEADING_WORDS
                and re.search(r"[^\W\d_]", line.text)
            ):
                line.level = min(large.index(line.size) + 1, 6)


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _outline(reader: Any) -> Iterator[tuple[int, str, int]]:
    """(page from 0, title, level) of each bookmark, in order; bookmarks that lead nowhere are none."""
    waiting: list[tuple[Any, int]] = [(entry, 1) for entry in reader.outline]
    seen = 0
    while waiting and seen < MOST_PAGES:
        entry, level = waiting.pop(0)
        seen += 1
        if isinstance(entry, list):
            waiting[:0] = [(child, level + 1) for child in entry]
            continue
        title = " ".join(clean(str(entry.title or "")).split())
        number = reader.get_destination_page_number(entry)
        if title and _folded(title) and number is not None:
            yield number, title[:300], level


def _pdf_blocks(lines: list[_PdfLine]) -> list[Block]:
    gaps = sorted(
        above.height - line.height
        for above, line in pairwise(lines)
        if above.page == line.page and not above.level and not line.level and above.height > line.height
    )
    usual = gaps[len(gaps) // 4] if gaps else 0.0  # the lower quartile: short paragraphs have many large gaps
    blocks: list[Block] = []
    said = ""
    above: _PdfLine | None = None

    def finish() -> None:
        nonlocal said
        if bullet := _BULLET.match(said):
            blocks.append(Block(kind="list_item", text=said[bullet.end() :]))
        elif said:
            blocks.append(Block(kind="paragraph", text=said))
        said = ""

    for line in lines:
        if line.level:
            finish()
            last = blocks[-1] if blocks else None
            if (above is not None and above.level == line.level and line.size and above.size == line.size
                    and last is not None and last.kind == "heading"
                    and 0 < above.height - line.height < 2 * line.size and above.page == line.page):  # fmt: skip
                blocks[-1] = last._replace(text=f"{last.text} {line.text}")
            else:
                blocks.append(Block(kind="heading", text=line.text, level=line.level))
        else:
            if _BULLET.match(line.text) or (above is not None and _begins_paragraph(above, line, usual)):
                finish()
            if _HYPHENATED.search(said) and line.text[:1].islower():
                said = said[:-1] + line.text
            else:
                said = f"{said} {line.text}" if said else line.text
        above = line
    finish()
    return blocks


def _begins_paragraph(above: _PdfLine, line: _PdfLine, usual: float) -> bool:
    gap = above.height - line.height
    if above.page != line.page or gap < 0:  # a new page or column: a sentence that is under way goes on
        return above.text[-1:] in '.!?:;"”»)'
    return gap > usual * NEW_PARAGRAPH or above.size != line.size
