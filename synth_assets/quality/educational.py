"""How much would a reader learn from it? A linear head on embeddings, fitted to judged samples.

Source: FineWeb-Edu (Penedo et al. 2024, arXiv 2406.17557): a language model scores some samples from 0 to 5, a linear
regression on a frozen encoder's embeddings learns to score the rest, and 3 is where its authors cut. Theirs was fitted
to 450,000 web pages and reaches an F1 of 0.82 there; a head is of its encoder, its judge and its kind of text, so none
is shipped: `fit` makes one of what the user's own judge said.

The fit is ridge regression in closed form. A fifth of the samples, told by the hash of their id, is held out: the
validation figures are of these alone, and stand in the saved file. `save` refuses a head that cannot be told from
chance well enough to drop rows by: fewer than 500 judgements, a held-out F1 below 0.6, or one that is no better than
what calling every sample educational comes to, which is high where a judge is easily pleased.

The scorer judges rows on which a stage put the head's figure (`ScoredRow.educational`), and no others.
"""

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synth_assets.errors import HeadNotFit
from synth_assets.identity import hash_of
from synth_assets.quality.base import Score, ScoredRow

NAME = "educational"
VERSION = 1
THRESHOLDS: Mapping[str, float] = {"min_score": 3.0}
REASONS = frozenset({"not_educational"})

MOST = 5.0
EDUCATIONAL = 3.0
"""A score of 3 and more is called educational, as FineWeb-Edu does."""
LEAST_JUDGEMENTS = 500
LEAST_F1 = 0.6
_HELD_OUT = 5  # one in five
_FORMAT = "synth-assets educational head 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """Figures on the held-out fifth; F1, precision and recall are of "3 and more".

    Attributes:
        judgements: samples in all, `held_out` of them not fitted to.
        mean_error: mean absolute error in points.
        correlation: Pearson's, 0 where all judgements are equal.
        f1_of_all: what calling every sample educational would reach.
    """

    judgements: int
    held_out: int
    f1: float
    precision: float
    recall: float
    mean_error: float
    correlation: float
    f1_of_all: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A fitted head: `weights` of shape (d,), one a dimension of the encoder called `encoder`."""

    encoder: str
    weights: tuple[float, ...]
    bias: float
    ridge: float
    validation: Validation


def is_held_out(sample_id: str) -> bool:
    """Whether a sample validates instead of fitting; by hash, so that more samples move none to the other side."""
    return int(hash_of("educational", sample_id)[:8], 16) % _HELD_OUT == 0


def fit(
    vectors: ArrayLike, scores: Sequence[float], ids: Sequence[str], *, encoder: str = "packaged", ridge: float = 1.0
) -> Head:
    """A head that predicts the scores from the vectors, and its figures on the held-out fifth.

    Args:
        vectors: (n, d), L2-normalised as the encoder hands them out.
        scores: a judgement each, 0 to 5.
        ids: what each sample is told by, for the split; equal texts should bear equal ids.
        ridge: the penalty on the weights; 1.0 suits normalised vectors of a few hundred dimensions.

    Raises:
        ValueError: lengths differ, a score outside 0 to 5, a vector or score that is not finite, or a side of the split
            that has no sample.
    """
    matrix = np.asarray(vectors, dtype=np.float64)
    wanted = np.asarray(scores, dtype=np.float64)
    if matrix.ndim != 2 or not len(matrix) == len(wanted) == len(ids):
        raise ValueError(f"vectors of shape {matrix.shape}, {len(wanted)} scores and {len(ids)} ids")
    if not np.isfinite(matrix).all():
        raise ValueError("a vector is not finite")
    if not ((wanted >= 0) & (wanted <= MOST)).all():
        raise ValueError(f"a score is outside 0 to {MOST:g}")
    held = np.array([is_held_out(sample_id) for sample_id in ids], dtype=bool)
    if held.all() or not held.any():
        raise ValueError(f"{held.sum()} of {len(ids)} samples are held out: both sides need some")
    mean, centre = wanted[~held].mean(), matrix[~held].mean(axis=0)
    centred = matrix[~held] - centre
    penalty = ridge * np.eye(matrix.shape[1])
    weights = np.linalg.solve(centred.T @ centred + penalty, centred.T @ (wanted[~held] - mean))
    bias = float(mean - centre @ weights)
    return Head(
        encoder=encoder,
        weights=tuple(float(weight) for weight in weights),
        bias=bias,
        ridge=ridge,
        validation=_validate(np.clip(matrix[held] @ weights + bias, 0, MOST), wanted[held], len(ids)),
    )


