"""A lake on real servers: whole or not at all, once however often, over others' writes and over restarts."""

import json
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import duckdb
import pytest

from synth_assets.cluster import objects, postgres
from synth_assets.errors import WarehouseBroken, WarehouseBusy
from synth_assets.lake.attached import AttachedLake, end_session
from synth_assets.lake.warehouse import CALLS_TABLE, DATA_SETTING, SCHEMA_SETTING
from synth_assets.warehouse import SCHEMA_VERSION, columns, table_names
from tests.cluster.conftest import take_away
from tests.conftest import CHECKOUT

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

MOMENT = datetime(2026, 1, 2, tzinfo=UTC)


def candidate(name, **values):
    return {
        "candidate_id": name, "exercise": "x", "exercise_version": 1, "language": "en", "round": 1, "pass": 0,
        "seed": 1, "source": "s", "neighbour_ids": [], "constraints": {}, "recipe_name": "r", "recipe_hash": "h",
        "run_id": "run", "planned_at": MOMENT,
    } | values  # fmt: skip


def withdrawal(name):
    return {"candidate_id": name, "reason": "r", "withdrawn_at": MOMENT}


def known(lake, *names):
    found = lake.read("transforms/known_candidates", candidate_ids=list(names))
    return sorted(row["candidate_id"] for row in found)


def count(lake, table):
    with lake.reading("counting") as open_:
        return open_.connection.execute(f"select count(*) from {table}").fetchone()[0]


def stranger(lake):
    """A session that holds no lock, as a person's own tool or a compaction has it."""
    return lake._lake(None).session()


# --- whole, once


def test_what_is_written_is_there_for_another_process_and_only_once(new_lake):
    lake = new_lake()
    assert lake.insert("candidates", [candidate("a"), candidate("b")]) == 2
    assert lake.insert("candidates", [candidate("b"), candidate("c")]) == 1
    assert known(new_lake(), "a", "b", "c", "d") == ["a", "b", "c"]
    assert not lake.path.exists()


