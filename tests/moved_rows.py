"""Rows in every table of a warehouse, hand-made of every type, for tests that move them."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from synth_assets.calls.record import Call
from synth_assets.home import Home
from synth_assets.stages.migration import NOT_MOVED
from synth_assets.warehouse import Warehouse, columns, table_names

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
TYPES = {
    "varchar": pl.String, "json": pl.String, "integer": pl.Int32, "bigint": pl.Int64, "double": pl.Float64,
    "boolean": pl.Boolean, "blob": pl.Binary, "timestamptz": pl.Datetime("us", "UTC"),
    "varchar[]": pl.List(pl.String), "bigint[]": pl.List(pl.Int64), "float[]": pl.List(pl.Float32),
    "ubigint": pl.UInt64,
}  # fmt: skip


def file_in(root: Path, **options) -> Warehouse:
    """The database file of a home."""
    home = Home(root=root)
    home.prepare()
    return Warehouse(database=str(home.database), calls_folder=str(home.calls), **options)


# fixtures, for the files that import them


@pytest.fixture(name="filled", scope="module")
def a_filled_home(tmp_path_factory):
    """A home with rows in every table, made once and copied by each test."""
    root = tmp_path_factory.mktemp("filled") / "one"
    made = file_in(root)
    fill(made)
    record(made)
    return root


@pytest.fixture(name="home")
def a_home(tmp_path):
    return Home(root=tmp_path / "one")


@pytest.fixture(name="source")
def a_source(home, filled):
    shutil.copytree(filled, home.root)
    return file_in(home.root)


def value(kind: str, name: str, number: int):
    """A value of a type, another for each number; empty and odd ones among them."""
    return {
        "varchar": f"{name}-{number} äö中\n'\"\\ {'' if number % 3 else 'x' * 500}",
        "json": f'{{"n": {number}, "s": "ü\\n", "f": 0.1, "none": null, "list": []}}',
        "integer": number - 5,
        "bigint": number * 10**15 - 7,
        "ubigint": 2**64 - 1 - number,
        "double": [0.1 + number, -0.0, 1e-300 * (number + 1)][number % 3],
        "boolean": number % 2 == 0,
        "blob": bytes([number % 256, 0, 255]),
        "timestamptz": MOMENT + timedelta(microseconds=number * 1_000_003),
        "varchar[]": [[], [f"{number}", ""], ["a,b", "]"]][number % 3],
        "bigint[]": [[number, -(2**60)], []][number % 2],
        "float[]": [[0.1, -number / 3, 0.0], []][number % 2],
    }[kind]


def rows_of(table: str, first: int, count: int) -> pl.DataFrame:
    """Rows of a table; every fourth has nothing where that is allowed."""
    numbers = range(first, first + count)
    return pl.DataFrame(
        {
            column.name: [
                None if column.nullable and number % 4 == 3 else value(column.type, column.name, number)
                for number in numbers
            ]
            for column in columns(table)
        },
        schema={column.name: TYPES[column.type] for column in columns(table)},
    )


def fill(warehouse: Warehouse, first: int = 0, count: int = 10) -> None:
    """Put rows into every table."""
    with warehouse.transaction("a test fills all tables") as open_:
        for table in table_names():
            if table not in NOT_MOVED:
                open_.append(table, rows_of(table, first, count))


def a_call(number: int) -> Call:
    """A call; every fifth failed."""
    failed = number % 5 == 4
    return Call(
        call_id=f"call-{number:03}", candidate_id=f"candidate-{number // 3:03}", step="query", exercise="mcq",
        language="en", attempt=1, sample=0, role="query", model="a-model", address="direct http://localhost:8000/v1",
        request='{"messages": [{"content": "ä\\n"}]}', templates='["mcq/query@abc"]',
        reply=None if failed else f"reply {number}", finish_reason="call_failed" if failed else "stop",
        prompt_tokens=10 + number, completion_tokens=None if failed else number,
        cost_usd=None if failed else 0.1 * number,
        error="HTTP 500" if failed else None, http_attempts=1, started_at="2026-01-02T03:04:05.678+00:00",
        finished_at=f"2026-01-02T03:04:{number % 60:02}.999+00:00", run_id=f"run{number // 7}", logprobs=None,
        recipe="r", launch="l",
    )  # fmt: skip


def record(warehouse: Warehouse, first: int = 0, count: int = 17) -> None:
    """Record calls, of which the last stay unfolded."""
    with warehouse.open_calls("a-run") as log:
        log.append_all([a_call(number) for number in range(first, first + count - 3)])
        log.fold()
        log.append_all([a_call(number) for number in range(first + count - 3, first + count)])


def content(warehouse: Warehouse) -> dict[str, list[str]]:
    """Every row of every table that is moved, as text, sorted."""
    found = {}
    with warehouse.reading("a test reads all tables") as open_:
        for table in [*table_names(), "model_calls"]:
            if table not in NOT_MOVED:
                names = ", ".join(f'"{column.name}"' for column in columns(table)) if table != "model_calls" else "*"
                rows = open_.connection.execute(f"select {names} from {table}").fetchall()
                found[table] = sorted(map(repr, rows))
    return found
