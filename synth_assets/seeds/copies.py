"""Finds the copies among sections, exact and near, in bounded memory: all pairs, no sample of hashes.

Near copies share at least 4/5 of all their different five-word shingles (Jaccard index 0.8). Two sets that share 4/5 of
their union share one of the rarest n - ceil(4n/5) + 1 elements of each: a join by prefix filter (Chaudhuri, Ganti,
Kaushik 2006). So only those few are looked up, and among them only shingles that stand in more than one text, of which
few articles have enough. What is looked up has as many of them in common as near copies must, or is passed over; the
rest is compared whole.

A signature has four bytes a word, which for five gigabytes of articles are two: they stand in a temporary file. Memory
holds 40 bytes a section, a table of 64 MB that tells which sections may have a near copy at all, of those alone the
shingles that stand in several, and the 256th part of all while they are found.
"""

import tempfile
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NamedTuple

import numpy

NEAR_COPY = (4, 5)
EXACT_BYTES = 16
SPOOLED_BYTES = 32 << 20  # signatures that need no file
_PARTS_BITS = 8
CHUNK_BYTES = 2 << 20
_MOST_MARKS_BITS = 26  # 64 MB


class Copy(NamedTuple):
    """A section that is a copy, and the kept one that it copies, both by the order they were added in, from 0."""

    place: int
    reason: str
    copy_of: int


