"""A run that is killed at any moment: the next one finishes it, and nothing that was answered is paid for twice.

What the endpoint has answered may still be on its way into the run's journal when the run dies. A reply sent less than
50 ms before the kill therefore counts as possibly unanswered; every earlier one must not be asked for again.
"""

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from synth_assets.home import Home
from tests.conftest import (
    content_of,
    endpoint_process,
    failed_checks,
    make_work,
    recipe_data,
    select,
    start_synth_assets,
    status_json,
    synth_assets,
)
from tests.scripted_endpoint import State, read_state

ON_THE_WAY_S = 0.05
DELAY_S = 0.1
FEW = {"mcq": 4}
MANY = {"mcq": 3, "textbook": 3, "math_exercise": 3}
CALLS_A_ROW = {"mcq": 3, "textbook": 1, "math_exercise": 0}
TABLES = (
    "candidates", "queries", "reasoning_drafts", "answers", "embeddings", "quality_scores", "duplicates", "samples",
)  # fmt: skip
TIMES = {"queries": "made_at", "reasoning_drafts": "made_at", "answers": "made_at", "embeddings": "made_at",
         "quality_scores": "made_at", "duplicates": "decided_at", "samples": "sampled_at",
         "candidates": "planned_at"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """A run that was killed: when, what the endpoint had seen, and what it had seen 50 ms before."""

    after_s: float
    before: State
    then: State

    def possibly_unanswered(self) -> set[str]:
        return {key for key, times in self.then.received.items() if times > self.before.answered.get(key, 0)}


def write_recipe(root: Path, address: str, rows: Mapping[str, int]) -> Path:
    data = recipe_data(address, exercises={name: {"rows": count} for name, count in rows.items()})
    data["models"]["query"]["max_in_flight"] = 3
    path = root / "recipe.yaml"
    path.write_text(yaml.safe_dump(data), "utf-8")
    return path


def project_at(root: Path, template: Path, address: str, rows: Mapping[str, int]) -> None:
    shutil.copytree(template / ".synth", root / ".synth")
    write_recipe(root, address, rows)


def run(root: Path) -> dict[str, Any]:
    made = synth_assets(root, "run", "--recipe", "recipe.yaml", "--json", timeout=200)
    assert made.returncode == 0, made.stderr
    return status_json(made)


def rows_of(root: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows but for their times, run ids and the recipe's hash, which holds the endpoint's address."""
    work = make_work(Home(root=root), root / "recipe.yaml")
    without = {table: ("run_id", TIMES[table]) for table in TABLES}
    without["samples"] += ("recipe_hash",)
    without["candidates"] += ("recipe_hash",)
    return {table: content_of(work.warehouse, table, without=without[table]) for table in TABLES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Undisturbed:
    """What a run makes that nobody kills, and how long it takes."""

    asked: Mapping[str, int]
    calls: int
    rows: dict[str, list[tuple[Any, ...]]]
    seconds: float


@pytest.fixture(scope="module")
def undisturbed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, corpus_template: Path
) -> Undisturbed:
    root = tmp_path_factory.mktemp("undisturbed")
    calls = sum(CALLS_A_ROW[name] * count for name, count in request.param.items())
    with endpoint_process(root / "state", delay=DELAY_S) as address:
        project_at(root, corpus_template, address, request.param)
        begun = time.monotonic()
        run(root)
        seconds = time.monotonic() - begun
        assert read_state(root / "state").received.total() == calls
    return Undisturbed(asked=request.param, calls=calls, rows=rows_of(root), seconds=seconds)


def kill_when(root: Path, due: Callable[[State, float], bool]) -> Killed | None:
    """Start a run and kill it and all it started as soon as `due`; None when it had ended before."""
    state = root / "state"
    process: subprocess.Popen[str] = start_synth_assets(root, "run", "--recipe", "recipe.yaml")
    begun = time.monotonic()
    seen: list[tuple[float, State]] = [(begun, read_state(state))]
    try:
        while not due(seen[-1][1], seen[-1][0] - begun):
            if process.poll() is not None:
                return None
            time.sleep(0.005)
            seen.append((time.monotonic(), read_state(state)))
    finally:
        killed_at = time.monotonic()
        with suppress(ProcessLookupError):  # it had ended
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    before = [at for at in seen if at[0] <= killed_at - ON_THE_WAY_S] or seen[:1]
    return Killed(after_s=killed_at - begun, before=before[-1][1], then=read_state(state))


def check_that_the_next_run_finishes_it(root: Path, killed: Killed | None, undisturbed: Undisturbed) -> None:
    work = make_work(Home(root=root), root / "recipe.yaml")
    assert failed_checks(work.warehouse) == {}
    for row in select(work.warehouse, "select exercise, count(*) as n from candidates group by exercise"):
        assert row["n"] == undisturbed.asked[row["exercise"]]  # a round is planned whole or not at all
    run(root)
    assert failed_checks(work.warehouse) == {}
    twice = {key for key, times in read_state(root / "state").received.items() if times > 1}
    assert twice <= (killed.possibly_unanswered() if killed else set())
    assert rows_of(root) == undisturbed.rows
    calls = select(work.warehouse, "select count(*) as n, count(distinct call_id) as ids from model_calls")
    assert calls == [{"n": undisturbed.calls, "ids": undisturbed.calls}]


@pytest.fixture
def root(tmp_path: Path, corpus_template: Path, undisturbed: Undisturbed) -> Iterator[Path]:
    with endpoint_process(tmp_path / "state", delay=DELAY_S) as address:
        project_at(tmp_path, corpus_template, address, undisturbed.asked)
        yield tmp_path


@pytest.mark.long
@pytest.mark.parametrize("undisturbed", [FEW], indirect=True, ids=["few"])
@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_a_run_killed_while_models_answer_is_finished_by_the_next_with_the_same_rows(root, undisturbed, seed):
    calls = random.Random(f"kill {seed}").randint(1, undisturbed.calls - 1)
    killed = kill_when(root, lambda state, after_s: state.received.total() >= calls)
    assert killed is not None
    check_that_the_next_run_finishes_it(root, killed, undisturbed)


@pytest.mark.exhaustive
@pytest.mark.parametrize("undisturbed", [MANY], indirect=True, ids=["many"])
@pytest.mark.parametrize("seed", range(20))
def test_a_run_killed_at_any_moment_is_finished_by_the_next_with_the_same_rows(root, undisturbed, seed):
    moment = random.Random(f"moment {seed}").uniform(1.0, undisturbed.seconds)
    killed = kill_when(root, lambda state, after_s: after_s >= moment)
    check_that_the_next_run_finishes_it(root, killed, undisturbed)


@pytest.mark.exhaustive
@pytest.mark.parametrize("undisturbed", [MANY], indirect=True, ids=["many"])
def test_a_run_killed_again_and_again_is_finished_in_the_end(root, undisturbed):
    rng = random.Random("again and again")
    possibly_unanswered: list[set[str]] = []
    for _ in range(6):
        moment = rng.uniform(3.0, undisturbed.seconds)
        killed = kill_when(root, lambda state, after_s, moment=moment: after_s >= moment)
        if killed is None:
            break
        possibly_unanswered.append(killed.possibly_unanswered())
    run(root)
    received = read_state(root / "state").received
    for key, times in received.items():
        assert times <= 1 + sum(key in unanswered for unanswered in possibly_unanswered)
    assert rows_of(root) == undisturbed.rows
