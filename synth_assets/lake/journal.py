"""Calls of a lake that are not in its tables yet, and what all of its calls come to: tables in PostgreSQL.

They stand in the catalog's database, in the schema `<catalog_schema>_shared`:

    call_journal    the calls, as they come; `batch` is set when they are about to go to the lake's table
    call_sums       what all calls ever recorded come to, so that a budget reads no call
    call_writers    the last group that each writer has committed: a commit of which no answer came is found here
    call_batches    every batch that was folded or is being: whose calls it holds, and whether it has gone from here

Replies, requests and whatever else comes from outside are bytes here: a text of PostgreSQL holds no NUL, a reply may.
"""

import hashlib
import io
import json
import struct
import threading
import time
import uuid
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

import polars as pl

from synth_assets.calls.record import FIELDS, INTEGERS, NULLABLE, SCHEMA, Call, values_of
from synth_assets.calls.sums import SUM_SCHEMA, keys_of
from synth_assets.errors import WarehouseBroken
from synth_assets.lake.lock import CatalogUnreachable, WriteLock, first_line

BODIES = frozenset({"request", "templates", "reply", "finish_reason", "error", "logprobs"})
# What is kept of a writer that ended without a word.
WRITER_DAYS = 7
PAUSE_S = 0.2
# Of a batch 80 KB are read.
BATCHES_AT_ONCE = 200

_KINDS = {
    name: "bytea" if name in BODIES else "bigint" if name in INTEGERS else "double precision" if name == "cost_usd"
    else 'text collate "C"' for name in FIELDS
}  # fmt: skip
_COLUMNS = ", ".join(f"{name} {kind}{'' if name in NULLABLE else ' not null'}" for name, kind in _KINDS.items())
_TABLES = f"""
create schema if not exists {{schema}};
create table if not exists {{schema}}.call_journal ({_COLUMNS}, batch bigint);
create index if not exists call_journal_by_candidate on {{schema}}.call_journal (candidate_id);
create table if not exists {{schema}}.call_sums (
    key text primary key, recipe text, launch text, run_id text not null, day text not null, answered boolean not null,
    calls bigint not null, prompt_tokens bigint not null, completion_tokens bigint not null,
    usd double precision not null, unpriced bigint not null,
    first text collate "C" not null, last text collate "C" not null) with (fillfactor = 50);
create index if not exists call_sums_by_recipe on {{schema}}.call_sums (recipe);
create table if not exists {{schema}}.call_writers (
    writer text primary key, last_group bigint not null, at timestamptz not null default now());
create table if not exists {{schema}}.call_batches (
    batch bigint primary key, calls bigint not null, keys bytea not null, folded boolean not null);
create index if not exists call_batches_open on {{schema}}.call_batches (batch) where not folded;
"""
# The first of the two numbers of an advisory lock: while tables are made (as `Presence` has it, which makes the same
# schema), and while calls are folded.
_MAKING = 0x5A55E76
_FOLDING = 0x5A55E77

_HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
_END = struct.pack("!h", -1)
_WIDTH = struct.pack("!h", len(FIELDS))
_NULL = struct.pack("!i", -1)
_LENGTH, _INTEGER, _FLOAT = struct.Struct("!i"), struct.Struct("!iq"), struct.Struct("!id")

_SUMS = ("key", *SUM_SCHEMA.names())


