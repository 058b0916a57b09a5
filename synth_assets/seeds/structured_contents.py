"""Wikimedia Enterprise's Structured Contents, the format that SYNTH read its 50,000 Wikipedia articles from.

One article is one JSON object: a line of NDJSON in a plain file, .gz, .tar.gz or .zip, or a row of Parquet. Editions
differ, so every known spelling is accepted: a field may be missing or null, and nested values may be JSON in a string.

What of an article becomes text, and what does not:

- The section named "Abstract" is the lead. Where no section gives one, the field `abstract` is.
- A section's own text stands before its subsections, whatever their order, so that it belongs under its own heading.
- `APPARATUS` sections (references, external links, galleries) are left out with all below them, and counted.
- Pictures, links, citations and templates have no text of their own. Infoboxes and tables have, when asked for.
- An address that is none ("https:.Paris" occurs) is made anew of the project and the title.
- Characters that print nothing are taken out, and the space that a dropped footnote leaves before a full stop or comma.

Of several versions of an article in one file, the highest is read; the others are counted.
"""

import glob
import hashlib
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import numpy

from synth_assets.errors import SeedError
from synth_assets.identity import hash_of
from synth_assets.letters import BETWEEN, joined
from synth_assets.seeds.archives import Limits, is_parquet, open_file, open_members, read_lines, read_parquet
from synth_assets.seeds.base import BadSeed, Block, Dropped, LeftOut, RemoteRows, Seed, SourceFile, block_of
from synth_assets.seeds.licences import UNKNOWN, spdx_of
from synth_assets.seeds.packaged_json import printable
from synth_assets.seeds.processes import Piece
from synth_assets.seeds.structured_tables import infobox_blocks, table_blocks, unpacked
from synth_assets.seeds.vital_articles import wiki_attribution, wiki_url

READER_VERSION = 1
"""Part of every fingerprint: raised whenever the same file would give other seeds."""

SUFFIXES = (".ndjson", ".jsonl", ".json", ".gz", ".tgz", ".tar", ".zip", ".parquet")
"""What is read of a folder; a file or glob that the recipe names is read whatever it is called."""

MOST_REPORTS = 1000
"""Bad records of one file that are told one by one; of those after them, only the reasons are counted."""

DEEPEST = 100
"""Parts inside parts; real articles go about ten deep."""

APPARATUS: dict[str, frozenset[str]] = {
    "en": frozenset({
        "references", "notes", "notes and references", "references and notes", "footnotes", "citations", "sources",
        "works cited", "external links", "further reading", "see also", "gallery", "bibliography",
    }),
    "fr": frozenset({
        "notes et références", "références", "notes", "sources", "liens externes", "lien externe", "voir aussi",
        "articles connexes", "bibliographie", "galerie", "annexes",
    }),
    "de": frozenset({"einzelnachweise", "weblinks", "literatur", "quellen", "anmerkungen", "siehe auch", "galerie"}),
    "it": frozenset({"note", "bibliografia", "collegamenti esterni", "voci correlate", "altri progetti", "galleria"}),
    "es": frozenset({
        "referencias", "notas", "notas y referencias", "bibliografía", "enlaces externos", "véase también", "fuentes",
        "galería",
    }),
    "pl": frozenset({"przypisy", "bibliografia", "linki zewnętrzne", "zobacz też", "uwagi", "galeria"}),
    "nl": frozenset({"referenties", "bronnen", "noten", "externe links", "externe link", "zie ook", "literatuur"}),
    "la": frozenset({"notae", "fontes", "nexus externi", "bibliographia", "pinacotheca"}),
}  # fmt: skip
"""Headings of sections that list sources and pictures; nobody can be asked about them."""

REFUSALS = frozenset({
    "not_json", "not_utf8", "nested_too_deeply", "not_an_object", "no_title", "no_url", "url_not_web", "red_link",
    "no_language", "no_text", "unreadable_parts", "older_version", "other_language", "apparatus_section",
})  # fmt: skip
"""Reasons of this reader's own; those of broken files and archives stand in front of a colon in the report."""

COLUMNS = (
    "abstract", "article_sections", "date_modified", "identifier", "inLanguage", "in_language", "infobox", "infoboxes",
    "is_part_of", "license", "mainEntity", "main_entity", "name", "sections", "tables", "url", "version",
)  # fmt: skip

