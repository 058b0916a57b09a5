"""Compaction, backups, repair and migrations: whatever happens when, no call is lost and no row is changed."""

import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest
import yaml

from synth_assets.calls.folder import CallFolder
from synth_assets.errors import BackupError, WarehouseBroken
from synth_assets.home import Home
from synth_assets.stages.steps import carry_step, plan_round
from synth_assets.stages.upkeep import back_up, check_backup, compact, look, repair, restore
from synth_assets.stages.withdrawal import undo, withdraw
from synth_assets.stages.work import Work
from synth_assets.warehouse import SCHEMA_VERSION, Warehouse, columns, damage_of, table_names
from tests.conftest import CHECKOUT, content_of, failed_checks, make_work, recipe_data, select
from tests.scripted_endpoint import ScriptedEndpoint
from tests.strong_model import strong_reply
from tests.test_calls import a_call, segments

STEPS = ("queries", "reasoning_drafts", "answers")
CALLS = [a_call(number) for number in range(12)]
CANDIDATES = [f"candidate-{number}" for number in range(6)]


def record(folder: Path, runs: int = 6) -> None:
    """A segment of two calls for each run."""
    for run in range(runs):
        with CallFolder(folder, f"run{run}") as log:
            for call in CALLS[2 * run : 2 * run + 2]:
                log.append(replace(call, run_id=f"run{run}", recipe="r", launch=f"l{run % 2}"))
            log.fold()


def everything(folder: Path) -> dict[str, object]:
    """All that a reader can be told."""
    with CallFolder(folder, "reader") as log:
        return {
            "stored": dict(sorted(log.stored(CANDIDATES, "query").items())),
            "called": log.called(CANDIDATES, "query"),
            "totals": log.totals(),
            "spent": [log.spent(recipe="r", launch=launch) for launch in ("l0", "l1", "")],
        }


def viewed(warehouse: Warehouse) -> list[tuple[object, ...]]:
    with warehouse.transaction("a test reads the calls") as open_:
        return open_.connection.execute("from model_calls order by all").fetchall()


# --- segments


def test_many_segments_become_few_and_no_call_changes(tmp_path):
    record(tmp_path / "calls")
    warehouse = Warehouse(database=str(tmp_path / "warehouse.duckdb"))
    before, rows = everything(tmp_path / "calls"), viewed(warehouse)
    assert len(rows) == len(CALLS)
    with CallFolder(tmp_path / "calls", "upkeep") as log:
        done = log.compact()
    assert (done.merged, done.into, done.calls, done.left) == (6, 1, len(CALLS), 0)
    assert len(segments(tmp_path / "calls")) == 1
    assert everything(tmp_path / "calls") == before
    assert viewed(warehouse) == rows
    with CallFolder(tmp_path / "calls", "upkeep") as log:
        assert log.compact().into == 0


def test_a_merged_segment_is_merged_again_with_those_that_came_after_it(tmp_path):
    with CallFolder(tmp_path, "upkeep") as log:
        for runs in (2, 4, 6):
            for run in range(runs - 2, runs):
                with CallFolder(tmp_path, f"run{run}") as own:
                    own.append(CALLS[run])
                    own.fold()
            log.compact()
    assert len(segments(tmp_path)) == 1
    with CallFolder(tmp_path, "reader") as log:
        assert log.totals().answered.calls == 6


def test_large_segments_are_left_as_they_are(tmp_path):
    record(tmp_path)
    most = 2 * min(path.stat().st_size for path in segments(tmp_path))
    with CallFolder(tmp_path, "upkeep") as log:
        assert log.compact(most_bytes=most).into == 0
    assert len(segments(tmp_path)) == 6


