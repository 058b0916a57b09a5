"""Runs that carry one cell together: nothing twice, nothing lost, and the same rows as one run alone."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from synth_assets.definitions import defs
from synth_assets.defs import automation
from synth_assets.defs.automation import large_cells
from synth_assets.defs.resources import RecipeResource
from synth_assets.stages import helping, shards, steps
from synth_assets.stages.judging import judge_answers
from synth_assets.stages.shards import COUNTS, SHARDS, count_open, shard_of
from synth_assets.stages.steps import carry_step, plan_round
from synth_assets.stages.work import Work
from synth_assets.warehouse import take_waits
from tests.conftest import WorkFactory, content_of, failed_checks, select
from tests.scripted_endpoint import Act, ScriptedEndpoint, Seen
from tests.strong_model import strong_reply
from tests.warehouses import of_the_file

# Dagster warns of the tags that it makes itself for two-dimensional partition keys.
pytestmark = pytest.mark.filterwarnings("ignore:Non-compliant tag keys like .*dagster/partition/:DeprecationWarning")

CELL = ("memorization", "en")
STEPS = ("queries", "reasoning_drafts", "answers")
JUDGE = {"sample": 0.5}
ROWS = 24


@pytest.fixture
def small_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    """Claims of a few candidates, and waits of moments."""
    for name, value in {"WHOLE": 0, "LEAST": 4, "POLL_S": 0.02, "LOOK_S": 0.1}.items():
        monkeypatch.setattr(shards, name, value)
    monkeypatch.setattr(steps, "WRITE_EVERY_S", 0.05)


def carry(work: Work) -> dict[str, dict]:
    return {table: carry_step(work, *CELL, table) for table in STEPS}


def made_by(work: Work) -> dict[str, list[tuple]]:
    """The rows of every step but for who made them and when."""
    return {table: content_of(work.warehouse, table, without=("made_at", "run_id")) for table in STEPS}


def undo(work: Work) -> None:
    """The cell as it was planned, and no call stored."""
    with work.warehouse.transaction("a test begins anew") as open_:
        for table in STEPS:
            open_.connection.execute(f"delete from {table}")
    for path in (*work.home.calls.glob("segments/*"), *work.home.calls.glob("journal/*")):
        if "000-empty" not in path.name:
            path.unlink()


def side_by_side(*runs: Callable[[], object]) -> None:
    """Run these at once, each in a thread of its own; the first error of one of them is raised."""
    errors: list[BaseException] = []

    def guarded(run: Callable[[], object]) -> None:
        try:
            run()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


# --- shards and work lists


def test_every_candidate_is_in_one_shard_and_counts_agree_with_the_work_lists(
    work_at: WorkFactory, endpoint: ScriptedEndpoint
) -> None:
    work = work_at(endpoint.address, exercises={"memorization": {"rows": ROWS}}, judge=JUDGE)
    plan_round(work, *CELL)
    every = [f"{number:02x}" for number in range(SHARDS)]
    expected = {"queries": ROWS, "reasoning_drafts": ROWS, "answers": ROWS, "judgements": None}
    for table in COUNTS:
        own = {"judge_share": 0.5} if table == "judgements" else {}
        listed = work.warehouse.read(
            f"transforms/open_{table}", exercise=CELL[0], language=CELL[1], shards=every, most=1000,
            **steps.BEGINNING, **own,
        )  # fmt: skip
        counted = count_open(work, *CELL, table, **own)
        assert sum(counted.values()) == len(listed) == (expected[table] or len(listed)) > 0
        by_shard = {shard: [row for row in listed if shard_of(row["candidate_id"]) == shard] for shard in counted}
        assert {shard: len(rows) for shard, rows in by_shard.items()} == counted
        if table == "judgements":
            judge_answers(work, *CELL)
        else:
            carry_step(work, *CELL, table)
        assert count_open(work, *CELL, table, **own) == {}


@of_the_file
def test_a_small_cell_is_one_claim_and_opens_the_database_no_more_often_than_one_run_alone_needs(
    work_at: WorkFactory, endpoint: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "WRITE_EVERY_S", 60.0)
    work = work_at(endpoint.address, exercises={"memorization": {"rows": ROWS}})
    plan_round(work, *CELL)
    for table in STEPS:
        take_waits()
        assert carry_step(work, *CELL, table)["made"] == ROWS
        # the count, the page, what the step starts from, the rows, the calls folded away, and that nothing is left
        assert len(take_waits()) <= 6
    assert endpoint.received() == 3 * ROWS
    take_waits()
    assert carry_step(work, *CELL, "queries")["work"] == 0
    assert len(take_waits()) == 1


# --- several runs


@pytest.mark.usefixtures("small_claims")
def test_three_runs_at_once_make_the_rows_of_one_alone_and_ask_nothing_twice(
    work_at: WorkFactory, endpoint: ScriptedEndpoint
) -> None:
    def script(seen: Seen) -> Act:
        act = strong_reply(seen)
        return Act(text=act.text, delay_s=0.05)

    endpoint.script = script
    asked = {"exercises": {"memorization": {"rows": ROWS}}}
    alone = work_at(endpoint.address, **asked)
    plan_round(alone, *CELL)
    carry(alone)
    expected, calls = made_by(alone), endpoint.state().received
    assert [len(rows) for rows in expected.values()] == [ROWS] * 3
    undo(alone)
    works = [work_at(endpoint.address, run_id=name, **asked) for name in ("first", "second", "third")]
    reports: list[dict[str, dict]] = []
    side_by_side(*(lambda work=work: reports.append(carry(work)) for work in works))
    assert made_by(alone) == expected
    # each call once more than in the run that was alone, none a third time
    assert endpoint.state().received == {key: 2 * times for key, times in calls.items()}
    for table in STEPS:
        assert sum(report[table]["work"] for report in reports) == ROWS
        assert sum(report[table]["made"] for report in reports) == ROWS
    writers = select(alone.warehouse, "select run_id, count(*) as n from queries group by run_id")
    assert {row["run_id"] for row in writers} == {"first", "second", "third"}
    assert all("left_to_another_run" not in report for found in reports for report in found.values())
    assert failed_checks(alone.warehouse) == {}


HOLDER = """
import sys
from pathlib import Path
from synth_assets.home import Home
from synth_assets.stages import shards, steps
from synth_assets.stages.steps import carry_step
from tests.conftest import make_work
steps.WRITE_EVERY_S = 0.05
shards.WHOLE, shards.LEAST, shards.MOST = 0, 4, int(sys.argv[3])
work = make_work(Home(root=Path(sys.argv[1])), Path(sys.argv[2]), "holder")
carry_step(work, "memorization", "en", "queries")
"""


@pytest.mark.usefixtures("small_claims")
def test_a_holder_that_is_killed_loses_its_shards_and_only_what_was_in_flight_is_sent_again(
    work_at: WorkFactory, tmp_path: Path
) -> None:
    def script(seen: Seen) -> Act:
        return Act(text=strong_reply(seen).text, delay_s=0.2)

    with ScriptedEndpoint(script) as endpoint:
        work = work_at(
            endpoint.address, exercises={"memorization": {"rows": ROWS}},
            models={"query": {"model": "strong", "address": endpoint.address, "max_in_flight": 4}},
        )  # fmt: skip
        plan_round(work, *CELL)
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(work.home.root), str(tmp_path / "recipe.yaml"), str(ROWS)],
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}, start_new_session=True,
        )  # fmt: skip
        end = time.monotonic() + 150
        while endpoint.answered() < 6 and time.monotonic() < end:
            time.sleep(0.02)
        found: list[dict] = []
        waiting = threading.Thread(target=lambda: found.append(carry_step(work, *CELL, "queries")))
        waiting.start()
        while endpoint.answered() < 12 and time.monotonic() < end:
            time.sleep(0.02)
        os.killpg(holder.pid, signal.SIGKILL)
        holder.wait()
        waiting.join(timeout=100)
        in_flight = 4
        assert ROWS <= endpoint.received() <= ROWS + in_flight
    (report,) = found
    assert "left_to_another_run" not in report
    rows = select(work.warehouse, "select count(*) as n, count(distinct candidate_id) as ids from queries")
    assert rows == [{"n": ROWS, "ids": ROWS}]


def test_a_holder_that_writes_nothing_does_not_hold_the_cell(
    work_at: WorkFactory, endpoint: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"POLL_S": 0.02, "LOOK_S": 0.1, "STUCK_S": 0.5}.items():
        monkeypatch.setattr(shards, name, value)
    with ScriptedEndpoint(lambda seen: Act(text=strong_reply(seen).text, delay_s=5.0)) as stuck:
        cell = {"exercises": {"memorization": {"rows": 3}}, "attempts": 1}
        holder = work_at(stuck.address, run_id="holder", **cell)
        plan_round(holder, *CELL)
        impatient = {"query": {"model": "strong", "address": endpoint.address, "timeout_s": 0.2}}
        other = work_at(endpoint.address, run_id="other", models=impatient, **cell)
        held = threading.Thread(target=carry_step, args=(holder, *CELL, "queries"))
        held.start()
        while stuck.received() < 3:
            time.sleep(0.02)
        report = carry_step(other, *CELL, "queries")
        assert held.is_alive()
        assert (report["work"], report["left_to_another_run"]) == (0, 3)
        assert carry_step(other, *CELL, "reasoning_drafts")["work"] == 0
        held.join()
    assert len(content_of(other.warehouse, "queries", without=("made_at",))) == 3
    assert carry_step(other, *CELL, "reasoning_drafts")["made"] == 3  # the next round takes it up


@pytest.mark.usefixtures("small_claims")
def test_what_a_run_that_fails_held_is_free_at_once(work_at: WorkFactory, endpoint: ScriptedEndpoint) -> None:
    cell = {"exercises": {"memorization": {"rows": 12}}}
    short = work_at(endpoint.address, run_id="short", budget={"calls": 5}, **cell)
    plan_round(short, *CELL)
    with pytest.raises(Exception, match=r"budget\.calls: 5 of 5 calls are spent"):
        carry_step(short, *CELL, "queries")
    assert carry_step(work_at(endpoint.address, **cell), *CELL, "queries")["made"] == 7


# --- help


@pytest.mark.usefixtures("small_claims")
def test_a_helper_carries_every_step_plans_nothing_and_decides_nothing_for_the_cell(
    work_at: WorkFactory, endpoint: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helping, "IDLE_S", 0.0)
    work = work_at(endpoint.address, exercises={"memorization": {"rows": 8}}, judge=JUDGE)
    plan_round(work, *CELL)
    assert helping.open_to_carry(work, *CELL) == 8
    found = helping.help_cell(work, *CELL, ended=lambda: False)
    judged = count_rows(work, "judgements")
    assert found["made"] == 24 + judged
    assert judged > 0
    assert (found["refused"], found["why"]) == ({}, "nothing was free")
    assert helping.open_to_carry(work, *CELL) == 0
    assert [count_rows(work, table) for table in ("candidates", "quality_scores", "samples")] == [8, 0, 0]


def count_rows(work: Work, table: str) -> int:
    return work.warehouse.read(f"audit/count_{table}", exercise=CELL[0], language=CELL[1])[0]["rows"]


@pytest.mark.usefixtures("small_claims")
def test_a_helper_claims_nothing_once_the_run_that_it_helps_has_ended(
    work_at: WorkFactory, endpoint: ScriptedEndpoint
) -> None:
    work = work_at(endpoint.address, exercises={"memorization": {"rows": 8}})
    plan_round(work, *CELL)
    found = helping.help_cell(work, *CELL, ended=lambda: True)
    assert (found["work"], endpoint.received()) == (0, 0)
    asked = iter([False])  # before the first claim, and no more before the second
    assert 0 < carry_step(work, *CELL, "queries", until=lambda: next(asked, True))["work"] < 8


# --- the job and the sensor


def at_work(instance: dg.DagsterInstance, recipe: Path, **of_run: object) -> dg.DagsterRun:
    """A run of the cell that has been started, as far as Dagster knows."""
    tags = {"dagster/partition": "|".join(CELL), "dagster/partition/exercise": CELL[0],
            "dagster/partition/language": CELL[1], "synth_assets/launch": "evening"}  # fmt: skip
    return instance.create_run_for_job(
        defs.resolve_job_def("cell_round"), status=dg.DagsterRunStatus.STARTED, tags=tags,
        run_config={"resources": {"recipe": {"config": {"path": str(recipe), "budget_calls": 100}}}}, **of_run,
    )  # fmt: skip


def tick(instance: dg.DagsterInstance, work: Work, recipe: Path) -> Any:
    context = dg.build_sensor_context(
        instance=instance, resources={"recipe": RecipeResource(path=str(recipe)), "warehouse": work.warehouse},
        repository_def=defs.get_repository_def(),
    )  # fmt: skip
    return large_cells.evaluate_tick(context)


def test_large_cells_at_work_get_as_many_helpers_as_there_is_work_for_and_no_more_than_allowed(
    work_at: WorkFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = work_at(exercises={"memorization": {"rows": 40}})
    recipe = tmp_path / "recipe.yaml"
    plan_round(work, *CELL)
    with dg.DagsterInstance.ephemeral() as instance:
        assert tick(instance, work, recipe).run_requests == []
        run = at_work(instance, recipe)
        assert tick(instance, work, recipe).skip_message == "of 1 cells at work none has more work than runs"
        monkeypatch.setattr(automation, "CANDIDATES_A_HELPER", 15)
        requests = tick(instance, work, recipe).run_requests
        assert [request.run_key for request in requests] == [f"{run.run_id} 0", f"{run.run_id} 1"]
        (config,) = {str(request.run_config): request.run_config for request in requests}.values()
        assert config["ops"]["carry_free_shards"]["config"] == {
            "exercise": CELL[0], "language": CELL[1], "of_run": run.run_id,
        }  # fmt: skip
        assert config["resources"]["recipe"]["config"] == {"path": str(recipe), "budget_calls": 100}
        assert {request.tags["dagster/priority"] for request in requests} == {"-2"}
        for request in requests[:1]:  # one of them is taken up
            instance.create_run_for_job(defs.resolve_job_def("help_cell"), run_config=config, tags=dict(request.tags))
        assert [request.run_key for request in tick(instance, work, recipe).run_requests] == [f"{run.run_id} 1"]
        monkeypatch.setenv("SYNTH_ASSETS_HELPERS", "1")
        assert tick(instance, work, recipe).run_requests == []
        monkeypatch.setenv("SYNTH_ASSETS_HELPERS", "0")
        assert tick(instance, work, recipe).run_requests == []


def test_runs_that_ask_no_model_get_no_helper(work_at: WorkFactory, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(automation, "CANDIDATES_A_HELPER", 1)
    work = work_at(exercises={"memorization": {"rows": 2}})
    plan_round(work, *CELL)
    with dg.DagsterInstance.ephemeral() as instance:
        at_work(instance, tmp_path / "recipe.yaml", asset_selection=frozenset({dg.AssetKey("samples")}))
        assert tick(instance, work, tmp_path / "recipe.yaml").run_requests == []


def test_the_job_helps_a_run_on_its_budget_and_refuses_one_that_is_not_there(
    work_at: WorkFactory, endpoint: ScriptedEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helping, "IDLE_S", 0.0)
    monkeypatch.setattr(steps, "WRITE_EVERY_S", 0.05)
    work = work_at(endpoint.address, exercises={"memorization": {"rows": 4}})
    plan_round(work, *CELL)
    recipe = tmp_path / "recipe.yaml"
    with dg.DagsterInstance.ephemeral() as instance:

        def launch(of_run: str) -> dg.ExecuteInProcessResult:
            config = {"exercise": CELL[0], "language": CELL[1], "of_run": of_run}
            return defs.resolve_job_def("help_cell").execute_in_process(
                instance=instance, raise_on_error=False,
                resources={"recipe": RecipeResource(path=str(recipe)), "warehouse": work.warehouse},
                run_config={"ops": {"carry_free_shards": {"config": config}}},
            )  # fmt: skip

        unknown = launch("nobody")
        assert not unknown.success
        helped = launch(at_work(instance, recipe).run_id)
        assert helped.success
    assert [count_rows(work, table) for table in STEPS] == [4, 4, 4]
    assert select(work.warehouse, "select distinct run_id from answers") == [{"run_id": helped.run_id}]
    assert select(work.warehouse, "select distinct launch from model_calls") == [{"launch": "evening"}]
