"""Fits the educational head to judged samples; see `quality/educational.py` for what it is and when it is refused.

Samples are judged by the recipe's judge, whose 10 points become FineWeb-Edu's 5, or by whomever the user's file is of.
The head reads the vectors that duplicates are found by, so that scoring with it later embeds nothing.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synth_assets.errors import HeadNotFit
from synth_assets.identity import hash_of, normalised
from synth_assets.quality import educational, judge
from synth_assets.stages.corpus import encoder_name, encoder_of
from synth_assets.stages.standards import head_file
from synth_assets.stages.work import Work, in_batches

BATCH = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Samples with a score each: vectors (n, d), scores 0 to 5, ids by which equal texts are told.

    `left_out` are judged samples that have no vector, for their exercise compares rows by their exact key.
    """

    vectors: NDArray[np.float32]
    scores: tuple[float, ...]
    ids: tuple[str, ...]
    left_out: int = 0


def judged_here(work: Work) -> Judged:
    """What the judge of this home gave, over all exercises and languages."""
    with work.warehouse.reading("reading judgements") as open_:
        rows = open_.rows("transforms/judged_vectors", encoder=encoder_name(work))
        (totals,) = open_.rows("audit/judgement_totals")
    return Judged(
        vectors=np.asarray([row["vector"] for row in rows], dtype=np.float32),
        scores=tuple(row["total"] / judge.TOTAL * educational.MOST for row in rows),
        ids=tuple(row["key_hash"] for row in rows),
        left_out=totals["judged"] - len(rows),
    )


def judged_in_file(work: Work, path: Path) -> Judged:
    """The user's judgements: JSON lines with `text` and `score` (0 to 5), embedded by the recipe's encoder.

    Raises:
        HeadNotFit: the file cannot be read, a line is none of these, or there are too few; names file and line.
    """
    texts: list[str] = []
    scores: list[float] = []
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    text, score = _read_line(line, f"{path}:{number}")
                    texts.append(text)
                    scores.append(score)
    except (OSError, UnicodeDecodeError) as error:
        raise HeadNotFit(f"{path}: cannot be read: {error}") from error
    _check_enough(len(texts))
    encoder = encoder_of(work)
    vectors = []
    for batch in in_batches(texts, BATCH):
        vectors.append(encoder.embed(batch))
        work.progress("judged samples", sum(map(len, vectors)), len(texts))
    return Judged(
        vectors=np.concatenate(vectors),
        scores=tuple(scores),
        ids=tuple(hash_of(normalised(text)) for text in texts),
    )


def fit_head(work: Work, judged: Judged) -> tuple[educational.Head, Path]:
    """Fit a head, save it in the home, and say where; nothing is saved of one that is not fit.

    Raises:
        HeadNotFit: under 500 judgements, a held-out F1 below 0.6, or none above that of calling every sample
            educational.
    """
    _check_enough(len(judged.ids))
    try:
        head = educational.fit(judged.vectors, judged.scores, judged.ids, encoder=encoder_name(work))
    except ValueError as error:
        raise HeadNotFit(f"nothing can be fitted to these judgements: {error}") from error
    educational.save(head, head_file(work))
    return head, head_file(work)


def _check_enough(judgements: int) -> None:
    """Before anything is embedded."""
    if judgements < educational.LEAST_JUDGEMENTS:
        raise HeadNotFit(educational.too_few(judgements))


def _read_line(line: str, place: str) -> tuple[str, float]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise HeadNotFit(f"{place}: is not JSON: {error}") from error
    text = found.get("text") if isinstance(found, dict) else None
    score = found.get("score") if isinstance(found, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise HeadNotFit(f'{place}: has no text; a line is {{"text": ..., "score": 0 to 5}}')
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= educational.MOST:
        raise HeadNotFit(f"{place}: its score is no number from 0 to {educational.MOST:g}: {str(score)[:80]!r}")
    return text, float(score)
