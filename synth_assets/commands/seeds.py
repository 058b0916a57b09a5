"""`synth-assets seeds`: add a source to a recipe, list what was read, show an article, try a source before using it."""

import json
import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from synth_assets.commands.project import open_home, open_warehouse
from synth_assets.errors import RecipeError, SeedError
from synth_assets.home import Home
from synth_assets.recipe import PACKAGED, Recipe, SeedCollection, load_recipe, parse_recipe
from synth_assets.seeds.base import Dropped, LeftOut, Seed
from synth_assets.seeds.cutting import Article, cut_articles
from synth_assets.seeds.registry import choice_of, reader_of
from synth_assets.seeds.sections import NOT_COMPARED
from synth_assets.seeds.selection import Chosen
from synth_assets.seeds.signatures import Signature, find_copies
from synth_assets.warehouse import RemoteFiles

TITLES = 5
PLACES = 20


# --- add -------------------------------------------------------------------------------------------------------------


def add(entry: dict[str, Any], recipe_name: str) -> dict[str, Any]:
    """Append an entry to the recipe file's `seeds`, whose every other byte stays as it is.

    A packaged recipe, and a file whose list of seeds is not written as lines that begin with "-", is left alone; then
    the line to paste is given.

    Returns:
        {"recipe", "line", "written"}.

    Raises:
        RecipeError: the recipe with this entry would be none.
        SeedError: nothing can be read at the source.
    """
    path = Path(recipe_name)
    folder = path.resolve().parent if path.is_file() else Path.cwd()
    if "path" in entry and "://" not in entry["path"]:
        entry = {**entry, "path": _path_from(folder, entry["path"])}
    dumped = yaml.safe_dump(entry, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10_000)
    line = f"- {dumped.strip()}"
    load_recipe(recipe_name)  # an error of the file's own is told before any of the new entry
    file = path if path.is_file() else PACKAGED / f"{recipe_name}.yaml"
    text = file.read_text("utf-8")
    data = yaml.safe_load(text)
    wanted = {**data, "seeds": [*data["seeds"], entry]}
    recipe = parse_recipe(wanted, recipe_name)
    added = _from_folder(recipe.seeds[-1], folder)
    _reader(recipe, added, Home.find()).files(tuple(added.languages))
    changed = _appended(text, line) if file == path else None
    if changed is None or not _says(changed, wanted):
        return {"recipe": recipe_name, "line": line, "written": False}
    _replace(path, changed)
    return {"recipe": recipe_name, "line": line, "written": True}


def _path_from(folder: Path, source: str) -> str:
    absolute = Path(os.path.normpath(Path.cwd() / Path(source).expanduser()))
    return absolute.relative_to(folder).as_posix() if absolute.is_relative_to(folder) else absolute.as_posix()


def _from_folder(entry: SeedCollection, folder: Path) -> SeedCollection:
    """The entry with absolute paths."""
    paths = tuple(path if "://" in path else os.path.normpath(folder / os.path.expanduser(path)) for path in entry.path)
    return entry.model_copy(update={"path": paths})


def _says(text: str, wanted: dict[str, Any]) -> bool:
    try:
        return yaml.safe_load(text) == wanted
    except yaml.YAMLError:  # a way of writing lists that was not foreseen: the line is given to paste
        return False


def _appended(text: str, line: str) -> str | None:
    """The text with a line after the last entry of `seeds`; None where those are no block of lines."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    seeds = next((value for key, value in node.value if key.value == "seeds"), None)
    if not isinstance(seeds, yaml.SequenceNode) or seeds.flow_style or not seeds.value:
        return None
    lines = text.splitlines(keepends=True)
    first = lines[seeds.value[0].start_mark.line]
    last = _last_line(seeds.value[-1])
    if not lines[last].endswith("\n"):
        lines[last] += "\n"
    indent = first[: len(first) - len(first.lstrip(" "))]
    return "".join([*lines[: last + 1], f"{indent}{line}\n", *lines[last + 1 :]])


def _last_line(node: yaml.Node) -> int:
    """The line that a node ends on; a block's own end lies behind the empty lines and remarks that follow it."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        end = node.end_mark
        return end.line - 1 if end.column == 0 and end.line > node.start_mark.line else end.line
    last = node.value[-1]
    return _last_line(last[1] if isinstance(last, tuple) else last)


def _replace(path: Path, text: str) -> None:
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=path.resolve().parent, prefix=f".{path.name}.", delete=False
        ) as file:
            file.write(text)
        os.chmod(file.name, path.stat().st_mode & 0o777)
        os.replace(file.name, path.resolve())
    except OSError as error:
        raise RecipeError(str(path), "seeds", f"cannot be written: {error.strerror}") from error


# --- list and show ---------------------------------------------------------------------------------------------------


