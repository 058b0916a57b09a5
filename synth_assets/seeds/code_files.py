"""Python files as seeds: the module's docstring and its own statements are the lead, each class and function a section.

A section holds the docstring as prose and then the code, comments and decorators above it included; methods stand under
their class. No line of the file is lost: what is not part of a class or function is the lead's. Files are parsed, never
imported or run. A file in which nothing is documented gives code all the same; whether that is worth a question is not
judged here.

The licence is the file's own SPDX line, else what the user says of the collection, else what the repository says:
`license` in pyproject.toml, or a licence file whose text is one of a few everybody uses, else "unknown".
"""

import ast
import hashlib
import re
import tomllib
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from synth_assets.errors import Refused, SeedError
from synth_assets.seeds.base import BadSeed, Block, Seed, SourceFile
from synth_assets.seeds.documents_encoding import clean
from synth_assets.seeds.documents_folder import UserFolder
from synth_assets.seeds.documents_licenses import spdx_expression, spdx_of_head
from synth_assets.seeds.documents_reader import UNKNOWN_LICENSE

MOST_BYTES = 2 * 2**20
DEEPEST_CLASS = 4
"""Classes within classes within classes: below this depth a class is code like any other."""

REFUSALS = frozenset(
    {"link_not_followed", "no_text", "not_a_file", "not_python", "not_text", "too_large", "unreadable_name"}
)

_LICENSE_FILES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "LICENCE.txt", "COPYING", "UNLICENSE")
_LICENSE_TEXTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Apache-2.0", ("apache license version 2.0, january 2004",)),
    ("AGPL-3.0-only", ("gnu affero general public license version 3, 19 november 2007",)),
    ("LGPL-3.0-only", ("gnu lesser general public license version 3, 29 june 2007",)),
    ("GPL-3.0-only", ("gnu general public license version 3, 29 june 2007",)),
    ("GPL-2.0-only", ("gnu general public license version 2, june 1991",)),
    ("MPL-2.0", ("mozilla public license version 2.0",)),
    ("MIT", ("permission is hereby granted, free of charge, to any person obtaining a copy",
             "the above copyright notice and this permission notice shall be included",
             'the software is provided "as is"')),
    ("BSD-3-Clause", ("redistributions of source code must retain", "neither the name of")),
    ("BSD-2-Clause", ("redistributions of source code must retain", "redistributions in binary form must reproduce")),
    ("ISC", ("permission to use, copy, modify, and/or distribute this software for any purpose",)),
    ("CC0-1.0", ("cc0 1.0 universal",)),
    ("Unlicense", ("this is free and unencumbered software released into the public domain",)),
)  # fmt: skip
"""Words that only that licence has, white space and case aside, the narrower licence first. A text that says "or later"
says it elsewhere, in the files; so the identifier is the one that promises less."""

