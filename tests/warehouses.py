"""Which warehouse tests run on: the file, or, with SYNTH_ASSETS_TEST_WAREHOUSE=lake, DuckLake on servers that run.

The servers are those that SYNTH_ASSETS_WAREHOUSE and the variables beside it name (`synth-assets cluster up` prints
them). Every path of a database is a lake of its own there: a schema of the catalog, and a folder beside the others.
"""

import hashlib
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest

from synth_assets.lake.warehouse import DATA_SETTING, PREFIX, SETTING, LakeWarehouse
from synth_assets.warehouse import Warehouse, table_names

ON_LAKE = os.environ.get("SYNTH_ASSETS_TEST_WAREHOUSE") == "lake"

of_the_file = pytest.mark.skipif(ON_LAKE, reason="speaks of the file, its lock and its damage")


def warehouse_at(database: Path | str, **options: Any) -> Warehouse:
    """The warehouse of a path."""
    if not ON_LAKE:
        return Warehouse(database=str(database), **options)
    name = f"test_{hashlib.sha256(str(database).encode()).hexdigest()[:16]}"
    return LakeWarehouse(
        database=str(database),
        catalog=os.environ[SETTING].removeprefix(PREFIX),
        data=f"{os.environ[DATA_SETTING]}/{name}",
        catalog_schema=name,
        **options,
    )


def fill_from(warehouse: Warehouse, file: Path) -> None:
    """On a lake: copy every row of a database file into it. A file has been copied as a file by now."""
    if not ON_LAKE:
        return
    rows = {}
    with duckdb.connect(str(file), read_only=True) as source:
        for table in table_names():
            if table != "schema_version":
                rows[table] = source.sql(f"from {table}").to_arrow_table()
    with warehouse.transaction("copying a corpus") as open_:
        for table, found in rows.items():
            open_.connection.register("found", found)
            open_.connection.execute(f"insert into {table} by name from found")
            open_.connection.unregister("found")
