"""Which rows say what another row of their group already says.

The decision is pure: the caller names the group (rows of one family and language), hands in vectors, and writes the
verdicts once. Rows already kept stay kept, whatever comes. New rows are taken best first (quality, then the smaller
id), and each is kept unless it matches a row that is kept already, old or new; its keeper is the most similar of them
(then the smaller id). So afterwards no two compared rows that are both kept match, except pairs that were told apart
by `replaces` or `excluded`, and except old pairs that a lowered threshold would now join.

Cosines are compared block by block with every kept row, exactly. A range search in faiss returns every pair above the
threshold, which are 2,000 million when 10,000 copies of one text meet 200,000 others; only the best is needed, so the
blocks are reduced as they come and memory does not depend on how alike the rows are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth_assets.exercises.base import DuplicateRule
from synth_assets.identity import normalised

Vector = NDArray[np.float32]

# 1,024 x 16,384 similarities are 64 MB, and the largest thing held beside the rows themselves.
_NEW_BLOCK = 1_024
_KEPT_BLOCK = 16_384
# float32 sums of one pair differ by the shape of the block they were computed in, at the seventh digit. Pairs this near
# to a border are computed again in float64, one way, so that the verdict does not depend on the blocks.
_ROUNDING = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparable:
    """A row as it is compared.

    Attributes:
        candidate_id: id of the row.
        key: the exercise's duplicate key.
        vector: embedding of the key, shape (d,), of any length but 0; None where the rule is "exact".
        quality: the composite score; of new rows that match, the better is kept.
        replaces: the older candidate whose place this row takes: not compared with it.
    """

    candidate_id: str
    key: str
    vector: Vector | None = None
    quality: float = 0.0
    replaces: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateVerdict:
    """What was decided about one new row.

    Attributes:
        keeper_id: the row that it duplicates; its own id when it is kept.
        similarity: 1.0 for an exact match, the cosine of an embedding match (to 6 digits), 0.0 when kept.
        method: "exact" or "embedding"; empty when kept.
    """

    candidate_id: str
    verdict: Literal["kept", "duplicate"]
    keeper_id: str
    similarity: float
    method: Literal["exact", "embedding", ""]


class FittedThreshold(NamedTuple):
    """A threshold, and the precision and recall it reaches on the pairs that it was fitted to."""

    threshold: float
    precision: float
    recall: float


class _Match(NamedTuple):
    similarity: float
    keeper_id: str
    method: Literal["exact", "embedding"] = "embedding"


def decide(
    new: Sequence[Comparable],
    kept: Sequence[Comparable],
    rule: DuplicateRule,
    excluded: Collection[tuple[str, str]] = (),
) -> list[DuplicateVerdict]:
    """The verdict on every new row, in the order of their ids; the order of the input does not matter.

    Under an "exact" rule rows match when their keys are equal. Under an "embedding" rule they match when their keys are
    equal after `identity.normalised` (method "exact"), or when their cosine is at least the rule's threshold.

    Args:
        new: rows without a verdict.
        kept: rows of the same group that are kept, withdrawn and superseded ones left out.
        excluded: pairs of ids, either way round, that are not compared.

    Raises:
        ValueError: an id that occurs twice, or under an "embedding" rule a row without a vector, or vectors of
            different lengths; the text names the row.
    """
    seen: set[str] = set()
    for row in (*new, *kept):
        if row.candidate_id in seen:
            raise ValueError(f"candidate {row.candidate_id} occurs twice")
        seen.add(row.candidate_id)
    new = sorted(new, key=lambda row: (-row.quality, row.candidate_id))
    kept = sorted(kept, key=lambda row: row.candidate_id)
    apart = _pairs_apart((*new, *kept), excluded)
    matches = dict(
        _match_by_vector(new, kept, apart, rule) if rule.kind == "embedding" else _match_by_key(new, kept, apart)
    )
    return [_verdict(candidate_id, matches[candidate_id]) for candidate_id in sorted(matches)]


def fit_threshold(
    similarities: Sequence[float], labels: Sequence[bool], *, least_precision: float = 0.95
) -> FittedThreshold:
    """The threshold of the best F1 among those that reach the precision; of equals the highest.

    A threshold lies half way between two neighbouring similarities, so that it is not tied to one pair. Where none
    reaches the precision, the threshold lies above every similarity: nothing is called a duplicate (precision 1,
    recall 0).

    Args:
        similarities: cosine of each labelled pair.
        labels: True where the pair is a duplicate.

    Raises:
        ValueError: the lengths differ, or one of the two labels never occurs: there is nothing to fit.
    """
    if len(similarities) != len(labels):
        raise ValueError(f"{len(similarities)} similarities and {len(labels)} labels")
    duplicates = sum(map(bool, labels))
    if duplicates in (0, len(labels)):
        raise ValueError(f"{duplicates} of {len(labels)} pairs are duplicates: both labels must occur")
    ranked = sorted(zip(similarities, labels, strict=True), reverse=True)
    best, best_f1 = FittedThreshold(threshold=ranked[0][0] + _ROUNDING, precision=1.0, recall=0.0), 0.0
    found = 0
    for taken, (similarity, label) in enumerate(ranked, start=1):
        found += bool(label)
        below = ranked[taken][0] if taken < len(ranked) else similarity - 2 * _ROUNDING
        if below == similarity:
            continue
        precision, recall = found / taken, found / duplicates
        f1 = 2 * precision * recall / (precision + recall) if found else 0.0
        if precision >= least_precision and f1 > best_f1:
            best_f1 = f1
            best = FittedThreshold(threshold=(similarity + below) / 2, precision=precision, recall=recall)
    return best


def _verdict(candidate_id: str, match: _Match | None) -> DuplicateVerdict:
    if match is None:
        return DuplicateVerdict(
            candidate_id=candidate_id, verdict="kept", keeper_id=candidate_id, similarity=0.0, method=""
        )
    return DuplicateVerdict(
        candidate_id=candidate_id,
        verdict="duplicate",
        keeper_id=match.keeper_id,
        similarity=match.similarity,
        method=match.method,
    )


def _pairs_apart(rows: Sequence[Comparable], excluded: Collection[tuple[str, str]]) -> Mapping[str, set[str]]:
    """Id -> ids it is not compared with, both ways."""
    apart: defaultdict[str, set[str]] = defaultdict(set)
    replaced = [(row.candidate_id, row.replaces) for row in rows if row.replaces is not None]
    for one, other in (*replaced, *excluded):
        apart[one].add(other)
        apart[other].add(one)
    return dict(apart)


class _Keys:
    """Ids of kept rows by key."""

    def __init__(self, rows: Sequence[Comparable], apart: Mapping[str, set[str]], *, exact: bool) -> None:
        self._ids: defaultdict[str, list[str]] = defaultdict(list)
        self._apart = apart
        self._exact = exact
        for row in rows:
            self.add(row)

    def add(self, row: Comparable) -> None:
        self._ids[self._key(row)].append(row.candidate_id)

    def match(self, row: Comparable) -> _Match | None:
        ids = self._ids.get(self._key(row), ())
        keeper = min((other for other in ids if other not in self._apart.get(row.candidate_id, ())), default=None)
        return None if keeper is None else _Match(1.0, keeper, "exact")

    def _key(self, row: Comparable) -> str:
        return row.key if self._exact else normalised(row.key)


def _match_by_key(
    new: Sequence[Comparable], kept: Sequence[Comparable], apart: Mapping[str, set[str]]
) -> Iterator[tuple[str, _Match | None]]:
    keys = _Keys(kept, apart, exact=True)
    for row in new:
        match = keys.match(row)
        if match is None:
            keys.add(row)
        yield row.candidate_id, match


def _match_by_vector(
    new: Sequence[Comparable], kept: Sequence[Comparable], apart: Mapping[str, set[str]], rule: DuplicateRule
) -> Iterator[tuple[str, _Match | None]]:
    width = _check_vectors((*new, *kept))
    keys = _Keys(kept, apart, exact=False)
    old: dict[str, _Match] = {}
    for columns in _blocks(kept, _KEPT_BLOCK):
        vectors = _unit(columns)  # stacked block by block: never a second copy of all kept vectors
        for rows in _blocks(new, _NEW_BLOCK):
            _find_best(rows, _unit(rows), columns, vectors, apart, rule.threshold, old)

    accepted: list[Comparable] = []
    accepted_vectors = np.empty((len(new), width), dtype=np.float32)
    for rows in _blocks(new, _NEW_BLOCK):
        vectors = _unit(rows)
        best = {row.candidate_id: old[row.candidate_id] for row in rows if row.candidate_id in old}
        for start in range(0, len(accepted), _KEPT_BLOCK):
            columns = accepted[start : start + _KEPT_BLOCK]
            _find_best(
                rows, vectors, columns, accepted_vectors[start : start + len(columns)], apart, rule.threshold, best
            )
        similar = vectors @ vectors.T
        here = [False] * len(rows)  # which rows of this block were accepted
        for position, row in enumerate(rows):
            match = keys.match(row)
            if match is None:
                hidden = apart.get(row.candidate_id, ())
                close = np.flatnonzero(similar[position, :position] >= rule.threshold - _ROUNDING)
                among = [other for other in close if here[other] and rows[other].candidate_id not in hidden]
                near = _confirm(vectors[position], vectors, rows, among, similar[position], rule.threshold)
                match = _better(best.get(row.candidate_id), near)
            if match is None:
                keys.add(row)
                accepted_vectors[len(accepted)] = vectors[position]
                accepted.append(row)
                here[position] = True
            yield row.candidate_id, match


def _check_vectors(rows: Sequence[Comparable]) -> int:
    width = 0
    for row in rows:
        if row.vector is None:
            raise ValueError(f"candidate {row.candidate_id} has no vector, and its rule compares embeddings")
        if row.vector.ndim != 1 or (width and len(row.vector) != width):
            raise ValueError(f"candidate {row.candidate_id} has a vector of shape {row.vector.shape}, not ({width},)")
        width = len(row.vector)
    return width


def _blocks(rows: Sequence[Comparable], size: int) -> Iterator[Sequence[Comparable]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _unit(rows: Sequence[Comparable]) -> Vector:
    """Vectors of the rows at length 1, shape (len(rows), d); a vector of zeros stays zero and matches nothing."""
    vectors = np.stack([row.vector for row in rows if row.vector is not None]).astype(np.float32, copy=False)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(norms > 0, norms, 1)


def _find_best(
    rows: Sequence[Comparable],
    row_vectors: Vector,
    columns: Sequence[Comparable],
    column_vectors: Vector,
    apart: Mapping[str, set[str]],
    threshold: float,
    best: dict[str, _Match],
) -> None:
    """Put the best match of every row among the columns into `best`, where it beats what stands there."""
    similar = row_vectors @ column_vectors.T
    if apart:
        position = {row.candidate_id: index for index, row in enumerate(columns)}
        for index, row in enumerate(rows):
            for other in apart.get(row.candidate_id, ()):
                if other in position:
                    similar[index, position[other]] = -np.inf
    for index in np.flatnonzero(similar.max(axis=1) >= threshold - _ROUNDING):
        match = _confirm(row_vectors[index], column_vectors, columns, None, similar[index], threshold)
        match = _better(best.get(rows[index].candidate_id), match)
        if match is not None:
            best[rows[index].candidate_id] = match


def _confirm(
    vector: Vector,
    column_vectors: Vector,
    columns: Sequence[Comparable],
    among: Sequence[int] | None,
    similar: Vector,
    threshold: float,
) -> _Match | None:
    """The best of the columns (or of those `among` them) at or above the threshold, its cosine computed in float64."""
    positions = np.arange(len(similar)) if among is None else np.asarray(among, dtype=np.int64)
    if len(positions) == 0:
        return None
    values = similar[positions]
    positions = positions[values >= max(values.max() - _ROUNDING, threshold - _ROUNDING)]
    if len(positions) == 0:
        return None
    cosines = np.round((column_vectors[positions].astype(np.float64) * vector).sum(axis=1), 6)
    matches = [
        _Match(float(cosine), columns[position].candidate_id)
        for position, cosine in zip(positions, cosines, strict=True)
        if cosine >= threshold
    ]
    return min(matches, key=lambda match: (-match.similarity, match.keeper_id), default=None)


def _better(one: _Match | None, other: _Match | None) -> _Match | None:
    return min(
        (match for match in (one, other) if match is not None),
        key=lambda match: (-match.similarity, match.keeper_id),
        default=None,
    )
