"""What the rows of an exercise are judged by under a recipe, and which rows of a cell stand judged by something else.

Two marks stand on every judged row. `scorer_version` changes with the scorers, their versions and thresholds, and the
educational head: a row that bears another is judged anew. `weighed_by` changes with weights and the composite's
threshold alone: a row that bears another is weighed anew from its stored scores, in the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from synth_assets.errors import HeadNotFit
from synth_assets.exercises import EXERCISES
from synth_assets.exercises.base import Exercise
from synth_assets.identity import hash_of
from synth_assets.quality import educational, judge
from synth_assets.quality.verdict import COMPOSITE_THRESHOLD, resolve_thresholds, resolve_weights, verdict_version
from synth_assets.recipe import Recipe
from synth_assets.stages.corpus import encoder_name
from synth_assets.stages.settling import reading_live, unsettle_rounds
from synth_assets.stages.shared_files import kept_file
from synth_assets.stages.work import Work, now
from synth_assets.warehouse import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Standards:
    """What an exercise's rows are held against.

    Attributes:
        scorers: the exercise's, and those that the recipe adds (judge, educational).
        thresholds: overrides, scorer -> name -> value.
        weights: every scorer's weight.
        composite_threshold: what the composite must reach.
        judge_share: share of the answered candidates that a judge is asked about, 0 to 1.
        head: the educational head, where the recipe names one and the exercise's rows have vectors.
        scorer_version, weighed_by: see above.
    """

    scorers: frozenset[str]
    thresholds: Mapping[str, Mapping[str, float]]
    weights: Mapping[str, float]
    composite_threshold: float
    judge_share: float
    head: educational.Head | None
    scorer_version: str
    weighed_by: str


def standards_of(work: Work, exercise: Exercise) -> Standards:
    """The standards of an exercise's rows under the recipe.

    Raises:
        HeadNotFit: the recipe's educational head cannot be read, or is of another encoder than the recipe's.
        RecipeError: see `resolve_thresholds` and `resolve_weights`.
    """
    recipe = work.recipe
    thresholds = overrides_of(recipe)
    scorers = scorers_of(recipe, exercise)
    head = _head_of(work, exercise)
    version = verdict_version(scorers, thresholds)
    weights = resolve_weights(recipe.quality_weights)
    least = composite_threshold_of(recipe)
    return Standards(
        scorers=scorers,
        thresholds=thresholds,
        weights=weights,
        composite_threshold=least,
        judge_share=judge_share_of(recipe),
        head=head,
        scorer_version=version if head is None else hash_of(version, head.encoder, head.weights, head.bias)[:16],
        weighed_by=hash_of("weights", {name: weights[name] for name in sorted(scorers)}, least)[:16],
    )


def note_standards(open_: Transaction, work: Work, standards: Standards) -> None:
    """Note what the two marks stand for, so that whoever reads a verdict later can be told what it was held against."""
    resolved = resolve_thresholds(standards.thresholds)
    open_.insert("quality_standards", [{
        "scorer_version": standards.scorer_version,
        "weighed_by": standards.weighed_by,
        "thresholds": {name: dict(resolved[name]) for name in sorted(standards.scorers)},
        "weights": {name: standards.weights[name] for name in sorted(standards.scorers)},
        "composite_threshold": standards.composite_threshold,
        "noted_at": now(),
        **work.stamp(),
    }])  # fmt: skip


def scorers_of(recipe: Recipe, exercise: Exercise) -> frozenset[str]:
    """The exercise's scorers, and those that the recipe adds: the judge, and the educational head for rows that have
    vectors."""
    added = {judge.NAME} if recipe.judge is not None else set()
    if recipe.educational is not None and exercise.duplicate_rule.kind != "exact":
        added |= {educational.NAME}
    return exercise.scorers | added


def overrides_of(recipe: Recipe) -> dict[str, dict[str, float]]:
    """Thresholds that the recipe sets in place of the scorers' own, scorer -> name -> value."""
    thresholds = {scorer: dict(values) for scorer, values in recipe.quality.items()}
    if recipe.judge is not None:
        thresholds.setdefault(judge.NAME, {})["min_total"] = recipe.judge.least
    return thresholds


def composite_threshold_of(recipe: Recipe) -> float:
    """What a composite must reach: the recipe's, else the fitted one."""
    return COMPOSITE_THRESHOLD if recipe.composite_threshold is None else recipe.composite_threshold


def judge_share_of(recipe: Recipe) -> float:
    """The share of rows that the recipe's judge sees; 0 where it has none."""
    return recipe.judge.share if recipe.judge is not None else 0.0


def judged_otherwise(work: Work, exercise_name: str, language: str) -> int:
    """Rows of a cell that stand judged by other standards than the recipe's, or that its judge has not seen yet.

    Candidates that have no verdict at all are not counted: they are open.

    Raises:
        HeadNotFit: see `standards_of`.
    """
    with reading_live(work, "reading what is judged otherwise", judge_share_of(work.recipe)) as (open_, live), live:
        return judged_otherwise_by_cell(open_, work, [exercise_name], [language]).get((exercise_name, language), 0)


def judged_otherwise_by_cell(
    open_: Transaction, work: Work, exercises: Sequence[str], languages: Sequence[str]
) -> dict[tuple[str, str], int]:
    """`judged_otherwise` of every cell of these exercises and languages; cells without such rows are left out."""
    standards = [standards_of(work, EXERCISES[name]) for name in exercises]
    if not standards:
        return {}
    unsettle_rounds(open_, open_.rows("transforms/drawn_rounds", judge_share=standards[0].judge_share))
    rows = open_.rows(
        "audit/judged_otherwise", exercises=list(exercises), languages=list(languages),
        scorer_versions=[each.scorer_version for each in standards],
        weights_of=[each.weighed_by for each in standards], judge_share=standards[0].judge_share,
    )  # fmt: skip
    return {(row["exercise"], row["language"]): row["rows"] for row in rows}


def head_file(work: Work) -> Path:
    """Where `synth-assets educational --fit` saves the head of a home, as all workers have it now."""
    return kept_file(work, work.home.data / "educational.json")


def _head_of(work: Work, exercise: Exercise) -> educational.Head | None:
    if educational.NAME not in scorers_of(work.recipe, exercise):
        return None
    path = kept_file(work, work.home.root / work.recipe.educational)
    head = educational.load(path)
    if head.encoder != encoder_name(work):
        raise HeadNotFit(
            f"{path}: this head was fitted to vectors of {head.encoder}, and the recipe's encoder is "
            f"{encoder_name(work)}: fit it again"
        )
    return head
