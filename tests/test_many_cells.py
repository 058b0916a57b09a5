"""Many cells at once by real servers against a scripted model: nobody fails on the database, and what is killed is
finished by a restart. `pytest -m exhaustive tests/test_many_cells.py`; some minutes on two cores."""

import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import yaml

from synth_assets.defs.automation import CELL_ASSETS
from synth_assets.home import Home
from synth_assets.languages import LANGUAGES
from synth_assets.sharing.locks import FileLocks
from synth_assets.stages.steps import work_of_cells
from tests.conftest import endpoint_process, failed_checks, make_work, recipe_data, select
from tests.running_ui import ENDED, RunningUi, holders_of, running_ui, wait_until
from tests.scripted_endpoint import read_state

pytestmark = [pytest.mark.exhaustive, pytest.mark.timeout(3600)]

EXERCISES = (
    "memorization", "mcq", "math_exercise", "math_mcq", "rag", "creative_writing", "constrained_writing", "editing",
)  # fmt: skip
AT_ONCE = 4


@pytest.fixture
def home(tmp_path: Path, corpus_template: Path) -> Home:
    """A home with the documents read, cut and embedded, as the folder that the servers work in."""
    made = Home(root=tmp_path / "home")
    shutil.copytree(corpus_template / ".synth", made.data)
    made.prepare()
    return made


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with endpoint_process(tmp_path / "state", delay=0.05) as running:
        yield running


def write_recipe(home: Home, address: str, exercises: tuple[str, ...]) -> Path:
    cells = {name: {"rows": len(LANGUAGES), "candidates_per_row": 8} for name in exercises}
    data = recipe_data(address, exercises=cells, languages=dict.fromkeys(LANGUAGES, 1 / len(LANGUAGES)))
    path = home.root / "recipe.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
    return path


def most_at_once(runs: list[dict]) -> int:
    moments = sorted([(run["startTime"], 1) for run in runs] + [(run["endTime"], -1) for run in runs])
    most = now = 0
    for _, change in moments:
        now += change
        most = max(most, now)
    return most


def waits(home: Home) -> dict[str, float]:
    """What every step said of its waiting for the database, together."""
    turns = slow = 0
    longest = 0.0
    os.chdir(home.root)
    with dg.DagsterInstance.from_config(str(home.root)) as instance:
        for asset in CELL_ASSETS:
            for record in instance.fetch_materializations(dg.AssetKey(asset), limit=10_000).records:
                said = {name: value.value for name, value in record.asset_materialization.metadata.items()}
                turns += said["database_turns"]
                slow += said["database_waits_over_1_s"]
                longest = max(longest, said["database_wait_longest_s"])
    return {"turns": turns, "over_1_s": slow, "share_over_1_s": slow / turns, "longest_s": longest}


def test_64_cells_4_at_once_fail_no_run_and_wait_for_the_database_less_than_is_felt(home, address, monkeypatch):
    monkeypatch.chdir(home.root)
    recipe = write_recipe(home, address, EXERCISES)
    cells = [f"{exercise}|{language}" for exercise in EXERCISES for language in LANGUAGES]
    with running_ui(home.root, recipe) as ui:
        ui.launch(CELL_ASSETS, cells)
        runs = ui.wait_for(len(cells), at_most_s=3000)
        assert Counter(run["status"] for run in runs) == {"SUCCESS": len(cells)}
        assert {run["tags"]["dagster/partition"] for run in runs} == set(cells)
        assert most_at_once(runs) == AT_ONCE
        assert ui.end() == 0
    found = waits(home)
    print(f"\n{len(cells)} cells, {AT_ONCE} at once: {found}")
    assert found["share_over_1_s"] < 0.01  # so the 99th percentile is below a second
    assert found["longest_s"] < 10
    work = make_work(home, recipe)
    assert failed_checks(work.warehouse) == {}
    left = work_of_cells(work, work.recipe.cells())
    assert sum(cell.open for cell in left.values()) == 0
    accepted = sum(cell.accepted for cell in left.values())
    assert accepted == select(work.warehouse, "select count(*) as n from samples")[0]["n"] >= 0.8 * len(cells)


def kill_a_run(home: Home, ui: RunningUi) -> str:
    """SIGKILL the process of a run that has written and not ended; its id."""
    at_work: list[str] = []

    def some() -> bool:
        at_work[:] = [
            run["runId"] for run in ui.runs()
            if run["status"] == "STARTED" and holders_of(FileLocks(home.locks).life_path(run["runId"]))
        ]  # fmt: skip
        return bool(at_work)

    wait_until(some, 240, lambda: f"no run is at work: {ui.runs()}", every_s=0.1)
    for pid in holders_of(FileLocks(home.locks).life_path(at_work[0])):
        os.kill(pid, signal.SIGKILL)
    return at_work[0]


def test_what_is_killed_is_finished_by_a_restart_and_every_count_adds_up(home, address, tmp_path, monkeypatch):
    monkeypatch.chdir(home.root)
    exercises = ("memorization", "mcq", "math_exercise")
    recipe = write_recipe(home, address, exercises)
    cells = [f"{exercise}|{language}" for exercise in exercises for language in LANGUAGES]
    with running_ui(home.root, recipe) as ui:
        backfill = ui.launch(CELL_ASSETS, cells)
        killed = kill_a_run(home, ui)
        wait_until(lambda: {run["runId"]: run["status"] for run in ui.runs()}[killed] in ENDED, 120,
                   lambda: "the killed run was not noticed")  # fmt: skip
        os.kill(ui.server("daemon"), signal.SIGKILL)
        assert ui.process.wait(60) != 0  # it says that the daemon ended, and ends the webserver
    with running_ui(home.root, recipe) as ui:
        kill_a_run(home, ui)
        os.kill(ui.server("webserver"), signal.SIGKILL)
        assert ui.process.wait(60) != 0
    with running_ui(home.root, recipe) as ui:
        wait_until(
            lambda: ui.backfill_status(backfill).startswith("COMPLETED"),
            1800,
            lambda: f"{ui.backfill_status(backfill)}: {Counter(run['status'] for run in ui.runs())}",
        )
        runs = ui.runs()
        succeeded = {run["tags"]["dagster/partition"] for run in runs if run["status"] == "SUCCESS"}
        assert succeeded == set(cells)
        assert all(run["status"] in ENDED for run in runs)
        assert ui.end() == 0
    work = make_work(home, recipe)
    assert failed_checks(work.warehouse) == {}
    left = work_of_cells(work, work.recipe.cells())
    assert {cell: found.open for cell, found in left.items() if found.open} == {}
    (counts,) = select(work.warehouse, "select (select count(*) from candidates) as planned, count(*) as states, "
                       "count(distinct candidate_id) as ids from candidate_states")  # fmt: skip
    assert counts["planned"] == counts["states"] == counts["ids"]
    calls = select(work.warehouse, "select count(*) as n, count(distinct call_id) as ids from model_calls")[0]
    assert calls["n"] == calls["ids"]
    received = read_state(tmp_path / "state").received.total()
    assert received - calls["ids"] <= 2 * AT_ONCE * 8  # asked twice is only what was on its way at the two kills
