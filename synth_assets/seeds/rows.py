"""Rows of any JSONL, Parquet or CSV as seeds, by a column map: FineWeb, Cosmopedia's seeds, an export of one's own.

Rows are filtered here, before anything is spent on them. A row that a filter leaves out is counted, and the counts come
last, one `Dropped` a reason, so that ten million of them cost no memory; of rows that are broken the first
`MOST_REPORTED` are named by line. JSONL and CSV may be gzipped; they are read a line at a time, Parquet a batch at a
time and only the columns that are mapped.
"""

import csv
import gzip
import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Literal
from urllib.parse import quote

from synth_assets.errors import Refused, SeedError
from synth_assets.identity import hash_of
from synth_assets.languages import LANGUAGES
from synth_assets.quality.language_identification import identify_all
from synth_assets.seeds.base import BadSeed, Block, Dropped, RemoteRows, Seed, SourceFile
from synth_assets.seeds.code_files import python_blocks
from synth_assets.seeds.documents_encoding import clean
from synth_assets.seeds.documents_folder import UserFolder
from synth_assets.seeds.documents_reader import UNKNOWN_LICENSE
from synth_assets.seeds.documents_text import markdown_blocks
from synth_assets.seeds.packaged_json import printable, problem_with_text
from synth_assets.seeds.sections import SURE_OF_LANGUAGE
from synth_assets.seeds.words import count_words

SUFFIXES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".parquet", ".pq", ".csv", ".tsv", ".csv.gz", ".tsv.gz")
MOST_LINE_BYTES = 32 * 2**20
MOST_SKIPPED_BYTES = 2**30
"""A single line longer than this ends the file: it is no file of lines, or an archive made to fill a disk."""
MOST_REPORTED = 100
MOST_TITLE = 80
BATCH = 256

