"""Where rows stand in tables of millions: the places of those that bear a number.

Ids are hashes, so no statistics of a table say where one stands, and an index on a growing table costs each writer more
than the write. So every row bears a number made of its candidate's id, 24 bits of a hash: among a million rows all
numbers are read in 6 ms, all ids in 50. One stranger in 16 million bears the same, and is told by its id.

DuckDB takes as long to look a number up as to hand all of them over, and a trace looks into twelve tables. So a process
keeps the numbers that it read for as long as the database is not written (`Transaction.version`); what it keeps is
bounded, and what it does not keep is read again.
"""

import hashlib
import threading
from collections.abc import Collection, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from synth_assets.warehouse import Transaction, sql

# 256 MB once all of them are sorted. A warehouse of a million candidates has 15 million.
MOST_KEPT = 32_000_000
_PATIENCE = 2

# What else bears a number, and how it is made of what stands in a row: by the name that it has here.
_OF_CANDIDATE = "candidate_key"
_NUMBERS = {
    "candidates of a section": ("candidates", "(section_key >> 32)::integer"),
    "sections": ("sections", "(section_key >> 32)::integer"),
    "replacements": ("candidates", "(hash(replaces) >> 33)::integer"),
    "duplicates of a keeper": ("duplicates", "(hash(keeper_id) >> 33)::integer"),
    "articles": ("seed_corpus", "(hash(seed_id) >> 33)::integer"),
}


# One at a time, beside the traces: fifteen at once would take their cores from them.
_sorter = ThreadPoolExecutor(1, "sorting-places")


def wait_for_sorting() -> None:
    """Wait until all numbers are sorted that were to be by now."""
    _sorter.submit(int).result()


class _Borne:
    """The numbers that rows bear, and their places where these are not just their positions.

    To look through a million takes 0.5 to 2.5 ms, to find one among sorted ones nothing, to sort them 12 to 40. So they
    are sorted when they have been asked for a few times, and `patience` says how many: what is read anew after every
    write is never sorted. No trace waits for it: another thread sorts.
    """

    def __init__(self, frame: pl.DataFrame, patience: int) -> None:
        self._numbers: pl.Series | None = frame["number"].fill_null(-1).rechunk()  # no number is negative
        self._length = frame.height
        self._places = frame["place"].to_numpy() if "place" in frame.columns else None
        self._patience = patience
        self._sorted = np.empty(0, np.int64)
        self._begun = threading.Lock()  # never let go: it is done once
        self._sorting: Future[np.ndarray] | None = None

    def __len__(self) -> int:
        return self._length

    def places(self, numbers: Collection[int]) -> list[int]:
        """The places of rows that bear one of the numbers, in the order of the rows."""
        self._patience -= 1
        unsorted = self._numbers
        if unsorted is not None and self._patience < 0 and self._begun.acquire(blocking=False):
            self._sorting = _sorter.submit(_in_order, unsorted.to_numpy())
        if unsorted is not None and self._sorting is not None and self._sorting.done():
            self._sorted = self._sorting.result()
            self._numbers = unsorted = None
        at = _among_sorted(self._sorted, numbers) if unsorted is None else _among_all(unsorted, numbers)
        return (at if self._places is None else self._places[at]).tolist()


def _in_order(numbers: np.ndarray) -> np.ndarray:
    """The numbers above, their positions below, sorted."""
    return np.sort(numbers.astype(np.int64) << 32 | np.arange(len(numbers)))


def _among_all(borne: pl.Series, numbers: Collection[int]) -> np.ndarray:
    if len(numbers) == 1:
        return np.flatnonzero(borne.to_numpy() == next(iter(numbers)))
    return borne.is_in(list(numbers)).arg_true().to_numpy()


def _among_sorted(borne: np.ndarray, numbers: Collection[int]) -> np.ndarray:
    sought = np.fromiter(set(numbers), np.int64)
    begin, end = (np.searchsorted(borne, each).tolist() for each in (sought << 32, (sought + 1) << 32))
    found = [place for low, high in zip(begin, end, strict=True) if low < high for place in borne[low:high].tolist()]
    return np.sort(np.array(found, np.int64) & 0xFFFF_FFFF)


@dataclass(slots=True)
class _Kept:
    """The numbers of one version of one database, by what bears them."""

    version: str = ""
    borne: dict[str, _Borne] = field(default_factory=dict)
    numbers: int = 0


_kept = _Kept()


def places_of(open_: Transaction, what: str, numbers: Collection[int]) -> list[int]:
    """The places (`rowid`) of the rows that bear one of these numbers, in their order; good for this reading.

    Args:
        what: a table whose rows bear their candidate's number, "sections" or "candidates of a section".
        numbers: `numbers_of_candidates` or `numbers_of_sections`.
    """
    return _borne(open_, what).places(numbers)


def places_naming(open_: Transaction, what: str, ids: Collection[str]) -> list[int]:
    """The places of the rows that may name one of these ids: "replacements" of candidates, "duplicates of a keeper", or
    "articles" by their seed ids."""
    return places_of(open_, what, [row["number"] for row in open_.rows("audit/hash_numbers", ids=ids)]) if ids else []


def numbers_of_candidates(candidate_ids: Iterable[str]) -> list[int]:
    """The numbers of candidates: the highest 24 of the lower 64 bits of the MD5 of their ids' first 16 letters, as
    `sql/transforms/insert_candidates` makes them."""
    return [_lower_half(each[:16]) >> 40 for each in candidate_ids]


def numbers_of_sections(section_ids: Iterable[str]) -> list[int]:
    """The numbers of sections: the highest 31 of the lower 64 bits of their ids' MD5, as
    `sql/transforms/insert_sections` makes them."""
    return [_lower_half(each) >> 33 for each in section_ids]


def _lower_half(text: str) -> int:
    """DuckDB's `md5_number_lower`."""
    return int.from_bytes(
        hashlib.md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()[8:], "little"
    )


def _borne(open_: Transaction, what: str) -> _Borne:
    global _kept  # one a process, as the database is
    kept = _kept
    if kept.version != open_.version:
        kept = _kept = _Kept(version=open_.version)
    if what in kept.borne:
        return kept.borne[what]
    borne = _Borne(_read(open_, *_NUMBERS.get(what, (what, _OF_CANDIDATE))), patience=_PATIENCE)
    # of two threads that read the same, the second counts it twice: less is kept, nothing is wrong
    if open_.version and kept.numbers + len(borne) <= MOST_KEPT:
        kept.borne[what] = borne
        kept.numbers += len(borne)
    return borne


def _read(open_: Transaction, table: str, number: str) -> pl.DataFrame:
    def run(statement: str, place: str = "") -> pl.DataFrame:
        # table, number and place are words of this module, never data
        text = sql(statement).replace("{table}", table).replace("{number}", number).replace("{place}", place)
        return open_.connection.sql(text).pl()

    # a file gives rows in the order of their places, and unless some are gone these need not be read; a lake in any
    in_order = open_.version and len(set(run("audit/count_places").row(0))) == 1
    return run("audit/row_numbers", "" if in_order else ", rowid as place")
