"""The calls of a lake, on real servers: recorded once, found at once by all, folded without a gap, whatever dies."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import replace

import polars as pl
import pytest

from synth_assets.calls.folder import CallFolder
from synth_assets.calls.record import SCHEMA
from synth_assets.cluster import postgres
from synth_assets.errors import WarehouseBroken
from synth_assets.exercises.base import Message, Request, Text
from synth_assets.lake import calls as lake_calls
from synth_assets.lake import journal as lake_journal
from synth_assets.lake.journal import LakeJournal
from synth_assets.lake.lock import WriteLock
from synth_assets.models.client import ModelClient
from synth_assets.recipe import Budget, ModelEntry, Models
from tests.scripted_endpoint import ScriptedEndpoint
from tests.test_calls import CALLS, CANDIDATES, a_call, by_id

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

GIVEN = ("database", "calls_folder", "catalog", "data", "catalog_schema")


def viewed(lake):
    with lake.reading("looking at the calls") as open_:
        return sorted(open_.connection.execute("select call_id, finished_at, reply from model_calls").fetchall())


def rows_of(calls):
    return sorted((call.call_id, call.finished_at, call.reply) for call in calls)


def given(lake):
    return json.dumps({name: getattr(lake, name) for name in GIVEN})


@contextmanager
def asked(lake, query, *values):
    """The rows of a query of PostgreSQL, in the schema that the workers share."""
    import psycopg2

    connection = psycopg2.connect(lake.catalog, options=f"-c search_path={lake.catalog_schema}_shared")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            yield cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


# --- one record, whoever reads it


def test_what_one_worker_appends_every_other_one_finds_at_once(new_lake):
    lake = new_lake()
    with lake.open_calls("run") as log, new_lake().open_calls("other") as other:
        for call in CALLS:
            log.append(call)
            assert other.stored([call.candidate_id], "query")[call.call_id] == call
        assert other.called([*CANDIDATES, "nobody"], "query") == set(CANDIDATES)
        assert other.called(CANDIDATES, "draft") == set()
    assert viewed(lake) == rows_of(CALLS)


SAID = [
    *CALLS,
    a_call(6, reply="a NUL \0 and more", cost_usd=None, prompt_tokens=None, recipe="r", launch="l"),
    a_call(7, reply=None, error="said no\0", finish_reason="call_rejected", cost_usd=0.0, completion_tokens=None),
    a_call(7, finished_at="2026-01-02T00:00:00.000+00:00", recipe="r", launch="m"),
    a_call(8, step="draft", logprobs='[["a", -0.5]]', candidate_id="f" * 64, recipe="s"),
]


def said_by(log):
    everybody = [*CANDIDATES, "candidate-3", "f" * 64, "nobody"]
    return {
        "stored": log.stored(everybody, "query"),
        "drafts": log.stored(everybody, "draft"),
        "called": log.called(everybody, "query"),
        "all": log.of_candidates(everybody),
        "costs": log.costs_of(everybody),
        "totals": log.totals(),
        "spent": [log.spent(recipe=recipe, launch=launch, day=day) for recipe in ("r", "s", "t")
                  for launch in ("", "l", "m") for day in ("", "2026-01-01", "2026-01-02")],
        "pages": sorted((row for page in log.pages() for row in page.rows()), key=repr),
    }  # fmt: skip


def test_a_lake_and_a_folder_say_the_same_of_the_same_calls_folded_or_not(new_lake, tmp_path):
    lake = new_lake()
    with CallFolder(tmp_path / "folder", "run") as folder, lake.open_calls("run") as log:
        folder.append_all(SAID)
        log.append_all(SAID[:5])
        assert log.compact().calls == 5
        log.append_all(SAID[5:])
        right = said_by(folder)
        assert said_by(log) == right
        assert log.compact().calls == len(SAID) - 5
        assert said_by(log) == right
        assert log.compact().calls == 0
        assert log.bytes_kept() > 0
    assert viewed(lake) == rows_of(SAID)
    assert lake.unlike_ddl() == []


def test_calls_of_another_log_are_taken_once_with_what_they_cost(new_lake, tmp_path):
    lake = new_lake()
    frame = pl.DataFrame([[getattr(call, name) for name in SCHEMA] for call in SAID], schema=SCHEMA, orient="row")
    with lake.open_calls("moving") as log, CallFolder(tmp_path / "there", "moving") as folder:
        log.append(SAID[0])
        log.compact()
        assert [log.take(frame.head(4)), log.take(frame), log.take(frame)] == [3, len(SAID) - 4, 0]
        assert [folder.take(page) for page in log.pages()] != []
        assert folder.take(frame) == 0
        assert said_by(folder) == said_by(log)
        log.copy_to(tmp_path / "copy")
        with CallFolder(tmp_path / "copy", "reader") as copy:
            assert said_by(copy) == said_by(log)


def test_a_call_that_cannot_be_written_is_its_own_error_and_spoils_no_other(new_lake):
    with new_lake().open_calls("run") as log:
        with pytest.raises(UnicodeEncodeError):
            log.append(a_call(1, reply="half a pair \ud800"))
        log.append(CALLS[0])
        assert log.totals().answered.calls == 1


def test_replies_that_come_together_share_commits_and_the_loop_goes_on(new_lake):
    lake = new_lake()

    async def record(log):
        turns = 0
        tasks = asyncio.gather(*(log.record(a_call(number)) for number in range(64)))
        while not tasks.done():
            turns += 1
            await asyncio.sleep(0)
        await tasks
        return turns

    with lake.open_calls("run") as log:
        turns = asyncio.run(record(log))
        with asked(lake, "select max(last_group) from call_writers") as ((groups,),):
            assert groups <= 8
        assert turns > 2
        assert log.totals().answered.calls == 64
    with asked(lake, "select count(*) from call_writers") as ((writers,),):
        assert writers == 0


def folded_meanwhile(log):
    """Fold all of a log in a thread of its own, where a transaction is open in this one."""
    folder = threading.Thread(target=log.compact)
    folder.start()
    folder.join(60)


def test_a_transaction_sees_the_calls_of_one_moment_beside_its_rows(new_lake):
    lake = new_lake()
    with lake.open_calls("run") as log, lake.reading("looking twice") as open_:
        log.append_all(CALLS[:2])
        before = open_.rows("transforms/known_candidates", candidate_ids=["a"])
        folded_meanwhile(log)  # what it has seen of the lake is older than what it will see of the journal
        assert open_.rows("audit/call_totals")[0]["calls"] == 2
        log.append_all(CALLS[2:4])
        folded_meanwhile(log)
        assert open_.rows("audit/call_totals")[0]["calls"] == 2
        assert open_.rows("transforms/known_candidates", candidate_ids=["a"]) == before
    assert len(viewed(lake)) == 4


class Stepping:
    """A session beside which something happens after its n-th statement."""

    def __init__(self, session, number, happens):
        self._session = session
        self._left = number
        self._happens = happens

    def execute(self, *arguments):
        done = self._session.execute(*arguments).fetchall()
        self._left -= 1
        if self._left == 0:
            self._happens()
        self._rows = done
        return self

    def begin(self):
        self._session.begin()

    def fetchall(self):
        return self._rows

    def fetchone(self):
        return self._rows[0] if self._rows else None


@pytest.mark.parametrize("claimed", [False, True])
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_session_sees_each_call_once_whatever_is_folded_while_it_begins(new_lake, number, claimed):
    lake = new_lake()
    with lake.open_calls("run") as log:
        log.append_all(CALLS)
        if claimed:
            log._journal.claim(4)
        session = lake._lake(None).session()
        lake_calls.begin_with_calls(Stepping(session, number, log.compact))
        found = session.execute("select call_id from model_calls").fetchall()
        session.close()
    assert sorted(name for (name,) in found) == sorted(by_id(CALLS))


@pytest.mark.parametrize("read", ["of", "batches_after"])
def test_who_looks_calls_up_finds_each_whatever_is_folded_meanwhile(new_lake, monkeypatch, read):
    lake = new_lake()
    real = getattr(LakeJournal, read)
    with lake.open_calls("run") as log, lake.open_calls("folder") as folder:
        log.append_all(CALLS)

        def then_folded(journal, *arguments):
            found = real(journal, *arguments)
            monkeypatch.setattr(LakeJournal, read, real)
            folder.compact()
            return found

        monkeypatch.setattr(LakeJournal, read, then_folded)
        assert log.of_candidates(CANDIDATES) == folder.of_candidates(CANDIDATES)
        assert len(log.of_candidates(CANDIDATES)) == len(CALLS)
        assert log.stored(CANDIDATES, "query") == by_id(CALLS)


# --- folding


def test_a_folding_that_dies_at_any_moment_loses_and_doubles_nothing_and_the_next_ends_it(new_lake):
    lake = new_lake()
    with lake.open_calls("run") as log:
        log.append_all(CALLS[:4])
        right = said_by(log)

        def holds():
            assert viewed(lake) == rows_of(CALLS[:4])
            assert said_by(log) == right

        journal = log._journal
        batch = journal.claim(3)
        holds()  # claimed
        with lake.transaction("folding") as open_:
            open_.execute("lake/fold_calls", batch=batch)
        holds()  # in both places
        second = journal.claim(3)
        assert second == batch + 1
        holds()  # and another that is in one
        assert log.recover().calls == 4
        holds()
        assert journal.unfolded() == []
        assert journal.remove(batch) == 3
        holds()  # twice is once
        assert log.recover().calls == 0
    with asked(lake, "select count(*) from call_journal") as ((left,),):
        assert left == 0


def test_a_process_that_comes_late_learns_of_any_number_of_batches(new_lake, monkeypatch):
    monkeypatch.setattr(lake_journal, "BATCHES_AT_ONCE", 2)
    lake = new_lake()
    with lake.open_calls("run") as log:
        for call in CALLS:
            log.append(call)
            log.compact()
        assert len(CALLS) > 4
        assert log.stored(CANDIDATES, "query") == by_id(CALLS)


def test_one_worker_folds_at_a_time_and_the_lock_ends_with_it(new_lake):
    lake = new_lake()
    with lake.open_calls("one") as one, lake.open_calls("two") as two:
        one.append_all(CALLS)
        assert one._journal.folding(lambda: two.compact().calls) == 0
        assert two.compact().calls == len(CALLS)


def test_readers_beside_folding_miss_nothing_and_see_nothing_twice(new_lake, monkeypatch):
    monkeypatch.setattr(lake_calls, "FOLD_ROWS", 8)
    lake = new_lake()
    lake.read("audit/call_totals")
    over = threading.Event()
    recorded, wrong = [], []

    def read(look):
        while not over.is_set():
            least = {(call.call_id, call.finished_at) for call in recorded}
            found = look()
            if least - set(found) or len(found) != len(set(found)):
                wrong.append((look.__name__, len(least), len(found), len(set(found))))

    with lake.open_calls("reader") as reader:
        everybody = [f"candidate-{number}" for number in range(200)]

        def in_the_view():
            return [row[:2] for row in viewed(lake)]

        def in_the_log():
            return [(call.call_id, call.finished_at) for call in reader.of_candidates(everybody)]

        threads = [threading.Thread(target=read, args=(look,)) for look in (in_the_view, in_the_log)]
        for thread in threads:
            thread.start()
        try:
            with lake.open_calls("writer") as log:
                until = time.monotonic() + 20
                number = 0
                while time.monotonic() < until and number < 120:
                    calls = [a_call(number + each) for each in range(4)]
                    log.append_all(calls)
                    recorded += calls
                    number += 4
                    log.fold()
        finally:
            over.set()
            for thread in threads:
                thread.join()
    assert wrong == []
    with asked(lake, "select count(*) from call_batches where folded") as ((batches,),):
        assert batches >= 3


# --- what dies, and what is away

APPENDER = """
import json, sys
from synth_assets.lake.warehouse import LakeWarehouse
from tests.test_calls import a_call
lake = LakeWarehouse(**json.loads(sys.argv[1]))
with lake.open_calls("killed") as log:
    for number in range(100000):
        log.append(a_call(number))
        print(number, flush=True)
