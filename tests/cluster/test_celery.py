"""Runs over workers on real servers: they equal those of one machine, and the loss of any part loses no row."""

import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import dagster as dg
import pytest
import yaml

from synth_assets.cluster import compute, localhost, postgres, redis
from synth_assets.cluster.servers import read_started
from synth_assets.definitions import defs
from synth_assets.defs.automation import CELL_ASSETS
from synth_assets.home import Home
from synth_assets.lake.warehouse import SCHEMA_SETTING, warehouse_of
from synth_assets.languages import LANGUAGES
from synth_assets.partitions import cell_key
from synth_assets.warehouse import Warehouse
from tests.cluster.conftest import copy_rows
from tests.cluster.failing_proxy import FailingProxy, failing_proxy
from tests.conftest import content_of, endpoint_process, failed_checks, recipe_data, select
from tests.running_ui import RunningUi, command_of, wait_until
from tests.scripted_endpoint import read_state

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.timeout(1800),
    # Dagster warns of the tags that it makes itself for two-dimensional partition keys.
    pytest.mark.filterwarnings("ignore:Non-compliant tag keys like .*dagster/partition/:DeprecationWarning"),
]

EXERCISES = ("memorization", "mcq", "editing", "creative_writing", "constrained_writing", "math_exercise")
CELLS = [(exercise, language) for exercise in ("memorization", "mcq") for language in LANGUAGES]
FEW = tuple(LANGUAGES)[:4]  # the cells of a test that something fails in
LATER = tuple(LANGUAGES)[4:6]  # of tests that one cell is enough for
ROWS = 3  # a cell
IN_FLIGHT = 8
MADE = {"candidates": "planned_at", "queries": "made_at", "reasoning_drafts": "made_at", "answers": "made_at"}
# with SYNTH_ASSETS_TEST_WORKERS=4 the same tests run on four
WORKERS = tuple(f"worker-{number}" for number in range(1, 1 + int(os.environ.get("SYNTH_ASSETS_TEST_WORKERS", "2"))))
CANCEL = "mutation ($id: String!) { terminateRun(runId: $id) { __typename } }"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Servers and workers that run, with a lake of their own on which the corpus stands."""

    folder: Path
    ui: RunningUi
    warehouse: Warehouse
    store: FailingProxy
    settings: dict[str, str]

    def start(self, worker: str) -> None:
        """Start a worker that was killed."""
        assert compute.start(self.folder, worker, len(WORKERS), self.settings, self.folder / "releases")

    def worker_of(self, run_id: str) -> str:
        """The worker that began a run."""
        (found,) = [name for name in WORKERS if run_id in self.log(name)]
        return found

    def log(self, name: str) -> str:
        return (self.folder / name / "server.log").read_text("utf-8", "replace")

    def at_work(self, backfill: str) -> list[str]:
        """The runs of a backfill that have begun a step and not ended, once there is one."""
        found: list[str] = []

        def some() -> bool:
            found[:] = [run["runId"] for run in self.ui.runs() if run["tags"].get("dagster/backfill") == backfill
                        and run["status"] == "STARTED" and self.warehouse.locks.is_held(run["runId"])]  # fmt: skip
            return bool(found)

        wait_until(some, 240, lambda: f"no run is at work: {self.ui.runs()}", every_s=0.1)
        return found

    def status_of(self, run_id: str) -> str:
        return {run["runId"]: run["status"] for run in self.ui.runs()}[run_id]

    def launch(self, cells: list[tuple[str, str]]) -> str:
        return self.ui.launch(CELL_ASSETS, [f"{exercise}|{language}" for exercise, language in cells])

    def wait_for(self, backfill: str, at_most_s: float = 1200) -> list[dict]:
        """The runs of a backfill, once it has ended; the webserver may be without its database meanwhile."""
        said = [""]

        def ended() -> bool:
            try:
                said[0] = self.ui.backfill_status(backfill)
            except (AssertionError, OSError) as error:
                said[0] = str(error)
            return said[0].startswith("COMPLETED")

        wait_until(ended, at_most_s, lambda: said[0])
        runs = self.ui.runs()
        return [run for run in runs if run["tags"].get("dagster/backfill") == backfill]


def write_recipe(path: Path, address: str) -> Path:
    cells = {name: {"rows": ROWS * len(LANGUAGES)} for name in EXERCISES}
    shares = dict.fromkeys(LANGUAGES, 1 / len(LANGUAGES))
    path.write_text(yaml.safe_dump(recipe_data(address, exercises=cells, languages=shares), sort_keys=False), "utf-8")
    return path


@pytest.fixture(scope="module")
def endpoint(open_folder: Path) -> Iterator[tuple[str, Path]]:
    """A strong model in a process of its own: its address, and the file that says what it saw."""
    state = open_folder / "endpoint.state"
    with endpoint_process(state, delay=0.2) as address:
        yield address, state


@pytest.fixture(scope="module")
def recipe(open_folder: Path, endpoint: tuple[str, Path]) -> Path:
    return write_recipe(open_folder / "recipe.yaml", endpoint[0])


@pytest.fixture(scope="module")
def cluster(open_folder: Path, recipe: Path, corpus_template: Path) -> Iterator[Cluster]:
    folder = open_folder / "compute"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "SYNTH_ASSETS_RECIPE": str(recipe), "SYNTH_ASSETS_MACHINE": str(folder / "machine"),
            "OMP_NUM_THREADS": "1", SCHEMA_SETTING: "celery_runs",
        }.items():  # fmt: skip
            patch.setenv(name, value)
        try:
            settings = localhost.up(folder)
            store = urlsplit(settings["AWS_ENDPOINT_URL_S3"])
            with failing_proxy(store.port) as proxy:
                settings["AWS_ENDPOINT_URL_S3"] = f"http://127.0.0.1:{proxy.port}"
                for name, value in settings.items():
                    patch.setenv(name, value)
                warehouse = warehouse_of(Home(root=folder))
                copy_rows(warehouse, corpus_template / ".synth" / "warehouse.duckdb")
                for name in compute.names_of(folder, len(WORKERS)):
                    compute.start(folder, name, len(WORKERS), settings, folder / "releases")
                ui = RunningUi(address=compute.address(folder, compute.WEBSERVER), home=folder, process=None)
                yield Cluster(folder=folder, ui=ui, warehouse=warehouse, store=proxy, settings=settings)
        finally:
            localhost.down(folder)


@pytest.fixture(scope="module")
def one_machine(tmp_path_factory: pytest.TempPathFactory, recipe: Path, corpus_template: Path) -> Warehouse:
    """The file of a home in which the same cells had one round each, one after the other."""
    home = Home(root=tmp_path_factory.mktemp("one-machine"))
    shutil.copytree(corpus_template / ".synth", home.data)
    home.prepare()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SYNTH_ASSETS_HOME", str(home.root))
        patch.setenv("SYNTH_ASSETS_MACHINE", str(home.root / "machine"))
        at_home = {"database": str(home.database), "calls_folder": str(home.calls)}
        with dg.DagsterInstance.ephemeral() as instance:
            for exercise, language in CELLS:
                done = defs.resolve_job_def("cell_round").execute_in_process(
                    run_config={"resources": {"recipe": {"config": {"path": str(recipe)}},
                                              "warehouse": {"config": at_home}},
                                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
                    instance=instance, partition_key=cell_key(exercise, language),
                )  # fmt: skip
                assert done.success
    return Warehouse(**at_home)


def test_a_backfill_of_16_cells_on_all_workers_makes_what_one_machine_makes(cluster, one_machine):
    runs = cluster.wait_for(cluster.launch(CELLS))
    assert Counter(run["status"] for run in runs) == {"SUCCESS": len(CELLS)}
    assert {cluster.worker_of(run["runId"]) for run in runs} == set(WORKERS)
    for table, moment in MADE.items():
        expected = content_of(one_machine, table, without=("run_id", moment))
        assert len(expected) >= len(CELLS) * ROWS
        assert content_of(cluster.warehouse, table, without=("run_id", moment)) == expected, table
    kept = {where: select(warehouse, "select count(*) as n from samples")[0]["n"]
            for where, warehouse in {"lake": cluster.warehouse, "file": one_machine}.items()}  # fmt: skip
    assert kept["lake"] == pytest.approx(kept["file"], rel=0.005)
    assert failed_checks(cluster.warehouse) == {}


def cells_of(exercise: str) -> list[tuple[str, str]]:
    return [(exercise, language) for language in FEW]


def assert_complete(cluster: Cluster, runs: list[dict], cells: list[tuple[str, str]]) -> None:
    """Every cell has a run that succeeded and all its rows, none twice, nothing open, and every count adds up."""
    wanted = {f"{exercise}|{language}" for exercise, language in cells}
    assert {run["tags"]["dagster/partition"] for run in runs if run["status"] == "SUCCESS"} == wanted
    assert failed_checks(cluster.warehouse) == {}
    exercise = cells[0][0]
    (counts,) = select(
        cluster.warehouse,
        "select count(*) as states, count(distinct candidate_id) as ids, count(*) filter (state = 'open') as open "
        "from candidate_states where candidate_id in (select candidate_id from candidates where exercise = $exercise)",
        exercise=exercise,
    )
    assert counts["states"] == counts["ids"] >= len(cells) * ROWS
    assert counts["open"] == 0


def asked_again(state: Path, before: int = 0) -> int:
    """Requests that the model saw beyond the first of each, without those `before`."""
    return sum(times - 1 for times in read_state(state).received.values()) - before


def test_a_worker_that_is_killed_in_mid_run_is_noticed_and_its_run_repeated_by_another(cluster, endpoint):
    before = asked_again(endpoint[1])
    backfill = cluster.launch(cells_of("editing"))
    killed = cluster.at_work(backfill)[0]
    worker = cluster.worker_of(killed)
    os.killpg(read_started(cluster.folder / worker).group, signal.SIGKILL)
    moment = time.monotonic()
    wait_until(lambda: cluster.status_of(killed) == "FAILURE", 240, lambda: "the dead run was not noticed")
    noticed_s = time.monotonic() - moment
    runs = cluster.wait_for(backfill)
    repeated = [run for run in runs if run["tags"].get("dagster/parent_run_id") == killed]
    assert [run["status"] for run in repeated] == ["SUCCESS"]
    assert cluster.worker_of(repeated[0]["runId"]) != worker
    assert_complete(cluster, runs, cells_of("editing"))
    print(f"calls sent again: {asked_again(endpoint[1], before)}")
    assert asked_again(endpoint[1], before) <= IN_FLIGHT
    print(f"noticed after {noticed_s:.0f} s")
    cluster.start(worker)
    assert noticed_s < 60


def test_redis_is_restarted_in_mid_run_and_no_run_is_lost_or_carried_twice(cluster, endpoint):
    before = asked_again(endpoint[1])
    backfill = cluster.launch(cells_of("creative_writing"))
    cluster.at_work(backfill)
    redis.stop(cluster.folder / "redis")
    time.sleep(5)
    redis.start(cluster.folder / "redis")
    runs = cluster.wait_for(backfill)
    assert_complete(cluster, runs, cells_of("creative_writing"))
    print(f"calls sent again: {asked_again(endpoint[1], before)}")
    assert len(runs) == len(FEW)
    assert asked_again(endpoint[1], before) == 0


def test_postgresql_is_restarted_in_mid_run_and_the_backfill_completes(cluster, endpoint):
    before = asked_again(endpoint[1])
    backfill = cluster.launch(cells_of("constrained_writing"))
    cluster.at_work(backfill)
    postgres.stop(cluster.folder / "postgres")
    time.sleep(2)
    postgres.start(cluster.folder / "postgres")
    runs = cluster.wait_for(backfill)
    assert_complete(cluster, runs, cells_of("constrained_writing"))
    print(f"calls sent again: {asked_again(endpoint[1], before)}")
    assert asked_again(endpoint[1], before) <= len(WORKERS) * IN_FLIGHT


def test_the_object_store_answers_503_for_20_seconds_and_the_backfill_completes(cluster, endpoint):
    before = asked_again(endpoint[1])
    backfill = cluster.launch(cells_of("math_exercise"))
    cluster.at_work(backfill)
    cluster.store.fail()
    time.sleep(20)
    cluster.store.pass_through()
    assert cluster.store.refused
    runs = cluster.wait_for(backfill)
    assert_complete(cluster, runs, cells_of("math_exercise"))
    print(f"calls sent again: {asked_again(endpoint[1], before)}")
    assert asked_again(endpoint[1], before) <= len(WORKERS) * IN_FLIGHT


def test_a_run_that_is_cancelled_in_the_ui_ends_in_order_and_is_not_repeated(cluster):
    backfill = cluster.launch([("editing", LATER[0])])
    run_id = cluster.at_work(backfill)[0]
    told = cluster.ui.graphql(CANCEL, id=run_id)["terminateRun"]
    assert told["__typename"] == "TerminateRunSuccess", told
    wait_until(lambda: cluster.status_of(run_id) == "CANCELED", 120, lambda: cluster.status_of(run_id))
    # the daemon looks for runs to repeat every few seconds
    wait_until(lambda: "COMPLETED" in cluster.ui.backfill_status(backfill) or cluster.ui.backfill_status(backfill)
               in {"CANCELED", "FAILED"}, 120, lambda: cluster.ui.backfill_status(backfill))  # fmt: skip
    assert [run for run in cluster.ui.runs() if run["tags"].get("dagster/parent_run_id") == run_id] == []


def test_a_worker_that_is_ended_finishes_its_run_or_gives_it_back(cluster):
    backfill = cluster.launch([("editing", LATER[1])])
    run_id = cluster.at_work(backfill)[0]
    worker = cluster.worker_of(run_id)
    assert compute.stop(cluster.folder, worker)
    assert cluster.status_of(run_id) in {"SUCCESS", "FAILURE"}  # a failure by interruption, which is repeated
    runs = cluster.wait_for(backfill)
    cluster.start(worker)
    assert_complete(cluster, runs, [("editing", LATER[1])])


def test_no_secret_stands_in_a_command_line_or_a_log(cluster):
    secrets = {cluster.settings[name] for name in ("PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID")}
    secrets.add(cluster.settings["SYNTH_ASSETS_QUEUE"].split(":")[2].partition("@")[0])
    for process in Path("/proc").glob("[0-9]*"):
        told = command_of(int(process.name))
        assert not [secret for secret in secrets if secret in told], process.name
    for path in cluster.folder.rglob("*.log"):
        assert not [secret for secret in secrets if secret.encode() in path.read_bytes()], path