INDEXED = ("identifier", "inLanguage", "in_language", "is_part_of", "name", "url", "version")
PIECE_BYTES = 1 << 21
ROW_BYTES = 1 << 15  # what a row of Parquet counts as
MOST_LANGUAGES = 1000

_LEAD = "Abstract"
_PROJECT = re.compile(r"([a-z]{2,3})(wiki|wikibooks|wikivoyage|wikinews|wikiversity)(?![a-z])(_namespace_)?")
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#\"\\][^\s\"\\]*\Z")
_BEFORE_STOP = re.compile(r"(?<=[^\s.,]) +(?=[.,](?:\s|\Z)(?! ?[.,]))")
_PRINTS_NOTHING = re.compile("[\x00-\x08\x0e-\x1f\x7f\u200b\u2060\ufeff]")
_PRINTING_ASCII = bytes(code for code in range(128) if not _PRINTS_NOTHING.match(chr(code)))
_BEYOND_ASCII = bytes(range(128, 256))
_SIGNS_OF_NOTHING = tuple(letter.encode() for letter in "\u200b\u2060\ufeff")
_BODY = re.compile(rb'"(?:article_)?(?:sections|infobox|infoboxes|tables|references)"\s*:')


class Unusable(NamedTuple):
    """Why an article cannot be a seed."""

    reason: str


class RawRecords(NamedTuple):
    """Some records of a file, each (source, place) and a line or row, or why it is none; what of them is passed over.

    `older` counts older versions, `others` articles in other languages.
    """

    source: str
    language: str
    records: list[Any]
    older: int
    others: dict[str, int]


class _Records:
    """A piece that grows."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self.records: list[Any] = []
        self.size = self.older = 0
        self.others: Counter[str] = Counter()

    def piece(self) -> Piece:
        work = RawRecords(self._file.name, self._file.language, self.records, self.older, dict(self.others))
        return Piece(work, self.size)


class _Index(NamedTuple):
    """Of the records of a file, by their numbers from 0: those that are older versions, and each one's language."""

    older: frozenset[int]
    codes: array
    names: tuple[str, ...]

    def language(self, number: int) -> str:
        """As the record states it; "" where it does not, or where the file has grown since."""
        return self.names[self.codes[number]] if number < len(self.codes) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vital:
    """An article's place in the Vital Articles list."""

    level: int
    topic: str = ""