class LakeJournal:
    """What one process does with these tables. Threads may use it side by side; `write` is for one at a time.

    Args:
        server: makes connections, and says what is wrong with them.
        patience_s: how long a server that was reached before may be away.
    """

    def __init__(self, server: WriteLock, catalog_schema: str, patience_s: float) -> None:
        name = f"{catalog_schema}_shared"
        self.name = name
        self._schema = '"' + name.replace('"', '""') + '"'
        self._number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], signed=True)
        self._server = server
        self._patience_s = patience_s
        self._writer = uuid.uuid4().hex
        self._group = 0
        self._connection: Any = None
        self._made = False
        self._making = threading.Lock()

    # --- writing

    def write(self, calls: Sequence["Packed"]) -> None:
        """Commit calls and what they come to, all or none, and once: also where no answer came to a commit.

        Raises:
            WarehouseBroken: PostgreSQL was away for longer than `patience_s`, or refuses.
        """
        self._group += 1
        rows = b"".join((_HEADER, *(call.row for call in calls), _END))
        sums = _sums_of([call.call for call in calls])
        self._patiently(lambda: self._write(rows, sums), f"{len(calls)} calls could not be recorded")

    def close(self) -> None:
        """End the connection that writes."""
        if self._connection is None:
            return
        import psycopg2

        try:
            with self._connection.cursor() as cursor:
                cursor.execute(self._sql("delete from {schema}.call_writers where writer = %s"), (self._writer,))
        except psycopg2.Error:  # it goes with those that ended without a word
            pass
        finally:
            self._connection.close()
            self._connection = None

    def _write(self, rows: bytes, sums: list[tuple[Any, ...]]) -> None:
        if self._connection is None or self._connection.closed:
            self._make_tables()
            self._connection = self._server.connect()
        try:
            with self._connection.cursor() as cursor:
                # who has committed this group already waits for nobody and finds it here
                cursor.execute(
                    self._sql(
                        "begin; insert into {schema}.call_writers as known values (%s, %s) on conflict (writer) "
                        "do update set last_group = excluded.last_group, at = now() "
                        "where known.last_group < excluded.last_group returning 1"
                    ),
                    (self._writer, self._group),
                )
                if not cursor.fetchall():
                    cursor.execute("rollback")
                    return
                names = ", ".join(FIELDS)
                cursor.copy_expert(
                    self._sql(f"copy {{schema}}.call_journal ({names}) from stdin (format binary)"), io.BytesIO(rows)
                )
                cursor.execute(self._add_sums(len(sums)), [value for row in sums for value in row])
        except BaseException:  # the server rolls back what is open
            self._connection.close()
            raise

    def _add_sums(self, rows: int) -> str:
        values = ", ".join([f"({', '.join(['%s'] * len(_SUMS))})"] * rows)
        added = ", ".join(f"{name} = known.{name} + excluded.{name}" for name in
                          ("calls", "prompt_tokens", "completion_tokens", "usd", "unpriced"))  # fmt: skip
        return self._sql(
            f"insert into {{schema}}.call_sums as known ({', '.join(_SUMS)}) values {values} on conflict (key) do "
            f"update set {added}, first = least(known.first, excluded.first), "
            "last = greatest(known.last, excluded.last); commit"
        )

    # --- reading

    def rows(self, columns: Sequence[str], condition: str, values: tuple[Any, ...]) -> pl.DataFrame:
        """The calls that stand here under a condition of SQL, as a frame of these columns of `SCHEMA`."""
        found = self.ask(f"select {', '.join(columns)} from {{schema}}.call_journal where {condition}", values)
        data = {
            name: [row[place] if row[place] is None or name not in BODIES else bytes(row[place]).decode()
                   for row in found]
            for place, name in enumerate(columns)
        }  # fmt: skip
        return pl.DataFrame(data, schema={name: SCHEMA[name] for name in columns})

    def of(self, candidate_ids: Collection[str], columns: Sequence[str], step: str | None = None) -> pl.DataFrame:
        """The calls of these candidates that stand here; of one step, its answered ones."""
        if step is None:
            return self.rows(columns, "candidate_id = any(%s)", (sorted(candidate_ids),))
        return self.rows(
            columns, "candidate_id = any(%s) and step = %s and error is null", (sorted(candidate_ids), step)
        )

    def sums(self, recipe: str | None = None) -> pl.DataFrame:
        """What all calls come to, or those of a recipe and of none: a frame of `SUM_SCHEMA`."""
        names = ", ".join(SUM_SCHEMA.names())
        where = "" if recipe is None else " where recipe = %s or recipe is null"
        found = self.ask(f"select {names} from {{schema}}.call_sums{where}", () if recipe is None else (recipe,))
        return pl.DataFrame(found, schema=SUM_SCHEMA, orient="row")

    def ask(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement, in a transaction of its own; over a restart of the server it is asked again."""

        def ask() -> list[tuple[Any, ...]]:
            self._make_tables()
            return self._server.ask(self._sql(query), values)

        return self._patiently(ask, "the recorded calls could not be read")

    # --- folding

    def batches_after(self, batch: int) -> list[tuple[int, bytes]]:
        """The first batches of a later number: each with the keys of those whose calls it holds (`keys_of`).

        No more than BATCHES_AT_ONCE, since of a lake of hundreds of millions of calls all would be gigabytes.
        """
        found = self.ask(
            "select batch, keys from {schema}.call_batches where batch > %s order by batch limit %s",
            (batch, BATCHES_AT_ONCE),
        )
        return [(number, bytes(keys)) for number, keys in found]

    def waiting(self) -> int:
        """How many calls are in no batch yet."""
        return self.ask("select count(*) from {schema}.call_journal where batch is null")[0][0]

    def unfolded(self) -> list[int]:
        """The batches whose calls stand here: they are being folded, or whoever did so died."""
        return [row[0] for row in self.ask("select batch from {schema}.call_batches where not folded order by batch")]

    def claim(self, most: int) -> int | None:
        """Make a batch of calls that are in none, of neighbours by candidate; its number, None where there are none.

        Numbers come in the order of commits, so that who has seen one has seen all before it.
        """

        def claim(cursor: Any) -> int | None:
            cursor.execute(self._sql("lock table {schema}.call_batches in share row exclusive mode"))
            cursor.execute(self._sql("select coalesce(max(batch), 0) + 1 from {schema}.call_batches"))
            ((batch,),) = cursor.fetchall()
            cursor.execute(
                self._sql(
                    "with chosen as (select ctid from {schema}.call_journal where batch is null "
                    "order by candidate_id limit %s) update {schema}.call_journal as call set batch = %s "
                    "from chosen where call.ctid = chosen.ctid returning candidate_id"
                ),
                (most, batch),
            )
            found = cursor.fetchall()
            if not found:
                return None
            keys = keys_of({candidate for (candidate,) in found}).tobytes()
            cursor.execute(
                self._sql("insert into {schema}.call_batches values (%s, %s, %s, false)"), (batch, len(found), keys)
            )
            return batch

        return self._in_transaction(claim)

    def remove(self, batch: int) -> int:
        """Take the calls of a batch that the lake holds away; how many the batch has."""

        def remove(cursor: Any) -> int:
            cursor.execute(self._sql("delete from {schema}.call_journal where batch = %s"), (batch,))
            cursor.execute(
                self._sql("update {schema}.call_batches set folded = true where batch = %s returning calls"), (batch,)
            )
            return cursor.fetchall()[0][0]

        return self._in_transaction(remove)

    def forget_writers(self) -> None:
        """Remove what is kept of writers that ended long ago."""
        self.ask(
            "delete from {schema}.call_writers where at < now() - make_interval(days => %s) returning 1", (WRITER_DAYS,)
        )

    def folding(self, act: Callable[[], Any]) -> Any:
        """What `act` gives, while nobody else folds; None where somebody does. The lock ends with this process."""
        import psycopg2

        self._make_tables()
        connection = self._server.connect()
        try:
            with connection.cursor() as cursor:
                cursor.execute("select pg_try_advisory_lock(%s, %s)", (_FOLDING, self._number))
                if not cursor.fetchall()[0][0]:
                    self._server.give_back(connection)
                    return None
        except psycopg2.Error as error:
            connection.close()
            raise self._server.failed(error) from error
        try:
            return act()
        finally:
            connection.close()  # and with it the lock

    # --- connections

    def make_tables(self) -> None:
        """Bring the tables about where they are missing."""
        self._patiently(self._make_tables, "the tables of calls could not be made")

    def _make_tables(self) -> None:
        with self._making:
            if self._made:
                return
            found = self._server.ask("select to_regclass(%s)", (f"{self._schema}.call_batches_open",))
            if found[0][0] is None:
                self._in_transaction(self._lay_out, patient=False)
            self._made = True

    def _lay_out(self, cursor: Any) -> None:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", (_MAKING, self._number))
        cursor.execute(self._sql(_TABLES))

    def _in_transaction(self, act: Callable[[Any], Any], *, patient: bool = True) -> Any:
        """What `act` does with a cursor, committed. It must be such that twice is once."""
        import psycopg2

        def attempt() -> Any:
            connection = self._server.connect()
            try:
                with connection.cursor() as cursor:
                    cursor.execute("begin")
                    result = act(cursor)
                    cursor.execute("commit")
            except psycopg2.Error as error:
                connection.close()
                raise self._server.failed(error) from error
            except BaseException:
                connection.close()
                raise
            self._server.give_back(connection)
            return result

        return self._patiently(attempt, "the recorded calls could not be put in order") if patient else attempt()

    def _patiently(self, attempt: Callable[[], Any], problem: str) -> Any:
        import psycopg2  # late: only a lake needs it

        until = time.monotonic() + self._patience_s
        while True:
            try:
                return attempt()
            except psycopg2.Error as error:
                failed = self._server.failed(error)
                if not isinstance(failed, CatalogUnreachable):
                    raise WarehouseBroken(f"{self._server.place}: {problem}: {first_line(error)}") from error
            except CatalogUnreachable as error:
                failed = error
            if not self._server.reached:
                raise failed
            if time.monotonic() > until:
                raise WarehouseBroken(f"{problem}, tried for {self._patience_s:.0f} s: {failed}") from failed
            time.sleep(PAUSE_S)

    def _sql(self, text: str) -> str:
        return text.replace("{schema}", self._schema)


class Packed(NamedTuple):
    """A call, and its row as PostgreSQL's binary COPY reads it."""

    call: Call
    row: bytes


def pack(call: Call) -> Packed:
    """Make a call ready to be written; what cannot be written (a text that is no Unicode) is found here."""
    parts = [_WIDTH]
    for name, value in zip(FIELDS, values_of(call), strict=True):
        if value is None:
            parts.append(_NULL)
        elif name in INTEGERS:
            parts.append(_INTEGER.pack(8, value))
        elif name == "cost_usd":
            parts.append(_FLOAT.pack(8, value))
        else:
            text = value.encode()
            parts += (_LENGTH.pack(len(text)), text)
    return Packed(call, b"".join(parts))


def _sums_of(calls: Sequence[Call]) -> list[tuple[Any, ...]]:
    """What calls come to, a row each recipe, launch, run, day and outcome, in the order of their keys."""
    sums: dict[str, list[Any]] = {}
    for call in calls:
        day = call.finished_at[:10]
        whose = (call.recipe, call.launch, call.run_id, day, call.error is None)
        key = json.dumps(whose)
        row = sums.setdefault(key, [key, *whose, 0, 0, 0, 0.0, 0, call.started_at, call.finished_at])
        row[6] += 1
        row[7] += call.prompt_tokens or 0
        row[8] += call.completion_tokens or 0
        row[9] += call.cost_usd or 0.0
        row[10] += call.cost_usd is None
        row[11] = min(row[11], call.started_at)
        row[12] = max(row[12], call.finished_at)
    return [tuple(sums[key]) for key in sorted(sums)]
