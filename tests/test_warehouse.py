"""Whole or not at all, once however often, side by side, and never a damaged file."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from synth_assets.calls.folder import CallFolder
from synth_assets.calls.record import SCHEMA, Call
from synth_assets.errors import WarehouseBroken, WarehouseBusy
from synth_assets.warehouse import SCHEMA_VERSION, Warehouse, columns, sql, table_names
from tests.warehouses import ON_LAKE, of_the_file, warehouse_at

VALUES = {
    "varchar": "łódź → 'quoted'",
    "json": {"axis": "value", "nested": [1, None, "é"]},
    "integer": 1,
    "bigint": 2**40,
    "double": 0.25,
    "boolean": True,
    "blob": b"\x00\xff",
    "timestamptz": datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
    "varchar[]": ["one", "two"],
    "float[]": [0.5, -0.25],
    "bigint[]": [2**40, -1],
}
# the layout's own, and those whose rows are made in the database from those of other tables
INSERTED = [table for table in table_names() if table not in ("schema_version", "reopened", "settled_rounds")]
CELL = {table: "cell" if table == "samples" else "exercise" for table in table_names()}
OF_CELLS = [t for t in INSERTED if {CELL[t], "language"} <= {column.name for column in columns(t)}]

OTHER_DUCKDB = os.environ.get("SYNTH_ASSETS_OTHER_DUCKDB")

# What the children of these tests share: a warehouse at argv[1], and a row of candidates with a given id.
PRELUDE = """
import json, os, sys, time
from datetime import UTC, datetime
from pathlib import Path
from tests.warehouses import warehouse_at
warehouse = warehouse_at(sys.argv[1])
def candidate(name, **values):
    return {"candidate_id": name, "exercise": "x", "exercise_version": 1, "language": "en", "round": 1, "pass": 0,
            "seed": 1, "source": "s", "neighbour_ids": [], "constraints": {}, "recipe_name": "r", "recipe_hash": "h",
            "run_id": "run", "planned_at": datetime(2026, 1, 2, tzinfo=UTC)} | values
