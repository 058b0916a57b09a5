"""A project moved from its file to a lake and back, on real servers; and what else is said of a lake's upkeep."""

import json
import subprocess
import sys
import threading

import pytest

from synth_assets.cluster import postgres
from synth_assets.commands.doctor import examine
from synth_assets.errors import BackupError, MigrationError, WarehouseBusy
from synth_assets.home import Home
from synth_assets.lake.warehouse import SCHEMA_SETTING
from synth_assets.stages.migration import migrate
from synth_assets.stages.upkeep import back_up, repair, restore
from synth_assets.warehouse import SCHEMA_VERSION
from tests.moved_rows import a_filled_home, a_home, a_source, content, file_in, fill, record  # noqa: F401

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]


def rows_in(warehouse):
    return sum(map(len, content(warehouse).values()))


def test_to_the_lake_and_back_every_row_and_call_is_the_same(home, source, new_lake, tmp_path):
    (home.data / "domains").mkdir()
    (home.data / "domains" / "mine_40.yaml").write_text("a tree")
    before = content(source)
    lake = new_lake()
    done = migrate(home, source, lake, page=40)
    assert done.sent == sum(map(len, before.values()))
    assert content(source) == before
    assert content(lake) == before
    with lake.open_calls("reader") as log:
        assert len(log.stored([f"candidate-{number:03}" for number in range(6)], "query")) == 14
    assert migrate(home, source, lake).sent == 0

    fill(lake, first=100, count=3)
    record(lake, first=100, count=4)
    fresh = Home(root=tmp_path / "back")
    back = file_in(fresh.root)
    returned = migrate(fresh, lake, back)
    assert returned.sent > done.sent
    assert content(back) == content(lake) != before
    assert (fresh.data / "domains" / "mine_40.yaml").read_text() == "a tree"
    assert migrate(fresh, lake, back).sent == 0


KILLED = """
import json, os, sys
from pathlib import Path
from synth_assets.home import Home
from synth_assets.lake.warehouse import LakeWarehouse
from synth_assets.stages.migration import migrate
from tests.moved_rows import file_in
left = 3
def tell(table, done, total):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), 9)
one = Path(sys.argv[1])
migrate(Home(root=one), file_in(one), LakeWarehouse(**json.loads(sys.argv[2])), page=30, progress=tell)
"""


def test_a_migration_killed_in_its_midst_goes_on_where_it_was(home, source, new_lake):
    lake = new_lake()
    given = {name: getattr(lake, name) for name in ("database", "catalog", "data", "catalog_schema")}
    child = subprocess.run(
        [sys.executable, "-c", KILLED, str(home.root), json.dumps(given)], capture_output=True, text=True, timeout=300
    )
    assert child.returncode == -9, child.stderr
    there = rows_in(lake)
    assert there > 0
    done = migrate(home, source, lake)
    assert done.sent + there == sum(each.rows for each in done.tables)
    assert content(lake) == content(source)


def test_a_catalog_that_is_restarted_in_mid_migration_is_waited_for(home, source, new_lake, servers):
    lake = new_lake()
    restarted = []

    def restart(table, done, total):
        if not restarted:
            restarted.append(table)
            postgres.stop(servers / "postgres")
            threading.Timer(1.0, postgres.start, [servers / "postgres"]).start()

    migrate(home, source, lake, page=100, progress=restart)
    assert restarted
    assert content(lake) == content(source)


def test_a_lake_is_held_as_a_writer_holds_it_while_it_is_moved(new_lake, tmp_path):
    lake = new_lake()
    fill(lake, count=2)
    refused = []

    def write(table, done, total):
        if not refused:
            try:
                fill(new_lake(catalog_schema=lake.catalog_schema, data=lake.data, patience_s=0.5), first=50)
            except WarehouseBusy as error:
                refused.append(str(error))

    fresh = Home(root=tmp_path / "back")
    back = file_in(fresh.root)
    migrate(fresh, lake, back, progress=write)
    assert len(refused) == 1
    assert "migrating to" in refused[0]
    assert content(back) == content(lake)