class StructuredContents:
    """Reader of articles with their headings.

    Args:
        paths: files, folders and globs, relative to `base`, or addresses.
        base: the folder that relative paths start from.
        vital: title -> level and topic; articles of level 5 give the lead alone, those not listed have no level.
        infoboxes, tables: read these too, as text.
        apparatus: keep the sections that list sources and pictures.
        license: of articles that state none; empty leaves it unknown.
        remote: reads addresses; without it they are refused.
        limits: how much a file may ask for.
        collection: what the recipe calls it.
    """

    def __init__(
        self,
        paths: tuple[str, ...] = (),
        *,
        base: Path | None = None,
        vital: Mapping[str, Vital] | None = None,
        infoboxes: bool = False,
        tables: bool = False,
        apparatus: bool = False,
        license: str = "",
        remote: RemoteRows | None = None,
        limits: Limits | None = None,
        collection: str = "structured_contents",
    ) -> None:
        self.collection = collection
        self._paths = paths
        self._base = base or Path()
        self._vital = vital
        self._infoboxes = infoboxes
        self._tables = tables
        self._apparatus = apparatus
        self._license = license
        self._remote = remote
        self._limits = limits or Limits()
        self._asked: frozenset[str] = frozenset()
        self._indexed: tuple[tuple[str, str], _Index] | None = None

    def __getstate__(self) -> dict[str, Any]:
        # other processes read pieces, which need neither; what reads addresses is a database, half a second to import
        return {**self.__dict__, "_indexed": None, "_remote": None}

    def files(self, languages: tuple[str, ...]) -> list[SourceFile]:
        """Every file once a language, by name; one called "dewiki_namespace_..." for its own only.

        A fingerprint is made of size, time of change, the first and last 64 kB, and this reader's settings, so that
        five gigabytes that did not change cost nothing.

        Raises:
            SeedError: a path leads to nothing, or a file cannot be opened.
        """
        vital = None if self._vital is None else {
            title: [place.level, place.topic] for title, place in self._vital.items()}  # fmt: skip
        self._asked = frozenset(languages)
        settings = [READER_VERSION, self._infoboxes, self._tables, self._apparatus, self._license, hash_of(vital)]
        found: dict[str, str] = {}
        for path in self._paths:
            for name, state in self._remote_files(path) if "://" in path else self._local_files(path):
                found[name] = hash_of(state, settings)
        return [
            SourceFile(collection=self.collection, language=language, name=name, fingerprint=fingerprint)
            for name, fingerprint in sorted(found.items())
            for language in languages
            if _language_of_name(name) in ("", language)
        ]

    def read(self, file: SourceFile) -> Iterator[Seed | BadSeed | Dropped]:
        """The articles of one file in its language, in its order, and at the end how much was left out by rule.

        The file is gone through twice, first for the versions alone; memory holds two megabytes of articles, and 20
        bytes of each.

        Raises:
            SeedError: the file cannot be opened.
        """
        return self.joined(file, (item for piece in self.pieces(file) for item in self.read_piece(piece.work)))

    def pieces(self, file: SourceFile) -> Iterator[Piece]:
        """The records of one file that may be articles of its language, the newest version of each.

        Raises:
            SeedError: the file cannot be opened.
        """
        index = self._index_of(file)
        held = _Records(file)
        number = -1
        for item in self._records(file):
            if isinstance(item, BadSeed):
                held.records.append(item)
                continue
            number += 1
            if (language := index.language(number)) not in ("", file.language):
                _count(held.others, language)
            elif number in index.older:
                held.older += 1
            else:
                held.records.append(item)
                held.size += len(item[1]) if isinstance(item[1], bytes) else ROW_BYTES
                if held.size >= PIECE_BYTES:
                    yield held.piece()
                    held = _Records(file)
        yield held.piece()

    def read_piece(self, work: "RawRecords") -> list[Seed | BadSeed | Dropped]:
        """The seeds of one piece and its bad records, in their order, and what was left out of it by rule."""
        found: list[Seed | BadSeed | Dropped] = []
        dropped: Counter[str] = Counter()
        others = Counter(work.others)
        for item in work.records:
            if isinstance(item, BadSeed):
                found.append(item)
                continue
            place, record = item
            if isinstance(record, bytes):
                record = parse(record)
            if not isinstance(record, Unusable) and (language := _language(record)) not in ("", work.language):
                _count(others, language)
                continue
            seed = record if isinstance(record, Unusable) else self._seed(record, dropped)
            if isinstance(seed, Unusable):
                seed = BadSeed(source=place[0], record=place[1], reason=seed.reason)
            found.append(seed)
        for reason, counts in (
            ("older_version", {"": work.older}), ("other_language", others), ("apparatus_section", dropped),
        ):  # fmt: skip
            found += [
                Dropped(source=work.source, what=what, reason=reason, count=count)
                for what, count in counts.items() if count
            ]  # fmt: skip
        return found

    def joined(
        self, file: SourceFile, items: Iterator[Seed | BadSeed | Dropped | LeftOut]
    ) -> Iterator[Seed | BadSeed | Dropped | LeftOut]:
        """What the pieces gave, each rule's counts added up; after `MOST_REPORTS` bad records the rest is counted."""
        reports = _Reports(file.name)
        older = 0
        others: Counter[str] = Counter()
        dropped: Counter[str] = Counter()
        for item in items:
            if isinstance(item, BadSeed):
                yield from reports.tell(item)
            elif not isinstance(item, Dropped):
                yield item
            elif item.reason == "older_version":
                older += item.count
            elif item.reason == "other_language":
                _count(others, item.what, item.count)
            else:
                dropped[item.what] += item.count
        yield from reports.rest()
        if older:
            yield Dropped(source=file.name, what="records", reason="older_version", count=older)
        for language, count in sorted(others.items()):
            if language in self._asked:
                continue  # they come with a file of their own
            yield Dropped(source=file.name, what=f"articles in {language}", reason="other_language", count=count)
        for heading, count in sorted(dropped.items()):
            yield Dropped(source=file.name, what=f"sections called {heading}", reason="apparatus_section", count=count)

    # --- files ---------------------------------------------------------------------------------------------------

    def _local_files(self, path: str) -> Iterator[tuple[str, Any]]:
        for place in self._found(path):
            inside = place.is_relative_to(self._base)
            yield (place.relative_to(self._base) if inside else place).as_posix(), _state_of(place)

    def _found(self, path: str) -> list[Path]:
        try:
            place = self._base / path
            if place.is_dir():
                found = [entry for entry in _files_below(place) if entry.name.lower().endswith(SUFFIXES)]
                if not found:
                    raise SeedError(f"{path}: no file in this folder ends in {', '.join(SUFFIXES)}")
                return found
            if place.exists():
                return [place]
            found = [self._base / name for name in sorted(glob.glob(path, root_dir=self._base, recursive=True))]
            found = [entry for entry in found if not entry.is_dir()]
        except (OSError, ValueError) as error:
            raise SeedError(f"{printable(path)}: {getattr(error, 'strerror', None) or error}") from error
        if not found:
            raise SeedError(f"{path}: there is no such file, folder or glob")
        return found

    def _remote_files(self, path: str) -> Iterator[tuple[str, Any]]:
        if self._remote is None:
            raise SeedError(f"{path}: addresses cannot be read here; download the file and name it")
        found = self._remote.list(path)
        if not found:
            raise SeedError(f"{path}: nothing is there")
        yield from found

    def _records(self, file: SourceFile, columns: Sequence[str] = COLUMNS) -> Iterator[Any]:
        """((source, record), line or row) of every record, and a `BadSeed` of what is no record."""
        name = file.name
        if "://" in name:
            if self._remote is None:
                raise SeedError(f"{name}: addresses cannot be read here; download the file and name it")
            for number, row in enumerate(self._remote.rows(name, columns), 1):
                yield (name, f"row {number}"), row
            return
        path = self._base / name
        if is_parquet(path):
            for item in read_parquet(path, name, columns, self._limits):
                yield item if isinstance(item, BadSeed) else ((name, f"row {item[0]}"), item[1])
            return
        for member in open_members(path, name, self._limits):
            if isinstance(member, BadSeed):
                yield member
                continue
            for item in read_lines(member, self._limits):
                yield item if isinstance(item, BadSeed) else ((member.source, f"line {item[0]}"), item[1])

    def _index_of(self, file: SourceFile) -> "_Index":
        """What is known of every record before articles are read; kept for the other languages of the same file."""
        asked = (file.name, file.fingerprint)
        if self._indexed is None or self._indexed[0] != asked:
            self._indexed = (asked, self._index(file))
        return self._indexed[1]

    def _index(self, file: SourceFile) -> "_Index":
        keys, versions, languages = array("Q"), array("Q"), array("H")
        codes = {"": 0}
        for item in self._records(file, INDEXED):
            if isinstance(item, BadSeed):
                continue
            record = item[1]
            if isinstance(record, bytes):
                head = _head_of(record)
                record = parse(record) if head is None else head
            key, version, language = ("", 0, "")
            if not isinstance(record, Unusable):
                key, version, language = _url(record), _version(record), _language(record)
            if not key:  # what cannot be told apart is not compared: the record itself will say what is wrong
                key = f"record {len(keys)}"
            keys.append(int.from_bytes(hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).digest()))
            versions.append(version)
            # a file that names thousands of languages is nonsense, and is not to fill memory: its records say it again
            if language not in codes and len(codes) < MOST_LANGUAGES:
                codes[language] = len(codes)
            languages.append(codes.get(language, 0))
        order = numpy.lexsort((-numpy.arange(len(keys)), numpy.asarray(versions), numpy.asarray(keys)))
        sorted_keys = numpy.asarray(keys)[order]
        older = frozenset(order[:-1][sorted_keys[:-1] == sorted_keys[1:]].tolist())
        return _Index(older, languages, tuple(codes))

    # --- one article ---------------------------------------------------------------------------------------------

    def _seed(self, record: Mapping[str, Any], dropped: Counter[str]) -> Seed | Unusable:
        url = _url(record)
        if not url:
            return Unusable("no_url")
        if not _WEB_ADDRESS.match(url):
            return Unusable("url_not_web")
        path, _, query = url.partition("?")
        if "redlink=1" in query:
            return Unusable("red_link: the address of an article that does not exist")
        title = _clean(_string(record.get("name"))) or unquote(path.rpartition("/")[2]).replace("_", " ").strip()
        language = _language(record)
        license = _license_of(record) or self._license or UNKNOWN
        if not title:
            return Unusable("no_title")
        if not language:
            return Unusable("no_language")
        place = (self._vital or {}).get(title)
        try:
            apparatus = APPARATUS.get(language, frozenset()) if not self._apparatus else frozenset()
            body = _read_sections(_first(record, "sections", "article_sections"), apparatus)
            if not body.lead:
                abstract = _clean(_string(record.get("abstract")))
                body.lead = [Block(kind="paragraph", text=line) for line in abstract.split("\n") if line.strip()]
            blocks = [*body.lead, *body.blocks]
            if place is not None and place.level == 5:
                blocks = body.lead
            else:
                dropped.update(body.dropped)
                if self._infoboxes:
                    blocks += infobox_blocks(_first(record, "infoboxes", "infobox"), title)
                if self._tables:
                    blocks += table_blocks(record.get("tables"), title)
        except SeedError as error:
            return Unusable(str(error))
        if all(block.kind == "heading" for block in blocks):
            return Unusable("no_text: headings at most")
        return Seed(
            collection=self.collection,
            language=language,
            title=title,
            url=url,
            license=license,
            blocks=tuple(blocks),
            level=place.level if place else None,
            topic=place.topic if place else "",
            revision=str(_version(record) or ""),
            attribution=wiki_attribution(url),
            wikidata=_wikidata(record),
        )


