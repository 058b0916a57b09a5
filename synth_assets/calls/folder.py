"""The calls of one machine: a journal a run, folded into Parquet segments, in a folder that all its processes share.

    <folder>/journal/<run_id>-<n>.jsonl       one JSON line a call, appended by one write; its owner holds a lock on it
    <folder>/segments/<run_id>-<n>.parquet    the same rows, append-only, made from the journal of the same name
    <folder>/sums.jsonl                       what each segment comes to, so that a budget need not read them all
    <folder>/keys/<segment>.1.keys            whose calls each segment holds, so that a trace need not read them all

The journal needs no repair to be read: a line counts when it ends in a newline. A journal whose segment stands is a
leftover of a crash between the two and is ignored by every reader. `000-empty` stands in both folders so that globs
over them always match something.
"""

import os
import re
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import BinaryIO

import polars as pl

from synth_assets.calls.disk import copy_whole, is_at, locked, sync_file, write_whole
from synth_assets.calls.journal import Journal, journal_files
from synth_assets.calls.lines import calls_for, parse, read_journal
from synth_assets.calls.log import CallLog
from synth_assets.calls.record import SCHEMA, BrokenLine, Call, Compacted, Folded, apart, calls_in, frame_of
from synth_assets.calls.segments import EMPTY, MERGED_BYTES, Listing, Segments
from synth_assets.calls.sums import (
    COST_COLUMNS,
    Spent,
    Tally,
    Totals,
    costs_in,
    spent_of,
    sum_up,
    totals_of,
)
from synth_assets.errors import WarehouseBroken

_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_TAKEN_ROWS = 10_000


