"""The stage that asks a language model to judge answered candidates, where the recipe has a judge.

The judge is asked as any step asks: journalled, paid from the recipe's budget, replayed and never asked twice. What it
gives is only written down here; `stages/scoring.py` draws the verdict. A reply without points refuses no candidate: its
row says why there are none, and the candidate goes on unjudged.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from synth_assets.exercises import EXERCISES
from synth_assets.exercises.base import Answer, Draft, Exercise, Query, Step, Task
from synth_assets.generation import StepInput, StepOutcome
from synth_assets.models import loop
from synth_assets.models.client import ModelClient
from synth_assets.quality.judge import judge_requests, read_judgement
from synth_assets.stages.scoring import read_rows
from synth_assets.stages.steps import PAGE, READ_BLOCK, WAITING_MOST, _Stage
from synth_assets.stages.work import Work, now

STEP = "judge"
TABLE = "judgements"


def judge_answers(work: Work, exercise_name: str, language: str) -> dict[str, Any]:
    """Have the judge see every candidate of a cell that the recipe's share holds and that it has not seen.

    Raises:
        ModelError: the judge cannot be asked now; what it said is written, the rest stays open.
    """
    if work.recipe.judge is None:
        return {"work": 0, "made": 0, "why": "the recipe has no judge"}
    with work.exclusive(f"cell-{exercise_name}-{language}"):
        stage = _Judging(work, EXERCISES[exercise_name], language, work.recipe.judge.share)
        first = stage.read_page()
        if first:
            loop.run(stage.carry(first))
    return stage.report()


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
        self._share = share

    def read_page(self) -> list[str]:
        rows = self.work.warehouse.read(
            "transforms/open_judgements", exercise=self._judged.name, language=self.language, most=PAGE,
            judge_share=self._share, **self._after,
        )  # fmt: skip
        if rows:
            self._after = {name: rows[-1][name] for name in self._after}
            self.total = max(self.total, rows[0]["found"])
        return [row["candidate_id"] for row in rows]

    async def _inputs(self, client: ModelClient, page: list[str]) -> AsyncIterator[StepInput]:
        while page:
            await client.expect(page, self.step)
            for start in range(0, len(page), READ_BLOCK):
                block = page[start : start + READ_BLOCK]
                items = await asyncio.to_thread(self._read, block)
                await client.preload(block, self.step)
                for item in items:
                    while len(self._waiting) >= WAITING_MOST:
                        self._room.clear()
                        await self._room.wait()
                    yield item
            page = await asyncio.to_thread(self.read_page)

    def _read(self, ids: list[str]) -> list[StepInput]:
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

    async def _write(self) -> None:
        rows = [_row(self.work, self._judged, self.language, outcome) for outcome in self._waiting]
        await asyncio.to_thread(self.work.warehouse.insert, TABLE, rows)
        del self._waiting[: len(rows)]
        self._room.set()


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