FILTERED = frozenset({
    "above_maximum", "below_minimum", "not_one_of", "other_language", "repeated_row", "too_few_words", "too_many_words",
    "wrong_language",
})  # fmt: skip
REFUSALS = FILTERED | {"bad_row", "broken_file", "cut_off", "line_too_long", "no_column", "no_text", "not_a_number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column holds what; "metadata.url" is the key `url` inside the column `metadata`, empty is no column.

    Attributes:
        title: without one, the text's first line stands for it, cut at a word within `MOST_TITLE` characters.
        url: without one, a URN made of the text's hash, so that a row keeps its seed wherever it stands.
        language: ISO 639-1 code of each row ("en", "en-US", "eng_Latn" and "English" are understood).
        license: SPDX identifier of each row; an empty cell is the collection's licence.
        revision: what identifies the version.
        attribution: who wrote the text.
    """

    text: str = "text"
    title: str = ""
    url: str = ""
    language: str = ""
    license: str = ""
    topic: str = ""
    revision: str = ""
    attribution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFilter:
    """What a row must meet. A row without a number in a column that is bounded does not meet it.

    Attributes:
        at_least, at_most: column -> bound, inclusive ({"score": 3, "metadata.language_score": 0.65}).
        one_of: column -> the values that are let through.
        least_words, most_words: of the text, as sections count them; 0 is no bound.
        identify_language: leave out texts that are surely in another language than the row's (or the collection's).
    """

    at_least: Mapping[str, float] = field(default_factory=dict)
    at_most: Mapping[str, float] = field(default_factory=dict)
    one_of: Mapping[str, tuple[str | int | bool, ...]] = field(default_factory=dict)
    least_words: int = 0
    most_words: int = 0
    identify_language: bool = False

    @property
    def columns(self) -> frozenset[str]:
        return frozenset((*self.at_least, *self.at_most, *self.one_of))


class Rows:
    """Reader of a file of rows, or of a folder of them.

    Args:
        collection: what the recipe calls it.
        path: a file, or a folder whose files of `SUFFIXES` are read; None where there are addresses alone.
        chosen: of the folder, these files, folders and globs alone; all of it when left out.
        addresses: of files elsewhere ("hf://datasets/owner/name/data/*.parquet"), read by `remote`.
        columns: which column holds what.
        language: ISO 639-1 code of all rows; leave it empty where `columns.language` says it of each.
        license: SPDX identifier of all rows that do not state one.
        topic: subject heading of all rows that do not state one.
        filter: what a row must meet.
        markup: "plain" (a line is a paragraph), "markdown" or "python".
        attribution: who wrote the rows that name nobody.

    Raises:
        SeedError: neither a language nor a column for it is given.
    """

    def __init__(
        self,
        *,
        collection: str,
        path: Path | None = None,
        chosen: tuple[str, ...] = (),
        addresses: tuple[str, ...] = (),
        remote: RemoteRows | None = None,
        columns: Columns | None = None,
        language: str = "",
        license: str = UNKNOWN_LICENSE,
        topic: str = "",
        filter: RowFilter | None = None,
        markup: Literal["plain", "markdown", "python"] = "plain",
        attribution: str = "",
    ) -> None:
        self.collection = collection
        self._folder = None if path is None else UserFolder(path=path, chosen=chosen)
        self._addresses = addresses
        self._remote = remote
        self._attribution = attribution
        self._asked: frozenset[str] = frozenset()
        self._columns = columns or Columns()
        self._language = language
        self._license = license
        self._topic = topic
        self._filter = filter or RowFilter()
        self._markup = markup
        if bool(language) == bool(self._columns.language):
            raise SeedError(f"{collection}: give either the language of all rows or the column that says it")

    def files(self, languages: tuple[str, ...]) -> list[SourceFile]:
        """Every file of rows, once a language: the rows of each language are read on their own.

        Raises:
            SeedError: the path is not there, or holds no file of rows.
        """
        spoken = languages if self._columns.language else tuple(code for code in languages if code == self._language)
        if not spoken:
            return []
        self._asked = frozenset(spoken)
        settings = (repr(self._columns), self._license, self._topic, _canonical(self._filter), self._markup)
        found: list[SourceFile] = []
        if self._folder is not None:
            names = self._folder.names(lambda name: name.lower().endswith(SUFFIXES))
            if not names:
                raise SeedError(f"{self._folder.path}: no file of rows; they end in {', '.join(SUFFIXES)}")
            found += self._folder.source_files(self.collection, spoken, names, *settings)
        for address in self._addresses:
            if self._remote is None:
                raise SeedError(f"{address}: addresses cannot be read here; download the file and name it")
            found += [
                SourceFile(collection=self.collection, language=code, name=name, fingerprint=hash_of(state, settings))
                for name, state in self._remote.list(address)
                for code in spoken
            ]
        return found

    def read(self, file: SourceFile) -> Iterator[Seed | BadSeed | Dropped]:
        """The rows of one file in the file's language, in order, then what was left out, counted by reason.

        Raises:
            SeedError: the file is gone, or cannot be read.
        """
        try:
            rows = iter(self._rows_of(file.name))
        except Refused as refused:
            yield BadSeed(source=file.name, record=Path(file.name).name, reason=str(refused))
            return
        left_out: Counter[str] = Counter()
        reported = 0
        seen: set[int] = set()
        while batch := list(islice(rows, BATCH)):
            for item in self._checked(file, batch, seen):
                if isinstance(item, Seed):
                    yield item
                    continue
                where, reason = item
                if reason.partition(":")[0] in FILTERED or reported >= MOST_REPORTED:
                    left_out[reason if reason.partition(":")[0] in FILTERED else reason.partition(":")[0]] += 1
                else:
                    reported += 1
                    yield BadSeed(source=file.name, record=where, reason=printable(reason))
        for reason, count in sorted(left_out.items()):
            what = "rows" if reason.partition(":")[0] in FILTERED else "more bad rows"
            yield Dropped(source=file.name, what=what, reason=reason, count=count)

    def _rows_of(self, name: str) -> Iterator[tuple[str, Any]]:
        if "://" in name:
            if self._remote is None:
                raise SeedError(f"{name}: addresses cannot be read here; download the file and name it")
            return _remote_records(self._remote, name, self._needed())
        if self._folder is None:
            raise SeedError(f"{name}: no file of {self.collection}")
        return _records(self._folder.place(name), self._needed())

    def _needed(self) -> frozenset[str]:
        mapped = {getattr(self._columns, name) for name in self._columns.__slots__}
        return frozenset(mapped - {""}) | self._filter.columns

    def _checked(
        self, file: SourceFile, batch: list[tuple[str, Any]], seen: set[int]
    ) -> Iterator[Seed | tuple[str, str]]:
        """A seed, or (where, reason), of each record of the batch that is in the file's language."""
        made: list[Seed | tuple[str, str]] = []
        texts: dict[int, str] = {}
        for where, row in batch:
            if isinstance(row, str):
                made.append((where, row))
                continue
            try:
                text = self._text_of(row)
                if self._columns.language:
                    stated = language_code(_value(row, self._columns.language))
                    if not stated:
                        raise Refused("bad_row", f"no language in {self._columns.language}")
                    if stated in self._asked - {file.language}:
                        continue  # it comes with the file of its own
                    if stated != file.language:
                        raise Refused("other_language")
                self._meet_filter(row, text)
                seed = self._seed(file, row, text)
                key = int(hashlib.sha256(f"{seed.url}\n{text}".encode()).hexdigest()[:16], 16)
                if key in seen:
                    raise Refused("repeated_row")
                seen.add(key)
            except Refused as refused:
                made.append((where, str(refused)))
            else:
                texts[len(made)] = text
                made.append(seed)
        if self._filter.identify_language and texts and file.language in LANGUAGES:
            for index, verdict in zip(texts, identify_all(list(texts.values())), strict=True):
                if verdict.code != file.language and verdict.confidence >= SURE_OF_LANGUAGE:
                    made[index] = ("", f"wrong_language: {verdict.code}")
        yield from made

    def _text_of(self, row: Mapping[str, Any]) -> str:
        value = _value(row, self._columns.text)
        if isinstance(value, str) and not clean(value).strip():
            raise Refused("no_text", f"{self._columns.text} is empty")
        if value is None or not isinstance(value, str):
            raise Refused("no_column", f"{self._columns.text} {problem_with_text(value)}")
        return clean(value)

    def _meet_filter(self, row: Mapping[str, Any], text: str) -> None:
        for bounds, sign, reason in (
            (self._filter.at_least, 1, "below_minimum"), (self._filter.at_most, -1, "above_maximum"),
        ):  # fmt: skip
            for name, bound in bounds.items():
                if sign * _number(row, name) < sign * bound:
                    raise Refused(reason, name)
        for name, values in self._filter.one_of.items():
            if not any(value == _value(row, name) for value in values):
                raise Refused("not_one_of", name)
        if self._filter.least_words or self._filter.most_words:
            words = count_words(text)
            if words < self._filter.least_words:
                raise Refused("too_few_words")
            if 0 < self._filter.most_words < words:
                raise Refused("too_many_words")

    def _seed(self, file: SourceFile, row: Mapping[str, Any], text: str) -> Seed:
        def said(name: str) -> str:
            value = _value(row, name) if name else None
            return " ".join(clean(str(value)).split()) if isinstance(value, str | int) else ""

        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        return Seed(
            collection=self.collection,
            language=file.language,
            title=said(self._columns.title)[:300] or _first_words(text),
            url=said(self._columns.url) or f"urn:synth-assets:{quote(self.collection)}:row:{digest}",
            license=said(self._columns.license) or self._license,
            blocks=_blocks(text, self._markup),
            topic=said(self._columns.topic) or self._topic,
            revision=said(self._columns.revision) or f"sha256 {digest}",
            attribution=said(self._columns.attribution)[:300] or self._attribution,
        )