class CallFolder(CallLog):
    """The calls of a folder, and the journal that this run appends to.

    Any number of processes may have one on the same folder, also with the same run_id. Readers that list the folder and
    then open what they found (a SQL view) must not lose a file in between: `guard` is held while a folded journal is
    removed, and such readers hold the same.

    Raises:
        WarehouseBroken: a file cannot be written or read; names it and the cause.
    """

    def __init__(
        self, folder: Path, run_id: str, *, guard: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> None:
        if not _RUN_ID.fullmatch(run_id):
            raise ValueError(f"run_id {run_id!r} must be letters, digits, '_', '.' and '-': it becomes a file name")
        self.folder = Path(folder)
        self.run_id = run_id
        self._guard = guard
        self._journals = self.folder / "journal"
        self._segments = Segments(self.folder, guard)
        self._journal = Journal(self._journals, run_id, self._segments.is_folded, self._fold_closed)
        self._fold_lock = threading.Lock()  # one fold at a time
        try:
            self._journals.mkdir(parents=True, exist_ok=True)
            empty = self._journals / f"{EMPTY}.jsonl"
            empty.touch()
            self._segments.prepare(empty)
        except OSError as error:
            raise WarehouseBroken(f"{self.folder}: cannot be written: {error}") from error
        except pl.exceptions.PolarsError as error:
            raise WarehouseBroken(
                f"{self._segments.place}: cannot be read: {error}; `synth-assets repair` moves what is damaged aside"
            ) from error

    # --- writing

    def append(self, call: Call) -> None:
        """Write one call as one line, whole or not at all. It survives a SIGKILL at once, power loss a second later."""
        self._journal.append(call)

    def fold(self) -> Folded:
        """Turn everything this object has appended so far into segments; later calls go to a new journal."""
        self._journal.rotate()
        return self._fold_closed()

    def recover(self) -> Folded:
        """Fold the journals whose owners are dead. Safe to call at any time, from any number of processes."""
        done = Folded()
        for path in journal_files(self._journals):
            try:
                fd = os.open(path, os.O_RDONLY)
            except FileNotFoundError:  # another process folded it just now
                continue
            try:
                if locked(fd) and is_at(fd, path):
                    done += self._fold_one(path)
            except OSError as error:
                raise WarehouseBroken(f"{path}: cannot be folded: {error}") from error
            finally:
                os.close(fd)
        return done

    def compact(self, *, most_bytes: int = MERGED_BYTES) -> Compacted:
        """Merge small segments into few; ids and contents stay as they are, and readers beside it lose nothing.

        Segments that a journal still stands beside are left alone, and so are those of half of `most_bytes` and more.
        Safe to call at any time; while another process compacts it does nothing.
        """
        try:
            with self.kept_still(wait=False):
                return self._segments.compact(most_bytes, self._standing)
        except BlockingIOError:
            return Compacted()
        except (OSError, pl.exceptions.PolarsError) as error:
            raise WarehouseBroken(f"{self._segments.place}: cannot be compacted: {error}") from error

    def kept_still(self, *, wait: bool = True) -> AbstractContextManager[None]:
        """Keep compaction out for as long as the block runs, for who copies segments; new ones may still come.

        Raises BlockingIOError where somebody else holds it and `wait` is False.
        """
        return self._segments.kept_still(wait=wait)

    def take(self, calls: pl.DataFrame) -> int:
        """Record calls of another log, those that do not stand here, as a segment of this run's name."""
        new = calls.select(SCHEMA.names()).cast(dict(SCHEMA)).unique(["call_id", "finished_at"], maintain_order=True)
        with self._snapshot() as (lines, listing):
            wanted = set(new["candidate_id"])
            known = [frame_of(list(calls_for(lines, wanted))).select("call_id", "finished_at")]
            if wanted and (holding := self._segments.holding(listing, wanted)):
                rows = pl.scan_parquet(holding, schema=SCHEMA).filter(*_for(wanted))
                known.append(rows.select("call_id", "finished_at").collect())
        new = new.join(pl.concat(known), on=["call_id", "finished_at"], how="anti")
        if new.height:
            for call in calls_in(new):
                self._journal.append(call)
            self.fold()
        return new.height

    def close(self) -> None:
        """Sync the journal to disk and let go of it; whoever calls `recover` next folds it."""
        self._journal.close()

    # --- reading

    def called(self, candidate_ids: Collection[str], step: str) -> set[str]:
        wanted = set(candidate_ids)
        if not wanted:
            return set()
        with self._snapshot() as (lines, listing):
            found = {call.candidate_id for call in calls_for(lines, wanted, step) if call.error is None}
            rows = (
                pl.scan_parquet(listing.segments, schema=SCHEMA)
                .filter(*_of(wanted, step))
                .select(pl.col("candidate_id").unique())
                .collect()
            )
        return found | set(rows.get_column("candidate_id"))

    def stored(self, candidate_ids: Collection[str], step: str) -> dict[str, Call]:
        wanted = set(candidate_ids)
        if not wanted:
            return {}
        with self._snapshot() as (lines, listing):
            found = {call.call_id: call for call in calls_for(lines, wanted, step) if call.error is None}
            rows = pl.scan_parquet(listing.segments, schema=SCHEMA).filter(*_of(wanted, step)).collect()
        for call in calls_in(rows):
            found.setdefault(call.call_id, call)
        return found

    def of_candidates(self, candidate_ids: Collection[str]) -> list[Call]:
        """Every call for these candidates, oldest first.

        Reads only segments that hold calls of theirs, by `keys/`; what is missing there is made first.
        """
        wanted = set(candidate_ids)
        if not wanted:
            return []
        with self._snapshot() as (lines, listing):
            found = list(calls_for(lines, wanted))
            holding = self._segments.holding(listing, wanted)
            if holding:
                found += calls_in(pl.scan_parquet(holding, schema=SCHEMA).filter(*_for(wanted)).collect())
        return apart(found)

    def costs_of(self, candidate_ids: Collection[str]) -> dict[str, Tally]:
        wanted = set(candidate_ids)
        if not wanted:
            return {}
        with self._snapshot() as (lines, listing):
            frames = [frame_of(list(calls_for(lines, wanted))).select(COST_COLUMNS)]
            holding = self._segments.holding(listing, wanted)
            if holding:
                rows = pl.scan_parquet(holding, schema=SCHEMA).filter(*_for(wanted)).select(COST_COLUMNS)
                frames.append(rows.collect())
        return costs_in(pl.concat(frames))

    def totals(self) -> Totals:
        return totals_of(self._sums())

    def spent(self, *, recipe: str, launch: str = "", day: str = "") -> Spent:
        return spent_of(self._sums(), recipe=recipe, launch=launch, day=day)

    def pages(self) -> Iterator[pl.DataFrame]:
        with self.kept_still(), self._snapshot() as (lines, listing):
            live = [call for call in map(parse, lines) if call is not None]
            if live:
                yield frame_of(live)
            for segment in listing.segments:
                frame = pl.read_parquet(segment, columns=SCHEMA.names())
                for start in range(0, frame.height, _TAKEN_ROWS):
                    yield frame.slice(start, _TAKEN_ROWS)

    def bytes_kept(self) -> int:
        return sum(path.stat().st_size for path in self._segments.files())

    def copy_to(self, folder: Path) -> int:
        """Copy every call recorded so far into another folder of calls, synced; returns the files copied.

        Others may append and fold meanwhile: what they add after this was called may or may not be in the copy. The
        copy is in order whenever it is taken: of a journal that is being written it has the whole lines, and of one
        that is folded meanwhile either the journal or its segment.
        """
        try:
            with self.kept_still():
                return self._copy_batches(folder) + self._copy_calls(folder)
        except OSError as error:
            raise WarehouseBroken(f"{self.folder}: cannot be copied to {folder}: {error}") from error

    def _standing(self) -> frozenset[str]:
        return frozenset(path.stem for path in journal_files(self._journals))

    def _sums(self) -> pl.DataFrame:
        """What the calls come to, by recipe, launch, run, day and whether they were answered."""
        known = self._segments.known_sums()
        with self._snapshot() as (lines, listing):
            live = [call for call in map(parse, lines) if call is not None]
            return pl.concat([sum_up(frame_of(live)), self._segments.sums(listing.segments, known)])

    def _copy_batches(self, folder: Path) -> int:
        """The batches that providers work on: before the calls, so that one that comes back meanwhile is in either."""
        copied = 0
        for path in sorted((self.folder / "batches").glob("*")):
            if path.is_file() and path.suffix not in (".lock", ".part"):
                with suppress(FileNotFoundError):  # the batch came back meanwhile: its calls are in the log
                    copy_whole(path, folder / "batches" / path.name)
                    copied += 1
        return copied

    def _copy_calls(self, folder: Path) -> int:
        copied = 0
        with ExitStack() as opened:
            journals: list[tuple[Path, BinaryIO]] = []
            for path in journal_files(self._journals):
                with suppress(FileNotFoundError):  # folded since it was listed: its segment stands
                    journals.append((path, opened.enter_context(path.open("rb"))))
            listed = self._segments.files()
            replaced = self._segments.replaced(listed)
            for path in listed:
                if path.stem not in replaced:
                    copy_whole(path, folder / "segments" / path.name)
                    copied += 1
            (folder / "journal").mkdir(parents=True, exist_ok=True)
            folded = {path.stem for path in listed} | replaced
            for path, file in journals:
                if path.stem not in folded:
                    content = file.read()
                    write_whole(folder / "journal" / path.name, content[: content.rfind(b"\n") + 1])
                    copied += 1
        return copied

    def _fold_closed(self) -> Folded:
        done = Folded()
        with self._fold_lock:
            while (closed := self._journal.first_closed()) is not None:
                path, fd = closed
                try:
                    done += self._fold_one(path)
                except OSError as error:
                    raise WarehouseBroken(f"{path}: cannot be folded: {error}") from error
                self._journal.let_go(path, fd)
        return done

    def _fold_one(self, path: Path) -> Folded:
        """Fold one journal nobody appends to any more. The caller holds its lock."""
        done = Folded()
        if not self._segments.is_folded(path.stem):
            frame, torn, broken = read_journal(path.read_bytes())
            kept_in = path.with_suffix(".broken")
            if broken:
                write_whole(kept_in, b"".join(line + b"\n" for _, line in broken))
            if frame.height:
                self._segments.write(path.stem, frame)
            done = Folded(
                journals=1,
                calls=frame.height,
                torn=torn,
                broken=tuple(BrokenLine(file=path, line=number, kept_in=kept_in) for number, _ in broken),
            )
        with self._guard():
            path.unlink()
        sync_file(self._journals)
        return done

    @contextmanager
    def _snapshot(self) -> Iterator[tuple[Iterator[bytes], Listing]]:
        """Whole journal lines and the segments, each call in one of the two, whatever is folded meanwhile.

        Journals are opened before the segments are listed: one that is folded afterwards stays readable through the
        open file, and one that was folded before is known by its segment.
        """
        with ExitStack() as opened:
            files: list[tuple[str, BinaryIO]] = []
            try:
                for path in journal_files(self._journals):
                    with suppress(FileNotFoundError):  # folded since it was listed: its segment stands
                        files.append((path.stem, opened.enter_context(path.open("rb"))))
                opened.enter_context(self._segments.reading())
                listing = self._segments.listing()
                live = (file for stem, file in files if stem not in listing.folded)
                lines = (line for file in live for line in file if line.endswith(b"\n"))
                yield lines, listing
            except pl.exceptions.PolarsError as error:
                raise WarehouseBroken(
                    f"{self.folder}: cannot be read: {error}; `synth-assets repair` moves what is damaged aside"
                ) from error
            except OSError as error:
                raise WarehouseBroken(f"{self.folder}: cannot be read: {error}") from error


def _for(candidate_ids: set[str]) -> tuple[pl.Expr, ...]:
    """The calls of these candidates; the bounds let whole row groups be skipped."""
    candidate = pl.col("candidate_id")
    return (
        candidate >= min(candidate_ids),
        candidate <= max(candidate_ids),
        candidate.is_in(sorted(candidate_ids)),
    )


def _of(candidate_ids: set[str], step: str) -> tuple[pl.Expr, ...]:
    """The answered calls of these candidates' step."""
    return (*_for(candidate_ids), pl.col("step") == step, pl.col("error").is_null())
