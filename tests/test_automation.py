"""What ticks request and why they skip the rest, what is tried again, and what a launch may be told."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from synth_assets.commands.dead_runs import end_dead_runs
from synth_assets.definitions import defs
from synth_assets.defs.automation import backfill, new_seed_files
from synth_assets.defs.resources import RecipeResource, mark_alive
from synth_assets.exercises import EXERCISES
from synth_assets.home import Home
from synth_assets.partitions import cell_key
from synth_assets.sharing.locks import FileLocks
from synth_assets.stages.corpus import cut_sections, read_seeds
from synth_assets.stages.curation import embed_answers, make_samples
from synth_assets.stages.duplicates import decide_duplicates
from synth_assets.stages.scoring import score_quality
from synth_assets.stages.seed_marks import NOT_WATCHED, seed_marks
from synth_assets.stages.steps import carry_step, plan_round, work_left, work_of_cells
from synth_assets.stages.work import Work
from synth_assets.warehouse import columns
from tests.conftest import failed_checks, select
from tests.scripted_endpoint import Act
from tests.strong_model import strong_reply

# Dagster warns of the tags that it makes itself for two-dimensional partition keys.
pytestmark = pytest.mark.filterwarnings("ignore:Non-compliant tag keys like .*dagster/partition/:DeprecationWarning")

TICK = datetime(2026, 1, 2, 2, tzinfo=UTC)
CELLS = {"memorization": {"rows": 2}, "math_exercise": {"rows": 2}}
EMPTY = {"varchar": "", "json": {}, "integer": 1, "varchar[]": [], "timestamptz": TICK}


@pytest.fixture(scope="module")
def files_of_the_instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path_factory.mktemp("instance"))) as made:
        yield made


@pytest.fixture
def instance(files_of_the_instance: dg.DagsterInstance) -> Iterator[dg.DagsterInstance]:
    """An instance without runs; its files are made once, because that takes seconds."""
    yield files_of_the_instance
    files_of_the_instance.wipe()


Tick = Callable[[Work], Any]


@pytest.fixture
def tick(instance: dg.DagsterInstance, tmp_path: Path) -> Tick:
    """Evaluates the schedule on the recipe file that the last `work_at` wrote."""

    def evaluate(work: Work) -> Any:
        with dg.build_schedule_context(
            instance=instance, resources=resources(work, tmp_path / "recipe.yaml"), scheduled_execution_time=TICK,
            repository_def=defs.get_repository_def(),
        ) as context:  # fmt: skip
            return backfill.evaluate_tick(context)

    return evaluate


def resources(work: Work, recipe: Path) -> dict[str, Any]:
    return {"recipe": RecipeResource(path=str(recipe)), "warehouse": work.warehouse}


def requested(result: Any) -> list[str]:
    return [str(request.partition_key) for request in result.run_requests]


def carry(work: Work, exercise: str, language: str = "en", **config: Any) -> dict[str, Any]:
    """One round of a cell."""
    planned = plan_round(work, exercise, language, **config)
    for table in ("queries", "reasoning_drafts", "answers"):
        carry_step(work, exercise, language, table)
    for stage in (embed_answers, score_quality, decide_duplicates, make_samples):
        stage(work, exercise, language)
    return planned


def states(work: Work) -> dict[str, int]:
    rows = select(work.warehouse, "select state, count(*) as n from candidate_states group by state")
    return {row["state"]: row["n"] for row in rows}


def sizes(work: Work) -> list[dict[str, Any]]:
    return select(work.warehouse, "select table_name, estimated_size from duckdb_tables() order by table_name")


# --- what a tick requests


def test_a_tick_requests_cells_with_work_below_what_people_launch_and_a_second_one_with_nothing_new_does_nothing(
    work_at, endpoint, tick
):
    work = work_at(endpoint.address, exercises=CELLS)
    first = tick(work)
    assert requested(first) == ["memorization|en", "math_exercise|en"]
    assert {request.tags["dagster/priority"] for request in first.run_requests} == {"-1"}
    assert {request.tags["synth_assets/trigger"] for request in first.run_requests} == {"schedule"}
    for exercise in CELLS:
        carry(work, exercise)
    received, before = endpoint.received(), sizes(work)
    second = tick(work)
    assert requested(second) == []
    assert second.skip_message == "target met: memorization|en, math_exercise|en"
    assert (endpoint.received(), sizes(work)) == (received, before)


def test_seeds_that_are_read_again_and_say_the_same_request_no_cell(work_at, endpoint, tick):
    work = work_at(endpoint.address, exercises={"memorization": {"passes": 1}}, pool=2)
    carry(work, "memorization")
    read_seeds(work)
    cut_sections(work)
    assert requested(tick(work)) == []


def test_sections_that_come_to_the_pool_request_the_cells_that_go_over_all_of_it(work_at, endpoint, tick):
    carry(work_at(endpoint.address, exercises={"memorization": {"passes": 1}}, pool=2), "memorization")
    assert requested(tick(work_at(endpoint.address, exercises={"memorization": {"passes": 1}}, pool=3))) == [
        "memorization|en"
    ]


def test_a_raised_target_requests_its_cell_alone(work_at, endpoint, tick):
    work = work_at(endpoint.address, exercises=CELLS)
    for exercise in CELLS:
        carry(work, exercise)
    raised = {**CELLS, "math_exercise": {"rows": 3}}
    result = tick(work_at(endpoint.address, exercises=raised))
    assert requested(result) == ["math_exercise|en"]


@pytest.mark.long
def test_a_new_version_of_an_exercise_requests_its_cells_alone(work_at, endpoint, tick, monkeypatch):
    both = {"math_exercise": {"rows": 4}, "math_mcq": {"rows": 4}}
    work = work_at(endpoint.address, exercises=both, languages={"en": 0.5, "fr": 0.5})
    for exercise in both:
        for language in ("en", "fr"):
            while work_left(work, exercise, language).any:
                carry(work, exercise, language)
    assert requested(tick(work)) == []
    monkeypatch.setattr(type(EXERCISES["math_mcq"]), "version", EXERCISES["math_mcq"].version + 1)
    assert requested(tick(work)) == ["math_mcq|en", "math_mcq|fr"]


def test_a_cell_that_a_run_is_at_work_on_is_not_requested_beside_it(work_at, tick, instance):
    work = work_at(exercises=CELLS)
    instance.add_run(dg.DagsterRun(
        job_name="cell_round", status=dg.DagsterRunStatus.STARTED, tags={"dagster/partition": "memorization|en"},
    ))  # fmt: skip
    assert requested(tick(work)) == ["math_exercise|en"]


@pytest.mark.long
def test_what_many_cells_need_is_what_each_of_them_needs_alone(work_at, endpoint):
    exercises = {**CELLS, "mcq": {"passes": 1}, "math_mcq": {"rows": 3}}
    work = work_at(endpoint.address, exercises=exercises, languages={"en": 0.5, "fr": 0.5}, pool=3)
    carry(work, "math_exercise")
    carry(work, "memorization")
    plan_round(work, "mcq", "fr")
    carry(work, "math_mcq", "fr", rows=1)
    together = work_of_cells(work, work.recipe.cells())
    assert together == {cell: work_left(work, *cell) for cell in work.recipe.cells()}
    assert together["mcq", "fr"].open == 2  # half of a pass over three sections
    assert together["math_mcq", "fr"].accepted == 1
    assert not together["memorization", "en"].missing


# --- the budget


def test_a_tick_does_not_request_cells_that_a_spent_budget_would_end_and_says_which_limit_it_is(work_at, tick):
    work = work_at(exercises=CELLS, budget={"calls": 0})
    result = tick(work)
    assert requested(result) == ["math_exercise|en"]  # a program makes its rows alone
    spent = tick(work_at(exercises={"memorization": {"rows": 2}}, budget={"day": {"calls": 0}}))
    assert spent.skip_message == "budget.day.calls: 0 of 0 calls are spent: memorization|en"


def launch(work: Work, recipe: Path, instance: dg.DagsterInstance, exercise: str, **said: Any) -> Any:
    """One run of a cell as Dagster makes it; `said` is configuration of the recipe (`settings`) and of the ops."""
    config = {
        "resources": {
            "recipe": {"config": {"path": str(recipe), **said.pop("settings", {})}},
            "warehouse": {"config": {"database": work.warehouse.database, "calls_folder": work.warehouse.calls_folder}},
        },
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
        "ops": said.pop("ops", {}),
    }
    return defs.resolve_job_def("cell_round").execute_in_process(
        run_config=config, instance=instance, raise_on_error=False, partition_key=cell_key(exercise, "en")
    )


def failure(result: Any) -> str:
    (failed,) = [event for event in result.all_events if event.is_step_failure]
    return failed.step_failure_data.user_failure_data.description


def test_a_budget_that_does_not_hold_the_next_call_is_remembered_until_its_limit_is_another(
    work_at, endpoint, tick, instance, tmp_path
):
    work = work_at(endpoint.address, budget={"tokens": 50})  # nothing is spent, and no call fits in
    assert requested(tick(work)) == ["memorization|en"]
    assert failure(launch(work, tmp_path / "recipe.yaml", instance, "memorization")).startswith("BudgetSpent: ")
    assert "budget.tokens: 0 of 50 tokens are spent and the next call may take " in tick(work).skip_message
    assert requested(tick(work_at(endpoint.address, budget={"tokens": 60}))) == ["memorization|en"]
    assert endpoint.received() == 0


@pytest.mark.long
def test_a_launch_may_be_given_a_budget_of_its_own_which_says_nothing_of_the_next_one(
    work_at, endpoint, tick, instance, tmp_path
):
    work = work_at(endpoint.address)
    told = launch(work, tmp_path / "recipe.yaml", instance, "memorization", settings={"budget_calls": 2})
    assert failure(told) == "BudgetSpent: budget.run.calls: 2 of 2 calls are spent"
    assert endpoint.received() == 2
    assert requested(tick(work)) == ["memorization|en"]
    rounds = select(work.warehouse, "select recipe_hash from rounds")
    assert rounds == [{"recipe_hash": work.recipe.hash}]  # a launch's own budget makes no other recipe
    dear = launch(work, tmp_path / "recipe.yaml", instance, "memorization", settings={"budget_usd": 1.0})
    assert dear.success  # the endpoint's model has no price


# --- refusals that are tried again


def refuse(work: Work, reason: str) -> list[str]:
    """Plan a round of memorization and refuse all that is open at its first step."""
    plan_round(work, "memorization", "en")
    waiting = "select candidate_id from candidate_states where state = 'open' and exercise = 'memorization'"
    ids = [row["candidate_id"] for row in select(work.warehouse, waiting)]
    rows = [
        {column.name: EMPTY[column.type] for column in columns("queries") if not column.nullable}
        | {"candidate_id": name, "exercise": "memorization", "language": "en", "refused_reason": reason,
           "refused_detail": "status 500"}
        for name in ids
    ]  # fmt: skip
    work.warehouse.insert("queries", rows)
    return ids


def test_what_a_passing_fault_refused_is_tried_again_while_attempts_are_left_and_its_refusals_are_kept(
    work_at, endpoint, tick
):
    work = work_at(endpoint.address, attempts=3, exercises={"memorization": {"rows": 2, "candidates_per_row": 1}})
    refused = refuse(work, "call_failed")
    assert work_left(work, "memorization", "en").again == 2
    assert requested(tick(work)) == ["memorization|en"]
    assert plan_round(work, "memorization", "en")["reopened"] == 2
    assert states(work) == {"open": 2}
    again = refuse(work, "call_failed")
    assert sorted(again) == sorted(refused)
    assert plan_round(work, "memorization", "en")["reopened"] == 2
    refuse(work, "call_failed")  # for the third time: no attempt is left
    assert tick(work).skip_message == "cap of 1 candidates a row is met: memorization|en"
    assert "reopened" not in plan_round(work, "memorization", "en")
    assert states(work) == {"refused": 2}
    kept = select(work.warehouse, "select distinct refused_at, refused_reason, refused_detail, why from reopened")
    assert kept == [{"refused_at": "queries", "refused_reason": "call_failed", "refused_detail": "status 500",
                     "why": "transient"}]  # fmt: skip
    assert failed_checks(work.warehouse) == {}


def test_a_candidate_that_is_tried_again_is_accepted_like_any_other(work_at, endpoint, tick):
    work = work_at(endpoint.address, exercises={"memorization": {"rows": 2, "candidates_per_row": 1}})
    refuse(work, "call_failed")
    carry(work, "memorization")
    assert states(work) == {"accepted": 2}
    assert tick(work).skip_message == "target met: memorization|en"


def test_what_is_refused_for_good_is_not_tried_again_nor_anything_of_a_cell_whose_target_is_met(
    work_at, endpoint, tick
):
    capped = {"memorization": {"rows": 2, "candidates_per_row": 1}}
    work = work_at(endpoint.address, exercises=capped)
    refuse(work, "no_question")
    assert requested(tick(work)) == []
    met = work_at(endpoint.address, exercises={"memorization": {"rows": 3, "candidates_per_row": 3}})
    refuse(met, "call_failed")
    while work_left(met, "memorization", "en").missing:
        carry(met, "memorization")
    lower = work_at(endpoint.address, exercises={"memorization": {"rows": 1, "candidates_per_row": 9}})
    assert work_left(lower, "memorization", "en").again == 0
    assert requested(tick(lower)) == []


def test_a_forced_launch_tries_refused_rows_again_and_pays_only_for_what_is_asked_otherwise(work_at, endpoint):
    endpoint.script = lambda seen: Act(text="I have nothing to ask.")
    capped = {"memorization": {"rows": 2, "candidates_per_row": 1}}
    work = work_at(endpoint.address, exercises=capped, attempts=2)
    carry(work, "memorization")
    received = endpoint.received()
    assert (states(work), received) == ({"refused": 2}, 4)
    assert carry(work, "memorization", force=True)["reopened"] == 2
    assert (states(work), endpoint.received()) == ({"refused": 2}, received)  # the stored replies were replayed
    more = work_at(endpoint.address, exercises=capped, attempts=3)
    carry(more, "memorization", force=True)
    assert endpoint.received() == received + 2  # a third attempt for each
    assert {row["why"] for row in select(work.warehouse, "select why from reopened")} == {"forced"}
    assert failed_checks(work.warehouse) == {}


# --- new seed files


def documents(folder: Path, *names: str) -> dict[str, Any]:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text(f"{name} says something.\n", "utf-8")
    return {"collection": "mine", "languages": ["en"], "reader": "documents", "path": [folder.name, f"{folder}/*.none"],
            "license": "CC0-1.0"}  # fmt: skip


def test_the_sensor_asks_for_one_run_when_a_seed_file_is_new_changed_or_gone_and_for_none_otherwise(
    work_at, instance, tmp_path
):
    entry = documents(tmp_path / "articles", "one.txt", "two.txt")
    work = work_at(seeds=[entry, {"collection": "self_knowledge", "languages": ["en"]}])
    cursor = None

    def look() -> Any:
        nonlocal cursor
        with dg.build_sensor_context(
            instance=instance, cursor=cursor, resources=resources(work, tmp_path / "recipe.yaml"),
            definitions=defs,
        ) as context:  # fmt: skip
            result = new_seed_files.evaluate_tick(context)
            cursor = result.cursor
        return result

    first = look()
    assert [request.tags["synth_assets/trigger"] for request in first.run_requests] == ["sensor"]
    again = look()
    assert (again.run_requests, again.skip_message) == ([], "nothing is new in 3 places of recipe test")
    (tmp_path / "articles" / "three.txt").write_text("A third one.\n", "utf-8")
    assert len(look().run_requests) == 1
    assert look().run_requests == []
    (tmp_path / "articles" / "three.txt").write_text("A third one, and longer.\n", "utf-8")
    assert len(look().run_requests) == 1
    (tmp_path / "articles" / "three.txt").unlink()
    assert len(look().run_requests) == 1
    assert look().run_requests == []


def test_a_place_that_cannot_be_watched_says_so_and_a_package_that_is_not_there_says_how_to_get_it(work_at):
    rows = {"collection": "far", "languages": ["en"], "reader": "rows", "path": "s3://bucket/*.parquet",
            "license": "CC0-1.0"}  # fmt: skip
    marks = seed_marks(work_at(seeds=[rows, {"collection": "self_knowledge", "languages": ["en"]}]), None)
    assert marks["far s3://bucket/*.parquet"] == NOT_WATCHED
    assert len(marks["self_knowledge"]) == 16


def test_a_list_that_chooses_articles_is_watched_and_a_link_to_itself_does_no_harm(work_at, tmp_path):
    notes, items = tmp_path / "notes", tmp_path / "items.txt"
    work = work_at(seeds=[{"collection": "notes", "languages": ["en"], "reader": "documents", "path": str(notes),
                           "license": "MIT", "select": {"wikidata_file": str(items)}}])  # fmt: skip
    notes.mkdir()
    (notes / "loop.md").symlink_to("loop.md")
    before = seed_marks(work, None)
    items.write_text("Q1\n")
    after = seed_marks(work, None)
    changed = {name.rpartition("/")[2]: mark != before[name] for name, mark in after.items()}
    assert changed == {"notes": False, "items.txt": True}


# --- what a run leaves behind


def numbers(result: Any, asset: str) -> dict[str, Any]:
    (made,) = [event.step_materialization_data.materialization for event in result.all_events
               if event.is_step_materialization and event.asset_key.to_user_string() == asset]  # fmt: skip
    return {name: value.value for name, value in made.metadata.items()}


def test_assets_give_the_numbers_that_dagster_plots_and_the_address_of_their_run_s_audit(
    work_at, endpoint, instance, tmp_path, monkeypatch
):
    monkeypatch.setenv("SYNTH_ASSETS_AUDIT_URL", "http://audit.test:1234/")
    asked: list[int] = []

    def one_in_three(seen) -> Act:
        asked.append(1)
        return Act(text="I have nothing to ask.") if len(asked) == 1 else strong_reply(seen)

    endpoint.script = one_in_three
    work = work_at(endpoint.address, exercises={"memorization": {"rows": 2}}, attempts=1)
    result = launch(work, tmp_path / "recipe.yaml", instance, "memorization")
    assert result.success
    said = numbers(result, "queries")
    assert (said["calls"], said["refused_rows"], said["made"], said["cost_usd"]) == (2, 1, 1, 0.0)
    assert said["tokens"] > 0
    assert list(said["refused"].values()) == [1]
    for asset in ("candidates", "queries", "reasoning_drafts", "answers", "quality_scores", "duplicates", "samples"):
        said = numbers(result, asset)
        assert said["audit"] == f"http://audit.test:1234/run/{result.run_id}"
        assert said["seconds"] > 0
        assert said["database_turns"] > 0
        assert 0 <= said["database_wait_longest_s"] < 5
        assert said["database_waits_over_1_s"] == 0
    assert {name: said[name] for name in said if name.startswith("cell_")} == {
        "cell_planned": 2, "cell_accepted": 1, "cell_refused": 1, "cell_duplicate": 0,
    }  # fmt: skip


@pytest.fixture
def kept_instance(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """The instance of the home, by the settings that ship with the package."""
    monkeypatch.chdir(home.root)
    with dg.DagsterInstance.from_config(str(home.root)) as made:
        yield made


def test_a_run_whose_process_died_is_ended_and_gives_its_slot_back_and_a_living_one_is_left(home, kept_instance):
    dead, alive, typed = (
        kept_instance.create_run_for_job(defs.resolve_job_def("ingest"), status=dg.DagsterRunStatus.STARTED, tags=tags)
        for tags in ({}, {}, {"synth_assets/trigger": "command line"})
    )
    storage = kept_instance.event_log_storage
    storage.set_concurrency_slots("encoder", 1)
    assert storage.claim_concurrency_slot("encoder", dead.run_id, "section_embeddings").is_claimed
    mark_alive(FileLocks(home.locks), alive.run_id)
    for run in (dead, typed):
        FileLocks(home.locks).life_path(run.run_id).touch()  # as a killed process leaves it: there, and held by nobody
    assert sorted(end_dead_runs(kept_instance, home)) == sorted([dead.run_id, typed.run_id])
    assert end_dead_runs(kept_instance, home) == []
    status = {run.run_id: run.status for run in kept_instance.get_runs()}
    assert status[dead.run_id] == status[typed.run_id] == dg.DagsterRunStatus.FAILURE
    assert status[alive.run_id] == dg.DagsterRunStatus.STARTED
    assert storage.claim_concurrency_slot("encoder", alive.run_id, "section_embeddings").is_claimed
    assert kept_instance.get_run_by_id(typed.run_id).tags["dagster/max_retries"] == "0"
    assert "dagster/max_retries" not in kept_instance.get_run_by_id(dead.run_id).tags
