"""Whether the files of the recipe's seed collections may have changed, told without reading them.

A mark is made of names, sizes and times; a file that was touched and says what it said changes it too. That is enough
to ask for a run: the stage that reads looks at the files' contents and skips what it has read. Collections that
packages carry are small and marked by their contents. The lists that choose articles (`vital`, `wikidata_file`) are
marked like files. What lies behind an address cannot be watched.
"""

import os
from collections.abc import Iterator
from glob import glob
from pathlib import Path

from synth_assets.errors import SeedError
from synth_assets.identity import hash_of
from synth_assets.recipe import SeedCollection
from synth_assets.seeds.registry import READERS
from synth_assets.stages.work import Work

NOT_WATCHED = "not watched"


def seed_marks(work: Work, recipe_file: Path | None) -> dict[str, str]:
    """A mark of each place that the recipe's collections are read from: "collection place" -> mark.

    Args:
        recipe_file: the recipe's file, from whose folder relative paths count; None for a packaged recipe.

    What cannot be looked at has its reason for a mark, so that its coming is a change.
    """
    marks: dict[str, str] = {}
    for entry in work.recipe.seeds:
        lists = [str(path) for path in (entry.vital, entry.select.wikidata_file) if path is not None]
        for place in (*entry.path, *lists):
            marks[f"{entry.collection} {place}"] = _mark_of_place(work, place, recipe_file)
        if not entry.path:
            marks[entry.collection] = _mark_of_collection(entry)
    return marks


def _mark_of_collection(entry: SeedCollection) -> str:
    reader = READERS.get(entry.collection) if entry.reader is None else None
    if reader is None:
        return NOT_WATCHED
    try:
        files = reader.files(tuple(entry.languages))
    except SeedError as error:
        return str(error)
    return hash_of("files", sorted([file.language, file.name, file.fingerprint] for file in files))[:16]


def _mark_of_place(work: Work, place: str, recipe_file: Path | None) -> str:
    if "://" in place:
        return NOT_WATCHED
    folders = [work.home.root] if recipe_file is None else [recipe_file.parent, work.home.root]
    found = [path for folder in folders for path in glob(str(folder / Path(place).expanduser()), recursive=True)]
    return hash_of("places", [list(item) for path in sorted(set(found)) for item in _files(path)])[:16]


def _files(path: str) -> Iterator[tuple[str, int, int]]:
    """Name, size and time of a file, or of every file below a folder; one that goes away meanwhile is none."""
    if os.path.isdir(path):
        for folder, below, names in os.walk(path):
            below.sort()
            for name in sorted(names):
                yield from _file(os.path.join(folder, name))
    else:
        yield from _file(path)


def _file(path: str) -> Iterator[tuple[str, int, int]]:
    try:
        seen = os.stat(path)
    except FileNotFoundError:
        return
    except OSError as error:  # a link that leads to itself, a folder that may not be entered
        yield path, -1, error.errno or 0
        return
    yield path, seen.st_size, seen.st_mtime_ns
