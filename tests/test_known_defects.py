"""The known defects of the published data, each refused by name.

Source: readings of the published rows of PleIAs/SYNTH. A result that was never found and blank constraints leave no
transcript, since no reply of a model makes them; they are held against a row and against the released samples.
"""

from dataclasses import replace

import pytest

from synth_assets.exercises.base import Task
from synth_assets.exercises.math_exercise import MathExercise
from synth_assets.warehouse import Warehouse, columns
from tests.transcripts.transcript import files, play, transcripts


@pytest.mark.parametrize(
    ("exercise", "reason"),
    [
        pytest.param("constrained_writing", "broken_lipogram", id="a lipogram that holds the letter it avoids"),
        pytest.param("editing", "stops_early", id="an edit that is cut at its preface"),
        pytest.param("math_exercise", "first_line_parses", id="a first line that differs from the result"),
        pytest.param("math_mcq", "wrong_option", id="an option that differs from the result"),
    ],
)
def test_a_defect_of_the_published_rows_is_refused_by_name(exercise, reason):
    found = [each for path in files() if path.parent.name == exercise
             for each in transcripts(path) if each.verdict == reason]  # fmt: skip
    assert found
    assert {play(each).ended for each in found} == {reason}


def test_a_result_that_was_never_found_is_refused_by_name():
    exercise, source = MathExercise(), "percentages.discounts"
    drawn = exercise.draw(key=source, pass_number=0, language="en", priors={})
    task = Task(candidate_id="c", exercise=exercise.name, language="en", constraints=drawn)
    query = exercise.make_query(task)
    draft = exercise.make_draft(task, query)
    answer = exercise.make_answer(task, query, draft)
    assert all(check.passed for check in exercise.verify(task, query, draft, answer))
    never = {"result": "Failed after maximum attempts"}
    checks = exercise.verify(task, query, draft, replace(answer, payload={**answer.payload, **never}))
    assert next(check.name for check in checks if not check.passed) == "result_equal"


@pytest.mark.parametrize(
    ("check", "values", "count"),
    [
        pytest.param("constraints_are_said", {"constraints": ""}, 1, id="blank constraints"),
        pytest.param("none_outweighs_the_rest", {"constraints": "a:b"}, 1000, id="one exercise makes nine rows in ten"),
    ],
)
def test_a_defect_of_the_published_dataset_is_found_by_its_check(tmp_path, check, values, count):
    warehouse = Warehouse(database=str(tmp_path / "warehouse.duckdb"))
    blank = {"varchar": "x", "bigint": 1, "integer": 1, "double": 0.5, "boolean": True, "json": {},
             "timestamptz": "2026-01-02T00:00:00Z"}  # fmt: skip
    row = {column.name: None if column.nullable else blank[column.type] for column in columns("samples")}
    assert warehouse.read(f"checks/samples/{check}") == []
    with warehouse.transaction("a test plants a defect") as open_:
        open_.insert("samples", [{**row, **values, "candidate_id": f"c{n}", "synth_id": f"s{n}"} for n in range(count)])
    assert warehouse.read(f"checks/samples/{check}")
