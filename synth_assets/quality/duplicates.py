"""Which rows say what another row of their group already says.

The decision is pure: the caller names the group (rows of one family and language), hands in vectors, and writes the
verdicts once. Rows already kept stay kept, whatever comes. New rows are taken best first (quality, then the smaller
id), and each is kept unless it matches a row that is kept already, old or new; its keeper is the most similar of them
(then the smaller id). So afterwards no two compared rows that are both kept match, except pairs that were told apart
by `replaces` or `excluded`, and except old pairs that a lowered threshold would now join.

Cosines are compared block by block with every kept row, exactly. A range search in faiss returns every pair above the
threshold, which are 2,000 million when 10,000 copies of one text meet 200,000 others; only the best is needed, so the
blocks are reduced as they come and memory does not depend on how alike the rows are. `decide` compares with all, and
stays as the measure of `decide_with_index`, which finds the kept rows in an index on disk.

Near copies by words (`minhash`) are a method of their own, on top of either: a row that matches a kept one by its key
is an "exact" duplicate, else one that shares its shingles a "lexical" one, else the cosine is asked.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth_assets.exercises.base import DuplicateRule
from synth_assets.identity import normalised
from synth_assets.quality.minhash import LexicalIndex, Shingled
from synth_assets.vector_index import CAP, VectorIndex

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
        similarity: 1.0 for an exact match, the Jaccard similarity of a lexical one, the cosine of an embedding match
            (both to 6 digits), 0.0 when kept.
        method: "exact", "lexical" or "embedding"; empty when kept.
    """

    candidate_id: str
    verdict: Literal["kept", "duplicate"]
    keeper_id: str
    similarity: float
    method: Literal["exact", "lexical", "embedding", ""]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lexical:
    """What near copies by words are sought in.

    Attributes:
        kept: the kept rows; its threshold is the rule's.
        new: id -> shingled text of every new row. A row that is not in it has no lexical match.
    """

    kept: LexicalIndex
    new: Mapping[str, Shingled]


class FittedThreshold(NamedTuple):
    """A threshold, and the precision and recall it reaches on the pairs that it was fitted to."""

    threshold: float
    precision: float
    recall: float


class _Match(NamedTuple):
    similarity: float
    keeper_id: str
    method: Literal["exact", "lexical", "embedding"] = "embedding"


def decide(
    new: Sequence[Comparable],
    kept: Sequence[Comparable],
    rule: DuplicateRule,
    excluded: Collection[tuple[str, str]] = (),
    lexical: Lexical | None = None,
) -> list[DuplicateVerdict]:
    """The verdict on every new row, in the order of their ids; the order of the input does not matter.

    Under an "exact" rule rows match when their keys are equal. Under an "embedding" rule they match when their keys are
    equal after `identity.normalised` (method "exact"), or when their cosine is at least the rule's threshold.

    Args:
        new: rows without a verdict.
        kept: rows of the same group that are kept, withdrawn and superseded ones left out.
        excluded: pairs of ids, either way round, that are not compared.
        lexical: where near copies by words are sought too.

    Raises:
        ValueError: an id that occurs twice, or under an "embedding" rule a row without a vector, or vectors of
            different lengths; the text names the row.
    """
    seen: set[str] = set()
    for row in (*new, *kept):
        if row.candidate_id in seen:
            raise ValueError(f"candidate {row.candidate_id} occurs twice")
        seen.add(row.candidate_id)
    new = _best_first(new)
    kept = sorted(kept, key=lambda row: row.candidate_id)
    apart = _pairs_apart((*new, *kept), excluded)
    by_text = _Texts(_Keys(kept, apart, exact=rule.kind == "exact"), _Words(lexical, new, apart))
    if rule.kind == "exact":
        matches = dict(_match_by_text(new, by_text))
    else:
        width = _check_vectors((*new, *kept))
        old: dict[str, _Match] = {}
        for columns in _blocks(kept, _KEPT_BLOCK):
            vectors = _unit(columns)  # stacked block by block: never a second copy of all kept vectors
            for rows in _blocks(new, _NEW_BLOCK):
                _find_best(rows, _unit(rows), columns, vectors, apart, rule.threshold, old)
        matches = dict(_match_by_vector(new, old, by_text, _Compared(width, len(new)), apart, rule.threshold))
    return [_verdict(candidate_id, matches[candidate_id]) for candidate_id in sorted(matches)]


