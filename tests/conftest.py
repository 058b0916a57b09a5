"""What tests of the stages, of Dagster and of the command line share: homes, recipes, and a corpus made once."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from synth_assets.home import Home
from synth_assets.stages.corpus import cut_sections, embed_pool, read_seeds
from synth_assets.stages.recipes import load_checked_recipe
from synth_assets.stages.work import Work, work_log
from synth_assets.warehouse import Warehouse
from tests.scripted_endpoint import ScriptedEndpoint
from tests.strong_model import strong_reply
from tests.warehouses import fill_from, warehouse_at

CHECKOUT = Path(__file__).parent.parent
POOL = 16
NOBODY = "http://127.0.0.1:9/v1"
# Files that take half a minute and more on a core of their own, longest first.
LONG = (
    "test_stages", "test_cells", "test_cli", "test_kill", "test_bad_input", "test_stage_calls", "test_withdrawal",
    "test_upkeep", "test_automation", "test_dagster_runs", "test_engine_load", "test_release_command",
    "test_quick_start", "test_checks", "test_corpus", "test_safety", "test_shards", "test_page", "test_shared_numbers",
    "test_duplicates_stage", "test_settling", "test_migrate",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first: workers take files in this order, and one that began a long file last would end alone."""
    place = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: (place.get(item.path.stem, len(LONG)), item.path.parent != Path(__file__).parent))


RecipeFactory = Callable[..., Path]
WorkFactory = Callable[..., Work]


def recipe_data(address: str, **changes: Any) -> dict[str, Any]:
    """A small recipe on the documents that ship with the package; `changes` replace its top-level keys."""
    return {
        "name": "test",
        "seed": 1,
        "seeds": [{"collection": "self_knowledge", "languages": ["en"]}],
        "languages": {"en": 1.0},
        "pool": POOL,
        "exercises": {"memorization": {"rows": 2}},
        "models": {"query": {"model": "strong", "address": address}},
        "attempts": 3,
        **changes,
    }


def make_work(home: Home, recipe: Path, run_id: str = "test-run") -> Work:
    """What stages are handed, with a warehouse object of its own."""
    return Work(
        home=home,
        warehouse=warehouse_at(home.database, calls_folder=str(home.calls)),
        recipe=load_checked_recipe(str(recipe)),
        run_id=run_id,
        log=work_log(),
    )


def failed_checks(warehouse: Warehouse) -> dict[str, list[dict[str, Any]]]:
    """Every check of sql/checks that finds something, with what it finds."""
    root = Path(CHECKOUT / "sql" / "checks")
    names = [f"checks/{path.parent.name}/{path.stem}" for path in sorted(root.glob("*/*.sql"))]
    assert names
    found = {name: warehouse.read(name) for name in names}
    return {name: rows for name, rows in found.items() if rows}


