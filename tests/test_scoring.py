"""Scores that follow the recipe: judged once, judged again when what they are judged by changes, weighed in SQL."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from synth_assets.audit.life import read_life
from synth_assets.errors import BudgetSpent, HeadNotFit
from synth_assets.quality.base import Score
from synth_assets.quality.educational import fit, save
from synth_assets.quality.verdict import COMPOSITE_THRESHOLD, SCORERS, rescore, resolve_weights
from synth_assets.stages.best import left_out
from synth_assets.stages.corpus import encoder_name
from synth_assets.stages.curation import embed_answers, make_samples
from synth_assets.stages.duplicates import decide_duplicates
from synth_assets.stages.judging import judge_answers
from synth_assets.stages.publish import publish_release
from synth_assets.stages.scoring import score_quality
from synth_assets.stages.standards import judged_otherwise
from synth_assets.stages.steps import carry_step, plan_round
from synth_assets.stages.work import Work
from tests.conftest import failed_checks, select
from tests.quality.educational_passages import FILE, STEPS, VECTORS
from tests.scripted_endpoint import Act, Seen
from tests.strong_model import strong_reply

ROWS = {"memorization": {"rows": 4, "candidates_per_row": 1}}
GOOD = {"accuracy": 3, "relevance": 2, "clarity": 2, "usefulness": 3}
POOR = {"accuracy": 2, "relevance": 1, "clarity": 1, "usefulness": 1}
STRICT = {"length": {"min_answer_words": 5_000}}


def answered(work: Work, exercise: str = "memorization") -> None:
    plan_round(work, exercise, "en")
    for table in ("queries", "reasoning_drafts", "answers"):
        carry_step(work, exercise, "en", table)


def curate(work: Work, exercise: str = "memorization") -> dict:
    """The stages from the vectors on; what the scoring said."""
    embed_answers(work, exercise, "en")
    judge_answers(work, exercise, "en")
    report = score_quality(work, exercise, "en")
    decide_duplicates(work, exercise, "en")
    make_samples(work, exercise, "en")
    return report


def states(work: Work) -> dict[str, int]:
    rows = select(work.warehouse, "select state, count(*) as n from candidate_states group by state")
    return {row["state"]: row["n"] for row in rows}


def scores(work: Work) -> dict[str, dict]:
    return {row["candidate_id"]: row for row in select(work.warehouse, "select * from quality_scores")}


def samples(work: Work) -> dict[str, float]:
    rows = select(work.warehouse, "select candidate_id, quality from samples")
    return {row["candidate_id"]: row["quality"] for row in rows}


# --- judged again


def test_a_changed_threshold_judges_the_rows_of_the_cell_again_and_all_that_follows_keeps_step(work_at, endpoint):
    work = work_at(endpoint.address, exercises=ROWS)
    answered(work)
    first = curate(work)
    assert (first["work"], first["passed"], first["judged_again"]) == (4, 4, 0)
    before, asked = scores(work), endpoint.received()
    assert states(work) == {"accepted": 4}

    strict = work_at(exercises=ROWS, quality=STRICT, run_id="strict")
    assert judged_otherwise(strict, "memorization", "en") == 4
    report = curate(strict)
    assert (report["work"], report["judged_again"], report["refused"]) == (4, 4, {"answer_too_short": 4})
    assert states(strict) == {"refused": 4}
    assert samples(strict) == {}
    assert failed_checks(strict.warehouse) == {}
    assert judged_otherwise(strict, "memorization", "en") == 0
    assert curate(strict)["work"] == 0
    of_strict = read_life(strict.warehouse, min(before))["standards"]
    assert of_strict["thresholds"]["length"] == SCORERS["length"].THRESHOLDS | STRICT["length"]

    lenient = work_at(exercises=ROWS, run_id="lenient")
    assert curate(lenient)["judged_again"] == 4
    assert states(lenient) == {"accepted": 4}
    after = scores(lenient)
    assert {key: row["composite"] for key, row in after.items()} == {
        key: row["composite"] for key, row in before.items()
    }
    assert samples(lenient) == {key: row["composite"] for key, row in after.items()}
    of_lenient = read_life(lenient.warehouse, min(before))["standards"]
    assert of_lenient["thresholds"]["length"] == SCORERS["length"].THRESHOLDS
    assert of_lenient["weights"] == of_strict["weights"]
    assert of_lenient["composite_threshold"] == COMPOSITE_THRESHOLD
    assert len(select(work.warehouse, "from quality_standards")) == 2
    assert failed_checks(lenient.warehouse) == {}
    assert endpoint.received() == asked


def copies(seen: Seen) -> Act:
    """One text for every extract; the seed decides whether a sentence more stands at its end."""
    return Act(text=COPIED + " Some say so, and others do not." * (int(seen.body["seed"]) % 2))


COPIED = (
    "A baker who wants a loaf to keep well begins on Monday, long before the oven is warm. The leaven needs a night to "
    "wake, and it asks for nothing but flour, water and a quiet corner. In the morning the dough is folded, not beat, "
    "because a torn skin lets the gas escape. Some bakers sing while they fold; others count. When the surface springs "
    "back under a thumb, the loaf may go in. Steam in the first minutes keeps the crust soft, so that it can stretch, "
    "and dry heat afterwards makes it brown. A good crust crackles as it cools. Whoever cuts it too soon will find the "
    "crumb gummy, and will have to wait for another loaf to learn what patience tastes like."
)


def test_where_a_keeper_fails_a_row_that_it_was_kept_in_place_of_comes_in(work_at, endpoint):
    endpoint.script = copies
    plan = {"textbook": {"rows": 6, "candidates_per_row": 1}}
    work = work_at(endpoint.address, exercises=plan)
    answered(work, "textbook")
    curate(work, "textbook")
    assert states(work) == {"accepted": 1, "duplicate": 5}
    lengths = {
        row["candidate_id"]: len(row["answer"].split()) for row in select(work.warehouse, "select * from answers")
    }
    (kept,) = samples(work)
    assert len(set(lengths.values())) == 2
    keeper_is_long = lengths[kept] == max(lengths.values())
    bound = {"max_answer_words" if keeper_is_long else "min_answer_words": sum(set(lengths.values())) / 2}

    strict = work_at(exercises=plan, quality={"length": bound}, run_id="strict")
    report = curate(strict, "textbook")
    refused = sum(length == lengths[kept] for length in lengths.values())
    assert report["judged_again"] == 6
    assert sum(report["refused"].values()) == refused
    assert states(strict) == {"accepted": 1, "refused": refused, "duplicate": 5 - refused}
    assert kept not in samples(strict)
    assert failed_checks(strict.warehouse) == {}


# --- weighed again


def test_changed_weights_weigh_stored_scores_anew_without_a_scorer_or_a_model(work_at, endpoint):
    work = work_at(endpoint.address, exercises=ROWS)
    answered(work)
    curate(work)
    before, asked = scores(work), endpoint.received()

    weights = {"grounding": 9.0, "readability": 0.0}
    weighed = work_at(exercises=ROWS, quality_weights=weights, run_id="weighed")
    assert judged_otherwise(weighed, "memorization", "en") == 4
    report = curate(weighed)
    assert (report["work"], report["judged_again"]) == (0, 0)
    assert report["weighed_again"] > 0
    after = scores(weighed)
    for key, row in after.items():
        stored = [Score(**score) for score in json.loads(row["scores"])]
        assert row["composite"] == pytest.approx(rescore(stored, resolve_weights(weights)).composite, abs=1e-9)
        assert (row["made_at"], row["run_id"]) == (before[key]["made_at"], "test-run")
    assert samples(weighed) == {key: row["composite"] for key, row in after.items()}
    assert judged_otherwise(weighed, "memorization", "en") == 0
    assert curate(weighed)["weighed_again"] == 0

    least = sorted(row["composite"] for row in after.values())[2]
    choosy = work_at(exercises=ROWS, quality_weights=weights, composite_threshold=least, run_id="choosy")
    assert curate(choosy)["weighed_again"] == sum(row["composite"] < least for row in after.values())
    refused = select(choosy.warehouse, "select refused_reason as why, composite from candidate_states "
                     "join quality_scores using (candidate_id) where state = 'refused'")  # fmt: skip
    assert refused
    assert all(row["why"] == "composite" and row["composite"] < least for row in refused)
    assert failed_checks(choosy.warehouse) == {}

    curate(work_at(exercises=ROWS, run_id="as it was"))
    assert {key: row["composite"] for key, row in scores(work).items()} == {
        key: row["composite"] for key, row in before.items()
    }
    assert states(work) == {"accepted": 4}
    assert endpoint.received() == asked


def test_a_weight_of_a_scorer_that_the_exercise_does_not_list_weighs_nothing_anew(work_at, endpoint):
    work = work_at(endpoint.address, exercises=ROWS)
    answered(work)
    curate(work)
    other = work_at(exercises=ROWS, quality_weights={"educational": 5.0})
    assert judged_otherwise(other, "memorization", "en") == 0
    assert curate(other)["weighed_again"] == 0


# --- the judge


def judging(points: dict | str):
    """The strong model, with a judge that gives these points."""

    def reply(seen: Seen) -> Act:
        if "You judge rows of a training set" in str(seen.body["messages"][0]["content"]):
            return Act(text=points if isinstance(points, str) else json.dumps(points))
        return strong_reply(seen)

    return reply


def judgements(work: Work) -> list[dict]:
    return select(work.warehouse, "select * from judgements order by candidate_id")


def test_without_a_judge_nobody_is_asked(work_at):
    work = work_at(exercises=ROWS)
    assert judge_answers(work, "memorization", "en") == {"work": 0, "made": 0, "why": "the recipe has no judge"}


def test_a_judge_is_asked_once_about_each_row_and_its_points_stand_in_the_scores(work_at, endpoint):
    endpoint.script = judging(GOOD)
    work = work_at(endpoint.address, exercises=ROWS, judge={"sample": "all"})
    answered(work)
    before = endpoint.received()
    assert score_quality(work, "memorization", "en")["work"] == 0  # they wait for the judge
    report = judge_answers(work, "memorization", "en")
    assert (report["work"], report["made"], report["refused"], report["calls"]) == (4, 4, {}, 4)
    rows = judgements(work)
    assert all(json.loads(row["points"]) == GOOD and row["total"] == 10 for row in rows)
    calls = select(work.warehouse, "select call_id, candidate_id from model_calls where step = 'judge'")
    assert {(call,): row["candidate_id"] for row in rows for call in row["call_ids"]} == {
        (row["call_id"],): row["candidate_id"] for row in calls
    }
    assert curate(work)["passed"] == 4
    judged = [score for row in scores(work).values() for score in json.loads(row["scores"]) if score["name"] == "judge"]
    assert [score["value"] for score in judged] == [1.0] * 4
    assert judge_answers(work, "memorization", "en")["work"] == 0
    assert endpoint.received() == before + 4
    assert failed_checks(work.warehouse) == {}


def test_what_was_answered_is_not_asked_again_when_its_row_was_lost(work_at, endpoint):
    endpoint.script = judging(GOOD)
    work = work_at(endpoint.address, exercises=ROWS, judge={"sample": "all"})
    answered(work)
    judge_answers(work, "memorization", "en")
    asked, rows = endpoint.received(), judgements(work)
    with work.warehouse.transaction("a test forgets") as open_:
        open_.connection.execute("delete from judgements")
    report = judge_answers(work, "memorization", "en")
    assert (report["made"], report["calls_replayed"]) == (4, 4)
    assert endpoint.received() == asked
    assert [row["fingerprint"] for row in judgements(work)] == [row["fingerprint"] for row in rows]


def test_a_judge_that_comes_later_judges_what_stands_there_and_goes_without_a_trace(work_at, endpoint):
    endpoint.script = judging(POOR)
    work = work_at(endpoint.address, exercises=ROWS)
    answered(work)
    curate(work)
    assert states(work) == {"accepted": 4}
    judged = work_at(endpoint.address, exercises=ROWS, judge={"sample": "all"}, run_id="judged")
    assert judged_otherwise(judged, "memorization", "en") == 4
    assert curate(judged)["refused"] == {"judged_poor": 4}
    assert states(judged) == {"refused": 4}
    lenient = work_at(exercises=ROWS, judge={"sample": "all", "least": 5}, run_id="lenient")
    assert curate(lenient)["passed"] == 4
    without = work_at(exercises=ROWS, run_id="without")
    assert curate(without)["judged_again"] == 4
    assert states(without) == {"accepted": 4}
    assert all(row["judgement"] is None for row in scores(without).values())
    assert judged_otherwise(without, "memorization", "en") == 0


def test_a_larger_share_holds_the_candidates_of_a_smaller_one(work_at, endpoint):
    endpoint.script = judging(GOOD)
    plan = {"math_exercise": {"rows": 40, "candidates_per_row": 1}}
    work = work_at(endpoint.address, exercises=plan, judge={"sample": 0.3})
    answered(work, "math_exercise")
    made = judge_answers(work, "math_exercise", "en")["made"]
    assert 4 <= made <= 22
    few = {row["candidate_id"] for row in judgements(work)}
    score_quality(work, "math_exercise", "en")
    more = work_at(endpoint.address, exercises=plan, judge={"sample": 0.7})
    left = judged_otherwise(more, "math_exercise", "en")
    assert left == judge_answers(more, "math_exercise", "en")["made"] > 0
    assert few < {row["candidate_id"] for row in judgements(more)}
    assert score_quality(more, "math_exercise", "en")["judged_again"] == left
    assert judged_otherwise(more, "math_exercise", "en") == 0


def test_a_judge_that_cannot_be_read_refuses_nobody_and_says_why(work_at, endpoint):
    endpoint.script = judging("I would rather not say.")
    work = work_at(endpoint.address, exercises=ROWS, judge={"sample": "all"}, attempts=2)
    answered(work)
    report = curate(work)
    assert [(row["refused_reason"], row["points"], row["attempts"]) for row in judgements(work)] == [
        ("judge_unreadable", None, 2)
    ] * 4
    assert report["passed"] == 4
    assert score_quality(work, "memorization", "en")["work"] == 0


def test_a_budget_that_ends_leaves_rows_unjudged_and_open(work_at, endpoint):
    endpoint.script = judging(GOOD)
    work = work_at(endpoint.address, exercises=ROWS)
    answered(work)
    spent = endpoint.received()
    short = work_at(endpoint.address, exercises=ROWS, judge={"sample": "all"}, budget={"calls": spent + 1})
    with pytest.raises(BudgetSpent):
        judge_answers(short, "memorization", "en")
    assert len(judgements(short)) == 1
    assert score_quality(short, "memorization", "en")["work"] == 1
    assert states(short) == {"open": 4}


# --- the educational head


def a_head(folder: Path, encoder: str) -> Path:
    """A head fitted to the labelled set that ships with the tests."""
    lines = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()[1:]]
    head = fit(
        np.load(VECTORS) / STEPS, [line["score"] for line in lines], [line["group"] for line in lines], encoder=encoder
    )
    save(head, folder / "head.json")
    return folder / "head.json"


def test_an_educational_head_judges_rows_by_the_vectors_that_are_there(work_at, endpoint, tmp_path):
    work = work_at(endpoint.address, exercises=ROWS)
    answered(work)
    curate(work)
    head = a_head(tmp_path, encoder_name(work))
    lenient = {"educational": {"min_score": 0.0}}
    educated = work_at(exercises=ROWS, educational=str(head), quality=lenient, run_id="educated")
    assert curate(educated)["judged_again"] == 4
    found = [
        score
        for row in scores(educated).values()
        for score in json.loads(row["scores"])
        if score["name"] == "educational"
    ]
    assert len(found) == 4
    assert all(0 < score["value"] <= 1 for score in found)
    none = work_at(exercises=ROWS, educational=str(head), quality={"educational": {"min_score": 5.1}})
    assert curate(none)["refused"] == {"not_educational": 4}
    assert "educational" not in curate(none)


def test_rows_without_vectors_are_not_judged_by_the_head_and_the_report_says_so(work_at, tmp_path):
    plan = {"math_exercise": {"rows": 2}}
    work = work_at(exercises=plan, educational=str(a_head(tmp_path, "packaged@float32")))
    answered(work, "math_exercise")
    report = curate(work, "math_exercise")
    assert report["passed"] == 2
    assert "no vectors" in report["educational"]


@pytest.mark.parametrize(("encoder", "what"), [("another@float32", "fit it again"), (None, "no educational head")])
def test_a_head_of_another_encoder_or_none_at_all_is_an_error(work_at, tmp_path, encoder, what):
    head = a_head(tmp_path, encoder) if encoder else tmp_path / "none.json"
    with pytest.raises(HeadNotFit, match=what):
        score_quality(work_at(exercises=ROWS, educational=str(head)), "memorization", "en")


# --- the best of a cell


def test_the_best_of_a_cell_are_kept_and_the_others_left_out_with_their_reason(work_at, endpoint):
    plan = {"memorization": {"rows": 4, "candidates_per_row": 1, "keep_best": 3}, "math_exercise": {"rows": 2}}
    work = work_at(endpoint.address, exercises=plan)
    for exercise in plan:
        answered(work, exercise)
        curate(work, exercise)
    with work.warehouse.transaction("a test looks") as open_:
        found = left_out(open_, work.recipe)
    composites = {key: row["composite"] for key, row in scores(work).items() if row["exercise"] == "memorization"}
    worst = max(composites, key=lambda key: (-composites[key], key))
    assert [(row["candidate_id"], row["reason"], row["exercise"]) for row in found] == [
        (worst, "beyond_best", "memorization")
    ]
    every = work_at(exercises={"memorization": {"rows": 4}})
    with every.warehouse.transaction("a test looks") as open_:
        assert left_out(open_, every.recipe) == []
    best, all_ = publish_release(work), publish_release(every)
    assert (best.samples, all_.samples) == (5, 6)
    assert worst not in released(best.folder)
    assert worst in released(all_.folder)
    assert released(best.folder) | {worst} == released(all_.folder)


def released(folder):
    return set(pl.read_parquet(folder / "extended" / "*.parquet").get_column("candidate_id"))
