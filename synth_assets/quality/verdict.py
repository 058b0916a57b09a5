"""All scorers and rewards over one row, and what follows from them.

A row passes when every scorer that its exercise lists, and that has anything to judge on this row, passes. The
composite decides nothing: it ranks rows that passed (which of two copies is kept, what a release takes first).

Rewards stand on every row, whatever its exercise: figures for whoever trains on it. They refuse nothing and have no
part in the composite.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from synth_assets.errors import RecipeError
from synth_assets.identity import hash_of
from synth_assets.quality import (
    accuracy_reward,
    format_reward,
    grounding,
    language,
    language_consistency,
    length,
    notation,
    repetition,
    trace_grounding,
    verifier,
)
from synth_assets.quality.base import Score, ScoredRow, Scorer

# In the order in which a refusal is named: what code proved comes first, what is estimated last.
SCORERS: Mapping[str, Scorer] = MappingProxyType(
    {scorer.NAME: scorer for scorer in (verifier, length, notation, language, repetition, grounding, trace_grounding)}
)

# DeepSeek-R1's three, on every row.
REWARDS: tuple[Scorer, ...] = (format_reward, accuracy_reward, language_consistency)

Thresholds = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the scorers say about one row.

    Attributes:
        scores: one of each scorer that judged, in the order of `SCORERS`, then the rewards.
        composite: mean of the scorers' values, 0 to 1; 1 where none had anything to judge.
        passed: every score passed.
        reason: that of the first score that did not, else empty.
        version: see `verdict_version`.
    """

    scores: tuple[Score, ...]
    composite: float
    passed: bool
    reason: str
    version: str


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


def verdict_version(scorers: frozenset[str], thresholds: Thresholds) -> str:
    """16 hex digits that change when a scorer of these, its version or one of its thresholds does.

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


def judge_row(row: ScoredRow, scorers: frozenset[str], thresholds: Thresholds) -> Verdict:
    """The verdict of the named scorers on one row.

    A scorer module may have `applies(row)`; where that is False it has nothing to judge and gives no score.

    Args:
        scorers: names from `SCORERS`, as the exercise lists them.
        thresholds: overrides of the recipe, scorer -> name -> value.

    Raises:
        RecipeError: see `resolve_thresholds`.
        ValueError: a name in `scorers` that no scorer bears.
    """
    resolved = resolve_thresholds(thresholds)
    scores = tuple(
        scorer.score(row, resolved[scorer.NAME])
        for scorer in _selected(scorers)
        if _has_something_to_judge(scorer, row)
    )
    failed = [score for score in scores if not score.passed]
    return Verdict(
        scores=(*scores, *(reward.score(row, reward.THRESHOLDS) for reward in REWARDS)),
        composite=math.fsum(score.value for score in scores) / len(scores) if scores else 1.0,
        passed=not failed,
        reason=failed[0].reason if failed else "",
        version=verdict_version(scorers, thresholds),
    )


def _selected(scorers: frozenset[str]) -> list[Scorer]:
    unknown = scorers - SCORERS.keys()
    if unknown:
        raise ValueError(f"no scorer named {', '.join(sorted(unknown))}; there are {', '.join(SCORERS)}")
    return [scorer for name, scorer in SCORERS.items() if name in scorers]


def _has_something_to_judge(scorer: Any, row: ScoredRow) -> bool:
    return scorer.applies(row) if hasattr(scorer, "applies") else True