def test_a_row_that_is_otherwise_in_the_lake_is_an_error_with_the_tables_name(home, source, new_lake):
    lake = new_lake()
    migrate(home, source, lake)
    with lake.transaction("a test changes a row") as open_:
        open_.connection.execute("update quality_scores set composite = composite + 1e-12 where composite > 0")
    with pytest.raises(MigrationError, match=r"\d+ of 10 rows of quality_scores are not in"):
        migrate(home, source, lake)


@pytest.mark.parametrize(("layout", "said"), [(SCHEMA_VERSION + 1, "upgrade the package"), (1, "bring it up first")])
def test_a_lake_of_another_layout_is_refused(home, source, new_lake, layout, said):
    lake = new_lake()
    assert lake.layout() == 0
    fill(lake, count=1)
    assert lake.layout() == SCHEMA_VERSION
    with lake.transaction("a test sets the layout") as open_:
        open_.connection.execute("update schema_version set version = $layout", {"layout": layout})
    with pytest.raises(MigrationError, match=rf"has layout {layout}, .*{said}"):
        migrate(home, source, lake)
    assert lake.layout() == layout


def test_the_command_moves_the_home_and_says_what_it_did(home, source, new_lake, monkeypatch):
    lake = new_lake()
    monkeypatch.setenv(SCHEMA_SETTING, lake.catalog_schema)
    monkeypatch.setenv("SYNTH_ASSETS_HOME", str(home.root))
    monkeypatch.setenv("SYNTH_ASSETS_WAREHOUSE_DATA", lake.data)

    def command(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "synth_assets", *arguments], capture_output=True, text=True, timeout=300,
        )  # fmt: skip

    first = command("migrate", "--to", "lake")
    assert first.returncode == 0, first.stderr
    assert "all tables are equal" in first.stdout
    assert "candidates: 10 of 10 rows sent" in first.stderr
    second = command("migrate", "--to", "lake", "--json")
    assert [each["sent"] for each in json.loads(second.stdout)["tables"] if each["sent"]] == []
    fill(lake, first=100, count=1)
    refused = command("migrate", "--to", "lake")
    assert refused.returncode == 1
    assert refused.stderr.startswith("MigrationError: lake s3://")
    assert refused.stderr.count("\n") == 1
    back = command("migrate", "--to", "file")
    assert back.returncode == 0, back.stderr
    assert content(source) == content(lake)


# --- upkeep


def test_backup_restore_and_repair_say_what_is_done_instead_and_do_nothing(new_lake, tmp_path):
    lake = new_lake()
    home = Home(root=tmp_path)
    home.prepare()
    home.database.write_bytes(b"a file that is not used")
    for command in (
        lambda: back_up(home, lake, tmp_path / "copy"),
        lambda: restore(home, lake, tmp_path / "copy"),
        lambda: repair(home, lake),
    ):
        with pytest.raises(BackupError, match=r"nothing was done.*pg_dump.*then a copy of s3://.*migrate --to file"):
            command()
    assert home.database.read_bytes() == b"a file that is not used"
    assert not (tmp_path / "copy").exists()


def test_the_doctor_looks_at_the_lake_and_not_at_the_file(new_lake, tmp_path, monkeypatch):
    lake = new_lake()
    monkeypatch.setenv("SYNTH_ASSETS_HOME", str(tmp_path))
    monkeypatch.setenv(SCHEMA_SETTING, lake.catalog_schema)
    monkeypatch.setenv("SYNTH_ASSETS_WAREHOUSE_DATA", lake.data)
    home = Home(root=tmp_path)
    home.prepare()
    home.database.write_bytes(b"a file that is not used")
    found = {each.subject: each for each in examine("starter")}
    assert "PostgreSQL" in found["lake's catalog"].detail
    assert lake.data in found["lake's data"].detail
    assert "1.5.5" in found["lake's engine"].detail
    assert "damage" not in found
    monkeypatch.setenv("PGPASSWORD", "wrong")
    failed = {each.subject: each for each in examine("starter")}["warehouse"]
    assert (failed.verdict, "password authentication failed" in failed.detail) == ("failed", True)