"""


def a_row(table, **values):
    """A row with a value in every column, as its DDL types them."""
    row = {column.name: VALUES[column.type] for column in columns(table)} | values
    assert set(row) == {column.name for column in columns(table)}
    return row


def rows_of(open_, table, where="true"):
    """The rows of a table as text, so that two reads are compared to the last digit."""
    return sorted(repr(row) for row in open_.connection.execute(f"from {table} where {where}").fetchall())


def stored(warehouse, table):
    with warehouse.transaction("reading a table") as open_:
        return rows_of(open_, table)


def key_of(table):
    return sql(f"transforms/insert_{table}").rsplit("using (", 1)[1].split(")")[0].split(", ")


def run_child(code, *arguments, **options):
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, timeout=120, **options
    )


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory):
    """A warehouse made once, that the tests start from copies of."""
    path = tmp_path_factory.mktemp("empty") / "warehouse.duckdb"
    assert stored(Warehouse(database=str(path)), "candidates") == []
    return path


@pytest.fixture
def warehouse(tmp_path, empty_database):
    if not ON_LAKE:
        shutil.copy(empty_database, tmp_path)
    return warehouse_at(tmp_path / empty_database.name)


@pytest.fixture
def reopened(warehouse):
    """The same file as another process would find it."""
    return lambda: warehouse_at(warehouse.database)


# --- what the files say


@pytest.mark.parametrize("table", table_names())
def test_the_columns_read_from_the_ddl_are_those_that_duckdb_makes(warehouse, table):
    with warehouse.transaction("describing a table") as open_:
        made = open_.connection.execute(f"describe {table}").fetchall()
    spelled = {"timestamptz": "timestamp with time zone"}
    assert [(column.name, spelled.get(column.type, column.type), column.nullable) for column in columns(table)] == [
        (name, kind.lower(), null == "YES") for name, kind, null, *_ in made
    ]


@pytest.mark.parametrize("view", ["candidate_states", "model_calls"])
def test_views_work_on_an_empty_warehouse(warehouse, view):
    with warehouse.transaction("reading a view") as open_:
        cursor = open_.connection.execute(f"from {view}")
        assert [column[0] for column in cursor.description]
        assert cursor.fetchall() == []


def test_the_view_of_calls_has_the_columns_of_the_log_and_reads_journal_and_segments(warehouse, tmp_path):
    call = Call(**{name: "text" if "String" in str(kind) else 1 for name, kind in SCHEMA.items()} | {"call_id": "a"})
    with CallFolder(tmp_path / "calls", "folded") as log:
        log.append(call)
        log.fold()
    with CallFolder(tmp_path / "calls", "live") as log:
        for name in ("b", "a"):  # one new call, and one that stands in a segment already
            log.append(Call(**{field: getattr(call, field) for field in SCHEMA} | {"call_id": name}))
        with warehouse.transaction("reading calls") as open_:
            found = open_.connection.execute("from model_calls order by call_id")
            assert {column[0] for column in found.description} == set(SCHEMA)
            assert [row[0] for row in found.fetchall()] == ["a", "b"]


# --- whole or not at all


def test_an_error_in_mid_transaction_leaves_nothing(warehouse):
    warehouse.insert("candidates", [a_row("candidates", candidate_id="before")])

    def half_a_write():
        with warehouse.transaction("half a write") as open_:
            open_.insert("candidates", [a_row("candidates", candidate_id="inside")])
            open_.insert("queries", [a_row("queries", candidate_id="inside")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_a_write()
    assert warehouse.read("transforms/known_candidates", candidate_ids=["before", "inside"]) == [
        {"candidate_id": "before"}
    ]
    assert stored(warehouse, "queries") == []


def test_a_row_that_the_table_refuses_takes_the_whole_transaction_with_it(warehouse):
    def half_a_write():
        with warehouse.transaction("half a write") as open_:
            open_.insert("candidates", [a_row("candidates", candidate_id="inside")])
            open_.insert("queries", [a_row("queries", fingerprint=None)])

    with pytest.raises(duckdb.ConstraintException):
        half_a_write()
    assert stored(warehouse, "candidates") == []
    assert warehouse.insert("candidates", [a_row("candidates")]) == 1


@pytest.mark.parametrize("moment", ["before the commit", "after the commit"])
def test_a_process_killed_in_its_transaction_leaves_it_whole_or_not_at_all(warehouse, moment):
    warehouse.insert("candidates", [a_row("candidates", candidate_id="earlier")])
    kill = "os.kill(os.getpid(), 9)"
    inside, after = (kill, "pass") if moment == "before the commit" else ("pass", kill)
    child = run_child(
        f"{PRELUDE}\nwith warehouse.transaction('dying') as open_:\n"
        f"    open_.insert('candidates', [candidate(str(n)) for n in range(500)])\n    {inside}\n{after}",
        warehouse.database,
    )
    assert child.returncode == -9, child.stderr
    expected = 1 if moment == "before the commit" else 501
    assert len(stored(warehouse, "candidates")) == expected
    assert warehouse.insert("candidates", [a_row("candidates", candidate_id="later")]) == 1


def test_a_transaction_inside_a_transaction_is_a_mistake_and_says_so(warehouse):
    with warehouse.transaction("the outer one") as open_:
        with pytest.raises(RuntimeError, match=r"writing queries: .*\(the outer one\)"):
            warehouse.insert("queries", [a_row("queries")])
        assert open_.insert("candidates", [a_row("candidates")]) == 1
    assert len(stored(warehouse, "candidates")) == 1


# --- only read


def test_a_reading_sees_what_others_wrote_since_the_one_before(warehouse, reopened):
    def count():
        with warehouse.reading("counting") as open_:
            return len(rows_of(open_, "candidates"))

    found = [count()]
    for number in range(3):
        reopened().insert("candidates", [a_row("candidates", candidate_id=str(number))])
        found.append(count())
    assert found == [0, 1, 2, 3]


def test_a_reading_sees_what_a_killed_process_left_in_the_log(warehouse, reopened):
    reader = reopened()
    assert reader.read("audit/last_release") == []
    child = run_child(
        f"{PRELUDE}\nwith warehouse.transaction('dying') as open_:\n"
        "    open_.insert('candidates', [candidate('written')])\n    open_.connection.commit()\n"
        "    os.kill(os.getpid(), 9)",
        warehouse.database,
    )
    assert child.returncode == -9, child.stderr
    assert reader.read("transforms/known_candidates", candidate_ids=["written"]) == [{"candidate_id": "written"}]


def test_nothing_is_written_where_only_reading_was_asked_for(warehouse):
    warehouse.insert("candidates", [a_row("candidates", candidate_id="before")])

    def write():
        with warehouse.reading("reading") as open_:
            open_.insert("candidates", [a_row("candidates", candidate_id="inside")])

    with pytest.raises((RuntimeError, duckdb.InvalidInputException), match="read"):
        write()
    assert warehouse.insert("candidates", [a_row("candidates", candidate_id="before")]) == 0
    assert len(stored(warehouse, "candidates")) == 1


def test_readings_side_by_side_are_told_in_their_order_and_agree(warehouse):
    warehouse.insert("candidates", [a_row("candidates", candidate_id=str(number)) for number in range(50)])
    with warehouse.reading("reading side by side") as open_:
        counts = [lambda reading, least=least: len(rows_of(reading, "candidates", f"candidate_id::int >= {least}"))
                  for least in (0, 10, 49)]  # fmt: skip
        assert open_.side_by_side(*counts) == [50, 40, 1]
        assert open_.side_by_side(lambda reading: rows_of(reading, "candidates"), lambda reading: rows_of(
            reading, "candidates"))[0] == rows_of(open_, "candidates")  # fmt: skip


def test_what_fails_beside_a_reading_is_raised_and_the_next_reading_works(warehouse):
    warehouse.insert("candidates", [a_row("candidates")])

    def fail(reading):
        reading.connection.execute("select error('beside')").fetchall()

    with pytest.raises(duckdb.Error, match="beside"), warehouse.reading("reading side by side") as open_:
        open_.side_by_side(lambda reading: rows_of(reading, "candidates"), fail)
    assert len(stored(warehouse, "candidates")) == 1
    assert warehouse.read("audit/last_release") == []


@of_the_file
def test_two_warehouses_are_read_at_once_by_one_process(tmp_path, warehouse):
    other = Warehouse(database=str(tmp_path / "other's.duckdb"))
    for each, name in ((warehouse, "here"), (other, "there")):
        each.insert("candidates", [a_row("candidates", candidate_id=name)])
    inside, names = threading.Barrier(2), {}

    def read(each):
        with each.reading("reading at once") as open_:
            inside.wait(20)
            found = open_.connection.execute("select candidate_id from candidates").fetchall()
            names[each.database] = [row[0] for row in found]

    threads = [threading.Thread(target=read, args=(each,)) for each in (warehouse, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (names[warehouse.database], names[other.database]) == (["here"], ["there"])


# --- once, however often


@pytest.mark.parametrize("table", INSERTED)
def test_writing_twice_is_writing_once_and_the_first_row_stays(warehouse, table):
    key = key_of(table)
    changed = {c.name: "changed" for c in columns(table) if c.type == "varchar" and c.name not in key}
    with warehouse.transaction("writing again and again") as open_:
        assert open_.insert(table, [a_row(table)]) == 1
        first = rows_of(open_, table)
        assert open_.insert(table, [a_row(table)]) == 0
        assert open_.insert(table, [a_row(table, **changed)]) == 0
        assert rows_of(open_, table) == first


@pytest.mark.parametrize("table", INSERTED)
def test_a_row_that_differs_in_one_part_of_the_key_is_another_row(warehouse, table):
    other = {c.name: {"varchar": "other", "integer": 2}[c.type] for c in columns(table) if c.name in key_of(table)}
    with warehouse.transaction("writing rows of other keys") as open_:
        open_.insert(table, [a_row(table)])
        for count, (part, value) in enumerate(other.items(), start=2):
            assert open_.insert(table, [a_row(table, **{part: value})]) == 1
            assert len(rows_of(open_, table)) == count


def test_writing_twice_is_writing_once_over_transactions_and_processes(warehouse, reopened):
    rows = [a_row("candidates", candidate_id=str(number)) for number in range(10)]
    assert warehouse.insert("candidates", rows[:5]) == 5
    assert warehouse.insert("candidates", rows[3:8]) == 3
    assert reopened().insert("candidates", rows) == 2
    assert reopened().insert("candidates", rows) == 0
    assert len(stored(warehouse, "candidates")) == 10


@pytest.mark.parametrize("table", OF_CELLS)
def test_writing_one_cell_leaves_the_rows_of_its_neighbours_as_they_were(warehouse, table):
    def cell(exercise, language, name):
        numbers = {column.name for column in columns(table) if column.type == "integer"}
        key = {part: name for part in key_of(table) if part not in {"exercise", "language"} | numbers}
        return a_row(table, **{CELL[table]: exercise, "language": language} | key)

    others = f"not ({CELL[table]} = 'mcq' and language = 'en')"
    with warehouse.transaction("writing one cell") as open_:
        assert open_.insert(table, [cell("mcq", "fr", "1"), cell("rag", "en", "2"), cell("rag", "fr", "3")]) == 3
        before = rows_of(open_, table, others)
        assert open_.insert(table, [cell("mcq", "en", "4")]) == 1
        assert rows_of(open_, table, others) == before
        assert len(before) == 3


def test_what_is_written_comes_back_as_it_was(warehouse):
    row = a_row("seed_corpus", level=None, topic=None)
    warehouse.insert("seed_corpus", [row])
    with warehouse.transaction("reading") as open_:
        (read,) = open_.rows("transforms/seeds_at", first=0, last=0, places=[0])
        frame = open_.frame("transforms/seeds_at", first=0, last=0, places=[0])
    assert read | {"blocks": json.loads(read["blocks"])} == row
    assert frame.columns == list(row)
    assert frame["title"].to_list() == [row["title"]]


def test_columns_may_be_left_out_only_where_they_may_be_null(warehouse):
    row = a_row("queries")
    optional = {column.name for column in columns("queries") if column.nullable}
    assert warehouse.insert("queries", [{name: row[name] for name in row if name not in optional}]) == 1
    with pytest.raises(KeyError, match="fingerprint"):
        warehouse.insert("queries", [{name: row[name] for name in row if name != "fingerprint"}])


def test_a_column_that_the_table_does_not_have_is_named(warehouse):
    with pytest.raises(ValueError, match="table queries has no column answre"):
        warehouse.insert("queries", [a_row("queries") | {"answre": 1}])


def test_no_rows_are_no_write(tmp_path):
    warehouse = Warehouse(database=str(tmp_path / "warehouse.duckdb"))
    assert warehouse.insert("queries", []) == 0
    assert not warehouse.path.exists()


# --- side by side

WRITER = (
    PRELUDE
    + """
