"""All scorers and rewards over one row, and what follows from them.

A row passes when every scorer that its exercise lists, and that has anything to judge on this row, passes, and when its
composite reaches the threshold (the last reason, "composite"). The composite also ranks rows that passed: which of two
copies is kept, what a release takes first.

The composite is the weighted mean of the scorers' values, in which a score that did not pass counts 0. Weights and
threshold work on stored scores alone, so that they may change without a scorer's run: they are no part of
`verdict_version`, `rescore` does it in Python for a row, and `sql/transforms/rescore.sql` for a table. The defaults
were fitted on sound rows against rows spoiled in twelve ways (see tests/benchmarks/quality.py).

Rewards stand on every row, whatever its exercise: figures for whoever trains on it. They refuse nothing and have no
part in the composite.
"""

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from synth_assets.errors import RecipeError
from synth_assets.identity import hash_of
from synth_assets.quality import (
    accuracy_reward,
    boilerplate,
    educational,
    format,
    format_reward,
    grounding,
    judge,
    language,
    language_consistency,
    length,
    notation,
    novelty,
    readability,
    relevance,
    repetition,
    trace_grounding,
    trace_relevance,
    verifier,
    word_order,
)
from synth_assets.quality.base import Score, ScoredRow, Scorer

# In the order in which a refusal is named: what code proved comes first, what is estimated last.
SCORERS: Mapping[str, Scorer] = MappingProxyType(
    {
        scorer.NAME: scorer
        for scorer in (
            verifier,
            length,
            notation,
            format,
            language,
            boilerplate,
            repetition,
            word_order,
            grounding,
            trace_grounding,
            novelty,
            relevance,
            trace_relevance,
            readability,
            judge,
            educational,
        )
    }
)

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "verifier": 1.0,
        "length": 1.0,
        "notation": 1.0,
        "format": 1.5,
        "language": 0.5,
        "boilerplate": 1.0,
        "repetition": 1.0,
        "word_order": 1.0,
        "grounding": 1.0,
        "trace_grounding": 1.0,
        "novelty": 1.0,
        "relevance": 2.0,
        "trace_relevance": 2.0,
        "readability": 0.5,
        "judge": 1.0,
        "educational": 1.0,
    }
)
"""What a recipe's `quality_weights` are laid over; fitted, but for the last two, which no spoiled row has."""

COMPOSITE_THRESHOLD = 0.68
"""What a composite must reach where the recipe names no `composite_threshold`."""

COMPOSITE = "composite"
"""The reason of a row whose scores all pass and whose composite does not reach the threshold."""

# Two sums of one row's values, taken by two programs, differ in their last digits; a border must not.
_DIGITS = 9

# DeepSeek-R1's three, on every row.
REWARDS: tuple[Scorer, ...] = (format_reward, accuracy_reward, language_consistency)

