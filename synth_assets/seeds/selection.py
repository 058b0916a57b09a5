"""What of a collection a recipe wants: by licence, topic, level, length or a list of Wikidata items.

What can be told of one article alone is decided here, while its file is read: what is not wanted becomes a `LeftOut`
with a reason, and no text of it is stored. What takes knowing all articles (quotas, a sample, the newest of several
versions) is decided in the warehouse, by a statement over all that were stored.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from synth_assets.errors import SeedError
from synth_assets.identity import hash_of
from synth_assets.seeds.base import BadSeed, Dropped, LeftOut, ReadsInPieces, Seed, SeedReader, SourceFile
from synth_assets.seeds.licences import UNKNOWN, is_forbidden, spdx_of
from synth_assets.seeds.processes import Piece
from synth_assets.seeds.words import count_words

REASONS = frozenset({
    "unknown_licence", "forbidden_licence", "other_topic", "other_level", "not_in_list", "too_few_words",
    "too_many_words",
})  # fmt: skip
"""Why an article is left out while it is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What an article must meet; what is left out asks nothing.

    Attributes:
        topics: one of these, whatever their letters' case.
        levels: one of these Vital Articles levels; an article without one does not meet it.
        wikidata: about one of these items.
        min_words, max_words: of the body without its headings, inclusive; 0 is no bound.
        forbid_licences: SPDX identifiers, "*" for anything ("CC-BY-NC-*").
        allow_unknown_licence: take also what nobody knows the licence of.
        attribution: who is credited for articles that name nobody.
    """

    topics: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    wikidata: frozenset[str] = frozenset()
    min_words: int = 0
    max_words: int = 0
    forbid_licences: tuple[str, ...] = ()
    allow_unknown_licence: bool = False
    attribution: str = ""

    def refuse(self, seed: Seed) -> str:
        """Why the article is not wanted, details behind a colon; empty when it is."""
        if seed.license == UNKNOWN and not self.allow_unknown_licence:
            return "unknown_licence"
        if self.forbid_licences and is_forbidden(seed.license, self.forbid_licences):
            return f"forbidden_licence: {seed.license}"
        if self.topics and seed.topic.casefold() not in {topic.casefold() for topic in self.topics}:
            return "other_topic"
        if self.levels and seed.level not in self.levels:
            return "other_level"
        if self.wikidata and seed.wikidata not in self.wikidata:
            return "not_in_list"
        if self.min_words or self.max_words:
            words = sum(count_words(block.text) for block in seed.blocks if block.kind != "heading")
            if words < self.min_words:
                return "too_few_words"
            if 0 < self.max_words < words:
                return "too_many_words"
        return ""


_ASKS_NOTHING = Choice()


class Chosen:
    """A reader whose articles bear SPDX licences, and come out as `LeftOut` where the choice does not want them.

    Another choice is another fingerprint: the files are read again. The choice that asks nothing leaves fingerprints as
    the reader makes them.
    """

    def __init__(self, reader: SeedReader, choice: Choice) -> None:
        self.collection = reader.collection
        self._reader = reader
        self._choice = choice

    def files(self, languages: tuple[str, ...]) -> list[SourceFile]:
        """The reader's files; see there.

        Raises:
            SeedError: as the reader's.
        """
        files = self._reader.files(languages)
        if self._choice == _ASKS_NOTHING:
            return files
        settings: Mapping[str, object] = {**asdict(self._choice), "wikidata": sorted(self._choice.wikidata)}
        return [replace(file, fingerprint=hash_of("chosen", file.fingerprint, settings)) for file in files]

    def read(self, file: SourceFile) -> Iterator[Seed | BadSeed | Dropped | LeftOut]:
        """The reader's articles, those that are not wanted as `LeftOut`.

        Raises:
            SeedError: as the reader's.
        """
        return map(self._chosen, self._reader.read(file))

    @property
    def in_pieces(self) -> bool:
        """Whether the reader reads in pieces; the three methods below are for one that does."""
        return isinstance(self._reader, ReadsInPieces)

    def pieces(self, file: SourceFile) -> Iterator[Piece]:
        """The reader's pieces.

        Raises:
            SeedError: as the reader's.
        """
        return self._pieces_of().pieces(file)

    def read_piece(self, work: Any) -> list[Seed | BadSeed | Dropped | LeftOut]:
        """What the reader makes of a piece, articles that are not wanted as `LeftOut`."""
        return list(map(self._chosen, self._pieces_of().read_piece(work)))

    def joined(
        self, file: SourceFile, items: Iterator[Seed | BadSeed | Dropped | LeftOut]
    ) -> Iterator[Seed | BadSeed | Dropped | LeftOut]:
        """As the reader joins them."""
        return self._pieces_of().joined(file, items)

    def _pieces_of(self) -> ReadsInPieces:
        if not isinstance(self._reader, ReadsInPieces):
            raise TypeError(f"{type(self._reader).__name__} does not read in pieces")
        return self._reader

    def _chosen(self, item: Seed | BadSeed | Dropped | LeftOut) -> Seed | BadSeed | Dropped | LeftOut:
        if not isinstance(item, Seed):
            return item
        license = spdx_of(item.license)
        if license != item.license or (self._choice.attribution and not item.attribution):
            item = replace(item, license=license, attribution=item.attribution or self._choice.attribution)
        reason = self._choice.refuse(item)
        return LeftOut(seed=item, reason=reason) if reason else item


def read_wikidata_list(path: Path) -> frozenset[str]:
    """The items of a file, one a line ("Q7259", or an address that ends so); what stands behind a "#" is a remark.

    Raises:
        SeedError: it cannot be read, or a line names no item; names file and line.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SeedError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    found = set()
    for number, line in enumerate(lines, 1):
        # an address of Wikidata has no fragment that names another item
        item = line.split("#", 1)[0].strip().rstrip("/").rpartition("/")[2]
        if not item:
            continue
        if item[:1] != "Q" or not item[1:].isdecimal():
            raise SeedError(f"{path}:{number}: {item[:40]!r} is no Wikidata item; they are like Q7259")
        found.add(item)
    if not found:
        raise SeedError(f"{path}: no Wikidata item stands in it")
    return frozenset(found)