_REMOTE = re.compile(r'\[remote "origin"\][^\[]*?\n\s*url\s*=\s*(\S+)')
_SSH = re.compile(r"(?:ssh://)?(?:[\w.-]+)@([\w.-]+)[:/]([\w./~-]+)")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class CodeFiles:
    """Reader of the Python files of a folder.

    Args:
        collection: what the recipe calls it.
        path: the checkout's top folder, or one file in it: its licence and its .git are looked for there.
        language: ISO 639-1 code of the docstrings and comments.
        license: SPDX identifier of the files that do not state one; empty leaves it to the repository's own words.
        repository: address of the repository ("https://github.com/owner/name"); without it the checkout is asked.
        revision: the commit; without it the checkout is asked.
        topic: subject heading of all files.
        chosen: of the folder, these files, folders and globs alone; all of it when left out.
        attribution: who wrote them; the repository's address when left out.
    """

    def __init__(
        self,
        *,
        collection: str,
        path: Path,
        language: str = "en",
        license: str = "",
        repository: str = "",
        revision: str = "",
        topic: str = "",
        chosen: tuple[str, ...] = (),
        attribution: str = "",
    ) -> None:
        self.collection = collection
        self._folder = UserFolder(path=path, chosen=chosen)
        self._attribution = attribution
        self._language = language
        self._license = license
        self._repository = repository
        self._revision = revision
        self._topic = topic

    def files(self, languages: tuple[str, ...]) -> list[SourceFile]:
        """Every `.py` file that is not hidden, where the language is asked for; other files are not this reader's.

        Raises:
            SeedError: the folder is not there, or a file cannot be read.
        """
        if self._language not in languages:
            return []
        names = self._folder.names(lambda name: name.lower().endswith(".py"))
        # not the commit: a new one must not make files new whose text it left alone
        settings = (self._collection_license(), self._address(), self._topic)
        return self._folder.source_files(self.collection, (self._language,), names, *settings)

    def read(self, file: SourceFile) -> Iterator[Seed | BadSeed]:
        """The file, or a `BadSeed` that says why not.

        Raises:
            SeedError: the file is gone.
        """
        try:
            content = self._folder.read(file.name, MOST_BYTES)
            text = _source_text(content)
            blocks = python_blocks(text)
        except Refused as refused:
            yield BadSeed(source=file.name, record=Path(file.name).name, reason=str(refused))
            return
        address, revision = self._address(), self._revision or commit_of(self._folder.root)
        yield Seed(
            collection=self.collection,
            language=file.language,
            title=file.name,
            url=f"{address}/blob/HEAD/{quote(file.name)}" if address else self._urn(file.name),
            license=spdx_of_head(text) or self._collection_license(),
            blocks=tuple(blocks),
            topic=self._topic,
            revision=revision or f"sha256 {hashlib.sha256(content).hexdigest()[:16]}",
            attribution=self._attribution or address,
        )

    def _urn(self, name: str) -> str:
        return f"urn:synth-assets:{quote(self.collection)}:{quote(name)}"

    def _address(self) -> str:
        return self._repository.rstrip("/").removesuffix(".git") or repository_of(self._folder.root)

    def _collection_license(self) -> str:
        return self._license or license_of_repository(self._folder.root) or UNKNOWN_LICENSE


# --- what a repository says of itself --------------------------------------------------------------------------------


def repository_of(root: Path) -> str:
    """The https address of a checkout's origin without names and passwords, else an empty string.

    Raises:
        SeedError: its configuration cannot be read.
    """
    found = _REMOTE.search(_small_text(root / ".git" / "config"))
    if found is None:
        return ""
    address = found[1].removesuffix(".git").rstrip("/")
    if ssh := _SSH.fullmatch(address):
        return f"https://{ssh[1]}/{ssh[2]}"
    if not address.startswith(("https://", "http://")):
        return ""
    scheme, _, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def commit_of(root: Path) -> str:
    """The commit a checkout stands at, else an empty string; files changed since are not told from it."""
    head = _small_text(root / ".git" / "HEAD").strip()
    if not head.startswith("ref: "):
        return head if _COMMIT.fullmatch(head) else ""
    reference = head.removeprefix("ref: ")
    if not re.fullmatch(r"refs(?:/(?!\.)[\w.+-]+)+", reference):
        return ""
    commit = _small_text(root / ".git" / reference).strip()
    if not commit:
        packed = re.search(rf"^([0-9a-f]+) {re.escape(reference)}$", _small_text(root / ".git" / "packed-refs"), re.M)
        commit = packed[1] if packed else ""
    return commit if _COMMIT.fullmatch(commit) else ""


def license_of_repository(root: Path) -> str:
    """SPDX identifier from pyproject.toml or the licence file at the top of a repository, else an empty string."""
    try:
        project = tomllib.loads(_small_text(root / "pyproject.toml")).get("project")
    except (tomllib.TOMLDecodeError, RecursionError):  # somebody else's broken file says nothing
        project = None
    stated = project.get("license") if isinstance(project, dict) else None
    if isinstance(stated, dict):
        stated = stated.get("text")
    if found := spdx_expression(stated):
        return found
    for name in _LICENSE_FILES:
        words = " ".join(_small_text(root / name).casefold().replace("\u201c", '"').replace("\u201d", '"').split())
        for identifier, phrases in _LICENSE_TEXTS:
            if all(phrase in words for phrase in phrases):
                return identifier
    return ""


