"""Questions and answers of benchmarks, which a dataset must not hold: JSONL, CSV (either also .gz) and Parquet files.

The files are users': a line that cannot be read, or that has no question, is told with its number and the rest goes on.
Lines are parsed one by one with the standard library, because the readers of data frames name no line; Parquet, which
has no lines to break, is read by polars.
"""

import csv
import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from synth_assets.errors import BenchmarkError
from synth_assets.identity import hash_of

_KINDS = (".jsonl", ".ndjson", ".csv", ".parquet")
_LONGEST_LINE = 16 * 1024 * 1024
_COLUMNS_TOLD = 40
_LINES_LOOKED_AT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkItem:
    """One question of a benchmark.

    Attributes:
        benchmark: name of the benchmark, as the user gave it.
        item: value of the id column, or the number of the line (JSONL, CSV) or row (Parquet), from 1.
        answer: "" where the file has none.
    """

    benchmark: str
    item: str
    question: str
    answer: str = ""

    @property
    def key(self) -> str:
        """64 hex digits that stand for benchmark and item; the id of the item's vector."""
        return hash_of(self.benchmark, self.item)

    @property
    def text(self) -> str:
        """What is embedded: the question, and the answer after it."""
        return f"{self.question}\n{self.answer}" if self.answer else self.question


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenLine:
    """A line or row that is left out.

    Attributes:
        line: number of the line (of the row in Parquet), from 1.
        reason: "not_json", "not_an_object", "not_utf8", "too_long", "wrong_number_of_fields", "not_csv", "no_question",
            "not_text" or "item_occurs_twice".
        detail: what explains it.
    """

    file: str
    line: int
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """What one file holds."""

    name: str
    items: tuple[BenchmarkItem, ...]
    broken: tuple[BrokenLine, ...]


class _Broken(Exception):
    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


def read_benchmark(
    path: Path | str, *, name: str, question: str, answer: str | None = None, item: str | None = None
) -> Benchmark:
    """All items of a file, in its order.

    A question is a text, not blank; an answer a text, a number, a list of them (one a line), or null.

    Args:
        name: name of the benchmark.
        question, answer, item: columns of the question, of the answer and of the item's id; without the last an item
            is called by its line.

    Raises:
        BenchmarkError: the file is missing, of no kind that is read, damaged, has not the columns named (the text says
            which it has), or holds no item.
    """
    path = Path(path)
    kind = _kind_of(path)
    wanted = [column for column in (question, answer, item) if column is not None]
    items: list[BenchmarkItem] = []
    broken: list[BrokenLine] = []
    seen: set[str] = set()
    columns: dict[str, None] = {}  # in the order of the file
    try:
        for line, row in _rows(path, kind, wanted):
            try:
                if isinstance(row, _Broken):
                    raise row
                if len(columns) < _COLUMNS_TOLD:
                    columns.update(dict.fromkeys(row))
                made = BenchmarkItem(
                    benchmark=name,
                    item=str(line) if item is None else _text(row, item) or str(line),
                    question=_question(row, question),
                    answer="" if answer is None else _text(row, answer),
                )
                if made.item in seen:
                    raise _Broken("item_occurs_twice", made.item[:80])
                seen.add(made.item)
                items.append(made)
            except _Broken as error:
                broken.append(BrokenLine(file=str(path), line=line, reason=error.reason, detail=error.detail))
    except (OSError, EOFError, zlib.error) as error:
        raise BenchmarkError(f"{path}: cannot be read: {error}") from error
    missing = [column for column in wanted if column not in columns]
    if columns and missing and len(columns) < _COLUMNS_TOLD:
        _refuse_columns(path, missing, columns)
    if not items:
        first = f"; line {broken[0].line}: {broken[0].reason} {broken[0].detail}".rstrip() if broken else ""
        raise BenchmarkError(f"{path}: holds no item ({len(broken)} broken lines{first})")
    return Benchmark(name=name, items=tuple(items), broken=tuple(broken))


def check_benchmark(path: Path | str, *, question: str, answer: str | None = None, item: str | None = None) -> None:
    """See at small cost that a file is there and has the columns: of JSONL the first 100 lines are read.

    Raises:
        BenchmarkError: as `read_benchmark`, for what the beginning of the file shows.
    """
    path = Path(path)
    kind = _kind_of(path)
    wanted = [column for column in (question, answer, item) if column is not None]
    columns: dict[str, None] = {}
    try:
        if kind == ".parquet":
            _parquet_columns(path, wanted)
            return
        for _, row in islice(_rows(path, kind, wanted), _LINES_LOOKED_AT):
            if not isinstance(row, _Broken):
                columns.update(dict.fromkeys(row))
    except (OSError, EOFError, zlib.error) as error:
        raise BenchmarkError(f"{path}: cannot be read: {error}") from error
    missing = [column for column in wanted if column not in columns]
    if columns and missing:
        _refuse_columns(path, missing, columns)


