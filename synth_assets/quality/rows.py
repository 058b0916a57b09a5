"""What the scorers see of a candidate that went through all steps."""

from collections.abc import Iterable

from synth_assets.exercises.base import Answer, Check, Draft, Exercise, Query, Task
from synth_assets.quality.base import ScoredRow


def scored_row(
    exercise: Exercise, task: Task, query: Query, draft: Draft, answer: Answer, checks: Iterable[Check]
) -> ScoredRow:
    """The row of one candidate as its quality is judged; `checks` are what the exercise verified with code."""
    query_prose, answer_prose = exercise.in_language(query, answer)
    return ScoredRow(
        exercise=exercise.name,
        language=task.language,
        query=query.text,
        draft=draft.text,
        answer=answer.text,
        query_prose=query_prose,
        answer_prose=answer_prose,
        constraints=task.constraints,
        section_language=task.section.language if task.section else "",
        section_title=task.section.title if task.section else "",
        section_text=task.section.text if task.section else "",
        neighbour_texts=tuple(neighbour.text for neighbour in task.neighbours),
        checks={check.name: check.passed for check in checks},
    )
