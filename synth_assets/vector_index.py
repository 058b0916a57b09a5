"""Vectors by id on disk, of which the near ones are found without comparing all: an inverted file that grows.

It is FAISS's IVF-flat (k-means cells, of which a query reads a few) with the lists laid out for this project's use:
many queries at once, above a threshold, against rows that are only ever appended. The cells are trained and chosen by
FAISS; the lists are read one matrix product a cell for all queries that reach it, which costs a fifth of the processor
time of `IndexIVFFlat.range_search` with the same cells and probes (60,000 vectors of 384 numbers: 1.1 s against 5.8 s),
and they lie in chunks that are mapped into memory, so that adding rows writes these rows and not the index.

How many cells are read is not chosen but fitted, whenever the cells are trained: 1,024 of the stored vectors look for
their matches in a quarter of all cells, and for each threshold of a grid the number is thrice what 99.97% of the pairs
found would have needed; where there are hardly any, queries are made from the vectors. (The exact bound, the distance
of a query to the border of a cell, rules out too little in hundreds of dimensions to be of use.) `recall` measures the
outcome against an exact search.

On disk: `manifest.json` names every other file with its rows and hash and is replaced last and atomically, after they
were synced. So a writer that is killed leaves the state before, and files that nobody names, which the next writer
removes. Two processes must not write at once: callers hold a lock for each group of rows that is compared.
"""

import hashlib
import json
import logging
import os
import warnings
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

Vectors = NDArray[np.float32]
Positions = NDArray[np.int64]

# Below this every vector is compared with every query: a list of its own would hold some dozens of rows only.
EXACT_LIMIT = 20_000
# Of this many matches of a query the best are returned.
CAP = 64
# Below this threshold all cells are read: in the sizes planned for, pairs as unlike as that lie anywhere.
LEAST_THRESHOLD = 0.7

_FORMAT = 1
_MANIFEST = "manifest.json"
_TRAIN_PER_CELL = 39
_TRAIN_ROUNDS = 6
_GROWN = 4
_GRID = (LEAST_THRESHOLD, 0.75, 0.8, 0.85, 0.9, 0.95)
_SAMPLE = 1_024
_LEAST_PROBES = 4
_BLIND_PROBES = 8  # where the sample holds too few pairs, and queries are made for it
_ENOUGH_PAIRS = 100
_MISSED = 0.0003
_MARGIN = 3  # a sample holds a few hundred pairs, and the rarest of the far ones are not among them
_QUERIES = 32_768
_ROWS = 2_048
_COLUMNS = 8_192
_COPIED = 65_536
_FEW = 20_000_000
_CROWDED = 2
# float32 sums differ by the shape of the product at the seventh digit; what is this near is computed again in float64.
_ROUNDING = 1e-5

_log = logging.getLogger(__name__)


class Match(NamedTuple):
    """A stored vector at or above the threshold; the cosine in float64, rounded to 6 digits."""

    id: str
    cosine: float


class Recall(NamedTuple):
    """Of the `pairs` that an exact search finds, how many the index `found`."""

    pairs: int
    found: int

    @property
    def share(self) -> float:
        return self.found / self.pairs if self.pairs else 1.0


class Synced(NamedTuple):
    """What bringing an index in step with its source took; `damage` says why it was built anew, "" where it was not."""

    added: int
    removed: int
    damage: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Chunk:
    """Rows in the order of their cells.

    Attributes:
        ids: UTF-8, shape (n,), dtype S.
        vectors: shape (n, d).
        starts: first row of every cell, and n; shape (cells + 1,).
        number: of its files; 0 in memory.
    """

    ids: NDArray[np.bytes_]
    vectors: Vectors
    starts: Positions
    number: int


class _Hits(NamedTuple):
    queries: Positions
    positions: Positions
    cosines: NDArray[np.float64]


