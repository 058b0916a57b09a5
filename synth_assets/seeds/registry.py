"""Every reader of seeds there is: packaged collections by name, and readers of what a recipe says where it lies.

Adding a packaged collection is one reader and one line in `READERS`; adding a reader is one function and one line in
`_MAKERS`, with its keys in `recipe.READER_KEYS`.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth_assets.errors import SeedError
from synth_assets.recipe import Recipe, SeedCollection
from synth_assets.seeds.base import RemoteRows, SeedReader
from synth_assets.seeds.cookbook import Cookbook
from synth_assets.seeds.house_recipes import HouseRecipes
from synth_assets.seeds.licences import UNKNOWN, spdx_of
from synth_assets.seeds.selection import Choice, read_wikidata_list
from synth_assets.seeds.self_knowledge import SelfKnowledge
from synth_assets.seeds.vital_articles import VitalArticles

READERS: dict[str, SeedReader] = {
    reader.collection: reader for reader in (VitalArticles(), Cookbook(), SelfKnowledge(), HouseRecipes())
}
"""The packaged collections, in the order they were added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where a collection lies.

    Attributes:
        folder: the file or folder; None where there are addresses alone.
        chosen: of the folder, these paths and globs, relative to it; () is all of it.
        addresses: of files elsewhere.
    """

    folder: Path | None
    chosen: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


def reader_of(
    entry: SeedCollection, base_folder: Path, remote: RemoteRows | None = None, *, cache_folder: Path | None = None
) -> SeedReader:
    """The reader of one entry of a recipe.

    Args:
        base_folder: what relative paths count from.
        remote: reads addresses (hf://, s3://).
        cache_folder: where answers of sites are kept.

    Raises:
        SeedError: no packaged reader bears the collection's name, or a value that only its reader can judge is wrong.
    """
    if entry.reader is None:
        if entry.collection not in READERS:
            raise SeedError(f"no packaged reader for collection {entry.collection!r}; name a reader")
        return READERS[entry.collection]
    return _MAKERS[entry.reader](entry, base_folder, remote, cache_folder)


def choice_of(recipe: Recipe, entry: SeedCollection, base_folder: Path) -> Choice:
    """What the recipe wants of the entry's articles, one by one.

    Raises:
        SeedError: the file of Wikidata items cannot be read.
    """
    select = entry.select
    items = frozenset(select.wikidata)
    if select.wikidata_file is not None:
        items |= read_wikidata_list(base_folder / select.wikidata_file)
    return Choice(
        topics=tuple(select.topics),
        levels=tuple(sorted(set(select.levels))),
        wikidata=items,
        min_words=select.min_words,
        max_words=select.max_words,
        forbid_licences=tuple(sorted(set(recipe.forbid_licences))),
        allow_unknown_licence=recipe.allow_unknown_licence,
        attribution=entry.attribution,
    )


def places_of(paths: tuple[str, ...], base_folder: Path) -> Places:
    """The folder that all paths have in common, and the paths from there; addresses are told from paths.

    Files are named from that folder, so that moving it whole leaves their names as they are.
    """
    addresses = tuple(path for path in paths if "://" in path)
    local = [os.path.normpath(base_folder / path) for path in paths if "://" not in path]
    if not local:
        return Places(folder=None, addresses=addresses)
    if len(local) == 1 and (os.path.lexists(local[0]) or not _is_glob(local[0])):
        return Places(folder=Path(local[0]), addresses=addresses)
    root = Path(os.path.commonpath([_fixed_part(path) for path in local]))
    return Places(folder=root, chosen=tuple(os.path.relpath(path, root) for path in local), addresses=addresses)


def _is_glob(path: str) -> bool:
    return any(sign in path for sign in "*?[")


def _fixed_part(path: str) -> str:
    """The folder above the first part of a path that is a glob, or above the file."""
    if os.path.isdir(path):
        return path
    parts = Path(path).parts
    first = next((number for number, part in enumerate(parts) if _is_glob(part)), len(parts) - 1)
    return str(Path(*parts[:first]))


def _license_of(entry: SeedCollection, left_out: str) -> str:
    """The entry's licence as SPDX names it; of one that is on no list, the user is told at once.

    Raises:
        SeedError: nobody knows a licence of this name.
    """
    if not entry.license or entry.license == UNKNOWN:
        return left_out
    if (found := spdx_of(entry.license)) == UNKNOWN:
        raise SeedError(
            f"{entry.collection}: license {entry.license!r} is none of SPDX's identifiers (https://spdx.org/licenses); "
            'one of your own is called "LicenseRef-..."'
        )
    return found


# Readers are imported when a recipe names them: most recipes name one or two, and each brings libraries of its own.


def _structured_contents(entry: SeedCollection, base: Path, remote: RemoteRows | None, _: Path | None) -> SeedReader:
    from synth_assets.seeds.structured_contents import StructuredContents
    from synth_assets.seeds.vital_list import read_vital_list

    places = places_of(entry.path, base)
    folder, inner = places.folder, places.chosen
    if folder is not None and not inner:
        folder, inner = (folder, (".",)) if folder.is_dir() else (folder.parent, (folder.name,))
    return StructuredContents(
        (*inner, *places.addresses),
        base=folder,
        vital=None if entry.vital is None else read_vital_list(base / entry.vital),
        infoboxes=entry.infoboxes,
        tables=entry.tables,
        apparatus=entry.apparatus,
        license=_license_of(entry, ""),
        remote=remote,
        collection=entry.collection,
    )


def _documents(entry: SeedCollection, base: Path, _: RemoteRows | None, __: Path | None) -> SeedReader:
    from synth_assets.seeds.documents_reader import Documents

    places = places_of(entry.path, base)
    return Documents(
        collection=entry.collection,
        **_folder_of(places),
        language=entry.languages[0],
        license=_license_of(entry, UNKNOWN),
        topic=entry.topic,
        address=entry.address,
        attribution=entry.attribution,
    )


def _rows(entry: SeedCollection, base: Path, remote: RemoteRows | None, _: Path | None) -> SeedReader:
    from synth_assets.seeds.rows import Columns, RowFilter, Rows

    places = places_of(entry.path, base)
    filters = entry.filters
    return Rows(
        collection=entry.collection,
        path=places.folder,
        chosen=places.chosen,
        addresses=places.addresses,
        remote=remote,
        columns=Columns(**entry.columns.model_dump()),
        language="" if entry.columns.language else entry.languages[0],
        license=_license_of(entry, UNKNOWN),
        topic=entry.topic,
        filter=RowFilter(
            at_least=filters.at_least,
            at_most=filters.at_most,
            one_of={name: tuple(values) for name, values in filters.one_of.items()},
            least_words=filters.least_words,
            most_words=filters.most_words,
            identify_language=filters.identify_language,
        ),
        markup=entry.markup,
        attribution=entry.attribution,
    )


def _code(entry: SeedCollection, base: Path, _: RemoteRows | None, __: Path | None) -> SeedReader:
    from synth_assets.seeds.code_files import CodeFiles

    places = places_of(entry.path, base)
    return CodeFiles(
        collection=entry.collection,
        **_folder_of(places),
        language=entry.languages[0],
        license=_license_of(entry, ""),
        repository=entry.repository,
        revision=entry.revision,
        topic=entry.topic,
        attribution=entry.attribution,
    )


def _wikimedia(entry: SeedCollection, base: Path, _: RemoteRows | None, cache_folder: Path | None) -> SeedReader:
    from synth_assets.seeds.vital_list import read_vital_list
    from synth_assets.seeds.wikimedia_pages import WikimediaPages

    if cache_folder is None:
        raise SeedError(f"{entry.collection}: pages of a site need a folder to be kept in")
    return WikimediaPages(
        site=entry.site,
        cache_folder=cache_folder,
        collection=entry.collection,
        titles=entry.titles,
        categories=entry.categories,
        depth=entry.depth,
        vital_levels=entry.vital_levels,
        vital=None if entry.vital is None else read_vital_list(base / entry.vital),
        license=_license_of(entry, ""),
        topic=entry.topic,
        contact=entry.contact,
        text=entry.text,
        infoboxes=entry.infoboxes,
        tables=entry.tables,
        apparatus=entry.apparatus,
        refresh_hours=entry.refresh_hours,
    )


def _folder_of(places: Places) -> dict[str, Any]:
    if places.folder is None:
        raise SeedError("path: a file or folder is needed")
    return {"path": places.folder, "chosen": places.chosen}


_MAKERS: dict[str, Callable[[SeedCollection, Path, RemoteRows | None, Path | None], SeedReader]] = {
    "structured_contents": _structured_contents,
    "documents": _documents,
    "rows": _rows,
    "code": _code,
    "wikimedia": _wikimedia,
}