def parse(line: bytes) -> dict[str, Any] | Unusable:
    """The JSON object in a line, or why there is none."""
    import orjson

    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        if "depth limit" in error.msg or "recursion limit" in error.msg.lower():
            return Unusable(f"nested_too_deeply: {error.msg}")
        if "UTF-8" in error.msg:
            return Unusable(_not_utf8(line))
        return Unusable(f"not_json: {error.msg} at byte {error.pos + 1} of the line")
    if not isinstance(record, dict):
        return Unusable(f"not_an_object: the line is a {type(record).__name__}")
    return record


# --- reports and places ----------------------------------------------------------------------------------------------


class _Reports:
    """Bad records, one by one up to `MOST_REPORTS`, then counted by reason."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._told = 0
        self._more: Counter[str] = Counter()

    def tell(self, bad: BadSeed) -> Iterator[BadSeed]:
        self._told += 1
        if self._told <= MOST_REPORTS:
            yield bad
        else:
            self._more[bad.reason.partition(":")[0]] += 1

    def rest(self) -> Iterator[Dropped]:
        for reason, count in sorted(self._more.items()):
            yield Dropped(source=self._name, what="more bad records", reason=reason, count=count)


def _count(others: Counter[str], language: str, count: int = 1) -> None:
    """Counts articles of a language; a file that names hundreds of them names nonsense, and is not to fill memory."""
    language = printable(language)[:20]
    others[language if language in others or len(others) < 500 else "yet others"] += count


def _files_below(folder: Path) -> list[Path]:
    """Every file below, hidden ones left out; links to folders are not followed, which could lead out or around."""
    return sorted(
        entry
        for entry in folder.rglob("*")
        if not entry.is_dir() and not any(part.startswith(".") for part in entry.relative_to(folder).parts)
    )


def _state_of(path: Path) -> list[Any]:
    with open_file(path) as file:
        stat = path.stat()
        digest = hashlib.sha256(file.read(1 << 16))
        file.seek(max(0, stat.st_size - (1 << 16)))
        digest.update(file.read(1 << 16))
    return [stat.st_size, stat.st_mtime_ns, digest.hexdigest()]


def _language_of_name(name: str) -> str:
    found = _PROJECT.match(name.rpartition("/")[2])
    return found[1] if found and found[3] else ""


def _not_utf8(line: bytes) -> str:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"not_utf8: byte {error.start + 1} of the line"
    return "not_utf8"


def _head_of(line: bytes) -> dict[str, Any] | None:
    """The fields before the body, where address and version stand there: a twentieth of the line, and mostly enough."""
    import orjson

    body = _BODY.search(line)
    if body is None or not line.endswith(b"}"):  # a line that was cut must not overrule a whole one
        return None
    try:
        head = orjson.loads(line[: body.start()].rstrip(b", \t") + b"}")
    except orjson.JSONDecodeError:  # the name of a body field inside another field
        return None
    if isinstance(head, dict) and head.get("url") and "version" in head and _first(head, "in_language", "inLanguage"):
        return head
    return None


# --- fields ----------------------------------------------------------------------------------------------------------


def _first(record: Mapping[str, Any], *names: str) -> Any:
    """The first of these fields that says anything."""
    return next((record[name] for name in names if record.get(name)), None)


def _identifier(value: Any) -> str:
    try:
        value = unpacked(value)
    except SeedError:
        return ""  # a name in brackets, so no identifier: the caller says what is missing
    if isinstance(value, Mapping):
        value = value.get("identifier")
    return str(value).strip() if isinstance(value, (str, int)) else ""


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _clean(text: str) -> str:
    if not text.isprintable():
        text = _PRINTS_NOTHING.sub("", text)
    if " ." in text or " ," in text:
        text = _BEFORE_STOP.sub("", text)
    return text.strip()


def _url(record: Mapping[str, Any]) -> str:
    """The article's address without fragment; one that is no web address is made anew of project and name."""
    url = _string(record.get("url")).strip().partition("#")[0]
    if _WEB_ADDRESS.match(url):
        return url
    name, project = _clean(_string(record.get("name"))), _PROJECT.fullmatch(_identifier(record.get("is_part_of")))
    if name and project:
        return wiki_url(f"{project[1]}.{'wikipedia' if project[2] == 'wiki' else project[2]}.org", name)
    return url


