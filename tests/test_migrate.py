"""A project moved from one warehouse to another, here from file to file; tests/cluster moves it to a lake and back."""

import shutil
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from synth_assets import cli
from synth_assets.errors import MigrationError, WarehouseBroken, WarehouseBusy
from synth_assets.home import Home
from synth_assets.lake.warehouse import SETTING
from synth_assets.stages.migration import NOT_MOVED, migrate
from synth_assets.warehouse import SCHEMA_VERSION, table_names
from tests.moved_rows import a_call, a_filled_home, a_home, a_source, content, file_in, fill, record  # noqa: F401
from tests.test_blobs import INDEX, an_index
from tests.test_blobs import rows_of as rows_of_index


@pytest.fixture
def target(tmp_path):
    return file_in(tmp_path / "two")


@pytest.fixture(scope="module")
def moved(filled):
    """The home that the filled one was moved to."""
    root = filled.parent / "two"
    migrate(Home(root=filled), file_in(filled), file_in(root))
    return root


@pytest.fixture
def moved_target(tmp_path, moved):
    shutil.copytree(moved, tmp_path / "two")
    return file_in(tmp_path / "two")


def test_every_row_and_call_is_there_afterwards_and_the_source_is_as_it_was(home, source, target):
    before = content(source)
    told = []
    done = migrate(home, source, target, page=8, progress=lambda *what: told.append(what))
    assert content(target) == before == content(source)
    assert all(before.values()), "a table without rows proves nothing"
    assert {each.table for each in done.tables} == {*table_names(), "model_calls"} - set(NOT_MOVED)
    assert all(each.rows == each.sent == len(before[each.table]) for each in done.tables)
    assert ("candidates", 8, 10) in told
    assert ("candidates", 10, 10) in told
    with target.open_calls("reader") as log:
        assert log.stored(["candidate-000"], "query")["call-001"] == a_call(1)
        assert log.spent(recipe="r", launch="l").calls == 17


def test_a_second_time_there_is_nothing_to_do(home, source, moved_target):
    again = migrate(home, source, moved_target)
    assert again.sent == 0
    assert all(each.rows for each in again.tables)


def test_what_came_since_is_sent_and_nothing_else(home, source, moved_target):
    fill(source, first=100, count=3)
    record(source, first=100, count=4)
    done = migrate(home, source, moved_target)
    assert {each.table: each.sent for each in done.tables} == {
        each.table: 4 if each.table == "model_calls" else 3 for each in done.tables
    }
    assert content(moved_target) == content(source)


KILLED = """
import os, sys
from pathlib import Path
from synth_assets.home import Home
from synth_assets.stages.migration import migrate
from tests.moved_rows import file_in
left = int(sys.argv[3])
def tell(table, done, total):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), 9)
one, two = (Path(each) for each in sys.argv[1:3])
migrate(Home(root=one), file_in(one), file_in(two), page=60, progress=tell)
"""


@pytest.mark.parametrize("pages", [1, 28])
def test_a_migration_killed_in_its_midst_goes_on_where_it_was(home, source, target, pages):
    arguments = [str(home.root), str(target.path.parent.parent), str(pages)]
    child = subprocess.run([sys.executable, "-c", KILLED, *arguments], capture_output=True, text=True, timeout=120)
    assert child.returncode == -9, child.stderr
    there = sum(map(len, content(target).values()))
    assert there > 0
    done = migrate(home, source, target)
    assert done.sent + there == sum(each.rows for each in done.tables)
    assert content(target) == content(source)


def test_a_call_that_was_taken_and_not_folded_by_a_migration_that_died_is_not_taken_twice(home, source, target):
    with target.open_calls("migration") as log:
        log.append(a_call(3))
    migrate(home, source, target)
    assert content(target)["model_calls"] == content(source)["model_calls"]


