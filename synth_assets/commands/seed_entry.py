"""What a source is that somebody names to `synth-assets seeds`: told from its name, and from what stands in it."""

import re
from collections import Counter
from glob import glob, has_magic
from pathlib import Path
from typing import Any

from synth_assets.errors import SeedError
from synth_assets.recipe import READER_KEYS
from synth_assets.seeds.registry import READERS

_DOCUMENTS = (".pdf", ".docx", ".pptx", ".html", ".htm", ".xhtml", ".epub", ".md", ".markdown", ".txt", ".srt", ".vtt")
_ROWS = (".parquet", ".pq", ".csv", ".tsv", ".csv.gz", ".tsv.gz")
_LINES = (".ndjson", ".jsonl", ".json", ".gz")
_ARCHIVES = (".tar.gz", ".tgz", ".tar", ".zip")
_OF_AN_ARTICLE = ("sections", "article_sections", "is_part_of", "in_language")
_MOST_LOOKED_AT = 1000


def entry_of(
    source: str, *, reader: str | None, collection: str | None, license: str, languages: list[str]
) -> dict[str, Any]:
    """A source as an entry of a recipe's `seeds`; what is not said is told from the source.

    A packaged collection is named by its name, a site by its host, all else by its path or address.

    Raises:
        SeedError: what it is cannot be told.
    """
    spoken = languages or ["en"]
    if source in READERS and reader is None and not Path(source).exists():
        return {"collection": source, "languages": spoken}
    reader = reader or _guess(source)
    if reader not in READER_KEYS:
        raise SeedError(f"there is no reader {reader!r}; there are {', '.join(READER_KEYS)}")
    entry: dict[str, Any] = {"collection": collection or _slug(source), "reader": reader}
    if reader == "wikimedia":
        entry |= {"site": source}
    else:
        entry |= {"path": source}
    entry |= {"languages": spoken}
    if license:
        entry |= {"license": license}
    return entry


def _slug(source: str) -> str:
    name = source.rstrip("/").rpartition("/")[2].partition(".")[0] or source
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")[:60] or "seeds"


def _guess(source: str) -> str:
    path = Path(source)
    is_address = "://" in source
    if not is_address and has_magic(source) and not path.exists():
        found = sorted(glob(source, recursive=True))
        if not found:
            raise SeedError(f"{source}: no file bears such a name")
        return _guess(found[0])
    if not is_address and path.is_dir():
        return _guess_of_folder(path)
    lower = source.lower().partition("?")[0]
    if lower.endswith(_LINES) and path.is_file() and not lower.endswith((*_ROWS, *_ARCHIVES)):
        return "structured_contents" if _holds_articles(path) else "rows"
    if reader := _by_name(lower):
        return reader
    if not is_address and not path.exists() and ("/" in source or lower.endswith(_LINES)):
        raise SeedError(f"{source}: there is no such file or folder")
    raise SeedError(f"{source}: what this is cannot be told; say --reader {', '.join(READER_KEYS)}")


def _by_name(lower: str) -> str:
    """The reader of a file whose name says it; "" where it does not."""
    for reader, endings in (("rows", _ROWS), ("documents", _DOCUMENTS), ("code", (".py",)),
                            ("structured_contents", _ARCHIVES)):  # fmt: skip
        if lower.endswith(endings):
            return reader
    return ""


def _guess_of_folder(folder: Path) -> str:
    """The reader of a folder: documents before code, unless there is more of that, and both before files of data."""
    files = [entry for entry in sorted(folder.rglob("*"))[:_MOST_LOOKED_AT] if entry.is_file()]
    if not files:
        raise SeedError(f"{folder}: there is no file in this folder")
    counted = Counter(_by_name(entry.name.lower()) for entry in files)
    if counted["documents"] > counted["code"]:
        return "documents"
    if counted["code"]:
        return "code"
    data = [entry for entry in files if entry.name.lower().endswith((*_LINES, *_ROWS, *_ARCHIVES))]
    if not data:
        raise SeedError(f"{folder}: what this is cannot be told; say --reader {', '.join(READER_KEYS)}")
    return _guess(str(data[0]))


def _holds_articles(path: Path) -> bool:
    """Whether the first line of a file is an article of Structured Contents; any other is taken for a row."""
    from synth_assets.seeds.archives import Limits, Member, open_members, read_lines
    from synth_assets.seeds.structured_contents import Unusable, parse

    limits = Limits()
    for member in open_members(path, path.name, limits):
        if isinstance(member, Member):
            for item in read_lines(member, limits):
                record = parse(item[1]) if isinstance(item, tuple) else item
                if isinstance(record, dict) and not isinstance(record, Unusable):
                    return any(name in record for name in _OF_AN_ARTICLE)
    return False
