"""Batch mode: calls at the providers' lower price, answered within a day rather than at once.

A recipe's model entry says `batch: true`. Its calls are then not sent one by one: `Batches.want` sets each aside,
`submit` sends all of them as files of JSON lines to the OpenAI files and batches endpoints, and `collect`, in this run
or a later one, turns what came back into the same `Call`s that a direct answer makes. The steps are then replayed and
find their calls stored.

    <folder>/<local id>.jsonl    the calls of a batch as they will be recorded, without their outcome
    <folder>/<local id>.ids      their call ids, one a line
    <folder>/<local id>.json     how far the batch has come; written last, so a batch without it was never sent
    <folder>/<local id>.output, .errors    what the server answered, while it is being recorded
    <folder>/<local id>.broken   lines of that which answer none of its requests

Nothing answered is paid for twice, whatever is killed and when:

- Each step is on disk before the next one begins. A kill around the creation leaves the step "creating"; whoever comes
  next looks for the batch at the server, by its metadata {"synth_assets": local id} or its input file, and creates one
  only when there is none.
- A file lock a batch lets one run work on it at a time; another lets one run at a time put calls into new batches,
  and under it no call is taken that is in an open batch or answered in the log.
- A batch is closed after its calls are on disk. A kill before that records again only what is missing.

Requests and replies are never held as a whole: they go through files, line by line.

The folder is this machine's (`CallLog.folder`), also where the calls themselves are kept for many: a batch is collected
where it was submitted, and a worker elsewhere, which does not see it, may ask for the same calls.
"""

import asyncio
import json
import os
import re
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeVar
from urllib.parse import quote, urlsplit

import aiohttp
from filelock import FileLock, Timeout

from synth_assets.calls.log import CallLog
from synth_assets.calls.record import Call
from synth_assets.errors import ModelError, ModelRejected, ModelUnreachable, WarehouseBroken
from synth_assets.identity import hash_of
from synth_assets.models.prices import Price
from synth_assets.models.transports import CONNECT_S, public_address
from synth_assets.models.wire import Completion, Fault, completion_of, one_line, status_fault, storable
from synth_assets.recipe import ModelEntry

REQUESTS_A_FILE = 50_000
BYTES_A_FILE = 190 * 10**6  # the providers' 200 MB, with room for how they count
TRIES = 3
FIRST_PAUSE_S = 1.0
LONGEST_RETRY_AFTER_S = 60.0
ANSWER_S = 60.0
SILENCE_S = 120.0

_ENDPOINT = "/v1/chat/completions"
_METADATA = "synth_assets"
_ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
_LOCAL_ID = re.compile(r"[0-9a-f]{32}")
_BATCHES_A_PAGE = 100
_CLOCKS_APART_S = 86_400.0  # how far the server's clock may be from ours
_CHUNK = 2**16
_LINE_BYTES = 64 * 2**20
_LOOK_UP = 1_000  # candidates whose stored calls are held at once
_SLICE = 200
_FIELDS = tuple(field.name for field in fields(Call))
_WORKING_FILES = ("jsonl", "ids", "upload", "output", "errors", "lock")
_LOCK_PAUSE_S = 0.05
# Line ends to some readers of JSON lines; in JSON they can only stand inside a string.
_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchStatus:
    """One batch, as far as it is known here.

    Attributes:
        local_id: its name in the folder and in its metadata at the server.
        batch_id: the server's name for it; empty until it is submitted.
        state: "prepared" before it is submitted, then the server's word ("validating", "in_progress", "finalizing",
            "completed", "failed", "expired", "cancelling", "cancelled"); "rejected" when the server would not take it.
        open: False once its answers are recorded; what was not answered may then be asked again.
        requests: calls in it.
        answered, failed: as the server says while it is open, as recorded afterwards.
        submitted_at: UTC, ISO 8601; empty until it is submitted.
        reason: why it ended without an answer to each request; empty where it did not.
        worst_tokens, worst_usd: the most it may take, as said to `want`; to be set aside while it is open.
        recipe, launch: who pays for it; None where that is not known.
        prepared_at: UTC, ISO 8601; from then on it is on the budget.
    """

    local_id: str
    batch_id: str
    address: str
    model: str
    state: str
    open: bool
    requests: int
    answered: int
    failed: int
    submitted_at: str
    reason: str
    worst_tokens: float
    worst_usd: float
    recipe: str | None
    launch: str | None
    prepared_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one `collect` brought.

    Attributes:
        batches: batches that were recorded to the end.
        answered, refused: calls that got their final outcome.
        open_again: calls of these batches that got none and may be asked again.
        messages: a line for each batch that did not answer all of its requests: what happened and what follows.
    """

    batches: int = 0
    answered: int = 0
    refused: int = 0
    open_again: int = 0
    messages: tuple[str, ...] = ()

    def __add__(self, other: "Collected") -> "Collected":
        return Collected(
            batches=self.batches + other.batches,
            answered=self.answered + other.answered,
            refused=self.refused + other.refused,
            open_again=self.open_again + other.open_again,
            messages=self.messages + other.messages,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """The content of a state file."""

    local_id: str
    address: str
    api_key_env: str | None
    model: str
    usd_per_prompt_token: float | None
    usd_per_completion_token: float | None
    requests: int
    worst_tokens: float
    worst_usd: float
    prepared_at: str
    step: Literal["prepared", "creating", "submitted", "ended", "recording", "closed"] = "prepared"
    state: str = "prepared"
    file_id: str = ""
    batch_id: str = ""
    output_file_id: str = ""
    error_file_id: str = ""
    submitted_at: str = ""
    answered: int = 0
    failed: int = 0
    reason: str = ""
    recipe: str | None = None
    launch: str | None = None

    @property
    def label(self) -> str:
        return f"batch {public_address(self.address)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """What the requests of one file have in common."""

    address: str
    api_key_env: str | None
    model: str
    usd_per_prompt_token: float | None
    usd_per_completion_token: float | None
    recipe: str | None
    launch: str | None


class _Spool:
    """The wanted calls of one kind, on disk. The file has no name, so that it ends with the process."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115

    def add(self, draft: Call, tokens: float, usd: float) -> None:
        self._file.write(f"{tokens!r} {usd!r} ".encode() + _draft_line(draft))

    def lines(self) -> Iterator[tuple[float, float, bytes]]:
        """(worst tokens, worst usd, the draft's line) of every call, in the order they were wanted."""
        self._file.seek(0)
        for line in self._file:
            tokens, usd, draft = line.split(b" ", 2)
            yield float(tokens), float(usd), draft

    def close(self) -> None:
        self._file.close()