def _small_text(path: Path) -> str:
    """The first 200,000 bytes of a regular file that is no link, as text; an empty string where there is none."""
    try:
        if path.is_symlink() or not path.is_file():
            return ""
        with path.open("rb") as opened:
            return opened.read(200_000).decode("utf-8", "replace")
    except OSError as error:
        raise SeedError(f"{path}: {error.strerror or error}") from error


# --- Python ----------------------------------------------------------------------------------------------------------

_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")


def _source_text(content: bytes) -> str:
    """A file's text in the encoding its first two lines name (PEP 263), else UTF-8."""
    encoding = "utf-8-sig"
    for line in content.split(b"\n", 2)[:2]:
        if declared := _CODING.match(line):
            encoding = declared[1].decode("ascii")
            break
    try:
        return clean(content.decode("utf-8-sig" if encoding.lower().replace("_", "-") == "utf-8" else encoding))
    except (UnicodeError, LookupError) as error:  # UnicodeError: the codec called "undefined"
        raise Refused("not_text", f"not in {encoding}: {error}") from error


def python_blocks(text: str) -> list[Block]:
    """The blocks of a module: docstrings as paragraphs, code as code, classes and functions under headings.

    Raises:
        Refused: `not_python` when it does not parse (Python 2, a template), `no_text` when nothing is in it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a stranger's escape sequences
            module = ast.parse(text)
    except (
        SyntaxError,
        ValueError,
        RecursionError,
        MemoryError,
    ) as error:  # the parser says MemoryError of deep nesting
        line = getattr(error, "lineno", None)
        raise Refused(
            "not_python", f"{getattr(error, 'msg', None) or error}{f' (line {line})' if line else ''}"
        ) from error
    # not splitlines: the parser counts only these ends of lines
    blocks = _body(module, text.split("\n"), 0, len(text.split("\n")), level=1)
    if not any(block.kind != "heading" for block in blocks):
        raise Refused("no_text", "the file is empty")
    return blocks


_Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _body(owner: ast.Module | _Definition, lines: Sequence[str], start: int, stop: int, level: int) -> list[Block]:
    """Blocks of `lines[start:stop]`, which are the owner's: its docstring, its own code, then its definitions."""
    own: list[str] = []
    inner: list[Block] = []
    at = start
    docstring = _docstring(owner)
    opens = not isinstance(owner, ast.FunctionDef | ast.AsyncFunctionDef) and level <= DEEPEST_CLASS
    for node in owner.body:
        if node is docstring and node.lineno - 1 >= at:
            own += lines[at : node.lineno - 1]
            rest = lines[node.end_lineno - 1].encode()[node.end_col_offset :].decode().strip(" ;")
            head = lines[node.lineno - 1].encode()[: node.col_offset].decode()
            own += [line for line in (head, rest) if line.strip()]
            at = node.end_lineno
        elif opens and isinstance(node, _Definition):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
            while first > at and lines[first - 1].lstrip().startswith("#"):
                first -= 1  # the comment right above belongs to it
            if first < at:  # on the line of the one before, behind a semicolon
                continue
            own += lines[at:first]
            at = min(node.end_lineno, stop)
            kind = "class" if isinstance(node, ast.ClassDef) else "def"
            inner.append(Block(kind="heading", text=f"{kind} {node.name}", level=level))
            inner += _body(node, lines, first, at, level + 1)
    own += lines[at:stop]
    blocks = []
    if docstring is not None:
        blocks += _prose(ast.get_docstring(owner) or "")
    code = "\n".join(own).strip("\n")
    if code.strip():
        blocks.append(Block(kind="code", text=code))
    return [*blocks, *inner]


def _docstring(owner: ast.Module | _Definition) -> ast.stmt | None:
    first = owner.body[0] if owner.body else None
    said = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    return first if said and clean(first.value.value).strip() else None


def _prose(docstring: str) -> list[Block]:
    """Paragraphs of a docstring; one with indented lines (arguments, an example) keeps its lines."""
    blocks = []
    for paragraph in re.split(r"\n[ \t]*\n", clean(docstring)):
        if not paragraph.strip():
            continue
        shaped = any(line.startswith((" ", "\t", ">>>")) for line in paragraph.strip("\n").split("\n"))
        text = paragraph.strip("\n") if shaped else " ".join(paragraph.split())
        blocks.append(Block(kind="code" if shaped else "paragraph", text=text))
    return blocks