def _canonical(chosen: RowFilter) -> list[Any]:
    return [
        sorted(chosen.at_least.items()), sorted(chosen.at_most.items()),
        sorted((name, list(values)) for name, values in chosen.one_of.items()),
        chosen.least_words, chosen.most_words, chosen.identify_language,
    ]  # fmt: skip


def _blocks(text: str, markup: str) -> tuple[Block, ...]:
    if markup == "markdown":
        blocks = tuple(markdown_blocks(text))
    elif markup == "python":
        blocks = tuple(python_blocks(text))
    else:
        blocks = tuple(
            Block(kind="paragraph", text=" ".join(line.split())) for line in text.split("\n") if line.strip()
        )
    if not any(block.kind != "heading" and block.text.strip() for block in blocks):
        raise Refused("no_text", "no text but headings")
    return blocks


def _first_words(text: str) -> str:
    line = " ".join(next(line for line in text.split("\n") if line.strip()).split())
    if len(line) <= MOST_TITLE:
        return line
    return (line[:MOST_TITLE].rpartition(" ")[0] or line[:MOST_TITLE]) + " …"


_ISO_639_3 = {"eng": "en", "fra": "fr", "deu": "de", "ita": "it", "spa": "es", "pol": "pl", "nld": "nl", "lat": "la"}
_NAMES = {name.casefold(): code for code, name in LANGUAGES.items()}


