"""What the asset checks find, and that they are silent where nothing is wrong."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from synth_assets.calls.folder import CallFolder
from synth_assets.definitions import defs
from synth_assets.defs.checks import CHECKS
from synth_assets.stages.checking import cells_left_waiting, last_readings, overspending, verify_again
from synth_assets.stages.steps import carry_step, plan_round
from synth_assets.warehouse import Warehouse
from tests.conftest import select
from tests.planted_faults import FAULTS, RIGHT, plant
from tests.planted_rows import WHEN
from tests.planted_rows import plant as plant_candidates
from tests.test_calls import a_call

ROWS = 3
MATH = {"math_exercise": {"rows": ROWS}, "math_mcq": {"rows": ROWS}}
# Dagster warns of the tags that it makes itself for two-dimensional partition keys.
pytestmark = pytest.mark.filterwarnings("ignore:Non-compliant tag keys like .*dagster/partition/:DeprecationWarning")


class _UndoneError(Exception):
    """Ends the transaction of a test, so that nothing of it is written."""


@pytest.fixture(scope="module")
def empty_warehouse(tmp_path_factory):
    return Warehouse(database=str(tmp_path_factory.mktemp("empty") / "warehouse.duckdb"))


@pytest.fixture
def open_(empty_warehouse):
    with suppress(_UndoneError), empty_warehouse.transaction("a test") as transaction:
        yield transaction
        raise _UndoneError


@pytest.mark.parametrize(
    ("check", "rows"),
    [pytest.param(check, rows, id=f"{check}-{n}") for check in RIGHT for n, rows in enumerate(RIGHT[check])],
)
def test_a_check_passes_over_what_only_looks_like_a_fault(open_, check, rows):
    rows(open_)
    assert open_.rows(check) == []


def test_every_fault_that_is_planted_has_a_counterpart_that_is_none():
    assert set(FAULTS) == set(RIGHT)


# --- by code


def answered(work, *exercises):
    """Rows of these exercises as far as answers, each a sample."""
    for exercise in exercises:
        plan_round(work, exercise, "en")
        for table in ("queries", "reasoning_drafts", "answers"):
            carry_step(work, exercise, "en", table)
    rows = select(work.warehouse, "select candidate_id, exercise from answers where refused_reason is null")
    with work.warehouse.transaction("a test accepts rows") as open_:
        for row in rows:
            plant(open_, "samples", candidate_id=row["candidate_id"], synth_id=row["candidate_id"],
                  cell=row["exercise"], language="en", constraints="axis:value")  # fmt: skip
    return [row["candidate_id"] for row in rows]


def change(work, statement, **values):
    with work.warehouse.transaction("a test spoils a row") as open_:
        open_.connection.execute(statement, values)


def test_results_that_hold_are_verified_again_and_nothing_is_said(work_at):
    work = work_at(exercises=MATH)
    answered(work, *MATH)
    found = verify_again(work)
    assert found == {"failed": [], "verified": {"math_exercise": ROWS, "math_mcq": ROWS}, "passed_over": {}}
    assert verify_again(work, most=1)["verified"] == {"math_exercise": 1, "math_mcq": 1}


SPOILT = {
    "a result in words": (
        "update answers set answer = replace(answer, '**', '** 7 ') where candidate_id = $id", "first_line_parses",
    ),
    "a result that was stored": (
        "update answers set payload = '{\"result\": \"-12345\"}' where candidate_id = $id", "result_equal",
    ),
    "the values": ("update queries set payload = '{}' where candidate_id = $id", "cannot_be_verified"),
    "what is no JSON object": ("update answers set payload = '[]' where candidate_id = $id", "cannot_be_verified"),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "check"), SPOILT.values(), ids=SPOILT)
def test_a_result_that_holds_no_longer_is_named_with_its_check_and_the_others_are_verified(work_at, statement, check):
    work = work_at(exercises={"math_exercise": {"rows": ROWS}})
    spoilt, *_ = answered(work, "math_exercise")
    change(work, statement, id=spoilt)
    found = verify_again(work)
    assert found["verified"] == {"math_exercise": ROWS}
    assert {row["candidate_id"] for row in found["failed"]} == {spoilt}
    assert check in {row["check"] for row in found["failed"]}


def test_rows_of_another_version_of_their_exercise_are_passed_over(work_at):
    work = work_at(exercises={"math_exercise": {"rows": ROWS}})
    spoilt, *_ = answered(work, "math_exercise")
    change(work, "update queries set payload = '{}' where candidate_id = $id", id=spoilt)
    change(work, "update candidates set exercise_version = 99 where candidate_id = $id", id=spoilt)
    found = verify_again(work)
    assert (found["failed"], found["passed_over"]) == ([], {"math_exercise": 1})


def test_a_cell_that_nobody_goes_on_with_is_named_once_its_time_is_over(work_at):
    work = work_at(exercises={"mcq": {"rows": 2}, "textbook": {"rows": 2}})
    plant_candidates(work, "mcq", "en", {"open": {}})
    plant_candidates(work, "mcq", "fr", {"of a language that is not asked for": {}})
    plant_candidates(work, "textbook", "en", {"decided": {}})
    with work.warehouse.transaction("a test decides") as open_:
        plant(open_, "duplicates", candidate_id="decided", verdict="kept")
    week = timedelta(days=7)
    assert cells_left_waiting(work, at=WHEN + week, within=week) == []
    waiting = cells_left_waiting(work, at=WHEN + week + timedelta(seconds=1), within=week)
    assert waiting == [{"exercise": "mcq", "language": "en", "open": 1, "written_at": WHEN}]


def test_readings_are_told_of_every_collection_of_the_recipe(work_at):
    work = work_at(seeds=[{"collection": "self_knowledge", "languages": ["en"]},
                          {"collection": "cookbook", "languages": ["en"], "optional": True}])  # fmt: skip
    assert last_readings(work)["cookbook"] is None
    assert last_readings(work)["self_knowledge"] < datetime.now(UTC)


def test_what_was_spent_beyond_the_budget_is_named_with_both_figures(work_at):
    work = work_at(budget={"calls": 4, "usd": 1.0, "tokens": 1000, "run": {"calls": 1}})
    with CallFolder(work.home.calls, "run") as log:
        for number in range(4):
            log.append(a_call(number, recipe="test"))
        log.append(a_call(4, recipe="another"))
    assert overspending(work)["over"] == []
    with CallFolder(work.home.calls, "later") as log:
        log.append(a_call(5, recipe="test", cost_usd=None))
    found = overspending(work)
    assert found["over"] == [{"limit": "budget.calls", "spent": 5, "allowed": 4}]
    assert {each["limit"] for each in found["limits"]} == {"budget.calls", "budget.usd", "budget.tokens"}
    assert found["unpriced"] == 1


# --- as Dagster runs them


def evaluate(work, recipe, *names):
    """The evaluations of these checks, by asset and name."""
    wanted = {key for check in CHECKS for key in check.check_keys if key.name in names}
    config = {
        "resources": {
            "recipe": {"config": {"path": str(recipe)}},
            "warehouse": {"config": {"database": work.warehouse.database, "calls_folder": str(work.home.calls)}},
        },
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
    }
    job = defs.resolve_implicit_global_asset_job_def().get_subset(asset_check_selection=wanted, asset_selection=set())
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(run_config=config, instance=instance)
    return {(each.asset_key.to_user_string(), each.check_name): each for each in result.get_asset_check_evaluations()}


def test_checks_by_code_pass_on_rows_that_are_as_they_should_be(work_at, write_recipe):
    names = ("results_hold", "no_cell_waits", "seeds_were_read", "within_budget", "columns_are_as_stated")
    work = work_at(exercises=MATH)
    answered(work, *MATH)
    found = evaluate(work, write_recipe(exercises=MATH), *names)
    assert {name for _, name in found} == set(names)
    assert [key for key, each in found.items() if not each.passed] == []
    assert found["answers", "results_hold"].metadata["verified"].value == {"math_exercise": ROWS, "math_mcq": ROWS}


def test_a_wrong_result_is_an_error_and_what_a_budget_no_longer_holds_a_warning(work_at, write_recipe):
    changes = {"exercises": {"math_exercise": {"rows": ROWS}}, "budget": {"calls": 0}}
    work = work_at(**changes)
    spoilt, *_ = answered(work, "math_exercise")
    change(work, 'update answers set payload = \'{"result": "-1"}\' where candidate_id = $id', id=spoilt)
    with CallFolder(work.home.calls, "run") as log:
        log.append(a_call(1))
    found = evaluate(work, write_recipe(**changes), "results_hold", "within_budget")
    for key, severity in {"results_hold": "ERROR", "within_budget": "WARN"}.items():
        each = found["answers", key]
        assert (each.passed, each.severity.value) == (False, severity)
        assert each.metadata["offending_rows"].value >= 1
    assert spoilt in found["answers", "results_hold"].metadata["first"].value


@pytest.mark.parametrize(
    ("statement", "asset", "row"),
    [
        ("alter table samples drop column words", "samples", {"column": "words", "stated": "bigint", "found": ""}),
        ("alter table rounds add column extra varchar", "candidates", {"column": "extra", "stated": ""}),
        ("alter table section_domains add column extra varchar", "section_domains", {"column": "extra", "stated": ""}),
        ("alter table left_out alter quality type varchar", "release", {"found": "varchar", "stated": "double"}),
    ],
)
def test_a_table_that_is_not_as_its_ddl_says_fails_the_check_of_its_asset(work_at, write_recipe, statement, asset, row):
    work = work_at()
    assert work.warehouse.unlike_ddl() == []
    change(work, statement)
    (unlike,) = work.warehouse.unlike_ddl()
    assert row.items() <= unlike.items()
    found = evaluate(work, write_recipe(), "columns_are_as_stated")
    assert [key for (key, _), each in found.items() if not each.passed] == [asset]


def test_checks_whose_failing_would_spoil_a_release_stop_it_and_no_other_does():
    blocking = {key.to_user_string() for check in CHECKS for key in check.check_keys
                if check.get_spec_for_check_key(key).blocking}  # fmt: skip
    assert "samples:ids_are_unique" in blocking
    assert {name.partition(":")[0] for name in blocking} == {"samples"}


def test_a_release_that_would_hold_a_row_twice_is_not_made(work_at, write_recipe):
    work = work_at()
    with work.warehouse.transaction("a test plants a sample") as open_:
        plant(open_, "samples", candidate_id="a", synth_id="a", constraints="axis:value")
        open_.connection.execute("insert into samples from samples")
    config = {
        "resources": {
            "recipe": {"config": {"path": str(write_recipe())}},
            "warehouse": {"config": {"database": work.warehouse.database, "calls_folder": str(work.home.calls)}},
        },
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
    }
    with dg.DagsterInstance.ephemeral() as instance:
        result = defs.resolve_job_def("publish").execute_in_process(
            run_config=config, instance=instance, raise_on_error=False
        )
    failed = [each.check_name for each in result.get_asset_check_evaluations() if not each.passed]
    assert "ids_are_unique" in failed
    assert not result.success
    assert result.asset_materializations_for_node("release") == []
    assert select(work.warehouse, "select count(*) as n from release") == [{"n": 0}]


def test_every_check_says_what_must_hold():
    for check in CHECKS:
        for key in check.check_keys:
            description = check.get_spec_for_check_key(key).description
            assert description
            assert description.endswith(".")
