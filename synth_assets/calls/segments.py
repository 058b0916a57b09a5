"""The segments of a folder of calls: Parquet, written once, merged into larger ones, with what is known of each.

`compact` merges small segments into `000-merged-<hash>`, whose own metadata names what it stands for: with the rename
that puts it there, every reader leaves those out, journals of their names included. They are removed afterwards; a
crash at any moment leaves at most files that nobody reads, which the next compaction removes.
"""

import fcntl
import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from synth_assets.calls.disk import locked, sync_file, write_whole
from synth_assets.calls.record import SCHEMA, Compacted, in_order
from synth_assets.calls.sums import SUM_COLUMNS, SUM_SCHEMA, holds_any, keys_of, sum_up

EMPTY = "000-empty"
MERGED = "000-merged"

# A reader of one candidate reads one of these; smaller ones cost more than they save.
ROWS_PER_GROUP = 1_024
# Segments of half this size and more are left as they are: a merge reads what it merges into memory.
MERGED_BYTES = 32 * 2**20
# What files of keys are called; whoever changes how they are made (`keys_of`) counts the number up, because keys of
# another making look like those of a segment without calls.
_KEYS = ".1.keys"
_STANDS_FOR = "stands_for"
_PATIENCE_S = 10.0
# A folder that was changed longer ago than this when it was listed is known by its time: a change in the same tick of
# the file system's clock as the one before would not show.
_SETTLED_NS = 60 * 10**9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Listing:
    """The segments that count; and the names of journals that are folded, into their own or into merged ones."""

    segments: list[Path]
    folded: frozenset[str]