def read_collections() -> dict[str, Any]:
    """What was read into this home, by collection and language: {"collections": [...], "left_out": [...]}."""
    warehouse = open_warehouse(open_home())
    with warehouse.reading("listing seeds") as open_:
        rows = open_.rows("audit/seed_collections")
        sizes = {(row["collection"], row["language"]): row["sections"] for row in open_.rows("audit/pool_sizes")}
        left_out = open_.rows("audit/left_out_seeds")
    return {
        "collections": [{**row, "sections": sizes.get((row["collection"], row["language"]), 0)} for row in rows],
        "left_out": left_out,
    }


def print_collections(console: Console, found: dict[str, Any]) -> None:
    if not found["collections"]:
        console.print("nothing was read yet; `synth-assets run` reads what its recipe names")
        return
    table = Table(title="seeds", title_justify="left")
    for name in ("collection", "language"):
        table.add_column(name)
    for name in ("files", "articles", "sections", "left out", "bad records"):
        table.add_column(name, justify="right")
    for name in ("licences", "last read (UTC)"):
        table.add_column(name)
    for row in found["collections"]:
        counts = (row["files"], row["articles"], row["sections"], row["left_out"], row["bad_records"])
        licences = ", ".join(row["licences"][:5]) + (" ..." if len(row["licences"]) > 5 else "")
        table.add_row(escape(row["collection"]), escape(row["language"]), *map(str, counts), escape(licences),
                      f"{row['last_read']:%Y-%m-%d %H:%M}")  # fmt: skip
    console.print(table)
    for row in found["left_out"]:
        console.print(escape(f"left out of {row['collection']} {row['language']}: {row['seeds']} {row['reason']}"))


def read_article(name: str) -> dict[str, Any]:
    """An article as it is stored, by its id, address or title, with its sections, and other revisions by id.

    Raises:
        SeedError: there is none; says so where the recipe left it out.
    """
    plain = name.partition("#")[0] if "://" in name else name
    warehouse = open_warehouse(open_home())
    with warehouse.reading("looking for an article") as open_:
        rows = open_.rows("audit/find_seeds", name=plain)
        left_out = open_.rows("audit/find_left_out_seeds", name=plain)
        sections = open_.rows("audit/sections_of_seed", seed_id=rows[0]["seed_id"]) if rows else []
    if not rows:
        why = f"; it was left out: {left_out[0]['reason']}" if left_out else ""
        raise SeedError(f"no article that was read has the id, address or title {name[:200]!r}{why}")
    return {
        **rows[0],
        "blocks": json.loads(rows[0]["blocks"]),
        "sections": sections,
        "left_out": [row["reason"] for row in left_out],
        "others": [row["seed_id"] for row in rows[1:]],
    }


def print_article(console: Console, found: dict[str, Any]) -> None:
    facts = ("seed_id", "collection", "language", "url", "license", "attribution", "level", "topic", "wikidata",
             "revision", "retrieved_at", "source_file", "is_current", "read_at")  # fmt: skip
    console.print(f"[bold]{escape(found['title'])}[/bold]")
    for name in facts:
        if found[name] not in (None, ""):
            console.print(escape(f"{name}: {found[name]}"), highlight=False, soft_wrap=True)
    for reason in found["left_out"]:
        console.print(escape(f"left out: {reason}"), highlight=False)
    for section in found["sections"]:
        state = section["refused_reason"] or "kept"
        heading = " > ".join(section["heading_path"]) or "(lead)"
        told = escape(f"{section['words']} words, {state}")
        console.print(f"\n[bold]{escape(heading)}[/bold] {told}", highlight=False)
        console.print(escape(section["text"]), highlight=False, soft_wrap=True)
    if found["others"]:
        console.print(escape(f"\nother revisions: {', '.join(found['others'])}"), highlight=False, soft_wrap=True)


# --- check -----------------------------------------------------------------------------------------------------------


def check(entry: dict[str, Any], first: int | None = None) -> dict[str, Any]:
    """Read a source without storing anything, and say what it would give.

    Args:
        entry: as it would stand in a recipe; its path counts from the current folder.
        first: stop after this many articles; None reads all.

    Returns:
        {"collection", "reader", "files", "articles", "sections", "words", "languages", "licences", "titles",
        "bad_records", "dropped", "left_out", "refused_sections" (each reason -> count), "places" (the first bad records
        with source, record and reason), "failed" (files that could not be read to their end), "whole" (whether all was
        read), "usable"}.

    Raises:
        SeedError: nothing can be read there at all.
        RecipeError: it is no entry that a recipe could have.
    """
    recipe = parse_recipe(
        {"name": "check", "seeds": [entry], "languages": {"en": 1.0}, "exercises": {"memorization": {"rows": 1}},
         "models": {"query": {"model": "embedded"}}}, "seeds check",
    )  # fmt: skip
    chosen = _from_folder(recipe.seeds[0], Path.cwd())
    reader = _reader(recipe, chosen, Home.find())
    files = reader.files(tuple(chosen.languages))
    count = _Count()
    for file in files:
        try:
            for item in reader.read(file):
                count.take(item)
                if first is not None and count.articles >= first:
                    count.whole = False
                    break
        except SeedError as error:
            count.failed.append(str(error))
        if not count.whole:
            break
    return {"collection": chosen.collection, "reader": chosen.reader or chosen.collection, "files": len(files),
            **count.report()}  # fmt: skip