def test_a_run_that_comes_back_under_its_name_is_not_taken_for_what_was_merged(tmp_path):
    record(tmp_path)
    with CallFolder(tmp_path, "upkeep") as log:
        log.compact()
    with CallFolder(tmp_path, "run0") as log:
        log.append(a_call(20, recipe="r", launch="l0"))
        assert log.totals().answered.calls == len(CALLS) + 1
        log.fold()
        assert log.totals().answered.calls == len(CALLS) + 1
        assert log.spent(recipe="r", launch="l0").calls == 7
        log.compact()
        assert log.totals().answered.calls == len(CALLS) + 1


def test_a_journal_that_a_crash_left_is_not_folded_again_once_its_segment_was_merged(tmp_path):
    with CallFolder(tmp_path, "run0") as log:
        log.append(CALLS[0])
    (journal,) = (path for path in (tmp_path / "journal").iterdir() if path.stem != "000-empty")
    kept = journal.read_bytes()
    record(tmp_path)
    with CallFolder(tmp_path, "upkeep") as log:
        log.recover()
        log.compact()
        journal.write_bytes(kept)
        before = len(CALLS) + 1
        assert log.totals().answered.calls == before
        assert log.stored(CANDIDATES, "query").keys() == {call.call_id for call in CALLS}
        log.recover()
        assert not journal.exists()
        assert log.totals().answered.calls == before


def test_only_one_compaction_is_at_work(tmp_path):
    record(tmp_path)
    with CallFolder(tmp_path, "upkeep") as log, CallFolder(tmp_path, "other") as other, other.kept_still():
        assert log.compact().merged == 0
    assert len(segments(tmp_path)) == 6


class _Crash(BaseException):
    """The power fails."""


def crash_at(monkeypatch: pytest.MonkeyPatch, moment: int) -> Callable[[], int]:
    """Fail at the n-th change of a name on the disk; gives how many there were."""
    count = [0]

    def counted(real: Callable) -> Callable:
        def change(*arguments: object, **more: object) -> object:
            count[0] += 1
            if count[0] > moment:
                raise _Crash
            return real(*arguments, **more)

        return change

    for name in ("replace", "rename", "unlink"):
        monkeypatch.setattr(os, name, counted(getattr(os, name)))
        monkeypatch.setattr(Path, name, counted(getattr(Path, name)))
    return lambda: count[0]


@pytest.mark.parametrize("moment", range(10))
def test_a_compaction_that_dies_at_any_moment_loses_and_doubles_nothing_and_the_next_one_ends_it(tmp_path, moment):
    record(tmp_path / "calls")
    warehouse = Warehouse(database=str(tmp_path / "warehouse.duckdb"))
    before, rows = everything(tmp_path / "calls"), viewed(warehouse)
    with pytest.MonkeyPatch.context() as patch, CallFolder(tmp_path / "calls", "upkeep") as log:
        changes = crash_at(patch, moment)
        with suppress(_Crash):
            log.compact()
    assert changes() >= min(moment, 8)  # one new segment in its place, six that go, the sums
    assert everything(tmp_path / "calls") == before
    assert viewed(warehouse) == rows
    with CallFolder(tmp_path / "calls", "upkeep") as log:
        log.compact()
    assert len(segments(tmp_path / "calls")) == 1
    assert not list((tmp_path / "calls" / "segments").glob("*.tmp"))
    assert everything(tmp_path / "calls") == before
    assert viewed(warehouse) == rows


def test_readers_beside_compactions_miss_nothing_at_any_time(tmp_path):
    folder = tmp_path / "calls"
    warehouse = Warehouse(database=str(tmp_path / "warehouse.duckdb"))
    record(folder)
    assert len(viewed(warehouse)) == len(CALLS)
    over = threading.Event()
    wrong: list[object] = []

    def read() -> None:
        with CallFolder(folder, "reader") as log:
            while not over.is_set():
                wanted = {call.call_id for call in CALLS}
                found = log.stored(CANDIDATES, "query")
                counted = log.totals().answered.calls
                if wanted - found.keys() or counted < len(CALLS):
                    wrong.append((sorted(wanted - found.keys()), counted))
                rows = viewed(warehouse)
                if wanted - {row[0] for row in rows}:
                    wrong.append(len(rows))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        # who removes a file that the view may be reading keeps transactions out, as every run does
        with CallFolder(folder, "upkeep", guard=lambda: warehouse.locked("compacting")) as log:
            for number in range(20, 24):
                with CallFolder(folder, f"run{number}", guard=lambda: warehouse.locked("folding")) as own:
                    own.append(a_call(number))
                    own.fold()
                assert log.compact().into == 1
    finally:
        over.set()
        reader.join()
    assert wrong == []
    assert len(viewed(warehouse)) == len(CALLS) + 4