"""


def test_a_kill_loses_no_recorded_call_and_counts_none_that_is_not(new_lake):
    lake = new_lake()
    lake.read("audit/call_totals")
    child = subprocess.Popen([sys.executable, "-c", APPENDER, given(lake)], stdout=subprocess.PIPE, text=True)
    told = [int(child.stdout.readline()) for _ in range(40)]
    child.send_signal(signal.SIGKILL)
    told += [int(line) for line in child.stdout.read().splitlines()]
    child.wait()
    child.stdout.close()
    with lake.open_calls("next") as log:
        found = log.totals().answered.calls
        assert len(told) <= found <= len(told) + 1  # one was on its way
        assert len(viewed(lake)) == found
        assert log.compact().calls == found


def test_a_commit_of_which_no_answer_came_is_not_made_again(new_lake, monkeypatch):
    import psycopg2
    from psycopg2.extensions import cursor

    lost = []

    class Answerless(cursor):
        def execute(self, query, values=None):
            super().execute(query, values)
            if query.endswith("commit") and "call_sums" in query and len(lost) < 2:
                lost.append(query)
                self.connection.close()
                raise psycopg2.OperationalError("server closed the connection unexpectedly")

    real = WriteLock.connect

    def connect(server):
        connection = real(server)
        connection.cursor_factory = Answerless
        return connection

    lake = new_lake()
    with lake.open_calls("run") as log:
        monkeypatch.setattr(WriteLock, "connect", connect)
        for call in CALLS:
            log.append(call)
        assert len(lost) == 2
        assert log.totals().answered.calls == len(CALLS)
    assert viewed(lake) == rows_of(CALLS)


def test_connections_that_break_at_any_moment_lose_and_double_nothing(new_lake):
    lake = new_lake()
    over = threading.Event()
    drawn = random.Random(5)

    def break_them():
        while not over.wait(drawn.uniform(0.0, 0.03)):
            with suppress(Exception), asked(
                lake,
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() "
                "and pid <> pg_backend_pid() and query ~ %s", "call_(writers|journal|sums)",
            ):  # fmt: skip
                pass

    with lake.open_calls("run") as log:
        log.append(a_call(0))
        breaking = threading.Thread(target=break_them)
        breaking.start()
        try:
            for number in range(1, 60):
                log.append(a_call(number))
        finally:
            over.set()
            breaking.join()
        assert log.totals().answered.calls == 60
        assert [row[0] for row in viewed(lake)] == sorted(f"call-{number}" for number in range(60))


def test_postgresql_restarted_in_mid_run_is_waited_for(new_lake, servers):
    lake = new_lake()
    with lake.open_calls("run") as log:
        log.append(CALLS[0])

        def restart():
            postgres.stop(servers / "postgres")
            time.sleep(0.5)
            postgres.start(servers / "postgres")

        restarting = threading.Thread(target=restart)
        restarting.start()
        try:
            for number in range(1, 200):
                log.append(a_call(number))
                if not restarting.is_alive() and number > 50:
                    break
        finally:
            restarting.join()
        last = number
        assert log.totals().answered.calls == last + 1
        assert log.stored(CANDIDATES, "query") == by_id(CALLS)
    assert len(viewed(lake)) == last + 1


def test_postgresql_away_for_too_long_is_one_error_and_nothing_is_counted(new_lake, servers):
    lake = new_lake(patience_s=1.0)
    log = lake.open_calls("run")
    try:
        log.append(CALLS[0])
        postgres.stop(servers / "postgres")
        try:
            with pytest.raises(WarehouseBroken, match="1 calls could not be recorded, tried for 1 s") as first:
                log.append(CALLS[1])
            with pytest.raises(WarehouseBroken) as second:
                log.append(CALLS[2])
            assert second.value is first.value
            with pytest.raises(WarehouseBroken, match="could not be read"):
                log.totals()
        finally:
            postgres.start(servers / "postgres")
    finally:
        log.close()
    with new_lake().open_calls("next") as after:
        assert after.totals().answered.calls == 1
        assert after.stored(CANDIDATES, "query") == by_id(CALLS[:1])


# --- the engine

ENGINE = """
import asyncio, json, sys
from synth_assets.lake.warehouse import LakeWarehouse
from tests.cluster.test_lake_calls import ask_all
address, count = sys.argv[2], int(sys.argv[3])
lake = LakeWarehouse(**json.loads(sys.argv[1]))
with lake.open_calls(sys.argv[4]) as log:
    log.recover()
    print(asyncio.run(ask_all(log, address, count)).replayed, flush=True)
