"""The stage that judges answered candidates: their scores, their verdicts and the reasons.

A row is judged once, and again when what it is judged by changes (see `stages/standards.py`). One that fails then is
refused whatever followed from its passing, and one that passes then goes the way of every row that passed: the stages
of duplicates and samples look at the verdicts as they stand.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from synth_assets.exercises import EXERCISES
from synth_assets.exercises.base import Check, Exercise
from synth_assets.quality import educational
from synth_assets.quality.base import ScoredRow
from synth_assets.quality.rows import scored_row
from synth_assets.quality.verdict import Verdict, judge_row
from synth_assets.stages.corpus import encoder_name
from synth_assets.stages.settling import unsettle
from synth_assets.stages.standards import Standards, note_standards, standards_of
from synth_assets.stages.steps import answer_of, draft_of, query_of, read_tasks
from synth_assets.stages.work import Work, in_batches, now

PAGE = 4_096
BATCH = 256


def score_quality(work: Work, exercise_name: str, language: str) -> dict[str, Any]:
    """Judge the answered candidates of a cell that are not judged by the recipe's standards yet.

    Nothing is refused without its reason. A candidate that the recipe's judge is to see waits until it has.

    Returns:
        work, passed, refused (reason -> rows) of what was judged; `judged_again` of these had a verdict before;
        `weighed_again` rows were given another composite or verdict from their stored scores alone.

    Raises:
        HeadNotFit: see `standards_of`.
    """
    exercise = EXERCISES[exercise_name]
    standards = standards_of(work, exercise)
    cell = {"exercise": exercise_name, "language": language}
    weighed = _weigh_again(work, exercise, language, standards)
    with work.warehouse.transaction("looking for what is judged otherwise") as open_:
        unsettle(
            open_, "transforms/unsettle_otherwise_judged", **cell, scorer_version=standards.scorer_version,
            judge_share=standards.judge_share,
        )  # fmt: skip
        note_standards(open_, work, standards)
    refused: dict[str, int] = {}
    total = done = judged_again = 0
    for batch in _work_list(work, cell, standards):
        total = total or batch[0]["found"]
        judgements = {row["candidate_id"]: row for row in batch if row["judgement"] is not None}
        rows = read_rows(work, exercise, language, [row["candidate_id"] for row in batch], judgements)
        rows = _with_educational(work, rows, standards)
        written = []
        for candidate_id, row in rows.items():
            verdict = judge_row(
                row, standards.scorers, standards.thresholds, standards.weights, standards.composite_threshold
            )
            if not verdict.passed:
                refused[verdict.reason] = refused.get(verdict.reason, 0) + 1
            judgement = judgements[candidate_id]["judgement"] if candidate_id in judgements else None
            written.append(
                cell | _row(candidate_id, verdict, standards) | {"judgement": judgement, "made_at": now()}
                | work.stamp()
            )  # fmt: skip
        again = [row["candidate_id"] for row in batch if row["again"]]
        _write(work, exercise, language, written, again)
        done += len(written)
        judged_again += len(again)
        work.progress("quality_scores", done, total)
    report: dict[str, Any] = {
        "work": total,
        "passed": done - sum(refused.values()),
        "refused": dict(sorted(refused.items())),
        "judged_again": judged_again,
        "weighed_again": weighed,
    }
    if work.recipe.educational is not None and standards.head is None:
        report["educational"] = "no part: this exercise compares rows by their exact key, and they have no vectors"
    return report


def read_rows(
    work: Work, exercise: Exercise, language: str, ids: list[str], judgements: Mapping[str, Mapping[str, Any]]
) -> dict[str, ScoredRow]:
    """Answered candidates as scorers see them, in the order of `ids`.

    Args:
        judgements: candidate -> a row with the judge's `points` as JSON; None where its reply could not be read.
    """
    rows = {}
    for task, row in read_tasks(work, exercise, language, ids):
        checks = [Check(**check) for check in json.loads(row["checks"])]
        scored = scored_row(exercise, task, query_of(row), draft_of(row), answer_of(row), checks)
        points = judgements.get(task.candidate_id, {}).get("points")
        rows[task.candidate_id] = replace(scored, judgement=json.loads(points)) if points else scored
    return rows


def _work_list(work: Work, cell: Mapping[str, str], standards: Standards) -> Iterator[list[dict[str, Any]]]:
    """Rows of sql/transforms/open_quality_scores.sql, a batch at a time."""
    after = ""
    while True:
        page = work.warehouse.read(
            "transforms/open_quality_scores", **cell, scorer_version=standards.scorer_version,
            judge_share=standards.judge_share, candidate_id=after, most=PAGE,
        )  # fmt: skip
        if not page:
            return
        yield from in_batches(page, BATCH)
        after = page[-1]["candidate_id"]


def _weigh_again(work: Work, exercise: Exercise, language: str, standards: Standards) -> int:
    """Composite, verdict and reason of every row of the cell that other weights or another threshold stand on."""
    cell = {"exercise": exercise.name, "language": language}
    mark = {**cell, "weighed_by": standards.weighed_by}
    if not work.warehouse.read("transforms/weighed_otherwise", **mark):
        return 0
    with work.warehouse.transaction("weighing scores anew") as open_:
        unsettle(open_, "transforms/unsettle_cell", **cell)
        changed = open_.execute(
            "transforms/rescore", **mark, weights=json.dumps(standards.weights),
            threshold=standards.composite_threshold,
        )  # fmt: skip
        open_.execute("transforms/mark_weighed", **mark)
        open_.execute("transforms/renew_sample_quality", **cell)
    return changed


def _write(work: Work, exercise: Exercise, language: str, rows: list[dict[str, Any]], again: Sequence[str]) -> None:
    with work.warehouse.transaction("writing quality_scores") as open_:
        if again:
            unsettle(open_, "transforms/unsettle_candidates", candidate_ids=list(again))
            open_.execute("transforms/delete_quality_scores", candidate_ids=list(again))
        open_.insert("quality_scores", rows)
        if again:
            open_.execute("transforms/renew_sample_quality", exercise=exercise.name, language=language)


def _with_educational(work: Work, rows: dict[str, ScoredRow], standards: Standards) -> dict[str, ScoredRow]:
    """The rows with what the head says of each that has a vector."""
    if standards.head is None:
        return rows
    with work.warehouse.reading("reading vectors") as open_:
        found = open_.rows(
            "transforms/vectors_of_candidates", candidate_ids=list(rows), encoder=encoder_name(work)
        )  # fmt: skip
    if not found:
        return rows
    figures = educational.predict(standards.head, np.asarray([row["vector"] for row in found], dtype=np.float64))
    said = {row["candidate_id"]: float(figure) for row, figure in zip(found, figures, strict=True)}
    return {
        candidate_id: replace(row, educational=said[candidate_id]) if candidate_id in said else row
        for candidate_id, row in rows.items()
    }


def _row(candidate_id: str, verdict: Verdict, standards: Standards) -> dict[str, Any]:
    return {
        "candidate_id": candidate_id,
        "scores": [
            {"name": score.name, "value": score.value, "passed": score.passed, "reason": score.reason,
             "detail": score.detail}
            for score in verdict.scores
        ],
        "composite": verdict.composite,
        "passed": verdict.passed,
        "reason": verdict.reason or None,
        "scorer_version": standards.scorer_version,
        "weighed_by": standards.weighed_by,
    }  # fmt: skip