def select(warehouse: Warehouse, statement: str, **params: Any) -> list[dict[str, Any]]:
    """The rows of a SELECT of a test's own."""
    with warehouse.transaction("a test looks") as open_:
        cursor = open_.connection.execute(statement, params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def content_of(warehouse: Warehouse, table: str, *, without: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """A table's rows but for the named columns (times, run ids), in an order of their own."""
    rows = select(warehouse, f"select * exclude ({', '.join(without)}) from {table}")
    return sorted(tuple(str(value) for value in row.values()) for row in rows)


@pytest.fixture(autouse=True)
def _a_machine_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs of one machine share (endpoint controllers, the embedded server) is each test's own."""
    monkeypatch.setenv("SYNTH_ASSETS_MACHINE", str(tmp_path_factory.mktemp("machine", numbered=True)))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A fresh home; the environment of this process points at it."""
    root = tmp_path / "home"
    root.mkdir()
    monkeypatch.setenv("SYNTH_ASSETS_HOME", str(root))
    monkeypatch.setenv("DAGSTER_DISABLE_TELEMETRY", "1")
    home = Home(root=root)
    home.prepare()
    return home


@pytest.fixture
def write_recipe(tmp_path: Path) -> RecipeFactory:
    """Writes a recipe file and gives its path."""

    def write(address: str = NOBODY, *, file: str = "recipe.yaml", **changes: Any) -> Path:
        path = tmp_path / file
        path.write_text(yaml.safe_dump(recipe_data(address, **changes), sort_keys=False), "utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def corpus_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the documents are read, cut and embedded; its warehouse is a file in any case."""
    root = tmp_path_factory.mktemp("corpus")
    home = Home(root=root)
    home.prepare()
    recipe = root / "recipe.yaml"
    recipe.write_text(yaml.safe_dump(recipe_data(NOBODY)), "utf-8")
    file = Warehouse(database=str(home.database), calls_folder=str(home.calls))
    work = replace(make_work(home, recipe, "corpus"), warehouse=file)
    read_seeds(work)
    cut_sections(work)
    embed_pool(work)
    return root


@pytest.fixture
def corpus_home(corpus_template: Path, home: Home) -> Home:
    """A fresh home with a copy of that corpus."""
    shutil.copytree(corpus_template / ".synth", home.data, dirs_exist_ok=True)
    fill_from(warehouse_at(home.database, calls_folder=str(home.calls)), home.database)
    return home


@pytest.fixture
def work_at(corpus_home: Home, write_recipe: RecipeFactory) -> WorkFactory:
    """Makes a `Work` on the copied corpus: `work_at(address, exercises=..., run_id=...)`."""

    def make(address: str = NOBODY, *, run_id: str = "test-run", **changes: Any) -> Work:
        return make_work(corpus_home, write_recipe(address, **changes), run_id)

    return make


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    """A strong model behind real HTTP."""
    with ScriptedEndpoint(strong_reply) as running:
        yield running


def command_environment(root: Path, **extra: str) -> dict[str, str]:
    """The environment of a command in a process of its own, at this home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DAGSTER", "SYNTH_ASSETS"))}
    return {
        **kept, "SYNTH_ASSETS_HOME": str(root), "SYNTH_ASSETS_MACHINE": str(root.parent / f"{root.name}-machine"),
        "PYTHONPATH": str(CHECKOUT), "OMP_NUM_THREADS": "1", **extra,
    }  # fmt: skip


def synth_assets(root: Path, *arguments: str, timeout: float = 120, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end."""
    return subprocess.run(
        command_line(*arguments), capture_output=True, text=True, timeout=timeout, cwd=root, check=False,
        env=command_environment(root, **extra),
    )  # fmt: skip


def start_synth_assets(root: Path, *arguments: str, **settings: Any) -> subprocess.Popen[str]:
    """Start the command line in a session of its own, so that all it started can be ended with it."""
    extra: Mapping[str, str] = settings.pop("environment", {})
    return subprocess.Popen(
        command_line(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root,
        env=command_environment(root, **extra), start_new_session=True, **settings,
    )  # fmt: skip


def command_line(*arguments: str) -> list[str]:
    """The command line, with Ctrl-C as a terminal gives it: what is started in the background inherits it ignored."""
    start = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    return [sys.executable, "-c", f"{start}; from synth_assets.cli import main; main()", *arguments]


@contextlib.contextmanager
def endpoint_process(state: Path, *, delay: float = 0.0) -> Iterator[str]:
    """The strong model as a process of its own; gives its address. What it saw stands in `state`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.scripted_endpoint", "--state", str(state), "--delay", str(delay),
         "--script", "tests.strong_model:strong_reply"],
        stdout=subprocess.PIPE, text=True, cwd=CHECKOUT,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def status_json(completed: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What `--json` printed; the command's own words when it printed none."""
    assert completed.stdout, completed.stderr
    return json.loads(completed.stdout)


def error_lines(completed: subprocess.CompletedProcess[str]) -> list[str]:
    """The lines on standard error, without what DuckDB's binding says of itself when the interpreter ends."""
    return completed.stderr.partition("nanobind: leaked")[0].strip().splitlines()