def decide_with_index(
    new: Sequence[Comparable],
    index: VectorIndex,
    rule: DuplicateRule,
    keys_of_kept: Mapping[str, str],
    excluded: Collection[tuple[str, str]] = (),
    lexical: Lexical | None = None,
) -> list[DuplicateVerdict]:
    """What `decide` says under an "embedding" rule, the vectors of the kept rows found in an index.

    New rows that are kept are added to the index, once all is decided; where the caller then fails to write the
    verdicts, `VectorIndex.sync` takes them out. With a new row that misses a match in the index (its `recall` says how
    often) the verdict is another than that of `decide`: it is kept.

    Args:
        new: rows without a verdict, with their vectors.
        index: the kept rows of the group; held by this process alone.
        keys_of_kept: id -> key of kept rows; those whose normalised key no new row has may be left out.
        excluded: pairs of ids, either way round, that are not compared, those among kept rows' `replaces` included.
        lexical: where near copies by words are sought too.

    Raises:
        ValueError: an "exact" rule; an id that occurs twice or is in the index already; a row without a vector, or
            with one of another length than the index's; the text names the row.
    """
    if rule.kind == "exact":
        raise ValueError("an exact rule compares keys alone: `decide` needs no index for it")
    seen: set[str] = set()
    for row in new:
        if row.candidate_id in seen or row.candidate_id in index or row.candidate_id in keys_of_kept:
            raise ValueError(f"candidate {row.candidate_id} occurs twice")
        seen.add(row.candidate_id)
    new = _best_first(new)
    width = _check_vectors(new)
    if new and width != index.dimensions:
        raise ValueError(f"candidate {new[0].candidate_id} has a vector of shape ({width},), not ({index.dimensions},)")
    apart = _pairs_apart(new, excluded)
    kept = [Comparable(candidate_id=name, key=key) for name, key in sorted(keys_of_kept.items())]
    by_text = _Texts(_Keys(kept, apart, exact=False), _Words(lexical, new, apart))
    old = _find_best_in_index(new, index, apart, rule.threshold)
    with VectorIndex.open(None, index.dimensions) as accepted:
        compared = _Indexed(accepted)
        matches = dict(_match_by_vector(new, old, by_text, compared, apart, rule.threshold))
    stay = [row for row in new if matches[row.candidate_id] is None]
    for rows in _blocks(stay, _KEPT_BLOCK):
        index.add([row.candidate_id for row in rows], _unit(rows))
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


class _Words:
    """Kept rows by their shingles, old and new ones."""

    def __init__(self, lexical: Lexical | None, new: Sequence[Comparable], apart: Mapping[str, set[str]]) -> None:
        self._new = {} if lexical is None else lexical.new
        self._apart = apart
        self._old: dict[str, list[_Match]] = {}
        if lexical is not None:
            self._accepted = LexicalIndex(lexical.kept.threshold)
            asked = [row.candidate_id for row in new if row.candidate_id in self._new]
            for name, found in zip(asked, lexical.kept.search([self._new[name] for name in asked]), strict=True):
                self._old[name] = [_Match(match.jaccard, match.id, "lexical") for match in found]

    def match(self, row: Comparable) -> _Match | None:
        if row.candidate_id not in self._new:
            return None
        (found,) = self._accepted.search([self._new[row.candidate_id]])
        matches = [*self._old[row.candidate_id], *(_Match(match.jaccard, match.id, "lexical") for match in found)]
        hidden = self._apart.get(row.candidate_id, ())
        return _best(match for match in matches if match.keeper_id not in hidden)

    def add(self, row: Comparable) -> None:
        if row.candidate_id in self._new:
            self._accepted.add([row.candidate_id], [self._new[row.candidate_id]])


class _Texts(NamedTuple):
    """What rows are compared by beside their vectors, the surest first."""

    keys: _Keys
    words: _Words

    def match(self, row: Comparable) -> _Match | None:
        return self.keys.match(row) or self.words.match(row)

    def add(self, row: Comparable) -> None:
        self.keys.add(row)
        self.words.add(row)