def language_code(value: Any) -> str:
    """ISO 639-1 code of what data sets call a language, an empty string where it says none."""
    plain = value.strip().casefold() if isinstance(value, str) else ""
    first = plain.replace("_", "-").partition("-")[0]
    return _NAMES.get(plain) or _ISO_639_3.get(first) or (first if len(first) == 2 and first.isalpha() else "")


def _value(row: Mapping[str, Any], name: str) -> Any:
    """The value of a column: of that very name, or else by the dots of the name; None where there is none."""
    if name in row:
        return row[name]
    value: Any = row
    for part in name.split("."):
        if isinstance(value, str) and value.startswith("{"):  # metadata is often JSON inside a string
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                return None
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def _number(row: Mapping[str, Any], name: str) -> float:
    value = _value(row, name)
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError
        number = float(value)
        if number != number:
            raise ValueError
    except (ValueError, OverflowError) as error:
        raise Refused("not_a_number", f"{name} of the row is no number") from error
    return number


# --- records of a file -----------------------------------------------------------------------------------------------


def _records(place: Path, needed: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """(where, row) of each record, or (where, reason) of one that is broken; a reason is a string, a row a mapping."""
    name = place.name.lower()
    try:
        if name.endswith((".parquet", ".pq")):
            yield from _parquet(place, needed)
            return
        with gzip.open(place) if name.endswith(".gz") else place.open("rb") as opened:
            lines = _Lines(opened)
            bare = name.removesuffix(".gz")
            if bare.endswith((".csv", ".tsv")):
                yield from _csv(lines, "," if bare.endswith(".csv") else "\t")
            else:
                yield from _jsonl(lines)
    except OSError as error:  # gzip's own errors are among them, and then what was read stands
        if error.errno is not None:
            raise SeedError(f"{place}: {error.strerror or error}") from error
        yield "the end", f"broken_file: {error}"


def _remote_records(remote: RemoteRows, address: str, needed: Iterable[str]) -> Iterator[tuple[str, Any]]:
    columns = sorted({part for name in needed for part in (name, name.partition(".")[0])})
    for number, row in enumerate(remote.rows(address, columns), 1):
        where = f"row {number}"
        yield from _json_row(where, row) if isinstance(row, bytes) else ((where, row),)


@dataclass(slots=True)
class _Lines:
    """Lines of at most `MOST_LINE_BYTES`, numbered from 1; `problems` holds what was skipped."""

    opened: BinaryIO
    number: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)

    def __iter__(self) -> Iterator[bytes]:
        while True:
            try:
                line = self.opened.readline(MOST_LINE_BYTES + 1)
                self.number += bool(line)
                if len(line) > MOST_LINE_BYTES:
                    skipped = len(line)
                    while not line.endswith(b"\n") and skipped <= MOST_SKIPPED_BYTES:
                        line = self.opened.readline(MOST_LINE_BYTES)
                        skipped += len(line)
                        if not line:
                            break
                    self.problems.append((f"line {self.number}", f"line_too_long: more than {MOST_LINE_BYTES:,} bytes"))
                    if skipped > MOST_SKIPPED_BYTES:
                        self.problems.append((f"line {self.number}", "broken_file: no end of the line was found"))
                        return
                    yield b""
                    continue
            except (EOFError, zlib.error) as error:
                self.problems.append((f"after line {self.number}", f"cut_off: {error}"))
                return
            if not line:
                return
            yield line