class CopyFinder:
    """Takes signatures one by one, those known to be kept first, and then names the copies. A context manager.

    A signature is `EXACT_BYTES` that equal texts share, then the hashes of the text's different shingles as ascending
    little-endian 32-bit numbers. Copies are sought within a language; of several, the known or else the first is kept.

    Args:
        folder: where the temporary file is made.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._file = tempfile.SpooledTemporaryFile(max_size=SPOOLED_BYTES, dir=folder)  # noqa: SIM115
        self._ends = array("Q", [0])  # in the file, of the shingles
        self._keys = bytearray()
        self._languages = array("H")
        self._codes: dict[str, int] = {}
        self._known = 0

    def __enter__(self) -> "CopyFinder":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._languages)

    def add(self, signature: bytes, language: str, *, is_known: bool) -> None:
        """Another section.

        Raises:
            ValueError: a known one after one that is not.
        """
        self.add_all([signature], [language], is_known=is_known)

    def add_all(self, signatures: Sequence[bytes], languages: Sequence[str], *, is_known: bool) -> None:
        """Other sections, each with its language.

        Raises:
            ValueError: known ones after one that is not.
        """
        if is_known and self._known < len(self):
            raise ValueError("sections that are known are added first")
        self._known += len(signatures) if is_known else 0
        self._keys += b"".join([signature[:EXACT_BYTES] for signature in signatures])
        self._languages.extend([self._codes.setdefault(language, len(self._codes)) for language in languages])
        self._file.write(b"".join([signature[EXACT_BYTES:] for signature in signatures]))
        sizes = [len(signature) - EXACT_BYTES for signature in signatures]
        self._ends.extend(islice(accumulate(sizes, initial=self._ends[-1]), 1, None))

    def copies(self) -> Iterator[Copy]:
        """The copies among those that are not known, in their order."""
        keys = numpy.frombuffer(bytes(self._keys), dtype=f"V{EXACT_BYTES}")
        several = _several_times(keys, numpy.asarray(self._languages))
        similar = self._perhaps_similar(self._marks())
        values, frequencies = self._shared(similar)
        exact: dict[tuple[int, bytes], int] = {}
        postings: dict[tuple[int, int], array[int]] = defaultdict(lambda: array("q"))
        for place, own in self._each(several | similar):
            language = self._languages[place]
            is_known = place < self._known
            key = (language, bytes(keys[place])) if several[place] else None
            if key in exact and not is_known:
                yield Copy(place, "exact_copy", exact[key])
                continue
            prefix = _prefix(own, values, frequencies) if similar[place] else []
            if not is_known and prefix and (near := self._nearest(own, language, prefix, postings)) is not None:
                yield Copy(place, "near_copy", near)
                continue
            if key is not None:
                exact.setdefault(key, place)
            for shingle in prefix:
                postings[language, shingle].append(place)

    def _each(self, asked: numpy.ndarray) -> Iterator[tuple[int, numpy.ndarray]]:
        """The sections that are asked for, in their order, with their shingles."""
        for first, last in self._chunks():
            places = numpy.flatnonzero(asked[first:last])
            if len(places):
                chunk, bounds = self._read(first, last), self._bounds(first, last)
                for place, start, stop in zip(
                    (places + first).tolist(), bounds[places].tolist(), bounds[places + 1].tolist(), strict=True
                ):
                    yield place, chunk[start:stop]

    def _perhaps_similar(self, marks: numpy.ndarray) -> numpy.ndarray:
        """Which sections have so many marked shingles that there may be a near copy; of all others there is none."""
        similar = numpy.zeros(len(self), dtype=bool)
        for first, last in self._chunks():
            chunk, bounds = self._read(first, last), self._bounds(first, last)
            marked = numpy.concatenate(([0], numpy.cumsum(marks[chunk & numpy.uint32(len(marks) - 1)])))
            shared = marked[bounds[1:]] - marked[bounds[:-1]]
            sizes = numpy.diff(bounds)
            similar[first:last] = (sizes > 0) & (_looked_up(sizes, sizes - shared) > 0)
        return similar

    def _chunks(self) -> Iterator[tuple[int, int]]:
        """The sections from one to before another, a few megabytes of shingles at a time."""
        first, count = 0, len(self)
        while first < count:
            last = max(first + 1, bisect_right(self._ends, self._ends[first] + CHUNK_BYTES, first, count + 1) - 1)
            yield first, last
            first = last

    def _read(self, first: int, last: int) -> numpy.ndarray:
        self._file.seek(self._ends[first])
        return numpy.frombuffer(self._file.read(self._ends[last] - self._ends[first]), dtype="<u4")

    def _bounds(self, first: int, last: int) -> numpy.ndarray:
        """Where the shingles of each of these sections begin among those of all of them, and the last one's end."""
        ends = numpy.asarray(self._ends[first : last + 1])
        return (ends - ends[0]).astype(numpy.int64) // 4

    def _marks(self) -> numpy.ndarray:
        """A table in which the place of every shingle of more than one section is marked, by its last bits, so that
        others are marked too.

        The shingles themselves are not held: in five gigabytes of articles, twenty million of them are two different
        ones with the same hash. To look one up among so many takes a third of a microsecond, here a few nanoseconds.
        """
        size = 1 << min(_MOST_MARKS_BITS, max(10, (self._ends[-1] // 4).bit_length()))
        marks = numpy.zeros(size, dtype=bool)
        for together in self._parts(numpy.ones(len(self), dtype=bool)):
            again = together[1:][together[1:] == together[:-1]]
            marks[again & numpy.uint32(size - 1)] = True
        return marks

    def _shared(self, chosen: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        """The shingles of more than one of the chosen sections, ascending, and of how many."""
        values, frequencies = [numpy.empty(0, dtype="<u4")], [numpy.empty(0, dtype="<u4")]
        for together in self._parts(chosen):
            starts = numpy.flatnonzero(numpy.concatenate(([True], together[1:] != together[:-1])))[: len(together)]
            counts = numpy.diff(starts, append=len(together))
            values.append(together[starts[counts > 1]])
            frequencies.append(counts[counts > 1].astype("<u4"))
        return numpy.concatenate(values), numpy.concatenate(frequencies)

    def _parts(self, chosen: numpy.ndarray) -> Iterator[numpy.ndarray]:
        """All shingles of the chosen sections, ascending, a part of them at a time.

        They are put apart by their first bits, and then sorted where the processor's own memory holds them: a quarter
        of what it takes to sort all together, and none of it is held.
        """
        bits = _PARTS_BITS if self._ends[-1] > CHUNK_BYTES else 0
        with tempfile.SpooledTemporaryFile(max_size=SPOOLED_BYTES, dir=self._folder) as apart:
            places = []
            for first, last in self._chunks():
                if (asked := chosen[first:last]).any():
                    chunk = self._read(first, last)
                    if not asked.all():
                        chunk = chunk[numpy.repeat(asked, numpy.diff(self._bounds(first, last)))]
                    places.append(self._write_apart(apart, chunk, bits))
            for part in range(1 << bits if places else 0):
                together = numpy.concatenate([_read_at(apart, each[part], each[part + 1]) for each in places])
                together.sort()
                yield together

    def _write_apart(self, file: IO[bytes], chunk: numpy.ndarray, bits: int) -> "array[int]":
        """Appends a chunk part by part; where each part begins and the last ends."""
        begin = file.tell()
        sizes = [len(chunk)]
        if bits:
            parts = (chunk >> numpy.uint32(32 - bits)).astype(numpy.uint8)
            chunk = chunk[numpy.argsort(parts, kind="stable")]
            sizes = numpy.bincount(parts, minlength=1 << bits).tolist()
        file.write(chunk.data)
        return array("Q", [begin + 4 * size for size in accumulate(sizes, initial=0)])

    def _nearest(
        self, own: numpy.ndarray, language: int, prefix: list[int], postings: dict[tuple[int, int], "array[int]"]
    ) -> int | None:
        """The kept section that shares most shingles with this one, the first of equals; None below 4/5.

        What of two prefixes is the same is all that the two sections share up to where the first of them ends. So the
        sections have in common no more than that and what the longer one has after its prefix; of texts that were made
        from one pattern, most are told apart by it.
        """
        found = [places for shingle in prefix if (places := postings.get((language, shingle))) is not None]
        if not found:
            return None
        others, in_both = numpy.unique(numpy.concatenate(found), return_counts=True)
        ends = numpy.asarray(self._ends)
        sizes = ((ends[others + 1] - ends[others]) // 4).astype(numpy.int64)
        least = -(-(len(own) + sizes) * NEAR_COPY[0] // sum(NEAR_COPY))
        longer = numpy.maximum(len(own), sizes)
        may_be = in_both + _after_prefix(longer) >= least
        may_be &= numpy.minimum(len(own), sizes) * NEAR_COPY[1] >= longer * NEAR_COPY[0]
        best: tuple[float, int] | None = None
        for other, size in zip(others[may_be].tolist(), sizes[may_be].tolist(), strict=True):
            theirs = self._read(other, other + 1)
            at = numpy.searchsorted(own, theirs)
            common = int((own[numpy.minimum(at, len(own) - 1)] == theirs).sum())
            union = len(own) + size - common
            if common * NEAR_COPY[1] >= union * NEAR_COPY[0] and (best is None or common / union > best[0]):
                best = common / union, other
        return None if best is None else best[1]


def _read_at(file: IO[bytes], start: int, stop: int) -> numpy.ndarray:
    file.seek(start)
    return numpy.frombuffer(file.read(stop - start), dtype="<u4")


def _several_times(keys: numpy.ndarray, languages: numpy.ndarray) -> numpy.ndarray:
    """Which keys stand there more than once within their language."""
    if not len(keys):
        return numpy.zeros(0, dtype=bool)
    halves = keys.view("<u8").reshape(-1, EXACT_BYTES // 8)
    order = numpy.lexsort((halves[:, 0], halves[:, 1], languages))
    halves, languages = halves[order], languages[order]
    same = (halves[1:] == halves[:-1]).all(axis=1) & (languages[1:] == languages[:-1])
    found = numpy.zeros(len(keys), dtype=bool)
    found[order[1:][same]] = True
    found[order[:-1][same]] = True
    return found


def _looked_up(count: Any, alone: Any) -> Any:
    """Of so many shingles, of which some stand in no other text, how many a near copy must share one of."""
    return count - _after_prefix(count) - alone


def _after_prefix(count: Any) -> Any:
    """How many of so many shingles stand after those that a near copy must share one of."""
    return -(-NEAR_COPY[0] * count // NEAR_COPY[1]) - 1


def _prefix(own: numpy.ndarray, values: numpy.ndarray, frequencies: numpy.ndarray) -> list[int]:
    """The shingles that a near copy must share one of, rarest first; those of no other text need no mention."""
    if not len(own) or not len(values):
        return []
    places = numpy.minimum(numpy.searchsorted(values, own), len(values) - 1)
    found = values[places] == own
    alone = int(len(own) - found.sum())
    looked_up = _looked_up(len(own), alone)
    if looked_up <= 0:
        return []
    rarest = numpy.lexsort((own[found], frequencies[places[found]]))[:looked_up]
    return own[found][rarest].tolist()
