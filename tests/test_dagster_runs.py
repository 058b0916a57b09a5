"""Real Dagster runs of the jobs on a real instance: what they record, what the schedule asks for, how they fail."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml

from synth_assets.definitions import defs
from synth_assets.defs.automation import CELL_ASSETS, backfill
from synth_assets.defs.resources import RecipeResource, work_of
from synth_assets.errors import BrokenOff
from synth_assets.home import Home
from synth_assets.partitions import cell_key
from synth_assets.warehouse import Warehouse
from tests.conftest import make_work, recipe_data, select
from tests.scripted_endpoint import Act, ScriptedEndpoint
from tests.strong_model import strong_reply

# Dagster warns of the tags that it makes itself for two-dimensional partition keys.
pytestmark = [
    pytest.mark.long,
    pytest.mark.filterwarnings("ignore:Non-compliant tag keys like .*dagster/partition/:DeprecationWarning"),
]

ROWS = 2
TICK = datetime(2026, 1, 2, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A home with an instance, a recipe of two cells and a strong model."""

    home: Home
    instance: dg.DagsterInstance
    endpoint: ScriptedEndpoint
    recipe: Path
    runs: dict[str, dg.ExecuteInProcessResult]

    @property
    def resources(self) -> dict[str, Any]:
        warehouse = Warehouse(database=str(self.home.database), calls_folder=str(self.home.calls))
        return {"recipe": RecipeResource(path=str(self.recipe)), "warehouse": warehouse}

    def launch(self, job: str, **arguments: Any) -> dg.ExecuteInProcessResult:
        config = {
            "resources": {
                "recipe": {"config": {"path": str(self.recipe)}},
                "warehouse": {"config": {"database": str(self.home.database), "calls_folder": str(self.home.calls)}},
            },
            "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            "ops": arguments.pop("ops", {}),
        }
        return defs.resolve_job_def(job).execute_in_process(
            run_config=config, instance=self.instance, raise_on_error=False, **arguments
        )

    def tick(self) -> Any:
        with dg.build_schedule_context(
            instance=self.instance, resources=self.resources, scheduled_execution_time=TICK,
            repository_def=defs.get_repository_def(),
        ) as context:  # fmt: skip
            return backfill.evaluate_tick(context)