def _kind_of(path: Path) -> str:
    kind = next((suffix for suffix in _KINDS if path.name.removesuffix(".gz").endswith(suffix)), "")
    if not kind or (kind == ".parquet" and path.name.endswith(".gz")):
        raise BenchmarkError(f"{path}: a benchmark is a .jsonl, .jsonl.gz, .csv, .csv.gz or .parquet file")
    if not path.is_file():
        raise BenchmarkError(f"{path}: no such file")
    return kind


def _refuse_columns(path: Path, missing: Iterable[str], columns: Iterable[str]) -> None:
    named = ", ".join(repr(column) for column in missing)
    there = ", ".join(repr(column) for column in list(columns)[:_COLUMNS_TOLD])
    raise BenchmarkError(f"{path}: has no column {named}; its columns are {there}")


def _question(row: Mapping[str, Any], column: str) -> str:
    text = _text(row, column)
    if not text.strip():
        raise _Broken("no_question", column)
    return text


def _text(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    values = value if isinstance(value, list) else [value]
    if not all(each is None or isinstance(each, str | int | float) for each in values):
        raise _Broken("not_text", f"{column} is {type(value).__name__}")
    return "\n".join(str(each) for each in values if each is not None)


def _rows(path: Path, kind: str, wanted: list[str]) -> Iterator[tuple[int, Mapping[str, Any] | _Broken]]:
    if kind == ".parquet":
        yield from _parquet_rows(path, wanted)
        return
    with gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb") as file:
        yield from _csv_rows(path, file, wanted) if kind == ".csv" else _json_rows(file)


def _json_rows(file: BinaryIO) -> Iterator[tuple[int, Mapping[str, Any] | _Broken]]:
    for line, text in _lines(file):
        if isinstance(text, _Broken):
            yield line, text
        elif text.strip():
            try:
                row = json.loads(text)
            except (ValueError, RecursionError) as error:
                yield line, _Broken("not_json", str(error)[:200])
            else:
                yield line, row if isinstance(row, dict) else _Broken("not_an_object", type(row).__name__)


def _csv_rows(path: Path, file: BinaryIO, wanted: list[str]) -> Iterator[tuple[int, Mapping[str, Any] | _Broken]]:
    bad: list[tuple[int, _Broken]] = []

    def texts() -> Iterator[str]:
        for line, text in _lines(file):
            if isinstance(text, _Broken):
                bad.append((line, text))
                text = "\n"  # keeps the numbers of the lines that follow
            yield text

    reader = csv.reader(texts(), strict=True)
    header: list[str] | None = None
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader, None)
        except csv.Error as error:
            yield line, _Broken("not_csv", str(error)[:200])
            continue
        yield from bad
        bad.clear()
        if fields is None:
            return
        if not fields:
            continue
        if header is None:
            header = fields
            missing = [column for column in wanted if column not in header]
            if missing:
                _refuse_columns(path, missing, header)
        elif len(fields) != len(header):
            yield line, _Broken("wrong_number_of_fields", f"{len(fields)}, not {len(header)}")
        else:
            yield line, dict(zip(header, fields, strict=True))


def _lines(file: BinaryIO) -> Iterator[tuple[int, str | _Broken]]:
    """Numbered lines; one of more than 16 MiB is read to its end in pieces, and left out."""
    line = 0
    while raw := file.readline(_LONGEST_LINE):
        line += 1
        if len(raw) == _LONGEST_LINE and not raw.endswith(b"\n"):
            while raw and not raw.endswith(b"\n"):
                raw = file.readline(_LONGEST_LINE)
            yield line, _Broken("too_long", f"more than {_LONGEST_LINE} bytes")
            continue
        try:
            yield line, raw.decode("utf-8-sig" if line == 1 else "utf-8")
        except UnicodeDecodeError as error:
            yield line, _Broken("not_utf8", str(error))


def _parquet_rows(path: Path, wanted: list[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    import polars as pl

    _parquet_columns(path, wanted)
    try:
        frame = pl.read_parquet(path, columns=list(dict.fromkeys(wanted)))
    except pl.exceptions.PolarsError as error:
        raise BenchmarkError(f"{path}: cannot be read: {error}") from error
    yield from enumerate(frame.iter_rows(named=True), start=1)


def _parquet_columns(path: Path, wanted: list[str]) -> None:
    """Raise BenchmarkError where a column is not there."""
    import polars as pl

    try:
        columns = pl.read_parquet_schema(path)
    except pl.exceptions.PolarsError as error:
        raise BenchmarkError(f"{path}: cannot be read: {error}") from error
    missing = [column for column in wanted if column not in columns]
    if missing:
        _refuse_columns(path, missing, columns)