def _version(record: Mapping[str, Any]) -> int:
    version = _identifier(record.get("version"))
    return int(version) if version.isdecimal() and len(version) < 19 else 0


def _language(record: Mapping[str, Any]) -> str:
    if language := _identifier(_first(record, "in_language", "inLanguage")):
        return language.lower()
    if project := _PROJECT.match(_identifier(record.get("is_part_of"))):
        return project[1]
    name, _, site = _string(record.get("url")).partition("://")[2].partition(".")
    return name.lower() if site.startswith("wiki") and len(name) in (2, 3) and name != "www" else ""


def _license_of(record: Mapping[str, Any]) -> str:
    """The first licence of the record that is on SPDX's list, else an empty string."""
    try:
        value = unpacked(record.get("license"))
    except SeedError:
        return ""
    for entry in value if isinstance(value, list) else [value]:
        said = [_identifier(entry)]
        if isinstance(entry, Mapping):
            said += [_string(entry.get("url")), _string(entry.get("name"))]
        for text in said:
            if (found := spdx_of(text)) != UNKNOWN:
                return found
    return ""


def _wikidata(record: Mapping[str, Any]) -> str:
    found = _identifier(_first(record, "main_entity", "mainEntity"))
    return found if found[:1] == "Q" and found[1:].isdecimal() else ""


