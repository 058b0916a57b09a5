"""What is settled: finished rounds are counted once, the work left is the same, and nothing disagrees in silence."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from synth_assets.stages.curation import embed_answers, make_samples
from synth_assets.stages.settling import settle, standing, states_of
from synth_assets.stages.shards import count_open
from synth_assets.stages.steps import plan_round, work_of_cells
from synth_assets.stages.withdrawal import undo, withdraw
from synth_assets.stages.work import Work, now
from tests.conftest import select
from tests.planted_rows import a_row, plant, words

CELL = ("math_exercise", "en")
OTHER = ("math_mcq", "en")
SUM = (
    "select coalesce(sum(candidates), 0) as n, count(*) as groups, count(distinct round) as rounds from settled_rounds"
)


@pytest.fixture
def work(work_at: Callable[..., Work]) -> Work:
    return work_at("http://127.0.0.1:9/v1", exercises={name: {"rows": 3} for name, _ in (CELL, OTHER)})


def finish(work: Work, cell: tuple[str, str], names: list[str], **verdict: Any) -> None:
    """A round of candidates that were kept, and stand in samples."""
    plant(work, *cell, {name: {"answer": words(100 * number, 10)} for number, name in enumerate(names)})
    decide(work, cell, names, **verdict)
    with work.warehouse.transaction("a test publishes") as open_:
        for name in names:
            open_.connection.execute(
                "insert into samples by name select $name as synth_id, $language as language, $exercise as exercise, "
                "'program' as model, 'q' as query, 'a' as synthetic_answer, 1 as words, $name as candidate_id, "
                "$exercise as cell, '{}' as payload, 0.5 as quality, true as by_program, 'r' as recipe_hash, "
                "'r' as run_id, now() as sampled_at",
                {"name": name, "exercise": cell[0], "language": cell[1]},
            )


def decide(work: Work, cell: tuple[str, str], names: list[str], **verdict: Any) -> None:
    """Verdicts of candidates: kept, unless another is given."""
    work.warehouse.insert("duplicates", [
        {"candidate_id": name, "exercise": cell[0], "language": cell[1], "family": cell[0], "key_hash": name,
         "verdict": "kept", "threshold": 1.0, "other_families": [], "decided_at": now(), "run_id": "r"} | verdict
        for name in names
    ])  # fmt: skip


def derived(work: Work) -> dict[str, int]:
    return {
        row["state"]: row["n"]
        for row in select(work.warehouse, "select state, count(*) as n from candidate_states group by state")
    }


def left(work: Work, cell: tuple[str, str] = CELL) -> Any:
    return work_of_cells(work, [CELL, OTHER])[cell]


def test_a_finished_round_is_settled_and_the_work_left_is_what_it_was(work: Work) -> None:
    finish(work, CELL, ["a1", "b2"])
    plant(work, *CELL, {"c3": {"answer": "open"}})
    before = left(work)
    assert (before.accepted, before.open) == (2, 1)
    assert settle(work, [CELL]) == 1
    assert select(work.warehouse, SUM) == [{"n": 2, "groups": 1, "rounds": 1}]
    assert left(work) == before


def test_settling_twice_is_settling_once(work: Work) -> None:
    finish(work, CELL, ["a1"])
    assert settle(work, [CELL]) == 1
    assert settle(work, [CELL]) == 0
    assert select(work.warehouse, SUM) == [{"n": 1, "groups": 1, "rounds": 1}]


def test_what_is_not_published_is_not_settled(work: Work) -> None:
    finish(work, CELL, ["a1"])
    with work.warehouse.transaction("a test takes out") as open_:
        open_.connection.execute("delete from samples")
    assert settle(work, [CELL]) == 0
    assert left(work).unpublished == 1


@pytest.mark.parametrize(
    "change",
    [
        "delete from samples where candidate_id = 'a1'",
        "delete from duplicates where candidate_id = 'a1'",
        "update quality_scores set passed = false, reason = 'off' where candidate_id = 'a1'",
        "update duplicates set verdict = 'duplicate', keeper_id = 'b2' where candidate_id = 'a1'",
        "insert into withdrawals values ('a1', 'asked', now(), null)",
        "insert into candidates by name select * replace ('z9' as candidate_id) from candidates limit 1",
    ],
)
def test_a_change_that_nobody_told_of_is_noticed_and_its_cell_derived_again(work: Work, change: str) -> None:
    finish(work, CELL, ["a1", "b2"])
    finish(work, OTHER, ["d4"])
    assert settle(work, [CELL, OTHER]) == 2
    with work.warehouse.transaction("a test changes a row") as open_:
        open_.connection.execute(change)
    found = left(work)
    truth = derived(work)
    assert (found.accepted, found.open) == (truth["accepted"] - 1, truth.get("open", 0))
    assert select(work.warehouse, "select distinct exercise from settled_rounds") == [{"exercise": OTHER[0]}]


def test_rows_older_than_the_plans_they_follow_are_found_all_the_same(work: Work) -> None:
    finish(work, CELL, ["a1"])
    with work.warehouse.transaction("a clock was wrong") as open_:
        open_.connection.execute("update duplicates set decided_at = timestamptz '2020-01-01 00:00:00+00'")
    assert left(work).accepted == 1


def test_a_replacement_that_is_planned_takes_what_it_replaces_out_of_what_is_settled(work: Work) -> None:
    finish(work, CELL, ["a1"])
    assert settle(work, [CELL]) == 1
    plant(work, *CELL, {"n2": {"answer": "newer", "replaces": "a1"}})
    assert left(work).accepted == 1
    decide(work, CELL, ["n2"])
    assert states_among(work, ["a1", "n2"]) == {"a1": "superseded", "n2": "accepted"}
    found = left(work)
    assert (found.accepted, found.unpublished, found.overtaken) == (1, 1, 1)


def test_a_verdict_that_rests_on_a_withdrawn_row_is_work_however_settled_it_was(work: Work) -> None:
    finish(work, CELL, ["a1"])
    finish(work, CELL, ["d2"], verdict="duplicate", keeper_id="a1")
    with work.warehouse.transaction("a test takes out") as open_:
        open_.connection.execute("delete from samples where candidate_id = 'd2'")
    assert settle(work, [CELL]) == 2
    with work.warehouse.transaction("a test withdraws") as open_:
        open_.insert("withdrawals", [{"candidate_id": "a1", "reason": "asked for", "withdrawn_at": now()}])
    assert left(work).overtaken == 2  # the sample, and the verdict
    make_samples(work, *CELL)
    assert left(work).overtaken == 1  # the verdict is no sample's to decide, and keeps its keeper from being settled


def test_an_order_and_its_undoing_are_seen_in_what_was_settled(work: Work) -> None:
    finish(work, CELL, ["a1", "b2"])
    settle(work, [CELL])
    before = left(work)
    withdraw(work, "candidate", "a1", "asked for")
    assert left(work).accepted == 1
    undo(work, "candidate", "a1")
    assert (left(work).accepted, left(work).unpublished) == (before.accepted, 1)
    assert derived(work) == {"accepted": 2}


def test_a_round_is_planned_after_what_is_settled(work: Work) -> None:
    finish(work, CELL, ["a1", "b2"])
    settle(work, [CELL])
    planned = plan_round(work, *CELL, 5)
    assert (planned["round"], planned["missing"]) == (2, 3)
    assert left(work).open == planned["planned"]


def test_kept_rows_stand_unless_they_left(work: Work) -> None:
    finish(work, CELL, ["a1", "b2"])
    settle(work, [CELL])
    with work.warehouse.transaction("a test looks") as open_:
        assert standing(open_, "en", ["a1", "b2"]) == {"a1", "b2"}
    withdraw(work, "candidate", "a1", "asked for")
    with work.warehouse.transaction("a test looks") as open_:
        assert standing(open_, "en", ["a1", "b2"]) == {"b2"}


def test_of_kept_rows_those_are_gone_that_were_withdrawn_replaced_or_refused_however_settled_the_rest_is(
    work: Work,
) -> None:
    names = ["a1", "b2", "c3", "d4", "e5"]
    finish(work, CELL, names)
    finish(work, OTHER, ["m9"])
    assert settle(work, [CELL, OTHER]) == 2
    plant(work, *CELL, {"f6": {"answer": "newer", "replaces": "b2"}})
    decide(work, CELL, ["f6"])
    withdraw(work, "candidate", "a1", "asked for")
    with work.warehouse.transaction("a test refuses") as open_:
        open_.connection.execute("update answers set refused_reason = 'late' where candidate_id = 'c3'")
    with work.warehouse.transaction("a test asks") as open_:
        assert standing(open_, "en", [*names, "m9"]) == {"d4", "e5", "m9"}
        assert states_of(open_, names) == {
            "a1": "withdrawn", "b2": "superseded", "c3": "refused", "d4": "accepted", "e5": "accepted",
        }  # fmt: skip


def test_what_lacks_a_vector_is_embedded_once_whether_it_is_settled_or_new(work: Work) -> None:
    cell = ("creative_writing", "en")
    finish(work, cell, ["a1", "b2"])
    assert settle(work, [cell]) == 1
    plant(work, *cell, {"c3": {"answer": "new"}, "d4": {"answer": "read", "vector": [1.0, 0.0]}})
    plant(work, *cell, {"e5": {"answer": "gone"}})
    withdraw(work, "candidate", "e5", "asked for")
    assert embed_answers(work, *cell) == {"work": 3, "made": 3}
    assert embed_answers(work, *cell) == {"work": 0, "made": 0}
    plant(work, *cell, {"f6": {"answer": "newest"}})
    assert embed_answers(work, *cell) == {"work": 1, "made": 1}


def test_a_row_that_a_wrong_clock_dates_before_its_plan_is_seen_and_stands_once(work: Work) -> None:
    plan_round(work, *CELL, 3)
    (first, *_) = [row["candidate_id"] for row in select(work.warehouse, "select candidate_id from candidates")]
    row = a_row("queries", candidate_id=first, exercise=CELL[0], language=CELL[1], query="q",
                made_at=datetime(1970, 1, 1, tzinfo=UTC))  # fmt: skip
    assert [work.warehouse.insert("queries", [row]) for _ in range(2)] == [1, 0]
    assert sum(count_open(work, *CELL, "queries").values()) == left(work).open - 1
    assert select(work.warehouse, "select count(*) as n from queries join candidates using (candidate_id) "
                  "where made_at < planned_at") == [{"n": 0}]  # fmt: skip


def states_among(work: Work, names: list[str]) -> dict[str, str]:
    with work.warehouse.transaction("a test looks") as open_:
        return states_of(open_, names)