def _jsonl(lines: _Lines) -> Iterator[tuple[str, Any]]:
    for line in lines:
        yield from lines.problems
        lines.problems.clear()
        if line.strip():
            yield from _json_row(f"line {lines.number}", line)
    yield from lines.problems


def _json_row(where: str, line: bytes) -> Iterator[tuple[str, Any]]:
    try:
        row = json.loads(line.removeprefix(b"\xef\xbb\xbf").decode("utf-8"))
    except UnicodeDecodeError as error:
        yield where, f"bad_row: not UTF-8: {error.reason}"
    except json.JSONDecodeError as error:
        yield where, f"bad_row: not JSON: {error.msg}"
    except (ValueError, RecursionError) as error:
        yield where, f"bad_row: not readable as JSON: {error}"
    else:
        yield where, row if isinstance(row, dict) else f"bad_row: a {type(row).__name__}, not an object"


def _csv(lines: _Lines, delimiter: str) -> Iterator[tuple[str, Any]]:
    # the module's limit is the process's own; it is only ever raised
    csv.field_size_limit(max(csv.field_size_limit(), MOST_LINE_BYTES))
    broken: list[int] = []

    def text() -> Iterator[str]:
        for line in lines:
            try:
                yield clean(line.decode("utf-8-sig" if lines.number == 1 else "utf-8"))
            except UnicodeDecodeError:
                broken.append(lines.number)
                yield line.decode("utf-8", "replace")

    rows = csv.reader(text(), delimiter=delimiter, strict=False)
    names: list[str] = []
    while True:
        start = lines.number + 1
        try:
            cells = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            yield f"line {start}", f"bad_row: {error}"
            continue
        yield from lines.problems
        lines.problems.clear()
        where = f"line {start}"
        if broken:
            broken.clear()
            yield where, "bad_row: not UTF-8"
        elif not any(cells):
            continue
        elif not names:
            names = [cell.strip() for cell in cells]
        elif len(cells) != len(names):
            yield where, f"bad_row: {len(cells)} cells under {len(names)} columns"
        else:
            yield where, dict(zip(names, cells, strict=True))
    yield from lines.problems


def _parquet(place: Path, needed: Iterable[str]) -> Iterator[tuple[str, Any]]:
    import pyarrow
    from pyarrow import parquet

    number = 0
    try:
        with parquet.ParquetFile(place) as opened:
            # a name with dots is a column itself, or leads into one
            tops = {name if name in opened.schema_arrow.names else name.partition(".")[0] for name in needed}
            columns = [name for name in opened.schema_arrow.names if name in tops]
            for batch in opened.iter_batches(batch_size=BATCH, columns=columns):
                for row in batch.to_pylist():
                    number += 1
                    yield f"row {number}", row
    except (pyarrow.ArrowException, ValueError, OverflowError) as error:  # the last two: dates past 9999
        detail = " ".join(clean(str(error)).split())[:200]
        yield f"after row {number}", f"broken_file: {detail}"
