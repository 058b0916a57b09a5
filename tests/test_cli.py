"""The command line in processes of its own: what it prints, what it exits with, and that it leaves nothing behind."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer
import typer.testing
import yaml

from synth_assets.cli import app
from tests.conftest import NOBODY, error_lines, recipe_data, start_synth_assets, status_json, synth_assets
from tests.scripted_endpoint import Act, ScriptedEndpoint
from tests.strong_model import strong_reply

COMMANDS = sorted(typer.main.get_command(app).commands)
CELL_KEYS = {
    "exercise", "language", "planned", "open", "refused", "duplicate", "accepted", "superseded", "withdrawn",
    "by_program", "through_all_steps", "accepted_by_program",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A home in which `run` has run once."""

    root: Path
    recipe: Path
    endpoint: ScriptedEndpoint
    first: subprocess.CompletedProcess[str]


def write_recipe(root: Path, address: str, **changes: Any) -> Path:
    path = root / "recipe.yaml"
    path.write_text(yaml.safe_dump(recipe_data(address, **changes), sort_keys=False), "utf-8")
    return path


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, corpus_template: Path) -> Iterator[Project]:
    root = tmp_path_factory.mktemp("command-line")
    shutil.copytree(corpus_template / ".synth", root / ".synth")
    with ScriptedEndpoint(strong_reply) as endpoint:
        recipe = write_recipe(
            root, endpoint.address, exercises={"memorization": {"rows": 2}, "math_exercise": {"rows": 2}}
        )
        first = synth_assets(root, "run", "--recipe", "recipe.yaml", "--json")
        yield Project(root=root, recipe=recipe, endpoint=endpoint, first=first)


