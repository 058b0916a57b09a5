"""The durable record of calls to language models: a journal a run, folded into Parquet segments.

    <folder>/journal/<run_id>-<n>.jsonl       one JSON line a call, appended by one write; its owner holds a lock on it
    <folder>/segments/<run_id>-<n>.parquet    the same rows, append-only, made from the journal of the same name
    <folder>/sums.jsonl                       what each segment comes to, so that a budget need not read them all
    <folder>/keys/<segment>.1.keys            whose calls each segment holds, so that a trace need not read them all

A call stands here once it has its final outcome: it was answered, or the endpoint refused it for good. A request that
nobody answered leaves no line, so that after a kill exactly those are sent again. The journal needs no repair to be
read: a line counts when it ends in a newline. A journal whose segment stands is a leftover of a crash between the two
and is ignored by every reader. `000-empty` stands in both folders so that globs over them always match something.

`compact` merges small segments into `000-merged-<hash>`, whose own metadata names what it stands for: with the rename
that puts it there, every reader leaves those out, journals of their names included. They are removed afterwards; a
crash at any moment leaves at most files that nobody reads, which the next compaction removes.
"""

import fcntl
import hashlib
import io
import json
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import orjson
import polars as pl

from synth_assets.errors import WarehouseBroken

EMPTY = "000-empty"
MERGED = "000-merged"

# A closed journal is folded in memory: this bounds it, and what a reader of live journals has to look through.
ROTATE_BYTES = 32 * 2**20
SYNC_SECONDS = 1.0

# A reader of one candidate reads one of these; smaller ones cost more than they save.
ROWS_PER_GROUP = 1_024
# What files of keys are called; whoever changes how they are made (`_keys_of`) counts the number up, because keys of
# another making look like those of a segment without calls.
_KEYS = ".1.keys"
# As much of a candidate's id as the name of a sample holds.
KEY_LETTERS = 16

# Segments of half this size and more are left as they are: a merge reads what it merges into memory.
MERGED_BYTES = 32 * 2**20
_STANDS_FOR = "stands_for"
_PATIENCE_S = 10.0