Thresholds = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the scorers say about one row.

    Attributes:
        scores: one of each scorer that judged, in the order of `SCORERS`, then the rewards.
        composite: see `rescore`.
        passed: every score passed, and the composite reaches its threshold.
        reason: that of the first score that did not, then "composite", else empty.
        version: see `verdict_version`.
    """

    scores: tuple[Score, ...]
    composite: float
    passed: bool
    reason: str
    version: str


class Rescored(NamedTuple):
    """What follows from stored scores under some weights and a threshold; the reason is empty where the row passes."""

    composite: float
    passed: bool
    reason: str


def resolve_thresholds(overrides: Thresholds, *, path: str = "recipe") -> dict[str, dict[str, float]]:
    """Every scorer's thresholds with the overrides (scorer -> name -> value) laid over the defaults.

    Raises:
        RecipeError: an unknown scorer or threshold, or a value that is no finite number; names `path` and the key.
    """
    resolved = {name: dict(scorer.THRESHOLDS) for name, scorer in SCORERS.items()}
    for scorer, values in overrides.items():
        if scorer not in resolved:
            raise RecipeError(path, f"quality.{scorer}", f"no such scorer; there are {', '.join(resolved)}")
        for name, value in values.items():
            key = f"quality.{scorer}.{name}"
            if name not in resolved[scorer]:
                there_are = ", ".join(resolved[scorer]) or "none"
                raise RecipeError(path, key, f"no such threshold; there are: {there_are}")
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise RecipeError(path, key, f"{value!r} is no number")
            resolved[scorer][name] = float(value)
    return resolved


def resolve_weights(overrides: Mapping[str, float], *, path: str = "recipe") -> dict[str, float]:
    """Every scorer's weight, with the overrides (scorer -> weight) laid over the defaults.

    Raises:
        RecipeError: an unknown scorer, or a weight that is no finite number of 0 or more; names `path` and the key.
    """
    for scorer, weight in overrides.items():
        key = f"quality_weights.{scorer}"
        if scorer not in SCORERS:
            raise RecipeError(path, key, f"no such scorer; there are {', '.join(SCORERS)}")
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not math.isfinite(weight) or weight < 0:
            raise RecipeError(path, key, f"{weight!r} is no weight: a number of 0 or more")
    return {**WEIGHTS, **{scorer: float(weight) for scorer, weight in overrides.items()}}


def composite(scores: Iterable[Score], weights: Mapping[str, float]) -> float:
    """The weighted mean of the values, 0 to 1, in which a score that did not pass counts 0.

    A score whose name has no weight (the rewards) has no part in it; 1 where nothing with a weight has judged.
    """
    judged = [(weights[score.name], score.value if score.passed else 0.0) for score in scores if score.name in weights]
    total = math.fsum(weight for weight, _ in judged)
    return round(math.fsum(weight * value for weight, value in judged) / total, _DIGITS) if total else 1.0


def rescore(scores: Sequence[Score], weights: Mapping[str, float], threshold: float = COMPOSITE_THRESHOLD) -> Rescored:
    """The verdict on stored scores under other weights: no scorer runs and nothing is read.

    A weight of 0 takes a scorer out of the composite; what it refuses stays refused, for that is its threshold's to
    say.
    """
    figure = composite(scores, weights)
    reason = next((score.reason for score in scores if not score.passed), "")
    if not reason and figure < threshold:
        reason = COMPOSITE
    return Rescored(composite=figure, passed=not reason, reason=reason)


def best(rows: Iterable[tuple[str, float]], n: int) -> list[str]:
    """Ids of the n rows of the highest composite, best first; of equals the smaller id.

    Args:
        rows: (id, composite) of each.
    """
    return [row_id for row_id, _ in heapq.nsmallest(n, rows, key=lambda row: (-row[1], row[0]))]


def verdict_version(scorers: frozenset[str], thresholds: Thresholds) -> str:
    """16 hex digits that change when a scorer of these, its version or one of its thresholds does, not with weights.

    A stage's work list compares it with the version on the stored verdict, without scoring anything.

    Raises:
        RecipeError: see `resolve_thresholds`.
        ValueError: a name in `scorers` that no scorer bears.
    """
    resolved = resolve_thresholds(thresholds)
    return hash_of(
        "verdict",
        [
            [scorer.NAME, scorer.VERSION, {name: float(value) for name, value in resolved[scorer.NAME].items()}]
            for scorer in _selected(scorers)
        ],
        [[reward.NAME, reward.VERSION] for reward in REWARDS],
    )[:16]


def judge_row(
    row: ScoredRow,
    scorers: frozenset[str],
    thresholds: Thresholds,
    weights: Mapping[str, float] | None = None,
    composite_threshold: float = COMPOSITE_THRESHOLD,
) -> Verdict:
    """The verdict of the named scorers on one row.

    A scorer module may have `applies(row)`; where that is False it has nothing to judge and gives no score.

    Args:
        scorers: names from `SCORERS`, as the exercise lists them.
        thresholds: overrides of the recipe, scorer -> name -> value.
        weights: overrides of the recipe, scorer -> weight.

    Raises:
        RecipeError: see `resolve_thresholds` and `resolve_weights`.
        ValueError: a name in `scorers` that no scorer bears.
    """
    resolved = resolve_thresholds(thresholds)
    scores = tuple(
        scorer.score(row, resolved[scorer.NAME])
        for scorer in _selected(scorers)
        if _has_something_to_judge(scorer, row)
    )
    rescored = rescore(scores, resolve_weights(weights or {}), composite_threshold)
    return Verdict(
        scores=(*scores, *(reward.score(row, reward.THRESHOLDS) for reward in REWARDS)),
        composite=rescored.composite,
        passed=rescored.passed,
        reason=rescored.reason,
        version=verdict_version(scorers, thresholds),
    )


def _selected(scorers: frozenset[str]) -> list[Scorer]:
    unknown = scorers - SCORERS.keys()
    if unknown:
        raise ValueError(f"no scorer named {', '.join(sorted(unknown))}; there are {', '.join(SCORERS)}")
    return [scorer for name, scorer in SCORERS.items() if name in scorers]


def _has_something_to_judge(scorer: Any, row: ScoredRow) -> bool:
    return scorer.applies(row) if hasattr(scorer, "applies") else True
