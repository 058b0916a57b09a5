"""Does the trace keep SYNTH's reasoning notation?

Source: PleIAs/SYNTH, the dataset card's table of marks, and arXiv 2609.37891; the grammar stands in
`synth_assets.notation`. A trace derives (at least one →), ends on a conclusion (its last line bears ∴), simulates
entropies between 0.1 and 1.8 (⟨H≈x⟩), and never leaks where the seed came from: the student that will be trained on it
has seen no page.

The hard case is a trace that keeps the marks and says nothing, as a grammar makes any model write: an arrow without a
word behind it is no derivation, and ∴ without a word beside it concludes nothing. Whether the words make sense is for
`grounding` and `repetition` to say. What else breaks the grammar (a tree that is not closed, a mark without words) is
named in the detail and refuses nothing: published traces do it too.

An exercise that lists this scorer promises a trace, so an empty draft is refused as `no_draft`; exercises without a
trace leave the scorer out.
"""

from collections.abc import Mapping
from typing import Any

from synth_assets.notation import lint as lint_trace
from synth_assets.notation import parse_trace
from synth_assets.quality.base import Score, ScoredRow

NAME = "notation"
VERSION = 1
THRESHOLDS: Mapping[str, float] = {
    "min_derivations": 1,
    "min_entropy": 0.1,
    "max_entropy": 1.8,
}
REASONS = frozenset(
    {"no_draft", "no_derivation", "no_conclusion", "entropy_out_of_range", "entropy_unreadable", "url_leaked"}
)


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """Lint the draft. `value` is the share of the four rules kept; `detail` counts every mark that occurs."""
    if not row.draft.strip():
        return Score(name=NAME, value=0.0, passed=False, reason="no_draft", detail="the draft is empty")
    trace = parse_trace(row.draft)
    failures: dict[str, str] = {}
    if trace.derivations < thresholds["min_derivations"]:
        failures["no_derivation"] = f"{trace.derivations} derivations"
    if not trace.concludes_last:
        failures["no_conclusion"] = f"last line {row.draft.strip().splitlines()[-1][:60]!r}"
    lowest, highest = thresholds["min_entropy"], thresholds["max_entropy"]
    for entropy in trace.entropies:
        if entropy.value is None:
            failures["entropy_unreadable"] = f"{entropy.written[:40]!r}"
            break
        if not lowest <= entropy.value <= highest:
            failures["entropy_out_of_range"] = f"{entropy.value:g} outside {lowest:g} to {highest:g}"
            break
    if trace.leak:
        failures["url_leaked"] = trace.leak
    marks = " ".join(f"{mark}{count}" for mark, count in trace.counts.items())
    noted = [f"{problem.name}: {problem.detail}" for problem in lint_trace(trace) if problem.name not in REASONS]
    return Score(
        name=NAME,
        value=1 - len(failures) / 4,
        passed=not failures,
        reason=next(iter(failures), ""),
        detail="; ".join(
            [*(f"{reason}: {detail}" for reason, detail in failures.items()), f"marks {marks or 'none'}", *noted]
        ),
    )