# --- the database


def a_full_table(warehouse: Warehouse, rows: int = 20_000) -> None:
    with warehouse.transaction("a test fills a table") as open_:
        open_.connection.execute(
            "insert into schema_version select 1, now() - to_seconds(i::int) from range($rows) as t(i)", {"rows": rows}
        )
        open_.connection.execute("insert into withdrawals by name select md5(i::varchar) as candidate_id, "
                                 "repeat(md5(i::varchar), 20) as reason, now() as withdrawn_at "
                                 "from range($rows) as t(i)", {"rows": rows})  # fmt: skip


def all_rows(warehouse: Warehouse) -> dict[str, list[str]]:
    with warehouse.transaction("a test reads everything") as open_:
        return {
            table: sorted(repr(row) for row in open_.connection.execute(f"from {table}").fetchall())
            for table in table_names()
        }


def test_a_compacted_database_is_smaller_and_holds_the_same_rows(tmp_path):
    warehouse = Warehouse(database=str(tmp_path / "warehouse.duckdb"))
    a_full_table(warehouse)
    with warehouse.transaction("a test deletes") as open_:
        open_.connection.execute("delete from withdrawals where candidate_id > '1'")
    before = all_rows(warehouse)
    shrunk = warehouse.compact()
    assert shrunk[1] < shrunk[0] / 2
    assert shrunk[1] == (tmp_path / "warehouse.duckdb").stat().st_size
    assert all_rows(Warehouse(database=warehouse.database)) == before
    assert viewed(warehouse) == []
    assert warehouse.unlike_ddl() == []
    assert [path.name for path in tmp_path.iterdir() if ".compact" in path.name or path.suffix == ".wal"] == []


@pytest.mark.parametrize("moment", range(3))
def test_a_compaction_of_the_database_that_dies_leaves_it_whole(tmp_path, moment):
    warehouse = Warehouse(database=str(tmp_path / "warehouse.duckdb"))
    a_full_table(warehouse, 100)
    before = all_rows(warehouse)
    with pytest.MonkeyPatch.context() as patch:
        crash_at(patch, moment)
        with suppress(_Crash):
            warehouse.compact()
    assert all_rows(Warehouse(database=warehouse.database)) == before
    warehouse.compact()
    assert all_rows(Warehouse(database=warehouse.database)) == before
    assert damage_of(warehouse.path) == ""


def test_a_snapshot_that_fails_leaves_nothing_of_itself_and_one_that_died_is_swept_up(tmp_path, monkeypatch):
    warehouse = Warehouse(database=str(tmp_path / "warehouse.duckdb"))
    a_full_table(warehouse, 10)
    for name in ("snapshot.new", "snapshot.new.wal"):
        (tmp_path / name).write_bytes(b"of a run that died")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        with pytest.raises(WarehouseBroken, match="No space left"):
            warehouse.publish_snapshot(tmp_path / "snapshot.duckdb")
    assert list(tmp_path.glob("snapshot*")) == []
    assert warehouse.publish_snapshot(tmp_path / "snapshot.duckdb")
    assert [path.name for path in tmp_path.glob("snapshot*")] == ["snapshot.duckdb"]


# --- layouts

TYPES = {
    "varchar": "łódź", "json": '{"a": [1, "é"]}', "integer": 7, "bigint": 2**40, "double": 0.1, "boolean": True,
    "blob": b"\x00\xff", "timestamptz": datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
    "varchar[]": ["one", "two"], "float[]": [0.5, -0.25], "bigint[]": [2**40, -1],
}  # fmt: skip