_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_HEAD = re.compile(rb'\{"call_id":"([^"\\]*)","candidate_id":"([^"\\]*)","step":"([^"\\]*)",')


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call to a language model that has its final outcome. One row of journal, segment and `model_calls` alike.

    Attributes:
        call_id: hash of everything that makes the call; a call refused and later answered stands twice.
        step: "query", "draft" or "answer".
        attempt, sample: which try of the step, and which of its n samples, both from 0.
        role: role of the recipe that was asked.
        model: model name as the endpoint knows it.
        address: transport and place ("direct http://localhost:8000/v1", "embedded", "litellm anthropic"); no secrets.
        request: the JSON text that was sent; never headers, never keys.
        templates: JSON list of "<name>@<sha256>" of the prompt templates behind it.
        reply: text of the reply; None when the call was refused.
        finish_reason: as the endpoint says ("stop", "length", "content_filter"); "call_rejected" where it said no,
            "call_failed" where every try brought a fault.
        prompt_tokens, completion_tokens: as the endpoint counted; None where it does not say.
        cost_usd: 0.0 for models that cost nothing, None where no price is known.
        error: None for an answered call, else why there is no answer.
        http_attempts: requests that were sent for it, the last one included.
        started_at, finished_at: UTC, ISO 8601 with milliseconds.
        logprobs: JSON list of [token, natural-log probability], None where not asked for or not given.
        recipe, launch: name of the recipe, and what a person or a tick started, that paid for it; None in records
            older than these two columns.
    """

    call_id: str
    candidate_id: str
    step: str
    exercise: str
    language: str
    attempt: int
    sample: int
    role: str
    model: str
    address: str
    request: str
    templates: str
    reply: str | None
    finish_reason: str
    prompt_tokens: int | None
    completion_tokens: int | None
    cost_usd: float | None
    error: str | None
    http_attempts: int
    started_at: str
    finished_at: str
    run_id: str
    logprobs: str | None
    recipe: str | None = None
    launch: str | None = None


_FIELDS = tuple(field.name for field in fields(Call))
_INTEGERS = frozenset({"attempt", "sample", "prompt_tokens", "completion_tokens", "http_attempts"})
_NULLABLE = frozenset(
    {"reply", "prompt_tokens", "completion_tokens", "cost_usd", "error", "logprobs", "recipe", "launch"}
)
_REQUIRED = frozenset(_FIELDS) - {"recipe", "launch"}
_values_of = attrgetter(*_FIELDS)

SCHEMA = pl.Schema(
    {name: pl.Int64() if name in _INTEGERS else pl.Float64() if name == "cost_usd" else pl.String() for name in _FIELDS}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenLine:
    """A line in the middle of a journal that is no call; it was set aside in `kept_in`. `line` counts from 1."""

    file: Path
    line: int
    kept_in: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """What folding did: journals turned into segments, calls in them, last lines torn by a crash, lines set aside."""

    journals: int = 0
    calls: int = 0
    torn: int = 0
    broken: tuple[BrokenLine, ...] = ()

    def __add__(self, other: "Folded") -> "Folded":
        return Folded(
            journals=self.journals + other.journals,
            calls=self.calls + other.calls,
            torn=self.torn + other.torn,
            broken=self.broken + other.broken,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Compacted:
    """What compaction did: segments that were merged into how many, calls in them, bytes on disk before and after.

    `left` are merged segments that could not be removed yet because readers were at work; they are removed next time.
    """

    merged: int = 0
    into: int = 0
    calls: int = 0
    bytes_before: int = 0
    bytes_after: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Sums over calls. `usd` counts known costs only; `unpriced` is how many calls have none."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    usd: float = 0.0
    unpriced: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            usd=self.usd + other.usd,
            unpriced=self.unpriced + other.unpriced,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What calls took: how many got their final outcome, their tokens and dollars, and the seconds in which runs asked
    (each run from its first call to its last, added up)."""

    calls: int = 0
    tokens: int = 0
    usd: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What all recorded calls come to, answered and failed apart."""

    answered: Tally = Tally()
    failed: Tally = Tally()


class CallLog:
    """The calls of a folder, and the journal that this run appends to. Safe to use from several threads.

    Any number of processes may have one on the same folder, also with the same run_id. Use it as a context manager,
    or `close` it. Readers that list the folder and then open what they found (a SQL view) must not lose a file in
    between: `guard` is held while a folded journal is removed, and such readers hold the same.

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
        self._segments = self.folder / "segments"
        self._keys = self.folder / "keys"
        self._lock = threading.Lock()  # guards the open journal
        self._fold_lock = threading.Lock()  # one fold at a time
        self._path: Path | None = None
        self._fd = -1
        self._size = 0
        self._dirty = False
        self._closed_journals: list[tuple[Path, int]] = []
        self._next_number = 0
        self._stop = threading.Event()
        self._keeper: threading.Thread | None = None
        self._keeper_error: Exception | None = None
        self._known_keys: dict[str, tuple[int, Any]] = {}
        self._known_merged: dict[str, frozenset[str]] = {}
        try:
            self._journals.mkdir(parents=True, exist_ok=True)
            self._segments.mkdir(exist_ok=True)
            (self._journals / f"{EMPTY}.jsonl").touch()
            self._prepare_segments()
        except OSError as error:
            raise WarehouseBroken(f"{self.folder}: cannot be written: {error}") from error
        except pl.exceptions.PolarsError as error:
            raise WarehouseBroken(
                f"{self._segments}: cannot be read: {error}; `synth-assets repair` moves what is damaged aside"
            ) from error

    def __enter__(self) -> "CallLog":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def append(self, call: Call) -> None:
        """Write one call as one line, whole or not at all. It survives a SIGKILL at once, power loss a second later."""
        line = orjson.dumps(dict(zip(_FIELDS, _values_of(call), strict=True)), option=orjson.OPT_APPEND_NEWLINE)
        with self._lock:
            if self._keeper_error is not None:
                raise WarehouseBroken(f"{self._journals}: {self._keeper_error}") from self._keeper_error
            if self._stop.is_set():
                raise ValueError("this CallLog is closed")
            try:
                if self._path is None:
                    self._open_journal()
                self._write(line)
                self._dirty = True
                if self._size >= ROTATE_BYTES:
                    self._rotate()
            except OSError as error:
                raise WarehouseBroken(f"{self._path or self._journals}: cannot be written: {error}") from error
            if self._keeper is None:
                self._keeper = threading.Thread(target=self._keep, name="call-log", daemon=True)
                self._keeper.start()

    def fold(self) -> Folded:
        """Turn everything this object has appended so far into segments; later calls go to a new journal."""
        with self._lock:
            if self._path is not None:
                self._rotate()
        return self._fold_closed()

    def recover(self) -> Folded:
        """Fold the journals whose owners are dead. Safe to call at any time, from any number of processes."""
        done = Folded()
        for path in _journal_files(self._journals):
            try:
                fd = os.open(path, os.O_RDONLY)
            except FileNotFoundError:  # another process folded it just now
                continue
            try:
                if _locked(fd) and _is_at(fd, path):
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
                return self._compact(most_bytes)
        except BlockingIOError:
            return Compacted()
        except (OSError, pl.exceptions.PolarsError) as error:
            raise WarehouseBroken(f"{self._segments}: cannot be compacted: {error}") from error

    @contextmanager
    def kept_still(self, *, wait: bool = True) -> Iterator[None]:
        """Keep compaction out for as long as the block runs, for who copies segments; new ones may still come.

        Raises BlockingIOError where somebody else holds it and `wait` is False.
        """
        with (self.folder / "compact.lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            yield

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

    def called(self, candidate_ids: Collection[str], step: str) -> set[str]:
        """Those of the candidates for whose step an answered call stands. Reads no bodies."""
        wanted = set(candidate_ids)
        if not wanted:
            return set()
        with self._snapshot() as (lines, segments):
            found = {call.candidate_id for call in _live(lines, wanted, step) if call.error is None}
            rows = (
                pl.scan_parquet(segments, schema=SCHEMA)
                .filter(*_of(wanted, step))
                .select(pl.col("candidate_id").unique())
                .collect()
            )
        return found | set(rows.get_column("candidate_id"))

    def stored(self, candidate_ids: Collection[str], step: str) -> dict[str, Call]:
        """The answered calls of these candidates' step, by call_id, whoever made them, folded or not.

        Memory is bounded by the candidates asked for, not by the log.
        """
        wanted = set(candidate_ids)
        if not wanted:
            return {}
        with self._snapshot() as (lines, segments):
            found = {call.call_id: call for call in _live(lines, wanted, step) if call.error is None}
            rows = pl.scan_parquet(segments, schema=SCHEMA).filter(*_of(wanted, step)).collect()
        for row in rows.iter_rows(named=True):
            found.setdefault(row["call_id"], Call(**row))
        return found

    def of_candidates(self, candidate_ids: Collection[str]) -> list[Call]:
        """Every call for these candidates, answered or failed, whoever made it, folded or not, oldest first.

        Reads only segments that hold calls of theirs, by `keys/`; what is missing there is made first.
        """
        wanted = set(candidate_ids)
        if not wanted:
            return []
        with self._snapshot() as (lines, segments):
            found = list(_live(lines, wanted))
            holding = self._holding(segments, wanted)
            if holding:
                rows = pl.scan_parquet(holding, schema=SCHEMA).filter(*_for(wanted)).collect()
                found += [Call(**row) for row in rows.iter_rows(named=True)]
        return _apart(found)

    def of_beginning(self, beginning: str) -> list[Call]:
        """Every call for the candidates whose id begins so, oldest first; at least `KEY_LETTERS` letters are needed."""
        if len(beginning) < KEY_LETTERS:
            raise ValueError(f"{beginning!r} must have {KEY_LETTERS} letters or more")
        with self._snapshot() as (lines, segments):
            found = [call for call in map(_parse, _naming(lines, beginning)) if call is not None]
            holding = self._holding(segments, {beginning})
            if holding:
                rows = pl.scan_parquet(holding, schema=SCHEMA).filter(
                    pl.col("candidate_id") >= beginning, pl.col("candidate_id") < f"{beginning}\U0010ffff",
                    pl.col("candidate_id").str.starts_with(beginning),
                )  # fmt: skip
                found += [Call(**row) for row in rows.collect().iter_rows(named=True)]
        return _apart(call for call in found if call.candidate_id.startswith(beginning))

    def costs_of(self, candidate_ids: Collection[str]) -> dict[str, Tally]:
        """Candidate id -> what its calls came to, answered and failed; who has none is left out. Reads no bodies."""
        wanted = set(candidate_ids)
        if not wanted:
            return {}
        with self._snapshot() as (lines, segments):
            frames = [_frame_of(list(_live(lines, wanted))).select(_COST_COLUMNS)]
            holding = self._holding(segments, wanted)
            if holding:
                rows = pl.scan_parquet(holding, schema=SCHEMA).filter(*_for(wanted)).select(_COST_COLUMNS)
                frames.append(rows.collect())
        calls = pl.concat(frames).unique(["call_id", "finished_at"], maintain_order=True)
        sums = calls.group_by("candidate_id", maintain_order=True).agg(
            pl.len().cast(pl.Int64).alias("calls"),
            pl.col("prompt_tokens").sum(),
            pl.col("completion_tokens").sum(),
            pl.col("cost_usd").sum().alias("usd"),
            pl.col("cost_usd").null_count().cast(pl.Int64).alias("unpriced"),
        )
        return {row.pop("candidate_id"): Tally(**row) for row in sums.iter_rows(named=True)}

    def totals(self) -> Totals:
        """What all recorded calls come to; a call that was paid for twice counts twice."""
        sums = self._sums().group_by("answered").agg(pl.col(*_SUMMED).sum())
        tallies = {True: Tally(), False: Tally()}
        for row in sums.iter_rows(named=True):
            tallies[row.pop("answered")] += Tally(**row)
        return Totals(answered=tallies[True], failed=tallies[False])

    def spent(self, *, recipe: str, launch: str = "", day: str = "") -> Spent:
        """What the calls of a recipe took, of one launch or one day in UTC ("2026-11-21") where these are given.

        Records that do not say whose they are count for every recipe.
        """
        sums = self._sums().filter((pl.col("recipe") == recipe) | pl.col("recipe").is_null())
        if launch:
            sums = sums.filter(pl.col("launch") == launch)
        if day:
            sums = sums.filter(pl.col("day") == day)
        runs = sums.group_by("run_id", "day").agg(pl.col("first").min(), pl.col("last").max())
        seconds = pl.col("last").str.to_datetime(time_zone="UTC") - pl.col("first").str.to_datetime(time_zone="UTC")
        spans = runs.select(seconds.dt.total_milliseconds().sum() / 1000).item() if runs.height else 0.0
        return Spent(
            calls=int(sums["calls"].sum()),
            tokens=int(sums["prompt_tokens"].sum() + sums["completion_tokens"].sum()),
            usd=float(sums["usd"].sum()),
            seconds=float(spans or 0.0),
        )

    def close(self) -> None:
        """Sync the journal to disk and let go of it; whoever calls `recover` next folds it."""
        self._stop.set()
        if self._keeper is not None:
            self._keeper.join()
        with self._lock:
            held = [fd for _, fd in self._closed_journals]
            self._closed_journals.clear()
            if self._path is not None:
                held.append(self._fd)
                self._path, self._fd = None, -1
            for fd in held:
                _sync_and_close(fd, self._journals)
        if self._keeper_error is not None:
            error, self._keeper_error = self._keeper_error, None
            raise WarehouseBroken(f"{self._journals}: {error}") from error

    def _prepare_segments(self) -> None:
        """Leave the empty segment; segments of before a column was added get it, without a value."""
        empty = self._segments / f"{EMPTY}.parquet"
        if empty.exists() and pl.read_parquet_schema(empty) == SCHEMA:
            return
        with (self._journals / f"{EMPTY}.jsonl").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            for path in sorted(self._segments.glob("*.parquet")):
                if path != empty and pl.read_parquet_schema(path) != SCHEMA:
                    frame = pl.scan_parquet(path, schema=SCHEMA, missing_columns="insert").collect()
                    _write_segment(frame, path, stands_for=_stands_for(path))
            _write_segment(pl.DataFrame(schema=SCHEMA), empty)  # last: it says that all have the columns

    def _sums(self) -> pl.DataFrame:
        """What the calls come to, by recipe, launch, run, day and whether they were answered."""
        known: dict[str, list[dict[str, Any]]] = {}
        path = self.folder / "sums.jsonl"
        if path.exists():
            for line in path.read_bytes().splitlines():
                with suppress(ValueError, KeyError, TypeError):  # a line torn by a crash is summed up anew
                    entry = json.loads(line)
                    known[entry["segment"]] = entry["sums"]
        with self._snapshot() as (lines, segments):
            live = [call for call in map(_parse, lines) if call is not None]
            frames = [_sum_up(_frame_of(live))]
            rows: list[dict[str, Any]] = []
            for segment in segments:
                if segment.stem != EMPTY:
                    sums = known.get(segment.stem)
                    if sums is None:
                        sums = self._note_sums(segment.stem, pl.read_parquet(segment, columns=_SUM_COLUMNS))
                    rows.extend(sums)
        frames.append(pl.DataFrame(rows, schema=_SUM_SCHEMA, orient="row"))
        return pl.concat(frames)

    def _replaced(self, segments: list[Path]) -> frozenset[str]:
        """The names that merged segments stand for; whatever else bears them is a leftover."""
        replaced: frozenset[str] = frozenset()
        for path in segments:
            if path.stem.startswith(f"{MERGED}-"):
                if path.stem not in self._known_merged:
                    self._known_merged[path.stem] = _stands_for(path)
                replaced |= self._known_merged[path.stem]
        return replaced

    def _is_folded(self, name: str) -> bool:
        """Whether the journal of this name has its segment, by itself or in a merged one."""
        if (self._segments / f"{name}.parquet").exists():
            return True
        with self._reading():
            return name in self._replaced(list(self._segments.glob(f"{MERGED}-*.parquet")))

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """No segment that is listed within the block goes before its end."""
        with (self.folder / "readers.lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            yield

    def _compact(self, most_bytes: int) -> Compacted:
        for torn in self._segments.glob(f"{MERGED}-*.tmp"):  # of a compaction that died
            torn.unlink()
        segments = sorted(path for path in self._segments.glob("*.parquet") if path.stem != EMPTY)
        replaced = self._replaced(segments)
        leftovers = [path for path in segments if path.stem in replaced]
        journals = {path.stem for path in _journal_files(self._journals)}
        small = [
            path for path in segments if path.stem not in replaced | journals and path.stat().st_size < most_bytes // 2
        ]
        done = Compacted()
        for group in _groups(small, most_bytes):
            frame = pl.concat([pl.read_parquet(path, schema=SCHEMA) for path in group])
            names = frozenset(path.stem for path in group)
            target = self._segments / f"{MERGED}-{_short_hash(names)}.parquet"
            stands_for = names.union(*(self._replaced([path]) for path in group))
            _write_segment(_in_order(frame), target, stands_for=stands_for)
            self._note_sums(target.stem, frame)
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

    def _copy_batches(self, folder: Path) -> int:
        """The batches that providers work on: before the calls, so that one that comes back meanwhile is in either."""
        copied = 0
        for path in sorted((self.folder / "batches").glob("*")):
            if path.is_file() and path.suffix not in (".lock", ".part"):
                with suppress(FileNotFoundError):  # the batch came back meanwhile: its calls are in the log
                    _copy_whole(path, folder / "batches" / path.name)
                    copied += 1
        return copied

    def _copy_calls(self, folder: Path) -> int:
        copied = 0
        with ExitStack() as opened:
            journals: list[tuple[Path, BinaryIO]] = []
            for path in _journal_files(self._journals):
                with suppress(FileNotFoundError):  # folded since it was listed: its segment stands
                    journals.append((path, opened.enter_context(path.open("rb"))))
            listed = sorted(self._segments.glob("*.parquet"))
            replaced = self._replaced(listed)
            for path in listed:
                if path.stem not in replaced:
                    _copy_whole(path, folder / "segments" / path.name)
                    copied += 1
            (folder / "journal").mkdir(parents=True, exist_ok=True)
            folded = {path.stem for path in listed} | replaced
            for path, file in journals:
                if path.stem not in folded:
                    content = file.read()
                    _write_whole(folder / "journal" / path.name, content[: content.rfind(b"\n") + 1])
                    copied += 1
        return copied

    def _remove(self, leftovers: list[Path]) -> int:
        """Remove segments that merged ones stand for, once nobody reads them; how many had to stay."""
        if not leftovers:
            return 0
        end = time.monotonic() + _PATIENCE_S
        with self._guard(), (self.folder / "readers.lock").open("ab") as file:
            while not _locked(file.fileno()):
                if time.monotonic() > end:
                    return len(leftovers)
                time.sleep(0.005)
            for path in leftovers:
                path.unlink(missing_ok=True)
        _sync_folder(self._segments)
        return 0

    def _forget_sums(self) -> None:
        """Drop the sums of segments that are gone; a sum noted meanwhile is lost, and summed up again."""
        path = self.folder / "sums.jsonl"
        standing = {segment.stem for segment in self._segments.glob("*.parquet")}
        kept = []
        for line in path.read_bytes().splitlines(keepends=True):
            with suppress(ValueError, KeyError, TypeError):  # a line torn by a crash is summed up anew
                if json.loads(line)["segment"] in standing:
                    kept.append(line)
        fresh = path.with_suffix(".new")
        _write_whole(fresh, b"".join(kept))
        fresh.replace(path)

    def _note_sums(self, segment: str, frame: pl.DataFrame) -> list[dict[str, Any]]:
        sums = _sum_up(frame).to_dicts()
        line = json.dumps({"segment": segment, "sums": sums}, ensure_ascii=False).encode() + b"\n"
        fd = os.open(self.folder / "sums.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(fd, line)  # not synced: what is lost is summed up again
        finally:
            os.close(fd)
        return sums

    def _holding(self, segments: list[Path], candidate_ids: set[str]) -> list[Path]:
        """The segments that may hold calls of these candidates; one in 2**64 of the others is taken for such."""
        import numpy as np

        wanted = _keys_of(candidate_ids)
        holding = []
        made = False
        for segment in segments:
            if segment.stem == EMPTY:
                continue
            written = segment.stat().st_mtime_ns
            known = self._known_keys.get(segment.stem)
            if known is None or known[0] != written:
                path = self._keys / f"{segment.stem}{_KEYS}"
                # a segment is written again when a column is added, and keys that are older may be of another one
                if not path.exists() or path.stat().st_mtime_ns < written:
                    self._note_keys(segment.stem, pl.read_parquet(segment, columns=["candidate_id"]))
                    made = True
                known = self._known_keys[segment.stem] = (written, np.fromfile(path, dtype="<u8"))
            keys = known[1]
            places = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
            if len(keys) and bool((keys[places] == wanted).any()):
                holding.append(segment)
        if made:
            noted = list(self._keys.glob("*.keys"))  # before the segments: what comes meanwhile stays
            standing = {f"{segment.stem}{_KEYS}" for segment in self._segments.glob("*.parquet")}
            for path in noted:
                if path.name not in standing:  # merged into another segment since, or of another making
                    path.unlink(missing_ok=True)
                    self._known_keys.pop(path.name.removesuffix(_KEYS), None)
        return holding

    def _note_keys(self, segment: str, frame: pl.DataFrame) -> None:
        path = self._keys / f"{segment}{_KEYS}"
        self._keys.mkdir(exist_ok=True)
        temporary = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
        # synced, because half a file after a power loss would hide calls
        _write_whole(temporary, _keys_of(frame.get_column("candidate_id").unique()).tobytes())
        temporary.replace(path)

    def _open_journal(self) -> None:
        while True:
            name = f"{self.run_id}-{self._next_number}"
            self._next_number += 1
            path = self._journals / f"{name}.jsonl"
            if self._is_folded(name):
                continue
            try:
                fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
            except FileExistsError:
                continue
            # Between creation and lock another process's `recover` may have taken the empty file, and a namesake may
            # have folded this very name between the two looks: then the name is used up.
            if _locked(fd) and _is_at(fd, path) and not self._is_folded(name):
                _sync_folder(self._journals)
                self._path, self._fd, self._size = path, fd, 0
                return
            if _is_at(fd, path) and self._is_folded(name):
                path.unlink(missing_ok=True)
            os.close(fd)

    def _write(self, line: bytes) -> None:
        try:
            written = os.write(self._fd, line)
            if written < len(line):
                raise OSError(f"only {written} of {len(line)} bytes were written; is the disk full?")
        except OSError:
            os.ftruncate(self._fd, self._size)  # half a line would spoil the next one
            raise
        self._size += written

    def _rotate(self) -> None:
        if self._path is not None:
            self._closed_journals.append((self._path, self._fd))
            self._path, self._fd, self._size = None, -1, 0

    def _fold_closed(self) -> Folded:
        done = Folded()
        with self._fold_lock:
            while True:
                with self._lock:
                    if not self._closed_journals:
                        return done
                    path, fd = self._closed_journals[0]
                try:
                    done += self._fold_one(path)
                except OSError as error:
                    raise WarehouseBroken(f"{path}: cannot be folded: {error}") from error
                with self._lock:
                    self._closed_journals.remove((path, fd))
                os.close(fd)  # only now, so that nobody else took it for a dead run's

    def _fold_one(self, path: Path) -> Folded:
        """Fold one journal nobody appends to any more. The caller holds its lock."""
        segment = self._segments / f"{path.stem}.parquet"
        done = Folded()
        if not self._is_folded(path.stem):
            frame, torn, broken = _read_journal(path.read_bytes())
            kept_in = path.with_suffix(".broken")
            if broken:
                _write_whole(kept_in, b"".join(line + b"\n" for _, line in broken))
            if frame.height:
                frame = _in_order(frame)
                _write_segment(frame, segment)
                self._note_sums(segment.stem, frame)
            done = Folded(
                journals=1,
                calls=frame.height,
                torn=torn,
                broken=tuple(BrokenLine(file=path, line=number, kept_in=kept_in) for number, _ in broken),
            )
        with self._guard():
            path.unlink()
        _sync_folder(self._journals)
        return done

    @contextmanager
    def _snapshot(self) -> Iterator[tuple[Iterator[bytes], list[Path]]]:
        """Whole journal lines and the segments, each call in one of the two, whatever is folded meanwhile.

        Journals are opened before the segments are listed: one that is folded afterwards stays readable through the
        open file, and one that was folded before is known by its segment.
        """
        with ExitStack() as opened:
            files: list[tuple[str, BinaryIO]] = []
            try:
                for path in _journal_files(self._journals):
                    with suppress(FileNotFoundError):  # folded since it was listed: its segment stands
                        files.append((path.stem, opened.enter_context(path.open("rb"))))
                opened.enter_context(self._reading())
                listed = sorted(self._segments.glob("*.parquet"))
                replaced = self._replaced(listed)
                segments = [path for path in listed if path.stem not in replaced]
                folded = {path.stem for path in segments} | replaced
                live = (file for stem, file in files if stem not in folded)
                lines = (line for file in live for line in file if line.endswith(b"\n"))
                yield lines, segments
            except pl.exceptions.PolarsError as error:
                raise WarehouseBroken(
                    f"{self.folder}: cannot be read: {error}; `synth-assets repair` moves what is damaged aside"
                ) from error
            except OSError as error:
                raise WarehouseBroken(f"{self.folder}: cannot be read: {error}") from error

    def _keep(self) -> None:
        """The background thread: sync once a second, and fold what has grown full."""
        while not self._stop.wait(SYNC_SECONDS):
            try:
                with self._lock:
                    fd = os.dup(self._fd) if self._dirty and self._fd >= 0 else -1
                    self._dirty = False
                    full = bool(self._closed_journals)
                if fd >= 0:
                    _sync_and_close(fd, self._journals)  # outside the lock: a slow disk must not hold up the writers
                if full:
                    self._fold_closed()
            except Exception as error:  # raised to the next one who appends or closes
                self._keeper_error = error
                return


_SUMMED = ("calls", "prompt_tokens", "completion_tokens", "usd", "unpriced")
_SUM_SCHEMA = pl.Schema(
    {"recipe": pl.String(), "launch": pl.String(), "run_id": pl.String(), "day": pl.String(), "answered": pl.Boolean(),
     "calls": pl.Int64(), "prompt_tokens": pl.Int64(), "completion_tokens": pl.Int64(), "usd": pl.Float64(),
     "unpriced": pl.Int64(), "first": pl.String(), "last": pl.String()}
)  # fmt: skip
_SUM_COLUMNS = [
    "recipe", "launch", "run_id", "error", "prompt_tokens", "completion_tokens", "cost_usd",
    "started_at", "finished_at",
]  # fmt: skip


_COST_COLUMNS = ["call_id", "candidate_id", "prompt_tokens", "completion_tokens", "cost_usd", "finished_at"]


def _sum_up(frame: pl.DataFrame) -> pl.DataFrame:
    return (
        frame.group_by(
            "recipe", "launch", "run_id", pl.col("finished_at").str.head(10).alias("day"),
            pl.col("error").is_null().alias("answered"), maintain_order=True,
        )
        .agg(
            pl.len().cast(pl.Int64).alias("calls"),
            pl.col("prompt_tokens").sum(),
            pl.col("completion_tokens").sum(),
            pl.col("cost_usd").sum().alias("usd"),
            pl.col("cost_usd").null_count().cast(pl.Int64).alias("unpriced"),
            pl.col("started_at").min().alias("first"),
            pl.col("finished_at").max().alias("last"),
        )
        .cast(dict(_SUM_SCHEMA))
    )  # fmt: skip


def _frame_of(calls: list[Call]) -> pl.DataFrame:
    return pl.DataFrame({name: [getattr(call, name) for call in calls] for name in _FIELDS}, schema=SCHEMA)


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


def _live(lines: Iterator[bytes], candidate_ids: set[str], step: str | None = None) -> Iterator[Call]:
    """The calls of these candidates, of one step where it is named, among the lines of living journals."""
    keys = {candidate.encode() for candidate in candidate_ids}
    step_key = None if step is None else step.encode()
    for line in lines:
        head = _HEAD.match(line)
        if head is not None and (head[2] not in keys or step_key not in (None, head[3])):
            continue
        call = _parse(line)
        if call is not None and step in (None, call.step) and call.candidate_id in candidate_ids:
            yield call


def _naming(lines: Iterator[bytes], beginning: str) -> Iterator[bytes]:
    """The lines of living journals that may be of candidates whose id begins so."""
    begins = beginning.encode()
    return (line for line in lines if (head := _HEAD.match(line)) is None or head[2].startswith(begins))


def _apart(calls: Iterable[Call]) -> list[Call]:
    """Each call once, oldest first: it stands twice while its journal is being folded."""
    apart = {(call.call_id, call.finished_at): call for call in calls}
    return sorted(apart.values(), key=lambda call: (call.started_at, call.call_id))


def _keys_of(candidate_ids: Iterable[str]) -> Any:
    """64 bits of a hash of each id's beginning, sorted: an array of numbers."""
    import numpy as np

    beginnings = (each[:KEY_LETTERS].encode() for each in candidate_ids)
    hashes = b"".join(hashlib.blake2b(each, digest_size=8).digest() for each in beginnings)
    return np.sort(np.frombuffer(hashes, dtype="<u8"))


def _read_journal(content: bytes) -> tuple[pl.DataFrame, int, list[tuple[int, bytes]]]:
    """The calls of a journal, how many last lines are torn (0 or 1), and the broken lines with their numbers."""
    end = content.rfind(b"\n") + 1
    last = _parse(content[end:]) if end < len(content) else None
    torn = int(end < len(content) and last is None)
    if last is not None:  # it lacks nothing but its newline
        content += b"\n"
        end = len(content)
    try:
        # polars reads four times as fast as Python, and lets the event loop go on meanwhile
        frame = pl.read_ndjson(io.BytesIO(content[:end]), schema=SCHEMA) if end else pl.DataFrame(schema=SCHEMA)
        missing = frame.select(pl.col(*(_REQUIRED - _NULLABLE)).null_count()).row(0)
        whole = frame.height == content.count(b"\n", 0, end) and not any(missing)
    except pl.exceptions.PolarsError:
        whole = False
    if whole:
        return frame, torn, []
    calls: list[Call] = []
    broken: list[tuple[int, bytes]] = []
    for number, line in enumerate(content[:end].split(b"\n")[:-1], 1):
        call = _parse(line)
        if call is not None:
            calls.append(call)
        else:
            broken.append((number, line))
    return _frame_of(calls), torn, broken


def _parse(line: bytes) -> Call | None:
    """The call of a journal line, or None when it is none."""
    try:
        row: Any = json.loads(line)
    except ValueError:
        return None
    if not isinstance(row, dict) or not _REQUIRED <= row.keys() <= set(_FIELDS):
        return None
    for name, value in row.items():
        if value is None:
            right = name in _NULLABLE
        elif name == "cost_usd":
            right = isinstance(value, int | float) and not isinstance(value, bool)
        elif name in _INTEGERS:
            right = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
        else:
            right = isinstance(value, str)
        if not right:
            return None
    return Call(**row)


def _journal_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.jsonl") if path.stem != EMPTY)


def _locked(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_at(fd: int, path: Path) -> bool:
    """Whether the open file is still the one at this path."""
    try:
        at_path = path.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(fd), at_path)


def _in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """In the order of work, so that readers of some candidates skip most row groups."""
    return frame.sort("candidate_id", "step", "attempt", "sample", maintain_order=True)


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


def _write_segment(frame: pl.DataFrame, path: Path, *, stands_for: Collection[str] = ()) -> None:
    # One name a segment, so that what a crash left is written over; whoever writes it holds the journal's lock, or the
    # one on compaction.
    temporary = path.with_name(f"{path.name}.tmp")
    metadata = {_STANDS_FOR: json.dumps(sorted(stands_for))} if stands_for else None
    frame.write_parquet(temporary, compression="zstd", row_group_size=ROWS_PER_GROUP, metadata=metadata)
    _sync_file(temporary)
    temporary.replace(path)
    _sync_folder(path.parent)


def _write_whole(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    _sync_file(path)


def _copy_whole(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
    _sync_file(target)


def _sync_file(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


_sync_folder = _sync_file


def _sync_and_close(fd: int, folder: Path) -> None:
    try:
        os.fsync(fd)
    except OSError as error:
        raise WarehouseBroken(f"{folder}: the journal cannot be synced to disk: {error}") from error
    finally:
        os.close(fd)
