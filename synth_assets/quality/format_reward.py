"""R1's format reward: has the row the form that a reasoning model is trained on?

Source: DeepSeek-R1 (arXiv 2501.12948), section 2.2.2: a reward for keeping the reasoning between its tags and the
answer after them. Here a trace is a column of its own, so its form is SYNTH's notation: its sections stand in order,
the tree is closed, something is derived, entropies are in range, and its last line concludes; and the answer bears
neither thinking tags nor marks of the trace. A row of an exercise without traces is judged by its answer alone.

A reward is a figure for whoever trains or filters: it refuses nothing and does not weigh in the composite.
"""

import re
from collections.abc import Mapping
from typing import Any

from synth_assets.notation import PROBLEMS, lint, parse_trace
from synth_assets.quality.base import Score, ScoredRow

NAME = "format_reward"
VERSION = 1
THRESHOLDS: Mapping[str, float] = {}

_LEAKED = re.compile(r"</?(?:think|answer|reasoning)>|[∴●◐○※☐☑↺⟨⟩├└]|<\|")


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """The share of the rules of form that the row keeps: two of the answer, and ten of the trace where it has one."""
    faults = []
    rules = 2
    if not row.answer.strip():
        faults.append("the answer is empty")
    elif leaked := _LEAKED.search(row.answer):
        faults.append(f"the answer bears {leaked.group()!r}")
    if row.draft.strip():
        trace = parse_trace(row.draft)
        problems = {problem.name: problem.detail for problem in lint(trace)}
        rules += len(PROBLEMS) + 2
        faults.extend(f"{name}: {detail}" for name, detail in problems.items())
        if not any(section.title for section in trace.sections):
            faults.append("the trace has no sections")
        if not trace.tree:
            faults.append("the trace has no tree")
    return Score(
        name=NAME,
        value=1 - len(faults) / rules,
        passed=True,
        detail="; ".join(faults) or ("trace and answer keep the form" if row.draft.strip() else "no trace; the answer"),
    )
