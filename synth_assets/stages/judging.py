"""The stage that asks a language model to judge answered candidates, where the recipe has a judge.

The judge is asked as any step asks: journalled, paid from the recipe's budget, replayed and never asked twice. What it
gives is only written down here; `stages/scoring.py` draws the verdict. A reply without points refuses no candidate: its
row says why there are none, and the candidate goes on unjudged.
"""

from collections.abc import Callable
from typing import Any

from synth_assets.exercises import EXERCISES
from synth_assets.exercises.base import Answer, Draft, Exercise, Query, Step, Task
from synth_assets.generation import StepInput, StepOutcome
from synth_assets.quality.judge import judge_requests, read_judgement
from synth_assets.stages.scoring import read_rows
from synth_assets.stages.steps import _Stage
from synth_assets.stages.work import Work, now

STEP = "judge"
TABLE = "judgements"


def judge_answers(
    work: Work, exercise_name: str, language: str, *, helping: bool = False,
    until: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:  # fmt: skip
    """Have the judge see every candidate of a cell that the recipe's share holds and that it has not seen.

    Args:
        helping, until: as in `carry_step`.

    Raises:
        ModelError: the judge cannot be asked now; what it said is written, the rest stays open.
    """
    if work.recipe.judge is None:
        return {"work": 0, "made": 0, "why": "the recipe has no judge"}
    return _Judging(work, EXERCISES[exercise_name], language, work.recipe.judge.share).run(helping=helping, until=until)


class _Judge(Exercise):
    """The judge in the shape of an exercise, so that a step can drive it. The row comes in the query's payload."""

    scorers = frozenset()

    def __init__(self, exercise: Exercise) -> None:
        self.name = exercise.name  # calls are the exercise's: it is what they cost

    def make_answer(self, task: Task, query: Query, draft: Draft) -> Step:
        (reply,) = yield judge_requests(query.payload["row"])
        found = read_judgement(reply)
        return Answer(text=str(found.total), payload=dict(found.points))


class _Judging(_Stage):
    """The stage of a step, with a work list, inputs and rows of its own."""

    def __init__(self, work: Work, exercise: Exercise, language: str, share: float) -> None:
        super().__init__(work, _Judge(exercise), language, "answers")
        self.table = TABLE
        self.step = STEP  # type: ignore[assignment]
        self._judged = exercise
        self.listing = {"judge_share": share}

    def read_inputs(self, ids: list[str]) -> list[StepInput]:
        rows = read_rows(self.work, self._judged, self.language, ids, {})
        return [
            StepInput(
                task=Task(
                    candidate_id=candidate_id, exercise=self._judged.name, language=self.language,
                    constraints=row.constraints,
                ),
                query=Query(text=row.query, payload={"row": row}),
                draft=Draft(),
                parent_fingerprint=candidate_id,
            )
            for candidate_id, row in rows.items()
        ]  # fmt: skip

    def row(self, outcome: StepOutcome) -> dict[str, Any]:
        return _row(self.work, self._judged, self.language, outcome)


def _row(work: Work, exercise: Exercise, language: str, outcome: StepOutcome) -> dict[str, Any]:
    points = dict(outcome.value.payload) if outcome.value else None
    return {
        "candidate_id": outcome.candidate_id,
        "exercise": exercise.name,
        "language": language,
        "points": points,
        "total": sum(points.values()) if points else None,
        "model": outcome.model,
        "templates": list(outcome.templates),
        "call_ids": list(outcome.call_ids),
        "attempts": outcome.attempts,
        "fingerprint": outcome.fingerprint,
        "refused_reason": outcome.refused_reason,
        "refused_detail": outcome.refused_detail,
        "made_at": now(),
        **work.stamp(),
    }
