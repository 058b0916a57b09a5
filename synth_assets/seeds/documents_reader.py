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

import hashlib
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from synth_assets.errors import Refused, SeedError
from synth_assets.seeds.base import BadSeed, Block, Seed, SourceFile
from synth_assets.seeds.documents_converter import MOST_CHARACTERS, Converter, Document, library
from synth_assets.seeds.documents_encoding import clean
from synth_assets.seeds.documents_folder import UserFolder
from synth_assets.seeds.documents_html import read_html
from synth_assets.seeds.documents_pdf import read_pdf
from synth_assets.seeds.documents_subtitles import read_subtitles
from synth_assets.seeds.documents_text import read_csv, read_markdown, read_text
from synth_assets.seeds.documents_zipped import read_docx, read_epub, read_pptx

UNKNOWN_LICENSE = "unknown"
MOST_BYTES = 200 * 2**20

REFUSALS = frozenset({
    "broken_file", "link_not_followed", "no_text", "not_a_file", "not_text", "old_format", "pages_without_text",
    "password_protected", "scanned_document", "too_large", "unknown_encoding", "unknown_format", "unreadable_name",
})  # fmt: skip


class Documents:
    """Reader of a folder of documents, or of one.

    Args:
        collection: what the recipe calls it.
        path: the folder, or one file.
        chosen: of the folder, these files, folders and globs alone; all of it when left out.
        language: ISO 639-1 code that the documents are in; what is surely in another is refused with its sections.
        license: SPDX identifier of all documents that do not state one of their own (an SPDX line, a link with
            `rel="license"`, the rights of an EPUB or PDF that name a Creative Commons address).
        topic: subject heading of all of them.
        address: where the folder is published ("https://example.org/handbook"); without one a seed's URL is a URN.
        attribution: who wrote them.
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
        chosen: tuple[str, ...] = (),
        attribution: str = "",
    ) -> None:
        self.collection = collection
        self._folder = UserFolder(path=path, chosen=chosen)
        self._attribution = attribution
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
                library(module, f"a {suffix} file")
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
            attribution=self._attribution,
        )
        for record, reason in document.left_out:
            yield BadSeed(source=file.name, record=record, reason=reason)


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()


def _convert(suffix: str, content: bytes) -> Document:
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
        block._replace(text=text)
        for block in document.blocks
        if (text := clean(block.text).strip("\n" if block.kind == "code" else None)).strip()
    ]  # fmt: skip
    if sum(len(block.text) for block in document.blocks) > MOST_CHARACTERS:
        raise Refused("too_large", f"more than {MOST_CHARACTERS:,} characters of text")
    if not any(block.kind != "heading" for block in document.blocks):
        raise Refused("no_text", "the document has no text")
    return document


def _under_title(document: Document, name: str) -> tuple[str, list[Block]]:
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
        block._replace(level=block.level - above) if block.kind == "heading" else block for block in blocks
    ]


CONVERTERS: dict[str, Converter] = {
    ".csv": Converter(convert=read_csv),
    ".docx": Converter(convert=read_docx, module="docx"),
    ".epub": Converter(convert=read_epub, module="lxml.etree"),
    ".htm": Converter(convert=read_html, module="lxml.etree"),
    ".html": Converter(convert=read_html, module="lxml.etree"),
    ".markdown": Converter(convert=read_markdown, module="markdown_it"),
    ".md": Converter(convert=read_markdown, module="markdown_it"),
    ".pdf": Converter(convert=read_pdf, module="pypdf"),
    ".pptx": Converter(convert=read_pptx, module="pptx"),
    ".srt": Converter(convert=read_subtitles),
    ".tsv": Converter(convert=read_csv),
    ".txt": Converter(convert=read_text),
    ".vtt": Converter(convert=read_subtitles),
    ".xhtml": Converter(convert=read_html, module="lxml.etree"),
}
"""By suffix, lower case."""