"""


async def ask_all(log, address, count):
    entry = ModelEntry(model="scripted", address=address, max_in_flight=16)
    async with ModelClient(Models(query=entry), Budget(), log) as client:

        def ask(number):
            request = Request(role="query", messages=(Message(role="user", parts=(Text(text=f"Question {number}"),)),))
            whose = {"exercise": "e", "language": "en", "candidate_id": f"c{number}", "step": "query", "attempt": 0}
            return client.ask(request, **whose)

        await client.expect([f"c{number}" for number in range(count)], "query")
        await client.preload([f"c{number}" for number in range(count)], "query")
        await asyncio.gather(*(ask(number) for number in range(count)))
        return client.progress


def worker(lake, address, count, run_id):
    return subprocess.Popen(
        [sys.executable, "-c", ENGINE, given(lake), address, str(count), run_id], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip


def test_what_a_killed_worker_paid_for_another_one_does_not(new_lake):
    lake = new_lake()
    lake.read("audit/call_totals")
    count = 120
    with ScriptedEndpoint(delay_s=0.01) as endpoint:
        child = worker(lake, endpoint.address, count, "killed")
        while endpoint.answered() < 40:
            assert child.poll() is None, "the run ended before it could be killed"
            time.sleep(0.001)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        at_kill = endpoint.received()
        with lake.open_calls("reader") as log:
            durable = log.totals().answered.calls
        # a slot is free only when its reply is committed
        assert at_kill - durable <= 16
        other = worker(lake, endpoint.address, count, "other")
        assert int(other.communicate(timeout=120)[0]) == durable
        assert endpoint.received() - count == at_kill - durable
    with lake.open_calls("reader") as log:
        assert len(log.stored([f"c{number}" for number in range(count)], "query")) == count
        assert replace(log.spent(recipe=""), seconds=0.0).calls == count
