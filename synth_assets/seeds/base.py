"""What every reader yields: a `Seed`, a `BadSeed` that says what was wrong with one record, or what a rule left out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

from synth_assets.identity import hash_of_texts
from synth_assets.seeds.processes import Piece


class Block(NamedTuple):
    """One piece of an article's body, in reading order.

    A tuple, because there are a hundred in an article: a dataclass takes three times as long to make. `level` is the
    heading's depth (1 is the highest below the title) and 0 for text. `anchor` is the fragment of the URL where a
    heading starts, empty where there is none. The lines of code keep their indentation.
    """

    kind: Literal["heading", "paragraph", "list_item", "code"]
    text: str
    level: int = 0
    anchor: str = ""


block_of: Callable[[tuple[str, str, int, str]], Block] = partial(tuple.__new__, Block)
"""The block with these fields: what `Block._make` gives, in a third of the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """One article revision, whatever format it came from.

    Attributes:
        collection: the named source it belongs to ("vital_articles").
        language: ISO 639-1 code as the source states it.
        title, url: as the source states them; url without fragment.
        license: SPDX identifier ("CC-BY-SA-4.0"), or "unknown".
        blocks: the body; text before the first heading is the lead.
        level: Vital Articles level (1 to 5) or None.
        topic: the source's own subject heading, or empty.
        revision: what identifies the version read: a revision id, or "<package> <version>".
        retrieved_at: when the source was retrieved (UTC); None when the source does not say.
        attribution: who is to be credited, as one line: authors, or an address that names them; empty where nobody is
            named.
        wikidata: the item the article is about ("Q7259"), or empty.
    """

    collection: str
    language: str
    title: str
    url: str
    license: str
    blocks: tuple[Block, ...]
    level: int | None = None
    topic: str = ""
    revision: str = ""
    retrieved_at: datetime | None = None
    attribution: str = ""
    wikidata: str = ""

    @property
    def content_hash(self) -> str:
        """Hash of everything a section is made from; a new revision of unchanged text keeps it, and new credits do."""
        return hash_of_texts(
            "seed", self.collection, self.language, self.title, self.url, self.license, list(map(list, self.blocks))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BadSeed:
    """A record that could not be read: where it stands and why; the rest of the source is read on."""

    source: str
    record: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """What a rule left out of one file, counted: sections of sources, articles in other languages, rows below a bound.

    Attributes:
        what: what was counted, in words ("sections called references"), or empty.
        reason: snake_case name of the rule, details behind a colon.
    """

    source: str
    reason: str
    count: int
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A readable article that the recipe does not want: its licence, its topic, its length; see `selection`."""

    seed: Seed
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file of a collection. `fingerprint` changes when its content does (SHA-256 of its bytes)."""

    collection: str
    language: str
    name: str
    fingerprint: str


class SeedReader(Protocol):
    """A collection's reader. Pure but for reading the files of the collection itself."""

    collection: str

    def files(self, languages: tuple[str, ...]) -> list[SourceFile]:
        """The files there are for these languages, fingerprinted, without reading records.

        Raises:
            SeedError: the collection is not installed or not readable; the text says how to get it.
        """
        ...

    def read(self, file: SourceFile) -> Iterator[Seed | BadSeed | Dropped | LeftOut]:
        """The records of one file, in order.

        Raises:
            SeedError: the file as a whole cannot be read (named in the text).
        """
        ...


@runtime_checkable
class ReadsInPieces(Protocol):
    """A reader whose `read(file)` is `joined(file, ...)` of what `read_piece` makes of each of its `pieces(file)`.

    Pieces are records as raw as they come, for other processes to read; the reader itself can be sent there.
    """

    def pieces(self, file: SourceFile) -> Iterator[Piece]:
        """The file's records, some megabytes at a time, in order.

        Raises:
            SeedError: the file as a whole cannot be read; the pieces before stand.
        """
        ...

    def read_piece(self, work: Any) -> list[Seed | BadSeed | Dropped]:
        """What the records of one piece are. A pure function."""
        ...

    def joined(
        self, file: SourceFile, items: Iterator[Seed | BadSeed | Dropped | LeftOut]
    ) -> Iterator[Seed | BadSeed | Dropped | LeftOut]:
        """What the file gives, of what its pieces gave: what was dropped is added up, of too many reports some go."""
        ...


class RemoteRows(Protocol):
    """How addresses (hf://, s3://, file://) are read; a database does it, which seeds know nothing of."""

    def list(self, address: str) -> Sequence[tuple[str, str]]:
        """The files behind an address or glob, each with what changes when its content does (size and time).

        Raises:
            SeedError: it cannot be read, or what reads it is not installed.
        """
        ...

    def rows(self, address: str, columns: Sequence[str]) -> Iterator[Mapping[str, Any] | bytes]:
        """The rows of a Parquet file, of these columns those it has, or the lines of a file of JSON lines.

        Raises:
            SeedError: it cannot be read; what came before was given.
        """
        ...