folder, me = Path(sys.argv[2]), sys.argv[3]
(folder / f"ready-{me}").touch()
while not (folder / "go").exists():
    time.sleep(0.005)
turns = folder / "turns"  # a letter for every turn that a writer has had
overtaken = []
for number in range(20):
    asked = turns.read_text()
    with warehouse.transaction(f"write {number} of {me}") as open_:
        since = turns.read_text()[len(asked):]
        overtaken.append(max(since.count(other) for other in "0123"))
        with turns.open("a") as file:
            file.write(me)
        open_.insert("candidates", [candidate(f"{me}-{number}-a"), candidate(f"{me}-{number}-b")])
        open_.insert("queries", [])
        open_.insert("withdrawals", [{"candidate_id": f"{me}-{number}", "reason": "r",
                                      "withdrawn_at": datetime(2026, 1, 2, tzinfo=UTC)}])
print(json.dumps(overtaken))
"""
)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """Four processes that write twenty times each at once, with this one reading beside them."""
    folder = tmp_path_factory.mktemp("crowd")
    warehouse = warehouse_at(folder / "warehouse.duckdb")
    stored(warehouse, "candidates")
    arguments = [warehouse.database, str(folder)]
    (folder / "turns").touch()
    children = [
        subprocess.Popen([sys.executable, "-c", WRITER, *arguments, str(number)], text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for number in range(4)
    ]  # fmt: skip
    seen = []
    try:
        while len(list(folder.glob("ready-*"))) < 4 and all(child.poll() is None for child in children):
            time.sleep(0.01)
        (folder / "go").touch()
        while any(child.poll() is None for child in children):
            with warehouse.reading("reading beside the writers") as open_:
                seen.append(
                    open_.connection.execute(
                        "select (select count(*) from candidates), (select count(*) from withdrawals)"
                    ).fetchone()
                )
            time.sleep(0.05)
        ended = [(child.wait(), *child.communicate()) for child in children]
    finally:
        for child in children:
            child.kill()
    return warehouse, ended, seen


@pytest.mark.long
def test_four_processes_write_twenty_times_each_at_once_and_none_fails_or_is_passed_over(crowd):
    warehouse, ended, _ = crowd
    assert [code for code, _, _ in ended] == [0, 0, 0, 0], [errors for _, _, errors in ended]
    # how often one and the same other had a turn while it waited for one
    overtaken = sorted(times for _, output, _ in ended for times in json.loads(output))
    assert len(overtaken) == 80
    # a machine may stop who has asked before it stands in the row, for a moment; without a row it is 5 and more
    assert overtaken[-5] <= 2, overtaken
    assert (len(stored(warehouse, "candidates")), len(stored(warehouse, "withdrawals"))) == (160, 80)


@pytest.mark.long
def test_a_reader_beside_writers_sees_whole_transactions_only(crowd):
    _, _, seen = crowd
    assert len(seen) > 1
    assert seen == sorted(seen)
    assert all(candidates == 2 * withdrawals for candidates, withdrawals in seen)


@of_the_file
def test_who_waits_too_long_for_another_run_is_told_who_it_is(warehouse):
    impatient = Warehouse(database=warehouse.database, patience_s=0.2)
    failure = []

    def other_run():
        try:
            impatient.insert("candidates", [a_row("candidates")])
        except WarehouseBusy as error:
            failure.append(str(error))

    with warehouse.transaction("cutting sections"):
        thread = threading.Thread(target=other_run)
        thread.start()
        thread.join(timeout=30)
    (text,) = failure
    assert f"process {os.getpid()} (cutting sections" in text
    assert "writing candidates" in text
    assert warehouse.database in text
    assert impatient.insert("candidates", [a_row("candidates")]) == 1


@of_the_file
def test_a_program_that_holds_the_file_is_named_and_nothing_is_lost(warehouse):
    warehouse.insert("candidates", [a_row("candidates", candidate_id="before")])
    holds = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True); input()"
    foreign = subprocess.Popen(
        [sys.executable, "-c", holds, warehouse.database], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert foreign.stdout.readline() == "open\n"
        impatient = Warehouse(database=warehouse.database, patience_s=0.2)
        with pytest.raises(WarehouseBusy) as caught:
            impatient.insert("candidates", [a_row("candidates", candidate_id="after")])
        assert str(foreign.pid) in str(caught.value)
        assert warehouse.database in str(caught.value)
        foreign.communicate("\n", timeout=30)
    finally:
        foreign.kill()
        foreign.wait()
        foreign.stdin.close()
        foreign.stdout.close()
    assert impatient.insert("candidates", [a_row("candidates", candidate_id="after")]) == 1
    assert len(stored(warehouse, "candidates")) == 2


@of_the_file
def test_a_program_that_holds_the_file_for_a_moment_is_waited_for(warehouse):
    warehouse.insert("candidates", [a_row("candidates", candidate_id="before")])
    holds = "import sys, time, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True); time.sleep(0.3)"
    with subprocess.Popen([sys.executable, "-c", holds, warehouse.database], text=True, stdout=subprocess.PIPE) as held:
        assert held.stdout.readline() == "open\n"
        assert warehouse.insert("candidates", [a_row("candidates", candidate_id="after")]) == 1


# --- a file that cannot be used


@pytest.mark.parametrize("damage", ["text", "zeros", "cut in half", "a folder"])
def test_a_damaged_file_is_named(tmp_path, damage):
    path = tmp_path / "warehouse.duckdb"
    if damage == "a folder":
        path.mkdir()
    elif damage == "cut in half":
        Warehouse(database=str(path)).insert("candidates", [a_row("candidates", source=os.urandom(2**20).hex())])
        os.truncate(path, path.stat().st_size // 2)
    else:
        path.write_bytes(b"this is no database\n" * 4000 if damage == "text" else bytes(80_000))
    with pytest.raises(WarehouseBroken) as caught:
        stored(Warehouse(database=str(path)), "candidates")
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@of_the_file
def test_a_database_of_a_newer_synth_assets_is_left_alone(warehouse, reopened):
    warehouse.insert("candidates", [a_row("candidates")])
    with duckdb.connect(warehouse.database) as plain:
        plain.execute("insert into schema_version values (99, now())")
    with pytest.raises(WarehouseBroken, match="newer synth-assets") as caught:
        reopened().insert("candidates", [a_row("candidates", candidate_id="other")])
    assert warehouse.database in str(caught.value)
    with duckdb.connect(warehouse.database) as plain:
        assert plain.execute("select count(*) from candidates").fetchone() == (1,)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WarehouseBroken, match="file"):
        stored(Warehouse(database=str(tmp_path / "file" / "warehouse.duckdb")), "candidates")


FULL_DISK = (
    PRELUDE
    + """
