"""Loads a recipe and holds it against what there is: exercises, seed collections, scorers."""

from synth_assets.errors import RecipeError
from synth_assets.exercises import EXERCISES
from synth_assets.quality.verdict import resolve_thresholds
from synth_assets.recipe import Recipe, load_recipe
from synth_assets.seeds.registry import READERS


def load_checked_recipe(name_or_path: str) -> Recipe:
    """The recipe, if everything that it names exists.

    Raises:
        RecipeError: see `load_recipe`; also for an exercise, a seed collection, a scorer or a threshold that does not
            exist.
    """
    recipe = load_recipe(name_or_path)
    for name, plan in recipe.exercises.items():
        if name not in EXERCISES:
            raise RecipeError(
                name_or_path, f"exercises.{name}", f"there is no such exercise; the registry has {', '.join(EXERCISES)}"
            )
        for collection in plan.collections or ():
            if collection not in READERS:
                raise RecipeError(name_or_path, f"exercises.{name}.collections", _no_collection(collection))
    for place, entry in enumerate(recipe.seeds):
        if entry.collection not in READERS:
            raise RecipeError(name_or_path, f"seeds.{place}.collection", _no_collection(entry.collection))
    resolve_thresholds(recipe.quality, path=name_or_path)
    return recipe


def _no_collection(name: str) -> str:
    return f"no reader for collection {name!r}; there are {', '.join(READERS)}"
