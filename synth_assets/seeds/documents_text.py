"""Plain text, Markdown and CSV as blocks."""

import csv
import re
from io import StringIO
from typing import Any

import yaml

from synth_assets.seeds.base import Block
from synth_assets.seeds.documents_converter import MOST_CHARACTERS, Document, library
from synth_assets.seeds.documents_encoding import decoded
from synth_assets.seeds.documents_html import html_blocks, row_text
from synth_assets.seeds.documents_licenses import spdx_expression, spdx_of_head

_EMPTY_LINE = re.compile(r"\n[ \t]*\n\s*")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)?---[ \t]*\n", re.DOTALL)


def read_text(content: bytes) -> Document:
    """Plain text in any encoding; its licence is that of an SPDX line among the first.

    Raises:
        Refused: see `decoded`.
    """
    text = decoded(content)
    return Document(blocks=plain_blocks(text), license=spdx_of_head(text))


def plain_blocks(text: str) -> list[Block]:
    """Paragraphs of plain text: between empty lines, or one a line where there are no empty lines."""
    pieces = _EMPTY_LINE.split(text) if _EMPTY_LINE.search(text.strip()) else text.split("\n")
    return [Block(kind="paragraph", text=" ".join(piece.split())) for piece in pieces if piece.strip()]


def read_markdown(content: bytes) -> Document:
    """CommonMark with tables; title and licence may stand in YAML front matter.

    Raises:
        SeedError: the extra `documents` is not installed.
        Refused: see `decoded`.
    """
    text = decoded(content)
    front = _FRONT_MATTER.match(text)
    values: Any = None
    left_out = []
    if front:
        try:
            values = yaml.safe_load(front[1] or "")
        except (yaml.YAMLError, ValueError, RecursionError):
            left_out.append(("front matter", "broken_file: the front matter is not YAML"))
        text = text[front.end() :]
    known = values if isinstance(values, dict) else {}
    title = known.get("title")
    return Document(
        blocks=markdown_blocks(text),
        title=title if isinstance(title, str) else "",
        license=spdx_expression(known.get("license")) or spdx_of_head(text),
        left_out=left_out,
    )


def markdown_blocks(text: str) -> list[Block]:
    """The headings, paragraphs and list items of CommonMark with tables; code keeps its lines, inline marks are gone.

    Raises:
        SeedError: the extra `documents` is not installed.
    """
    parser = library("markdown_it", "Markdown").MarkdownIt("commonmark").enable("table")
    blocks: list[Block] = []
    heading = lists = 0
    cells: list[str] | None = None
    for token in parser.parse(text):
        if token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            lists += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists -= 1
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            blocks.append(Block(kind="list_item", text=row_text(cells or [])))
            cells = None
        elif token.type == "inline":
            said = _inline(token.children or [])
            if cells is not None:
                cells.append(said)
            elif heading:
                blocks.append(Block(kind="heading", text=said, level=heading))
                heading = 0
            else:
                blocks.append(Block(kind="list_item" if lists else "paragraph", text=said))
        elif token.type in ("fence", "code_block"):
            blocks.append(Block(kind="code", text=token.content.strip("\n")))
        elif token.type == "html_block":
            blocks += html_blocks(token.content).blocks
    return [block for block in blocks if block.text.strip()]


def _inline(children: list[Any]) -> str:
    parts = []
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type in ("text", "code_inline", "image"):  # an image's content is what it is described by
            parts.append(child.content)
    return " ".join("".join(parts).split())


def read_csv(content: bytes) -> Document:
    """A list item a row, "column: cell; column: cell"; the first row names the columns, the delimiter is found out.

    Raises:
        Refused: see `decoded`.
    """
    text = decoded(content)
    # the module's limit is the process's own; it is only ever raised
    csv.field_size_limit(max(csv.field_size_limit(), MOST_CHARACTERS))
    try:
        dialect: Any = csv.Sniffer().sniff(text[:10_000], delimiters=",;\t|")
    except csv.Error:  # one column has no delimiter to be told by
        dialect = csv.excel
    rows = [[cell.strip() for cell in row] for row in csv.reader(StringIO(text, newline=""), dialect)]
    rows = [row for row in rows if any(row)]
    names, body = rows[0] if rows else [], rows[1:]
    blocks = [
        Block(kind="list_item", text="; ".join(
            f"{names[index]}: {cell}" if index < len(names) and names[index] else cell
            for index, cell in enumerate(" ".join(cell.split()) for cell in row) if cell
        ))
        for row in body
    ]  # fmt: skip
    return Document(blocks=blocks)