# --- what is refused


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("candidates", "update candidates set neighbour_ids = ['other'] where round = -5"),
        ("candidates", "update candidates set planned_at = planned_at + interval 1 microsecond where round = -5"),
        ("quality_scores", "update quality_scores set composite = composite + 1e-12 where rowid = 0"),
        ("embeddings", "update embeddings set vector = list_reverse(vector) where len(vector) > 0"),
        ("candidates", "update candidates set constraints = '{}' where round = -5"),
        ("samples", "insert into samples by name select * replace ('else' as candidate_id) from samples limit 1"),
    ],
)
def test_a_target_that_holds_other_rows_is_refused_before_anything_is_written(
    home, source, moved_target, table, change
):
    target = moved_target
    with target.transaction("a test changes a row") as open_:
        open_.connection.execute(change)
    fill(source, first=100, count=2)
    before = content(target)
    with pytest.raises(MigrationError, match=rf"\d+ of \d+ rows of {table} are not in .* nothing was written"):
        migrate(home, source, target)
    assert content(target) == before


def test_a_target_that_another_writes_to_meanwhile_is_found_not_to_be_the_same(home, source, target):
    def interfere(table, done, total):
        if table == "candidates":
            fill(target, first=1000, count=1)

    with pytest.raises(MigrationError, match=r"\w+ is not the same in both: 10 rows .* 11 rows"):
        migrate(home, source, target, progress=interfere)


def test_the_source_is_held_as_a_writer_holds_it(home, source, target):
    refused = []

    def write(table, done, total):
        try:
            fill(file_in(home.root, patience_s=0.1), first=1000)
        except WarehouseBusy as error:
            refused.append(str(error))

    migrate(home, source, target, page=1000, progress=write)
    assert refused
    assert all("migrating to" in each for each in refused)
    assert content(target) == content(source)


def test_a_source_that_is_not_there_is_refused_and_nothing_is_made(home, target, tmp_path):
    nothing = file_in(tmp_path / "three")
    with pytest.raises(MigrationError, match="holds nothing to migrate yet"):
        migrate(home, nothing, target)
    assert not nothing.path.exists()
    assert not target.path.exists()


@pytest.mark.parametrize(
    ("side", "layout", "said"),
    [("source", SCHEMA_VERSION + 1, "upgrade the package"), ("target", 1, "bring it up first")],
)
def test_layouts_that_differ_are_refused(home, source, moved_target, side, layout, said):
    target = moved_target
    changed = source if side == "source" else target
    with changed.transaction("a test sets the layout") as open_:
        open_.connection.execute("update schema_version set version = $layout", {"layout": layout})
    with pytest.raises(MigrationError, match=rf"has layout {layout}, .*{said}"):
        migrate(home, file_in(home.root), file_in(target.path.parent.parent))
    assert changed.layout() == layout


def test_a_damaged_source_is_named(home, source, target):
    source.path.write_bytes(b"no database")
    with pytest.raises(WarehouseBroken, match=str(source.path)):
        migrate(home, source, target)


# --- files that workers share


def test_trees_the_head_and_indexes_go_with_it(home, source, target):
    (home.data / "domains").mkdir()
    (home.data / "domains" / "mine_40.yaml").write_text("a tree")
    (home.data / "educational.json").write_text("{}")
    an_index(home.data / INDEX)
    assert migrate(home, source, target).files == 3
    assert target.blobs.read("domains/mine_40.yaml") == b"a tree"
    assert target.blobs.read("educational.json") == b"{}"
    assert rows_of_index(home.data / INDEX) == (50, "", [])
    fresh = Home(root=home.root.parent / "back")
    fresh.prepare()
    back = file_in(fresh.root)
    assert migrate(fresh, target, back).files == 3
    assert (fresh.data / "domains" / "mine_40.yaml").read_text() == "a tree"
    assert (fresh.data / "educational.json").read_text() == "{}"
    assert rows_of_index(fresh.data / INDEX) == (50, "", [])


# --- the command


def test_the_command_says_that_no_lake_is_named(tmp_path, monkeypatch):
    monkeypatch.delenv(SETTING, raising=False)
    monkeypatch.setenv("SYNTH_ASSETS_HOME", str(tmp_path))
    found = CliRunner().invoke(cli.app, ["migrate", "--to", "lake"])
    assert isinstance(found.exception, MigrationError)
    assert f"{SETTING} names no lake to migrate to" in str(found.exception)
    assert CliRunner().invoke(cli.app, ["migrate", "--to", "elsewhere"]).exit_code == 2