class Segments:
    """The segments of a folder of calls; any number of processes may have one on it.

    Readers that list the folder and then open what they found (a SQL view) must not lose a file in between: `guard`
    is held while files go, and such readers hold the same.
    """

    def __init__(self, folder: Path, guard: Callable[[], AbstractContextManager[None]]) -> None:
        self.place = folder / "segments"
        self._folder = folder
        self._guard = guard
        self._keys = folder / "keys"
        self._known_keys: dict[str, tuple[int, Any]] = {}
        self._known_merged: dict[str, frozenset[str]] = {}
        self._listed: tuple[int, Listing] | None = None
        self._index: tuple[Listing, Any, Any] | None = None

    def prepare(self, lock: Path) -> None:
        """Leave the empty segment; segments of before a column was added get it, without a value."""
        self.place.mkdir(exist_ok=True)
        empty = self.place / f"{EMPTY}.parquet"
        if empty.exists() and pl.read_parquet_schema(empty) == SCHEMA:
            return
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            for path in self.files():
                if path != empty and pl.read_parquet_schema(path) != SCHEMA:
                    frame = pl.scan_parquet(path, schema=SCHEMA, missing_columns="insert").collect()
                    _write(frame, path, stands_for=_stands_for(path))
            _write(pl.DataFrame(schema=SCHEMA), empty)  # last: it says that all have the columns

    def files(self) -> list[Path]:
        """Every segment that is there, leftovers too."""
        # by names: there are thousands, and comparing paths costs ten times as much
        return [self.place / name for name in sorted(os.listdir(self.place)) if name.endswith(".parquet")]

    def listing(self) -> Listing:
        """The segments that count. It is told again as it was for as long as nothing has changed in the folder."""
        changed = os.stat(self.place).st_mtime_ns
        known = self._listed  # once: other threads of the audit page list too
        if known is not None and known[0] == changed:
            return known[1]
        began = time.time_ns()
        paths = {path.name.removesuffix(".parquet"): path for path in self.files()}
        replaced = self.replaced(list(paths.values()))
        segments = [path for name, path in paths.items() if name not in replaced]
        listing = Listing(segments=segments, folded=frozenset(paths.keys() | replaced))
        self._listed = (changed, listing) if began - changed >= _SETTLED_NS else None
        return listing

    def write(self, name: str, frame: pl.DataFrame) -> None:
        """Write the calls of a journal, and note what they come to."""
        frame = in_order(frame)
        _write(frame, self.place / f"{name}.parquet")
        self.note_sums(name, frame)

    def replaced(self, segments: list[Path]) -> frozenset[str]:
        """The names that merged segments stand for; whatever else bears them is a leftover."""
        replaced: frozenset[str] = frozenset()
        for path in segments:
            if path.name.startswith(f"{MERGED}-"):
                if path.stem not in self._known_merged:
                    self._known_merged[path.stem] = _stands_for(path)
                replaced |= self._known_merged[path.stem]
        return replaced

    def is_folded(self, name: str) -> bool:
        """Whether the journal of this name has its segment, by itself or in a merged one."""
        if (self.place / f"{name}.parquet").exists():
            return True
        with self.reading():
            return name in self.replaced(list(self.place.glob(f"{MERGED}-*.parquet")))

    @contextmanager
    def reading(self) -> Iterator[None]:
        """No segment that is listed within the block goes before its end."""
        with (self._folder / "readers.lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            yield

    @contextmanager
    def kept_still(self, *, wait: bool = True) -> Iterator[None]:
        """Keep compaction out for as long as the block runs, for who copies segments; new ones may still come.

        Raises BlockingIOError where somebody else holds it and `wait` is False.
        """
        with (self._folder / "compact.lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            yield

    # --- what is known of each

    def known_sums(self) -> dict[str, list[dict[str, Any]]]:
        """Name of a segment -> what it comes to (rows of `SUM_SCHEMA`), where that was noted."""
        known: dict[str, list[dict[str, Any]]] = {}
        path = self._folder / "sums.jsonl"
        if path.exists():
            for line in path.read_bytes().splitlines():
                with suppress(ValueError, KeyError, TypeError):  # a line torn by a crash is summed up anew
                    entry = json.loads(line)
                    known[entry["segment"]] = entry["sums"]
        return known

    def sums(self, segments: list[Path], known: dict[str, list[dict[str, Any]]]) -> pl.DataFrame:
        """What these segments come to, a frame of `SUM_SCHEMA`; what was not noted is summed up, and noted."""
        rows: list[dict[str, Any]] = []
        for segment in segments:
            if segment.stem != EMPTY:
                sums = known.get(segment.stem)
                if sums is None:
                    sums = self.note_sums(segment.stem, pl.read_parquet(segment, columns=SUM_COLUMNS))
                rows.extend(sums)
        return pl.DataFrame(rows, schema=SUM_SCHEMA, orient="row")

    def note_sums(self, segment: str, frame: pl.DataFrame) -> list[dict[str, Any]]:
        """Note what a segment comes to; gives it."""
        sums = sum_up(frame).to_dicts()
        line = json.dumps({"segment": segment, "sums": sums}, ensure_ascii=False).encode() + b"\n"
        fd = os.open(self._folder / "sums.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(fd, line)  # not synced: what is lost is summed up again
        finally:
            os.close(fd)
        return sums

    def holding(self, listing: Listing, candidate_ids: set[str]) -> list[Path]:
        """The segments that may hold calls of these candidates; one in 2**64 of the others is taken for such."""
        import numpy as np

        wanted = keys_of(candidate_ids)
        index = self._index
        if index is not None and index[0] is listing:
            _, keys, places = index
            first, last = np.searchsorted(keys, wanted, "left"), np.searchsorted(keys, wanted, "right")
            found = {int(place) for begin, end in zip(first, last, strict=True) for place in places[begin:end]}
            return [listing.segments[place] for place in sorted(found)]
        segments = listing.segments
        holding = []
        made = False
        for segment in segments:
            name = segment.name.removesuffix(".parquet")
            if name == EMPTY:
                continue
            written = os.stat(segment).st_mtime_ns
            known = self._known_keys.get(name)
            if known is None or known[0] != written:
                path = self._keys / f"{name}{_KEYS}"
                # a segment is written again when a column is added, and keys that are older may be of another one
                if not path.exists() or path.stat().st_mtime_ns < written:
                    self._note_keys(name, pl.read_parquet(segment, columns=["candidate_id"]))
                    made = True
                known = self._known_keys[name] = (written, np.fromfile(path, dtype="<u8"))
            if holds_any(known[1], wanted):
                holding.append(segment)
        if made:
            noted = list(self._keys.glob("*.keys"))  # before the segments: what comes meanwhile stays
            standing = {f"{segment.stem}{_KEYS}" for segment in self.files()}
            for path in noted:
                if path.name not in standing:  # merged into another segment since, or of another making
                    path.unlink(missing_ok=True)
                    self._known_keys.pop(path.name.removesuffix(_KEYS), None)
        known_listing = self._listed
        if known_listing is not None and known_listing[1] is listing:  # it will be asked of again
            self._index = (listing, *self._indexed(segments))
        return holding

    def _indexed(self, segments: list[Path]) -> tuple[Any, Any]:
        """The keys of all segments, sorted, and the places in the list of those that hold them."""
        import numpy as np

        known = [self._known_keys.get(path.name.removesuffix(".parquet")) for path in segments]
        keys = [np.empty(0, dtype="<u8") if each is None else each[1] for each in known]
        every = np.concatenate(keys) if keys else np.empty(0, dtype="<u8")
        places = np.repeat(np.arange(len(keys), dtype=np.int32), [len(each) for each in keys])
        order = np.argsort(every, kind="stable")
        return every[order], places[order]

    def _note_keys(self, segment: str, frame: pl.DataFrame) -> None:
        path = self._keys / f"{segment}{_KEYS}"
        self._keys.mkdir(exist_ok=True)
        temporary = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
        # synced, because half a file after a power loss would hide calls
        write_whole(temporary, keys_of(frame.get_column("candidate_id").unique()).tobytes())
        temporary.replace(path)

    # --- merging

    def compact(self, most_bytes: int, journals: Callable[[], frozenset[str]]) -> Compacted:
        """Merge small segments, but for those beside which a journal of their name stands. Under `kept_still`."""
        for torn in self.place.glob(f"{MERGED}-*.tmp"):  # of a compaction that died
            torn.unlink()
        segments = [path for path in self.files() if path.stem != EMPTY]
        replaced = self.replaced(segments)
        leftovers = [path for path in segments if path.stem in replaced]
        standing = journals()
        small = [
            path for path in segments if path.stem not in replaced | standing and path.stat().st_size < most_bytes // 2
        ]
        done = Compacted()
        for group in _groups(small, most_bytes):
            frame = pl.concat([pl.read_parquet(path, schema=SCHEMA) for path in group])
            names = frozenset(path.stem for path in group)
            target = self.place / f"{MERGED}-{_short_hash(names)}.parquet"
            stands_for = names.union(*(self.replaced([path]) for path in group))
            _write(in_order(frame), target, stands_for=stands_for)
            self.note_sums(target.stem, frame)
            leftovers += group
            done = Compacted(
                merged=done.merged + len(group),
                into=done.into + 1,
                calls=done.calls + frame.height,
                bytes_before=done.bytes_before + sum(path.stat().st_size for path in group),
                bytes_after=done.bytes_after + target.stat().st_size,
            )
        left = self._remove(leftovers)
        if done.into and not left:
            self._forget_sums()
        return replace(done, left=left)

    def _remove(self, leftovers: list[Path]) -> int:
        """Remove segments that merged ones stand for, once nobody reads them; how many had to stay."""
        if not leftovers:
            return 0
        end = time.monotonic() + _PATIENCE_S
        with self._guard(), (self._folder / "readers.lock").open("ab") as file:
            while not locked(file.fileno()):
                if time.monotonic() > end:
                    return len(leftovers)
                time.sleep(0.005)
            for path in leftovers:
                path.unlink(missing_ok=True)
        sync_file(self.place)
        return 0

    def _forget_sums(self) -> None:
        """Drop the sums of segments that are gone; a sum noted meanwhile is lost, and summed up again."""
        path = self._folder / "sums.jsonl"
        standing = {segment.stem for segment in self.files()}
        kept = []
        for line in path.read_bytes().splitlines(keepends=True):
            with suppress(ValueError, KeyError, TypeError):  # a line torn by a crash is summed up anew
                if json.loads(line)["segment"] in standing:
                    kept.append(line)
        fresh = path.with_suffix(".new")
        write_whole(fresh, b"".join(kept))
        fresh.replace(path)


def _groups(paths: list[Path], most_bytes: int) -> Iterator[list[Path]]:
    """The segments in groups of two or more that come to about `most_bytes` each."""
    group: list[Path] = []
    size = 0
    for path in paths:
        if size + path.stat().st_size > most_bytes:
            if len(group) > 1:
                yield group
            group, size = [], 0
        group.append(path)
        size += path.stat().st_size
    if len(group) > 1:
        yield group


def _stands_for(path: Path) -> frozenset[str]:
    """The segments that a merged one holds the calls of; none for every other."""
    return frozenset(json.loads(pl.read_parquet_metadata(path).get(_STANDS_FOR, "[]")))


def _short_hash(names: frozenset[str]) -> str:
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:16]


def _write(frame: pl.DataFrame, path: Path, *, stands_for: Collection[str] = ()) -> None:
    # One name a segment, so that what a crash left is written over; whoever writes it holds the journal's lock, or the
    # one on compaction.
    temporary = path.with_name(f"{path.name}.tmp")
    metadata = {_STANDS_FOR: json.dumps(sorted(stands_for))} if stands_for else None
    frame.write_parquet(temporary, compression="zstd", row_group_size=ROWS_PER_GROUP, metadata=metadata)
    sync_file(temporary)
    temporary.replace(path)
    sync_file(path.parent)