@pytest.fixture(scope="module")
def unused(tmp_path_factory: pytest.TempPathFactory, corpus_template: Path) -> Path:
    """The folder of a project with a corpus and a recipe, of which nothing was run."""
    root = tmp_path_factory.mktemp("unused")
    shutil.copytree(corpus_template / ".synth", root / ".synth")
    write_recipe(root, NOBODY)
    return root


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_lists_its_options_and_arguments(command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    made = typer.testing.CliRunner().invoke(app, [command, "--help"])
    assert made.exit_code == 0
    parameters = typer.main.get_command(app).commands[command].params
    for parameter in parameters:
        names = parameter.opts if parameter.param_type_name == "option" else [parameter.name.upper()]
        assert all(name.casefold() in made.output.casefold() for name in names)
        assert parameter.param_type_name == "argument" or parameter.help or "--help" in names


def test_help_names_every_command():
    made = typer.testing.CliRunner().invoke(app, ["--help"])
    assert all(command in made.output for command in COMMANDS)
    assert COMMANDS == [
        "audit", "backup", "cluster", "compact", "cost", "doctor", "educational", "migrate", "plan", "release",
        "repair", "restore", "run", "seeds", "status", "trace", "ui", "withdraw",
    ]  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize(
    ("changes", "why", "code"),
    [
        ({"exercises": {"memorization": {"rows": 4}}, "budget": {"calls": 4}}, "budget ended", 1),
        (
            {
                "exercises": {"memorization": {"rows": 2, "candidates_per_row": 1.0}},
                "quality": {"length": {"min_answer_words": 500}},
            },
            "cap of 1 candidates a row is met",
            0,
        ),
    ],
    ids=["budget", "cap"],
)
def test_a_cell_without_its_rows_says_what_ended_it(tmp_path, corpus_template, changes, why, code):
    shutil.copytree(corpus_template / ".synth", tmp_path / ".synth")
    with ScriptedEndpoint(strong_reply) as endpoint:
        write_recipe(tmp_path, endpoint.address, **changes)
        ran = synth_assets(tmp_path, "run", "--recipe", "recipe.yaml", "--json")
    assert ran.returncode == code
    (stopped,) = status_json(ran)["stopped"]
    assert stopped["why"] == why


@pytest.mark.long
def test_a_run_says_what_it_made_and_exits_with_0(project):
    assert project.first.returncode == 0
    said = status_json(project.first)
    assert said["failures"] == []
    assert said["stopped"] == [
        {"exercise": exercise, "language": "en", "why": "target met"} for exercise in ("math_exercise", "memorization")
    ]
    assert said["release"]["samples"] == 4
    assert Path(said["release"]["folder"], "data").is_dir()
    assert {"seconds", "runs", "finished_after_s", "calls", "tokens", "cost_usd", "cells"} <= set(said)
    assert said["calls"] == project.endpoint.state().received.total() == 6


@pytest.mark.long
def test_the_status_is_as_documented_and_adds_up(project):
    found = status_json(synth_assets(project.root, "status", "--json"))
    assert set(found) == {"cells", "calls", "tokens", "cost_usd"}
    assert found["cells"] == status_json(project.first)["cells"]
    for cell in found["cells"]:
        assert set(cell) == CELL_KEYS
        assert cell["planned"] == 2 == sum(
            cell[state] for state in ("open", "duplicate", "accepted", "superseded", "withdrawn")
        ) + sum(cell["refused"].values())  # fmt: skip
    by_program = {cell["exercise"]: (cell["by_program"], cell["through_all_steps"]) for cell in found["cells"]}
    assert by_program == {"math_exercise": (2, 0), "memorization": (0, 2)}


@pytest.mark.long
def test_the_status_for_people_has_a_line_a_cell(project):
    made = synth_assets(project.root, "status")
    assert (made.returncode, error_lines(made)) == (0, [])
    assert re.search(r"memorization\W+en\W+2\W+2\W+0\W+0\W+0\W+0\W+2", made.stdout)
    assert "6 model calls ever made" in made.stdout


@pytest.mark.long
def test_a_second_run_calls_nobody_and_changes_no_row(project):
    received = project.endpoint.received()
    made = synth_assets(project.root, "run", "--recipe", "recipe.yaml")
    assert made.returncode == 0
    assert "target met" in made.stdout
    assert project.endpoint.received() == received
    assert status_json(synth_assets(project.root, "status", "--json"))["cells"] == status_json(project.first)["cells"]


@pytest.mark.long
def test_a_trace_leads_from_the_sample_to_the_article_and_every_call(project):
    folder = Path(status_json(project.first)["release"]["folder"], "jsonl")
    samples = [json.loads(line) for path in folder.iterdir() for line in path.read_text("utf-8").splitlines()]
    row = next(row for row in samples if row["exercise"] == "memorization")
    found = status_json(synth_assets(project.root, "trace", row["synth_id"], "--json"))
    assert found["sample"]["query"] == row["query"]
    assert found["candidate"]["candidate_id"].startswith(row["synth_id"].rsplit("_", 1)[1])
    assert found["section"]["url"] == row["query_seed_url"]
    assert [neighbour["url"] for neighbour in found["neighbours"]] == [row["additional_seed_url"]]
    made_from = [call_id for step in ("queries", "reasoning_drafts", "answers") for call_id in found[step]["call_ids"]]
    assert sorted(call["call_id"] for call in found["calls"]) == sorted(made_from)
    assert all(call["request"]["messages"] and call["reply"] for call in found["calls"])
    assert found["duplicates"]["verdict"] == "kept"
    assert found["quality_scores"]["passed"] is True

    shown = synth_assets(project.root, "trace", row["synth_id"])
    assert shown.returncode == 0
    told = " ".join(re.sub(r"[│╭╮╰╯─]", " ", shown.stdout).split())
    for part in (row["synth_id"], row["query"], row["query_seed_url"], "memorization/query@"):
        assert part in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("trace", "memorization_en_ffffffffffffffff"), "_ffffffffffffffff' is not the id of any candidate"),
        (("run", "--recipe", "recipe.yaml", "--exercise", "juggling"), "there is no such exercise; there are mem"),
        (("run", "--exercise", "mcq", "--exercise", "juggling"), "exercise: juggling: there is no such exercise"),
        (("run", "--recipe", "recipe.yaml", "--language", "xx"), "is not a language of the grid"),
        (("run", "--recipe", "recipe.yaml", "--language", "fr"), "say how many rows with --rows"),
        (("run", "--recipe", "nowhere.yaml"), "there is no such recipe file"),
    ],
    ids=["trace", "exercise", "second exercise", "language", "cell", "recipe"],
)  # fmt: skip
def test_a_name_that_nothing_bears_is_one_line_on_standard_error_and_exit_code_1(unused, arguments, words):
    made = synth_assets(unused, *arguments)
    assert made.returncode == 1
    assert made.stdout == ""
    assert len(error_lines(made)) == 1
    assert words in made.stderr


@pytest.mark.parametrize("arguments", [("juggle",), ("run", "--rows", "0"), ("trace",), ("ui", "--port", "99999")])
def test_wrong_usage_is_exit_code_2(arguments):
    made = typer.testing.CliRunner().invoke(app, list(arguments))
    assert made.exit_code == 2


@pytest.mark.long
def test_doctor_finds_a_working_project_well(project):
    made = synth_assets(project.root, "doctor", "--recipe", "recipe.yaml", "--json")
    found = status_json(made)
    assert (made.returncode, found["ok"]) == (0, True)
    assert set(found) == {"ok", "findings"}
    assert all(set(item) == {"subject", "verdict", "detail"} for item in found["findings"])
    verdicts = {item["subject"]: item["verdict"] for item in found["findings"]}
    assert verdicts["model strong (query, reasoning, answer, judge)"] == "ok"
    assert verdicts["seeds self_knowledge"] == "ok"


