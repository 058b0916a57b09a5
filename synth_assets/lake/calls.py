"""The calls of a lake: a journal in PostgreSQL, folded in batches into a table of the lake.

A call is committed in PostgreSQL before its slot is free (`synth_assets.lake.journal`), so that every worker finds it
at once and none asks for it again. When enough have gathered, one worker at a time folds them: a batch is named in the
journal, its rows are written to the lake's table `call_segments`, and then they go from the journal.

At no moment is a call missing or seen twice, whatever dies when. Readers look at the journal first and at the lake
after it, so that what has gone from the one is in the other; a batch that is in both is known by its number. Whoever
folds next ends what another one began.

Whose calls a batch holds is known from PostgreSQL (eight bytes a candidate and batch, kept in memory), so that who asks
for candidates without calls, which is what a run does most of all, reads nothing of the lake.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from synth_assets.calls.folder import CallFolder
from synth_assets.calls.log import CallLog
from synth_assets.calls.record import FIELDS, SCHEMA, Call, Compacted, Folded, apart, calls_in
from synth_assets.calls.sums import (
    COST_COLUMNS,
    Spent,
    Tally,
    Totals,
    costs_in,
    holds_any,
    keys_of,
    spent_of,
    totals_of,
)
from synth_assets.errors import SynthAssetsError, WarehouseBroken
from synth_assets.lake.attached import AttachedLake, end_session, passes
from synth_assets.lake.group_commit import GroupCommit
from synth_assets.lake.journal import LakeJournal, Packed, pack
from synth_assets.lake.lock import CatalogUnreachable, first_line, may_pass
from synth_assets.warehouse import Transaction, sql

log = logging.getLogger("synth_assets.lake")

# A batch is held in memory while it is written, and the lake's lock is held as long: some seconds.
FOLD_ROWS = 10_000
_PAGE_ROWS = 2_000
_PAUSE_S = 0.2


class LakeCalls(CallLog):
    """The calls of a lake, and what this run appends. Any number of workers may have one.

    Args:
        folder: this worker's own; see `CallLog`.
        journal: of this object alone.
        attached: gives the lake; handed one that does not answer any more, it gives another.
        transaction: opens a transaction that writes to the lake.
        place: what errors call the lake.
        patience_s: how long a server may be away.

    Raises:
        WarehouseBroken: PostgreSQL or the lake cannot be used, or was away too long.
    """

    def __init__(
        self,
        run_id: str,
        *,
        folder: Path,
        journal: LakeJournal,
        attached: Callable[[AttachedLake | None], AttachedLake],
        transaction: Callable[[str], AbstractContextManager[Transaction]],
        place: str,
        patience_s: float,
    ) -> None:
        self.run_id = run_id
        self.folder = folder
        self._journal = journal
        self._attached = attached
        self._transaction = transaction
        self._place = place
        self._patience_s = patience_s
        self._commits: GroupCommit[Packed] = GroupCommit(journal.write)
        self._known = _batches_of(place)
        self._appended = 0
        self._folder_thread: threading.Thread | None = None

    # --- writing

    def append(self, call: Call) -> None:
        self.append_all([call])

    def append_all(self, calls: Iterable[Call]) -> None:
        """Record calls in as few commits as they fit in; on an error none to all of them stand."""
        packed = [pack(call) for call in calls]
        if packed:
            self._commits.put(packed)
            self._count(len(packed))

    async def record(self, call: Call) -> None:
        await self._commits.put_one(pack(call))
        self._count(1)

    def fold(self) -> Folded:
        """Fold whole batches of what waits, whoever appended it; while another worker does so, nothing."""
        return self._folded(FOLD_ROWS)

    def recover(self) -> Folded:
        """End the folding that a dead worker began, and fold whole batches."""
        self._journal.forget_writers()
        return self._folded(FOLD_ROWS)

    def compact(self) -> Compacted:
        """Fold all that waits. The files of the table are merged with those of all others (`Warehouse.compact`)."""
        done = self._folded(1)
        return Compacted(merged=done.journals, into=done.journals, calls=done.calls)

    def take(self, calls: pl.DataFrame) -> int:
        new = calls.select(SCHEMA.names()).cast(dict(SCHEMA)).unique(["call_id", "finished_at"], maintain_order=True)
        if new.height:
            known = self._of(set(new["candidate_id"]), ["call_id", "finished_at"])
            new = new.join(known, on=["call_id", "finished_at"], how="anti", maintain_order="left")
            self.append_all(calls_in(new))
            self.fold()
        return new.height

    def close(self) -> None:
        """Let go of it; what was handed over is committed, or whoever waits for it has been told."""
        self._commits.close()
        if self._folder_thread is not None:
            self._folder_thread.join()
        self._journal.close()

    # --- reading

    def called(self, candidate_ids: Collection[str], step: str) -> set[str]:
        return set(self._of(set(candidate_ids), ["candidate_id"], step)["candidate_id"]) if candidate_ids else set()

    def stored(self, candidate_ids: Collection[str], step: str) -> dict[str, Call]:
        if not candidate_ids:
            return {}
        found: dict[str, Call] = {}
        for call in calls_in(self._of(set(candidate_ids), FIELDS, step)):
            found.setdefault(call.call_id, call)
        return found

    def of_candidates(self, candidate_ids: Collection[str]) -> list[Call]:
        return apart(calls_in(self._of(set(candidate_ids), FIELDS))) if candidate_ids else []

    def costs_of(self, candidate_ids: Collection[str]) -> dict[str, Tally]:
        return costs_in(self._of(set(candidate_ids), COST_COLUMNS)) if candidate_ids else {}

    def totals(self) -> Totals:
        return totals_of(self._journal.sums())

    def spent(self, *, recipe: str, launch: str = "", day: str = "") -> Spent:
        return spent_of(self._journal.sums(recipe), recipe=recipe, launch=launch, day=day)

    def pages(self) -> Iterator[pl.DataFrame]:
        """As of every log, as it is at one moment; what breaks off in its midst is not read again from the start."""
        with self._session() as session:
            begin_with_calls(session)
            reader = session.sql("from model_calls").to_arrow_reader(_PAGE_ROWS)
            for batch in reader:
                yield pl.DataFrame(pl.from_arrow(batch)).select(SCHEMA.names()).cast(dict(SCHEMA))

    def bytes_kept(self) -> int:
        with self._session() as session:
            found = session.execute(
                "select file_size_bytes from ducklake_table_info('lake') where table_name = 'call_segments'"
            ).fetchone()
        return int(found[0]) if found else 0

    def copy_to(self, folder: Path) -> int:
        """Copy every call recorded so far into a folder of calls; the batches at providers are no part of it."""
        with CallFolder(folder, self.run_id) as copy:
            for page in self.pages():
                copy.take(page)
            copy.compact()
        return sum(1 for path in folder.rglob("*") if path.is_file())

    def _of(self, candidate_ids: set[str], columns: Collection[str], step: str | None = None) -> pl.DataFrame:
        """The calls of these candidates, those of a batch that is in both places perhaps twice."""
        columns = list(columns)
        frames = [self._journal.of(candidate_ids, columns, step)]
        if batches := self._known.holding(self._journal, candidate_ids):
            wanted = sorted(candidate_ids)
            frames.append(
                self._in_lake(
                    "lake/calls_of_candidates", columns, batches,
                    candidate_ids=wanted, first=wanted[0], last=wanted[-1], step=step,
                )
            )  # fmt: skip
        found = pl.concat(frames)
        return found.unique(maintain_order=True) if "call_id" in columns else found

    def _in_lake(self, name: str, columns: Collection[str], batches: list[int], **params: Any) -> pl.DataFrame:
        # names of columns and numbers of batches are our own; as constants they let files be left out
        text = sql(name).replace("{columns}", ", ".join(columns)).replace("{batches}", ", ".join(map(str, batches)))

        def read(session: duckdb.DuckDBPyConnection) -> pl.DataFrame:
            return session.execute(text, params).pl().select(columns).cast({name: SCHEMA[name] for name in columns})

        until = time.monotonic() + self._patience_s
        lake = self._attached(None)
        while True:
            try:
                session = lake.session()
                try:
                    return read(session)
                finally:
                    end_session(session)
            except duckdb.Error as error:
                if not passes(error) or time.monotonic() > until:
                    raise WarehouseBroken(f"{self._place}: calls could not be read: {first_line(error)}") from error
                gone = may_pass(str(error))
            time.sleep(_PAUSE_S)
            if gone:
                lake = self._reached_again(lake, until)

    def _reached_again(self, lake: AttachedLake, until: float) -> AttachedLake:
        while True:
            try:
                return self._attached(lake)
            except CatalogUnreachable:
                if time.monotonic() > until:
                    raise
            time.sleep(_PAUSE_S)

    @contextmanager
    def _session(self) -> Iterator[duckdb.DuckDBPyConnection]:
        session = self._attached(None).session()
        try:
            yield session
        except duckdb.Error as error:
            raise WarehouseBroken(f"{self._place}: calls could not be read: {first_line(error)}") from error
        finally:
            end_session(session)

    # --- folding

    def _count(self, appended: int) -> None:
        """Look now and then whether there is enough to fold; it goes on beside the calls."""
        self._appended += appended
        if self._appended < FOLD_ROWS // 4 or (self._folder_thread is not None and self._folder_thread.is_alive()):
            return
        self._appended = 0
        self._folder_thread = threading.Thread(target=self._fold_beside, name="call-fold", daemon=True)
        self._folder_thread.start()

    def _fold_beside(self) -> None:
        try:
            self.fold()
        except (SynthAssetsError, duckdb.Error) as error:  # the calls are safe where they are, and the next one tries
            log.warning("calls stay in the journal for now: %s", first_line(error))

    def _folded(self, least: int) -> Folded:
        return self._journal.folding(lambda: self._fold_while(least)) or Folded()

    def _fold_while(self, least: int) -> Folded:
        done = Folded()
        for batch in self._journal.unfolded():  # of somebody who died
            done += self._fold_batch(batch)
        while self._journal.waiting() >= least:
            batch = self._journal.claim(FOLD_ROWS)
            if batch is None:
                break
            done += self._fold_batch(batch)
        return done

    def _fold_batch(self, batch: int) -> Folded:
        with self._transaction(f"folding batch {batch} of the calls") as open_:
            if not open_.rows("lake/has_batch", batch=batch):
                open_.execute("lake/fold_calls", batch=batch)
        return Folded(journals=1, calls=self._journal.remove(batch))


def begin_with_calls(session: duckdb.DuckDBPyConnection) -> None:
    """Begin a transaction that sees the calls, as `model_calls`.

    The journal is read before the lake, and stays as it is then until the end; so what has gone from it is in the lake.
    """
    session.execute("use memory")  # names are looked up in the catalog that is used, which would be a look at the lake
    session.begin()
    ((last, standing),) = session.execute(sql("lake/batches_in_journal")).fetchall()
    session.execute("use lake")
    folded = [batch for batch in standing if session.execute(sql("lake/has_batch"), {"batch": batch}).fetchone()]
    view = sql("lake/model_calls").replace("{last}", str(last)).replace("{folded}", ", ".join(map(str, folded or [0])))
    session.execute(view)


class _Batches:
    """Whose calls each batch of a lake holds, as far as this process knows."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._keys: list[tuple[int, Any]] = []

    def holding(self, journal: LakeJournal, candidate_ids: Collection[str]) -> list[int]:
        """The batches that may hold calls of these candidates. Asked after the journal's rows were read."""
        import numpy as np

        with self._lock:
            while later := journal.batches_after(self._last):
                for batch, keys in later:
                    self._keys.append((batch, np.frombuffer(keys, dtype="<u8")))
                    self._last = batch
            known = list(self._keys)
        wanted = keys_of(candidate_ids)
        return [batch for batch, keys in known if holds_any(keys, wanted)]


@cache
def _batches_of(place: str) -> _Batches:
    """One a lake, so that the runs of a process learn of a batch once."""
    return _Batches()
