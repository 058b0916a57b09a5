"""The packaged model, for real: one small recipe from articles to a trace, by the commands a person types."""

import json
from pathlib import Path

import pytest

from tests.conftest import status_json, synth_assets

RECIPE = """
name: small
seeds: [{collection: self_knowledge, languages: [en]}]
languages: {en: 1.0}
pool: 20
exercises:
  math_exercise: {rows: 2}
  memorization: {rows: 2, candidates_per_row: 1.0}
constraints:
  complexity: {simple: 1.0, moderate: 0.0, complex: 0.0}
  query_result: {positive: 1.0, negative: 0.0, absurd: 0.0, ambiguous: 0.0}
models: {query: {model: embedded, temperature: 0.1}}
"""


def told(home: Path, *arguments: str) -> dict:
    return status_json(synth_assets(home, *arguments, "--json", timeout=280))


@pytest.mark.long
@pytest.mark.timeout(600)
def test_the_packaged_model_carries_candidates_through_every_stage_and_is_asked_once(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(RECIPE)
    made = told(tmp_path, "run", "--recipe", str(tmp_path / "small.yaml"))
    cells = {cell["exercise"]: cell for cell in made["cells"]}
    assert made["failures"] == []
    assert cells["math_exercise"]["accepted_by_program"] == 2
    asked = cells["memorization"]
    assert (asked["planned"], asked["open"], asked["by_program"]) == (2, 0, 0)
    assert asked["through_all_steps"] >= 1
    assert made["calls"] >= 3 * asked["through_all_steps"]
    assert made["cost_usd"] == 0

    folder = Path(made["release"]["folder"])
    rows = [json.loads(line) for path in folder.glob("jsonl/*") for line in path.read_text("utf-8").splitlines()]
    accepted = sum(cell["accepted"] for cell in made["cells"])
    assert len(rows) == made["release"]["samples"] == accepted
    trace = told(tmp_path, "trace", rows[0]["synth_id"])
    assert trace["sample"]["synthetic_answer"] == rows[0]["synthetic_answer"]

    again = told(tmp_path, "run", "--recipe", str(tmp_path / "small.yaml"))
    assert again["calls"] == made["calls"]
    assert again["cells"] == made["cells"]
    assert again["release"]["version"] == made["release"]["version"]