@pytest.mark.parametrize("layout", [1, 2, 3, 4, 5])
def test_a_database_of_an_earlier_layout_keeps_every_row_of_every_table(tmp_path, layout):
    path = tmp_path / "old.duckdb"
    ddl = (CHECKOUT / "tests" / "layouts" / f"layout_{layout}.sql").read_text("utf-8")
    known: dict[str, list[str]] = {}
    with duckdb.connect(str(path), config={"storage_compatibility_version": "v1.4.0"}) as old:
        old.execute("set timezone = 'UTC'")
        for table, body in re.findall(r"create table if not exists (\w+) \(\n(.*?)\n\);", ddl, re.DOTALL):
            old.execute(f"create table {table} ({body})")
            found = re.findall(r"^ +(\w+) ([a-z]+(?:\[\])?)", body, re.MULTILINE)
            known[table] = [name for name, _ in found]
            for number in range(3):
                values = [layout if table == "schema_version" and kind == "integer" else
                          f"{TYPES[kind]} {number}" if kind == "varchar" else TYPES[kind]
                          for _, kind in found]  # fmt: skip
                old.execute(f"insert into {table} values ({', '.join('?' * len(values))})", values)
        before = {table: old.execute(f"from {table} order by all").fetchall() for table in known}
    assert len(known) >= 20
    warehouse = Warehouse(database=str(path), calls_folder=str(tmp_path / "calls"))
    with warehouse.transaction("a test looks") as open_:
        for table, names in known.items():
            after = open_.connection.execute(f"select {', '.join(names)} from {table} order by all").fetchall()
            assert [row for row in after if row in before[table]] == before[table], table
            assert len(after) == len(before[table]) + (SCHEMA_VERSION - layout if table == "schema_version" else 0)
        assert open_.connection.execute("select max(version) from schema_version").fetchone() == (SCHEMA_VERSION,)
        assert open_.connection.execute("select count(*) from candidate_states").fetchone() == (3,)
    assert warehouse.unlike_ddl() == []
    keyed = [table for table in table_names() if "candidate_key" in {column.name for column in columns(table)}]
    assert {"candidates", "queries", "answers", "samples"} < set(keyed)
    for table in keyed:
        unfound = f"select count(*) from {table} where candidate_key is null"
        assert select(warehouse, unfound) == [{"count_star()": 0}], table
    again = Warehouse(database=str(path), calls_folder=str(tmp_path / "calls"))
    rows = {column.name: TYPES[column.type] for column in columns("queries")} | {"payload": {}}
    assert again.insert("queries", [rows]) == 1


# --- backups

RECIPE = {"exercises": {"mcq": {"rows": 2}}}
WITHOUT = {"candidates": ("run_id", "planned_at", "recipe_hash")} | dict.fromkeys(STEPS, ("run_id", "made_at"))


def generate(work) -> None:
    for exercise in RECIPE["exercises"]:
        plan_round(work, exercise, "en")
        for table in STEPS:
            carry_step(work, exercise, "en", table)


def made(work) -> dict[str, list[tuple[object, ...]]]:
    return {table: content_of(work.warehouse, table, without=names) for table, names in WITHOUT.items()}


