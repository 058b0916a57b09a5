"""Workers with homes of their own that carry one cell on one lake."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from synth_assets.errors import WarehouseBroken
from synth_assets.lake.warehouse import DATA_SETTING, SCHEMA_SETTING
from synth_assets.stages.shards import count_open
from synth_assets.stages.steps import carry_step, plan_round
from synth_assets.stages.work import Work
from synth_assets.warehouse import Warehouse, table_names
from tests.cluster.conftest import take_away
from tests.conftest import content_of, select
from tests.scripted_endpoint import Act, ScriptedEndpoint, Seen
from tests.strong_model import strong_reply

pytestmark = pytest.mark.cluster

CELL = ("memorization", "en")
STEPS = ("queries", "reasoning_drafts", "answers")
ROWS = 32
IN_FLIGHT = 4
WORKER = """
import json, sys
from dataclasses import replace
from pathlib import Path
from synth_assets.home import Home
from synth_assets.lake.warehouse import warehouse_of
from synth_assets.stages import shards
from synth_assets.stages.steps import carry_step
from tests.conftest import make_work

shards.WHOLE, shards.LEAST = 0, 4
home = Home(root=Path(sys.argv[1]))
home.prepare()
work = replace(make_work(home, Path(sys.argv[2]), home.root.name), warehouse=warehouse_of(home))
for table in sys.argv[3:]:
    print(json.dumps(carry_step(work, "memorization", "en", table)), flush=True)
"""


def slow_reply(seen: Seen) -> Act:
    return Act(text=strong_reply(seen).text, delay_s=0.2)


@pytest.fixture
def slow():
    with ScriptedEndpoint(slow_reply) as running:
        yield running


@pytest.fixture
def on_lake(corpus_home, new_lake, monkeypatch) -> Callable[[Work], Work]:
    """The same work on a lake that holds the corpus and nothing else; processes that are started find the lake."""

    def move(work: Work) -> Work:
        lake = new_lake()
        monkeypatch.setenv(DATA_SETTING, lake.data)
        monkeypatch.setenv(SCHEMA_SETTING, lake.catalog_schema)
        moved = {}
        with duckdb.connect(str(corpus_home.database), read_only=True) as source:
            for table in set(table_names()) - {"schema_version"}:
                moved[table] = source.sql(f"from {table}").to_arrow_table()
        with lake.transaction("copying a corpus") as open_:
            for table, found in moved.items():
                if found.num_rows:
                    open_.connection.register("found", found)
                    open_.connection.execute(f"insert into {table} by name from found")
                    open_.connection.unregister("found")
        return replace(work, warehouse=lake)

    return move


def started(tmp_path: Path, name: str, *tables: str) -> subprocess.Popen[str]:
    """A worker with a home of its own, as on a machine of its own."""
    checkout = str(Path(__file__).parent.parent.parent)
    paths = os.pathsep.join([checkout, *filter(None, [os.environ.get("PYTHONPATH")])])
    root = tmp_path / name
    root.mkdir()
    environment = os.environ | {"PYTHONPATH": paths, "SYNTH_ASSETS_MACHINE": str(tmp_path / f"{name}-machine")}
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(root), str(tmp_path / "recipe.yaml"), *tables],
        env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def made_by(warehouse: Warehouse) -> dict[str, list[tuple]]:
    return {table: content_of(warehouse, table, without=("made_at", "run_id")) for table in STEPS}


def recipe(address: str) -> dict:
    model = {"model": "strong", "address": address, "max_in_flight": IN_FLIGHT}
    return {"exercises": {"memorization": {"rows": ROWS}}, "models": {"query": model}}


def test_two_workers_on_a_lake_make_the_rows_of_one_run_on_a_file(work_at, on_lake, slow, tmp_path):
    alone = work_at(slow.address, **recipe(slow.address))
    lake = on_lake(alone)
    for work in (alone, lake):
        assert plan_round(work, *CELL)["planned"] == ROWS
    for table in STEPS:
        carry_step(alone, *CELL, table)
    calls = slow.state().received
    workers = [started(tmp_path, name, *STEPS) for name in ("first", "second")]
    reports = [[json.loads(line) for line in worker.communicate(timeout=250)[0].splitlines()] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert made_by(lake.warehouse) == made_by(alone.warehouse)
    assert slow.state().received == {key: 2 * times for key, times in calls.items()}
    assert [sum(found["made"] for found in step) for step in zip(*reports, strict=True)] == [ROWS] * 3
    writers = {row["run_id"] for table in STEPS
               for row in select(lake.warehouse, f"select distinct run_id from {table}")}  # fmt: skip
    assert writers == {"first", "second"}


def test_who_lost_its_shards_to_another_writes_nothing_for_them(work_at, on_lake, tmp_path):
    taken: list[str] = []

    def reply(seen: Seen) -> Act:
        if not taken:
            taken.append("shard-")
            take_away(lake.warehouse, *taken)
        return Act(text=strong_reply(seen).text)

    with ScriptedEndpoint(reply) as endpoint:
        lake = on_lake(work_at(endpoint.address, **recipe(endpoint.address)))
        plan_round(lake, *CELL)
        with pytest.raises(WarehouseBroken, match=r"the lock of shard-.* was lost .*another run has it now"):
            carry_step(lake, *CELL, "queries")
    assert select(lake.warehouse, "select count(*) as n from queries") == [{"n": 0}]


def test_what_a_killed_worker_held_another_takes_over_and_sends_again_only_what_was_in_flight(
    work_at, on_lake, slow, tmp_path
):
    lake = on_lake(work_at(slow.address, **recipe(slow.address)))
    plan_round(lake, *CELL)
    killed = started(tmp_path, "killed", "queries")
    end = time.monotonic() + 120
    while slow.answered() < 6 and time.monotonic() < end:
        time.sleep(0.02)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    before = slow.received()
    heir = started(tmp_path, "heir", "queries")
    report = json.loads(heir.communicate(timeout=250)[0])
    assert heir.returncode == 0
    assert 6 <= before < ROWS
    assert "left_to_another_run" not in report
    assert ROWS <= slow.received() <= ROWS + IN_FLIGHT
    rows = select(lake.warehouse, "select count(*) as n, count(distinct candidate_id) as ids from queries")
    assert rows == [{"n": ROWS, "ids": ROWS}]
    assert count_open(lake, *CELL, "queries") == {}
