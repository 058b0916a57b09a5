"""A folder of somebody's own documents: PDF, DOCX, PPTX, HTML, EPUB, Markdown, text, CSV and subtitles, one seed each.

The converters are the extra `documents`: pypdf, python-docx, python-pptx (with the lxml that both stand on),
markdown-it-py and charset-normalizer, together 25 MB. Why these and not one that does everything: markitdown brings
an inference engine to guess file types, docling brings models, and both give Markdown, in which the heading that was a
style is a `#` that may as well be text; ebooklib is AGPL. An EPUB is a zip of HTML pages, read here.

What every format keeps: headings with their depth, paragraphs, list items; a table is one list item a row. What is left
out, by rule: images, scripts and styles; navigation, headers, footers and asides of web pages; lines that stand first
or last on half of a PDF's pages or are nothing but a page number; the numbers and times of subtitles; footnotes and
headers of DOCX; control characters. Hidden files and folders (".git") are not looked at.

Every other file of the folder either gives a seed or a `BadSeed` with one of `REFUSALS`.
"""

import csv
import hashlib
import os
import re
import stat
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from html.entities import html5
from io import BytesIO, StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from synth_assets.errors import Refused, SeedError
from synth_assets.identity import hash_of
from synth_assets.seeds.base import BadSeed, Block, Seed, SourceFile
from synth_assets.seeds.packaged_json import printable

INSTALL = "pip install 'synth-assets[documents]'"
UNKNOWN_LICENSE = "unknown"
READ_AS = 1
"""Raise it when files already read should be read again, because they would now give other blocks."""

MOST_BYTES = 200 * 2**20
MOST_UNPACKED_BYTES = 500 * 2**20
MOST_CHARACTERS = 20_000_000
MOST_PAGES = 10_000
LEAST_LETTERS_A_PAGE = 20

REFUSALS = frozenset({
    "broken_file", "link_not_followed", "no_text", "not_a_file", "not_text", "old_format", "pages_without_text",
    "password_protected", "scanned_document", "too_large", "unknown_encoding", "unknown_format", "unreadable_name",
})  # fmt: skip


# --- a folder of the user's ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFolder:
    """A file, or a folder with all that stands under it; nothing outside is ever opened, and no link is followed."""

    path: Path

    @property
    def root(self) -> Path:
        return self.path if self.path.is_dir() else self.path.parent

    def names(self, wanted: Callable[[str], bool] = lambda name: True) -> list[str]:
        """The files by path relative to the root, sorted, but for hidden ones.

        Raises:
            SeedError: the path is not there, or a folder cannot be listed.
        """
        if not self.path.exists():
            raise SeedError(f"{self.path}: there is no such file or folder")
        if not self.path.is_dir():
            return [self.path.name] if wanted(self.path.name) else []

        def complain(error: OSError) -> None:
            raise SeedError(f"{error.filename}: {error.strerror or error}") from error

        found = []
        for folder, folders, files in os.walk(self.path, onerror=complain, followlinks=False):
            folders[:] = [name for name in folders if not name.startswith(".")]
            links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
            for name in (*links, *files):
                relative = Path(folder, name).relative_to(self.path).as_posix()
                if not name.startswith(".") and wanted(relative):
                    found.append(relative)
        return sorted(found)

    def place(self, name: str) -> Path:
        """Where a file of this folder stands.

        Raises:
            SeedError: it stands elsewhere, or is gone.
            Refused: it is a link, lies behind one, is no file, or has a name that cannot be stored.
        """
        if printable(name) != name:
            raise Refused("unreadable_name", "the name is not UTF-8")
        parts = Path(name).parts
        if not parts or Path(name).is_absolute() or ".." in parts:
            raise SeedError(f"{name}: not a file of {self.root}")
        place = self.root
        for part in parts:
            place = place / part
            try:
                mode = place.lstat().st_mode
            except OSError as error:
                raise SeedError(f"{place}: {error.strerror or error}") from error
            if stat.S_ISLNK(mode) and place != self.path:
                raise Refused("link_not_followed", f"{part} is a link")
        if not stat.S_ISREG(place.stat().st_mode):
            raise Refused("not_a_file", "neither a file nor a folder")
        return place

    def read(self, name: str, most_bytes: int) -> bytes:
        """The content of a file.

        Raises:
            SeedError: as `place`, or it cannot be read.
            Refused: as `place`, or it is larger than `most_bytes`.
        """
        place = self.place(name)
        try:
            with place.open("rb") as opened:
                content = opened.read(most_bytes + 1)
        except OSError as error:
            raise SeedError(f"{place}: {error.strerror or error}") from error
        if len(content) > most_bytes:
            raise Refused("too_large", f"{place.stat().st_size:,} bytes; at most {most_bytes:,} are read")
        return content

    def source_files(
        self, collection: str, languages: Iterable[str], names: Iterable[str], *settings: Any
    ) -> list[SourceFile]:
        """One a file and language. The fingerprint is of the bytes and of the settings they are read with.

        Raises:
            SeedError: a file cannot be read.
        """
        spoken = tuple(languages)
        return [
            SourceFile(
                collection=collection,
                language=language,
                name=printable(name),
                fingerprint=hash_of("user file", content, READ_AS, settings),
            )
            for name in names
            for content in [self._content_hash(name)]
            for language in spoken
        ]

    def _content_hash(self, name: str) -> str:
        try:
            place = self.place(name)
        except Refused as refused:
            return str(refused)
        try:
            with place.open("rb") as opened:
                return hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError as error:
            raise SeedError(f"{place}: {error.strerror or error}") from error