import resource, signal
from synth_assets.errors import WarehouseBroken
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
room = os.path.getsize(sys.argv[1]) + 100_000
resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
large = [candidate(str(n), source=os.urandom(200_000).hex()) for n in range(100)]
try:
    warehouse.insert("candidates", large)
except WarehouseBroken as error:
    print(error)
else:
    sys.exit("no error")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert warehouse.insert("candidates", [candidate("there is room again")]) == 1
"""
)


@of_the_file
def test_a_full_disk_is_named_and_what_was_there_before_still_is(warehouse, reopened):
    warehouse.insert("candidates", [a_row("candidates", candidate_id=str(-number)) for number in range(1, 51)])
    before = stored(warehouse, "candidates")
    child = run_child(FULL_DISK, warehouse.database)
    assert child.returncode == 0, child.stderr
    assert child.stdout.startswith(f"{warehouse.database}: writing candidates failed, nothing of it was written: ")
    after = stored(reopened(), "candidates")
    assert [row for row in after if "there is room again" not in row] == before
    assert len(after) == len(before) + 1


# --- the snapshot


@of_the_file
def test_the_snapshot_is_read_by_plain_tools_while_a_transaction_is_open(warehouse, tmp_path):
    with warehouse.transaction("filling every table") as open_:
        for table in INSERTED:
            open_.insert(table, [a_row(table)])
        expected = {table: rows_of(open_, table) for table in table_names()}
    target = tmp_path / "snapshot.duckdb"
    assert warehouse.publish_snapshot(target)
    reads = (
        "import sys, json, duckdb\nc = duckdb.connect(sys.argv[1], read_only=True)\n"
        "c.execute(\"set timezone = 'UTC'\")\n"
        "for view in ('candidate_states', 'model_calls'): c.execute(f'from {view}').fetchall()\n"
        "print(json.dumps({t: [repr(r) for r in c.execute(f'from {t}').fetchall()] for t in json.loads(sys.argv[2])}))"
    )
    with warehouse.transaction("writing meanwhile") as open_:
        open_.insert("candidates", [a_row("candidates", candidate_id="not published yet")])
        child = run_child(reads, target, json.dumps(table_names()))
    assert child.returncode == 0, child.stderr
    assert json.loads(child.stdout) == expected


@of_the_file
def test_a_snapshot_is_read_only_and_replaces_the_one_before(warehouse, tmp_path):
    target = tmp_path / "snapshot.duckdb"

    def published():
        with duckdb.connect(str(target), read_only=True) as plain:
            return plain.execute("select count(*) from candidates").fetchone()[0]

    assert warehouse.publish_snapshot(target)
    assert published() == 0
    warehouse.insert("candidates", [a_row("candidates")])
    assert not warehouse.publish_snapshot(target, not_within_s=3600)
    assert published() == 0
    assert warehouse.publish_snapshot(target)
    assert published() == 1
    assert not target.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    assert {path.name for path in tmp_path.glob("snapshot*")} == {"snapshot.duckdb"}


@of_the_file
def test_a_snapshot_that_cannot_be_written_is_named_and_the_warehouse_goes_on(warehouse, tmp_path):
    with pytest.raises(WarehouseBroken, match="snapshot"):
        warehouse.publish_snapshot(tmp_path / "no such folder" / "snapshot.duckdb")
    assert warehouse.insert("candidates", [a_row("candidates")]) == 1


def test_a_warehouse_of_an_earlier_layout_is_brought_up_to_date_and_keeps_its_rows(tmp_path):
    path = tmp_path / "old.duckdb"
    with duckdb.connect(str(path)) as old:
        old.execute(re.sub(r"    (weighed_by|judgement) .*\n", "", sql("tables/quality_scores")))
        old.execute(sql("tables/schema_version"))
        old.execute("insert into schema_version values (1, now())")
        old.execute(
            "insert into quality_scores by name select 'c' as candidate_id, 'mcq' as exercise, 'en' as language, "
            "'[]' as scores, 1.0 as composite, true as passed, 'v' as scorer_version, 'r' as run_id, now() as made_at"
        )
    warehouse = Warehouse(database=str(path), calls_folder=str(tmp_path / "calls"))
    with warehouse.transaction("a test looks") as open_:
        assert open_.connection.execute(
            "select candidate_id, weighed_by, judgement from quality_scores"
        ).fetchall() == [("c", "", None)]
        assert open_.connection.execute("select max(version) from schema_version").fetchone() == (SCHEMA_VERSION,)


# --- DuckDB 1.5 and 2.0

OTHER = (
    PRELUDE
    + """
