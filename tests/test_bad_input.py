"""What a person gets wrong, and what a machine denies: one clear line on standard error, exit code 1, nothing lost."""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from synth_assets.cli import main
from synth_assets.commands.status import read_status
from synth_assets.errors import SeedError, WarehouseBusy
from synth_assets.home import Home
from synth_assets.seeds.registry import READERS
from synth_assets.seeds.vital_articles import VitalArticles
from synth_assets.stages.corpus import read_seeds
from synth_assets.warehouse import Warehouse
from tests.conftest import (
    CHECKOUT,
    command_environment,
    command_line,
    error_lines,
    failed_checks,
    make_work,
    recipe_data,
    select,
    status_json,
    synth_assets,
)
from tests.scripted_endpoint import Act, ScriptedEndpoint


def without(data: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != key}


GOOD = recipe_data("http://127.0.0.1:9/v1")
BAD_RECIPES = {
    "an unknown key": ({**GOOD, "sead": 1}, "sead: unknown key"),
    "a wrong share": ({**GOOD, "languages": {"en": 0.5, "fr": 0.4}}, "languages: languages: the shares add up to 0.9"),
    "an unknown language": ({**GOOD, "languages": {"xx": 1.0}}, "languages: unknown language 'xx'"),
    "an unknown exercise": ({**GOOD, "exercises": {"juggling": {"rows": 1}}}, "exercises.juggling: there is no such"),
    "an unknown collection": (
        {**GOOD, "seeds": [{"collection": "bible", "languages": ["en"]}]}, "seeds.0.collection: no reader for coll"),
    "an unknown scorer": ({**GOOD, "quality": {"beauty": {"min": 1}}}, "quality.beauty: no such scorer"),
    "no models": (without(GOOD, "models"), "models: is missing"),
    "rows that are no number": ({**GOOD, "exercises": {"rag": {"rows": "many"}}}, "exercises.rag.rows: "),
    "an address that is none": (
        {**GOOD, "models": {"query": {"model": "m", "address": "localhost:8000"}}}, "must start with http://"),
    "a list": ([1, 2], "must be a mapping"),
}  # fmt: skip


