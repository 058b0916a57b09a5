"""Infoboxes and tables of Structured Contents as lines of text.

A line stands alone: "Born: 10 December 1815", "Year: 1843; Work: Notes", so that a question can be asked about it
without the table around it. Pictures have no text and are left out; so are cells without one.
"""

from collections.abc import Iterator
from typing import Any

from synth_assets.errors import SeedError
from synth_assets.seeds.base import Block

_DEEPEST = 12  # boxes inside boxes: real ones go three deep
_MOST_CELLS = 64  # of one row; wider ones are calendars and maps made of cells


def unpacked(value: Any) -> Any:
    """The value, read where it is JSON in a string, as the Avro edition has it.

    Raises:
        SeedError: it looks like JSON and is not.
    """
    if not isinstance(value, str) or not value.lstrip().startswith(("[", "{")):
        return value
    import orjson

    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise SeedError(f"unreadable_parts: a value that should be JSON: {error.msg}") from error


def infobox_blocks(infoboxes: Any, title: str) -> Iterator[Block]:
    """Every field as a list item under a heading that is the box's own name, or the article's where it has none."""
    for box in _dicts(infoboxes):
        lines = list(_fields(box, 0))
        if lines:
            yield Block(kind="heading", text=_text(box.get("name")) or title, level=1)
            yield from (Block(kind="list_item", text=line) for line in lines)


def table_blocks(tables: Any, title: str) -> Iterator[Block]:
    """Every row as a list item, its cells named by the column heads, under a heading that is the table's caption."""
    for table in _dicts(tables):
        lines = list(_rows(table))
        if lines:
            caption = _text(table.get("caption")) or _text(table.get("name")) or title
            yield Block(kind="heading", text=caption, level=1)
            yield from (Block(kind="list_item", text=line) for line in lines)


def _fields(part: dict[str, Any], depth: int) -> Iterator[str]:
    if depth > _DEEPEST or part.get("type") == "image":
        return
    name, value = _text(part.get("name")), _text(part.get("value")) or _joined(part.get("values"))
    if depth and value:
        yield f"{name}: {value}" if name and name != value else value
        return  # the parts of a field repeat its value piece by piece
    for inner in _dicts(part.get("has_parts")):
        yield from _fields(inner if inner.get("name") or not name or not depth else {**inner, "name": name}, depth + 1)


def _rows(table: dict[str, Any]) -> Iterator[str]:
    heads: list[str] = []
    for row in _lists(table.get("headers")):
        heads = _cells(row)  # of several rows of heads, the last names the columns one by one
    for row in [*_lists(table.get("rows")), *_lists(table.get("footers"))]:
        pieces = []
        for number, cell in enumerate(_cells(row)):
            head = heads[number] if number < len(heads) else ""
            if cell:
                pieces.append(f"{head}: {cell}" if head and head != cell else cell)
        if pieces:
            yield "; ".join(pieces)


def _cells(row: list[Any]) -> list[str]:
    return [_text(cell.get("value") if isinstance(cell, dict) else cell) for cell in row[:_MOST_CELLS]]


def _dicts(value: Any) -> list[dict[str, Any]]:
    value = unpacked(value)
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if isinstance(entry, dict)]


def _lists(value: Any) -> list[list[Any]]:
    value = unpacked(value)
    return [entry for entry in value if isinstance(entry, list)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _joined(values: Any) -> str:
    return "; ".join(filter(None, map(_text, values))) if isinstance(values, list) else ""
