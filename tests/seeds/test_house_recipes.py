import re

import pytest

from synth_assets.seeds.house_recipes import HouseRecipes
from synth_assets.seeds.sections import refuse_wrong_language, split_sections
from synth_assets.seeds.signatures import refuse_copies

SHIPPED = HouseRecipes().files(("en", "fr"))


def test_there_are_two_dozen_recipes_and_only_in_english():
    assert len(SHIPPED) == 24
    assert HouseRecipes().files(("pl",)) == []


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_a_recipe_is_one_section_with_servings_quantities_and_steps(file):
    (seed,) = HouseRecipes().read(file)
    assert seed.url == f"urn:synth-assets:recipe:{file.name.removesuffix('.md')}"
    assert seed.license == "CC-BY-SA-4.0"
    (section,) = refuse_wrong_language(split_sections(seed))
    assert section.reason == ""
    lines = section.text.splitlines()
    ingredients = lines[lines.index("Ingredients") + 1 : lines.index("Procedure")]
    ingredients = [line for line in ingredients if line.strip()]
    steps = [line for line in lines[lines.index("Procedure") + 1 :] if line.strip()]
    assert 4 <= len(ingredients) <= 12
    assert all(re.match(r"\d", line) for line in ingredients)
    assert 4 <= len(steps) <= 6
    assert re.search(r"Servings: \d+\. Time: \d+", section.text)


def test_recipes_do_not_copy_each_other():
    sections = [section for file in SHIPPED for seed in HouseRecipes().read(file) for section in split_sections(seed)]
    assert [section.url for section in refuse_copies(sections).sections if section.reason] == []
