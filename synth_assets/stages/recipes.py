"""Loads a recipe and holds it against what there is: exercises, seed collections, scorers."""

import glob
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from synth_assets.errors import RecipeError
from synth_assets.exercises import EXERCISES
from synth_assets.home import Home
from synth_assets.quality.verdict import resolve_thresholds, resolve_weights
from synth_assets.recipe import Recipe, SeedCollection, load_recipe
from synth_assets.seeds.registry import READERS
from synth_assets.stages.benchmarks import locate_benchmarks

Axes = Mapping[str, Mapping[str, float]]
_NAMED = 40


def load_checked_recipe(name_or_path: str) -> Recipe:
    """The recipe, if everything that it names exists.

    Raises:
        RecipeError: see `load_recipe`; also for an exercise, an axis or a value of it, a seed collection, a scorer or a
            threshold that does not exist.
        BenchmarkError: see `locate_benchmarks`.
    """
    recipe = load_recipe(name_or_path)
    for name, plan in recipe.exercises.items():
        if name not in EXERCISES:
            raise RecipeError(
                name_or_path, f"exercises.{name}", f"there is no such exercise; the registry has {', '.join(EXERCISES)}"
            )
        for collection in plan.collections or ():
            if collection not in READERS and collection not in {entry.collection for entry in recipe.seeds}:
                raise RecipeError(name_or_path, f"exercises.{name}.collections", _no_collection(collection))
        _check_axes(name_or_path, f"exercises.{name}.priors", plan.priors, EXERCISES[name].axes)
    for axis, shares in recipe.constraints.items():
        drawing = [EXERCISES[name] for name in recipe.exercises if axis in EXERCISES[name].axes]
        if not drawing:
            known = dict.fromkeys(axis for name in recipe.exercises for axis in EXERCISES[name].axes)
            raise RecipeError(name_or_path, f"constraints.{axis}", _no_axis(known))
        for exercise in drawing:
            _check_axes(name_or_path, "constraints", {axis: shares}, exercise.axes)
    for place, entry in enumerate(recipe.seeds):
        if entry.reader is None and entry.collection not in READERS:
            raise RecipeError(name_or_path, f"seeds.{place}.collection", _no_collection(entry.collection))
    resolve_thresholds(recipe.quality, path=name_or_path)
    resolve_weights(recipe.quality_weights, path=name_or_path)
    return locate_benchmarks(locate_seeds(recipe, name_or_path), name_or_path)


def locate_seeds(recipe: Recipe, name_or_path: str) -> Recipe:
    """The recipe with the places of its seeds as absolute paths: beside the recipe file, or in the home.

    What is nowhere is taken to be beside the recipe; its reader says that it is not there.
    """
    folders = [Home.find().root]
    if Path(name_or_path).is_file():
        folders.insert(0, Path(name_or_path).resolve().parent)
    return recipe.model_copy(update={"seeds": [_located(entry, folders) for entry in recipe.seeds]})


def _located(entry: SeedCollection, folders: list[Path]) -> SeedCollection:
    found: dict[str, object] = {}
    if entry.path:
        found["path"] = tuple(path if "://" in path else _place(path, folders) for path in entry.path)
    if entry.vital is not None:
        found["vital"] = Path(_place(str(entry.vital), folders))
    if entry.select.wikidata_file is not None:
        place = Path(_place(str(entry.select.wikidata_file), folders))
        found["select"] = entry.select.model_copy(update={"wikidata_file": place})
    return entry.model_copy(update=found) if found else entry


def _place(named: str, folders: list[Path]) -> str:
    named = os.path.expanduser(named)
    places = [os.path.normpath(folder / named) for folder in folders]
    return next((place for place in places if os.path.lexists(place) or glob.glob(place, recursive=True)), places[0])


def _check_axes(path: str, key: str, priors: Axes, axes: Axes) -> None:
    """Refuse shares for what nobody draws: they would be passed over without a word."""
    for axis, shares in priors.items():
        if axis not in axes:
            raise RecipeError(path, f"{key}.{axis}", _no_axis(axes))
        for value in shares:
            if value not in axes[axis]:
                some = ", ".join(list(axes[axis])[:_NAMED])
                more = ", ..." if len(axes[axis]) > _NAMED else ""
                raise RecipeError(path, f"{key}.{axis}.{value}", f"is no value of this axis; it has {some}{more}")


def _no_axis(axes: Iterable[str]) -> str:
    return f"is no axis that is drawn; there are {', '.join(axes) or 'none'}"


def _no_collection(name: str) -> str:
    packaged = ", ".join(READERS)
    return f"no reader for collection {name!r}; there are {packaged}, and any that an entry of seeds names a reader for"