def predict(head: Head, vectors: ArrayLike) -> NDArray[np.float64]:
    """What the head says of each vector, 0 to 5, shape (n,).

    Raises:
        ValueError: the vectors are not of the head's length.
    """
    matrix = np.atleast_2d(np.asarray(vectors, dtype=np.float64))
    if matrix.shape[1] != len(head.weights):
        raise ValueError(
            f"vectors of length {matrix.shape[1]}, and the head is of {len(head.weights)} ({head.encoder})"
        )
    return np.clip(matrix @ np.asarray(head.weights) + head.bias, 0, MOST)


def save(head: Head, path: Path) -> None:
    """Write the head with its figures as JSON, whole or not at all.

    Raises:
        HeadNotFit: under 500 judgements, a held-out F1 below 0.6, or none above that of calling all educational.
    """
    found = head.validation
    if found.judgements < LEAST_JUDGEMENTS:
        raise HeadNotFit(too_few(found.judgements))
    if not found.f1 >= LEAST_F1:
        raise HeadNotFit(
            f"the head reaches an F1 of {found.f1:.2f} on {found.held_out} held-out samples, and {LEAST_F1} is needed:"
            " judge more samples, or samples that differ more"
        )
    if not found.f1 > found.f1_of_all:
        raise HeadNotFit(
            f"the head reaches an F1 of {found.f1:.2f} on {found.held_out} held-out samples, and calling every one of "
            f"them educational reaches {found.f1_of_all:.2f}: it would tell nothing apart"
        )
    written = json.dumps({"format": _FORMAT, **asdict(head)}, indent=1, allow_nan=False)
    beside = path.with_name(f"{path.name}.part")
    beside.write_text(written, encoding="utf-8")
    os.replace(beside, path)


def too_few(judgements: int) -> str:
    """What is said of so many judgements where they are under 500."""
    return f"{judgements} judgements are too few to fit a head: {LEAST_JUDGEMENTS} are needed"


def load(path: Path) -> Head:
    """The head of a file that `save` wrote.

    Raises:
        HeadNotFit: the file cannot be read or is no such file; the text names it.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found.pop("format") != _FORMAT:
            raise ValueError("another format")
        head = Head(
            encoder=str(found.pop("encoder")),
            weights=tuple(float(weight) for weight in found.pop("weights")),
            bias=float(found.pop("bias")),
            ridge=float(found.pop("ridge")),
            validation=Validation(**found.pop("validation")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise HeadNotFit(f"{path}: no educational head: {error}") from error
    if found or not head.weights or not all(map(math.isfinite, (*head.weights, head.bias))):
        raise HeadNotFit(f"{path}: no educational head: keys or weights that no fit leaves")
    return head


def applies(row: ScoredRow) -> bool:
    """Only rows that a head has seen."""
    return row.educational is not None


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """`value` is the head's figure over 5; below `min_score` the row is `not_educational`."""
    if row.educational is None:
        return Score(name=NAME, value=1.0, passed=True, detail="no head has seen it")
    figure = min(MOST, max(0.0, row.educational))
    refused = figure < thresholds["min_score"]
    return Score(
        name=NAME,
        value=figure / MOST,
        passed=not refused,
        reason="not_educational" if refused else "",
        detail=f"{figure:.2f} of {MOST:g}",
    )


def _validate(said: NDArray[np.float64], wanted: NDArray[np.float64], judgements: int) -> Validation:
    called, right = said >= EDUCATIONAL, wanted >= EDUCATIONAL
    both = int((called & right).sum())
    precision = both / max(1, int(called.sum()))
    recall = both / max(1, int(right.sum()))
    varies = said.std() > 0 and wanted.std() > 0
    return Validation(
        judgements=judgements,
        held_out=len(wanted),
        f1=2 * precision * recall / (precision + recall) if both else 0.0,
        precision=precision,
        recall=recall,
        mean_error=float(np.abs(said - wanted).mean()),
        correlation=float(np.corrcoef(said, wanted)[0, 1]) if varies else 0.0,
        f1_of_all=2 * float(right.mean()) / (1 + float(right.mean())),
    )