def write(recipe: Path, address: str, **changes: Any) -> None:
    cells = {"memorization": {"rows": ROWS}, "math_exercise": {"rows": ROWS}}
    recipe.write_text(yaml.safe_dump(recipe_data(address, exercises=cells, **changes), sort_keys=False), "utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, corpus_template: Path) -> Iterator[Project]:
    root = tmp_path_factory.mktemp("project")
    home = Home(root=root)
    shutil.copytree(corpus_template / ".synth", home.data)
    home.prepare()
    with (
        pytest.MonkeyPatch.context() as patch,
        ScriptedEndpoint(strong_reply) as endpoint,
        dg.DagsterInstance.local_temp(str(tmp_path_factory.mktemp("instance"))) as instance,
    ):
        patch.setenv("SYNTH_ASSETS_HOME", str(root))
        write(root / "recipe.yaml", endpoint.address)
        made = Project(home=home, instance=instance, endpoint=endpoint, recipe=root / "recipe.yaml", runs={})
        made.runs["tick before"] = made.tick()
        made.runs["ingest"] = made.launch("ingest")
        made.runs["ingest again"] = made.launch("ingest")
        made.runs["embed"] = made.launch("embed_sections")
        for exercise in ("memorization", "math_exercise"):
            made.runs[exercise] = made.launch("cell_round", partition_key=cell_key(exercise, "en"))
        made.runs["publish"] = made.launch("publish")
        yield made


def materialized(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetMaterialization]:
    found = [event.step_materialization_data.materialization for event in result.all_events
             if event.is_step_materialization]  # fmt: skip
    return {materialization.asset_key.to_user_string(): materialization for materialization in found}


def metadata(result: dg.ExecuteInProcessResult, asset: str) -> dict[str, Any]:
    return {name: value.value for name, value in materialized(result)[asset].metadata.items()}


@pytest.mark.parametrize("run", ["ingest", "ingest again", "embed", "memorization", "math_exercise", "publish"])
def test_every_job_succeeds(project, run):
    assert project.runs[run].success


@pytest.mark.parametrize("asset", CELL_ASSETS)
def test_a_round_s_assets_say_how_many_rows_there_are_in_table_and_cell_and_what_is_left(project, asset):
    said = metadata(project.runs["math_exercise"], asset)
    # rows of math_exercise are compared by their exact key; benchmarks and a judge are the recipe's to name
    by_both = asset not in ("embeddings", "contamination", "judgements")
    assert said["dagster/row_count"] == (2 * ROWS if by_both else ROWS if asset == "embeddings" else 0)
    assert said["dagster/partition_row_count"] == (ROWS if by_both else 0)
    assert said["work_left"] == (0 if asset in ("duplicates", "samples") else ROWS)
    assert said["preview"].startswith("| " if by_both else "_no rows yet_")


def test_a_preview_is_a_table_whose_cells_no_text_can_break(project):
    preview = metadata(project.runs["memorization"], "samples")["preview"].splitlines()
    assert len(preview) == 2 + ROWS
    bars = {line.replace("\\|", "").count("|") for line in preview}
    assert len(bars) == 1


def test_calls_are_observed_with_their_number_by_model(project):
    observed = [event.asset_observation_data.asset_observation for event in project.runs["memorization"].all_events
                if event.event_type_value == "ASSET_OBSERVATION"]  # fmt: skip
    assert [observation.asset_key.to_user_string() for observation in observed] == ["model_calls"] * 3
    assert observed[-1].metadata["calls"].value == 3 * ROWS == project.endpoint.received()


@pytest.mark.parametrize("asset", ["seed_corpus", "sections"])
def test_data_versions_stay_the_same_while_the_articles_do(project, asset):
    versions = [materialized(project.runs[run])[asset].tags["dagster/data_version"]
                for run in ("ingest", "ingest again")]  # fmt: skip
    assert versions[0] == versions[1]
    assert versions[0]


def test_a_second_read_of_unchanged_articles_reads_none(project):
    said = metadata(project.runs["ingest again"], "seed_corpus")
    assert (said["files_read"], said["files_unchanged"], said["dagster/row_count"]) == (0, 20, 20)
    assert metadata(project.runs["ingest again"], "sections")["sections_made"] == 0


def test_every_check_ran_and_passed(project):
    evaluated = project.runs["publish"].get_asset_check_evaluations()
    assert {(check.asset_key.to_user_string(), check.check_name) for check in evaluated} == {
        (key.asset_key.to_user_string(), key.name) for key in defs.resolve_asset_graph().asset_check_keys
    }
    assert [check.check_name for check in evaluated if not check.passed] == []


def test_the_release_says_what_it_holds_and_where(project):
    said = metadata(project.runs["publish"], "release")
    assert said["samples"] == 2 * ROWS
    assert {path.name for path in Path(said["folder"]).iterdir()} >= {"data", "extended", "chat", "manifest.json"}
    assert Path(said["card"]).is_file()
    assert Path(said["report"]).is_file()
    assert said["new"] is True
    assert said["splits"].startswith("| train | ")
    assert "| → | 1.0 | 0.917 |" in said["notation"]
    assert "since" not in said
    assert project.home.snapshot.exists()


def test_a_tick_asks_for_the_cells_with_work_and_for_none_when_all_is_done(project):
    requested = project.runs["tick before"].run_requests
    assert [str(request.partition_key) for request in requested] == ["memorization|en", "math_exercise|en"]
    assert len({request.run_key for request in requested}) == 2
    assert requested[0].tags["synth_assets/recipe"] == "test"
    after = project.tick()
    assert after.run_requests == []
    assert after.skip_message == "target met: memorization|en, math_exercise|en"


def test_a_round_of_a_finished_cell_calls_nobody_and_writes_no_row(project):
    received = project.endpoint.received()
    result = project.launch("cell_round", partition_key=cell_key("memorization", "en"))
    assert result.success
    assert project.endpoint.received() == received
    assert metadata(result, "candidates")["why"] == "target met"
    assert metadata(result, "samples")["dagster/row_count"] == 2 * ROWS


def test_a_launch_may_ask_for_rows_of_a_cell_that_the_recipe_does_not_name(project):
    idle = project.launch("cell_round", partition_key=cell_key("math_exercise", "fr"))
    assert "does not ask for this cell" in metadata(idle, "candidates")["why"]
    asked = project.launch(
        "cell_round", partition_key=cell_key("math_exercise", "fr"), ops={"queries": {"config": {"rows": 1}}}
    )
    assert metadata(asked, "samples")["dagster/partition_row_count"] == 1


def test_a_failing_stage_ends_its_run_with_our_own_words_and_nothing_after_it_runs(project):
    project.endpoint.script = lambda seen: Act(kind="status", status=401, text="no such key")
    try:
        result = project.launch("cell_round", partition_key=cell_key("memorization", "en"),
                                ops={"queries": {"config": {"rows": ROWS + 1}}})  # fmt: skip
    finally:
        project.endpoint.script = strong_reply
    assert not result.success
    (failed,) = [event for event in result.all_events if event.is_step_failure]
    assert failed.step_key == "queries"
    failure = failed.step_failure_data.user_failure_data
    assert failure.description.startswith("ModelRejected: ")
    assert "status 401: no such key" in failure.description
    assert set(materialized(result)) == set()
    # what the failed run planned is open, and the next one finishes it
    work = make_work(project.home, project.recipe)
    assert select(work.warehouse, "select count(*) as n from candidate_states where state = 'open'") == [{"n": 1}]
    assert project.launch("cell_round", partition_key=cell_key("memorization", "en")).success
    assert select(work.warehouse, "select count(*) as n from candidate_states where state = 'open'") == [{"n": 0}]


def test_a_recipe_that_cannot_be_used_fails_the_run_by_name(project):
    broken = project.home.root / "broken.yaml"
    broken.write_text("name: test\nsedes: []\n", "utf-8")
    result = defs.resolve_job_def("ingest").execute_in_process(
        run_config={"resources": {"recipe": {"config": {"path": str(broken)}}},
                    "loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        instance=project.instance, raise_on_error=False,
    )  # fmt: skip
    assert not result.success
    (failed,) = [event for event in result.all_events if event.is_step_failure]
    assert failed.step_failure_data.user_failure_data.description.startswith(f"RecipeError: {broken}")


def test_a_run_that_was_interrupted_in_a_query_is_one_that_dagster_repeats(project):
    @dg.op(out=dg.Out(dg.Nothing))
    def asks(context: dg.OpExecutionContext, recipe: RecipeResource, warehouse: Warehouse) -> None:
        with work_of(context, recipe, warehouse):
            # as DuckDB raises what a signal's handler raised in the midst of a query
            raise RuntimeError("Query interrupted") from dg.DagsterExecutionInterruptedError()

    @dg.job(resource_defs=project.resources)
    def interrupted():
        asks()

    ended = interrupted.execute_in_process(instance=project.instance, raise_on_error=False)
    (event,) = [event for event in ended.all_events if event.event_type is dg.DagsterEventType.RUN_FAILURE]
    # that of a stage that failed is STEP_FAILURE, which dagster.yaml has not repeated
    assert event.job_failure_data.failure_reason.value == "UNEXPECTED_TERMINATION"


@pytest.mark.parametrize(("times", "ended"), [(1, True), (2, True), (3, False)])
def test_a_step_that_servers_broke_off_is_begun_anew_twice_and_then_ends_the_run_with_its_words(project, times, ended):
    begun: list[int] = []

    @dg.op(out=dg.Out(dg.Nothing))
    def writes(context: dg.OpExecutionContext, recipe: RecipeResource, warehouse: Warehouse) -> None:
        with work_of(context, recipe, warehouse):
            begun.append(context.retry_number)
            if len(begun) <= times:
                raise BrokenOff("the lake: writing was broken off. Try again.")

    @dg.job(resource_defs=project.resources)
    def broken_off():
        writes()

    result = broken_off.execute_in_process(instance=project.instance, raise_on_error=False)
    assert result.success is ended
    assert begun == [0, 1, 2][: times + 1]
    if not ended:
        (failed,) = [event for event in result.all_events if event.is_step_failure]
        assert failed.step_failure_data.user_failure_data.description.startswith("BrokenOff: the lake: writing was")