class Batches:
    """The batches of a folder. Any number of processes may have one; `close` it, or use it as a context manager.

    `submit` and `collect` are for between steps, not beside one: a step that looked a call up as unanswered before
    it was collected would want it again (`submit` would then drop it, at the price of one more round).

    Args:
        folder: where the batches are kept; made when it is not there.
        log: where collected calls are recorded, with its run_id, and looked up.
        session: sends the requests. Keys are taken from the environment at the moment of use and written nowhere.
        on_call: told of every call that got its final outcome here, after it was recorded.
        sleep, now: the passing of time, so that tests need none; `now` gives an aware UTC time.
        requests_a_file, bytes_a_file: where a batch is split.

    Raises:
        WarehouseBroken: a file cannot be written or read; names it and the cause.
    """

    def __init__(
        self,
        folder: Path,
        log: CallLog,
        session: aiohttp.ClientSession,
        *,
        on_call: Callable[[Call], None] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        requests_a_file: int = REQUESTS_A_FILE,
        bytes_a_file: int = BYTES_A_FILE,
    ) -> None:
        self._folder = Path(folder)
        self._log = log
        self._session = session
        self._on_call = on_call
        self._sleep = sleep
        self._now = now
        self._requests_a_file = requests_a_file
        self._bytes_a_file = bytes_a_file
        self._batches: dict[str, _Batch] = {}
        self._pending: dict[str, frozenset[str]] = {}
        self._spools: dict[_Kind, _Spool] = {}
        self._wanted: set[str] = set()
        self._refused: dict[str, str] = {}
        self._busy = asyncio.Lock()
        with self._files():
            self._folder.mkdir(parents=True, exist_ok=True)
            self._refresh()

    def __enter__(self) -> "Batches":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget what is wanted and was not submitted; the next run will want it again."""
        for spool in self._spools.values():
            spool.close()
        self._spools.clear()
        self._wanted.clear()

    def status(self) -> list[BatchStatus]:
        """Every batch the folder has had, the oldest first, as of the last `submit` or `collect`."""
        batches = sorted(self._batches.values(), key=lambda batch: (batch.prepared_at, batch.local_id))
        return [
            BatchStatus(
                local_id=batch.local_id,
                batch_id=batch.batch_id,
                address=batch.address,
                model=batch.model,
                state=batch.state,
                open=batch.step != "closed",
                requests=batch.requests,
                answered=batch.answered,
                failed=batch.failed,
                submitted_at=batch.submitted_at,
                reason=batch.reason,
                worst_tokens=batch.worst_tokens,
                worst_usd=batch.worst_usd,
                recipe=batch.recipe,
                launch=batch.launch,
                prepared_at=batch.prepared_at,
            )
            for batch in batches
        ]

    def pending(self, call_id: str) -> bool:
        """Whether the call is in an open batch, whichever run put it there."""
        return any(call_id in ids for ids in self._pending.values())

    def refused(self, call_id: str) -> str | None:
        """Why the server refused the call in a batch that was collected here; None where it did not.

        It is known to the run that collected the batch only: the next run may ask again, as after a direct refusal.
        """
        return self._refused.get(call_id)

    def want(
        self, draft: Call, entry: ModelEntry, price: Price | None, worst: Mapping[str, float] | None = None
    ) -> None:
        """Set a call aside for the next `submit`, unless it is pending or wanted already.

        Args:
            draft: the call without its outcome; its `request` is the body that is sent.
            entry: the model that is asked; it has an address.
            price: dollars a token of a direct call, None where no price is known; the entry's batch_discount is
                applied here.
            worst: the most it may take, "tokens" and "usd".

        Raises:
            ModelRejected: the entry or the request can be in no batch.
        """
        kind = _Kind(
            address=_plain_address(entry),
            api_key_env=entry.api_key_env,
            model=draft.model,
            usd_per_prompt_token=None if price is None else price.prompt * entry.batch_discount,
            usd_per_completion_token=None if price is None else price.completion * entry.batch_discount,
            recipe=draft.recipe,
            launch=draft.launch,
        )
        if draft.call_id in self._wanted or self.pending(draft.call_id):
            return
        size = len(_request_line(draft))
        if size > self._bytes_a_file:
            raise ModelRejected(
                f"one request to model {draft.model!r} has {size:,} bytes; a batch holds {self._bytes_a_file:,}"
            )
        aside = worst or {}
        with self._files():
            if kind not in self._spools:
                self._spools[kind] = _Spool(self._folder)
            self._spools[kind].add(draft, float(aside.get("tokens", 0)), float(aside.get("usd", 0)))
        self._wanted.add(draft.call_id)

    async def submit(self) -> int:
        """Put everything wanted into batches and send them; also those that a run before left unsent.

        Returns the calls that are now in batches sent here.

        Raises:
            ModelUnreachable: the server cannot be asked now; what is prepared stays, and is sent by the next call.
            ModelRejected: the server says no to a batch; its calls may be asked again.
            WarehouseBroken: a file cannot be written or read.
        """
        async with self._busy:
            lock = await self._prepare_lock()
            try:
                await _to_end(self._prepare)
            finally:
                lock.release()
            sent = 0
            failures = _Failures()
            for batch in self._open():
                if failures.is_down(batch):
                    continue
                with failures.of(batch), self._held(batch) as held:
                    if held is not None and held.step in ("prepared", "creating"):
                        sent += (await self._send(held)).requests
            failures.show()
            return sent

    async def collect(self) -> Collected:
        """Ask for every open batch and record what has ended. A batch that another run is at work on is left to it.

        Raises:
            ModelUnreachable: the server cannot be asked now; nothing is changed.
            ModelRejected: the server says no (key, address, or a batch it does not know).
            WarehouseBroken: a file cannot be written or read.
        """
        async with self._busy:
            await _to_end(self._refresh)
            done = Collected()
            failures = _Failures()
            for batch in self._open():
                if failures.is_down(batch):
                    continue
                with failures.of(batch), self._held(batch) as held:
                    if held is not None:
                        done += await self._advance(held)
            failures.show()
            return done

    # --- what is on disk

    def _refresh(self) -> None:
        """Read the state files again; those of closed batches change no more."""
        with self._files():
            for path in sorted(self._folder.glob("*.json")):
                known = self._batches.get(path.stem)
                if _LOCAL_ID.fullmatch(path.stem) and (known is None or known.step != "closed"):
                    self._load(path.stem)

    def _load(self, local_id: str) -> _Batch:
        batch = _read_state(self._path(local_id, "json"))
        if batch.step != "closed" and local_id not in self._pending:
            try:
                ids = self._path(local_id, "ids").read_text("ascii").split()
            except FileNotFoundError:  # another run may have closed it since
                batch = _read_state(self._path(local_id, "json"))
                if batch.step != "closed":
                    raise
            else:
                self._pending[local_id] = frozenset(ids)
        self._note(batch)
        return batch

    def _note(self, batch: _Batch) -> None:
        self._batches[batch.local_id] = batch
        if batch.step == "closed":
            self._pending.pop(batch.local_id, None)

    def _save(self, batch: _Batch) -> _Batch:
        content = json.dumps({name: getattr(batch, name) for name in _STATE_FIELDS}, ensure_ascii=True, indent=1)
        with self._files():
            _write_durably(self._path(batch.local_id, "json"), content.encode())
        self._note(batch)
        return batch

    def _path(self, local_id: str, kind: str) -> Path:
        return self._folder / f"{local_id}.{kind}"

    def _open(self) -> list[_Batch]:
        batches = (batch for batch in self._batches.values() if batch.step != "closed")
        return sorted(batches, key=lambda batch: (batch.prepared_at, batch.local_id))

    @contextmanager
    def _files(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise WarehouseBroken(f"{self._folder}: batches cannot be written or read: {error}") from error

    @contextmanager
    def _held(self, batch: _Batch) -> Iterator[_Batch | None]:
        """The batch as it stands on disk, under its lock; None when another run holds it or has closed it."""
        lock = self._lock(batch.local_id)
        with self._files():
            try:
                lock.acquire(blocking=False)
            except Timeout:
                yield None
                return
        try:
            with self._files():
                current = self._load(batch.local_id)
            yield current if current.step != "closed" else None
        finally:
            lock.release()

    def _lock(self, name: str) -> FileLock:
        return FileLock(self._path(name, "lock"), thread_local=False)

    async def _prepare_lock(self) -> FileLock:
        lock = self._lock("prepare")
        while True:
            with self._files(), suppress(Timeout):
                lock.acquire(blocking=False)
                return lock
            await self._sleep(_LOCK_PAUSE_S)

    # --- from wanted calls to batches

    def _prepare(self) -> None:
        """Write what is wanted into new batches. The caller holds the lock of all preparing."""
        spools, self._spools = self._spools, {}
        self._wanted = set()
        try:
            # In this order: a batch that is closed between the two looks has its calls in the log.
            self._refresh()
            with self._files():
                self._sweep()
                for kind, spool in spools.items():
                    self._write_batches(kind, spool)
        finally:
            for spool in spools.values():
                spool.close()

    def _sweep(self) -> None:
        """Remove what a killed run left of batches that were never to be sent, or are closed."""
        for path in self._folder.iterdir():
            local_id, _, kind = path.name.removesuffix(".part").partition(".")
            batch = self._batches.get(local_id)
            stale = kind in _WORKING_FILES or path.name.endswith(".json.part")
            if _LOCAL_ID.fullmatch(local_id) and stale and (batch is None or batch.step == "closed"):
                path.unlink(missing_ok=True)

    def _write_batches(self, kind: _Kind, spool: _Spool) -> None:
        answered = self._answered(line for _, _, line in spool.lines())
        part: _Part | None = None
        for tokens, usd, line in spool.lines():
            draft = _draft_of(line)
            if draft.call_id in answered or self.pending(draft.call_id):
                continue
            size = len(_request_line(draft))
            if part is not None and (
                len(part.ids) >= self._requests_a_file or part.request_bytes + size > self._bytes_a_file
            ):
                self._finish(part, kind)
                part = None
            if part is None:
                part = _Part(self._folder / "prepare.tmp")
            part.add(draft.call_id, line, size, tokens, usd)
        if part is not None:
            self._finish(part, kind)

    def _finish(self, part: "_Part", kind: _Kind) -> None:
        part.close()
        ids = sorted(part.ids)
        for again in range(len(self._batches) + 1):  # calls may be asked again by a batch of just the same calls
            local_id = hash_of("batch", kind.address, kind.model, ids, again)[:32]
            if local_id not in self._batches:
                break
        _write_durably(self._path(local_id, "ids"), "".join(f"{call_id}\n" for call_id in ids).encode())
        part.path.replace(self._path(local_id, "jsonl"))
        _sync(self._folder)
        self._pending[local_id] = frozenset(ids)
        self._save(
            _Batch(
                local_id=local_id,
                address=kind.address,
                api_key_env=kind.api_key_env,
                model=kind.model,
                usd_per_prompt_token=kind.usd_per_prompt_token,
                usd_per_completion_token=kind.usd_per_completion_token,
                requests=len(ids),
                worst_tokens=part.tokens,
                worst_usd=part.usd,
                prepared_at=self._time(),
                recipe=kind.recipe,
                launch=kind.launch,
            )
        )

    def _answered(self, lines: Iterator[bytes], address: str | None = None) -> set[str]:
        """Those of the drafts that the log has answered, at this address only where one is given."""
        found: set[str] = set()
        while some := list(islice(lines, _LOOK_UP)):
            drafts = [_draft_of(line) for line in some]
            for step in sorted({draft.step for draft in drafts}):
                ids = {draft.call_id for draft in drafts if draft.step == step}
                stored = self._log.stored({draft.candidate_id for draft in drafts if draft.step == step}, step)
                found |= {
                    call_id for call_id in ids & stored.keys() if address is None or stored[call_id].address == address
                }
        return found

    def _time(self) -> str:
        return self._now().isoformat(timespec="milliseconds")

    # --- to the server and back

    async def _send(self, batch: _Batch) -> _Batch:
        """Upload and create the batch, or find the one that was created before a kill."""
        server = _Server(self._session, batch, self._sleep)
        found = await server.find(batch) if batch.step == "creating" else None
        if found is None:
            try:
                if batch.step == "prepared":
                    with self._files():
                        upload = self._path(batch.local_id, "upload")
                        await _to_end(lambda: _write_upload(self._path(batch.local_id, "jsonl"), upload))
                        file_id = await server.upload(upload, f"{batch.local_id}.jsonl")
                        upload.unlink()
                    batch = self._save(replace(batch, step="creating", file_id=file_id))
                found = await server.create(batch)
            except ModelRejected as error:
                # Nothing was taken, so that nothing is paid: another address or model may be asked instead.
                self._close(replace(batch, state="rejected", failed=batch.requests, reason=str(error)))
                raise
        return self._save(
            replace(
                batch,
                step="submitted",
                batch_id=_text(found, "id"),
                state=_text(found, "status").lower(),
                submitted_at=self._time(),
            )
        )

    async def _advance(self, batch: _Batch) -> Collected:
        """Take the batch as far as the server lets it go."""
        if batch.step in ("prepared", "creating"):
            batch = await self._send(batch)
        server = _Server(self._session, batch, self._sleep)
        if batch.step == "submitted":
            answer = await server.look(batch, self._path(batch.local_id, "json"))
            batch = self._save(_seen(batch, answer))
        if batch.step == "ended":
            for kind, file_id in (("output", batch.output_file_id), ("errors", batch.error_file_id)):
                path = self._path(batch.local_id, kind)
                if file_id and not path.exists():
                    with self._files():
                        await server.download(file_id, path)
        if batch.step in ("ended", "recording"):
            return await self._record(batch, server)
        return Collected()

    async def _record(self, batch: _Batch, server: "_Server") -> Collected:
        """Append what came back to the log, then close the batch."""
        recorded: set[str] = set()
        if batch.step == "recording":  # a run was killed at it: what it has recorded must not stand twice
            with self._files():
                recorded = await _to_end(lambda: self._recorded(batch))
        batch = self._save(replace(batch, step="recording"))
        reading = _Reading(self._folder, batch, recorded, self._log.run_id, server, self._time())
        with reading:
            while calls := await self._read(reading):
                for call in calls:
                    if call.error is not None:
                        self._refused[call.call_id] = call.error
                    if self._on_call is not None:
                        self._on_call(call)
        await _to_end(self._log.fold)  # on disk before the batch is closed: power may fail too
        message = reading.message()
        failed = batch.requests - reading.answered
        self._close(replace(batch, answered=reading.answered, failed=failed, reason=reading.reason()))
        return Collected(
            batches=1,
            answered=reading.answered,
            refused=reading.refused,
            open_again=batch.requests - reading.answered - reading.refused,
            messages=(message,) if message else (),
        )

    async def _read(self, reading: "_Reading") -> list[Call]:
        def read() -> list[Call]:
            calls = list(islice(reading.calls, _SLICE))
            self._log.append_all(calls)
            return calls

        with self._files():
            return await _to_end(read)

    def _recorded(self, batch: _Batch) -> set[str]:
        with self._path(batch.local_id, "jsonl").open("rb") as lines:
            return self._answered(iter(lines), batch.label)

    def _close(self, batch: _Batch) -> None:
        self._save(replace(batch, step="closed"))
        with self._files():
            for kind in _WORKING_FILES:
                self._path(batch.local_id, kind).unlink(missing_ok=True)


class _Failures:
    """Lets every batch have its turn and then raises the first error; who cannot be reached is not tried again."""

    def __init__(self) -> None:
        self._first: ModelError | None = None
        self._down: set[str] = set()

    def is_down(self, batch: _Batch) -> bool:
        return batch.address in self._down

    @contextmanager
    def of(self, batch: _Batch) -> Iterator[None]:
        try:
            yield
        except ModelError as error:
            self._first = self._first or error
            if isinstance(error, ModelUnreachable):
                self._down.add(batch.address)

    def show(self) -> None:
        if self._first is not None:
            raise self._first


class _Part:
    """The calls of one batch while they are put together."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ids: list[str] = []
        self.request_bytes = 0
        self.tokens = 0.0
        self.usd = 0.0
        self._file = path.open("wb")

    def add(self, call_id: str, line: bytes, request_bytes: int, tokens: float, usd: float) -> None:
        self._file.write(line)
        self.ids.append(call_id)
        self.request_bytes += request_bytes
        self.tokens += tokens
        self.usd += usd

    def close(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()


class _Reading:
    """Reads what the server answered, line by line.

    `calls` gives each call that got its final outcome and does not stand in the log; who takes it appends it.
    """

    def __init__(
        self, folder: Path, batch: _Batch, recorded: set[str], run_id: str, server: "_Server", now: str
    ) -> None:
        self.answered = 0
        self.refused = 0
        self._folder = folder
        self._batch = batch
        self._recorded = recorded
        self._run_id = run_id
        self._server = server
        self._now = now
        self._broken_path = folder / f"{batch.local_id}.broken"
        self._broken = 0
        self._faults: dict[str, int] = {}
        self._said = ""
        self._opened = ExitStack()
        self.calls = self._outcomes()

    def __enter__(self) -> "_Reading":
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def reason(self) -> str:
        """Why calls were not answered: what the server says of the batch, the faults by kind, and one in its words."""
        parts = [self._batch.reason, *(f"{kind} {count:,}" for kind, count in sorted(self._faults.items())), self._said]
        return "; ".join(part for part in parts if part)

    def message(self) -> str:
        """One line on what was not answered; empty when everything was."""
        batch, again = self._batch, self._batch.requests - self.answered - self.refused
        if not again and not self.refused and not self._broken:
            return ""
        text = f"{batch.label}: {batch.batch_id} of model {batch.model!r} is {batch.state}"
        text += f" with {self.answered:,} of {batch.requests:,} calls answered"
        if self.refused:
            text += f", {self.refused:,} refused"
        if again:
            text += f", {again:,} open again"
        why = self.reason()
        text += f": {why}" if why else ""
        if self._broken:
            text += f"; {self._broken:,} lines that answer none of its requests are kept in {self._broken_path}"
        return text

    def _outcomes(self) -> Iterator[Call]:
        drafts = self._opened.enter_context((self._folder / f"{self._batch.local_id}.jsonl").open("rb"))
        places: dict[str, int] = {}
        place = 0
        for line in drafts:
            places[_draft_of(line).call_id] = place
            place += len(line)
        for kind in ("output", "errors"):
            path = self._folder / f"{self._batch.local_id}.{kind}"
            if not path.exists():
                continue
            file = self._opened.enter_context(path.open("rb"))
            for line in _lines(file):
                row = _row(line)
                call_id = row.get("custom_id") if row is not None else None
                if row is None or not isinstance(call_id, str) or call_id not in places:
                    self._set_aside(line)
                    continue
                drafts.seek(places.pop(call_id))  # a second answer is one to no request
                call = self._outcome(_draft_of(drafts.readline()), row)
                if call is None:
                    continue
                self.answered += call.error is None
                self.refused += call.error is not None
                if call_id not in self._recorded:
                    yield call

    def _outcome(self, draft: Call, row: Mapping[str, Any]) -> Call | None:
        """The call with its outcome; None where it has none and may be asked again."""
        batch = self._batch
        draft = replace(
            draft,
            address=batch.label,
            http_attempts=1,
            started_at=self._now,  # a day of waiting is no time in which a run asks: a budget's hours are counted by it
            finished_at=self._now,
            run_id=self._run_id,
        )
        try:
            completion = _completion_of(row)
        except Fault as fault:
            self._faults[fault.kind] = self._faults.get(fault.kind, 0) + 1
            self._said = self._said or self._server.scrubbed(fault.message)
            if not fault.final:
                return None
            error = f"{batch.label} refused model {batch.model!r} with status {fault.status}: {fault.message}"
            return replace(draft, error=self._server.scrubbed(error), finish_reason="call_rejected", cost_usd=0.0)
        return replace(
            draft,
            reply=self._server.scrubbed(completion.text),
            finish_reason=completion.finish_reason,
            prompt_tokens=completion.prompt_tokens,
            completion_tokens=completion.completion_tokens,
            cost_usd=_cost(batch, completion),
            logprobs=completion.logprobs,
        )

    def _set_aside(self, line: bytes) -> None:
        with self._broken_path.open("ab" if self._broken else "wb") as file:
            file.write(line.rstrip(b"\n") + b"\n")
        self._broken += 1


class _Server:
    """The files and batches endpoints at a batch's address.

    Every method raises ModelUnreachable where asking again later may help, and ModelRejected where it will not.
    """

    def __init__(
        self, session: aiohttp.ClientSession, batch: _Batch, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._session = session
        self._batch = batch
        self._sleep = sleep
        self._key = _key(batch)
        self._headers = {} if self._key is None else {"Authorization": f"Bearer {self._key}"}

    def scrubbed(self, text: str) -> str:
        return text.replace(self._key, "[key]") if self._key is not None else text

    async def upload(self, path: Path, name: str) -> str:
        """Upload the requests; the file's id."""

        async def once() -> str:
            form = aiohttp.FormData()
            form.add_field("purpose", "batch")
            with path.open("rb") as file:  # read piece by piece, and its size is known
                form.add_field("file", file, filename=name, content_type="application/jsonl")
                return _id_of(await self._json("POST", "files", data=form, total=None))

        return await self._tried("the upload of a batch", once, TRIES)

    async def create(self, batch: _Batch) -> Mapping[str, Any]:
        """Create the batch. Tried once: whether a request that failed has created it, only `find` can say."""
        wish = {
            "input_file_id": batch.file_id,
            "endpoint": _ENDPOINT,
            "completion_window": "24h",
            "metadata": {_METADATA: batch.local_id},
        }

        async def once() -> Mapping[str, Any]:
            answer = await self._json("POST", "batches", json=wish)
            _id_of(answer)
            return answer

        return await self._tried("the creation of a batch", once, 1)

    async def find(self, batch: _Batch) -> Mapping[str, Any] | None:
        """The batch at the server, which lists the newest first; None when it was never created."""
        oldest = datetime.fromisoformat(batch.prepared_at).timestamp() - _CLOCKS_APART_S
        after = ""
        while True:
            params = {"limit": str(_BATCHES_A_PAGE)} | ({"after": after} if after else {})
            page = await self._get("batches", params)
            rows = page.get("data")
            if not isinstance(rows, list):
                raise ModelUnreachable(f"{batch.label}: answered with a list of batches that is none")
            rows = [row for row in rows if isinstance(row, dict) and _text(row, "id")]
            for row in rows:
                metadata = row.get("metadata")
                named = isinstance(metadata, dict) and metadata.get(_METADATA) == batch.local_id
                if named or row.get("input_file_id") == batch.file_id:
                    return row
            last = _text(rows[-1], "id") if rows else ""
            created = rows[-1].get("created_at") if rows else None
            if not page.get("has_more") or last in ("", after):
                return None
            if isinstance(created, int) and created < oldest:
                return None
            after = last

    async def look(self, batch: _Batch, state: Path) -> Mapping[str, Any]:
        """The batch as it stands at the server."""
        try:
            return await self._get(f"batches/{quote(batch.batch_id, safe='')}", {})
        except _NotFound as error:
            raise ModelRejected(
                f"{error}; if its key is another project's now, set the one it was submitted with; to give the batch "
                f"up and ask its calls again, remove {state}"
            ) from error

    async def download(self, file_id: str, path: Path) -> None:
        """Write a file's content to `path`, whole or not at all."""
        part = path.with_name(f"{path.name}.part")

        async def once() -> None:
            url = f"{self._batch.address}/files/{quote(file_id, safe='')}/content"
            timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=SILENCE_S)
            # Some providers send on to their store; aiohttp leaves the key out of a request to another origin.
            async with self._session.get(url, headers=self._headers, timeout=timeout) as response:
                if response.status >= 300:
                    content = await response.content.read(_CHUNK)
                    said = content.decode("utf-8", "replace")
                    raise status_fault(response.status, said, response.headers.get("Retry-After"))
                with part.open("wb") as file:
                    async for chunk in response.content.iter_chunked(_CHUNK):
                        file.write(chunk)

        await self._tried(f"the answers of {self._batch.batch_id}", once, TRIES)
        await _to_end(lambda: _put(part, path))

    async def _get(self, path: str, params: Mapping[str, str]) -> Mapping[str, Any]:
        async def once() -> Mapping[str, Any]:
            return await self._json("GET", path, params=params)

        return await self._tried(f"a request for {path}", once, TRIES)

    async def _json(self, method: str, path: str, *, total: float | None = ANSWER_S, **sent: Any) -> dict[str, Any]:
        timeout = aiohttp.ClientTimeout(total=total, sock_connect=CONNECT_S, sock_read=SILENCE_S)
        async with self._session.request(
            method,
            f"{self._batch.address}/{path}",
            headers=self._headers,
            timeout=timeout,
            allow_redirects=False,
            **sent,
        ) as response:
            content = await response.read()
        if response.status >= 300:
            said = content.decode("utf-8", "replace")
            raise status_fault(response.status, said, response.headers.get("Retry-After"))
        answer = _row(content)
        if answer is None:
            raise Fault("malformed", "answered with something that is no JSON object")
        return answer

    async def _tried(self, what: str, once: Callable[[], Awaitable[T]], tries: int) -> T:
        for left in reversed(range(tries)):
            try:
                return await once()
            except (TimeoutError, aiohttp.ServerTimeoutError):
                fault = Fault("timeout", "gave no answer in time")
            except aiohttp.ClientError as error:
                fault = Fault("connection", one_line(str(error) or type(error).__name__))
            except Fault as error:
                fault = error
            wait = fault.retry_after
            if fault.final or fault.kind in ("content_filter", "context_exceeded"):
                message = f"{self._batch.label} refused {what} with status {fault.status}: {fault.message}"
                raise (_NotFound if fault.status == 404 else ModelRejected)(self.scrubbed(message))
            if not left or (wait is not None and wait > LONGEST_RETRY_AFTER_S):
                comeback = f"; it asks to come back in {wait:,.0f} seconds" if wait is not None else ""
                raise ModelUnreachable(self.scrubbed(f"{self._batch.label}: {fault.message}{comeback}"))
            await self._sleep(FIRST_PAUSE_S * 2 ** (tries - 1 - left) if wait is None else wait)
        raise AssertionError("tries is at least 1")


class _NotFound(ModelRejected):
    """The server knows no such thing."""


def _plain_address(entry: ModelEntry) -> str:
    """The address as it is kept in the state file."""
    if entry.address is None:
        raise ModelRejected(
            f"batch mode needs the address of an OpenAI-compatible endpoint, and model {entry.model!r} has none; "
            "give its address or leave batch out"
        )
    parts = urlsplit(entry.address)
    if parts.username is not None or parts.password is not None or parts.query:
        raise ModelRejected(
            f"batch mode keeps the address of model {entry.model!r} on disk, so no secret may stand in it; "
            "put the key into the environment and name the variable in api_key_env"
        )
    return entry.address.rstrip("/")


def _key(batch: _Batch) -> str | None:
    if batch.api_key_env is None:
        return None
    key = os.environ.get(batch.api_key_env, "").strip()
    if not key:
        raise ModelRejected(
            f"the environment variable {batch.api_key_env} holds no key for model {batch.model!r} at {batch.address}, "
            "and a batch was begun with it"
        )
    return key


def _completion_of(row: Mapping[str, Any]) -> Completion:
    """The completion on a line of an output or error file. Raises Fault where it is none, final or not.

    A rejected request may stand in either file, as `error` or as a response with a status of its own and an error
    object where the completion would be (the OpenAI batch guide; `vllm run-batch` gives both).
    """
    response, error = row.get("response"), row.get("error")
    response = response if isinstance(response, dict) else {}
    status, body = response.get("status_code"), response.get("body")
    if isinstance(status, int) and status >= 300:
        said = body if body is not None else error
        fault = status_fault(status, json.dumps(said, ensure_ascii=False), None)
        if fault.kind in ("content_filter", "context_exceeded"):
            return Completion(text="", finish_reason=fault.kind, prompt_tokens=0, completion_tokens=0)
        raise fault
    if error is not None or body is None:
        said = error if isinstance(error, dict) else {}
        code = _text(said, "code") or "no_response"
        raise Fault(one_line(code), one_line(_text(said, "message") or "brought no response"))
    return completion_of(body)


def _seen(batch: _Batch, answer: Mapping[str, Any]) -> _Batch:
    """The batch with what the server says of it."""
    state = one_line(_text(answer, "status")).lower() or batch.state
    counts = answer.get("request_counts")
    counts = counts if isinstance(counts, dict) else {}
    batch = replace(
        batch,
        state=state,
        answered=_count(counts.get("completed"), batch.requests),
        failed=_count(counts.get("failed"), batch.requests),
    )
    if state not in _ENDED:
        return batch
    reasons = []
    errors = answer.get("errors")
    rows = errors.get("data") if isinstance(errors, dict) else errors
    for row in rows[:3] if isinstance(rows, list) else ():
        if isinstance(row, dict):
            line = f" (line {row['line']})" if isinstance(row.get("line"), int) else ""
            reasons.append(f"{_text(row, 'code') or 'error'}: {_text(row, 'message')}{line}")
    return replace(
        batch,
        step="ended",
        output_file_id=_text(answer, "output_file_id"),
        error_file_id=_text(answer, "error_file_id"),
        reason=one_line("; ".join(reasons)),
    )


def _count(value: Any, most: int) -> int:
    return min(value, most) if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0


def _cost(batch: _Batch, completion: Completion) -> float | None:
    """Dollars; None where no price is known, or the server does not say how many tokens it took."""
    prompt, reply = batch.usd_per_prompt_token, batch.usd_per_completion_token
    if prompt is None or reply is None:
        return None
    if prompt == reply == 0.0:
        return 0.0
    if completion.prompt_tokens is None or completion.completion_tokens is None:
        return None
    return completion.prompt_tokens * prompt + completion.completion_tokens * reply


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return storable(value) if isinstance(value, str) else ""


def _id_of(answer: Mapping[str, Any]) -> str:
    found = _text(answer, "id")
    if not found:
        raise Fault("malformed", "answered, but with no id")
    return found


def _row(line: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines that hold something; one that is longer than any answer comes in pieces, which are no JSON."""
    while line := file.readline(_LINE_BYTES):
        if line.strip():
            yield line


def _draft_line(draft: Call) -> bytes:
    row = {name: getattr(draft, name) for name in _FIELDS}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def _draft_of(line: bytes) -> Call:
    return Call(**json.loads(line))


def _request_line(draft: Call) -> bytes:
    """The draft's line of the file that is uploaded."""
    head = json.dumps({"custom_id": draft.call_id, "method": "POST", "url": _ENDPOINT}, separators=(",", ":"))
    return f'{head[:-1]},"body":{draft.request.translate(_LINE_ENDS)}}}\n'.encode()


def _write_upload(drafts: Path, path: Path) -> None:
    with drafts.open("rb") as lines, path.open("wb") as file:
        for line in lines:
            file.write(_request_line(_draft_of(line)))


_STATE_FIELDS = tuple(field.name for field in fields(_Batch))


def _read_state(path: Path) -> _Batch:
    row = _row(path.read_bytes())
    if row is not None:
        row = {"recipe": None, "launch": None, **row}  # states of before batches said who pays
    if row is None or row.keys() != set(_STATE_FIELDS) or row["local_id"] != path.stem:
        raise WarehouseBroken(f"{path}: is not the state of a batch; restore it, or remove it to ask its calls again")
    return _Batch(**row)


def _write_durably(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    _put(part, path)


def _put(part: Path, path: Path) -> None:
    """Move a written file to its place, so that it stands there whole whenever the power fails."""
    _sync(part)
    part.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


async def _to_end(work: Callable[[], T]) -> T:
    """Run in a thread. A cancelled caller still waits for its end: it may hold a lock that the work needs."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # it was looked at; what cancelled us goes first
        raise