def at(root: Path, recipe: Path, run_id: str = "later"):
    """The work of a process that comes to this home anew."""
    home = Home(root=root)
    home.prepare()
    return make_work(home, recipe, run_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """A home whose snapshot and backup are older than its rows: what it holds, and the endpoint that was asked."""

    root: Path
    endpoint: ScriptedEndpoint
    asked: int
    rows: dict[str, list[tuple[object, ...]]]
    calls: list[tuple[object, ...]]


@pytest.fixture(scope="module")
def generated(tmp_path_factory, corpus_template):
    root = tmp_path_factory.mktemp("generated")
    shutil.copytree(corpus_template / ".synth", root / ".synth")
    with pytest.MonkeyPatch.context() as patch, ScriptedEndpoint(strong_reply) as endpoint:
        patch.setenv("SYNTH_ASSETS_MACHINE", str(tmp_path_factory.mktemp("machine")))
        (root / "recipe.yaml").write_text(yaml.safe_dump(recipe_data(endpoint.address, **RECIPE)), "utf-8")
        work = at(root, root / "recipe.yaml", "first")
        work.warehouse.publish_snapshot(work.home.snapshot)
        back_up(work.home, work.warehouse, root / "backup")
        generate(work)
        yield Generated(
            root=root, endpoint=endpoint, asked=endpoint.received(), rows=made(work), calls=viewed(work.warehouse)
        )  # fmt: skip


@pytest.fixture
def copied(generated, tmp_path):
    """The work of a later process on a copy of that home."""
    shutil.copytree(generated.root, tmp_path / "copied")
    return at(tmp_path / "copied", generated.root / "recipe.yaml")


def check_that_a_run_asks_nobody(work, generated: Generated) -> None:
    generate(work)
    assert generated.endpoint.received() == generated.asked
    assert (made(work), viewed(work.warehouse)) == (generated.rows, generated.calls)
    assert failed_checks(work.warehouse) == {}


def test_a_backup_that_is_taken_beside_a_run_holds_every_call_that_its_rows_refer_to(work_at, endpoint, tmp_path):
    work = work_at(endpoint.address, **RECIPE)
    over, taken = threading.Event(), []

    def take() -> None:
        while not taken or not over.wait(0.5):
            warehouse = Warehouse(database=work.warehouse.database, calls_folder=str(work.home.calls))
            taken.append(back_up(work.home, warehouse, tmp_path / f"backup-{len(taken)}"))
            compact(work.home, warehouse)

    taking = threading.Thread(target=take)
    taking.start()
    try:
        generate(work)
    finally:
        over.set()
        taking.join()
    for backup in taken:
        assert check_backup(backup.folder) == backup
        with duckdb.connect(str(backup.folder / "warehouse.duckdb"), read_only=True) as copied:
            rows = copied.execute(" union all ".join(f"select unnest(call_ids) from {table}" for table in STEPS))
            referred = {row[0] for row in rows.fetchall()}
        recorded = set(pl.read_parquet(backup.folder / "calls" / "segments" / "*.parquet")["call_id"])
        for journal in (backup.folder / "calls" / "journal").glob("*.jsonl"):
            recorded |= {json.loads(line)["call_id"] for line in journal.read_bytes().splitlines()}
        assert referred <= recorded


def test_a_run_on_a_restored_backup_asks_nobody_and_makes_the_same_rows(copied, generated, tmp_path):
    (copied.home.releases / "abc").mkdir()
    (copied.home.releases / "abc" / "data.parquet").write_bytes(b"released")
    back_up(copied.home, copied.warehouse, tmp_path / "backup")
    elsewhere = at(tmp_path / "elsewhere", generated.root / "recipe.yaml")
    assert restore(elsewhere.home, elsewhere.warehouse, tmp_path / "backup") == []
    assert made(elsewhere) == generated.rows
    check_that_a_run_asks_nobody(elsewhere, generated)
    assert (elsewhere.home.releases / "abc" / "data.parquet").read_bytes() == b"released"


def test_restoring_moves_the_database_aside_and_keeps_the_calls_made_since(copied, generated):
    aside = restore(copied.home, copied.warehouse, copied.home.root / "backup")
    assert [Path(each.subject).name for each in aside] == ["warehouse.duckdb", "snapshot.duckdb"]
    (moved,) = (copied.home.data / "aside").rglob("warehouse.duckdb")
    assert damage_of(moved) == ""
    later = at(copied.home.root, generated.root / "recipe.yaml")
    assert made(later)["answers"] == []
    check_that_a_run_asks_nobody(later, generated)


@pytest.mark.parametrize(
    "damage", ["changed", "missing", "strange", "no manifest", "a way out", "no time", "no database"]
)
def test_a_backup_that_is_not_whole_is_named_and_changes_nothing(work_at, tmp_path, damage):
    work = work_at()
    folder = back_up(work.home, work.warehouse, tmp_path / "backup").folder
    (segment,) = (folder / "calls" / "segments").glob("*.parquet")
    manifest = folder / "backup.json"
    if damage == "changed":
        segment.write_bytes(segment.read_bytes()[:-1] + b"?")
    elif damage == "missing":
        segment.unlink()
    elif damage == "strange":
        (folder / "stranger").touch()
    elif damage == "no manifest":
        manifest.unlink()
    else:
        content = json.loads(manifest.read_text("utf-8"))
        if damage == "no time":
            del content["made_at"]
        elif damage == "no database":
            content["files"] = [each for each in content["files"] if each["name"] != "warehouse.duckdb"]
            (folder / "warehouse.duckdb").unlink()
        else:
            content["files"][0]["name"] = "../outside"
        manifest.write_text(json.dumps(content), "utf-8")
    before = all_rows(work.warehouse)
    with pytest.raises(BackupError, match=re.escape(str(folder))):
        restore(work.home, work.warehouse, folder)
    assert all_rows(work.warehouse) == before
    assert not (work.home.data / "aside").exists()


def test_a_backup_that_does_not_fit_on_the_disk_leaves_the_database_in_its_place(work_at, tmp_path):
    work = work_at()
    folder = back_up(work.home, work.warehouse, tmp_path / "backup").folder
    before = all_rows(work.warehouse)
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, most[1]))  # writing more is an error, as on a full disk
    try:
        with pytest.raises(BackupError, match=re.escape(str(folder))):
            restore(work.home, work.warehouse, folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
    assert not (work.home.data / "aside").exists()
    assert look(work.home) == []
    assert all_rows(work.warehouse) == before


def test_a_backup_goes_nowhere_that_is_there_or_is_copied_itself(work_at, tmp_path):
    work = work_at()
    for target in (tmp_path, work.home.data / "backup"):
        with pytest.raises(BackupError, match=re.escape(str(target))):
            back_up(work.home, work.warehouse, target)


# --- repair


def overwritten(path: Path, at: tuple[float, ...] = (0.3, 0.5, 0.7), length: int = 65_536) -> None:
    content = bytearray(path.read_bytes())
    for place in at:
        start = int(place * len(content))
        content[start : start + length] = random.Random(7).randbytes(min(length, len(content) - start))
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGES: dict[str, Callable[[Path], object]] = {
    "random bytes in the middle": overwritten,
    "a first page of zeros": lambda path: path.write_bytes(bytes(4096) + path.read_bytes()[4096:]),
    "half of it gone": cut,
    "all of it gone": lambda path: path.write_bytes(b""),
    "the file gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_database_is_told_and_the_next_run_after_repair_asks_nobody_again(copied, generated, damage):
    damage(copied.home.database)
    there = copied.home.database.exists()
    (told,) = look(copied.home)
    assert (told.subject, told.harmless) == (str(copied.home.database), False)
    assert "synth-assets repair" in told.remedy
    (mended,) = repair(copied.home, copied.warehouse)
    assert (mended.subject, mended.found) == (told.subject, told.found)
    assert str(copied.home.snapshot) in mended.remedy
    assert len(list((copied.home.data / "aside").rglob("warehouse.duckdb"))) == there
    assert look(copied.home) == []
    assert repair(copied.home, copied.warehouse) == []
    assert made(copied)["answers"] == []
    check_that_a_run_asks_nobody(copied, generated)


def orders(work: Work) -> list[tuple[str, bool]]:
    rows = work.warehouse.read("transforms/every_withdrawal_order")
    return [(row["reason"], row["undone_at"] is None) for row in rows]


def drawn_from(work: Work) -> str:
    """The address of an article that candidates descend from."""
    rows = select(work.warehouse, "select min(a.url) as url from seed_corpus as a join sections using (seed_id) "
                  "semi join candidates using (section_id)")  # fmt: skip
    return rows[0]["url"]


@pytest.mark.parametrize("copy", ["snapshot", "none"])
def test_withdrawals_outlive_the_database_that_they_were_ordered_in(copied, generated, copy):
    work = at(copied.home.root, generated.root / "recipe.yaml")
    url = drawn_from(work)
    gone = withdraw(work, "url", url, "asked for")
    assert gone.candidates > 0
    before = orders(work)
    cut(copied.home.database)
    if copy == "none":
        copied.home.snapshot.unlink()
    told = repair(copied.home, copied.warehouse)
    assert [each.found for each in told if "orders" in each.found] == ["lacked 1 withdrawal orders"]
    again = at(copied.home.root, generated.root / "recipe.yaml")
    assert orders(again) == before == [("asked for", True)]
    assert repair(copied.home, copied.warehouse) == []


def test_an_order_that_was_undone_since_the_backup_is_named_with_what_to_do(copied, generated, tmp_path):
    work = at(copied.home.root, generated.root / "recipe.yaml")
    url = drawn_from(work)
    withdraw(work, "url", url, "asked for")
    backup = back_up(copied.home, copied.warehouse, tmp_path / "backup").folder
    undo(work, "url", url)
    withdraw(work, "url", url, "asked for again")
    told = restore(copied.home, copied.warehouse, backup)
    assert [each.remedy for each in told if "undone since" in each.found] == [
        f"undo it again: `synth-assets withdraw --url {url} --undo`"
    ]
    again = at(copied.home.root, generated.root / "recipe.yaml")
    assert orders(again) == [("asked for", True), ("asked for again", True)]


def test_a_note_of_orders_that_is_none_is_named(copied, generated):
    (copied.home.data / "withdrawal_orders.json").write_text('{"not": "a list"}', "utf-8")
    cut(copied.home.database)
    with pytest.raises(WarehouseBroken, match=r"withdrawal_orders.json beside the database: is no list of orders"):
        repair(copied.home, copied.warehouse)


def test_the_newest_sound_copy_is_taken_be_it_snapshot_or_backup(copied, generated, tmp_path):
    os.utime(copied.home.snapshot, (0, 0))
    backup = back_up(copied.home, copied.warehouse, tmp_path / "backup").folder
    cut(copied.home.database)
    (mended,) = repair(copied.home, copied.warehouse, [copied.home.root / "backup", backup])
    assert str(backup) in mended.remedy
    assert made(at(copied.home.root, generated.root / "recipe.yaml")) == generated.rows
    cut(copied.home.database)
    copied.home.snapshot.chmod(0o644)
    overwritten(copied.home.snapshot)
    found = repair(copied.home, copied.warehouse)
    assert "there is no sound copy" in found[0].remedy
    assert Path(found[1].subject) == copied.home.snapshot
    assert not copied.home.database.exists()
    assert made(at(copied.home.root, generated.root / "recipe.yaml"))["answers"] == []


WRITES_AND_DIES = """
import os, sys, duckdb
with duckdb.connect(sys.argv[1]) as made:
    made.execute("set checkpoint_threshold = '1GB'")
    for number in range(40):
        made.execute("insert into withdrawals by name select md5(i::varchar) as candidate_id, 'why' as reason, "
                     "now() as withdrawn_at from range(500) as t(i)")
    os._exit(9)
"""


@pytest.mark.parametrize("damage", ["garbage", "random bytes in the middle"])
def test_a_damaged_log_beside_the_database_costs_no_more_than_what_is_in_it(work_at, damage):
    work = work_at()
    before = all_rows(work.warehouse)
    died = subprocess.run([sys.executable, "-c", WRITES_AND_DIES, work.warehouse.database], check=False, timeout=60)
    assert died.returncode == 9
    log = work.home.database.with_name("warehouse.duckdb.wal")
    content = bytearray(log.read_bytes())
    start, count = (0, len(content)) if damage == "garbage" else (len(content) // 2, 500)
    content[start : start + count] = random.Random(1).randbytes(count)
    log.write_bytes(content)
    told = look(work.home)  # DuckDB 2.0 takes what it can read of it, 1.5 refuses the whole
    mended = repair(work.home, work.warehouse)
    assert [each.subject for each in mended] == [str(log)] * len(told)
    assert look(work.home) == []
    later = Warehouse(database=work.warehouse.database, calls_folder=str(work.home.calls))
    later.compact()
    assert not log.exists()
    after = all_rows(later)
    assert 0 <= len(after.pop("withdrawals")) < 20_000
    assert after == {table: rows for table, rows in before.items() if table != "withdrawals"}


def test_a_transaction_on_a_damaged_file_says_what_to_do(work_at):
    work = work_at()
    overwritten(work.home.database, (0.05, 0.2, 0.35, 0.5, 0.65, 0.8), 200_000)
    with pytest.raises(WarehouseBroken, match="synth-assets repair"):
        all_rows(work.warehouse)


def test_what_runs_that_died_leave_half_written_is_told_and_put_right(work_at, tmp_path):
    work = work_at()
    record(work.home.calls)
    with CallFolder(work.home.calls, "dead") as log:
        log.append(CALLS[0])
        log.append(CALLS[1])
    (journal,) = (path for path in (work.home.calls / "journal").iterdir() if path.stem != "000-empty")
    content = journal.read_bytes()
    journal.write_bytes(b"no call\n" + content[: len(content) * 3 // 4])
    leftovers = [
        work.home.calls / "segments" / "dead-0.parquet.tmp", work.home.data / "snapshot.new",
        work.home.data / "snapshot.new.wal", work.home.data / "warehouse.duckdb.compact",
    ]  # fmt: skip
    for path in leftovers:
        path.write_bytes(b"half")
    told = look(work.home)
    assert all(each.harmless for each in told)
    assert {Path(each.subject) for each in told} == {journal, *leftovers} - {work.home.data / "snapshot.new.wal"}
    mended = repair(work.home, work.warehouse)
    assert f"set aside in {journal.with_suffix('.broken')}" in [each.remedy for each in mended]
    assert not any(path.exists() for path in [*leftovers, journal])
    assert look(work.home) == []
    with CallFolder(work.home.calls, "later") as log:
        assert log.totals().answered.calls == len(CALLS) + 1


@pytest.mark.parametrize("helped", [True, False], ids=["from a backup", "without one"])
def test_a_segment_that_cannot_be_read_gives_way_and_the_others_are_read(work_at, tmp_path, helped):
    work = work_at()
    record(work.home.calls)
    backup = back_up(work.home, work.warehouse, tmp_path / "backup").folder
    spoilt = segments(work.home.calls)[2]
    cut(spoilt)
    with CallFolder(work.home.calls, "later") as log, pytest.raises(WarehouseBroken, match="synth-assets repair"):
        log.stored(CANDIDATES, "query")
    assert [each.subject for each in look(work.home)] == [str(spoilt)]
    (mended,) = repair(work.home, work.warehouse, [backup] if helped else [])
    assert mended.subject == str(spoilt)
    assert ("calls are lost" in mended.remedy) == (not helped)
    with CallFolder(work.home.calls, "later") as log:
        assert log.totals().answered.calls == len(CALLS) - (0 if helped else 2)


def test_repair_of_a_home_that_is_in_order_or_new_changes_nothing(work_at, tmp_path):
    work = work_at()
    before = all_rows(work.warehouse)
    assert look(work.home) == []
    assert repair(work.home, work.warehouse) == []
    assert all_rows(work.warehouse) == before
    new = at(tmp_path / "new", tmp_path / "recipe.yaml")
    assert (look(new.home), repair(new.home, new.warehouse)) == ([], [])
    assert not new.home.database.exists()
