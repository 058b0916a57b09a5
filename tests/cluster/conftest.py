"""Servers of this machine that the tests of this folder share, and lakes on them."""

import itertools
import os
import shutil
import tempfile
from pathlib import Path

import duckdb
import pytest

from synth_assets.cluster import localhost
from synth_assets.lake.warehouse import DATA_SETTING, PREFIX, SETTING, LakeWarehouse
from synth_assets.warehouse import table_names

_numbers = itertools.count()


def copy_rows(warehouse: LakeWarehouse, file: Path) -> None:
    """Copy every row of a database file into a lake."""
    with duckdb.connect(str(file), read_only=True) as source:
        rows = {table: source.sql(f"from {table}").to_arrow_table() for table in table_names()
                if table != "schema_version"}  # fmt: skip
    with warehouse.transaction("copying a corpus") as open_:
        for table, found in rows.items():
            open_.connection.register("found", found)
            open_.connection.execute(f"insert into {table} by name from found")
            open_.connection.unregister("found")


def take_away(lake: LakeWarehouse, beginning: str) -> None:
    """Have the locks whose names begin so be another's, as one does who finds their holder gone."""
    import psycopg2

    connection = psycopg2.connect(lake.catalog, options=f"-c search_path={lake.catalog_schema}_shared")
    with connection, connection.cursor() as cursor:
        cursor.execute("update locks set owner = owner + 1000 where starts_with(name, %s)", (beginning,))
        assert cursor.rowcount
    connection.close()


@pytest.fixture(scope="session")
def open_folder():
    """A folder that every account can reach: PostgreSQL, started by root, runs as another; pytest's own are closed."""
    folder = Path(tempfile.mkdtemp(prefix="synth-assets-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def servers(open_folder):
    """The folder of servers that run: those of SYNTH_ASSETS_TEST_CLUSTER, or of these tests alone."""
    given = os.environ.get("SYNTH_ASSETS_TEST_CLUSTER")
    folder = Path(given) if given else open_folder / "shared"
    localhost.up(folder)
    yield folder
    if not given:
        localhost.down(folder)


@pytest.fixture
def settings(servers, monkeypatch):
    """The environment of a client."""
    found = localhost.settings(servers)
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return found


@pytest.fixture
def new_lake(settings, tmp_path):
    """Makes lakes of their own: `new_lake()`; options replace what it is made with."""
    name = f"lake_{os.getpid()}_{next(_numbers)}"

    def make(**options):
        given = {
            "database": str(tmp_path / "warehouse.duckdb"),
            "catalog": settings[SETTING].removeprefix(PREFIX),
            "data": f"{settings[DATA_SETTING]}/{name}",
            "catalog_schema": name,
        }
        return LakeWarehouse(**given | options)

    return make
