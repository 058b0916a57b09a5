"""Short documents about this project, written for it and shipped with it, so that a model trained on its output knows
what it was trained by. SYNTH has such documents too (130 of them) and goes over them most often.

A document is Markdown with a front matter of `title` and `topic`, headings, paragraphs and lists; nothing else of
Markdown is read, and none of the documents uses it.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from importlib import metadata, resources
from importlib.resources.abc import Traversable

import yaml

from synth_assets.errors import SeedError
from synth_assets.seeds.base import BadSeed, Block, Seed, SourceFile

LANGUAGE = "en"

_FRONT_MATTER = re.compile(r"\A---\n(.*?\n)---\n(.*)\Z", re.DOTALL)
_HEADING = re.compile(r"(#{2,6}) +(.+)")
_LIST_ITEM = re.compile(r"[-*] +(.+)")


class PackagedDocuments:
    """Reader of one Markdown document a file, for collections that this project has written.

    Class attributes: `collection`; `urn`, the beginning of the documents' addresses; `shipped`, the folder beside this
    module that they stand in.

    Args:
        folder: where the documents are, when not those shipped.
    """

    collection: str
    urn: str
    shipped: str

    def __init__(self, folder: Traversable | None = None) -> None:
        self._folder = folder

    def files(self, languages: tuple[str, ...]) -> list[SourceFile]:
        """Every document, by name, where English is asked for; else none.

        Raises:
            SeedError: the folder or a document cannot be read.
        """
        if LANGUAGE not in languages:
            return []
        folder = self._documents()
        try:
            names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".md"))
        except OSError as error:
            raise SeedError(f"{folder}: {error.strerror or error}") from error
        return [
            SourceFile(
                collection=self.collection,
                language=LANGUAGE,
                name=name,
                fingerprint=sha256(self._read_bytes(name)).hexdigest(),
            )
            for name in names
        ]

    def read(self, file: SourceFile) -> Iterator[Seed | BadSeed]:
        """The document, or a `BadSeed` that says what is wrong with it.

        Raises:
            SeedError: the file is not there or not UTF-8.
        """
        content = self._read_bytes(file.name)
        try:
            text = content.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise SeedError(f"{file.name}:{line}: not UTF-8: {error.reason}") from error
        slug = file.name.removesuffix(".md")
        front = _front_matter(text)
        if isinstance(front, str):
            yield BadSeed(source=file.name, record=slug, reason=front)
            return
        title, topic, body = front
        blocks = tuple(_blocks(body))
        if not any(block.kind != "heading" for block in blocks):
            yield BadSeed(source=file.name, record=slug, reason="the document has no text")
            return
        yield Seed(
            collection=self.collection,
            language=LANGUAGE,
            title=title,
            url=f"{self.urn}{slug}",
            license="CC-BY-SA-4.0",
            blocks=blocks,
            topic=topic,
            revision=f"synth-assets {metadata.version('synth-assets')}",
        )

    def _documents(self) -> Traversable:
        return self._folder or resources.files("synth_assets.seeds").joinpath(self.shipped)

    def _read_bytes(self, name: str) -> bytes:
        try:
            return self._documents().joinpath(name).read_bytes()
        except OSError as error:
            raise SeedError(f"{name}: {error.strerror or error}") from error


class SelfKnowledge(PackagedDocuments):
    """Reader of the documents about this project."""

    collection = "self_knowledge"
    urn = "urn:synth-assets:self-knowledge:"
    shipped = "documents"


def _front_matter(text: str) -> tuple[str, str, str] | str:
    """(title, topic, body), or what is wrong."""
    found = _FRONT_MATTER.match(text)
    if found is None:
        return "there is no front matter between two lines of ---"
    try:
        values = yaml.safe_load(found[1])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return f"the front matter is not YAML{'' if mark is None else f' (line {mark.line + 2})'}"
    if not isinstance(values, dict):
        return "the front matter is not a list of keys and values"
    for key in ("title", "topic"):
        if not isinstance(values.get(key), str) or not values[key].strip():
            return f"the front matter has no {key}"
    return values["title"].strip(), values["topic"].strip(), found[2]


def _blocks(body: str) -> Iterator[Block]:
    paragraph: list[str] = []
    item: list[str] = []

    def finish() -> Iterator[Block]:
        for kind, lines in (("paragraph", paragraph), ("list_item", item)):
            if lines:
                yield Block(kind=kind, text=" ".join(lines))
                lines.clear()

    for raw in body.splitlines():
        line = raw.strip()
        heading, bullet = _HEADING.fullmatch(line), _LIST_ITEM.fullmatch(line)
        if heading:
            yield from finish()
            yield Block(kind="heading", text=heading[2].strip(), level=len(heading[1]) - 1)
        elif bullet:
            yield from finish()
            item.append(bullet[1])
        elif not line:
            yield from finish()
        else:
            (item or paragraph).append(line)
    yield from finish()