# --- the body --------------------------------------------------------------------------------------------------------

_NO_TEXT = ("image", "infobox", "field", "table")
_TEXT = ("paragraph", "list_item")


class _Body:
    """The lead, what comes after it, and what was dropped on the way; `clean` is what texts are passed through."""

    def __init__(self, apparatus: frozenset[str], clean: Callable[[str], str]) -> None:
        self.apparatus = apparatus
        self.clean = clean
        self.lead: list[Block] = []
        self.blocks: list[Block] = []
        self.dropped: Counter[str] = Counter()


def _read_sections(sections: Any, apparatus: frozenset[str]) -> _Body:
    """The body of an article, its texts as `_clean` has them.

    To look for what few texts have costs more than all else, and of a whole article a fifth of what it does text by
    text. So texts are only stripped on the way, which decides the same ones to be empty, unless a character that prints
    nothing is found in one of them.

    Raises:
        SeedError: parts that cannot be read, or that are nested too deeply.
    """
    parts = _parts(sections)
    body = _Body(apparatus, str.strip)
    _read_top(parts, body, 0)
    raw = joined([block[1] for block in (*body.lead, *body.blocks)])
    if _may_print_nothing(raw):
        body = _Body(apparatus, _clean)
        _read_top(parts, body, 0)
        return body
    for place in _with_space_before_stop(raw):
        blocks, index = (body.lead, place) if place < len(body.lead) else (body.blocks, place - len(body.lead))
        kind, text, level, anchor = blocks[index]
        blocks[index] = block_of((kind, _BEFORE_STOP.sub("", text), level, anchor))
    return body


def _may_print_nothing(raw: bytes) -> bool:
    """Whether `_PRINTS_NOTHING` may match in one of these texts."""
    rest = raw.translate(None, _PRINTING_ASCII)
    return any(sign in rest for sign in _SIGNS_OF_NOTHING) or bool(rest.translate(None, _BEYOND_ASCII))