class VectorIndex:
    """Vectors of one group of rows by id. Open one with `VectorIndex.open`.

    Attributes:
        dimensions: length of a vector.
        damage: what was wrong with the files found at opening, so that the index starts empty; "" when nothing was.
    """

    def __init__(self, folder: Path | None, dimensions: int, exact_limit: int = EXACT_LIMIT) -> None:
        if dimensions < 1:
            raise ValueError(f"dimensions is {dimensions}: it must be at least 1")
        self.dimensions = dimensions
        self.damage = ""
        self._folder = folder
        self._exact_limit = exact_limit
        self._chunks: list[_Chunk] = []
        self._cells: Vectors | None = None
        self._cells_number = 0
        self._trained_on = 0
        self._probes: dict[float, int] = {}
        self._dead = np.zeros(0, dtype=bool)
        self._files: dict[str, str] = {}  # those that the manifest names, with their hashes
        self._next = 1

    @classmethod
    def open(cls, folder: Path | str | None, dimensions: int, *, exact_limit: int = EXACT_LIMIT) -> Self:
        """The index that a folder holds; an empty one where there is none.

        Where files are missing, cut or altered, or hold vectors of another length, the index is empty, `damage` says
        why, and a warning is logged: the caller adds its vectors again (`sync` does), and the old files go with the
        first write. The bytes of vectors are not read here; `verify` reads them.

        Args:
            folder: made at the first write; None keeps everything in memory.
            exact_limit: rows up to which every row is compared.
        """
        index = cls(None if folder is None else Path(folder), dimensions, exact_limit)
        if index._folder is not None and index._folder.is_dir() and any(index._folder.iterdir()):
            try:
                index._load()
            except (OSError, ValueError, KeyError, TypeError) as error:
                damage = f"{type(error).__name__}: {error}"
                index = cls(Path(index._folder), dimensions, exact_limit)
                index.damage = damage
                index._next = 1 + max(map(_number_of, index._folder.iterdir()), default=0)
                _log.warning("the vector index in %s cannot be used and is built anew: %s", folder, damage)
        return index

    def close(self) -> None:
        """Let go of the files; everything is on disk already."""
        self._chunks = []
        self._cells = None
        self._dead = np.zeros(0, dtype=bool)
        self.__dict__.pop("_where", None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._dead) - int(self._dead.sum())

    def __contains__(self, candidate: object) -> bool:
        return candidate in self._where

    def ids(self) -> list[str]:
        """Ids that are there, sorted."""
        return sorted(self._where)

    @property
    def cells(self) -> int:
        """Number of cells; 1 while every row is compared."""
        return 1 if self._cells is None else len(self._cells)

    def probes(self, threshold: float) -> int:
        """Number of cells that a query above this threshold reads."""
        if self._cells is None:
            return 1
        fitted = [step for step in self._probes if step <= threshold]
        return self._probes[max(fitted)] if fitted else self.cells

    def add(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Append rows. Past the exact limit, and whenever the index has grown fourfold, cells are trained anew.

        Args:
            ids: ids that are not there yet; an id that was removed may come again.
            vectors: (len(ids), d) float32, of length 1 or 0 (a vector of zeros matches nothing).

        Raises:
            ValueError: an id that is empty, ends in NUL, occurs twice or is there already; vectors of another shape,
                not finite or of another length than 1 and 0. The text names the first; nothing is added.
        """
        ids = list(ids)
        vectors = self._checked(vectors, len(ids))
        self._check_ids(ids)
        if not ids:
            return
        lengths = np.linalg.norm(vectors, axis=1)
        wrong = np.flatnonzero(~((np.abs(lengths - 1) < 1e-3) | (lengths == 0)))
        if len(wrong):
            raise ValueError(f"the vector of {ids[wrong[0]]} has length {lengths[wrong[0]]}: it must be 1, or 0")
        encoded = np.array([name.encode() for name in ids])
        before = dict(self.__dict__)
        try:
            self._append(encoded, vectors)
            self._commit()
        except BaseException:  # a full disk, an interrupt: what the manifest names stands, here as on disk
            self.__dict__.update(before)
            raise
        self.__dict__.pop("_where", None)

    def _append(self, encoded: NDArray[np.bytes_], vectors: Vectors) -> None:
        total = len(self) + len(encoded)
        if total > self._exact_limit and (self._cells is None or total >= _GROWN * self._trained_on):
            one_cell = np.array([0, len(encoded)], dtype=np.int64)
            self._chunks = [*self._chunks, _Chunk(ids=encoded, vectors=vectors, starts=one_cell, number=0)]
            self._dead = np.append(self._dead, np.zeros(len(encoded), dtype=bool))
            self._train()
        else:
            cell = self._nearest_cells(vectors, 1)[:, 0]
            order = np.argsort(cell, kind="stable")
            starts = np.searchsorted(cell[order], np.arange(self.cells + 1))
            self._chunks = [*self._chunks, self._chunk(encoded[order], lambda part: vectors[order[part]], starts)]
            self._dead = np.append(self._dead, np.zeros(len(encoded), dtype=bool))
            self._merge_the_last()

    def remove(self, ids: Iterable[str]) -> int:
        """Take rows out; ids that are not there are passed over. Returns how many went.

        Their place on disk is given back when their chunk is merged with another.
        """
        positions = [self._where[name] for name in set(ids) if name in self._where]
        if positions:
            before = self._dead
            self._dead = before.copy()
            self._dead[positions] = True
            try:
                self._commit()
            except BaseException:
                self._dead = before
                raise
            self.__dict__.pop("_where", None)
        return len(positions)

    def sync(self, ids: Collection[str], vectors_of: Callable[[list[str]], Vectors], *, batch: int = 50_000) -> Synced:
        """Bring the index in step with its source: rows that are not named go, those that are missing come.

        So an index that was damaged, or whose writer was killed between the source's write and its own, needs no other
        repair.

        Args:
            ids: every id the index should hold.
            vectors_of: vectors of some of them, in their order.
        """
        wanted = set(ids)
        removed = self.remove([name for name in self._where if name not in wanted])
        missing = sorted(wanted - self._where.keys())
        for start in range(0, len(missing), batch):
            part = missing[start : start + batch]
            self.add(part, vectors_of(part))
        return Synced(added=len(missing), removed=removed, damage=self.damage)

    def search(self, vectors: Vectors, threshold: float, *, cap: int = CAP) -> list[list[Match]]:
        """The rows at or above the threshold for each query, best first, equals by the smaller id.

        A cosine within 1e-5 of the threshold is decided in float64 after rounding to 6 digits, so that a verdict does
        not depend on what was searched together. Below a threshold of 0.7 every row is compared.

        Args:
            vectors: queries, (m, d) float32, of length 1 (or 0).
            cap: matches returned for a query at most; of equals at the border any.

        Raises:
            ValueError: queries of another shape or not finite, a cap below 1.
        """
        if cap < 1:
            raise ValueError(f"cap is {cap}: it must be at least 1")
        vectors = self._checked(vectors, None)
        matches: list[list[Match]] = [[] for _ in vectors]
        for start in range(0, len(vectors), _QUERIES):
            found = self._find(vectors[start : start + _QUERIES], threshold, cap, self.probes(threshold))
            names = self._ids_of(found.positions)
            for query, name, cosine in zip(found.queries.tolist(), names, found.cosines.tolist(), strict=True):
                matches[start + query].append(Match(name, cosine))
        for each in matches:
            if len(each) > 1:
                each.sort(key=lambda match: (-match.cosine, match.id))
        return matches

    def recall(self, threshold: float, *, queries: Vectors | None = None, sample: int = 256, seed: int = 0) -> Recall:
        """Of the pairs at or above the threshold that queries have in truth: how many are found.

        A row is not its own pair; of a query with more matches than `CAP` the best `CAP` count.

        Args:
            queries: (m, d) float32, of length 1, of rows that are not stored; without them stored rows are drawn by
                chance, `sample` of them. (Where only rows that match none are stored, these have no pairs.)
        """
        alive = np.flatnonzero(~self._dead)
        if queries is None:
            drawn = np.random.default_rng(seed).permutation(alive)[:sample]
            vectors = self._gather(self._chunks, drawn)
        else:
            drawn, vectors = np.zeros(0, dtype=np.int64), self._checked(queries, None)
        truth, found = (
            set(zip(hits.queries.tolist(), hits.positions.tolist(), strict=True))
            for hits in (self._find(vectors, threshold, CAP, probes) for probes in (self.cells, self.probes(threshold)))
        )
        truth -= set(enumerate(drawn.tolist()))
        return Recall(pairs=len(truth), found=len(truth & found))

    def verify(self) -> list[str]:
        """Files whose bytes are not those that were written, vectors included, by name; reads everything."""
        if self._folder is None or not (self._folder / _MANIFEST).is_file():
            return []
        manifest = json.loads((self._folder / _MANIFEST).read_text(encoding="utf-8"))
        files = {path.name for path in self._folder.iterdir()}
        return sorted(
            name
            for name, digest in manifest["files"].items()
            if name not in files or _digest(self._folder / name) != digest
        )

    # --- search

    def _find(self, queries: Vectors, threshold: float, cap: int, probes: int) -> _Hits:
        """Matches of some queries, grouped by query."""
        if not self._chunks or not len(queries):
            return _Hits(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
        groups = list(self._queries_by_cell(queries, probes))

        def find_in(share: list[tuple[int, Positions]]) -> list[tuple[Positions, Positions, Vectors]]:
            return [block for group in share for block in self._find_in_cell(*group, queries, threshold, cap)]

        found = _by_all_cores(find_in, groups, sum(len(rows) for _, rows in groups) * len(self._dead) // self.cells)
        if not found:
            return _Hits(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
        query, position, value = (np.concatenate(part) for part in zip(*found, strict=True))
        best = _best_of_each(query, value, cap)
        query, position = query[best], position[best]
        cosines = np.empty(len(query))
        for start in range(0, len(query), _COPIED // 4):
            part = slice(start, start + _COPIED // 4)
            stored = self._gather(self._chunks, position[part]).astype(np.float64)
            cosines[part] = np.round((stored * queries[query[part]]).sum(axis=1), 6)
        enough = np.flatnonzero(cosines >= threshold)
        return _Hits(query[enough], position[enough], cosines[enough])

    def _find_in_cell(
        self, cell: int, rows: Positions, queries: Vectors, threshold: float, cap: int
    ) -> list[tuple[Positions, Positions, Vectors]]:
        """Matches of some of the queries among the rows of one cell: queries, positions, cosines, block by block."""
        least = np.float32(threshold - _ROUNDING)
        pieces = [
            (offset + start, chunk.vectors[start:end])
            for offset, chunk in self._with_offsets(self._chunks)
            for start, end in _stretches(int(chunk.starts[cell]), int(chunk.starts[cell + 1]))
        ]
        found = []
        for positions, columns in _blocks_of_columns(pieces):
            dead = self._dead[positions]
            for begin in range(0, len(rows), _ROWS):
                block = rows[begin : begin + _ROWS]
                similar = queries[block] @ columns.T
                if dead.any():
                    similar[:, dead] = -2
                near = similar >= least
                if np.count_nonzero(near) > _CROWDED * cap * len(block) and cap < len(positions):  # copies upon copies
                    column = np.argpartition(similar, len(positions) - cap, axis=1)[:, -cap:].ravel()
                    row = np.repeat(np.arange(len(block)), cap)
                    enough = near[row, column]
                    row, column = row[enough], column[enough]
                else:
                    row, column = np.divmod(np.flatnonzero(near.ravel()), len(positions))
                if len(row):
                    values = similar[row, column]
                    best = _best_of_each(row, values, cap)
                    found.append((block[row[best]], positions[column[best]], values[best]))
        return found

    def _queries_by_cell(self, queries: Vectors, probes: int) -> Iterable[tuple[int, Positions]]:
        if self._cells is None or probes >= self.cells:
            everyone = np.arange(len(queries))
            yield from ((cell, everyone) for cell in range(self.cells))
            return
        cells = self._nearest_cells(queries, probes)
        flat = cells.ravel()
        order = np.argsort(flat, kind="stable")
        rows = order // cells.shape[1]
        borders = np.searchsorted(flat[order], np.arange(self.cells + 1))
        for cell in np.flatnonzero(np.diff(borders)).tolist():
            yield cell, rows[borders[cell] : borders[cell + 1]]

    def _nearest_cells(self, vectors: Vectors, count: int) -> Positions:
        """Cells by cosine of their centre, nearest first, shape (n, count)."""
        if self._cells is None:
            return np.zeros((len(vectors), 1), dtype=np.int64)
        index = _faiss().IndexFlatIP(self.dimensions)
        index.add(self._cells)
        return index.search(np.ascontiguousarray(vectors), count)[1].astype(np.int64, copy=False)

    # --- training and chunks

    def _train(self) -> None:
        """Cells fitted to all rows, which are laid out anew in one chunk; then the number of cells to read."""
        alive = np.flatnonzero(~self._dead)
        count = len(alive)
        cells = max(1, min(int(2 * count**0.5), count // _TRAIN_PER_CELL))
        rng = np.random.default_rng(count)
        drawn = rng.permutation(alive)[: cells * _TRAIN_PER_CELL]
        means = _faiss().Kmeans(
            self.dimensions, cells, niter=_TRAIN_ROUNDS, spherical=True, seed=1234, min_points_per_centroid=1,
            max_points_per_centroid=_TRAIN_PER_CELL,
        )  # fmt: skip
        means.train(self._gather(self._chunks, np.sort(drawn)))
        self._cells = np.ascontiguousarray(means.centroids, dtype=np.float32)
        self._cells_number = self._number()
        self._trained_on = count
        cell = np.empty(count, dtype=np.int64)
        for start in range(0, count, _COPIED):
            part = slice(start, start + _COPIED)
            cell[part] = self._nearest_cells(self._gather(self._chunks, alive[part]), 1)[:, 0]
        # Of copies k-means makes cells that differ by rounding alone; which of them is nearest, the processor and how
        # many are asked for at once decide. Those that nothing is in would be read in place of the one that holds all.
        filled, cell = np.unique(cell, return_inverse=True)
        self._cells = np.ascontiguousarray(self._cells[filled])
        order = np.argsort(cell, kind="stable")
        starts = np.searchsorted(cell[order], np.arange(len(self._cells) + 1))
        ids = np.concatenate([chunk.ids for chunk in self._chunks])[alive[order]]
        before = self._chunks
        self._chunks = [self._chunk(ids, lambda part: self._gather(before, alive[order[part]]), starts)]
        self._dead = np.zeros(count, dtype=bool)
        self._fit_probes(rng)

    def _fit_probes(self, rng: np.random.Generator) -> None:
        assert self._cells is not None
        chunk = self._chunks[0]
        drawn = np.sort(rng.permutation(len(chunk.ids))[:_SAMPLE])
        vectors = np.ascontiguousarray(chunk.vectors[drawn])
        hits = self._find(vectors, _GRID[0], CAP, max(2 * _BLIND_PROBES, self.cells // 4))
        pair = np.flatnonzero(drawn[hits.queries] != hits.positions)
        queries, cosines = hits.queries[pair], hits.cosines[pair]
        cell = np.searchsorted(chunk.starts, hits.positions[pair], side="right") - 1
        to_cells = vectors @ self._cells.T
        rank = np.empty(len(pair), dtype=np.int64)  # how many cells are nearer to the query than its match's
        for start in range(0, len(pair), _ROWS):
            part = slice(start, start + _ROWS)
            own = to_cells[queries[part], cell[part], None]
            rank[part] = (to_cells[queries[part]] > own - _ROUNDING).sum(axis=1) - 1
        self._probes = {}
        for threshold in _GRID:
            ranks, least = np.sort(rank[cosines >= threshold]), _LEAST_PROBES
            if len(ranks) < _ENOUGH_PAIRS:
                ranks = np.sort(np.concatenate([ranks, self._ranks_of_made_pairs(drawn, vectors, threshold)]))
                least = _BLIND_PROBES
            needed = int(ranks[-1 - int(_MISSED * len(ranks))]) + 1
            self._probes[threshold] = min(self.cells, max(least, _MARGIN * needed))

    def _ranks_of_made_pairs(self, drawn: Positions, vectors: Vectors, threshold: float) -> Positions:
        """How many cells are nearer than that of a row, to queries made from it at the threshold.

        A query is the row turned towards another of its own cell or of the next, since what is near in earnest differs
        in the directions in which rows differ, and not in any.
        """
        assert self._cells is not None
        chunk = self._chunks[0]
        steps = np.where(np.arange(len(drawn)) % 2, 1, max(1, len(chunk.ids) // self.cells))
        aside = chunk.vectors[(drawn + steps) % len(chunk.ids)]
        aside = aside - (aside * vectors).sum(axis=1, keepdims=True) * vectors
        lengths = np.linalg.norm(aside, axis=1, keepdims=True)
        aside = aside / np.where(lengths > _ROUNDING, lengths, 1)  # of a copy nothing is left to turn to
        queries = np.float32(threshold) * vectors + np.float32(np.sqrt(1 - threshold**2)) * aside
        cell = np.searchsorted(chunk.starts, drawn, side="right") - 1
        to_cells = queries @ self._cells.T
        return (to_cells > to_cells[np.arange(len(drawn)), cell, None] - _ROUNDING).sum(axis=1) - 1

    def _merge_the_last(self) -> None:
        """Chunks at least double in size from the last to the first, so that a row is copied log2(n) times at most."""
        while len(self._chunks) > 1 and len(self._chunks[-2].ids) < 2 * len(self._chunks[-1].ids):
            *rest, one, other = self._chunks
            first = sum(len(chunk.ids) for chunk in rest)
            alive = np.flatnonzero(~self._dead[first:])
            both = [one, other]
            cell = np.concatenate(
                [np.repeat(np.arange(len(chunk.starts) - 1), np.diff(chunk.starts)) for chunk in both]
            )[alive]
            order = np.argsort(cell, kind="stable")
            starts = np.searchsorted(cell[order], np.arange(self.cells + 1))
            rows = alive[order]
            ids = np.concatenate([chunk.ids for chunk in both])[rows]
            merged = self._chunk(ids, lambda part, rows=rows, both=both: self._gather(both, rows[part]), starts)
            self._chunks = [*rest, merged]
            self._dead = np.concatenate([self._dead[:first], np.zeros(len(rows), dtype=bool)])

    def _chunk(self, ids: NDArray[np.bytes_], rows: Callable[[slice], Vectors], starts: Positions) -> _Chunk:
        """A chunk of these rows, in files where there is a folder; `rows` gives a stretch of the vectors."""
        number = self._number()
        shape = (len(ids), self.dimensions)
        if self._folder is None:
            vectors = np.empty(shape, dtype=np.float32)
            for start in range(0, len(ids), _COPIED):
                vectors[start : start + _COPIED] = rows(slice(start, start + _COPIED))
            return _Chunk(ids=ids, vectors=vectors, starts=starts, number=number)
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"vectors-{number}.f32"
        with path.open("wb") as file:
            for start in range(0, len(ids), _COPIED):
                np.ascontiguousarray(rows(slice(start, start + _COPIED)), dtype="<f4").tofile(file)
            _sync(file)
        _save(self._folder / f"ids-{number}.npy", ids)
        _save(self._folder / f"starts-{number}.npy", starts.astype(np.int64))
        return _Chunk(ids=ids, vectors=_mapped(path, shape), starts=starts, number=number)

    def _number(self) -> int:
        number, self._next = self._next, self._next + 1
        return number

    @staticmethod
    def _with_offsets(chunks: Sequence[_Chunk]) -> Iterable[tuple[int, _Chunk]]:
        offset = 0
        for chunk in chunks:
            yield offset, chunk
            offset += len(chunk.ids)

    def _gather(self, chunks: Sequence[_Chunk], positions: Positions) -> Vectors:
        """Vectors at some positions, which count through the chunks."""
        if len(chunks) == 1:
            return np.asarray(chunks[0].vectors[positions])
        gathered = np.empty((len(positions), self.dimensions), dtype=np.float32)
        for offset, chunk in self._with_offsets(chunks):
            here = np.flatnonzero((positions >= offset) & (positions < offset + len(chunk.ids)))
            gathered[here] = chunk.vectors[positions[here] - offset]
        return gathered

    def _ids_of(self, positions: Positions) -> list[str]:
        names = np.zeros(len(positions), dtype=f"S{max((chunk.ids.itemsize for chunk in self._chunks), default=1)}")
        for offset, chunk in self._with_offsets(self._chunks):
            here = np.flatnonzero((positions >= offset) & (positions < offset + len(chunk.ids)))
            names[here] = chunk.ids[positions[here] - offset]
        return [name.decode() for name in names.tolist()]

    @cached_property
    def _where(self) -> dict[str, int]:
        """Id -> position of the rows that are there."""
        names = (name for chunk in self._chunks for name in chunk.ids.tolist())
        return {name.decode(): position for position, name in enumerate(names) if not self._dead[position]}

    # --- what is checked

    def _checked(self, vectors: Vectors, count: int | None) -> Vectors:
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        if vectors.ndim != 2 or vectors.shape[1] != self.dimensions or count not in (None, len(vectors)):
            wanted = f"({'m' if count is None else count}, {self.dimensions})"
            raise ValueError(f"vectors of shape {vectors.shape}, not {wanted}")
        if not np.isfinite(vectors).all():
            raise ValueError(f"vector {int(np.argmin(np.isfinite(vectors).all(axis=1)))} holds NaN or infinity")
        return vectors

    def _check_ids(self, ids: Sequence[str]) -> None:
        for name in ids:
            if not name or name.endswith("\0"):
                raise ValueError(f"{name!r} cannot be an id: it is empty or ends in NUL")
            if name in self._where:
                raise ValueError(f"{name} is in the index already")
        if len(set(ids)) < len(ids):
            raise ValueError(f"{Counter(ids).most_common(1)[0][0]} occurs twice")

    # --- files

    def _commit(self) -> None:
        if self._folder is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        numbers = [chunk.number for chunk in self._chunks]
        before = self._files
        names = [f"{kind}-{number}.{'f32' if kind == 'vectors' else 'npy'}"
                 for number in numbers for kind in ("ids", "starts", "vectors")]  # fmt: skip
        cells = removed = ""
        if self._cells is not None:
            cells = f"cells-{self._cells_number}.npy"
            if cells not in before:
                _save(self._folder / cells, self._cells)
            names.append(cells)
        if self._dead.any():
            removed = f"removed-{self._number()}.npy"
            _save(self._folder / removed, np.flatnonzero(self._dead))
            names.append(removed)
        manifest = {
            "format": _FORMAT,
            "dimensions": self.dimensions,
            "chunks": [{"number": chunk.number, "rows": len(chunk.ids)} for chunk in self._chunks],
            "cells": cells,
            "removed": removed,
            "trained_on": self._trained_on,
            "probes": [[threshold, count] for threshold, count in sorted(self._probes.items())],
            "files": {name: before.get(name) or _digest(self._folder / name) for name in names},
        }
        draft = self._folder / f"{_MANIFEST}.draft"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(manifest, file, indent=1)
            file.write("\n")
            _sync(file)
        draft.replace(self._folder / _MANIFEST)
        _sync_folder(self._folder)
        for path in self._folder.iterdir():
            if path.name != _MANIFEST and path.name not in manifest["files"] and _number_of(path):
                path.unlink()
        self._files = manifest["files"]

    def _load(self) -> None:
        folder = self._folder
        assert folder is not None
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != _FORMAT:
            raise ValueError(f"format {manifest['format']}, not {_FORMAT}")
        if manifest["dimensions"] != self.dimensions:
            raise ValueError(f"vectors of length {manifest['dimensions']}, not {self.dimensions}")
        for name, digest in manifest["files"].items():
            if not name.startswith("vectors-") and _digest(folder / name) != digest:
                raise ValueError(f"{name} is not what was written")
        if manifest["cells"]:
            self._cells = np.load(folder / manifest["cells"], allow_pickle=False)
            self._cells_number = _number_of(folder / manifest["cells"])
        for entry in manifest["chunks"]:
            number, rows = entry["number"], entry["rows"]
            path = folder / f"vectors-{number}.f32"
            if path.stat().st_size != 4 * rows * self.dimensions:
                raise ValueError(f"{path.name} has {path.stat().st_size} bytes, not {4 * rows * self.dimensions}")
            self._chunks.append(
                _Chunk(
                    ids=np.load(folder / f"ids-{number}.npy", allow_pickle=False),
                    vectors=_mapped(path, (rows, self.dimensions)),
                    starts=np.load(folder / f"starts-{number}.npy", allow_pickle=False),
                    number=number,
                )
            )
        self._dead = np.zeros(sum(len(chunk.ids) for chunk in self._chunks), dtype=bool)
        if manifest["removed"]:
            self._dead[np.load(folder / manifest["removed"], allow_pickle=False)] = True
        self._trained_on = manifest["trained_on"]
        self._probes = {float(threshold): int(count) for threshold, count in manifest["probes"]}
        self._files = manifest["files"]
        self._next = 1 + max(map(_number_of, folder.iterdir()), default=0)


def _stretches(start: int, end: int) -> Iterable[tuple[int, int]]:
    for begin in range(start, end, _COLUMNS):
        yield begin, min(end, begin + _COLUMNS)


def _blocks_of_columns(pieces: Sequence[tuple[int, Vectors]]) -> Iterable[tuple[Positions, Vectors]]:
    """Pieces (position of the first row, rows) put together up to the size of a block, with the rows' positions."""
    held: list[tuple[int, Vectors]] = []
    for piece in [*pieces, None]:
        if held and (piece is None or sum(len(rows) for _, rows in held) + len(piece[1]) > _COLUMNS):
            positions = [np.arange(first, first + len(rows)) for first, rows in held]
            if len(held) == 1:
                yield positions[0], np.asarray(held[0][1])
            else:
                yield np.concatenate(positions), np.concatenate([rows for _, rows in held])
            held = []
        if piece is not None and len(piece[1]):
            held.append(piece)


def _best_of_each(group: Positions, values: Vectors, cap: int) -> Positions:
    """Indices of the `cap` greatest values of each group, groups in order, the greatest first."""
    order = np.lexsort((-values, group))
    sorted_group = group[order]
    first = np.searchsorted(sorted_group, sorted_group)
    return order[np.arange(len(order)) - first < cap]


def _by_all_cores(task: Callable[[list[Any]], list[Any]], work: list[Any], products: int) -> list[Any]:
    """What a task returns for all the work, in some order that depends on the number of cores alone.

    The BLAS that comes with numpy splits every product among all cores, and where these are busy its threads wait for
    each other: on two shared cores the products of a search took 4.6 s of processor time instead of 1.0 s. So each
    product is left to one core, and each core gets a share of the products, unless there are few.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    shares = 4 * cores if products > _FEW and cores > 1 else 1
    with threadpool_limits(1, user_api="blas"):
        if shares == 1:
            return task(work)
        with ThreadPoolExecutor(cores) as workers:
            parts = workers.map(task, (work[share::shares] for share in range(shares)))
            return [found for part in parts for found in part]


def _faiss() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # faiss's SWIG types warn at import on Python 3.12 and later
        import faiss
    return faiss


def _mapped(path: Path, shape: tuple[int, int]) -> Vectors:
    # the operating system maps no empty file
    return np.memmap(path, dtype="<f4", mode="r", shape=shape) if shape[0] else np.empty(shape, dtype=np.float32)


def _number_of(path: Path) -> int:
    """The number in the name of one of our files; 0 for any other, which is left alone."""
    kind, _, rest = path.name.partition("-")
    number = rest.split(".")[0]
    ours = kind in ("vectors", "ids", "starts", "cells", "removed") and number.isdecimal() and number.isascii()
    return int(number) if ours else 0


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _save(path: Path, array: NDArray[Any]) -> None:
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)
        _sync(file)


def _sync(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened, and needs no syncing
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
