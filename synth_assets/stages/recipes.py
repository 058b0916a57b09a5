"""Loads a recipe and holds it against what there is: exercises, seed collections, scorers."""

from collections.abc import Iterable, Mapping

from synth_assets.errors import RecipeError
from synth_assets.exercises import EXERCISES
from synth_assets.quality.verdict import resolve_thresholds, resolve_weights
from synth_assets.recipe import Recipe, load_recipe
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
            if collection not in READERS:
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
        if entry.collection not in READERS:
            raise RecipeError(name_or_path, f"seeds.{place}.collection", _no_collection(entry.collection))
    resolve_thresholds(recipe.quality, path=name_or_path)
    resolve_weights(recipe.quality_weights, path=name_or_path)
    return locate_benchmarks(recipe, name_or_path)


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
    return f"no reader for collection {name!r}; there are {', '.join(READERS)}"