class _Compared:
    """Accepted rows, with each of which every further one is compared."""

    block = _NEW_BLOCK

    def __init__(self, width: int, most: int) -> None:
        self._rows: list[Comparable] = []
        self._vectors = np.empty((most, width), dtype=np.float32)

    def add(self, rows: Sequence[Comparable], vectors: Vector) -> None:
        self._vectors[len(self._rows) : len(self._rows) + len(rows)] = vectors
        self._rows.extend(rows)

    def find_best(
        self, rows: Sequence[Comparable], vectors: Vector, apart: Mapping[str, set[str]], threshold: float,
        best: dict[str, _Match],
    ) -> None:  # fmt: skip
        for start in range(0, len(self._rows), _KEPT_BLOCK):
            columns = self._rows[start : start + _KEPT_BLOCK]
            _find_best(rows, vectors, columns, self._vectors[start : start + len(columns)], apart, threshold, best)


class _Indexed:
    """Accepted rows in an index, of which every further one is compared with the near ones."""

    block = 2 * _NEW_BLOCK

    def __init__(self, index: VectorIndex) -> None:
        self._index = index

    def add(self, rows: Sequence[Comparable], vectors: Vector) -> None:
        self._index.add([row.candidate_id for row in rows], vectors)

    def find_best(
        self, rows: Sequence[Comparable], vectors: Vector, apart: Mapping[str, set[str]], threshold: float,
        best: dict[str, _Match],
    ) -> None:  # fmt: skip
        for name, match in _find_best_in_index(rows, self._index, apart, threshold).items():
            better = _better(best.get(name), match)
            if better is not None:
                best[name] = better


def _match_by_text(new: Sequence[Comparable], by_text: _Texts) -> Iterator[tuple[str, _Match | None]]:
    for row in new:
        match = by_text.match(row)
        if match is None:
            by_text.add(row)
        yield row.candidate_id, match


def _match_by_vector(
    new: Sequence[Comparable],
    old: Mapping[str, _Match],
    by_text: _Texts,
    accepted: _Compared | _Indexed,
    apart: Mapping[str, set[str]],
    threshold: float,
) -> Iterator[tuple[str, _Match | None]]:
    for rows in _blocks(new, accepted.block):
        vectors = _unit(rows)
        best = {row.candidate_id: old[row.candidate_id] for row in rows if row.candidate_id in old}
        accepted.find_best(rows, vectors, apart, threshold, best)
        similar = vectors @ vectors.T
        here = np.zeros(len(rows), dtype=bool)  # which rows of this block were accepted
        near = similar >= threshold - _ROUNDING
        for position, row in enumerate(rows):
            match = by_text.match(row)
            if match is None:
                hidden = apart.get(row.candidate_id, ())
                close = np.flatnonzero(near[position, :position] & here[:position])
                among = [int(other) for other in close if rows[other].candidate_id not in hidden]
                match = _better(
                    best.get(row.candidate_id),
                    _confirm(vectors[position], vectors, rows, among, similar[position], threshold),
                )
            if match is None:
                by_text.add(row)
                here[position] = True
            yield row.candidate_id, match
        stay = np.flatnonzero(here)
        accepted.add([rows[position] for position in stay], vectors[stay])


def _find_best_in_index(
    rows: Sequence[Comparable], index: VectorIndex, apart: Mapping[str, set[str]], threshold: float
) -> dict[str, _Match]:
    """Id -> the best match among the rows of the index that are not apart; rows without one are left out."""
    best = {}
    for block in _blocks(rows, _KEPT_BLOCK):
        vectors = _unit(block)
        for position, (row, found) in enumerate(zip(block, index.search(vectors, threshold), strict=True)):
            hidden = apart.get(row.candidate_id, ())
            open_ = [match for match in found if match.id not in hidden]
            # where the matches beyond the cap could be as good as the best one that may be taken, all are asked for
            if len(found) == CAP and (not open_ or open_[0].cosine - found[-1].cosine <= 2 * _ROUNDING):
                (found,) = index.search(vectors[position : position + 1], threshold, cap=len(index))
                open_ = [match for match in found if match.id not in hidden]
            if open_:
                best[row.candidate_id] = _Match(open_[0].cosine, open_[0].id)
    return best


def _best_first(rows: Sequence[Comparable]) -> list[Comparable]:
    return sorted(rows, key=lambda row: (-row.quality, row.candidate_id))


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
    return _best(matches)


def _better(one: _Match | None, other: _Match | None) -> _Match | None:
    return _best(match for match in (one, other) if match is not None)


def _best(matches: Iterable[_Match]) -> _Match | None:
    return min(matches, key=lambda match: (-match.similarity, match.keeper_id), default=None)