class _Count:
    """What a source gives, counted as it goes by; of articles only signatures are kept."""

    def __init__(self) -> None:
        self.articles = self.words = 0
        self.whole = True
        self.failed: list[str] = []
        self._titles: list[str] = []
        self._places: list[dict[str, str]] = []
        self._counts: dict[str, Counter[str]] = {
            name: Counter()
            for name in ("languages", "licences", "bad_records", "dropped", "left_out", "refused_sections")
        }
        self._kept: list[tuple[Signature, int]] = []

    def take(self, item: Any) -> None:
        if isinstance(item, Seed):
            self._take_article(item)
        elif isinstance(item, LeftOut):
            self._counts["left_out"][item.reason] += 1
        elif isinstance(item, Dropped):
            self._counts["dropped"][f"{item.reason}: {item.what}" if item.what else item.reason] += item.count
        else:
            self._counts["bad_records"][item.reason.partition(":")[0]] += 1
            if len(self._places) < PLACES:
                self._places.append({"source": item.source, "record": item.record, "reason": item.reason})

    def _take_article(self, seed: Seed) -> None:
        self.articles += 1
        self._counts["languages"][seed.language] += 1
        self._counts["licences"][seed.license] += 1
        if len(self._titles) < TITLES:
            self._titles.append(seed.title)
        blocks = [{"kind": block.kind, "text": block.text, "level": block.level, "anchor": block.anchor}
                  for block in seed.blocks]  # fmt: skip
        article = Article(str(self.articles), seed.collection, seed.language, seed.title, seed.url, seed.license,
                          json.dumps(blocks))  # fmt: skip
        for cut in cut_articles([article]):
            if cut.reason == NOT_COMPARED:
                signature = Signature(section_id=cut.section_id, language=seed.language, data=cut.signature)
                self._kept.append((signature, cut.words))
            else:
                self._counts["refused_sections"][cut.reason] += 1

    def report(self) -> dict[str, Any]:
        verdicts = find_copies([], [signature for signature, _ in self._kept])
        sections = 0
        for (_, words), verdict in zip(self._kept, verdicts, strict=True):
            if verdict.reason:
                self._counts["refused_sections"][verdict.reason] += 1
            else:
                sections += 1
                self.words += words
        return {
            "articles": self.articles,
            "sections": sections,
            "words": self.words,
            "titles": self._titles,
            **{name: dict(counts.most_common()) for name, counts in self._counts.items()},
            "places": self._places,
            "failed": self.failed,
            "whole": self.whole,
            "usable": sections > 0,
        }


def _reader(recipe: Recipe, entry: SeedCollection, home: Home) -> Chosen:
    reader = reader_of(entry, home.root, RemoteFiles(), cache_folder=home.data / "wikimedia")
    return Chosen(reader, choice_of(recipe, entry, home.root))


def print_check(console: Console, found: dict[str, Any]) -> None:
    def line(text: str) -> None:
        console.print(escape(text), highlight=False, soft_wrap=True)

    read = "" if found["whole"] else " (the first ones; the rest was not looked at)"
    line(
        f"{found['collection']}, read as {found['reader']}: {found['files']} files, {found['articles']} articles{read}"
    )
    line(f"sections to draw from: {found['sections']}, of {found['words']} words")
    for name, title in (
        ("languages", "languages"), ("licences", "licences"), ("refused_sections", "sections refused"),
        ("left_out", "articles left out"), ("dropped", "left out by rule"), ("bad_records", "not readable"),
    ):  # fmt: skip
        if found[name]:
            line(f"{title}: {', '.join(f'{reason} {count}' for reason, count in found[name].items())}")
    for place in found["places"]:
        line(f"  {place['source']} {place['record']}: {place['reason']}")
    for failure in found["failed"]:
        line(f"  {failure}")
    if found["titles"]:
        line(f"first titles: {'; '.join(found['titles'])}")
    if "unknown_licence" in found["left_out"]:
        line("name the licence of what states none: --license here, `license:` in a recipe")
    if not found["usable"]:
        line("nothing here can be used")