import duckdb
assert duckdb.__version__ != sys.argv[3], duckdb.__version__
warehouse.insert("candidates", [candidate(sys.argv[2])])
warehouse.publish_snapshot(Path(sys.argv[1]).with_name("snapshot.duckdb"))
rows = warehouse.read("transforms/known_candidates", candidate_ids=["1", "2", "3", "4"])
print(json.dumps([row["candidate_id"] for row in rows]))
"""
)


@pytest.mark.skipif(
    not OTHER_DUCKDB,
    reason="set SYNTH_ASSETS_OTHER_DUCKDB to a folder with another DuckDB: pip install --target FOLDER duckdb==1.5.5",
)
@pytest.mark.parametrize("made_by", ["this", "the other"])
def test_a_file_made_by_one_duckdb_is_opened_and_written_by_the_other(warehouse, reopened, tmp_path, made_by):
    def this(name):
        row = a_row("candidates", candidate_id=name, exercise="x", language="en")
        reopened().insert("candidates", [row])
        return [
            row["candidate_id"]
            for row in reopened().read("transforms/known_candidates", candidate_ids=["1", "2", "3", "4"])
        ]

    def the_other(name):
        path = os.pathsep.join(filter(None, [OTHER_DUCKDB, str(Path(__file__).parents[1])]))
        child = run_child(OTHER, warehouse.database, name, duckdb.__version__, env=os.environ | {"PYTHONPATH": path})
        assert child.returncode == 0, child.stderr
        return json.loads(child.stdout)

    first, second = (this, the_other) if made_by == "this" else (the_other, this)
    assert sorted(first("1")) == ["1"]
    assert sorted(second("2")) == ["1", "2"]
    assert sorted(first("3")) == ["1", "2", "3"]
    assert sorted(second("4")) == ["1", "2", "3", "4"]
    with duckdb.connect(str(tmp_path / "snapshot.duckdb"), read_only=True) as plain:
        assert plain.execute("select count(*) from candidates").fetchone()[0] >= 3