def said_by_main(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command line in this process says on standard error; it must exit with 1 and print nothing else."""
    printed = printed_by_main(monkeypatch, capsys, *arguments)
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    return printed.err


def printed_by_main(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """Both outputs of the command line in this process, which must exit with 1."""

    def leave(code: int) -> None:
        raise SystemExit(code)

    monkeypatch.setattr(sys, "argv", ["synth-assets", *arguments])
    monkeypatch.setattr(os, "_exit", leave)  # the command line leaves the interpreter by it; this one goes on
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    return capsys.readouterr()


@pytest.mark.parametrize(("data", "words"), BAD_RECIPES.values(), ids=BAD_RECIPES)
def test_a_recipe_that_cannot_be_used_is_named_with_its_file_and_key(home, monkeypatch, capsys, data, words):
    path = home.root / "recipe.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
    said = said_by_main(monkeypatch, capsys, "run", "--recipe", str(path))
    assert said.startswith(f"RecipeError: {path}")
    assert words in said
    assert not home.database.exists()


def test_a_recipe_that_is_no_yaml_is_named_with_its_line(home, monkeypatch, capsys):
    path = home.root / "recipe.yaml"
    path.write_text("name: test\nseeds: [}\n", "utf-8")
    assert said_by_main(monkeypatch, capsys, "run", "--recipe", str(path)).startswith(
        f"RecipeError: {path}:2: is not YAML: "
    )


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b""], ids=["not utf-8", "empty"])
def test_a_recipe_file_without_a_recipe_is_named(home, monkeypatch, capsys, content):
    path = home.root / "recipe.yaml"
    path.write_bytes(content)
    assert str(path) in said_by_main(monkeypatch, capsys, "run", "--recipe", str(path))


@pytest.fixture
def articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the vital articles' own format, in place of the package's."""
    folder = tmp_path / "articles"
    folder.mkdir()
    monkeypatch.setitem(READERS, "vital_articles", VitalArticles(folder))
    return folder


ARTICLE = {"title": "Tin", "extract": "Tin is a soft metal. " * 12, "description": "metal", "topic": "Chemistry"}


def vital(home: Home) -> Path:
    path = home.root / "recipe.yaml"
    seeds = [{"collection": "vital_articles", "languages": ["en"]}]
    path.write_text(yaml.safe_dump({**GOOD, "seeds": seeds}), "utf-8")
    return path


def test_a_seed_file_that_is_broken_as_a_whole_is_named_and_what_was_read_before_stays(home, articles):
    file = articles / "summaries_en-us.json"
    file.write_text(json.dumps({"Tin": ARTICLE}), "utf-8")
    work = make_work(home, vital(home))
    assert read_seeds(work).metadata["articles"] == {"vital_articles en": 1}
    file.write_text('{"Tin": {"title": ', "utf-8")
    with pytest.raises(SeedError, match=r"summaries_en-us\.json"):
        read_seeds(work)
    assert select(work.warehouse, "select title, is_current from seed_corpus") == [{"title": "Tin", "is_current": True}]


def test_a_broken_seed_file_ends_a_run_with_one_line_and_exit_code_1(home, articles, monkeypatch, capsys):
    (articles / "summaries_en-us.json").write_text('{"Tin": {"title": ', "utf-8")
    monkeypatch.setenv("DAGSTER_HOME", str(home.root))
    monkeypatch.chdir(home.root)
    recipe = vital(home)
    with_definitions_at(home, monkeypatch)
    printed = printed_by_main(monkeypatch, capsys, "run", "--recipe", str(recipe))
    (line,) = printed.err.splitlines()
    assert line.startswith("failed: reading seeds and cutting sections: SeedError: ")
    assert "summaries_en-us.json" in line
    assert "Traceback" not in printed.out


def with_definitions_at(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the code location of this process be loaded anew, at this home."""
    for name in [name for name in sys.modules if name in ("synth_assets.definitions", "synth_assets.commands.run")]:
        monkeypatch.delitem(sys.modules, name)


def test_one_broken_record_is_kept_with_its_reason_and_costs_no_other(home, articles):
    (articles / "summaries_en-us.json").write_text(json.dumps({"Tin": ARTICLE, "Zinc": 7}), "utf-8")
    work = make_work(home, vital(home))
    report = read_seeds(work).metadata
    assert (report["articles"], report["bad_records"]) == ({"vital_articles en": 1}, 1)
    (row,) = select(work.warehouse, "select bad_records from seed_sources")
    (bad,) = json.loads(row["bad_records"])
    assert bad["record"] == "Zinc"
    assert bad["reason"]


@pytest.mark.long
def test_a_model_that_refuses_the_key_ends_its_cell_with_the_endpoint_s_words(tmp_path, corpus_template):
    shutil.copytree(corpus_template / ".synth", tmp_path / ".synth")
    with ScriptedEndpoint(lambda seen: Act(kind="status", status=401, text="bad key")) as endpoint:
        recipe = tmp_path / "recipe.yaml"
        recipe.write_text(yaml.safe_dump(recipe_data(endpoint.address)), "utf-8")
        made = synth_assets(tmp_path, "run", "--recipe", "recipe.yaml")
        assert made.returncode == 1
        (line,) = error_lines(made)
        assert line.startswith("failed: memorization | en: ModelRejected: ")
        assert f"{endpoint.address} refused model 'strong' with status 401: bad key" in line
        assert "Traceback" not in made.stdout
    (cell,) = status_json(synth_assets(tmp_path, "status", "--json"))["cells"]
    assert (cell["planned"], cell["open"]) == (2, 2)


HOLD = """
import sys, time
from synth_assets.warehouse import Warehouse
with Warehouse(database=sys.argv[1]).transaction("holding on to it"):
    print("held", flush=True)
    time.sleep(120)
"""


@pytest.fixture
def holder(corpus_home: Home) -> Iterator[subprocess.Popen[str]]:
    """Another process that keeps the database of `corpus_home`."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(corpus_home.database)], stdout=subprocess.PIPE,
                               text=True, env=command_environment(corpus_home.root), cwd=CHECKOUT)  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_database_that_another_process_holds_is_named_with_the_holder(corpus_home, holder):
    warehouse = Warehouse(database=str(corpus_home.database), calls_folder=str(corpus_home.calls), patience_s=0.5)
    with pytest.raises(WarehouseBusy, match=rf"held by process {holder.pid} \(holding on to it, since "):
        read_status(warehouse)
    holder.kill()
    holder.wait()
    assert read_status(warehouse)["cells"] == []


@pytest.mark.exhaustive
def test_a_command_that_finds_the_database_held_waits_a_minute_and_names_the_holder(corpus_home, holder):
    begun = time.monotonic()
    made = synth_assets(corpus_home.root, "status")
    assert 55 < time.monotonic() - begun < 90
    assert made.returncode == 1
    assert error_lines(made)[-1].startswith("WarehouseBusy: ")
    assert f"process {holder.pid} (holding on to it" in made.stderr
    assert "Traceback" not in made.stderr


# Bytes that no file may grow beyond: Dagster's own records meet the first, the snapshot meets the second.
LIMITS = [
    pytest.param(250_000, "Dagster cannot keep its records there: ", id="Dagster's records"),
    pytest.param(1_450_000, "the snapshot could not be written", id="the snapshot", marks=pytest.mark.exhaustive),
]


@pytest.mark.long
@pytest.mark.parametrize(("limit", "words"), LIMITS)
def test_a_disk_that_is_full_loses_nothing_and_the_next_run_finishes(tmp_path, corpus_template, limit, words):
    shutil.copytree(corpus_template / ".synth", tmp_path / ".synth")
    recipe = tmp_path / "recipe.yaml"
    cells = {"math_exercise": {"rows": 40}}
    recipe.write_text(yaml.safe_dump(recipe_data("http://127.0.0.1:9/v1", exercises=cells)), "utf-8")
    full = subprocess.run(
        command_line("run", "--recipe", "recipe.yaml"), capture_output=True, text=True, timeout=120, cwd=tmp_path,
        env=command_environment(tmp_path), check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    assert full.returncode == 1
    assert "Traceback" not in full.stdout + full.stderr
    last = error_lines(full)[-1]  # Dagster adds a line for each event that it could not write
    assert last.startswith(("SynthAssetsError: ", "failed: publishing the release: WarehouseBroken: "))
    assert words in last

    work = make_work(Home(root=tmp_path), recipe)
    assert failed_checks(work.warehouse) == {}
    made = status_json(synth_assets(tmp_path, "run", "--recipe", "recipe.yaml", "--json"))
    assert [(cell["accepted"], cell["open"]) for cell in made["cells"]] == [(40, 0)]
    assert made["failures"] == []
    assert failed_checks(work.warehouse) == {}


def test_a_home_that_cannot_be_written_is_named(tmp_path, monkeypatch, capsys):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, where the home should be", "utf-8")
    monkeypatch.setenv("SYNTH_ASSETS_HOME", str(blocked))
    said = said_by_main(monkeypatch, capsys, "status")
    assert said.startswith(f"SynthAssetsError: {blocked}: this folder cannot be used as a home")


def test_a_database_that_is_none_is_named(home, monkeypatch, capsys):
    monkeypatch.setenv("DAGSTER_HOME", str(home.root))
    monkeypatch.chdir(home.root)
    home.database.write_bytes(b"this is no database" * 500)
    said = said_by_main(monkeypatch, capsys, "status")
    assert said.startswith(f"WarehouseBroken: {home.database}: cannot be opened: ")