def test_doctor_names_the_endpoint_where_nobody_answers_and_exits_with_1(unused):
    made = synth_assets(unused, "doctor", "--recipe", "recipe.yaml")
    assert made.returncode == 1
    assert re.search(rf"failed\s+model strong .*{re.escape(NOBODY)}: nobody answers there", made.stdout)


@pytest.mark.long
def test_an_endpoint_that_is_down_costs_its_cell_and_not_the_others(project, tmp_path):
    # memorization fails, textbook has what it wants already, and the release is published all the same
    recipe = write_recipe(tmp_path, NOBODY, exercises={"memorization": {"rows": 3}, "math_exercise": {"rows": 3}})
    made = synth_assets(project.root, "run", "--recipe", str(recipe), "--json")
    said = status_json(made)
    assert made.returncode == 1
    assert len(said["failures"]) == 1
    assert NOBODY in said["failures"][0]
    assert said["failures"][0].startswith("memorization | en: ModelUnreachable: ")
    assert said["failures"][0] in made.stderr
    assert "Traceback" not in made.stderr
    cells = {cell["exercise"]: cell for cell in said["cells"]}
    assert (cells["math_exercise"]["accepted"], cells["memorization"]["open"]) == (3, 1)
    assert said["release"]["samples"] == 5


@pytest.mark.long
def test_exercises_and_languages_that_are_named_are_run_and_no_others(tmp_path, corpus_template):
    shutil.copytree(corpus_template / ".synth", tmp_path / ".synth")
    rows = {"rows": 1}
    write_recipe(
        tmp_path, NOBODY, exercises={"math_exercise": rows, "math_mcq": rows, "memorization": rows},
        languages={"en": 0.4, "fr": 0.3, "de": 0.3},
    )  # fmt: skip
    named = ("--exercise", "math_mcq", "--exercise", "math_exercise", "--language", "en", "--language", "de")
    made = synth_assets(tmp_path, "run", "--recipe", "recipe.yaml", "--rows", "1", "--json", *named)
    assert made.returncode == 0
    ran = {(each["exercise"], each["language"]) for each in status_json(made)["stopped"]}
    assert ran == {(exercise, code) for exercise in ("math_mcq", "math_exercise") for code in ("en", "de")}


def test_an_interrupted_run_says_so_exits_with_130_and_leaves_everything_to_the_next(tmp_path, corpus_template):
    shutil.copytree(corpus_template / ".synth", tmp_path / ".synth")
    with ScriptedEndpoint(lambda seen: Act(kind="hang")) as endpoint:
        write_recipe(tmp_path, endpoint.address)
        process = start_synth_assets(tmp_path, "run", "--recipe", "recipe.yaml")
        try:
            until(lambda: endpoint.received() > 0, 90)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        finally:
            end(process)
    assert process.returncode == 130, (out, err)
    assert "interrupted; what was finished is kept" in err
    assert "Traceback" not in err
    cells = status_json(synth_assets(tmp_path, "status", "--json"))["cells"]
    assert [(cell["planned"], cell["open"]) for cell in cells] == [(2, 2)]


def until(true: Any, seconds: float) -> None:
    end_at = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end_at, f"not within {seconds} s"
        time.sleep(0.02)


def end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    if process.stdout is not None and not process.stdout.closed:
        process.communicate()


def free_port() -> int:
    """A free port below those the system gives to clients: who asks one of those may be given it, and meet itself."""
    for port in range(21_000 + os.getpid() % 5_000, 32_000):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


def processes_of(root: Path) -> list[str]:
    """Command lines of the processes whose environment names this home."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"SYNTH_ASSETS_HOME={root}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def answers(port: int) -> bool:
    with (
        contextlib.suppress(OSError),
        urllib.request.urlopen(f"http://127.0.0.1:{port}/server_info", timeout=2) as reply,
    ):
        return reply.status == 200
    return False


@pytest.mark.long
def test_the_ui_answers_refuses_a_second_one_and_ends_with_all_it_started(tmp_path):
    port = free_port()
    process = start_synth_assets(tmp_path, "ui", "--port", str(port))
    try:
        until(lambda: answers(port) or process.poll() is not None, 120)
        assert process.poll() is None, process.communicate()
        second = synth_assets(tmp_path, "ui", "--port", str(free_port()))
        assert second.returncode == 1
        assert f"a UI of {tmp_path} is running already" in second.stderr
        assert len(error_lines(second)) == 1
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert f"http://127.0.0.1:{port}" in out
        # a code server that was still starting ends 45 s after its parent
        until(lambda: not processes_of(tmp_path), 60)
        assert not answers(port)
    finally:
        end(process)


def test_a_port_that_is_taken_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        made = synth_assets(tmp_path, "ui", "--port", str(port))
    assert made.returncode == 1
    assert made.stderr.startswith(f"SynthAssetsError: port {port} of 127.0.0.1 cannot be used")
    assert len(error_lines(made)) == 1