# --- text ------------------------------------------------------------------------------------------------------------

_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]")
_EMPTY_LINE = re.compile(r"\n[ \t]*\n\s*")
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)  # fmt: skip


def clean(text: str) -> str:
    """Text that can be stored: no control characters, no half surrogates, lines ended by one \\n."""
    return printable(_CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")))


def decoded(content: bytes, declared: str = "") -> str:
    """The text of bytes in whatever encoding: by byte order mark, else UTF-8, else as declared, else as guessed.

    Raises:
        Refused: not text at all, or in no encoding that can be told.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            declared = encoding
            break
    else:
        if content.count(0) * 20 > len(content):
            raise Refused("not_text", "binary data")
    for encoding in ("utf-8", declared) if declared not in ("utf-16", "utf-32") else (declared,):
        try:
            return clean(content.decode(encoding or "ascii"))
        except (UnicodeDecodeError, LookupError):  # the next witness is heard
            continue
    guess = _import("charset_normalizer", "text that is not UTF-8").from_bytes(content).best()
    if guess is None:
        raise Refused("unknown_encoding", "neither UTF-8 nor any encoding that could be told")
    return clean(str(guess))


def plain_blocks(text: str) -> list[Block]:
    """Paragraphs of plain text: between empty lines, or one a line where there are no empty lines."""
    pieces = _EMPTY_LINE.split(text) if _EMPTY_LINE.search(text.strip()) else text.split("\n")
    return [Block(kind="paragraph", text=" ".join(piece.split())) for piece in pieces if piece.strip()]


def _import(module: str, what: str) -> Any:
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise SeedError(f"{what} needs {module}, which is not installed; get it with `{INSTALL}`") from error


# --- licences --------------------------------------------------------------------------------------------------------

_SPDX_LINE = re.compile(r"SPDX-License-Identifier:[ \t]*([^\n]{1,200})")
_SPDX = re.compile(r"\(*[A-Za-z0-9][A-Za-z0-9.:-]*\+?(?:\)*\s+(?:AND|OR|WITH)\s+\(*[A-Za-z0-9][A-Za-z0-9.:-]*\+?)*\)*")
_CREATIVE_COMMONS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(licenses|publicdomain)/([a-z-]{2,10})/(\d\.\d)(?:/|\b)"
)


def spdx_expression(value: Any) -> str:
    """The value, where it is an SPDX licence expression by its form, else an empty string."""
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return text if len(text) <= 200 and _SPDX.fullmatch(text) else ""


def spdx_of_head(text: str, lines: int = 30) -> str:
    """What an `SPDX-License-Identifier:` line says that begins one of the first lines, but for marks of a comment."""
    for line in text.split("\n", lines)[:lines]:
        found = _SPDX_LINE.fullmatch(line.strip().lstrip("#/*<!-;%\" '").rstrip("*/-> "))
        if found:
            return spdx_expression(found[1].strip())
    return ""


def spdx_of_address(text: str) -> str:
    """The SPDX identifier of the first address of a Creative Commons licence in a text, else an empty string."""
    found = _CREATIVE_COMMONS.search(text)
    if found is None:
        return ""
    family, name, version = found.groups()
    if family == "licenses":
        return f"CC-{name.upper()}-{version}"
    return {"zero": "CC0-1.0", "mark": "CC-PDM-1.0"}.get(name, "")


# --- the reader ------------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class _Document:
    """What a converter gives. Headings still stand as deep as the format says; `left_out` is (record, reason)."""

    blocks: list[Block]
    title: str = ""
    license: str = ""
    left_out: list[tuple[str, str]] = field(default_factory=list)


class Documents:
    """Reader of a folder of documents, or of one.

    Args:
        collection: what the recipe calls it.
        path: the folder, or one file.
        language: ISO 639-1 code that the documents are in; what is surely in another is refused with its sections.
        license: SPDX identifier of all documents that do not state one of their own (an SPDX line, a link with
            `rel="license"`, the rights of an EPUB or PDF that name a Creative Commons address).
        topic: subject heading of all of them.
        address: where the folder is published ("https://example.org/handbook"); without one a seed's URL is a URN.
    """

    def __init__(
        self,
        *,
        collection: str,
        path: Path,
        language: str,
        license: str = UNKNOWN_LICENSE,
        topic: str = "",
        address: str = "",
    ) -> None:
        self.collection = collection
        self._folder = UserFolder(path=path)
        self._language = language
        self._license = license
        self._topic = topic
        self._base = f"{address.rstrip('/')}/" if address else f"urn:synth-assets:{quote(collection)}:"

    def files(self, languages: tuple[str, ...]) -> list[SourceFile]:
        """Every file that is not hidden, also those that will be refused; none where another language is asked for.

        Raises:
            SeedError: the folder is not there, or a converter that one of its files needs is not installed.
        """
        if self._language not in languages:
            return []
        names = self._folder.names()
        for suffix in sorted({_suffix(name) for name in names} & set(CONVERTERS)):
            if module := CONVERTERS[suffix].module:
                _import(module, f"a {suffix} file")
        settings = (self._license, self._topic, self._base)
        return self._folder.source_files(self.collection, (self._language,), names, *settings)

    def read(self, file: SourceFile) -> Iterator[Seed | BadSeed]:
        """The document, then a `BadSeed` for what was left out of it; or only a `BadSeed` that says why not.

        Raises:
            SeedError: the file is gone, or its converter is not installed.
        """
        try:
            content = self._folder.read(file.name, MOST_BYTES)
            document = _convert(_suffix(file.name), content)
        except Refused as refused:
            yield BadSeed(source=file.name, record=Path(file.name).name, reason=str(refused))
            return
        title, blocks = _under_title(document, Path(file.name).stem)
        yield Seed(
            collection=self.collection,
            language=file.language,
            title=title,
            url=self._base + quote(file.name),
            license=document.license or self._license,
            blocks=tuple(blocks),
            topic=self._topic,
            revision=f"sha256 {hashlib.sha256(content).hexdigest()[:16]}",
        )
        for record, reason in document.left_out:
            yield BadSeed(source=file.name, record=record, reason=reason)


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()


def _convert(suffix: str, content: bytes) -> _Document:
    converter = CONVERTERS.get(suffix)
    if converter is None:
        raise Refused("unknown_format", f"no reader for {suffix or 'a name without suffix'}")
    if not content.strip():
        raise Refused("no_text", "the file is empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a converter thinks of a stranger's file is no warning of ours
            document = converter.convert(content)
    except (Refused, SeedError):
        raise
    except (Exception, RecursionError) as error:  # parsers fail in every way there is on files that are broken
        detail = " ".join(clean(f"{type(error).__name__}: {error}").split())[:200]
        raise Refused("broken_file", detail) from error
    document.blocks = [
        replace(block, text=text) for block in document.blocks if (text := clean(block.text).strip())
    ]  # fmt: skip
    if sum(len(block.text) for block in document.blocks) > MOST_CHARACTERS:
        raise Refused("too_large", f"more than {MOST_CHARACTERS:,} characters of text")
    if not any(block.kind != "heading" for block in document.blocks):
        raise Refused("no_text", "the document has no text")
    return document


def _under_title(document: _Document, name: str) -> tuple[str, list[Block]]:
    """Title and body. A single highest heading that everything stands under is the title and no heading of the body."""
    blocks = document.blocks
    levels = [block.level for block in blocks if block.kind == "heading"]
    title = " ".join(clean(document.title).split())
    if levels and blocks[0].kind == "heading" and levels[0] == min(levels) and levels.count(levels[0]) == 1:
        title = " ".join(blocks[0].text.split())
        blocks = blocks[1:]
        levels = levels[1:]
    above = min(levels, default=1) - 1
    return title[:300] or name, [
        replace(block, level=block.level - above) if block.kind == "heading" else block for block in blocks
    ]


# --- text, Markdown, CSV, subtitles ----------------------------------------------------------------------------------


def _text(content: bytes) -> _Document:
    text = decoded(content)
    return _Document(blocks=plain_blocks(text), license=spdx_of_head(text))


_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)?---[ \t]*\n", re.DOTALL)


def _markdown(content: bytes) -> _Document:
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
    return _Document(
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
    parser = _import("markdown_it", "Markdown").MarkdownIt("commonmark").enable("table")
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
            blocks.append(Block(kind="list_item", text=_row(cells or [])))
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


def _row(cells: Iterable[str]) -> str:
    return " | ".join(cell for cell in (" ".join(cell.split()) for cell in cells) if cell)


def _csv(content: bytes) -> _Document:
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
    return _Document(blocks=blocks)


_TIMES = re.compile(
    r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[,.](\d{1,3})\s*-->\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[,.](\d{1,3}).*"
)
_TAG = re.compile(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}")
PAUSE_S = 2.0
"""A silence this long ends a paragraph of subtitles."""


def _subtitles(content: bytes) -> _Document:
    """SubRip and WebVTT: what is said, one paragraph between pauses, a line that rolls over said once."""
    paragraphs: list[list[str]] = []
    ended: float | None = None
    cue = False
    previous = ""
    for line in map(str.strip, decoded(content).split("\n")):
        times = _TIMES.fullmatch(line)
        if times:
            start, end = (
                int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(part.ljust(3, "0")) / 1000
                for hours, minutes, seconds, part in (times.groups()[:4], times.groups()[4:])
            )
            if ended is None or start - ended >= PAUSE_S:
                paragraphs.append([])
            cue, ended = True, end
        elif not line:
            cue = False
        elif cue:
            said = " ".join(_TAG.sub("", line).split())
            if said and said != previous:
                paragraphs[-1].append(said)
                previous = said
    if ended is None:
        raise Refused("broken_file", "no cue with times")
    return _Document(blocks=[Block(kind="paragraph", text=" ".join(lines)) for lines in paragraphs])


# --- HTML and EPUB ---------------------------------------------------------------------------------------------------

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_DROPPED = frozenset({
    "script", "style", "noscript", "template", "nav", "aside", "form", "button", "select", "iframe", "svg", "math",
    "head", "object",
})  # fmt: skip
_PAGE_FRAME = frozenset(("header", "footer"))
_BLOCKS = frozenset({
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "main", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30};)")
_XML_ENTITIES = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))


def _html(content: bytes) -> _Document:
    declared = _META_CHARSET.search(content[:4096])
    return html_blocks(decoded(content, declared[1].decode("ascii") if declared else ""))


def html_blocks(text: str, *, is_xml: bool = False) -> _Document:
    """What a page says in `main`, a single `article`, or its body.

    Raises:
        SeedError: the extra `documents` is not installed.
    """
    etree = _import("lxml.etree", "HTML")
    tree = _parsed(etree, text, is_xml)
    if tree is None:
        return _Document(blocks=[])
    for element in tree.iter():
        if isinstance(element.tag, str) and "}" in element.tag:
            element.tag = element.tag.rpartition("}")[2]
    title = tree.find(".//title")
    license = next(
        (found for link in tree.iter("link", "a") if "license" in (link.get("rel") or "").lower().split()
         and (found := spdx_of_address(link.get("href") or ""))),
        "",
    )  # fmt: skip
    articles = tree.findall(".//article")
    main = tree.find(".//main")
    body = main if main is not None else articles[0] if len(articles) == 1 else tree.find(".//body")
    return _Document(
        blocks=_walked(etree, tree if body is None else body),
        title="" if title is None else " ".join("".join(title.itertext()).split()),
        license=license,
    )


def _parsed(etree: Any, text: str, is_xml: bool) -> Any:
    if is_xml:
        # nothing is resolved or fetched: named entities are put in beforehand
        strict = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True)
        known = _ENTITY.sub(
            lambda found: found[0] if found[1] in _XML_ENTITIES else html5.get(found[1], found[0]), text
        )
        try:
            return etree.fromstring(known.encode("utf-8"), strict)
        except etree.XMLSyntaxError:  # pages of EPUBs are often HTML
            pass
    lenient = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        tree = etree.fromstring(text.encode("utf-8"), lenient)
    except etree.XMLSyntaxError as error:
        raise Refused("broken_file", f"not HTML: {error.msg}") from error
    if any("depth" in entry.message for entry in lenient.error_log):  # what lies deeper is left out without a word
        raise Refused("broken_file", "elements are nested too deep")
    return tree


def _walked(etree: Any, body: Any) -> list[Block]:
    """The blocks of an element in reading order; a walk, not a recursion, since pages nest without bound."""
    blocks: list[Block] = []
    said: list[str] = []
    lists = pre = 0
    row: list[str] | None = None

    def finish(kind: str = "", level: int = 0, anchor: str = "") -> None:
        text = "".join(said)
        said.clear()
        text = text.strip("\n") if kind == "code" else " ".join(text.split())
        if text.strip():
            kind = kind or ("list_item" if lists else "paragraph")
            blocks.append(Block(kind=kind, text=text, level=level, anchor=anchor))

    walk = etree.iterwalk(body, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        dropped = _is_dropped(element, tag)
        if event == "start" and dropped:
            if tag == "math":
                said.append(element.get("alttext") or "")
            elif row is None and tag in ("nav", "aside", "form", "header", "footer"):
                finish()
            walk.skip_subtree()
            continue
        if event == "start":
            if tag in _BLOCKS and row is None:
                finish()
            elif tag in _BLOCKS or tag == "br":
                said.append("\n" if pre else " ")
            lists += tag in ("li", "dd", "dt")
            pre += tag == "pre"
            if tag == "tr" and row is None:
                row = []
            said.append(element.text or "")
            continue
        if event == "end" and not dropped:
            if row is not None and tag in ("td", "th"):
                row.append("".join(said))
                said.clear()
            elif row is not None and tag == "tr":
                said[:] = [_row([*row, "".join(said)])]
                row = None
                lists += 1
                finish()
                lists -= 1
            elif row is None and re.fullmatch("h[1-6]", tag):
                finish("heading", int(tag[1]), _anchor(element))
            elif row is None and tag in _BLOCKS:
                finish("code" if tag == "pre" else "")
            lists -= tag in ("li", "dd", "dt")
            pre -= tag == "pre"
        if element is not body:
            said.append(element.tail or "")
    finish()
    return blocks


def _is_dropped(element: Any, tag: str) -> bool:
    if not tag or tag in _DROPPED or element.get("hidden") is not None:
        return True
    # an article's own header holds its title; the page's holds the site's
    return tag in _PAGE_FRAME and (element.getparent() is None or element.getparent().tag == "body")


def _anchor(heading: Any) -> str:
    for element in heading.iter():
        if found := element.get("id") or element.get("name"):
            return quote(found, safe=";@$!*(),/~:'")
    return ""


def _epub(content: bytes) -> _Document:
    etree = _import("lxml.etree", "EPUB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    with _opened_zip(content) as book:
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
        document = _Document(
            blocks=[],
            title=next((" ".join(element.itertext()) for element in package.iter("{*}title")), ""),
            license=spdx_of_address(said["rights"] + " " + said["license"]) or spdx_expression(said["rights"]),
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
    from posixpath import dirname, join, normpath
    from urllib.parse import unquote

    return normpath(join(dirname(package), unquote(address.partition("#")[0])))


def _opened_zip(content: bytes) -> zipfile.ZipFile:
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


# --- DOCX and PPTX ---------------------------------------------------------------------------------------------------

_HEADING_STYLE = re.compile(r"heading (\d)", re.IGNORECASE)


def _docx(content: bytes) -> _Document:
    _opened_zip(content).close()
    document = _import("docx", "a .docx file").Document(BytesIO(content))
    title = document.core_properties.title or ""
    blocks: list[Block] = []
    for item in document.iter_inner_content():
        if hasattr(item, "rows"):
            for row in item.rows:
                # a merged cell comes once for every column it covers
                cells = [cell for index, cell in enumerate(row.cells) if cell not in row.cells[:index]]
                blocks.append(Block(kind="list_item", text=_row(cell.text for cell in cells)))
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
    return _Document(blocks=blocks, title=title)


def _pptx(content: bytes) -> _Document:
    _opened_zip(content).close()
    shown = _import("pptx", "a .pptx file").Presentation(BytesIO(content))
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
                blocks += [Block(kind="list_item", text=_row(cell.text for cell in row.cells))
                           for row in shape.table.rows]  # fmt: skip
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            blocks += plain_blocks(slide.notes_slide.notes_text_frame.text)
    return _Document(blocks=blocks, title=shown.core_properties.title or "")


# --- PDF -------------------------------------------------------------------------------------------------------------

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


def _pdf(content: bytes) -> _Document:
    pypdf = _import("pypdf", "a .pdf file")
    import logging

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
    return _Document(
        blocks=_pdf_blocks([line for lines in pages for line in lines]),
        title=str(metadata.title or "") if metadata else "",
        license=spdx_of_address(rights.decode("utf-8", "replace")),
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
                blocks[-1] = replace(last, text=f"{last.text} {line.text}")
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


# --- what there is ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Converter:
    """`module` is the library of the extra that a format cannot do without, empty where it can."""

    convert: Callable[[bytes], _Document]
    module: str = ""


CONVERTERS: dict[str, Converter] = {
    ".csv": Converter(convert=_csv),
    ".docx": Converter(convert=_docx, module="docx"),
    ".epub": Converter(convert=_epub, module="lxml.etree"),
    ".htm": Converter(convert=_html, module="lxml.etree"),
    ".html": Converter(convert=_html, module="lxml.etree"),
    ".markdown": Converter(convert=_markdown, module="markdown_it"),
    ".md": Converter(convert=_markdown, module="markdown_it"),
    ".pdf": Converter(convert=_pdf, module="pypdf"),
    ".pptx": Converter(convert=_pptx, module="pptx"),
    ".srt": Converter(convert=_subtitles),
    ".tsv": Converter(convert=_csv),
    ".txt": Converter(convert=_text),
    ".vtt": Converter(convert=_subtitles),
    ".xhtml": Converter(convert=_html, module="lxml.etree"),
}
"""By suffix, lower case."""