def test_an_error_in_mid_transaction_leaves_nothing(new_lake):
    lake = new_lake()

    def half_a_write():
        with lake.transaction("half a write") as open_:
            open_.insert("candidates", [candidate("a")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_a_write()
    assert known(lake, "a") == []


def test_a_row_that_the_table_refuses_takes_the_whole_transaction_with_it(new_lake):
    lake = new_lake()

    def half_a_write():
        with lake.transaction("half a write") as open_:
            open_.insert("candidates", [candidate("a")])
            open_.insert("candidates", [candidate("b", source=None)])

    with pytest.raises(duckdb.ConstraintException):
        half_a_write()
    assert known(lake, "a", "b") == []


def test_nothing_is_written_where_only_reading_was_asked_for(new_lake):
    lake = new_lake()
    with pytest.raises(RuntimeError, match="only reading"), lake.reading("looking around") as open_:
        open_.insert("candidates", [candidate("a")])


def test_a_reader_sees_one_moment_and_keeps_nobody_waiting(new_lake):
    lake = new_lake()
    lake.insert("candidates", [candidate("a")])
    seen = []

    def write():
        seen.append(new_lake(patience_s=5).insert("candidates", [candidate("b")]))

    with lake.reading("looking twice") as open_:
        before = open_.rows("transforms/known_candidates", candidate_ids=["a", "b"])
        writer = threading.Thread(target=write)
        writer.start()
        writer.join(timeout=60)
        assert seen == [1]
        assert open_.rows("transforms/known_candidates", candidate_ids=["a", "b"]) == before
    assert known(lake, "a", "b") == ["a", "b"]


# --- others

WRITER = """
import json, os, sys, time
from datetime import UTC, datetime
from pathlib import Path
from synth_assets.lake.warehouse import LakeWarehouse
given, folder, me = json.loads(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
from tests.cluster.test_lake_transactions import candidate, withdrawal
lake = LakeWarehouse(**given)
lake.read("transforms/known_candidates", candidate_ids=["x"])
(folder / f"ready-{me}").touch()
while not (folder / "go").exists():
    time.sleep(0.005)
waits, whole = [], []
for number in range(20):
    asked = time.monotonic()
    with lake.transaction(f"write {number} of {me}") as open_:
        waits.append(time.monotonic() - asked)
        open_.insert("candidates", [candidate(f"{me}-{number}-a"), candidate(f"{me}-{number}-b"),
                                    candidate(f"all-{number}")])
        open_.insert("withdrawals", [withdrawal(f"{me}-{number}")])
    whole.append(time.monotonic() - asked)
print(json.dumps([waits, whole]))
"""


def test_four_processes_write_twenty_times_each_at_once_none_fails_and_no_key_stands_twice(new_lake, tmp_path):
    lake = new_lake()
    given = {name: getattr(lake, name) for name in ("database", "catalog", "data", "catalog_schema")}
    lake.read("transforms/known_candidates", candidate_ids=["x"])
    arguments = [json.dumps(given), str(tmp_path)]
    children = [
        subprocess.Popen([sys.executable, "-c", WRITER, *arguments, str(number)], text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for number in range(4)
    ]  # fmt: skip
    while len(list(tmp_path.glob("ready-*"))) < 4 and all(child.poll() is None for child in children):
        time.sleep(0.01)
    began = time.monotonic()
    (tmp_path / "go").touch()
    ended = [(*child.communicate(timeout=240), child.returncode) for child in children]
    seconds = time.monotonic() - began
    assert [code for _, _, code in ended] == [0, 0, 0, 0], [errors[-2000:] for _, errors, _ in ended]
    told = [json.loads(output) for output, _, _ in ended]
    waits, whole = (sorted(each for times in told for each in times[part]) for part in (0, 1))
    print(f"80 writes by 4 processes: {80 / seconds:.1f} a second; waits: median {waits[40]:.3f} s, p99 "
          f"{waits[78]:.3f} s, longest {waits[-1]:.3f} s; asked to written: median {whole[40]:.3f} s")  # fmt: skip
    assert (count(lake, "candidates"), count(lake, "withdrawals")) == (4 * 20 * 2 + 20, 80)


def test_a_conflict_with_a_stranger_is_resolved_by_doing_all_of_it_again(new_lake):
    lake = new_lake()
    lake.insert("withdrawals", [withdrawal("old"), withdrawal("older")])
    outside = stranger(lake)
    with lake.transaction("clearing beside a stranger") as open_:
        assert open_.execute("transforms/clear_left_out") == 0
        assert open_.insert("withdrawals", [withdrawal("new")]) == 1
        outside.execute("delete from withdrawals where candidate_id = 'old'")
    outside.close()
    assert count(lake, "withdrawals") == 2


def test_a_transaction_of_limited_memory_is_done_again_and_the_limit_ends_with_it(new_lake):
    lake = new_lake()
    lake.insert("withdrawals", [withdrawal("old")])
    outside = stranger(lake)
    limit = outside.execute("select current_setting('memory_limit')").fetchone()
    with lake.transaction("clearing in little memory") as open_:
        open_.limit_memory("300MB")
        open_.execute("transforms/clear_left_out")
        assert open_.insert("withdrawals", [withdrawal("new")]) == 1
        assert outside.execute("select current_setting('memory_limit')").fetchone() != limit
        outside.execute("delete from withdrawals where candidate_id = 'old'")
    assert outside.execute("select current_setting('memory_limit')").fetchone() == limit
    outside.close()
    assert count(lake, "withdrawals") == 1


def test_a_conflict_that_changes_what_was_read_writes_nothing_and_says_so(new_lake):
    lake = new_lake()
    lake.insert("candidates", [candidate("a")])
    outside = stranger(lake)

    def decide():
        with lake.transaction("deciding by what is there") as open_:
            assert len(open_.rows("transforms/known_candidates", candidate_ids=["a"])) == 1
            open_.insert("candidates", [candidate("b")])
            outside.execute("delete from candidates where candidate_id = 'a'")

    with pytest.raises(WarehouseBusy, match="has changed since"):
        decide()
    outside.close()
    assert known(lake, "a", "b") == []


def test_who_waits_too_long_is_told_who_has_the_lock(new_lake):
    lake = new_lake()
    failures = []

    def other():
        try:
            new_lake(patience_s=0.3).insert("candidates", [candidate("b")])
        except WarehouseBusy as error:
            failures.append(str(error))

    with lake.transaction("cutting sections"):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(timeout=60)
    assert len(failures) == 1
    assert "cutting sections" in failures[0]
    assert "process" in failures[0]


def test_a_process_killed_in_its_transaction_lets_the_lock_go_and_leaves_nothing(new_lake):
    lake = new_lake()
    lake.insert("candidates", [candidate("before")])
    given = {name: getattr(lake, name) for name in ("database", "catalog", "data", "catalog_schema")}
    dies = (
        "import json, os, sys\nfrom synth_assets.lake.warehouse import LakeWarehouse\n"
        "from tests.cluster.test_lake_transactions import candidate\n"
        "with LakeWarehouse(**json.loads(sys.argv[1])).transaction('dying') as open_:\n"
        "    open_.insert('candidates', [candidate('inside')])\n    os.kill(os.getpid(), 9)\n"
    )
    child = subprocess.run([sys.executable, "-c", dies, json.dumps(given)], capture_output=True, text=True, timeout=120)
    assert child.returncode == -9, child.stderr
    assert lake.insert("candidates", [candidate("after")]) == 1
    assert known(lake, "before", "inside", "after") == ["after", "before"]


def test_compaction_merges_files_and_loses_no_row(new_lake):
    lake = new_lake()
    for number in range(5):
        lake.insert("candidates", [candidate(str(number))])
    lake.compact()
    assert count(lake, "candidates") == 5
    outside = stranger(lake)
    files = outside.execute("select count(*) from ducklake_list_files('lake', 'candidates')").fetchone()[0]
    outside.close()
    assert files == 1


def test_who_looks_on_waits_for_no_writer(new_lake):
    lake = new_lake()
    seen = []
    impatient = new_lake(catalog_schema=lake.catalog_schema, data=lake.data, patience_s=0.5)

    def look():
        with impatient.reading("looking on") as open_:
            seen.append(open_.rows("transforms/known_candidates", candidate_ids=["a"]))

    with lake.transaction("writing"):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join(timeout=60)
    assert seen == [[]]


def test_memory_is_limited_for_one_transaction_which_can_be_done_again(new_lake, servers):
    lake = new_lake()
    outside = stranger(lake)

    def limit():
        return outside.execute("select current_setting('memory_limit')").fetchone()[0]

    before = limit()
    with lake.transaction("writing much") as open_:
        open_.limit_memory("333MB")
        assert limit() != before
        assert open_.insert("candidates", [candidate("first")]) == 1
        postgres.stop(servers / "postgres")
        postgres.start(servers / "postgres")
    assert limit() == before
    outside.close()
    assert known(lake, "first") == ["first"]


def answerless_sessions():
    """Makes sessions of which a commit is made, and its answer lost."""
    real = AttachedLake.session

    class Session:
        def __init__(self, session):
            self._session = session

        def __getattr__(self, name):
            return getattr(self._session, name)

        def commit(self):
            self._session.commit()
            raise duckdb.IOException("server closed the connection unexpectedly")

    def session(attached):
        return Session(real(attached))

    return session


@pytest.mark.parametrize("repeatable", [True, False])
def test_a_commit_of_which_no_answer_came_stands_once_and_is_known_to(new_lake, monkeypatch, repeatable):
    lake = new_lake()
    lake.insert("candidates", [candidate("before")])
    with monkeypatch.context() as patched:
        patched.setattr(AttachedLake, "session", answerless_sessions())
        with lake.transaction("committing") as open_:
            if not repeatable:
                open_.connection.execute("delete from candidates")
            open_.insert("candidates", [candidate("after")])
    assert known(lake, "before", "after") == (["after", "before"] if repeatable else ["after"])
    assert count(lake, "candidates") == (2 if repeatable else 1)


def test_a_commit_that_is_under_way_still_is_waited_for(new_lake):
    import psycopg2

    lake = new_lake()
    lake.insert("candidates", [candidate("a")])
    attached = lake._lake(None)
    slow = psycopg2.connect(lake.catalog)
    with slow.cursor() as cursor:
        cursor.execute(
            f"insert into {lake.catalog_schema}.ducklake_snapshot_changes (snapshot_id, commit_extra_info) "
            f"select max(snapshot_id) + 1, 'mark' from {lake.catalog_schema}.ducklake_snapshot_changes"
        )
    later = threading.Timer(1.0, slow.commit)
    later.start()
    assert attached.has_committed("mark")
    later.join()
    slow.close()
    assert not attached.has_committed("another mark")


def test_who_has_a_connection_after_a_writer_waits_as_long_as_it_likes(new_lake):
    lake = new_lake()
    lake.insert("candidates", [candidate("a")])
    connection = lake._lake(None).lock.connect()
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('lock_timeout'), current_setting('application_name')")
        assert cursor.fetchone() == ("0", "")
        cursor.execute("select current_setting('tcp_user_timeout'), current_setting('tcp_keepalives_idle')")
        assert cursor.fetchone() == ("30000", "10")
    told = connection.get_dsn_parameters()
    assert (told["tcp_user_timeout"], told["keepalives_idle"]) == ("30000", "10")
    connection.close()


def test_a_write_that_rests_on_a_lock_which_another_has_by_now_is_not_made(new_lake):
    lake = new_lake()

    def write():
        with lake.locks.held("group"):
            with lake.transaction("writing the first") as open_:
                open_.insert("candidates", [candidate("first")])
            take_away(lake, "group")
            with lake.transaction("writing the second") as open_:
                open_.insert("candidates", [candidate("second")])

    with pytest.raises(WarehouseBroken, match=r"the lock of group was lost.*another run has it now"):
        write()
    assert known(lake, "first", "second") == ["first"]
    with lake.transaction("writing what rests on no lock") as open_:
        open_.insert("candidates", [candidate("third")])


# --- servers that are away


def test_a_catalog_that_is_restarted_in_mid_transaction_is_waited_for(new_lake, servers):
    lake = new_lake()
    lake.insert("candidates", [candidate("before")])
    with lake.transaction("writing over a restart") as open_:
        assert open_.insert("candidates", [candidate("first")]) == 1
        postgres.stop(servers / "postgres")
        postgres.start(servers / "postgres")
        assert open_.insert("candidates", [candidate("first"), candidate("second")]) == 1
    assert known(lake, "before", "first", "second") == ["before", "first", "second"]
    assert lake.insert("candidates", [candidate("second"), candidate("third")]) == 1


def test_a_catalog_that_is_restarted_before_the_commit_is_waited_for(new_lake, servers):
    lake = new_lake()
    with lake.transaction("committing over a restart") as open_:
        assert open_.insert("candidates", [candidate("first")]) == 1
        postgres.stop(servers / "postgres")
        later = threading.Timer(1.0, postgres.start, [servers / "postgres"])
        later.start()
    later.join()
    assert known(lake, "first") == ["first"]
    assert count(lake, "candidates") == 1


def test_an_object_store_that_is_away_for_a_while_is_waited_for(new_lake, servers):
    lake = new_lake()
    lake.insert("candidates", [candidate("before")])
    objects.stop(servers / "objects")
    later = threading.Timer(1.0, objects.start, [servers / "objects"])
    later.start()
    assert lake.insert("candidates", [candidate("after")]) == 1
    later.join()
    assert known(lake, "before", "after") == ["after", "before"]


def test_a_server_that_stays_away_ends_patience_and_nothing_is_written(new_lake, servers):
    lake = new_lake(patience_s=2)
    lake.insert("candidates", [candidate("before")])
    postgres.stop(servers / "postgres")
    try:
        with pytest.raises((WarehouseBusy, WarehouseBroken), match=r"catalog|tried"):
            lake.insert("candidates", [candidate("after")])
    finally:
        postgres.start(servers / "postgres")
    assert known(lake, "before", "after") == ["before"]


# --- what cannot be used


def test_a_wrong_password_is_one_clear_message(new_lake, monkeypatch):
    lake = new_lake()
    monkeypatch.setenv("PGPASSWORD", "wrong")
    with pytest.raises(WarehouseBroken, match=r"password authentication failed.*PGPASSWORD"):
        lake.read("transforms/known_candidates", candidate_ids=["a"])


def test_a_catalog_that_nobody_serves_is_one_clear_message(new_lake):
    lake = new_lake(catalog="host=127.0.0.1 port=9 user=synth dbname=lake")
    began = time.monotonic()
    with pytest.raises(WarehouseBroken, match=r"port=9.*the catalog cannot be reached.*[Cc]onnection refused"):
        lake.insert("candidates", [candidate("a")])
    assert time.monotonic() - began < 20


def test_a_bucket_that_is_not_there_is_one_clear_message_and_nothing_is_made(new_lake):
    lake = new_lake(data="s3://no-such-bucket/lake")
    with pytest.raises(WarehouseBroken, match=r"no-such-bucket.*404"):
        lake.insert("candidates", [candidate("a")])
    assert known(new_lake(), "a") == []  # the same catalog takes another folder: the first try left nothing in it


def test_a_shared_folder_that_is_not_mounted_here_is_told_and_none_is_made(new_lake, open_folder):
    shared = open_folder / "shared-rows"
    lake = new_lake(data=str(shared))
    lake.insert("candidates", [candidate("a")])
    mounted_elsewhere = shared.rename(open_folder / "elsewhere")
    fresh = new_lake(
        data=lake.data, catalog_schema=lake.catalog_schema, catalog=f"{lake.catalog} application_name=elsewhere"
    )
    with pytest.raises(WarehouseBroken, match=r"not at its data path: mount the folder that all workers share"):
        fresh.insert("candidates", [candidate("b")])
    assert not shared.exists()
    mounted_elsewhere.rename(shared)
    assert known(fresh, "a", "b") == ["a"]


def test_wrong_keys_of_the_object_store_are_one_clear_message(new_lake, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(WarehouseBroken, match="403"):
        new_lake().insert("candidates", [candidate("a")])


def test_another_folder_for_the_same_catalog_is_refused(new_lake):
    lake = new_lake()
    lake.insert("candidates", [candidate("a")])
    with pytest.raises(WarehouseBroken, match=r"(?i)data.path"):
        new_lake(data=f"{lake.data}-other").read("transforms/known_candidates", candidate_ids=["a"])


def test_a_lake_of_a_newer_package_is_refused_also_by_a_process_that_knew_it_before(new_lake):
    lake = new_lake()
    lake.insert("candidates", [candidate("a")])
    outside = stranger(lake)
    outside.execute("insert into schema_version values ($version, now())", {"version": SCHEMA_VERSION + 1})
    outside.close()
    with pytest.raises(WarehouseBroken, match=r"newer synth-assets.*upgrade"):
        lake.insert("candidates", [candidate("b")])


OPENS_IT = """
import json, sys
from synth_assets.lake.warehouse import LakeWarehouse
lake = LakeWarehouse(**json.loads(sys.argv[1]))
found = lake.read("transforms/known_candidates", candidate_ids=["a", "b"])
print(json.dumps([found, lake.layout(), lake.unlike_ddl()]))
"""


def test_a_lake_of_an_earlier_layout_is_brought_up_with_every_row(new_lake):
    lake = new_lake()
    lake.insert("candidates", [candidate("a"), candidate("b")])
    lake.insert("withdrawals", [withdrawal("a")])
    before = lake.read("audit/preview_candidates", exercise="x", language="en", rows=9)
    outside = stranger(lake)
    keys = [(table, name) for table in table_names() for name in ("candidate_key", "section_key")
            if name in {column.name for column in columns(table)}]  # fmt: skip
    assert len(keys) > 10
    for table, name in keys:
        outside.execute(f"alter table {table} drop column {name}")
    outside.execute("drop table settled_rounds")
    outside.execute("delete from schema_version")
    outside.execute("insert into schema_version values (3, now())")
    outside.close()
    given = {name: getattr(lake, name) for name in ("database", "catalog", "data", "catalog_schema")}
    told = subprocess.run([sys.executable, "-c", OPENS_IT, json.dumps(given)], cwd=CHECKOUT, capture_output=True,
                          text=True, check=True).stdout  # fmt: skip
    found, layout, unlike = json.loads(told)
    assert (layout, unlike) == (SCHEMA_VERSION, [])
    assert sorted(row["candidate_id"] for row in found) == ["a", "b"]
    assert new_lake(data=lake.data).read("audit/preview_candidates", exercise="x", language="en", rows=9) == before


def test_of_two_packages_the_older_ends_in_one_line_and_writes_nothing(new_lake, monkeypatch, tmp_path):
    lake = new_lake()
    lake.insert("candidates", [candidate("a")])
    outside = stranger(lake)
    outside.execute("insert into schema_version values ($version, now())", {"version": SCHEMA_VERSION + 1})
    monkeypatch.setenv(SCHEMA_SETTING, lake.catalog_schema)
    monkeypatch.setenv(DATA_SETTING, lake.data)
    monkeypatch.setenv("SYNTH_ASSETS_HOME", str(tmp_path))
    before = outside.execute("select max(snapshot_id) from ducklake_snapshots('lake')").fetchone()
    for command in (["status"], ["run", "--exercise", "math_mcq", "--rows", "1"], ["migrate", "--to", "file"]):
        found = subprocess.run(
            [sys.executable, "-m", "synth_assets", *command], capture_output=True, text=True, timeout=240
        )
        assert found.returncode == 1, found.stdout + found.stderr
        assert "upgrade the package" in found.stderr + found.stdout
    assert outside.execute("select max(snapshot_id) from ducklake_snapshots('lake')").fetchone() == before
    outside.close()


def test_a_lake_of_an_older_layout_is_brought_up_to_this_one(new_lake):
    lake = new_lake()
    lake.insert("candidates", [candidate("a")])
    assert lake.unlike_ddl() == []
    outside = stranger(lake)
    outside.execute("alter table quality_scores drop column judgement")
    outside.execute("update schema_version set version = 1")
    outside.close()
    fresh = new_lake(catalog=f"{lake.catalog} application_name=fresh")  # as another process attaches it
    assert fresh.unlike_ddl() == []
    assert known(fresh, "a") == ["a"]


def test_who_waits_for_the_lock_waits_over_a_restart_of_the_catalog(new_lake, servers):
    lake = new_lake()
    lake.insert("candidates", [candidate("before")])
    holder = lake._lake(None).lock.connect()
    with holder.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s, %s)", lake._lake(None).lock.numbers)
    outcomes = []

    def wait():
        try:
            outcomes.append(lake.insert("candidates", [candidate("after")]))
        except WarehouseBroken as error:
            outcomes.append(str(error))

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(1)
    postgres.stop(servers / "postgres")
    postgres.start(servers / "postgres")
    thread.join(timeout=60)
    holder.close()
    assert outcomes == [1]
    assert known(lake, "before", "after") == ["after", "before"]


def test_a_reader_cut_off_never_mixes_two_moments(new_lake, servers):
    lake = new_lake()
    lake.insert("candidates", [candidate("a")])

    def write():
        lake.insert("candidates", [candidate("b")])

    def read_twice():
        with lake.reading("reading twice") as open_:
            assert len(open_.rows("transforms/known_candidates", candidate_ids=["a", "b"])) == 1
            thread = threading.Thread(target=write)
            thread.start()
            thread.join(timeout=60)
            postgres.stop(servers / "postgres")
            postgres.start(servers / "postgres")
            open_.rows("transforms/known_candidates", candidate_ids=["a", "b"])

    with pytest.raises(WarehouseBusy, match="what it had read has changed"):
        read_twice()


def test_a_session_that_is_ended_while_the_catalog_is_away_does_not_take_the_process_along(new_lake, servers):
    lake = new_lake()
    lake.insert("candidates", [candidate("a")])
    session = lake._lake(None).session()
    session.begin()
    assert session.execute("select count(*) from candidates").fetchone() == (1,)
    postgres.stop(servers / "postgres")
    end_session(session)
    postgres.start(servers / "postgres")
    assert known(lake, "a") == ["a"]


def test_statements_whose_connections_are_cut_off_again_and_again_say_what_they_say(new_lake):
    lake = new_lake()
    lake.insert("candidates", [candidate("a")])
    server = lake._lake(None).lock.connect()
    ended = threading.Event()

    def cut_off():
        for _ in range(12):
            time.sleep(0.25)
            with server.cursor() as cursor:
                cursor.execute("select pg_terminate_backend(pid) from pg_stat_activity "
                               "where datname = current_database() and pid <> pg_backend_pid()")  # fmt: skip
        ended.set()

    thread = threading.Thread(target=cut_off)
    thread.start()
    read = 0
    while not ended.is_set():
        with lake.reading("reading again and again") as open_:
            assert open_.rows("transforms/cell_counts", exercise="x", language="en")[0]["open"] == 1
            assert len(open_.rows("transforms/unaccounted_cells")) == 0
        read += 1
    thread.join()
    server.close()
    assert read > 0


def test_what_follows_a_row_that_was_refused_does_not_get_through_without_it(new_lake):
    lake = new_lake()

    def go_on():
        with lake.transaction("writing a refused row") as open_:
            with pytest.raises(duckdb.Error, match="NOT NULL"):
                open_.insert("candidates", [candidate("a", recipe_name=None)])
            open_.insert("candidates", [candidate("b")])

    with pytest.raises(WarehouseBroken, match=r"nothing of it was written.*aborted"):
        go_on()
    assert known(lake, "a", "b") == []


def test_no_table_of_a_new_lake_is_without_statistics_and_none_has_a_row(new_lake):
    lake = new_lake()
    with lake.reading("looking at the catalog") as open_:
        stated = open_.connection.execute("select table_name from ducklake_table_info('lake')").fetchall()
        rows = {name: open_.connection.execute(f"select count(*) from {name}").fetchone()[0] for (name,) in stated}
    assert rows == {**dict.fromkeys([*table_names(), CALLS_TABLE], 0), "schema_version": 1}
    schema = lake.catalog_schema
    without = lake._lake(None).lock.ask(
        f"select table_name from {schema}.ducklake_table as t where not exists "
        f"(select from {schema}.ducklake_table_stats as s where s.table_id = t.table_id)", (),
    )  # fmt: skip
    assert without == []