def _with_space_before_stop(raw: bytes) -> list[int]:
    """Which of these texts have a space before a full stop or comma."""
    found = numpy.frombuffer(raw, dtype=numpy.uint8)
    after = found[1:]
    stops = numpy.flatnonzero(((after == ord(".")) | (after == ord(","))) & (found[:-1] == ord(" ")))
    if not len(stops):
        return []
    return numpy.unique(numpy.searchsorted(numpy.flatnonzero(found == BETWEEN[0]), stops) - 1).tolist()


def _read_top(parts: list[Any], body: _Body, depth: int) -> None:
    for part in parts:
        name = _heading(part)
        if not _is_section(part):
            _read_text(part, body.lead if not body.blocks else body.blocks, body, False, depth)
        elif (name == _LEAD and not body.lead) or (not name and not body.blocks):
            # in some articles all others are below it, and below that an "Abstract" of its own
            _read_top(_read_own_text(part, body.lead, body, depth), body, depth + 1)
        else:
            _read_section(part, name, 1, body, depth)


def _read_section(part: dict[str, Any], name: str, level: int, body: _Body, depth: int) -> None:
    if name:
        if name.casefold() in body.apparatus:
            body.dropped[name.casefold()] += 1
            return
        body.blocks.append(block_of(("heading", name, level, _anchor_of(part))))
        level += 1
    for inner in _read_own_text(part, body.blocks, body, depth):
        _read_section(inner, _heading(inner), level, body, depth + 1)


def _read_own_text(part: dict[str, Any], out: list[Block], body: _Body, depth: int) -> list[dict[str, Any]]:
    """Adds the text that stands directly in a section; its subsections are given back."""
    if depth > DEEPEST:
        raise SeedError(f"nested_too_deeply: more than {DEEPEST} sections inside one another")
    inner: list[dict[str, Any]] = []
    if value := _value_of(part, body):
        out.append(block_of(("paragraph", value, 0, "")))
    clean = body.clean
    for child in _parts(part.get("has_parts")):
        if _is_plain(child):
            if value := clean(child["value"]):
                out.append(block_of((child["type"], value, 0, "")))
        elif _is_section(child):
            inner.append(child)
        else:
            _read_text(child, out, body, False, depth)
    return inner


def _read_text(part: Any, out: list[Block], body: _Body, in_list: bool, depth: int) -> None:
    if depth > DEEPEST:
        raise SeedError(f"nested_too_deeply: more than {DEEPEST} parts inside one another")
    if isinstance(part, str):
        value, inner = body.clean(part), None
    elif isinstance(part, dict):
        kind = part.get("type")
        if kind in _NO_TEXT:
            return
        in_list = in_list or kind == "list_item"
        value, inner = _value_of(part, body), part.get("has_parts")
        if not value and kind in ("section", None):
            value = _heading(part)  # a heading where none can stand, as in a list
    else:
        return
    if value:
        out.append(block_of(("list_item" if in_list else "paragraph", value, 0, "")))
    if inner:
        in_list = in_list or part.get("type") == "list"
        clean = body.clean
        for child in _parts(inner):
            if _is_plain(child) and depth < DEEPEST:
                if value := clean(child["value"]):
                    out.append(block_of(("list_item" if in_list else child["type"], value, 0, "")))
            else:
                _read_text(child, out, body, in_list, depth + 1)


def _parts(value: Any) -> list[Any]:
    value = unpacked(value)
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, (dict, str)) else []


def _is_plain(part: Any) -> bool:
    """What most parts are: a paragraph or list item with nothing in it but its text."""
    return (
        type(part) is dict
        and part.get("type") in _TEXT
        and not part.get("has_parts")
        and type(value := part.get("value")) is str
        and value != ""
    )


def _is_section(part: Any) -> bool:
    if not isinstance(part, dict):
        return False
    kind = part.get("type")
    return kind == "section" or (kind is None and bool(part.get("has_parts")))


def _heading(part: Any) -> str:
    return _clean(" ".join(_string(part.get("name")).split())) if isinstance(part, dict) else ""


def _value_of(part: dict[str, Any], body: _Body) -> str:
    value = part.get("value")
    if isinstance(value, str) and value:
        return body.clean(value)
    values = part.get("values")
    return body.clean("\n".join(filter(None, map(_string, values)))) if isinstance(values, list) else ""


def _anchor_of(part: dict[str, Any]) -> str:
    return _string(part.get("anchor")).lstrip("#") or _string(part.get("url")).partition("#")[2]
